"""The number of workers changes nothing: the same files of alerts, from a recording and over the wire."""

import json
import random
import unittest

from scenario import HISTORY, RULES, make_scenario
from support import AcceptanceTest, eventually

COINS = ("COINA", "COINB", "COINC", "COIND")
WORKERS = (0, 1, 2, 4)

COIN_RULES = """
[instrument.{coin}]
calendar = "always"
filter = false

[[rule]]
id = "{id}-milestone"
kind = "milestone"
instrument = "{coin}"
step = "10"
rearm = "1"
cooldown = "1m"

[[rule]]
id = "{id}-record"
kind = "record"
instrument = "{coin}"
horizons = ["session", "week"]
sides = "both"
step = "2"

[[rule]]
id = "{id}-move"
kind = "move"
instrument = "{coin}"
windows = [ {{ window = "10m", threshold = "5" }}, {{ window = "1h", threshold = "10" }} ]
"""


class AnyNumberOfWorkers(AcceptanceTest):
    def setUp(self):
        super().setUp()
        self.sources = [f"{symbol}={file}" for symbol, file in self.make_sources()]
        symbols = ", ".join(f'{name} = "{name}"' for name in ("NI225", "USDJPY", *COINS))
        self.rules = RULES + "".join(COIN_RULES.format(coin=coin, id=coin.lower()) for coin in COINS)
        self.feed = f'[[feed]]\nname = "all"\nvendor = "native"\nurl = "ws://127.0.0.1:%d"\nsymbols = {{ {symbols} }}\n'

    def make_sources(self):
        scenario = make_scenario(self)
        yield "NI225", scenario
        yield "USDJPY", scenario
        for seed, coin in enumerate(COINS):
            yield coin, self.walk(coin, seed)

    def walk(self, coin, seed):
        """A price that wanders around 1,000 over the days of the scenario, now and then in a burst."""
        dice = random.Random(seed)
        ns, cents, rows = 1_770_595_200_000_000_000 + seed, 100_000, ["ts_ns,price"]
        for _ in range(30_000):
            ns += dice.randrange(1_000_000, 100_000_000) if dice.random() < 0.5 else dice.randrange(20_000_000_000)
            cents += dice.randrange(-60, 61) + (100_000 - cents) // 500
            rows.append(f"{ns},{cents // 100}.{cents % 100:02}")
        return self.write(f"{coin}.csv", "\n".join(rows) + "\n")

    def configuration(self, workers, port=1):
        pipeline = f'[pipeline]\non_full = "wait"\nworkers = {workers}\n'
        return self.write(f"workers-{workers}.toml", self.feed % port + pipeline + self.rules)

    def backtest(self, workers):
        out = self.dir / f"backtest-{workers}.jsonl"
        ran = self.run_yagura("backtest", "--config", self.configuration(workers), "--alerts", out, *self.sources, seconds=120)
        self.assertEqual(ran.code, 0, ran)
        return out.read_text()

    def over_the_wire(self, workers, count):
        """The alerts of a monitor that is fed at full speed, less the times that are the machine's own."""
        server = self.start("replay", "--as", "native", "--listen", "127.0.0.1:0", "--speed", "max", *self.sources)
        port = int(server.await_err(r"on ws://127\.0\.0\.1:(\d+)")[1])
        self.env["YAGURA_STATE_DIR"] = str(self.dir / f"state-{workers}")
        imported = self.run_yagura("import", "--instrument", "NI225", HISTORY)
        self.assertEqual(imported.code, 0, imported)
        monitor = self.monitor("--config", self.configuration(workers, port), "--json")
        server.await_err(r"replayed [\d,]+ ticks", 60)
        eventually(lambda: monitor.out.count("\n") >= count, lambda: f"{count} alerts; there are {monitor.out.count(chr(10))}", 20)
        self.assertEqual(monitor.stop(), 0)
        return without_clock(monitor.out)

    def test_a_recording_gives_the_same_file(self):
        files = {workers: self.backtest(workers) for workers in WORKERS}
        self.assertGreater(files[1].count("\n"), 1_000)
        for workers in WORKERS:
            self.assertTrue(files[workers] == files[1], f"{workers} workers say something else than one")

    def test_a_feed_at_full_speed_gives_what_a_recording_gives(self):
        expected = without_clock(self.backtest(1))
        for workers in WORKERS:
            with self.subTest(workers=workers):
                self.assertEqual(self.over_the_wire(workers, len(expected)), expected)


def without_clock(text):
    """Alerts in their order, without when the machine received and decided them."""
    alerts = [json.loads(line) for line in text.splitlines()]
    for alert in alerts:
        del alert["ts_recv_ns"]
        alert.pop("ts_decided_ns", None)
    return alerts


if __name__ == "__main__":
    unittest.main()

"""What is delivered over a real feed: an archive has every alert, a filtered sink what the policy lets
through, and `kill -9` makes nobody hear twice what is said once."""

import json
import signal
import sqlite3
import unittest

from scenario import alerts_in, backtest, configuration, make_scenario
from support import AcceptanceTest, eventually

NINE = 1770595200_000000000  # 2026-02-09 09:00 JST
STORM = '[delivery]\nstorm = { alerts = 3, within = "60s" }\nmute = ["lunch"]\n'


def sinks(test):
    return "".join(
        f'[[sink]]\nname = "{deliver}"\nkind = "file"\npath = "{test.dir / deliver}.jsonl"\ndeliver = "{deliver}"\n'
        for deliver in ("all", "filtered")
    )


class Delivery(AcceptanceTest):
    def lines(self, name):
        path = self.dir / f"{name}.jsonl"
        return path.read_text().splitlines() if path.exists() else []

    def journal(self):
        with sqlite3.connect(f"file:{self.state}/journal.db?mode=ro", uri=True) as connection:
            return [text for (text,) in connection.execute("select json from alerts order by seq")]

    def test_an_archive_has_all_and_a_filtered_sink_what_is_delivered(self):
        ticks = make_scenario(self)
        server = self.start("replay", "--as", "native", "--listen", "127.0.0.1:0", "--speed", "max", f"USDJPY={ticks}")
        port = int(server.await_err(r"on ws://127\.0\.0\.1:(\d+)")[1])
        config = self.write("d.toml", configuration({"f": ("native", port, "USDJPY", "USDJPY")}) + STORM + sinks(self))
        expected = [alert["id"] for alert in backtest(self, config, f"USDJPY={ticks}")]

        monitor = self.monitor("--config", config, "--plain")
        server.await_err(r"replayed [\d,]+ ticks", 60)
        eventually(lambda: len(self.lines("all")) == len(expected), lambda: f"{len(expected)} lines", 20)
        counts = monitor.state()["alerts"]
        self.assertEqual(monitor.stop(), 0)

        archive, delivered = self.lines("all"), alerts_in("\n".join(self.lines("filtered")))
        self.assertEqual([json.loads(line)["id"] for line in archive], expected, "delivery changes no rule")
        self.assertEqual(archive, self.journal(), "the same bytes")
        storms = [message for message in delivered if message["kind"] == "storm"]
        single = [message["id"] for message in delivered if message["kind"] != "storm"]
        self.assertLess(len(single), len(expected), "nothing was held")
        self.assertEqual(single, [i for i in expected if i in set(single)], "in order, once each")
        self.assertEqual(counts["count"], len(expected))
        self.assertEqual(counts["delivered"], len(single))
        self.assertEqual(counts["delivered"] + sum(counts["held"].values()), counts["count"])
        self.assertGreater(counts["held"]["storm"], 0)
        self.assertEqual(sum(storm["count"] for storm in storms), counts["held"]["storm"], "a summary for what was held")
        self.assertEqual(monitor.out.count("(held: storm)"), counts["held"]["storm"])
        self.assertEqual(monitor.out.count("(held: "), counts["count"] - counts["delivered"])
        out = self.dir / "delivered.jsonl"
        ran = self.run_yagura("backtest", "--config", config, "--delivered", "--alerts", out, f"USDJPY={ticks}", seconds=120)
        self.assertEqual(ran.code, 0, ran)
        told = alerts_in(out.read_text())
        self.assertEqual([m["id"] for m in told if m["kind"] != "storm"], single, "the same ticks deliver the same")
        self.assertLessEqual({m["id"] for m in told if m["kind"] == "storm"}, {storm["id"] for storm in storms})
        self.assertRegex(ran.err, rf'{len(expected)} alerts from .* s; {len(single)} delivered, held: .*storm {counts["held"]["storm"]}\b')
        critical = {a["id"] for a in map(json.loads, archive) if a["severity"] == "critical"}
        self.assertLessEqual(critical, set(single), "a critical alert was held")

    def test_what_is_said_once_is_not_said_again_after_a_kill(self):
        frames = []

        def talk(ws):
            ws.send({"type": "subscribed", "symbols": ws.receive()["symbols"]})
            while True:
                while frames:
                    ws.send(frames.pop(0))
                try:
                    ws.receive(0.05)
                except TimeoutError:
                    pass

        feed = self.serve(talk)
        rule = '[[rule]]\nid = "level"\nkind = "level"\ninstrument = "USDJPY"\nlevels = ["158"]\ncooldown = "0s"\nrearm = "0.01"\nrepeat = "once"\n'
        source = f'[[feed]]\nname = "f"\nvendor = "native"\nurl = "ws://127.0.0.1:{feed.port}"\nsymbols = {{ USDJPY = "USDJPY" }}\n'
        config = self.write("once.toml", source + rule + sinks(self))
        second = 0

        def say(monitor, *prices):
            nonlocal second
            for price in prices:
                before = monitor.instrument("USDJPY")["accepted"]
                second += 1
                frames.append({"type": "tick", "symbol": "USDJPY", "ts_ns": NINE + second * 1_000_000_000, "price": price})
                eventually(lambda: monitor.instrument("USDJPY")["accepted"] == before + 1, f"the tick at {price}")

        monitor = self.monitor("--config", config, "--json")
        say(monitor, "157.95", "158.02")
        eventually(lambda: len(self.lines("filtered")) == 1 and self.journal(), "the first alert")
        # The snapshot is stored with the alert or right after it; the next tick's is another second.
        say(monitor, "158.03")
        eventually(self.stored_beyond(1), "a snapshot with the alert")
        monitor.send(signal.SIGKILL)
        monitor.wait()

        again = self.monitor("--config", config, "--json")
        say(again, "157.95", "158.02")
        eventually(lambda: len(self.lines("all")) == 3, "lost, and reached again")
        self.assertEqual(again.stop(), 0)
        self.assertEqual([json.loads(line)["event"] for line in self.lines("all")], ["reached", "lost", "reached"])
        self.assertEqual([json.loads(line)["event"] for line in self.lines("filtered")], ["reached", "lost"])

    def stored_beyond(self, ticks):
        def look():
            with sqlite3.connect(f"file:{self.state}/journal.db?mode=ro", uri=True) as connection:
                row = connection.execute("select position from snapshot").fetchone()
            return row is not None and row[0] > ticks

        return look


if __name__ == "__main__":
    unittest.main()

"""What the fault tests share: two feeds, one through a proxy and one that nothing is done to; a path of
prices on which the exact set of alerts is known whatever ticks are lost; the checks of every row."""

import json
import os
import pathlib
import sqlite3
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests/acceptance"), str(ROOT / "tests/support")]

from fault_proxy import FaultProxy  # noqa: E402
from support import AcceptanceTest, Monitor, eventually  # noqa: E402

LONG = bool(os.environ.get("YAGURA_LONG"))  # the sweeps of a night
SANITIZED = bool(os.environ.get("YAGURA_SANITIZE"))  # memory is another matter then
FIRST_ATTEMPT = 0.3  # seconds after the drop, at the proxy; a loopback connect costs below 1 ms of it

CONFIG = """
[instrument.USDJPY]
calendar = "{calendar}"
filter = false
[instrument.EURJPY]
calendar = "always"
filter = false
{feeds}
[[feed]]
name = "well"
vendor = "native"
url = "ws://127.0.0.1:{well}"
symbols = {{ EURJPY = "EURJPY" }}
[pipeline]
future_limit = "off"
[[rule]]
id = "yen"
kind = "milestone"
instrument = "USDJPY"
step = "1"
cooldown = "0s"
[[rule]]
id = "euro"
kind = "milestone"
instrument = "EURJPY"
step = "1"
cooldown = "0s"
{rules}
"""


def feed(name, vendor, port, theirs, silence="60s", priority=1):
    return (
        f'[[feed]]\nname = "{name}"\nvendor = "{vendor}"\nurl = "ws://127.0.0.1:{port}"\n'
        f'symbols = {{ USDJPY = "{theirs}" }}\nsilence = "{silence}"\npriority = {priority}\n'
    )


def staircase(base, steps, step_seconds, *, spacing=0.05, start=None, calendar="always"):
    """Rows of CSV: plateaus of `step_seconds`, each a yen above the one before. A level lies between two
    plateaus and is crossed once, for good: whoever sees any tick of a plateau has crossed it. Within a
    plateau the price moves by less than the band around a level."""
    start = time.time() if start is None else start
    rows = ["ts_ns,price"]
    count = round(step_seconds / spacing)
    for step in range(steps):
        for i in range(count):
            at = start + (step * count + i) * spacing
            rows.append(f"{int(at * 1e9)},{base + step}.{500 + i % 7:03}")
    return "\n".join(rows) + "\n"


class FaultCase(AcceptanceTest):
    """`self.start_feeds()`, then faults through `self.proxy`, then `self.finish()`."""

    vendor, theirs = "native", "USDJPY"

    def start_feeds(self, *, steps=6, step_seconds=1.5, silence="60s", vendor=None, theirs=None, rules="", extra_feeds="", spacing=0.05, start=None, calendar="always"):
        vendor, theirs = vendor or self.vendor, theirs or self.theirs
        start = start or time.time() + 1
        self.yen_file = self.write("yen.csv", staircase(150, steps, step_seconds, start=start, spacing=spacing))
        self.euro_file = self.write("euro.csv", staircase(180, steps, step_seconds, start=start, spacing=spacing))
        self.steps = steps
        self.sick_server, sick_port = self.replay(vendor, f"USDJPY={self.yen_file}")
        _, well_port = self.replay("native", f"EURJPY={self.euro_file}")
        self.proxy = FaultProxy(sick_port)
        self.addCleanup(self.proxy.__exit__)
        self.config = self.write(
            "faults.toml",
            CONFIG.format(feeds=feed("sick", vendor, self.proxy.port, theirs, silence) + extra_feeds, well=well_port, rules=rules, calendar=calendar),
        )
        return self.config

    def replay(self, vendor, source, *options):
        server = self.start("replay", "--as", vendor, "--listen", "127.0.0.1:0", *(options or ("--speed", "1")), source)
        return server, int(server.await_err(r"on ws://127\.0\.0\.1:(\d+)")[1])

    def start_monitor(self, *, live=True):
        self.m = Monitor(self.env, "--config", self.config, "--json")
        self.addCleanup(self.m.__exit__)
        self.await_feed("well", state="LIVE")
        if live:
            self.await_feed("sick", state="LIVE")
        return self.m

    # The state as the console tells it.
    def await_feed(self, name="sick", seconds=10.0, **wanted):
        def look():
            row = self.m.feed(name)
            return row if all(row[key] == value for key, value in wanted.items()) else None

        return eventually(look, lambda: f"{name} with {wanted}; it is {self.m.feed(name)}", seconds)

    def await_reason(self, reason, seconds=10.0):
        """The state shows the fault with its reason; the feed is not live meanwhile."""
        return self.await_feed("sick", seconds, reason=reason)

    def await_well_again(self, seconds=10.0):
        before = self.m.feed("sick")["ticks"]
        row = self.await_feed("sick", seconds, state="LIVE", reason=None)
        eventually(lambda: self.m.feed("sick")["ticks"] > before, "ticks again", seconds)
        return row

    def await_ticks(self, count, seconds=10.0):
        before = self.m.feed("sick")["ticks"]
        eventually(lambda: self.m.feed("sick")["ticks"] >= before + count, f"{count} more ticks", seconds)

    def await_step(self, step, symbol="USDJPY", seconds=20.0):
        """Until the price stands on that plateau."""
        base = 150 if symbol == "USDJPY" else 180

        def look():
            price = self.m.instrument(symbol)["price"]
            return price is not None and float(price) >= base + step

        eventually(look, f"{symbol} on step {step}", seconds)

    # Numbers of the process.
    def rss(self):
        with open(f"/proc/{self.m.pid}/status") as status:
            return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmRSS"))

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.m.pid}/fd"))

    def first_attempt(self, count, seconds=5.0):
        """Seconds from the latest drop to connection number `count` (from 1)."""
        eventually(lambda: len(self.proxy.attempts) >= count, f"connection {count}", seconds)
        return self.proxy.attempts[count - 1] - self.proxy.dropped_at

    # The end.
    def journal(self):
        with sqlite3.connect(f"file:{self.state}/journal.db?mode=ro", uri=True) as connection:
            self.assertEqual(connection.execute("pragma integrity_check").fetchone(), ("ok",))
            return [json.loads(text) for (text,) in connection.execute("select json from alerts order by seq")]

    def backtest_ids(self):
        out = self.dir / "backtest.jsonl"
        ran = self.run_yagura("backtest", "--config", self.config, "--state", self.dir / "no-state", "--alerts", out, f"USDJPY={self.yen_file}", f"EURJPY={self.euro_file}")
        self.assertEqual(ran.code, 0, ran)
        return {alert["id"] for alert in map(json.loads, out.read_text().splitlines()) if alert["kind"] != "stale"}

    def finish(self, *, complete=True, well_ticks=None):
        """No crash, no phantom, no double; the healthy feed lost nothing. `complete`: every alert of the
        clean input came."""
        self.await_step(self.steps - 1)
        self.await_step(self.steps - 1, "EURJPY")
        well = self.m.feed("well")
        self.assertEqual((well["state"], well["reconnects"], well["errors"]), ("LIVE", 0, 0), well)
        self.assertEqual(self.m.stop(), 0, self.m.err)
        self.assertNotIn("internal error", self.m.err)
        self.assertEqual(self.proxy.said, [], "a limit of the vendor was broken")
        ids = [alert["id"] for alert in self.journal() if alert["kind"] != "stale"]
        wanted = self.backtest_ids()
        self.assertEqual(len(ids), len(set(ids)), "an alert came twice")
        self.assertEqual(set(ids) - wanted, set(), "phantom alerts")
        euro = {alert["id"] for alert in self.journal() if alert["instrument"] == "EURJPY" and alert["kind"] != "stale"}
        self.assertEqual(len(euro), self.steps - 1, "the healthy feed missed a level")
        if complete:
            self.assertEqual(wanted - set(ids), set(), "alerts are missing")

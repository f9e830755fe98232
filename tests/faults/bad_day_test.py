"""One bad day from A to Z: three feeds, fifty drops of every kind, spells of garbage, an hour of silence;
and in the journal exactly the alerts of the undisturbed day, each once.

What is proved, and how. The day is 9 hours of event time, played a thousand times as fast; time goes on
at the vendors while nobody is connected, so what they send meanwhile is lost, as in life. The prices go up
in stairs: each level is crossed once and for good, so any tick after it tells that it was crossed, and an
alert's id names the level rather than the tick that told it. A stair lasts longer than a drop, GMO's
wait between commands included. Windows and
records are left out: what was the highest price of a minute nobody can know who did not see it. The hour
of silence is one of event time (3.6 s of ours): it is found by the first tick after it. USD/JPY has a
backup that plays the same day; it never speaks, because no drop lasts long enough for that."""

import json
import random
import threading
import time
import unittest

from fault_case import CONFIG, FaultCase, feed
from fault_proxy import FaultProxy, frame
from support import eventually

SPEED = 1000
STAIRS, STAIR = 14, 2000  # of so many seconds of the day: two seconds of ours
TICK = 50  # twenty a second of ours
SILENT_AFTER = 7  # stairs
MORNING = 1770768000  # 2026-02-11 00:00 UTC, a Wednesday
FLAPS = 50
INDEX = """
[instrument.NK225]
calendar = "always"
filter = false
[[feed]]
name = "index"
vendor = "yahoo"
url = "ws://127.0.0.1:{index}"
symbols = {{ NK225 = "NK225" }}
"""
RULES = """
[[rule]]
id = "index-levels"
kind = "milestone"
instrument = "NK225"
step = "1000"
cooldown = "0s"
[[rule]]
id = "yen-list"
kind = "level"
instrument = "USDJPY"
levels = [{ price = "155.2", note = "a stair" }, { price = "160.2" }]
cooldown = "0s"
[[rule]]
id = "yen-stale"
kind = "stale"
instrument = "USDJPY"
after = "50m"
[[rule]]
id = "index-stale"
kind = "stale"
instrument = "NK225"
after = "50m"
"""


def day(base, stair):
    rows = ["ts_ns,price"]
    at = MORNING
    for step in range(STAIRS):
        if step == SILENT_AFTER:
            at += 3600
        for i in range(STAIR // TICK):
            rows.append(f"{at}000000000,{base + stair * step + stair * (500 + i % 7) / 1000:.3f}")
            at += TICK
    return "\n".join(rows) + "\n"


DROPS = (
    lambda link, _: link.reset(),
    lambda link, _: link.end(),
    lambda link, whole: (link.inject(whole[:7]), link.end()),
    lambda link, _: link.close(1001),
    lambda link, _: link.close(1012),
    lambda link, _: (link.inject(frame("x", rsv=2)), link.end()),
)
GARBAGE = (frame("{"), frame("[" * 5000), frame(""), frame(bytes(range(256)), 2), frame('{"type":"tick","symbol":"USDJPY","price":"NaN"}'))


class BadDay(FaultCase):
    def setUp(self):
        super().setUp()
        self.files = {
            "USDJPY": self.write("yen.csv", day(150, 1)),
            "EURJPY": self.write("euro.csv", day(180, 1)),
            "NK225": self.write("index.csv", day(50_000, 1000)),
        }

    def vendors(self):
        """Three vendors behind proxies, a fourth that nothing is done to."""
        speed = ("--speed", str(SPEED))
        ports = [
            self.replay(vendor, f"{symbol}={self.files[symbol]}", *speed)[1]
            for vendor, symbol in (("gmo", "USDJPY"), ("native", "USDJPY"), ("yahoo", "NK225"), ("native", "EURJPY"))
        ]
        proxies = [FaultProxy(port) for port in ports[:3]]
        for proxy in proxies:
            self.addCleanup(proxy.__exit__)
        return proxies, ports[3]

    def flap(self, proxy, times, seed):
        """Drops at odd moments, garbage between them, until it is enough."""
        dice = random.Random(seed)
        for n in range(times):
            time.sleep(dice.uniform(0.6, 1.0))
            link = eventually(lambda: next((link for link in reversed(proxy.links) if link.delivered > 2 and not link.ended.is_set()), None), "ticks")
            try:
                if n % 3 == 0:
                    for junk in GARBAGE:
                        link.inject(junk)
                link.at_next_frame(DROPS[n % len(DROPS)], 4.5)  # the silent hour takes less
                self.dropped[seed] += 1
            except (OSError, AssertionError) as error:
                self.trouble.append((seed, n, error))

    def test_the_alerts_of_the_clean_day(self):
        (yen, backup, index), well = self.vendors()
        backup.refuse()  # until the primary speaks
        sick = feed("sick", "gmo", yen.port, "USD_JPY") + feed("backup", "native", backup.port, "USDJPY", priority=2)
        self.config = self.write("day.toml", CONFIG.format(feeds=sick + INDEX.format(index=index.port), well=well, rules=RULES, calendar="always"))
        self.start_monitor()
        backup.listen()
        self.await_feed("backup", state="LIVE")

        # GMO takes a command in 1.2 s, so that its drops are fewer.
        self.dropped, self.trouble = [0, 0, 0], []
        plan = ((yen, 8), (backup, 21), (index, 21))
        threads = [threading.Thread(target=self.flap, args=(proxy, times, i)) for i, (proxy, times) in enumerate(plan)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        self.assertEqual((sum(self.dropped), self.trouble), (FLAPS, []))

        for symbol, last in (("USDJPY", 149 + STAIRS), ("EURJPY", 179 + STAIRS), ("NK225", (49 + STAIRS) * 1000)):
            self.await_price(symbol, last)
        state = self.m.state()
        self.assertEqual(self.m.stop(), 0, self.m.err)
        wanted = self.clean_day()
        found = [(alert["id"], alert["instrument"], alert["event"], alert.get("level")) for alert in self.journal()]
        self.assertEqual(len(found), len(set(found)), "twice")
        self.assertEqual(sorted(found, key=str), sorted(wanted, key=str))
        self.assertGreaterEqual(len(wanted), 3 * (STAIRS - 1) + 6)
        for proxy in (yen, backup, index):
            self.assertEqual(proxy.said, [])
        feeds = {row["name"]: (row["reconnects"], row["errors"], row["ticks"]) for row in state["feeds"]}
        print(f"\n{len(found)} alerts; feed: (reconnects, errors, ticks) {feeds}", flush=True)
        self.assertGreater(sum(errors for _, errors, _ in feeds.values()), 20, "the garbage was counted")
        self.assertEqual(feeds["well"][:2], (0, 0))
        lost = sum(len(file.read_text().splitlines()) - 1 for file in self.files.values()) - sum(i["accepted"] for i in state["instruments"])
        self.assertGreater(lost, 0, "nothing was lost: the day was not bad")

    def await_price(self, symbol, price):
        eventually(lambda: float(self.m.instrument(symbol)["price"] or 0) >= price, f"{symbol} at {price}", 20)

    def clean_day(self):
        out = self.dir / "backtest.jsonl"
        ran = self.run_yagura("backtest", "--config", self.config, "--state", self.dir / "no-state", "--alerts", out, *(f"{s}={f}" for s, f in self.files.items()))
        self.assertEqual(ran.code, 0, ran)
        return [(a["id"], a["instrument"], a["event"], a.get("level")) for a in map(json.loads, out.read_text().splitlines())]


if __name__ == "__main__":
    unittest.main()

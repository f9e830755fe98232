"""The first minute: the demo fires what the README promises, and exactly what a backtest of the
same synthetic ticks fires."""

import time
import unittest

from scenario import alerts_in, backtest, configuration, make_scenario
from support import AcceptanceTest, eventually


class Demo(AcceptanceTest):
    def test_four_days_of_february_within_45_seconds(self):
        started = time.monotonic()
        monitor = self.monitor("--demo", "--json")
        expected = backtest(self, self.write("demo.toml", configuration({})), *(f"{s}={make_scenario(self)}" for s in ("NI225", "USDJPY")))
        # The last session ends by the market's clock only when the next day's ticks come.
        last = {a["id"] for a in expected if a["kind"] != "record" or a["basis"] != "close"}
        last -= {a["id"] for a in expected if a["event"].startswith("closed_")}

        def all_there():
            return last <= {a["id"] for a in alerts_in(monitor.out)}

        eventually(all_there, lambda: f"{len(last)} alerts; there are {monitor.out.count(chr(10))}", 45)
        self.assertLess(time.monotonic() - started, 45)
        fired = alerts_in(monitor.out)
        self.assertEqual(monitor.stop(), 0)

        scripted = [a for a in fired if a["ts_event_ns"] <= max(e["ts_event_ns"] for e in expected)]
        self.assertLessEqual({a["id"] for a in scripted}, {a["id"] for a in expected}, "the demo fired what the backtest did not")
        self.story(scripted)

    def test_it_begins_anew_without_a_complaint(self):
        for _ in range(2):
            monitor = self.monitor("--demo", "--json")
            eventually(lambda: alerts_in(monitor.out), "no alert", 20)
            self.assertEqual(monitor.stop(), 0)
            self.assertNotIn("warning", monitor.err)

    def story(self, fired):
        milestones = [(a["trading_date"], a["event"], a["level"], a["first_ever"]) for a in fired if a["rule"] == "nikkei-milestone"]
        for level in ("55000", "56000", "57000"):
            self.assertIn(("2026-02-09", "reached", level, True), milestones)
        opening = next(a for a in fired if a["rule"] == "nikkei-milestone")
        self.assertEqual((opening["level"], opening["previous"]), ("55000", "54253.68"))
        lost = next(a for a in fired if a["rule"] == "nikkei-milestone" and a["event"] == "lost")
        self.assertEqual((lost["trading_date"], lost["level"]), ("2026-02-09", "57000"))
        self.assertGreater(lost["ts_event_ns"], 1770607800_000000000, "in the afternoon")
        self.assertIn(("2026-02-10", "reached", "57000", False), milestones)
        self.assertIn(("2026-02-12", "reached", "58000", True), milestones)
        self.assertIn(("2026-02-12", "rejected", "58000", False), milestones)
        self.assertNotIn(("2026-02-12", "cleared", "58000", False), milestones)

        yen = [a for a in fired if a["rule"] == "yen-move" and 1770816600 <= a["ts_event_ns"] // 1_000_000_000 <= 1770817500]
        said = [(a["event"], a["direction"]) for a in yen]
        self.assertIn(("move", "up"), said, "the dollar's jump at 22:30 on the 11th")
        self.assertTrue({("move", "down"), ("reversal", "down")} & set(said), "and its fall at 22:39")
        self.assertIn("reversal", [event for event, _ in said])
        firsts = [a["level"] for a in fired if a.get("first_ever")]
        self.assertEqual(len(firsts), len(set(firsts)), "a first happened twice")


if __name__ == "__main__":
    unittest.main()

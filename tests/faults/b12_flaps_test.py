"""B12: a link that comes and goes, fifty times. YAGURA_LONG=1: one second up, one second down."""

import json
import unittest

from fault_case import LONG, SANITIZED, FaultCase

TIMES = 50
UP, DOWN = (1.0, 1.0) if LONG else (0.35, 0.05)
RULES = """
[[rule]]
id = "yen-stale"
kind = "stale"
instrument = "USDJPY"
after = "1s"
keep_firing = "10m"
[[sink]]
name = "told"
kind = "file"
path = "{told}"
deliver = "filtered"
"""


class Flaps(FaultCase):
    def begin(self, duration, **options):
        self.told = self.dir / "told.jsonl"
        self.start_feeds(steps=round(duration / 2.5) + 2, step_seconds=2.5, rules=RULES.format(told=self.told), **options)
        self.start_monitor()
        self.await_ticks(20)

    def end(self):
        self.finish(complete=False)
        spoken = [alert["event"] for alert in map(json.loads, self.told.read_text().splitlines()) if alert.get("kind") == "stale"]
        self.assertLessEqual(len(spoken), 1, "one alert for all of it")

    def test_fifty(self):
        self.begin(TIMES * (UP + DOWN) + 5)
        self.proxy.flap(5, 0.35, 0.05)  # whatever is allocated once
        self.await_well_again(15)
        before, descriptors, known = self.rss(), self.descriptors(), len(self.proxy.links)
        self.proxy.flap(TIMES, UP, DOWN)
        self.await_well_again(20)
        self.assertLess(abs(self.descriptors() - descriptors), 3, "descriptors")
        if not SANITIZED:
            self.assertLess(self.rss() - before, 2 << 20, "memory")
        connections = len(self.proxy.links) - known
        self.assertGreaterEqual(connections, 15, "at once while the budget lasts, then every 5 s")
        self.assertLessEqual(connections, TIMES + 1, "one connection a flap")
        print(f"\n{connections} connections; RSS {before >> 10} KiB, {(self.rss() - before) >> 10:+} KiB", flush=True)
        self.end()

    def test_a_vendor_that_counts_commands(self):
        self.begin(6, vendor="gmo", theirs="USD_JPY")
        self.proxy.flap(4, 1.4, 0.1)
        self.await_well_again(15)
        commands = [at for link in self.proxy.links for at, _ in link.commands]
        self.assertGreaterEqual(len(commands), 3)
        for one, following in zip(commands, commands[1:]):
            self.assertGreaterEqual(following - one, 1.0, "one command a second")
        self.assertEqual(self.m.feed("sick")["errors"], 0)
        self.end()


if __name__ == "__main__":
    unittest.main()

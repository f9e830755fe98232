"""A1: kill -9 at random under replay load. None lost, none said under two ids or numbers, up in 2 s."""

import random
import statistics
import time
import unittest

from crash_case import LONG, START_LIMIT, CrashCase


class KilledAtRandom(CrashCase):
    ticks, rate = (60_000, 3_000) if LONG else (6_000, 3_000)
    wanted_kills = 60 if LONG else 6
    # Seldom, so that the ring has much to give back.
    snapshot_every = "10s"

    def test_none_lost(self):
        dice = random.Random(self.seed)
        again = 0
        while self.kills < self.wanted_kills:
            self.live()
            goal = self.feed.next + dice.randint(1, 2 * self.ticks // (self.wanted_kills + 1) // 2)
            self.await_tick(min(goal, self.ticks))
            time.sleep(dice.random() / 100)  # a kill may hit any moment
            self.kill()
            again += "entries after the last snapshot again" in self.m.err
        self.live()
        alerts = self.finish()
        median = statistics.median(self.starts)
        self.say(f"A1: {self.kills} kills, {alerts} alerts of {self.ticks} ticks, 0 lost, 0 phantom, {self.repeats} repeats with the same id; {self.told} letters at the hook, none missing; the ring was needed {again} times; start {median:.2f} s, the slowest {max(self.starts):.2f} s")
        # A busy machine may hold up one of them.
        self.assertLess(median, START_LIMIT, "seconds until ticks came")
        self.assertGreater(again, 0, "the ring was never needed")
        self.assertGreater(alerts, 100)


if __name__ == "__main__":
    unittest.main()

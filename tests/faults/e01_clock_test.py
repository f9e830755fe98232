"""E1: the wall clock jumps an hour ahead and back while ticks come (libfaketime; the steady clock stays)."""

import pathlib
import re
import time
import unittest
import urllib.request

from fault_case import FaultCase
from fault_proxy import PING, frame, text_of
from support import eventually

LIBRARY = next(pathlib.Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)


def no_ticks(whole, _):
    """A ping in place of every tick: the connection lives, the data does not."""
    text = None if whole.startswith(b"HTTP/") else text_of(whole)
    return frame(b"", PING) if text is not None and b'"tick"' in text else whole


class WallClock(FaultCase):
    def metric(self, series):
        with urllib.request.urlopen("http://%s:%d/metrics" % self.m.address, timeout=5) as answer:
            return float(re.search(rf"^{re.escape(series)} (\S+)$", answer.read().decode(), re.M)[1])

    def step(self, offset):
        self.stamp.write_text(offset)

    def clock(self):
        return self.m.state()["clock"]

    def test_an_hour_ahead_and_back(self):
        self.assertTrue(LIBRARY, "Debian's package faketime")
        self.stamp = self.write("faketime", "+0")
        self.start_feeds(steps=9, step_seconds=2, silence="2s")
        self.env.update(LD_PRELOAD=LIBRARY, FAKETIME_TIMESTAMP_FILE=self.stamp, FAKETIME_DONT_FAKE_MONOTONIC="1", FAKETIME_CACHE_DURATION="1")
        self.start_monitor()
        del self.env["LD_PRELOAD"]  # of what else is started
        self.await_ticks(20)
        self.assertEqual(self.metric("yagura_clock_steps_total"), 0)

        self.step("+3600")
        eventually(lambda: self.metric("yagura_clock_steps_total") == 1, "the step", 5)
        self.assertAlmostEqual(self.m.state()["now_ns"] / 1e9, time.time() + 3600, delta=5)
        self.assertFalse(self.clock()["ok"])
        self.assertRegex(self.clock()["reason"], r"jumped by \+3(600|599)\.\d+ s")
        self.assertRegex(self.m.get("/readyz")[1]["parts"]["clock"]["reason"], "jumped")
        self.await_ticks(20)
        eventually(lambda: self.m.instrument("USDJPY")["feed"]["reason"] == "clock", lambda: f"the reason at the feed: {self.m.instrument('USDJPY')['feed']}", 15)
        self.a_silent_feed_is_given_up_after_its_two_seconds()

        self.step("+0")
        eventually(lambda: self.metric("yagura_clock_steps_total") == 2, "the step back", 5)
        self.await_ticks(20)
        self.assertEqual(self.m.get("/readyz")[0], 200)
        # An hour would be 3,600 s in one of these.
        for stage in ("decode", "queue", "detect", "tick"):
            row = next(r for r in self.m.state()["latency_us"] if r["stage"] == stage)
            self.assertLess(row["max"], 2e6, stage)
        self.assertEqual(len(re.findall("the wall clock jumped", self.m.err)), 1, "one warning")
        self.finish(complete=False)

    def a_silent_feed_is_given_up_after_its_two_seconds(self):
        known = len(self.proxy.attempts)
        self.proxy.alter = no_ticks
        began = time.monotonic()
        self.first_attempt(known + 1)
        took = self.proxy.attempts[known] - began
        self.proxy.alter = None
        self.assertGreater(took, 1.9)
        self.assertLess(took, 3.3)
        self.await_well_again()


if __name__ == "__main__":
    unittest.main()

"""B1: nobody there, somebody who says nothing, a name that leads nowhere."""

import time
import unittest

from fault_case import FIRST_ATTEMPT, FaultCase
from fault_proxy import hang_up, mute


class Connect(FaultCase):
    def test_refused_and_then_hung_up_on(self):
        lost = '[[feed]]\nname = "lost"\nvendor = "native"\nurl = "ws://feed.invalid:9"\nsymbols = { USDJPY = "USDJPY" }\npriority = 2\n'
        self.start_feeds(steps=6, step_seconds=2, extra_feeds=lost)
        self.start_monitor()
        self.proxy.down()
        self.await_reason("refused")
        self.proxy.listen()
        self.await_well_again()

        # Hung up on before the upgrade: at once, then 0.25 s doubling, a fifth either way.
        self.proxy.meet = hang_up
        known = len(self.proxy.attempts)
        self.proxy.link.at_next_frame(lambda link, _: link.end())
        self.assertLess(self.first_attempt(known + 1), FIRST_ATTEMPT)
        self.first_attempt(known + 5, 10)
        self.await_reason("socket_closed")
        times = self.proxy.attempts[known : known + 5]
        ratios = [(b - a) / plain for a, b, plain in zip(times, times[1:], (0.25, 0.5, 1.0, 2.0))]
        for ratio, plain in zip(ratios, (0.25, 0.5, 1.0, 2.0)):
            self.assertGreaterEqual(ratio, 0.79)
            self.assertLessEqual(ratio, 1.21 + 0.3 / plain, "0.3 s for a machine with other work to do")
        self.assertTrue(any(abs(ratio - 1) > 0.01 for ratio in ratios), f"no jitter: {ratios}")

        self.assertEqual(self.m.feed("lost")["reason"], "dns")
        self.proxy.meet = None
        self.await_well_again()
        self.finish(complete=False)  # levels were passed that nobody saw

    def test_mute(self):
        self.start_feeds(steps=4, step_seconds=2.5)
        self.start_monitor()
        self.proxy.meet = mute
        known = len(self.proxy.attempts)
        self.proxy.link.at_next_frame(lambda link, _: link.end())
        self.first_attempt(known + 1)
        self.await_reason("timeout", 8)
        took = time.monotonic() - self.proxy.attempts[known]
        self.assertGreater(took, 4.9)
        self.assertLess(took, 6, "5 s and a little")
        self.proxy.meet = None
        self.await_well_again()
        self.finish(complete=False)


if __name__ == "__main__":
    unittest.main()

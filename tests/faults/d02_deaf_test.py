"""D2: clients that do not read, or do not answer, are cut off with a reason; nobody else notices."""

import time
import unittest

from crowd_case import LONG, SANITIZED, Closed, CrowdCase, eventually, read_to_end

from support import WebSocket

ALERTS = 8_000  # 1.3 KB each: more than the kernel takes for one who does not read, and a mebibyte


class Deaf(CrowdCase):
    def test_one_that_never_reads_is_cut_at_a_mebibyte(self):
        self.live()
        deaf = self.tcp(receive_buffer=4096)
        self.upgrade(deaf)
        crowd = self.crowd()
        crowd("connect", 20)
        eventually(lambda: self.m.state()["clients"] == 21, "all clients")
        before = self.rss()
        crowd("forget")
        self.feed.burst(ALERTS)
        heard = crowd("await", ALERTS, 60)
        self.assertEqual((heard["least"], heard["most"], heard["disordered"], heard["gone"]), (ALERTS, ALERTS, 0, 0), heard)
        eventually(lambda: self.metric("yagura_console_clients_cut_total", reason="slow") == 1, "cut")
        eventually(lambda: self.m.state()["clients"] == 20, "gone")
        self.m.await_err(r"console: 1 client cut off, the last: too slow: \d+ bytes waiting, the limit is 1048576")
        got = len(read_to_end(deaf))  # what the kernel had
        self.assertLess(got, ALERTS * 1_000, "was told everything")
        if not SANITIZED:
            self.assertLess(self.rss() - before, 48 << 20, "memory")  # the newest 10,000 alerts among it
        self.alive()
        self.assertEqual(self.m.stop(), 0, self.m.err)

    @unittest.skipUnless(LONG, "takes 45 s; with shorter limits in core_net_test, LimitsSpec")
    def test_one_that_never_answers_a_ping_is_cut_after_40_s(self):
        self.live()
        mute = WebSocket.connect(self.m.address)
        self.addCleanup(mute.__exit__)
        began = time.monotonic()
        crowd = self.crowd()
        crowd("connect", 20)
        crowd("forget")
        pinged = None
        try:
            while True:
                opcode, _, _ = mute._frame(time.monotonic() + 60)  # answers nothing
                if opcode == 9 and pinged is None:
                    pinged = time.monotonic() - began
        except (Closed, OSError):
            pass
        took = time.monotonic() - began
        self.assertTrue(19 < pinged < 23, pinged)
        self.assertTrue(39 < took < 43, took)
        self.assertEqual(self.metric("yagura_console_clients_cut_total", reason="silent"), 1)
        self.m.await_err(r"console: 1 client cut off, the last: silent")
        self.feed.step()
        heard = crowd("await", 1, 5)
        self.assertEqual((heard["least"], heard["gone"]), (1, 0), heard)


if __name__ == "__main__":
    unittest.main()

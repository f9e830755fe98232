"""B4: handshakes that take for ever, and answers that are no."""

import socket
import time
import unittest

from fault_case import FaultCase
from fault_proxy import HOST, drip, http


class Handshake(FaultCase):
    def away(self, meet):
        """Drops the connection; the next ones meet that. Gives the number of connections so far."""
        self.proxy.meet = meet
        known = len(self.proxy.attempts)
        self.proxy.link.at_next_frame(lambda link, _: link.end())
        return known

    def back(self, seconds=10.0):
        self.proxy.meet = None
        self.await_well_again(seconds)

    def test_dripped(self):
        self.start_feeds(steps=5, step_seconds=2.5)
        self.start_monitor()
        known = self.away(drip(0.2))
        self.first_attempt(known + 2, 10)
        self.await_reason("timeout")
        first, second = self.proxy.attempts[known : known + 2]
        self.assertGreater(second - first, 5.0)
        self.assertLess(second - first, 6.0, "given up at 5 s")
        self.back()
        self.finish(complete=False)

    def test_statuses(self):
        self.start_feeds(steps=6, step_seconds=2.5)
        self.start_monitor()
        for status, reason, wait in (("429 Too Many Requests", "http", 2), ("503 Service Unavailable", "http", 1), ("403 Forbidden", "auth", 1)):
            known = self.away(http(status, Retry_After=wait))
            self.await_reason(reason)
            self.assertIn(f"HTTP {status[:3]}", self.m.err)
            self.first_attempt(known + 2)
            self.assertGreaterEqual(self.proxy.attempts[known + 1] - self.proxy.attempts[known], wait, status)
            self.back()
        with socket.create_server((HOST, 0)) as elsewhere:
            elsewhere.settimeout(0.7)
            self.away(http("302 Found", Location=f"ws://{HOST}:{elsewhere.getsockname()[1]}/"))
            self.await_reason("http")
            with self.assertRaises(TimeoutError):
                elsewhere.accept()
        self.back()
        known = self.away(http("401 Unauthorized"))
        self.await_reason("auth")
        time.sleep(2)  # without a Retry-After a minute: vendors lock accounts for less
        self.assertEqual(len(self.proxy.attempts), known + 1)
        self.assertEqual(self.m.feed("sick")["state"], "BACKOFF")
        self.assertEqual((self.m.feed("well")["state"], self.m.feed("well")["reconnects"]), ("LIVE", 0))
        self.assertEqual(self.m.stop(), 0)
        self.assertLessEqual({alert["id"] for alert in self.journal()}, self.backtest_ids())


if __name__ == "__main__":
    unittest.main()

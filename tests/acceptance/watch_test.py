"""What nobody would notice by itself: a feed that is connected and brings nothing, a vendor that
complains, a web page that knocks at the console."""

import time
import unittest
import urllib.error
import urllib.request

from scenario import configuration
from support import PING, AcceptanceTest, eventually, native_tick


class Watch(AcceptanceTest):
    def config(self, port, extra=""):
        text = '[instrument.BTC]\n' + configuration({"f": ("native", port, "BTC", "BTC")})
        return self.write("watch.toml", text.replace('[[feed]]\n', '[[feed]]\nsilence = "1s"\n') + extra)

    def test_pings_and_heartbeats_are_no_data(self):
        def talk(ws):
            ws.send({"type": "subscribed", "symbols": ws.receive()["symbols"]})
            ws.send(native_tick("BTC", "100"))
            while True:  # alive, and saying nothing
                ws.send(b"", PING)
                ws.send({"type": "heartbeat", "ts_ns": time.time_ns()})
                try:
                    ws.receive(0.1)
                except TimeoutError:
                    pass

        feed = self.serve(talk)
        monitor = self.monitor("--config", self.config(feed.port))
        monitor.await_err(r"no_data: connected, but no data for 1s", 10)
        eventually(lambda: feed.accepted >= 2, "a new connection")
        self.assertGreaterEqual(eventually(lambda: monitor.feed("f")["reconnects"], "a reconnect"), 1)
        self.assertEqual(monitor.stop(), 0)

    def test_a_vendors_complaint_is_shown(self):
        def talk(ws):
            ws.send({"type": "subscribed", "symbols": ws.receive()["symbols"]})
            ws.send({"type": "error", "message": "too many symbols"})
            ws.send(native_tick("BTC", "100"))
            ws.close_code(30)

        monitor = self.monitor("--config", self.config(self.serve(talk).port))
        monitor.await_err(r"feed f: 1 more error, the last: .*too many symbols")
        self.assertIn("too many symbols", monitor.feed("f")["last_error"])
        self.assertEqual(monitor.stop(), 0)

    def test_refused_requests_leave_a_line(self):
        monitor = self.monitor("--demo")
        url = "http://%s:%d/api/v1/state" % monitor.address
        with self.assertRaises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(urllib.request.Request(url, headers={"Origin": "http://evil.example"}), timeout=5)
        refused.exception.close()
        monitor.await_err(r"console: 1 request refused; so far 0 for the Host, 1 for the Origin")
        self.assertEqual(monitor.stop(), 0)


if __name__ == "__main__":
    unittest.main()

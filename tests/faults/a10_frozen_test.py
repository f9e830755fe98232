"""A10: the whole process stands still for a while, as in a paused virtual machine. YAGURA_LONG=1: 30 s."""

import json
import signal
import socket
import time
import unittest

from fault_case import LONG, FaultCase

FROZEN = 30 if LONG else 4
RULES = """
[[rule]]
id = "yen-stale"
kind = "stale"
instrument = "USDJPY"
after = "2s"
[[rule]]
id = "yen-move"
kind = "move"
instrument = "USDJPY"
windows = [{ window = "10s", threshold = "100" }]
"""


class Frozen(FaultCase):
    def test_late_ticks_are_taken_in_order_and_no_storm_breaks_out(self):
        notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.addCleanup(notify.close)
        notify.bind(str(self.dir / "notify"))
        self.env.update(NOTIFY_SOCKET=self.dir / "notify", WATCHDOG_USEC="2000000")
        self.start_feeds(steps=FROZEN // 2 + 5, step_seconds=2, rules=RULES)
        self.start_monitor()
        self.await_step(1)
        known = len(self.proxy.attempts)
        self.m.send(signal.SIGSTOP)
        self.drain(notify)
        time.sleep(FROZEN)
        self.assertNotIn("WATCHDOG=1", self.drain(notify), "the watchdog would have fired")
        self.m.send(signal.SIGCONT)
        self.await_well_again()
        self.assertEqual(self.m.get("/healthz")[0], 200, "nobody is to blame")
        self.assertEqual(self.m.get("/readyz")[0], 200)
        self.assertLessEqual(len(self.proxy.attempts) - known, 1, "a new connection at most")
        self.finish(complete=False)
        alerts = self.journal()
        self.assertNotIn("has not moved", self.m.err)
        stale = [a["event"] for a in alerts if a["kind"] == "stale"]
        self.assertIn(stale, ([], ["stale", "recovered"]), "no storm")
        levels = [a["level"] for a in alerts if a["instrument"] == "USDJPY" and a["kind"] == "milestone" and a["event"] == "reached"]
        self.assertEqual(levels, sorted(levels, key=float), "in order")
        print(f"\nfrozen {FROZEN} s: {len(alerts)} alerts, {json.dumps(stale)}", flush=True)

    @staticmethod
    def drain(notify):
        notify.setblocking(False)
        heard = []
        try:
            while True:
                heard.append(notify.recv(4096).decode())
        except BlockingIOError:
            return "\n".join(heard)


if __name__ == "__main__":
    unittest.main()

"""B3: connections that live and bring nothing. Closed hours are in acceptance.stale."""

import signal
import time
import unittest

from fault_case import LONG, FaultCase, feed
from fault_proxy import PING, frame, text_of, upgraded
from support import eventually, native_tick

STALE = '[[rule]]\nid = "yen-stale"\nkind = "stale"\ninstrument = "USDJPY"\nafter = "1s"\n'


def no_ticks(whole, _):
    """A ping in place of every tick."""
    text = None if whole.startswith(b"HTTP/") else text_of(whole)
    return frame(b"", PING) if text is not None and b'"tick"' in text else whole


class Silence(FaultCase):
    def test_a_server_that_stands_still(self):
        self.start_feeds(steps=4, step_seconds=2, silence="1s", rules=STALE)
        self.start_monitor()
        known = len(self.proxy.attempts)
        self.sick_server.send(signal.SIGSTOP)
        began = time.monotonic()
        self.await_reason("no_data")
        self.first_attempt(known + 1)
        left = self.proxy.attempts[known] - began
        self.assertGreater(left, 0.9)
        self.assertLess(left, 2.0, "its limit and a second")
        self.sick_server.send(signal.SIGCONT)
        self.await_well_again()
        self.finish()
        stale = [(a["event"], a.get("reason")) for a in self.journal() if a["kind"] == "stale"]
        self.assertEqual([event for event, _ in stale], ["stale", "recovered"])
        self.assertEqual(stale[0][1], "no_data")

    def test_pings_are_no_data_and_a_new_connection_gets_its_chance(self):
        self.start_feeds(steps=6, step_seconds=2, silence="2s", rules=STALE)
        self.start_monitor()
        known = len(self.proxy.attempts)
        self.proxy.alter = no_ticks
        began = time.monotonic()
        self.await_reason("no_data")
        self.first_attempt(known + 1)
        left = self.proxy.attempts[known] - began
        self.assertGreater(left, 1.9)
        self.assertLess(left, 3.3, "its limit and a second; it is looked at once a second")
        self.proxy.alter = None
        self.await_well_again()

        # Away for longer than the limit; the vendor needs a second after that for its first tick.
        self.proxy.down()
        time.sleep(2.5)
        self.proxy.alter = no_ticks
        known = len(self.proxy.attempts)
        self.proxy.listen()
        self.first_attempt(known + 1)
        time.sleep(1.5)  # a second look falls into it
        self.proxy.alter = None
        self.await_well_again()
        self.assertEqual(len(self.proxy.attempts), known + 1, "dropped before it could bring anything")
        self.finish(complete=False)

    def test_a_subscription_that_was_refused(self):
        """Connected, answering, and never a tick: tried anew, by and by, and the vendor's words are shown."""

        def talk(client):
            client.sendall(frame('{"type":"error","message":"no such symbol"}'))
            while True:
                client.sendall(frame(b"", PING) + frame('{"type":"heartbeat","ts_ns":1}'))
                time.sleep(0.1)

        self.start_feeds(steps=4, step_seconds=2.5, silence="1s")
        self.proxy.meet = upgraded(talk)
        self.start_monitor(live=False)
        self.first_attempt(3, 10)
        row = self.await_reason("no_data")
        self.assertEqual((row["ticks"], row["last_error"]), (0, "vendor error: no such symbol"))
        self.m.await_err("feed sick: BACKOFF, no_data: connected, but no data for 1s")
        one, two, three = self.proxy.attempts[:3]
        self.assertGreater(two - one, 1.0)
        self.assertGreater(three - two, 1.2, "its patience and 0.25 s, less a fifth")
        self.proxy.meet = None
        self.await_well_again()
        self.finish(complete=False)

    def test_one_symbol_of_two_falls_silent(self):
        """The other goes on. Asked for once, then left alone: the vendor may have dropped it."""

        def talk(ws):
            ws.receive()
            opened.append(time.monotonic())
            for number in range(1100 if len(opened) == 1 else 0):  # enough to know what is usual
                ws.send(native_tick("AUDJPY", f"100.{number % 10}"))
            for number in range(1000):
                ws.send(native_tick("USDJPY", f"150.{number % 7}"))
                time.sleep(0.1)

        opened = []
        vendor = self.serve(talk)
        config = self.write(
            "two.toml",
            '[instrument.USDJPY]\ncalendar = "always"\n[instrument.AUDJPY]\ncalendar = "always"\n'
            + feed("both", "native", vendor.port, "USDJPY", silence="1s").replace("USDJPY = ", 'AUDJPY = "AUDJPY", USDJPY = ')
            + '[[rule]]\nid = "yen"\nkind = "milestone"\ninstrument = "USDJPY"\nstep = "1"\n',
        )
        self.m = self.monitor("--config", config)
        eventually(lambda: self.m.instrument("AUDJPY")["accepted"] == 1100, "all of it")
        limit = self.m.instrument("AUDJPY")["feed"]["stale_after_ms"] / 1000
        self.assertEqual(limit, 10)
        self.m.await_err(r"feed both: BACKOFF, no_data: no data of AUDJPY for \d+s, others come", limit + 5)
        eventually(lambda: len(opened) == 2, "a new connection")
        time.sleep(limit + 3 if LONG else 0)
        self.assertEqual(len(opened), 2, "once is enough")
        self.assertEqual(self.m.stop(), 0)


if __name__ == "__main__":
    unittest.main()

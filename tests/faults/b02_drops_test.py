"""B2: connections that end, in every way there is."""

import time
import unittest

from fault_case import FIRST_ATTEMPT, FaultCase

WAYS = {
    "reset": lambda link, _: link.reset(),
    "end without a goodbye": lambda link, _: link.end(),
    "cut inside a frame": lambda link, whole: (link.inject(whole[: len(whole) // 2]), link.end()),
    "1000": lambda link, _: link.close(1000),
    "1001": lambda link, _: link.close(1001, "going away"),
    "1012": lambda link, _: link.close(1012, "service restart"),
    "1013, and TCP stays open": lambda link, _: link.close(1013, "try again later", hang_up=False),
}


class Drops(FaultCase):
    def test_every_way_and_a_level_crossed_meanwhile(self):
        self.start_feeds(steps=8, step_seconds=1.5)
        self.start_monitor()
        waits = {}
        for name, action in WAYS.items():
            known = len(self.proxy.attempts)
            self.proxy.link.at_next_frame(lambda link, whole, act=action: (self.proxy.flowing.clear(), act(link, whole)))
            if name.endswith("open"):
                self.proxy.dropped_at = time.monotonic()
            waits[name] = self.first_attempt(known + 1)
            row = self.await_reason("socket_closed")  # the new connection brings nothing yet
            self.assertIn(row["state"], ("BACKOFF", "CONNECTING", "HANDSHAKE"))
            self.proxy.flowing.set()
            self.await_well_again()
            self.assertEqual([text for _, text in self.proxy.link.commands], ['{"type":"subscribe","symbols":["USDJPY"]}'], name)
            self.proxy.links[known - 1].end()
        for name, wait in waits.items():
            self.assertLess(wait, FIRST_ATTEMPT, name)
        for code in (1000, 1001, 1012, 1013):
            self.m.await_err(rf"feed sick: BACKOFF, socket_closed: closed with {code}")
        self.assertEqual(self.m.feed("sick")["reconnects"], len(WAYS))

        # Away while a level is passed.
        here = int(float(self.m.instrument("USDJPY")["price"])) - 150
        self.proxy.down()
        self.await_step(here + 1, "EURJPY")
        self.proxy.listen()
        self.await_well_again()
        self.finish()
        over = {alert["level"]: alert["gap"] for alert in self.journal() if alert["instrument"] == "USDJPY"}
        self.assertTrue(over[str(150 + here + 1)], "crossed across the gap, and said so")


class DropsOfAVendorThatCountsCommands(FaultCase):
    vendor, theirs = "gmo", "USD_JPY"

    def test_one_command_a_second_across_reconnects(self):
        self.start_feeds(steps=4, step_seconds=2.5)
        self.start_monitor()
        for name in ("reset", "end without a goodbye", "1012"):
            known = len(self.proxy.attempts)
            self.proxy.link.at_next_frame(WAYS[name])
            self.assertLess(self.first_attempt(known + 1), FIRST_ATTEMPT, name)
            self.await_well_again()
        times = [at for link in self.proxy.links for at, _ in link.commands]
        self.assertEqual(len(times), 4, "one subscription a connection")
        for before, after in zip(times, times[1:]):
            self.assertGreaterEqual(after - before, 1.0)
        self.finish()


if __name__ == "__main__":
    unittest.main()

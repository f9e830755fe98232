"""B8: duplicates, ticks out of order, holes in the sequence, a sequence that goes back."""

import re
import unittest

from fault_case import FaultCase
from fault_proxy import frame, text_of


def numbered(change):
    """Ticks with a sequence number, each handed to `change(number, text)`, which gives those to pass on."""
    count = 0

    def alter(whole, _):
        nonlocal count
        text = None if whole.startswith(b"HTTP/") else text_of(whole)
        if text is None or b'"tick"' not in text:
            return whole
        count += 1
        return b"".join(frame(out) for out in change(count, text[:-1] + b',"seq":%d}' % count))

    return alter


class Order(FaultCase):
    def rejected(self, reason):
        return self.m.instrument("USDJPY")["rejected"][reason]

    def run_with(self, change):
        self.start_feeds(steps=3, step_seconds=1.2)
        self.proxy.alter = numbered(change)
        self.start_monitor()
        self.await_step(self.steps - 1)

    def test_every_tick_twice(self):
        self.run_with(lambda _, text: [text, text])
        self.assertGreater(self.rejected("duplicate"), 40)
        self.finish()

    def test_neighbours_change_places(self):
        held = []

        def swap(number, text):
            if number % 2:
                held[:] = [text]
                return []
            return [text, *held]

        self.run_with(swap)
        self.assertGreater(self.rejected("late"), 15)
        self.finish()

    def test_holes(self):
        self.run_with(lambda number, text: [] if number % 5 == 0 else [text])
        self.assertGreater(self.m.feed("sick")["gaps"], 5)
        self.finish()

    def test_the_sequence_starts_anew(self):
        def restart(number, text):
            return [re.sub(rb'"seq":\d+', b'"seq":%d' % (number if number < 20 else number - 19), text)]

        self.run_with(restart)
        self.assertEqual((self.m.feed("sick")["state"], self.m.feed("sick")["reconnects"]), ("LIVE", 0))
        self.finish()


if __name__ == "__main__":
    unittest.main()

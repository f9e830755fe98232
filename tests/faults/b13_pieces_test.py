"""B13: the same bytes in other pieces: one every few milliseconds, or many frames at once; slow and late."""

import unittest

from fault_case import FaultCase


class Pieces(FaultCase):
    def test_split_glued_late_and_slow(self):
        self.start_feeds(steps=5, step_seconds=2.5, spacing=0.25)
        self.start_monitor()
        for how, value in (("slice", (1, 0.001)), ("glue", 0.6), ("latency", 0.15), ("bandwidth", 2000)):
            with self.subTest(how):
                setattr(self.proxy, how, value)
                self.await_ticks(7)
                setattr(self.proxy, how, type(value)())
        self.await_step(self.steps - 1)
        self.assertEqual((self.m.feed("sick")["errors"], self.m.feed("sick")["reconnects"]), (0, 0))
        self.finish()

    def test_not_one_tick_is_lost(self):
        self.start_feeds(steps=2, step_seconds=2, spacing=0.1)
        self.proxy.slice = (1, 0.0005)
        self.start_monitor()
        rows = len(self.yen_file.read_text().splitlines()) - 1
        self.await_feed(ticks=rows)
        self.assertEqual(self.m.instrument("USDJPY")["accepted"], rows)
        self.finish()


if __name__ == "__main__":
    unittest.main()

"""E2: SIGHUP with a broken file, then with a good one, while ticks come."""

import signal
import unittest

from fault_case import FaultCase
from support import eventually

MORE = """
[[rule]]
id = "yen-half"
kind = "level"
instrument = "USDJPY"
levels = ["153.25"]
"""


class Reload(FaultCase):
    def rules(self):
        return {level["rule"] for level in self.m.instrument("USDJPY")["levels"]}

    def test_broken_then_good(self):
        self.start_feeds(steps=7, step_seconds=1.5)
        self.start_monitor()
        good = self.config.read_text()
        self.await_step(1)
        before = self.m.state()

        self.config.write_text(good.replace('step = "1"', 'step = "none"', 1) + MORE)
        self.m.send(signal.SIGHUP)
        self.m.await_err(r"reload: .*faults\.toml:\d+: .*step(?s:.*)reload: nothing was changed")
        status, health = self.m.get("/readyz")
        self.assertEqual((status, health["parts"]["config"]["ok"]), (503, False))
        self.assertRegex(health["parts"]["config"]["reason"], r"faults\.toml:\d+: .*; the settings before stay in force")
        self.assertEqual(self.m.get("/healthz")[0], 200)
        self.assertEqual(self.rules(), {"yen"}, "old rules stay")
        self.await_step(2)
        self.assertGreater(self.m.state()["alerts"]["count"], before["alerts"]["count"], "and speak")

        self.config.write_text(good + MORE)
        self.m.send(signal.SIGHUP)
        eventually(lambda: self.rules() == {"yen", "yen-half"}, "the new rule")
        self.assertEqual(self.m.get("/readyz")[0], 200)
        after = self.m.state()
        self.assertEqual([f["reconnects"] for f in after["feeds"]], [0, 0], "feeds were not touched")
        self.assertGreaterEqual(self.m.instrument("USDJPY")["accepted"], before["instruments"][1]["accepted"], "nor what is known")
        self.m.await_out('"yen-half"', 20)
        self.finish()


if __name__ == "__main__":
    unittest.main()

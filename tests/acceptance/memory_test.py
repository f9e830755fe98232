"""What the monitor keeps in memory, with the shipped configuration and with a million levels. The release build
keeps below 40 and 110 MiB; the bounds here leave room for builds with assertions and debug information."""

import os
import pathlib
import re
import unittest

from support import ROOT, AcceptanceTest, eventually

MIB = 1024 * 1024
SHIPPED_MOST = 50 * MIB
MILLION_MOST = 120 * MIB
SANITIZED = bool(os.environ.get("YAGURA_SANITIZE"))


def resident(pid):
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+) kB", status)[1]) * 1024


@unittest.skipIf(SANITIZED, "sanitizers keep several times as much")
class Memory(AcceptanceTest):
    def after_the_demo(self, *arguments):
        """Bytes once two of the demo's four days are over: rings, queues and windows have been used."""
        monitor = self.monitor("--demo", "--speed", "50000", "--plain", *arguments)
        eventually(lambda: sum(f["ticks"] for f in monitor.state()["feeds"]) > 60_000, "60,000 ticks", 60)
        bytes_now = resident(monitor.pid)
        self.assertEqual(monitor.stop(), 0)
        return bytes_now

    def test_the_shipped_configuration_is_small(self):
        used = self.after_the_demo()
        print(f"\nshipped: {used / MIB:.1f} MiB", flush=True)
        self.assertLess(used, SHIPPED_MOST)

    def test_a_million_levels_are_kept_once(self):
        half = 500_000
        below = (f"{100_000_000 - i * 100:09d}" for i in range(half))  # a hundredth of a pip apart, below 100 yen
        above = (f"{200_000_000 + i * 100:09d}" for i in range(half))
        lines = [f"{digits[:3]}.{digits[3:]}" for part in (below, above) for digits in part]
        self.write("levels.csv", "\n".join(lines) + "\n")
        shipped = (ROOT / "config/yagura.toml").read_text()
        listed = re.compile(r'(id = "desk-levels".*?)levels = \[.*?\n\]\n', re.S)
        config, count = listed.subn(r'\1levels_file = "levels.csv"\n', shipped)
        self.assertEqual(count, 1)
        used = self.after_the_demo("--config", self.write("million.toml", config))
        print(f"\na million levels: {used / MIB:.1f} MiB", flush=True)
        self.assertLess(used, MILLION_MOST)


if __name__ == "__main__":
    unittest.main()

"""benchmarks/whole_program.py on a few ticks: it measures what it says it does."""

import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/acceptance"))

from support import binary  # noqa: E402


class WholeProgram(unittest.TestCase):
    def test_memory_and_backtest(self):
        with tempfile.TemporaryDirectory() as folder:
            out = pathlib.Path(folder) / "program.json"
            done = subprocess.run(
                [sys.executable, ROOT / "benchmarks/whole_program.py", "--binary", binary(), "--ticks", "5000", "--levels", "1000", "--json", out],
                capture_output=True, text=True, timeout=100, check=False,
            )  # fmt: skip
            self.assertEqual(done.returncode, 0, done.stderr)
            figures = json.loads(out.read_text())
        self.assertGreater(figures["memory_mb"]["shipped"], 5)
        self.assertGreater(figures["memory_mb"]["many_levels"], 5)
        self.assertEqual(figures["backtest"]["ticks"], 5000)
        self.assertGreater(figures["backtest"]["ratio"], 0)
        self.assertIn("backtest: ", done.stdout)


if __name__ == "__main__":
    unittest.main()

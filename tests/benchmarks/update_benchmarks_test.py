"""docs/update-benchmarks: the tables of docs/benchmarks.md are what the measured and counted files say."""

import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "docs/update-benchmarks"
PAGE = "# Benchmarks\n\n<!-- instructions -->\n\nold\n\n<!-- /instructions -->\n\nBetween.\n\n<!-- suite -->\n\n<!-- /suite -->\n\nBehind.\n"


def rows(name, median, least, unit="ns", **counters):
    for kind, value in (("mean", 9e9), ("median", median), ("min", least)):
        yield {"name": f"{name}_{kind}", "run_name": name, "run_type": "aggregate", "aggregate_name": kind, "repetitions": 5, "iterations": 5,
               "real_time": value, "cpu_time": value, "time_unit": unit, **counters}  # fmt: skip


def run_of(build="Release"):
    """As Google Benchmark writes it; every figure invented."""
    context = {"date": "2026-03-04T05:06:07+00:00", "host_name": "secret", "commit": "0123abc", "build_type": build, "compiler": "GNU 1", "cpu_model": "Made Up CPU",
               "cores": "2", "kernel": "Linux 6", "input": "a scenario", "load_avg": [0.25, 0.5, 1.0]}  # fmt: skip
    made = [
        *rows("BM_Decode/native", 123.4, 120.1, bytes=91.0, allocs=0.0),
        *rows("BM_Nlohmann/native", 987.0, 980.0, allocs=20.0),
        *rows("BM_QueueHopBy/block/silence_us:200/real_time", 5.0, 5.0, "us", p50_ns=4711.0, p99_ns=8150.0, **{"p99.9_ns": 9000.0}),
        *rows("BM_KindFloor/USDJPY", 1.0, 1.0, "ms", tick=40e-9, signals=0.0),
        *rows("BM_Kind/move", 1.0, 1.0, "ms", tick=55.5e-9, signals=16.0),
    ]
    return {"context": context, "benchmarks": made}


def counts(**values):
    return {"compiler": "GNU 1", "valgrind": "valgrind-3", "host": "x86-64", "history": [{"commit": "abc", "date": "2026-03-04", "counts": values}]}


class UpdateBenchmarks(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        (self.root / "docs").mkdir()
        (self.root / "benchmarks").mkdir()
        self.page = self.root / "docs/benchmarks.md"
        self.page.write_text(PAGE)

    def update(self, *arguments):
        return subprocess.run([sys.executable, SCRIPT, "--root", self.root, *arguments], capture_output=True, text=True)

    def measured(self, **options):
        file = self.root / "run.json"
        file.write_text(json.dumps(run_of(**options)))
        return file

    def test_a_run_fills_the_tables_and_names_its_conditions(self):
        done = self.update(self.measured())
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        text = self.page.read_text()
        self.assertIn("| `native` | 91.0 | 123 (120) | 0.0 | 987 (980) | 20.0 |", text)
        self.assertIn("| block; 200 us of silence before | 4,711 | 8,150 | 9,000 | - |", text)
        self.assertIn("| move | 55.5 | +15.5 | 16.0 |", text)
        self.assertIn("Commit 0123abc, 2026-03-04T05:06:07+00:00: Made Up CPU, 2 cores, Linux 6, GNU 1, Release build; load of the machine before (1, 5, 15 minutes) 0.2, 0.5, 1.0; 5 repetitions", text)
        self.assertTrue(text.endswith("<!-- /suite -->\n\nBehind.\n"))
        self.assertNotIn("secret", (self.root / "docs/benchmarks/suite.json").read_text())

    def test_instructions_are_listed_and_by_commit(self):
        (self.root / "benchmarks/instructions.json").write_text(json.dumps({"builds": {"Dev": counts(a=1.0), "Release": counts(**{"decode/native": 1234.0})}}))
        self.assertEqual(self.update().returncode, 0)
        text = self.page.read_text()
        self.assertIn("| decode/native | 1,234 |", text)
        self.assertIn("| abc, 2026-03-04 | 1,234 | - |", text)
        self.assertNotIn("old", text)

    def test_check_changes_nothing_and_fails_when_a_table_is_not_up_to_date(self):
        self.update(self.measured())
        self.assertEqual(self.update("--check").returncode, 0)
        self.page.write_text(self.page.read_text().replace("123 (120)", "12 (12)"))
        before = self.page.read_text()
        done = self.update("--check")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("run docs/update-benchmarks", done.stderr)
        self.assertEqual(self.page.read_text(), before)

    def test_a_build_without_optimisation_is_refused(self):
        done = self.update(self.measured(build="Dev"))
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("of a Dev build", done.stderr)
        self.assertEqual(self.page.read_text(), PAGE)

    def test_a_file_of_something_else_is_named(self):
        file = self.root / "other.json"
        file.write_text("[]")
        self.assertIn(f"{file}: not written by yagura_bench", self.update(file).stderr)


class TheRepository(unittest.TestCase):
    def test_its_tables_are_up_to_date(self):
        done = subprocess.run([sys.executable, SCRIPT, "--check"], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)


if __name__ == "__main__":
    unittest.main()

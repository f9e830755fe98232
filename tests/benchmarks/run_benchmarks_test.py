"""docs/run-benchmarks with a program that only writes made-up figures: which runs, which files, which tables."""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

from update_latency_test import ROOT, made_up

PROGRAM = """#!{python}
import json, pathlib, sys
with open({log!r}, "a") as log:
    log.write(json.dumps(sys.argv[1:]) + "\\n")
out = next((word.split("=")[1] for word in sys.argv if word.startswith("--benchmark_out=")), sys.argv[-1])
if {fails!r} in sys.argv:
    pathlib.Path(out).write_text("half a fi")
    sys.exit(1)
pathlib.Path(out).write_text(pathlib.Path({figures!r}).read_text())
"""


class RunBenchmarks(unittest.TestCase):
    def setUp(self):
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="yagura-benchmarks-"))
        self.addCleanup(shutil.rmtree, self.root)
        (self.root / "docs").mkdir()
        for name in ("README.md", "docs/latency.md", "docs/run-benchmarks", "docs/update-latency"):
            shutil.copy(ROOT / name, self.root / name)
        self.log, self.figures = self.root / "log", self.root / "figures.json"
        self.figures.write_text(json.dumps({**made_up(), "context": {"host_name": "somebody-s-machine"}}))
        (self.root / "benchmarks").mkdir()

    def run_it(self, *options, fails="nothing"):
        program = self.root / "yagura"
        program.write_text(PROGRAM.format(python=sys.executable, log=str(self.log), figures=str(self.figures), fails=fails))
        program.chmod(0o755)
        shutil.copy(program, self.root / "benchmarks/whole_program.py")
        return subprocess.run(
            [self.root / "docs/run-benchmarks", "--patience", "0", *options],
            env={**os.environ, "YAGURA_BIN": str(program), "YAGURA_PARTS": str(program)}, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip

    def commands(self):
        return [json.loads(line) for line in self.log.read_text().splitlines()]

    def test_it_measures_everything_and_writes_the_tables(self):
        done = self.run_it()
        self.assertEqual(done.returncode, 0, done.stderr)
        by_bench = [command for command in self.commands() if command[0] == "bench"]
        self.assertEqual(len(by_bench), 3)
        for command in by_bench:
            self.assertEqual(command[command.index("--runs") + 1], "5")
            self.assertNotIn("--pin", command)
        names = {"baseline", "burst", "shipped-million-levels-ten-clients", "parts", "program"}
        self.assertEqual({path.name for path in (self.root / "docs/benchmarks").iterdir()}, {f"{name}.json" for name in names})
        for name in names:
            self.assertNotIn("somebody", (self.root / f"docs/benchmarks/{name}.json").read_text())
        self.assertIn("| 16.1 |", (self.root / "README.md").read_text())
        self.assertIn("docs/benchmarks/burst.json", (self.root / "docs/latency.md").read_text())
        self.assertRegex(done.stdout, r"baseline: took \d+ s")

    def test_a_run_that_fails_leaves_the_old_file(self):
        self.assertEqual(self.run_it().returncode, 0)
        done = self.run_it("--only", "burst", fails="--burst")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("run-benchmarks: ", done.stderr)
        json.loads((self.root / "docs/benchmarks/burst.json").read_text())
        self.assertEqual(len(list((self.root / "docs/benchmarks").iterdir())), 5)

    def test_one_file_alone(self):
        self.assertEqual(self.run_it("--only", "baseline", "--runs", "1", "--pin").returncode, 0)
        self.assertIn("--pin", self.commands()[0])
        self.assertEqual([path.name for path in (self.root / "docs/benchmarks").iterdir()], ["baseline.json"])


if __name__ == "__main__":
    unittest.main()

"""yagura bench on the real program: counts, files, refusals, and that no process is left behind."""

import json
import os
import pathlib
import signal
import unittest

from support import AcceptanceTest, eventually


def children(pid):
    """Processes whose parent is `pid`."""
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            stat = (entry / "stat").read_text()
        except OSError:
            continue
        if int(stat.rpartition(")")[2].split()[1]) == pid:
            found.append(int(entry.name))
    return found


def alive(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


class Bench(AcceptanceTest):
    def setUp(self):
        super().setUp()
        self.scratch = self.dir / "scratch"
        self.scratch.mkdir()
        self.env["TMPDIR"] = str(self.scratch)

    def bench(self, *arguments, code=0):
        done = self.run_yagura("bench", *arguments, seconds=120)
        self.assertEqual(done.code, code, done)
        return done

    def test_counts_every_alert_it_asked_for(self):
        out = self.dir / "out.json"
        page = out.with_suffix(".html")
        done = self.bench("--seconds", 1, "--rate", 2000, "--json", out, "--html", page, "--hgrm", out.with_suffix(""))
        self.assertIn("response", done.out)
        self.assertIn("Hiccups of the machine", done.out)
        report = json.loads(out.read_text())
        self.assertEqual(report["v"], 1)
        self.assertEqual(report["input"]["rules"], "shipped")
        figures = report["paths"]["yagura"]["latency_us"]["2000"]
        self.assertEqual(figures["count"], 200)
        self.assertLessEqual(figures["p50"], figures["p99"])
        self.assertLessEqual(figures["p99"], figures["max"])
        self.assertGreater(report["input"]["alert_bytes"], 500)
        stages = report["paths"]["yagura"]["stages_us"]["2000"]
        self.assertEqual(stages["parsed"]["count"], 2000)
        self.assertEqual(stages["decided"]["count"], 2000)
        self.assertEqual(stages["wire_in"]["count"], 200)
        self.assertGreaterEqual(stages["on_the_wire"]["count"], 200)
        self.assertEqual(report["rounds"][0]["sent"], 2000)
        self.assertIn("<svg", page.read_text())
        self.assertTrue((out.with_suffix("") / "yagura-2000-response.hgrm").exists())
        self.assertEqual(list(self.scratch.iterdir()), [])
        same = self.bench("compare", out, out)
        self.assertIn("too few runs to tell", same.out)

    def test_measures_saturation_and_the_same_work(self):
        done = self.bench("--speed", "max", "--rules", "same_work", "--wait", "block", "--workers", 0, "--json", "-")
        report = json.loads(done.out)
        self.assertGreater(report["paths"]["yagura"]["saturation_per_s"], 10_000)

    def test_says_in_one_line_what_is_wrong(self):
        for arguments, code, said in (
            (("--rate", "0"), 2, "--rate 0: must be a number from 1"),
            (("--seconds", "x"), 2, "--seconds x: must be"),
            (("--speed", "2", "--rate", "5"), 2, "--speed and --rate"),
            (("--rules", "mine"), 2, "--rules mine: must be shipped or same_work"),
            (("NI225=/nowhere.csv",), 2, "/nowhere.csv"),
            (("--json", "/nowhere/out.json"), 1, "--json /nowhere/out.json: cannot be written"),
            (("--html", str(self.dir)), 1, f"--html {self.dir}: cannot be written"),
            (("compare", "/nowhere.json", "/nowhere.json"), 3, "/nowhere.json: cannot be read"),
        ):
            with self.subTest(arguments):
                done = self.bench(*arguments, code=code)
                self.assertIn(said, done.err)
                self.assertEqual(len(done.err.strip().splitlines()), 1, done.err)

    def leaves_nothing(self, how):
        bench = self.start("bench", "--seconds", 60, "--rate", 100)
        monitor = eventually(lambda: children(bench.pid), "a monitor to be started")[0]
        eventually(lambda: any(self.scratch.glob("*/yagura/state/journal.db")), "it to be running")
        os.kill(bench.pid, how)
        code = bench.process.wait(20)
        eventually(lambda: not alive(monitor), "the monitor to be gone")
        return code

    def test_an_interrupt_ends_the_monitor_and_removes_its_files(self):
        self.assertEqual(self.leaves_nothing(signal.SIGINT), 1)
        self.assertEqual(list(self.scratch.iterdir()), [])

    def test_the_monitor_does_not_outlive_a_bench_that_is_killed(self):
        self.leaves_nothing(signal.SIGKILL)


if __name__ == "__main__":
    unittest.main()

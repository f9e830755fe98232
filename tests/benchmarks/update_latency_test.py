"""docs/update-latency: the tables of README.md and docs/latency.md are what the files of docs/benchmarks/ say."""

import copy
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "docs/update-latency"


def figures(p50, p99):
    return {"p50": p50, "p90": p50 * 1.1, "p99": p99, "p999": p99 * 10, "p9999": p99 * 20, "max": 4321.0, "count": 15000, "sent_late": 3,
            "ranges": {"p50": [p50 * 0.9, p50 * 1.2], "p90": [1.0, 2.0], "p99": [p99 * 0.8, p99 * 1.5], "p999": [1, 9000.0]}}  # fmt: skip


def path(wait, workers, p50, p99, saturation, **more):
    return {"wait": wait, "workers": workers, "latency_us": {"10000": figures(p50, p99), "50000": figures(p50 + 1, p99 + 1)},
            "saturation_per_s": saturation, "saturation_range": [saturation * 0.9, saturation * 1.1], "highest_rate_per_s": None, **more}  # fmt: skip


def ratios(p50, p99, saturation):
    of = {}
    for other in ("floor", "beast", "node"):
        of |= {f"p50_vs_{other}": p50, f"p99_vs_{other}": p99}
    of["ranges"] = {key: [value - 0.01, value + 0.01] for key, value in of.items()}
    ends = {"saturation_vs_bare": saturation, "saturation_vs_beast": saturation * 10, "saturation_vs_node": saturation * 8}
    return {"10000": of, "50000": of, **ends}


def made_up():
    """As `yagura bench --baseline --json` writes it; every figure invented."""
    stages = {"10000": {name: figures(0.25, 0.75) for name in ("wire_in", "parsed", "decided", "on_the_wire", "tick")}}
    return {
        "v": 1, "tool": "yagura bench", "commit": "0123abc", "date": "2026-03-04T05:06:07Z",
        "host": {"cpu": "Made Up CPU", "cores": 2, "kernel": "Linux 6.1", "governor": None, "clocksource": "tsc", "hypervisor": True,
                 "compiler": "g++ 12.2", "build": "Release", "flags": "-O3", "load": [0.1, 0.2, 0.3]},
        "input": {"seconds": 3, "alert_every": 10, "alert_bytes": 1100, "pinning": "harness on core 0"}, "runs": 5,
        "paths": {
            "yagura": path("spin", 0, 16.12, 24.5, 4_300_000, stages_us=stages),
            "yagura_worker": path("spin", 1, 20, 30, 3_000_000),
            "yagura_block": path("block", 0, 41, 66, 4_100_000),
            "yagura_worker_block": path("block", 1, 45, 99, 2_000_000),
            "yagura_shipped": path("shipped", 0, 17, 29, 1_000_000, rules="shipped", stages_us=stages),
            "floor": path("spin", None, 15.5, 23, 26_800_000),
            "floor_block": path("block", None, 39.7, 60, 20_000_000),
            "beast_nlohmann": path("block", None, 52.5, 87, 530_000),
            "node_ws": {"skipped": "no node: apt-get install nodejs"},
        },
        "ratios": {"yagura": ratios(1.04, 1.08, 0.66), "yagura_worker": ratios(1.3, 1.4, 0.4), "yagura_block": ratios(0.9, 1.6, 0.6)},
        "hiccups": {"bound_us": 50, "idle": {"seconds": 2, "count": 10, "p99_us": 60, "max_us": 812.5, "lost_percent": 0.123},
                    "during": {"seconds": 100, "count": 900, "p99_us": 90, "max_us": 3456.0, "lost_percent": 1.5}},
    }  # fmt: skip


class Tables(unittest.TestCase):
    def setUp(self):
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="yagura-tables-"))
        self.addCleanup(shutil.rmtree, self.root)
        (self.root / "docs/benchmarks").mkdir(parents=True)
        (self.root / "README.md").write_text("# A\n<!-- latency -->\nold\n<!-- /latency -->\nend\n")
        (self.root / "docs/latency.md").write_text("# L\n<!-- latency -->\n<!-- /latency -->\nmiddle\n<!-- budgets -->\n<!-- /budgets -->\nend\n")
        self.data = made_up()

    def save(self, name="baseline", data=None):
        (self.root / f"docs/benchmarks/{name}.json").write_text(json.dumps(data or self.data))

    def update(self, *options, code=0):
        done = subprocess.run([sys.executable, SCRIPT, "--root", self.root, *options], capture_output=True, text=True, timeout=30, check=False)
        self.assertEqual(done.returncode, code, done.stderr)
        return done.stderr

    def updated(self):
        self.update()
        return (self.root / "README.md").read_text(), (self.root / "docs/latency.md").read_text()

    def row(self, text, start):
        rows = [line for line in text.splitlines() if line.startswith(f"| {start}")]
        self.assertEqual(len(rows), 1, f"{start}: {rows}")
        return [cell.strip() for cell in rows[0].strip("|").split("|")]

    def test_the_readme_says_what_the_file_says(self):
        self.save()
        readme, _ = self.updated()
        self.assertEqual(self.row(readme, '**Yagura**, `wait = "spin"`')[1:], ["16.1", "17.7", "24.5", "245", "1.04 / 1.08", "4.30 M"])
        self.assertEqual(self.row(readme, "floor: the same")[1:], ["15.5", "17.1", "23.0", "230", "", "26.80 M"])
        self.assertEqual(self.row(readme, "Boost.Beast")[1:3], ["52.5", "57.8"])
        self.assertIn("Not run: Node `ws` + JSON.parse: no node: apt-get install nodejs.", readme)
        self.assertIn("Medians of 5 runs", readme)
        self.assertIn("stood still for up to 3.5 ms", readme)
        self.assertIn("Made Up CPU, 2 virtual cores, Linux 6.1, no governor to be seen, clock tsc, g++ 12.2 Release, pinning: harness on core 0; load 0.10, 0.20, 0.30; commit 0123abc, 2026-03-04.", readme)
        self.assertTrue(readme.startswith("# A\n") and readme.endswith("<!-- /latency -->\nend\n"))
        self.assertNotIn("old", readme)

    def test_each_rate_its_ratios_stages_and_saturation(self):
        self.save()
        _, latency = self.updated()
        self.assertEqual(latency.count("| 10,000 ticks/s |"), 1)
        self.assertEqual(latency.count("| 50,000 ticks/s |"), 1)
        self.assertIn("16.1 (14.5–19.3)", latency)
        self.assertIn("| 1.04 (1.03–1.05) | 1.08 (1.07–1.09) |", latency)
        self.assertIn("| 4.30 M (3.87 M–4.73 M) | 0.66 | 6.60 | 5.28 |", latency)
        self.assertIn("| 0.25 / 0.75 |", latency)
        self.assertIn("idle 5 a second, the longest 812 µs, 0.12 % of the time lost", latency)

    def test_budgets_are_judged_by_the_figures(self):
        self.save()
        _, latency = self.updated()
        verdict = lambda start: self.row(latency, start)[-1]
        self.assertEqual(verdict("p50 to the floor, one thread, spinning"), "reached, with room")  # 1.04
        self.assertEqual(verdict("p50 to the floor, a detector thread, spinning"), "reached")  # 1.3
        self.assertEqual(verdict("p99 to the floor, one thread, blocking"), "**missed**")  # 1.6
        self.assertEqual(verdict("p50 to the floor, a detector thread, blocking"), "not measured")
        self.assertEqual(verdict("p99 to Node `ws`, blocking"), "**missed**")
        self.assertEqual(verdict("saturation to bare"), "reached, with room")  # 0.66
        self.assertEqual(verdict("saturation to Beast"), "reached")  # 6.6
        self.assertEqual(verdict("saturation to Node"), "reached")  # 5.28
        self.assertEqual(verdict("frame complete to decided on the feed's thread"), "reached, with room")  # 0.25
        self.assertEqual(verdict("frame complete to decided on a thread"), "not measured")

    def test_one_rate_that_misses_is_a_miss(self):
        self.data["ratios"]["yagura"]["50000"] = {"p50_vs_floor": 1.16}
        self.save()
        self.assertEqual(self.row(self.updated()[1], "p50 to the floor, one thread, spinning")[-2:], ["10k: 1.04, 50k: 1.16", "**missed**"])

    def test_budgets_of_parts_and_of_the_whole(self):
        def median(name, **values):
            return {"run_name": name, "aggregate_name": "median", "time_unit": "ns", **values}

        self.save()
        self.save("parts", {"benchmarks": [
            median("BM_Decode/native", cpu_time=140.4), median("BM_Decode/gmo", cpu_time=151), {**median("BM_Decode/gmo", cpu_time=1), "aggregate_name": "min"},
            median("BM_Decode/yahoo", cpu_time=250), median("BM_Monitor/both", cpu_time=9e9, tick=7.9e-8),
            median("BM_LevelsFar/levels:10", tick=1e-8), median("BM_LevelsFar/levels:1000000", tick=1.1e-8),
        ]})  # fmt: skip
        self.save("program", {"memory_mb": {"shipped": 39.9, "many_levels": 110.1}, "backtest": {"ratio": 0.51}})
        _, latency = self.updated()
        ends = lambda start: self.row(latency.replace("\\|", "¦"), start)[-2:]
        self.assertEqual(ends("decode a frame, ns"), ["native: 140, gmo: 151", "**missed**"])
        self.assertEqual(ends("decode a frame of Yahoo's"), ["250", "reached"])
        self.assertEqual(ends("all shipped rules"), ["79", "reached, with room"])
        self.assertEqual(ends("a tick with a million levels"), ["1.10", "reached"])
        self.assertEqual(ends("a level added"), ["-", "not measured"])
        self.assertEqual(ends("backtest"), ["0.51", "reached"])
        self.assertEqual(ends("memory as shipped"), ["39.9", "reached"])
        self.assertEqual(ends("memory with a million"), ["110.1", "**missed**"])

    def test_a_busy_machine_is_said_to_be_one(self):
        self.save()
        self.assertNotIn("busy with something else", self.updated()[1])
        self.data["hiccups"]["during"]["lost_percent"] = 60.8
        self.save()
        self.assertIn("busy with something else", self.updated()[1])

    def test_one_run_has_no_range(self):
        of = self.data["paths"]["floor"]["latency_us"]["10000"]
        of["ranges"] = {key: [value, value] for key, value in of.items() if key.startswith("p")}
        self.save()
        self.assertEqual(self.row(self.updated()[1].split("50,000 ticks/s")[0], "floor: the same")[1:5], ["15.5", "17.1", "23.0", "230"])

    def test_several_files(self):
        self.save()
        self.save("burst", {**copy.deepcopy(self.data), "commit": "of-the-burst"})
        _, latency = self.updated()
        self.assertLess(latency.index("`docs/benchmarks/baseline.json`"), latency.index("`docs/benchmarks/burst.json`"))
        self.assertIn("commit of-the-burst", latency)

    def test_check_sees_every_change_and_makes_none(self):
        self.save()
        self.update()
        self.update("--check")
        self.data["paths"]["floor"]["latency_us"]["10000"]["p50"] = 15.6
        self.save()
        said = self.update("--check", code=1)
        self.assertIn("README.md: not what docs/benchmarks/ says", said)
        self.assertIn("docs/latency.md: not what", said)
        readme = self.root / "README.md"
        self.update()
        readme.write_text(readme.read_text().replace("15.6", "15.5"))  # typed by hand
        self.update("--check", code=1)

    def test_updating_twice_changes_nothing(self):
        self.save()
        self.assertEqual(self.updated(), self.updated())

    def test_without_files_nothing_is_touched(self):
        before = (self.root / "README.md").read_text()
        self.assertIn("no figures yet", self.update())
        self.assertEqual((self.root / "README.md").read_text(), before)

    def test_files_that_are_something_else(self):
        for text, problem in (("{", "not JSON"), ('{"v": 2}', "not written by `yagura bench --json`"), ('{"v":1,"tool":"yagura bench"}', "has no 'commit'")):
            (self.root / "docs/benchmarks/burst.json").write_text(text)
            self.assertRegex(self.update(code=1), f"update-latency: .*burst.json: {problem}")

    def test_documents_without_their_markers(self):
        self.save()
        (self.root / "README.md").write_text("# A\n")
        self.assertIn("README.md: needs <!-- latency --> and <!-- /latency --> once each", self.update(code=1))


class Repository(unittest.TestCase):
    def test_its_tables_are_up_to_date(self):
        done = subprocess.run([SCRIPT, "--check"], capture_output=True, text=True, timeout=30, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_its_documents_have_the_markers(self):
        for name, markers in (("README.md", ["latency"]), ("docs/latency.md", ["latency", "budgets"])):
            for marker in markers:
                self.assertEqual((ROOT / name).read_text().count(f"<!-- {marker} -->"), 1, f"{marker} in {name}")


if __name__ == "__main__":
    unittest.main()

"""`yagura backtest` against the slow and obvious model, on random days and random rules: every field
of every alert that the rules define, in order."""

import json
import os
import pathlib
import re
import subprocess
import sys
import unittest

from support import ROOT, AcceptanceTest

HERE = pathlib.Path(__file__).resolve().parent
SHARED = pathlib.Path(os.environ.get("YAGURA_SHARED", ROOT.parent / "shared"))
# docs/testing.md says how to run more.
SEEDS = [int(s) for s in os.environ.get("YAGURA_SEEDS", "1 6 17 23 44 49 52 71").split()]


def rules_the_model_knows(config):
    """The configuration without rules that the model does not speak of; the others' alerts do not depend on them."""
    tables = re.split(r"(?m)^(?=\[)", config)
    known = re.compile(r'(?m)^kind *= *"(milestone|level|record|move)"')
    kept = [table for table in tables if not table.startswith("[[rule]]") or known.search(table)]
    kept = [table for table in kept if "\nseries" not in table and not table.startswith(("[delivery", "[calendar"))]
    return re.sub(r"(?m)^min_z *=.*$", "", "".join(kept))


class AgainstTheModel(AcceptanceTest):
    def python(self, script, *arguments):
        done = subprocess.run([sys.executable, str(HERE / script), *map(str, arguments)], cwd=self.dir, capture_output=True, text=True, timeout=300, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)

    def compare(self, config, history, sources, label):
        options = [word for argument in history for word in ("--history", argument)]
        self.python("reference_model.py", "--config", config, "--lenient", "--alerts", "model.jsonl", *options, *sources)
        for argument in history:
            symbol, file = argument.split("=", 1)
            imported = self.run_yagura("import", "--config", self.dir / config, "--instrument", symbol, self.dir / file)
            self.assertEqual(imported.code, 0, imported)
        absolute = [f"{s.split('=', 1)[0]}={self.dir / s.split('=', 1)[1]}" for s in sources]
        ran = self.run_yagura("backtest", "--config", self.dir / config, "--lenient", "--alerts", self.dir / "yagura.jsonl", *absolute, seconds=60)
        self.assertEqual(ran.code, 0, ran)
        self.same((self.dir / "model.jsonl").read_text(), (self.dir / "yagura.jsonl").read_text(), label)

    def same(self, model_text, yagura_text, label):
        model = [json.loads(line) for line in model_text.splitlines()]
        ours = [json.loads(line) for line in yagura_text.splitlines()]
        seq_of = {alert["id"]: alert["seq"] for alert in ours}
        self.assertEqual(len(seq_of), len(ours), f"{label}: an id twice")
        for expected, alert in zip(model, ours):
            if "parent" in alert:
                alert["parent_seq"] = seq_of.get(alert["parent"])
            for key in ("previous", "parent_seq"):
                self.assertEqual(key in alert, key in expected, f"{label}: {key} of {alert}")
            self.assertEqual({key: alert.get(key) for key in expected}, expected, label)
        self.assertEqual(len(ours), len(model), f"{label}: number of alerts")
        self.assertGreater(len(model), 0, f"{label}: nothing fired, nothing shown")

    def test_random_days(self):
        for seed in SEEDS:
            with self.subTest(seed=seed):
                self.setUp()
                self.python("random_days.py", "--seed", seed, "--out", self.dir)
                arguments = [line.split(" ", 1) for line in (self.dir / "args.txt").read_text().splitlines() if line]
                history = [value for kind, value in arguments if kind == "history"]
                sources = [value for kind, value in arguments if kind == "source"]
                self.compare("config.toml", history, sources, f"seed {seed}")

    @unittest.skipUnless((SHARED / "data").is_dir(), "no folder of real market data (YAGURA_SHARED)")
    def test_real_days(self):
        (self.dir / "data").symlink_to(SHARED / "data")
        (self.dir / "real.toml").write_text(rules_the_model_knows((ROOT / "config/yagura.toml").read_text()))
        history = ["NI225=data/nikkei225_daily_1965-2026.csv.gz"]
        for file in ("NI225=data/jp225cfd_5m_20260209.csv.gz", "NI225=data/nikkei225_1m_20210114.csv.gz", "USDJPY=data/usdjpy_1m_bidask_201302.csv.gz"):
            self.compare("real.toml", history, [file], file)

    def test_the_model_checks_itself(self):
        self.python("reference_model.py", "--selfcheck")


if __name__ == "__main__":
    unittest.main()

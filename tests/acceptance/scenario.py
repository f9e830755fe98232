"""The bundled scenario as input of acceptance tests: a file of ticks, its history, a configuration."""

import json
import re

from support import ROOT

RULES = re.search(r"(?s)# ---- What to say.*?(?=# ---- How it runs)", (ROOT / "config/yagura.toml").read_text())[0]
HISTORY = ROOT / "config/scenarios/2026-02-rally-history.csv"


def configuration(feeds, *, pipeline='on_full = "wait"'):
    """The shipped rules on other feeds: name -> (vendor, port, ours, theirs)."""
    text = ""
    for name, (vendor, port, ours, theirs) in feeds.items():
        text += f'[[feed]]\nname = "{name}"\nvendor = "{vendor}"\nurl = "ws://127.0.0.1:{port}"\n'
        text += f'symbols = {{ {ours} = "{theirs}" }}\n'
    return text + f"[pipeline]\n{pipeline}\n" + RULES


def alerts_in(text):
    return [json.loads(line) for line in text.splitlines() if line]


def make_scenario(test):
    """Simulates the scenario into a CSV of `test` and imports its history; gives the file."""
    ticks = test.dir / "scenario.csv"
    made = test.run_yagura("simulate", "--out", ticks, seconds=60)
    test.assertEqual(made.code, 0, made)
    imported = test.run_yagura("import", "--instrument", "NI225", HISTORY)
    test.assertEqual(imported.code, 0, imported)
    return ticks


def backtest(test, config, *sources):
    out = test.dir / "backtest.jsonl"
    ran = test.run_yagura("backtest", "--config", config, "--alerts", out, *sources, seconds=120)
    test.assertEqual(ran.code, 0, ran)
    return alerts_in(out.read_text())

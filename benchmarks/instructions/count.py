#!/usr/bin/env python3
"""Instructions per operation, by valgrind's callgrind, against the stored table (benchmarks/instructions.json).

    benchmarks/instructions/count.py PROGRAM...            # compare: fails when an operation costs more than it did
    benchmarks/instructions/count.py --store PROGRAM...    # these are the numbers from now on

PROGRAM is yagura_instructions of a build tree; each build type has numbers of its own. All of them anew:

    cmake --build --preset dev --target yagura_instructions && cmake --build --preset bench --target yagura_instructions &&
    benchmarks/instructions/count.py --store build/dev/yagura_instructions build/bench/yagura_instructions

 Counts do not depend on
the load of the machine, but on compiler and processor: where those are not the stored ones, nothing is compared
(exit code 77, a skipped test). valgrind 3.19 knows no AVX-512, so simdjson, fmt and glibc take their AVX2 ways
under it on any machine that has AVX2."""

import argparse
import datetime
import json
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
TABLE = ROOT / "benchmarks/instructions.json"
TOLERANCE = 2.0  # percent; an operation of the table may have its own under "tolerances"
SKIPPED = 77


def skip(why):
    print(f"skipped: {why}")
    sys.exit(SKIPPED)


def valgrind_version():
    try:
        return subprocess.run(["valgrind", "--version"], capture_output=True, text=True, check=True).stdout.strip()
    except FileNotFoundError:
        skip("valgrind is not installed")


def run(program):
    """What the program says of itself, and instructions per operation by case."""
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder) / "callgrind"
        command = ["valgrind", "-q", "--tool=callgrind", "--instr-atstart=no", "--collect-atstart=no", f"--callgrind-out-file={out}", "--combine-dumps=yes", program]
        ran = subprocess.run(command, capture_output=True, text=True)
        if ran.returncode != 0 or not ran.stdout.endswith("done\n"):
            sys.exit(f"{program}: exit code {ran.returncode}\n{ran.stderr}")
        dumps = out.read_text(errors="replace")
    lines = [line.split(" ", 1) for line in ran.stdout.splitlines()[:-1]]
    about = {key: value for key, value in lines[:2]}
    totals = {}
    for part in re.split(r"^part: ", dumps, flags=re.MULTILINE)[1:]:
        name = re.search(r"^desc: Trigger: Client Request: (.+)$", part, re.MULTILINE)
        if name:
            totals[name[1]] = int(re.search(r"^totals: (\d+)", part, re.MULTILINE)[1])
    return about, {name: round(totals[name] / int(count), 1) for name, count in lines[2:]}


def host():
    flags = re.search(r"^flags\s*:(.*)$", pathlib.Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    return "x86-64 with AVX2" if flags and " avx2 " in flags[1] + " " else "other"


def commit():
    def git(*what):
        return subprocess.run(["git", "-C", str(ROOT), *what], capture_output=True, text=True).stdout.strip()

    return git("rev-parse", "--short=12", "HEAD") + ("+" if git("status", "--porcelain", "--untracked-files=no", "--", ".", ":!docs", ":!benchmarks/instructions.json") else "")


def store(table, conditions, build, counts):
    row = {"commit": commit(), "date": datetime.date.today().isoformat(), "counts": counts}
    rows = [old for old in table["builds"].get(build, {}).get("history", []) if old["commit"].rstrip("+") != row["commit"].rstrip("+")]
    table["builds"][build] = {**conditions, "history": rows + [row]}
    table["builds"] = dict(sorted(table["builds"].items()))
    text = json.dumps(table, indent=1)
    TABLE.write_text(re.sub(r'("counts": )\{([^}]*)\}', lambda m: m[1] + "{" + " ".join(m[2].split()) + "}", text) + "\n")


def compare(table, stored, counts):
    """Says what changed; gives what must not pass: what costs more, and what is not in both."""
    before = stored["history"][-1]
    worse, better, unknown = [], [], sorted(set(before["counts"]) ^ set(counts))
    for name in sorted(set(before["counts"]) & set(counts)):
        old, new = before["counts"][name], counts[name]
        change = 100 * (new - old) / old
        line = f"{name}: {new:,.1f} instructions, {old:,.1f} at {before['commit']} ({change:+.1f} %)"
        limit = table.get("tolerances", {}).get(name, TOLERANCE)
        (worse if change > limit else better if change < -limit else []).append(line)
    for title, lines in (("costs more", worse), ("costs less: store it", better), ("stored or measured, not both: store", unknown)):
        for line in lines:
            print(f"{title}: {line}")
    return worse + unknown


def take(program, storing):
    """One program's numbers, stored or compared; lines for people when something is wrong."""
    table = json.loads(TABLE.read_text()) if TABLE.exists() else {"builds": {}}
    valgrind = valgrind_version()
    about, counts = run(str(program.resolve()))
    conditions = {"compiler": about["compiler"], "valgrind": valgrind, "host": host()}
    build = about["build"]
    print(f"{build}, {about['compiler']}, {valgrind}")
    for name, count in counts.items():
        print(f"{name:24} {count:12,.1f}")
    if storing:
        store(table, conditions, build, counts)
        return []
    stored = table["builds"].get(build)
    if not stored:
        skip(f"no numbers of a {build} build are stored")
    for key, value in conditions.items():
        if stored[key] != value:
            skip(f"{key} is '{value}', the stored numbers are of '{stored[key]}'")
    return compare(table, stored, counts)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("programs", type=pathlib.Path, nargs="+", metavar="PROGRAM")
    parser.add_argument("--store", action="store_true")
    arguments = parser.parse_args()
    wrong = [line for program in arguments.programs for line in take(program, arguments.store)]
    if wrong:
        sys.exit(f"\nIf that is meant: benchmarks/instructions/count.py --store {' '.join(map(str, arguments.programs))}")


if __name__ == "__main__":
    main()

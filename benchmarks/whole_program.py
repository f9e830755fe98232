#!/usr/bin/env python3
"""The program as a whole: memory it takes with the shipped settings and with a million levels, and how fast it
backtests a file of ticks beside what `zcat | wc -l` needs for the same file. Prints both; --json keeps them.

    benchmarks/whole_program.py [--binary build/release/yagura] [--ticks 2000000] [--levels 1000000] [--json OUT]

Backtests are compared by processor time of one core, which busy neighbours disturb least; runs alternate."""

import argparse
import gzip
import json
import os
import pathlib
import random
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests/acceptance"))

FEED = """
[[feed]]
name = "feed"
vendor = "native"
url = "{url}"
symbols = {{ USDJPY = "USDJPY", NI225 = "NI225" }}
"""
LEVELS = """
[[rule]]
id = "many-levels"
kind = "level"
instrument = "USDJPY"
levels_file = "{file}"
"""


def shipped_settings():
    """config/yagura.toml without its feeds."""
    return re.sub(r"(?ms)^\[\[feed\]\].*?(?=^\[|\Z)", "", (ROOT / "config/yagura.toml").read_text())


def resident_mb(pid):
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+) kB", status)[1]) / 1024


def memory(binary, levels, ticks=20_000):
    """MB of a monitor that has taken some ticks of both instruments."""
    os.environ["YAGURA_BIN"] = binary
    from support import FeedServer, Monitor, environment, eventually, native_tick

    def talk(socket):
        socket.receive()
        for i in range(ticks):
            socket.send(native_tick("USDJPY", f"150.{i % 7:03}", i) if i % 2 else native_tick("NI225", f"57000.{i % 7}", i))
        socket.receive(600)

    with tempfile.TemporaryDirectory(prefix="yagura-memory-") as name, FeedServer(talk) as feed:
        folder = pathlib.Path(name)
        text = shipped_settings() + FEED.format(url=feed.url)
        if levels:
            file = folder / "levels.csv"
            file.write_text("".join(f"{1000 + i // 1000}.{i % 1000:03}\n" for i in range(levels)))
            text += LEVELS.format(file=file)
        (folder / "all.toml").write_text(text)
        with Monitor(environment(folder, YAGURA_STATE_DIR=folder / "state"), "--config", str(folder / "all.toml"), "--plain") as monitor:
            monitor.await_err("Console: ", 120)
            eventually(lambda: monitor.feed("feed")["ticks"] >= ticks, "all ticks taken", 120)
            return resident_mb(monitor.process.pid)


def write_ticks(file, count):
    """A random walk of the yen, five quotes a second."""
    random_ = random.Random(7)
    bid, at = 150_000, 1_770_595_200_000_000_000
    with gzip.open(file, "wt", compresslevel=6) as out:
        out.write("ts_ns,bid,ask\n")
        for _ in range(count):
            at += 200_000_000
            bid += random_.randint(-2, 2)
            out.write(f"{at},{bid // 1000}.{bid % 1000:03},{(bid + 3) // 1000}.{(bid + 3) % 1000:03}\n")


def processor_seconds(*command):
    """Of a command and its children."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def backtest(binary, ticks, runs=5):
    with tempfile.TemporaryDirectory(prefix="yagura-backtest-") as name:
        file = pathlib.Path(name) / "ticks.csv.gz"
        write_ticks(file, ticks)
        ours, theirs = [], []
        for _ in range(runs):
            theirs.append(ticks / processor_seconds("sh", "-c", f"zcat {file} | wc -l"))
            ours.append(ticks / processor_seconds(binary, "backtest", f"USDJPY={file}"))
    ratios = [a / b for a, b in zip(ours, theirs)]
    return {
        "ticks": ticks, "runs": runs, "ticks_per_s": round(statistics.median(ours)), "lines_per_s": round(statistics.median(theirs)),
        "ratio": round(statistics.median(ratios), 3), "ratio_range": [round(min(ratios), 3), round(max(ratios), 3)],
    }  # fmt: skip


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    options.add_argument("--binary", default=str(ROOT / "build/release/yagura"))
    options.add_argument("--ticks", type=int, default=2_000_000)
    options.add_argument("--levels", type=int, default=1_000_000)
    options.add_argument("--json", type=pathlib.Path)
    chosen = options.parse_args()
    version = subprocess.run([chosen.binary, "version"], capture_output=True, text=True, check=True).stdout.split("\n")[0]
    figures = {
        "v": 1, "tool": "whole_program", "version": version, "date": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "memory_mb": {"shipped": round(memory(chosen.binary, 0), 1), "many_levels": round(memory(chosen.binary, chosen.levels), 1), "levels": chosen.levels},
        "backtest": backtest(chosen.binary, chosen.ticks),
    }  # fmt: skip
    if chosen.json:
        chosen.json.write_text(json.dumps(figures, indent=1) + "\n")
    print(f"{version}; load {os.getloadavg()[0]:.1f}")
    print(f"memory: {figures['memory_mb']['shipped']} MB as shipped, {figures['memory_mb']['many_levels']} MB with {chosen.levels:,} levels")
    print("backtest: {ticks_per_s:,} ticks/s, zcat | wc -l {lines_per_s:,} lines/s, ratio {ratio} {ratio_range}".format(**figures["backtest"]))


if __name__ == "__main__":
    main()

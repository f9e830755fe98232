#!/usr/bin/env python3
"""How late people are: from the decision to a WebSocket client and to the first attempt at a sink, on the
real program over loopback, while a feed sends at a constant rate. Prints one table with its conditions.

    benchmarks/delivery_latency.py [--rate 10000] [--seconds 20] [--binary build/release/yagura]

`ts_decided_ns` is the wall clock's reading at the decision; a client here is a Python thread on the same
machine, so what it measures contains its own waking. `hand_over` is the program's own steady-clock figure:
decision to written, the console's clients first."""

import argparse
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests/acceptance"), str(ROOT / "tests/support")]

CONFIG = """
[instrument.USDJPY]
calendar = "always"
filter = false
[[feed]]
name = "feed"
vendor = "native"
url = "ws://127.0.0.1:{port}"
symbols = {{ USDJPY = "USDJPY" }}
[pipeline]
future_limit = "off"
[[rule]]
id = "yen"
kind = "milestone"
instrument = "USDJPY"
step = "1"
rearm = "0.1"
cooldown = "0s"
[[sink]]
name = "hook"
kind = "webhook"
url = "{url}"
"""


def ticks(rate, seconds, every):
    """A price that crosses a level `every` seconds, up and down in turn."""
    start = time.time_ns() + 1_500_000_000
    step = 10**9 // rate
    rows = ["ts_ns,price"]
    for i in range(rate * seconds):
        side = int(i / rate / every) % 2
        rows.append(f"{start + i * step},{150 + side}.{500 + i % 7:03}")
    return "\n".join(rows) + "\n"


def percentiles(values):
    values = sorted(values)
    at = lambda p: values[min(len(values) - 1, int(len(values) * p / 100))]
    return f"{len(values):>7} {at(50):>10.3f} {at(99):>10.3f} {values[-1]:>10.3f}"


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--rate", type=int, default=10_000)
    options.add_argument("--seconds", type=int, default=20)
    options.add_argument("--binary", default=str(ROOT / "build/release/yagura"))
    chosen = options.parse_args()
    os.environ["YAGURA_BIN"] = chosen.binary
    from hook_server import HookServer
    from support import Monitor, Process, WebSocket, environment

    with tempfile.TemporaryDirectory(prefix="yagura-delivery-") as name:
        folder = pathlib.Path(name)
        (folder / "ticks.csv").write_text(ticks(chosen.rate, chosen.seconds, 0.05))
        env = environment(folder, YAGURA_STATE_DIR=folder / "state")
        hook = HookServer()
        with Process(["replay", "--as", "native", "--listen", "127.0.0.1:0", "--speed", "1", f"USDJPY={folder}/ticks.csv"], env) as feed:
            port = int(feed.await_err(r"on ws://127\.0\.0\.1:(\d+)", 60)[1])
            (folder / "bench.toml").write_text(CONFIG.format(port=port, url=hook.url))
            with Monitor(env, "--config", str(folder / "bench.toml"), "--json", stdout=subprocess.DEVNULL) as monitor:
                client = WebSocket.connect(monitor.address)
                seen = []

                def listen():
                    try:
                        while True:
                            message = client.receive(chosen.seconds + 10)
                            now = time.time_ns()
                            if message.get("type") == "alert":
                                seen.append((now - message["alert"]["ts_decided_ns"]) / 1e6)
                    except Exception:
                        return

                thread = threading.Thread(target=listen)
                thread.start()
                feed.await_err("replayed", chosen.seconds + 30)
                state = monitor.state()
                metrics = (monitor.stop(), monitor.err)[1]
                thread.join()
        attempts = [hit.at * 1e3 - hit.alert["ts_decided_ns"] / 1e6 for hit in hook.seen()]
        hook.close()

    cpu = re.search(r"model name\s*:\s*(.*)", pathlib.Path("/proc/cpuinfo").read_text())[1]
    version = subprocess.run([chosen.binary, "version"], capture_output=True, text=True).stdout.strip()
    table = re.search(r"hand_over +([\d,]+) +([\d.]+) +[\d.]+ +([\d.]+) +[\d.]+ +([\d.]+)", metrics)
    print(f"{cpu}, {os.cpu_count()} cores, Linux {os.uname().release}, {version}")
    print(f"{chosen.rate:,} ticks/s for {chosen.seconds} s, {state['feeds'][0]['ticks']:,} received; one WebSocket client, one webhook, Python, all on this machine; load {os.getloadavg()[0]:.1f}")
    print(f"{'milliseconds':<44} {'count':>7} {'p50':>10} {'p99':>10} {'max':>10}")
    count, *microseconds = table.groups()
    print(f"{'decided to written, by the program itself':<44} {count:>7} " + " ".join(f"{float(us) / 1000:>10.3f}" for us in microseconds))
    print(f"{'decided to read by a WebSocket client':<44} {percentiles(seen)}")
    print(f"{'decided to received by the webhook':<44} {percentiles(attempts)}")


if __name__ == "__main__":
    main()

"""Ticks over NATS: a relay beside the feeds, monitors that subscribe. vendor = "nats"."""

import json
import os
import pathlib
import sys
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests/acceptance"), str(ROOT / "tests/support")]

from fault_case import staircase  # noqa: E402
from nats_servers import PASSWORD, Nats  # noqa: E402
from support import AcceptanceTest, Monitor, eventually  # noqa: E402

INSTRUMENTS = """
[instrument.USDJPY]
calendar = "always"
filter = false
[pipeline]
future_limit = "off"
[[rule]]
id = "yen"
kind = "milestone"
instrument = "USDJPY"
step = "1"
cooldown = "0s"
"""
STEPS = 6


class TicksOverNats(AcceptanceTest):
    def setUp(self):
        super().setUp()
        self.env["NATS_PASSWORD"] = PASSWORD
        self.nats = Nats()
        self.addCleanup(self.nats.close)

    def relay(self, port):
        feed = f'[[feed]]\nname = "venue"\nvendor = "native"\nurl = "ws://127.0.0.1:{port}"\nsymbols = {{ USDJPY = "USDJPY" }}\n'
        config = self.write("relay.toml", feed + INSTRUMENTS + "[publish]\n" + self.nats.toml())
        relay = self.start("relay", "--config", config)
        relay.await_err("Yagura relay: 1 feed")
        return relay

    def monitor_of_nats(self, name):
        feed = (
            f'[[feed]]\nname = "bus"\nvendor = "nats"\nurl = "{self.nats.urls[0]}"\nuser = "desk"\npassword_env = "NATS_PASSWORD"\n'
            f'symbols = {{ USDJPY = "USDJPY" }}\n'
        )
        self.config = self.write(f"{name}.toml", feed + INSTRUMENTS)
        monitor = Monitor(self.env, "--config", self.config, "--state", self.dir / name, "--json")
        self.addCleanup(monitor.__exit__)
        return monitor

    def serve(self, seconds):
        self.file = self.write("yen.csv", staircase(150, STEPS, seconds, start=time.time() + 1.5))
        server = self.start("replay", "--as", "native", "--listen", "127.0.0.1:0", "--speed", "1", f"USDJPY={self.file}")
        return int(server.await_err(r"on ws://127\.0\.0\.1:(\d+)")[1])

    def ids(self, monitor):
        return [json.loads(line)["id"] for line in monitor.out.splitlines()]

    def wanted(self):
        out = self.dir / "backtest.jsonl"
        ran = self.run_yagura("backtest", "--config", self.config, "--state", self.dir / "none", "--alerts", out, f"USDJPY={self.file}")
        self.assertEqual(ran.code, 0, ran)
        return [json.loads(line)["id"] for line in out.read_text().splitlines()]

    def test_two_monitors_see_what_the_relay_sees(self):
        one, other = self.monitor_of_nats("one"), self.monitor_of_nats("other")
        for monitor in (one, other):
            monitor.await_err("Console")
        relay = self.relay(self.serve(0.5))
        for monitor in (one, other):
            eventually(lambda: len(self.ids(monitor)) >= STEPS - 1, lambda: f"{STEPS - 1} alerts; {monitor.out}\n{monitor.err}", 15)
        wanted = self.wanted()
        feed = one.feed("bus")
        self.assertEqual((feed["state"], feed["errors"]), ("LIVE", 0), feed)
        for monitor in (one, other):
            self.assertEqual(self.ids(monitor), wanted)
            self.assertEqual(monitor.stop(), 0)
        self.assertEqual(relay.stop(), 0, relay.err)
        self.assertIn(" 0 lost", relay.err)
        self.assertNotIn(PASSWORD, relay.err + one.err + other.err)

    def test_a_killed_server_is_a_gap_and_both_sides_come_back(self):
        monitor = self.monitor_of_nats("one")
        monitor.await_err("Console")
        relay = self.relay(self.serve(1.2))
        eventually(lambda: len(self.ids(monitor)) >= 1, lambda: monitor.out + monitor.err, 15)
        self.nats.servers[0].kill()
        eventually(lambda: monitor.feed("bus")["state"] != "LIVE", lambda: monitor.feed("bus"), 10)
        self.nats.servers[0].start()
        eventually(lambda: len(self.ids(monitor)) >= STEPS - 1, lambda: monitor.out + monitor.err, 20)
        self.assertEqual(self.ids(monitor), self.wanted(), "a level is crossed for good, however many ticks are lost")
        self.assertEqual(monitor.feed("bus")["state"], "LIVE")
        self.assertEqual(monitor.stop(), 0)
        self.assertEqual(relay.stop(), 0)
        self.assertRegex(relay.err, r"ticks published, [1-9]\d* lost")

    def test_a_wrong_password_is_said_and_tried_again_later(self):
        self.env["NATS_PASSWORD"] = "another"
        monitor = self.monitor_of_nats("one")
        row = eventually(lambda: (row := monitor.feed("bus"))["reason"] == "auth" and row, lambda: monitor.feed("bus"), 10)
        self.assertEqual(row["ticks"], 0)
        self.assertNotIn("another", monitor.err)

    def test_what_is_missing_is_named(self):
        config = self.write("empty.toml", INSTRUMENTS)
        for command, table in (("relay", "publish"), ("notify", "notify")):
            ran = self.run_yagura(command, "--config", config)
            self.assertEqual(ran.code, 2, ran)
            self.assertIn(f"[{table}]", ran.err)


if __name__ == "__main__":
    unittest.main()

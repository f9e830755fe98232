"""C7: alerts of two monitors meet in a JetStream stream while servers are frozen, killed, without a leader
or without a quorum; `yagura notify` takes them from there to a sink. None lost, each id once.
YAGURA_LONG=1 runs every row with 5,000 levels, 9,980 alerts; tests/faults/nats_sweep.sh repeats that."""

import json
import os
import pathlib
import sys
import threading
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests/acceptance"), str(ROOT / "tests/support")]

from nats_servers import PASSWORD, Nats  # noqa: E402
from support import AcceptanceTest, Monitor, eventually  # noqa: E402

LONG = bool(os.environ.get("YAGURA_LONG"))
CONFIG = """
[instrument.USDJPY]
calendar = "always"
filter = false
[[feed]]
name = "venue"
vendor = "native"
url = "ws://127.0.0.1:{port}"
symbols = {{ USDJPY = "USDJPY" }}
[pipeline]
future_limit = "off"
[[rule]]
id = "yen"
kind = "milestone"
instrument = "USDJPY"
step = "0.01"
cooldown = "0s"
[[sink]]
name = "meeting"
kind = "nats"
deliver = "filtered"
timeout = "2s"
{nats}
"""
NOTIFY = """
[notify]
{nats}
[[sink]]
name = "told"
kind = "file"
path = "{told}"
"""


def rising(count, spacing, start):
    """A level is passed with every row, for good."""
    rows = ["ts_ns,price"]
    for i in range(count + 1):
        rows.append(f"{int((start + i * spacing) * 1e9)},{150 + i // 100}.{i % 100:02}5")
    return "\n".join(rows) + "\n"


class AlertsOverNats(AcceptanceTest):
    def setUp(self):
        super().setUp()
        self.env["NATS_PASSWORD"] = PASSWORD

    def begin(self, servers, levels, seconds, monitors=2):
        """Two monitors, each with a feed of its own that says the same."""
        self.nats = Nats(servers)
        self.addCleanup(self.nats.close)
        self.file = self.write("yen.csv", rising(levels, seconds / levels, time.time() + 1.5))
        self.monitors = []
        for name in ("one", "other")[:monitors]:
            server = self.start("replay", "--as", "native", "--listen", "127.0.0.1:0", "--speed", "1", f"USDJPY={self.file}")
            port = int(server.await_err(r"on ws://127\.0\.0\.1:(\d+)")[1])
            config = self.write(f"{name}.toml", CONFIG.format(port=port, nats=self.nats.toml()))
            self.monitors.append(Monitor(self.env, "--config", config, "--state", self.dir / name, "--json"))
            self.addCleanup(self.monitors[-1].__exit__)
        self.config = config

    def start_notify(self):
        config = self.write("notify.toml", NOTIFY.format(nats=self.nats.toml(), told=self.dir / "told.jsonl"))
        notify = self.start("notify", "--config", config, "--state", self.dir / "notify")
        notify.await_err("Yagura notify: 1 sink")
        return notify

    def wanted(self):
        out = self.dir / "backtest.jsonl"
        ran = self.run_yagura("backtest", "--config", self.config, "--state", self.dir / "none", "--alerts", out, f"USDJPY={self.file}", seconds=60)
        self.assertEqual(ran.code, 0, ran)
        ids = [json.loads(line)["id"] for line in out.read_text().splitlines()]
        self.assertEqual(len(ids), len(set(ids)))
        return set(ids)

    def told(self):
        """Ids in the sink's file, without a line that is just being written."""
        try:
            text = (self.dir / "told.jsonl").read_text()
        except FileNotFoundError:
            return []
        return [json.loads(line)["id"] for line in text[: text.rfind("\n") + 1].splitlines()]

    def decided(self):
        return max(monitor.out.count("\n") for monitor in self.monitors)

    def await_decided(self, count, seconds=30):
        eventually(lambda: self.decided() >= count, lambda: f"{count} alerts: {self.decided()}", seconds)

    def await_stored(self, wanted, seconds):
        def count():
            try:
                return self.nats.stream(seconds=2)["state"]["messages"]
            except AssertionError:
                return 0

        eventually(lambda: count() >= wanted, lambda: f"{wanted} messages in the stream: {count()}", seconds)

    def check_stream(self, seconds=60):
        """Every id of the backtest once, under its subject, none else."""
        wanted = self.wanted()
        self.await_stored(len(wanted), seconds)
        stored = self.nats.stored()
        ids = [json.loads(payload)["id"] for _, payload in stored]
        self.assertEqual(len(ids), len(set(ids)), "an id is in the stream twice")
        self.assertEqual(set(ids), wanted)
        self.assertEqual({subject for subject, _ in stored}, {"yagura.alerts.USDJPY.milestone"})
        return len(ids)

    def end(self):
        for monitor in self.monitors:
            if monitor.running():
                self.assertEqual(monitor.stop(), 0, monitor.err)
            self.assertNotIn(PASSWORD, monitor.err)

    # -- Two monitors, one notify.

    def test_each_alert_goes_out_once_though_both_saw_it(self):
        self.begin(1, 60, 1.5)
        notify = self.start_notify()
        self.await_decided(60)
        wanted = self.wanted()
        eventually(lambda: len(self.told()) >= len(wanted), lambda: f"{len(self.told())} of {len(wanted)}; {notify.err}", 20)
        self.end()
        self.assertEqual(notify.stop(), 0, notify.err)
        self.assertEqual(sorted(self.told()), sorted(wanted))
        self.assertNotIn(PASSWORD, notify.err)

    def test_a_monitor_and_notify_are_killed_on_the_way(self):
        self.begin(1, 100, 2)
        notify = self.start_notify()
        eventually(lambda: len(self.told()) >= 15, "15 told", 20)
        self.monitors[0].process.kill()
        eventually(lambda: len(self.told()) >= 40, "40 told", 20)
        notify.process.kill()
        notify.process.wait()
        again = self.start_notify()
        wanted = self.wanted()
        eventually(lambda: set(self.told()) == wanted, lambda: f"{len(set(self.told()))} of {len(wanted)}; {again.err}", 30)
        self.end()
        self.assertEqual(again.stop(), 0, again.err)
        repeats = len(self.told()) - len(wanted)
        self.assertLessEqual(repeats, 1, "only what was in hand when notify died may come again")

    # -- One notify, sinks that do not work.

    def publish(self, client, payload):
        client.publish("yagura.alerts.USDJPY.milestone", payload)

    def alert(self, number):
        """One alert of a monitor's, as it is in the stream."""
        text = dict(self.sample, id=f"{number:032x}", seq=number)
        text.pop("parent", None)
        return json.dumps(text)

    def start_with_command(self, script):
        self.nats = Nats(1)
        self.addCleanup(self.nats.close)
        file = self.write("few.csv", rising(2, 1, time.time()))
        config = self.write("few.toml", CONFIG.format(port=1, nats=self.nats.toml()))
        out = self.dir / "few.jsonl"
        ran = self.run_yagura("backtest", "--config", config, "--alerts", out, f"USDJPY={file}")
        self.assertEqual(ran.code, 0, ran)
        self.sample = json.loads(out.read_text().splitlines()[0])
        command = self.write("sink.sh", "#!/bin/sh\n" + script)
        command.chmod(0o700)
        sink = f'[[sink]]\nname = "told"\nkind = "exec"\nrate = "off"\ncommand = ["{command}"]\n'
        self.notify_config = self.write("notify.toml", "[notify]\n" + self.nats.toml() + sink)
        notify = self.start("notify", "--config", self.notify_config, "--state", self.dir / "notify")
        self.nats.stream(seconds=20)  # made by notify
        return notify

    def dead_letters(self):
        try:
            return [json.loads(line) for line in (self.dir / "notify/dead-letters.jsonl").read_text().splitlines()]
        except FileNotFoundError:
            return []

    def test_a_failed_attempt_comes_again_and_holds_up_no_other(self):
        # The first alert fails twice.
        notify = self.start_with_command(
            f"cd {self.dir}; read line; case $line in *{1:032x}*) echo x >> tries; [ $(wc -l < tries) -gt 2 ] || exit 1;; esac; echo \"$line\" >> told.jsonl\n"
        )
        with self.nats.client() as client:
            for number in (1, 2, 3):
                self.publish(client, self.alert(number))
            eventually(lambda: len(self.told()) == 3, lambda: f"{self.told()}; {notify.err}", 20)
        self.assertEqual(self.told()[-1], f"{1:032x}")
        self.assertEqual(notify.stop(), 0)
        # With another time limit the consumer is the same one: nothing is told again.
        self.notify_config.write_text(self.notify_config.read_text() + 'timeout = "20s"\n')
        again = self.start("notify", "--config", self.notify_config, "--state", self.dir / "notify")
        with self.nats.client() as client:
            self.publish(client, self.alert(5))
        eventually(lambda: len(self.told()) == 4, lambda: f"{self.told()}; {again.err}", 20)
        self.assertEqual(again.stop(), 0)
        self.assertIn("3 delivered", notify.err)
        self.assertIn("2 attempts failed", notify.err)

    def test_what_is_no_alert_becomes_a_dead_letter_and_the_rest_goes_on(self):
        notify = self.start_with_command(f"cd {self.dir}; read line; echo \"$line\" >> told.jsonl\n")
        with self.nats.client() as client:
            for payload in ("no JSON\x1b[31m", '{"id":1}', "[" * 5000, self.alert(4)):
                self.publish(client, payload)
            eventually(lambda: self.told() == [f"{4:032x}"], lambda: f"{self.told()}; {notify.err}", 20)
        letters = self.dead_letters()
        self.assertEqual(len(letters), 3)
        self.assertEqual({letter["sink"] for letter in letters}, {"told"})
        self.assertEqual(letters[0]["text"], "no JSON\x1b[31m")
        self.assertEqual(notify.stop(), 0)
        self.assertNotIn("\x1b[31m", notify.err)

    def test_two_notify_processes_share_the_alerts(self):
        one = self.start_with_command(f"cd {self.dir}; read line; echo \"$line\" >> told.jsonl\n")
        other = self.start("notify", "--config", self.notify_config, "--state", self.dir / "other")
        other.await_err("1 sink")
        with self.nats.client() as client:
            for number in range(1, 61):
                self.publish(client, self.alert(number))
            eventually(lambda: len(self.told()) >= 60, lambda: f"{len(self.told())}; {one.err} {other.err}", 20)
        for notify in (one, other):
            self.assertEqual(notify.stop(), 0)
        self.assertEqual(sorted(self.told()), [f"{n:032x}" for n in range(1, 61)])

    # -- C7.

    def row(self, fault, servers=3, levels=None, seconds=None):
        levels = levels or (5000 if LONG else 200)
        seconds = seconds or (25 if LONG else 3)
        self.begin(servers, levels, seconds)
        notify = self.start_notify()
        self.await_decided(levels // 5)
        self.await_stored(1, 20)
        began = time.monotonic()
        fault()
        fault_seconds = time.monotonic() - began
        self.await_decided(levels, seconds + 30)
        stored = self.check_stream(90 if LONG else 40)
        eventually(lambda: len(self.told()) >= stored, lambda: f"{len(self.told())} of {stored} told; {notify.err}", 120 if LONG else 40)
        self.assertEqual(set(self.told()), self.wanted())
        self.assertEqual(len(self.told()), stored, "an alert was told twice")
        self.assertEqual(notify.stop(), 0, notify.err)
        print(f"\n{self.id().split('.')[-1]}: {stored} ids of two monitors, fault {fault_seconds:.1f} s, each stored and told once", flush=True)
        self.end()

    def test_leader_killed(self):
        def fault():
            self.nats.leader().kill()

        self.row(fault)

    @unittest.skipUnless(LONG, "YAGURA_LONG=1")
    def test_leader_frozen_and_back(self):
        def fault():
            leader = self.nats.leader()
            leader.freeze()
            threading.Event().wait(5)
            leader.thaw()

        self.row(fault)

    @unittest.skipUnless(LONG, "YAGURA_LONG=1")
    def test_quorum_lost_and_back(self):
        def fault():
            leader = self.nats.leader()
            gone = [leader, next(s for s in self.nats.servers if s is not leader)]
            for server in gone:
                server.kill()
            threading.Event().wait(5)
            for server in gone:
                server.start()

        self.row(fault)

    @unittest.skipUnless(LONG, "YAGURA_LONG=1")
    def test_only_server_killed_and_back(self):
        def fault():
            self.nats.servers[0].kill()
            threading.Event().wait(3)
            self.nats.servers[0].start()

        self.row(fault, servers=1)

    @unittest.skipUnless(LONG, "YAGURA_LONG=1")
    def test_only_server_frozen_and_back(self):
        def fault():
            self.nats.servers[0].freeze()
            threading.Event().wait(5)
            self.nats.servers[0].thaw()

        self.row(fault, servers=1)


if __name__ == "__main__":
    unittest.main()

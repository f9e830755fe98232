"""What keeps a monitor running: metrics and health, systemd's protocol, the log, and the files in
packaging/ that go with them."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import time
import unittest
import urllib.request

from support import ROOT, AcceptanceTest, binary, eventually, native_tick

PACKAGING = ROOT / "packaging"
CONFIG = """
[instrument.BTC]
[[feed]]
name = "desk"
vendor = "native"
url = "{url}"
symbols = {{ BTC = "BTC" }}
[[rule]]
id = "round-numbers"
kind = "milestone"
instrument = "BTC"
step = "1000"
{more}
"""


class Operations(AcceptanceTest):
    def feed(self):
        """A feed that crosses a level now and then."""

        def talk(ws):
            ws.send({"type": "subscribed", "symbols": ws.receive()["symbols"]})
            i = 0
            while True:
                ws.send(native_tick("BTC", 54_900 if i // 10 % 2 else 55_200))
                i += 1
                try:
                    ws.receive(0.02)
                except TimeoutError:
                    pass

        return self.serve(talk)

    def config(self, more=""):
        return self.write("operations.toml", CONFIG.format(url=self.feed().url, more=more))

    def running(self, more="", **env):
        self.env.update(env)
        monitor = self.monitor("--config", self.config(more))
        eventually(lambda: monitor.state()["alerts"]["count"] > 0, "an alert")
        return monitor

    @staticmethod
    def page(monitor):
        with urllib.request.urlopen("http://%s:%d/metrics" % monitor.address, timeout=5) as answer:
            return answer.headers["Content-Type"], answer.read().decode()

    def value(self, monitor, series):
        found = re.search(rf"^{re.escape(series)} (\S+)$", self.page(monitor)[1], re.M)
        self.assertTrue(found, f"no series {series}")
        return float(found[1])


class Metrics(Operations):
    def test_promtool_reads_the_page_and_finds_nothing(self):
        monitor = self.running()
        kind, page = self.page(monitor)
        self.assertIn("version=0.0.4", kind)
        ran = subprocess.run(["promtool", "check", "metrics"], input=page, capture_output=True, text=True, timeout=30, check=False)
        self.assertEqual((ran.returncode, ran.stdout + ran.stderr), (0, ""))
        self.assertEqual(monitor.stop(), 0)

    def test_it_counts_what_happens(self):
        monitor = self.running()
        self.assertGreater(self.value(monitor, "yagura_ticks_total"), 0)
        self.assertGreater(self.value(monitor, 'yagura_feed_ticks_total{feed="desk"}'), 0)
        self.assertEqual(self.value(monitor, 'yagura_feed_state{feed="desk",state="LIVE"}'), 1)
        self.assertEqual(self.value(monitor, 'yagura_instrument_state{instrument="BTC",state="LIVE"}'), 1)
        self.assertGreater(self.value(monitor, "yagura_tick_to_alert_seconds_count"), 0)
        eventually(lambda: self.value(monitor, "yagura_journal_commit_seconds_count") > 0, "a commit")
        self.assertAlmostEqual(self.value(monitor, 'yagura_feed_last_tick_timestamp_seconds{feed="desk"}'), time.time(), delta=2)
        alerts = sum(float(v) for v in re.findall(r'^yagura_alerts_total\{rule="round-numbers".*\} (\d+)$', self.page(monitor)[1], re.M))
        self.assertGreater(alerts, 0)
        self.assertEqual(self.value(monitor, "yagura_storage_ok"), 1)
        self.assertEqual(monitor.stop(), 0)

    def test_all_series_are_there_from_the_start(self):
        monitor = self.monitor("--config", self.write("idle.toml", CONFIG.format(url="ws://127.0.0.1:1", more="")))
        before = set(re.findall(r"^(yagura_\S+) ", self.page(monitor)[1], re.M))
        self.assertIn('yagura_alerts_total{rule="round-numbers",severity="critical"}', before)
        self.assertIn('yagura_ticks_rejected_total{instrument="BTC",reason="duplicate"}', before)
        self.assertEqual(monitor.stop(), 0)
        busy = self.running()
        self.assertEqual(set(re.findall(r"^(yagura_\S+) ", self.page(busy)[1], re.M)), before)
        self.assertEqual(busy.stop(), 0)


class Health(Operations):
    def test_every_part_has_a_reason(self):
        monitor = self.running()
        status, ready = monitor.get("/readyz")
        self.assertEqual((status, ready["ok"]), (200, True), ready)
        self.assertEqual(set(ready["parts"]), {"threads", "config", "storage", "feeds", "dead_letters", "clock"})
        status, alive = monitor.get("/healthz")
        self.assertEqual((status, set(alive["parts"])), (200, {"threads"}))
        self.assertEqual(monitor.stop(), 0)


class ServiceManager(Operations):
    def setUp(self):
        super().setUp()
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.addCleanup(self.socket.close)
        self.socket.bind(str(self.dir / "notify"))
        self.socket.settimeout(10)

    def heard(self, wanted, seconds=10.0):
        """Messages up to the first that holds `wanted`."""
        messages, deadline = [], time.monotonic() + seconds
        while not messages or wanted not in messages[-1]:
            self.assertLess(time.monotonic(), deadline, f"no {wanted} among {messages}")
            messages.append(self.socket.recv(4096).decode())
        return messages

    def test_ready_watchdog_reload_and_stop(self):
        monitor = self.running(NOTIFY_SOCKET=self.dir / "notify", WATCHDOG_USEC="1000000")
        self.assertEqual(self.heard("READY=1")[-1].splitlines()[0], "READY=1")
        self.assertEqual(monitor.get("/healthz")[0], 200, "the console answers when it says READY")
        begin = time.monotonic()
        messages = [message for _ in range(4) for message in self.heard("WATCHDOG=1")]
        self.assertLess(time.monotonic() - begin, 4, "within the interval, each")
        if not any("STATUS=1 of 1 feeds live" in message for message in messages):
            self.heard("STATUS=1 of 1 feeds live")

        monitor.send(signal.SIGHUP)
        reloading = self.heard("RELOADING=1")[-1]
        at = int(re.search(r"MONOTONIC_USEC=(\d+)", reloading)[1])
        self.assertAlmostEqual(at / 1e6, time.clock_gettime(time.CLOCK_MONOTONIC), delta=5)
        self.heard("READY=1")

        monitor.send(signal.SIGTERM)
        self.heard("STOPPING=1")
        self.assertEqual(monitor.wait(), 0)
        self.socket.setblocking(False)
        rest = []
        try:
            while True:
                rest.append(self.socket.recv(4096))
        except BlockingIOError:
            pass
        self.assertNotIn(b"WATCHDOG=1", rest, "nothing after STOPPING")

    def test_it_is_not_ready_before_its_state_is_read(self):
        monitor = self.running(NOTIFY_SOCKET=self.dir / "notify")
        self.heard("READY=1")
        self.assertEqual(monitor.stop(), 0)
        self.heard("STOPPING=1")
        (self.state / "journal.db").write_bytes(b"not a journal" * 1000)
        broken = self.monitor("--config", self.dir / "operations.toml")
        self.assertEqual(broken.wait(), 3)
        self.socket.setblocking(False)
        with self.assertRaises(BlockingIOError):
            self.socket.recv(4096)


class Log(Operations):
    def test_json_lines_say_what_happened_to_whom(self):
        config = self.config('[log]\nformat = "json"\n')
        monitor = self.start("run", "--config", config, "--console", "127.0.0.1:0")
        monitor.await_err(r'"event":"feed_live"')
        config.write_text("nonsense = ")
        monitor.send(signal.SIGHUP)
        monitor.await_err(r'"event":"reload_refused"')
        self.assertEqual(monitor.stop(), 0)
        lines = [json.loads(line) for line in monitor.err.splitlines()]
        for line in lines:
            self.assertEqual(list(line)[:3], ["ts", "level", "event"])
        started = next(line for line in lines if line["event"] == "started")
        self.assertRegex(started["console"], r"http://127\.0\.0\.1:\d+/")
        self.assertEqual(next(line for line in lines if line["event"] == "feed_live")["feed"], "desk")
        self.assertIn(str(config), next(line for line in lines if line["event"] == "reload_refused")["problem"])
        self.assertEqual(lines[-1]["event"], "stopped")

    def test_automatic_is_json_in_the_journal_and_text_elsewhere(self):
        config = self.config()
        text = self.start("run", "--config", config, "--console", "off", "--for", "500ms")
        self.assertEqual(text.wait(), 0)
        self.assertIn("Yagura watches", text.err)
        reader, writer = os.pipe()
        self.addCleanup(os.close, reader)
        stat = os.fstat(writer)
        env = {**self.env, "JOURNAL_STREAM": f"{stat.st_dev}:{stat.st_ino}"}
        ran = subprocess.run([binary(), "run", "--config", str(config), "--console", "off", "--for", "500ms"], cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=writer, timeout=20, check=False)
        os.close(writer)
        self.assertEqual(ran.returncode, 0)
        with open(os.dup(reader), encoding="utf-8") as lines:
            events = [json.loads(line)["event"] for line in lines]
        self.assertIn("started", events)

    def test_a_start_that_fails_is_an_event_too(self):
        with socket.create_server(("127.0.0.1", 0)) as holder:
            monitor = self.start("run", "--config", self.config('[log]\nformat = "json"\n'), "--console", f"127.0.0.1:{holder.getsockname()[1]}")
            self.assertEqual(monitor.wait(), 1)
        self.assertEqual(json.loads(monitor.err.splitlines()[-1])["event"], "start_failed")


class Packaging(Operations):
    def promtool(self, *arguments):
        ran = subprocess.run(["promtool", *arguments], cwd=PACKAGING / "prometheus", capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(ran.returncode, 0, ran.stdout + ran.stderr)

    def test_alert_rules_are_sound_and_fire_when_they_should(self):
        self.promtool("check", "rules", "alerts.yml")
        self.promtool("test", "rules", "alerts_test.yml")

    def test_every_metric_of_the_board_and_the_rules_exists(self):
        monitor = self.running()
        families = dict(re.findall(r"^# TYPE (yagura_\w+) (\w+)$", self.page(monitor)[1], re.M))
        self.assertEqual(monitor.stop(), 0)
        known = set(families)
        for name, kind in families.items():
            known |= {f"{name}{suffix}" for suffix in {"histogram": ("_bucket", "_sum", "_count"), "summary": ("_sum", "_count")}.get(kind, ())}
        board = json.loads((PACKAGING / "grafana/yagura.json").read_text())
        asked = [target["expr"] for panel in board["panels"] for target in panel.get("targets", ())]
        asked += [v["query"] for v in board["templating"]["list"]]
        rules = (PACKAGING / "prometheus/alerts.yml").read_text()
        asked += re.findall(r"expr: (.*)", rules)
        self.assertGreater(len(asked), 40)
        for expression in asked:
            self.assertEqual(set(re.findall(r"\byagura_\w+", expression)) - known, set(), expression)

    def test_the_manual_lists_every_metric(self):
        monitor = self.running()
        families = set(re.findall(r"^# TYPE (yagura_\w+) ", self.page(monitor)[1], re.M))
        self.assertEqual(monitor.stop(), 0)
        manual = (ROOT / "docs/operations.md").read_text()
        listed = set(re.findall(r"^\| `(yagura_\w+)", manual, re.M))
        self.assertEqual(listed, families)

    @unittest.skipUnless(shutil.which("systemd-analyze"), "systemd-analyze is not here")
    def test_the_unit_is_locked_up(self):
        unit = PACKAGING / "systemd/yagura.service"
        ran = subprocess.run(["systemd-analyze", "security", "--offline=true", "--threshold=20", str(unit)], capture_output=True, text=True, timeout=30, check=False)
        self.assertEqual(ran.returncode, 0, ran.stdout[-500:] + ran.stderr)

    @unittest.skipUnless(shutil.which("systemd-analyze") and shutil.which("strace"), "systemd-analyze or strace is not here")
    def test_the_unit_allows_every_system_call_that_is_made(self):
        unit = (PACKAGING / "systemd/yagura.service").read_text()
        allowed = set()
        for line in re.findall(r"^SystemCallFilter=(.*)$", unit, re.M):
            names = {call for name in line.lstrip("~").split() for call in self.calls(name)}
            allowed = allowed - names if line.startswith("~") else allowed | names
        log = self.dir / "strace"
        ran = subprocess.run(
            ["strace", "-f", "-qq", "-o", str(log), binary(), "run", "--config", str(self.config()), "--console", "127.0.0.1:0", "--for", "2s"],
            cwd=ROOT, env=self.env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=60, check=False,
        )  # fmt: skip
        self.assertEqual(ran.returncode, 0)
        made = set(re.findall(r"^\d+ +(\w+)\(", log.read_text(), re.M))
        self.assertIn("clock_adjtime", made)
        as_root = {"fchown"}  # SQLite gives its files to the journal's owner; the service is never root
        self.assertEqual(made - allowed - as_root, set())

    def calls(self, name):
        if not name.startswith("@"):
            return {name}
        ran = subprocess.run(["systemd-analyze", "syscall-filter", name], capture_output=True, text=True, timeout=30, check=True)
        entries = [line.strip() for line in ran.stdout.splitlines()[1:] if line.startswith("    ") and not line.strip().startswith("#")]
        return {call for entry in entries for call in self.calls(entry)}


if __name__ == "__main__":
    unittest.main()

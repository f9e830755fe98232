"""The configurations of packaging/compose on a real nats-server: each role has the rights it needs, and no more.
The cluster and `sync_interval`, which servers before 2.10 do not know, are left out."""

import json
import os
import pathlib
import re
import sys
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests/acceptance"), str(ROOT / "tests/support")]

from fault_case import staircase  # noqa: E402
from nats_servers import HOST, Client, Nats, NatsServer, free_ports  # noqa: E402
from support import AcceptanceTest, Monitor, eventually  # noqa: E402

COMPOSE = ROOT / "packaging/compose"
ROLES = ("monitor", "notify", "relay")


class Compose(AcceptanceTest):
    def setUp(self):
        super().setUp()
        self.nats = Nats(1)  # skips where there is no nats-server
        self.addCleanup(self.nats.close)
        self.server = self.nats.servers[0]
        self.server.kill()
        text = (COMPOSE / "nats.conf").read_text()
        text = re.sub(r"sync_interval: always", "", text)
        text = re.sub(r"cluster \{.*?\n\}", "", text, flags=re.S)
        text = text.replace("0.0.0.0:4222", f"{HOST}:{self.server.port}").replace("/data", str(self.server.folder / "store2"))
        text = text.replace("$SERVER_NAME", "one")
        for role in ROLES:
            text = text.replace(f"${role.upper()}_PASSWORD", f'"{role}-secret"')
        (self.server.folder / "server.conf").write_text(text)
        self.server.start()

    def config(self, role, **more):
        text = (COMPOSE / f"{role}.toml").read_text()
        text = re.sub(r'servers = \[.*?\]', f"servers = {json.dumps([self.server.url])}", text)
        text = re.sub(r"nats://nats-\d:4222", self.server.url, text)
        for old, new in more.items():
            text = re.sub(old, new, text, flags=re.S)
        return self.write(f"{role}.toml", text)

    def run_role(self, role, command, **more):
        self.env["NATS_PASSWORD"] = f"{role}-secret"
        return self.start(command, "--config", self.config(role, **more), "--state", self.dir / role) if command != "relay" else self.start(
            command, "--config", self.config(role, **more)
        )

    def test_a_tick_becomes_a_line_in_the_archive(self):
        file = self.write("yen.csv", staircase(150, 3, 1.0, start=time.time() + 4))
        venue = self.start("replay", "--as", "native", "--listen", "127.0.0.1:0", "--speed", "1", f"USDJPY={file}")
        port = int(venue.await_err(r"on ws://127\.0\.0\.1:(\d+)")[1])
        told = self.dir / "told.jsonl"
        notify = self.run_role("notify", "notify", **{"/var/lib/yagura/told.jsonl": str(told)})
        self.env["NATS_PASSWORD"] = "monitor-secret"
        # Prices of a test may stand at any hour.
        always = '[pipeline]\nfuture_limit = "off"\n[instrument.USDJPY]\ncalendar = "always"\nfilter = false\n'
        config = self.config("monitor", **{r"\A": always})
        monitors = [Monitor(self.env, "--config", config, "--state", self.dir / name) for name in ("one", "two")]
        for monitor in monitors:
            self.addCleanup(monitor.__exit__)
            monitor.await_err("Console")
        relay = self.run_role("relay", "relay", **{'vendor = "gmo"': f'vendor = "native"\nurl = "ws://127.0.0.1:{port}"', '"USD_JPY"': '"USDJPY"'})

        def lines():
            return told.read_text().splitlines() if told.exists() else []

        logs = lambda: "\n".join(p.err for p in (notify, relay, *monitors))  # noqa: E731
        eventually(lambda: len(lines()) >= 2, lambda: f"{lines()}\n{logs()}", 25)
        ids = [json.loads(line)["id"] for line in lines()]
        self.assertEqual(len(ids), len(set(ids)))
        for process in (*monitors, notify, relay):
            self.assertEqual(process.stop(), 0, process.err)
        self.assertNotIn("secret", logs())

    def test_the_relay_may_not_publish_alerts(self):
        import nats_servers

        before = nats_servers.USER, nats_servers.PASSWORD
        try:
            nats_servers.USER, nats_servers.PASSWORD = "relay", "relay-secret"
            client = eventually(self.connect, "a connection", 10)
        finally:
            nats_servers.USER, nats_servers.PASSWORD = before
        with client:
            client.publish("yagura.ticks.USDJPY", "x")
            client.publish("yagura.alerts.USDJPY.milestone", "x")
            with self.assertRaisesRegex(OSError, "Permissions Violation for Publish to \"yagura.alerts"):
                client.message(5)

    def connect(self):
        try:
            return Client(self.server.port)
        except OSError:
            return None


if __name__ == "__main__":
    unittest.main()

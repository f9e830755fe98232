"""What the tests of the console under strain share: a feed whose ticks the test calls, a monitor that says
an alert for each step of the price, and ws_crowd, which is thousands of clients in one process."""

import json
import os
import pathlib
import resource
import socket
import subprocess
import threading
import time
import unittest

from fault_case import LONG, ROOT, SANITIZED, AcceptanceTest, Monitor, eventually  # noqa: F401

from support import Closed, FeedServer, native_tick

CONFIG = """
[instrument.USDJPY]
calendar = "always"
filter = false
[[feed]]
name = "f"
vendor = "native"
url = "ws://127.0.0.1:{port}"
symbols = {{ USDJPY = "USDJPY" }}
[[rule]]
id = "yen"
kind = "milestone"
instrument = "USDJPY"
step = "1"
rearm = "0.05"
cooldown = "0s"
[console]
{console}
"""


def crowd_binary():
    path = pathlib.Path(os.environ.get("WS_CROWD") or ROOT / "build/dev/tests/support/ws_crowd")
    if not os.access(path, os.X_OK):
        raise unittest.SkipTest("no ws_crowd: set WS_CROWD, or build the tests")
    return str(path)


class Crowd:
    """ws_crowd, by its commands."""

    def __init__(self, port):
        self.process = subprocess.Popen([crowd_binary(), str(port)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)

    def __call__(self, *words):
        self.process.stdin.write(" ".join(map(str, words)) + "\n")
        return json.loads(self.process.stdout.readline())

    def end(self):
        self.process.kill()
        self.process.communicate()


class PacedFeed:
    """A price that the test moves: `step()` crosses a milestone and is one alert; between steps ticks go
    on, `rate` a second, without crossing any."""

    def __init__(self, rate=100):
        self.price, self.rate, self.lock, self.ws, self.sent = 150, rate, threading.Lock(), None, 0
        self.server = FeedServer(self.talk)

    def talk(self, ws):
        ws.send({"type": "subscribed", "symbols": ws.receive(30)["symbols"]})
        self.ws = ws
        while True:
            self.tick()
            time.sleep(1 / self.rate)

    def tick(self):
        with self.lock:
            self.sent += 1
            self.ws.send(native_tick("USDJPY", f"{self.price}.{500 + self.sent % 7:03}"))

    def step(self):
        with self.lock:
            self.price += 1
        self.tick()

    def burst(self, count):
        for _ in range(count):
            self.step()


class CrowdCase(AcceptanceTest):
    console = ""

    def setUp(self):
        super().setUp()
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))  # the monitor's too
        self.addCleanup(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))
        if hard < 12_000:
            self.skipTest(f"only {hard} descriptors")

    def live(self, rate=100, env=()):
        self.feed = PacedFeed(rate)
        self.addCleanup(self.feed.server.__exit__)
        config = self.write("crowd.toml", CONFIG.format(port=self.feed.server.port, console=self.console))
        self.env.update(env)
        self.m = Monitor(self.env, "--config", config, "--json")
        self.addCleanup(self.m.__exit__)
        eventually(lambda: self.feed.sent > 3, "ticks")
        return self.m

    def crowd(self):
        crowd = Crowd(self.m.address[1])
        self.addCleanup(crowd.end)
        return crowd

    def rss(self):
        with open(f"/proc/{self.m.pid}/status") as status:
            return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmRSS"))

    def alerts(self, after=0):
        return self.m.get(f"/api/v1/alerts?after={after}&limit=1000")[1]["alerts"]

    def metric(self, name, **labels):
        """A sample of /metrics; 0 when it is not there."""
        wanted = name + ("{" + ",".join(f'{k}="{v}"' for k, v in labels.items()) + "}" if labels else "") + " "
        body = self.request("GET", "/metrics").body.decode()
        return next((float(line.rsplit(" ", 1)[1]) for line in body.splitlines() if line.startswith(wanted)), 0.0)

    def alive(self):
        """Still there, and still deciding."""
        before = self.last_seq()
        self.feed.step()
        eventually(lambda: self.last_seq() > before, "another alert")

    def last_seq(self):
        return self.m.get("/api/v1/alerts?limit=1")[1]["last_seq"]

    # Bytes as one wants them.
    def tcp(self, receive_buffer=0, seconds=5.0):
        sock = socket.socket()
        if receive_buffer:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        sock.settimeout(seconds)
        sock.connect(self.m.address)
        self.addCleanup(sock.close)
        return sock

    def upgrade(self, sock, headers="", version=13, path="/ws"):
        sock.sendall(
            (
                f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.m.address[1]}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                f"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: {version}\r\n{headers}\r\n"
            ).encode()
        )

    def request(self, method, path, headers=(), body=b"", host=None, seconds=5.0):
        with self.tcp(seconds=seconds) as sock:
            head = f"{method} {path} HTTP/1.1\r\nHost: {host or '127.0.0.1:%d' % self.m.address[1]}\r\n"
            head += "".join(f"{name}: {value}\r\n" for name, value in headers)
            if body:
                head += f"Content-Length: {len(body)}\r\n"
            try:
                sock.sendall(head.encode("latin-1") + b"\r\n" + body)
            except OSError:
                pass  # refused before all was sent; the answer is there all the same
            return Answer(read_to_end(sock))


class Answer:
    def __init__(self, raw):
        self.raw = raw
        head, _, self.body = raw.partition(b"\r\n\r\n")
        words = head.split(b" ", 2)
        self.status = int(words[1]) if len(words) > 1 and words[0].startswith(b"HTTP/") else 0

    def __repr__(self):
        return repr(self.raw[:400])


def read_to_end(sock):
    data = bytearray()
    try:
        while part := sock.recv(65536):
            data += part
    except OSError:
        pass
    return bytes(data)


__all__ = ["LONG", "SANITIZED", "Answer", "Closed", "Crowd", "CrowdCase", "eventually", "read_to_end"]

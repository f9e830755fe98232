"""What the tests of crashes and sick disks share: a feed that knows every tick it sent and goes on behind
the last one that the killed monitor had taken, so that the journal must end as a backtest of the whole
file says, alert by alert.

Which tick was taken last is read from STATE/ring, here by its published layout: a page with the head,
then slots of 128 bytes (u64 number, u8 kind, ..., the tick from byte 64, its seq at byte 48 of that)."""

import json
import os
import random
import re
import signal
import sqlite3
import struct
import sys
import threading
import time
import urllib.request

from fault_case import LONG, ROOT, SANITIZED, AcceptanceTest, Monitor, eventually  # noqa: F401

from hook_server import HookServer
from support import Closed, FeedServer

START = 1770595200_000000000  # 2026-02-09 00:00 UTC
BEAT = 0.005  # seconds between two packets of the feed
START_LIMIT = 2.0 * (6 if SANITIZED else 1)  # seconds from spawn to subscribed

CONFIG = """
[instrument.USDJPY]
calendar = "always"
filter = false
[[feed]]
name = "f"
vendor = "native"
url = "ws://127.0.0.1:{port}"
symbols = {{ USDJPY = "USDJPY" }}
[pipeline]
future_limit = "off"
on_full = "wait"
[journal]
snapshot_every = "{snapshot_every}"
ring = {ring}
[[rule]]
id = "yen"
kind = "milestone"
instrument = "USDJPY"
step = "1"
rearm = "0.05"
cooldown = "0s"
[[rule]]
id = "records"
kind = "record"
instrument = "USDJPY"
horizons = ["session"]
[[sink]]
name = "hook"
kind = "webhook"
url = "{hook}"
deliver = "all"
"""

ARCHIVE = """
[[sink]]
name = "archive"
kind = "file"
path = "{archive}"
"""


def walk(count, seed):
    """Rows of (ts_ns, price): a walk with spikes of a single tick through a level and back, which nobody
    sees who missed that one tick."""
    dice = random.Random(seed)
    price = 150_500
    rows = []
    for i in range(count):
        price += dice.randint(-60, 60)
        spike = 1_300 * dice.choice((-1, 1)) if dice.random() < 0.05 else 0
        shown = price + spike
        rows.append((START + i * 10_000_000, f"{shown // 1000}.{shown % 1000:03}"))
    return rows


def frame(text):
    data = text.encode()
    assert len(data) < 65536
    head = struct.pack("!BB", 0x81, len(data)) if len(data) < 126 else struct.pack("!BBH", 0x81, 126, len(data))
    return head + data


class Feed:
    """Sends tick `next` and those behind it to whoever subscribes, `rate` a second; stays open at the end."""

    def __init__(self, rows, rate):
        self.frames = [
            frame(f'{{"type":"tick","symbol":"USDJPY","ts_ns":{ts},"price":"{price}","seq":{i + 1}}}') for i, (ts, price) in enumerate(rows)
        ]
        self.rate = rate
        self.next = 0
        self.sent = 0
        self.limit = len(rows)  # sends no further for now
        self.subscribed_at = None
        self.server = FeedServer(self.talk)

    def talk(self, ws):
        subscribe = ws.receive(30)
        ws.send({"type": "subscribed", "symbols": subscribe["symbols"]})
        self.subscribed_at = time.monotonic()
        at = self.next
        at_once = max(1, round(self.rate * BEAT))
        ws.sock.settimeout(60)
        threading.Thread(target=self.listen, args=(ws,), daemon=True).start()
        while True:
            due = min(self.limit, at + at_once)
            if due > at:
                ws.sock.sendall(b"".join(self.frames[at:due]))
                at = self.sent = due
            if ws.sock.fileno() < 0 or getattr(ws, "gone", False):
                return
            time.sleep(BEAT)

    @staticmethod
    def listen(ws):
        try:
            while True:
                ws.receive(3600)
        except (Closed, OSError, AssertionError, ValueError):
            ws.gone = True


class CrashCase(AcceptanceTest):
    ticks, seed, rate = 6_000, 1, 3_000
    ring, snapshot_every = 65_536, "1s"
    archived = True  # a sink of kind file as well

    def setUp(self):
        super().setUp()
        self.rows = walk(self.ticks, self.seed)
        self.file = self.write("yen.csv", "ts_ns,price\n" + "".join(f"{ts},{price}\n" for ts, price in self.rows))
        self.feed = Feed(self.rows, self.rate)
        self.addCleanup(self.feed.server.__exit__)
        self.hook = HookServer()
        self.addCleanup(self.hook.close)
        self.archive = self.dir / "archive.jsonl"
        config = CONFIG + (ARCHIVE if self.archived else "")
        self.config = self.write("crash.toml", config.format(port=self.feed.server.port, ring=self.ring, snapshot_every=self.snapshot_every, hook=self.hook.url, archive=self.archive))
        self.kills, self.repeats, self.starts = 0, 0, []
        self.seen = {}  # id -> seq, of all that any life printed

    # -- Lives ---------------------------------------------------------------------------------

    def taken(self):
        """seq of the newest tick in the ring: the monitor had it, all before it included."""
        try:
            data = (self.state / "ring").read_bytes()
        except OSError:
            return 0
        newest = 0
        for at in range(4096, len(data) - 127, 128):
            number, kind = struct.unpack_from("<QB", data, at)
            if number and kind == 1:
                newest = max(newest, struct.unpack_from("<Q", data, at + 64 + 48)[0])
        return newest

    def live(self, *prefix, wait=True):
        """Starts the monitor; the feed goes on where the last life stopped."""
        self.feed.next = self.feed.sent = self.taken()
        self.feed.subscribed_at = None
        began = time.monotonic()
        self.m = Life(self.env, prefix, "--config", self.config, "--json")
        self.addCleanup(self.m.__exit__)
        if wait:
            eventually(lambda: self.feed.subscribed_at, lambda: f"a subscription; it says {self.m.err}", 20)
            self.starts.append(self.feed.subscribed_at - began)
        return self.m

    def kill(self):
        self.m.send(signal.SIGKILL)
        self.m.wait()
        self.kills += 1
        self.note_seen()

    def note_seen(self):
        for line in self.m.out.splitlines():
            try:
                alert = json.loads(line)
            except ValueError:
                continue  # cut by the kill
            if "id" not in alert:
                continue
            self.repeats += alert["id"] in self.seen
            self.assertEqual(self.seen.setdefault(alert["id"], alert["seq"]), alert["seq"], "another number after a kill")

    def await_tick(self, number, seconds=60.0):
        eventually(lambda: self.taken() >= number, lambda: f"tick {number}; {self.taken()} of {self.feed.sent} sent; {self.m.err[-2000:]}", seconds)

    # -- The answer ----------------------------------------------------------------------------

    def backtest(self):
        out = self.dir / "backtest.jsonl"
        ran = self.run_yagura("backtest", "--config", self.config, "--state", self.dir / "no-state", "--alerts", out, f"USDJPY={self.file}", seconds=120)
        self.assertEqual(ran.code, 0, ran)
        return [alert["id"] for alert in map(json.loads, out.read_text().splitlines())]

    def journal(self):
        with sqlite3.connect(f"file:{self.state}/journal.db?mode=ro", uri=True) as connection:
            self.assertEqual(connection.execute("pragma integrity_check").fetchone(), ("ok",))
            return [(seq, json.loads(text)) for seq, text in connection.execute("select seq, json from alerts order by seq")]

    def check(self, *, upto=None):
        """Missing, phantom, duplicate, order and numbers: against a backtest of all that was sent."""
        stored = self.journal()
        ids = [alert["id"] for _, alert in stored]
        wanted = self.backtest()
        verdict = {
            "missing": sorted(set(wanted) - set(ids)),
            "phantom": sorted(set(ids) - set(wanted)),
            "duplicate": sorted({i for i in ids if ids.count(i) > 1}) if len(ids) != len(set(ids)) else [],
        }
        self.assertEqual(verdict, {"missing": [], "phantom": [], "duplicate": []})
        self.assertEqual(ids, wanted, "the order")
        self.assertEqual([seq for seq, _ in stored], list(range(1, len(stored) + 1)), "the numbers")
        self.assertEqual({i: seq for seq, i in enumerate(ids, 1) if i in self.seen}, self.seen, "what people saw is what is stored")
        self.check_sinks(ids)
        return len(ids)

    def check_sinks(self, ids):
        """Every alert at least once at each sink, and what came twice is the same under the same id. Our clock may
        differ: what a disk refused to store and a kill took is received and decided again."""
        hits = self.hook.seen()
        places = [("hook", [hit.body for hit in hits])]
        if self.archived:
            places.append(("archive", [line for line in self.archive.read_text().splitlines() if line.endswith("}")]))
        for name, bodies in places:
            told = {}
            for body in bodies:
                alert = json.loads(body)
                alert.pop("ts_decided_ns")
                alert.pop("ts_recv_ns")
                self.assertEqual(told.setdefault(alert["id"], alert), alert, f"{name}: one id, two alerts")
            self.assertEqual(sorted(set(ids) - set(told)), [], f"lost at the {name}")
            self.assertEqual(sorted(set(told) - set(ids)), [], f"invented at the {name}")
        self.assertEqual({hit.key for hit in hits}, set(ids), "the key is the id")
        self.told = len(hits)

    def finish(self):
        """The rest of the feed without a fault, a stop, and the answer."""
        self.await_tick(self.ticks)
        eventually(lambda: self.m.state()["queue"]["depth"] == 0, "an empty queue")
        waiting = lambda: [row for row in self.m.get("/api/v1/sinks")[1]["sinks"] if row["waiting"]]
        eventually(lambda: self.m.get("/readyz")[1]["parts"]["storage"]["ok"] and not waiting(), lambda: f"the sinks to have all: {waiting()}", 60)
        self.assertEqual(self.m.stop(), 0, self.m.err)
        self.note_seen()
        self.assertEqual(self.feed.server.failures, [])
        return self.check()

    def say(self, text):
        """The summary line of a sweep."""
        print(text, file=sys.stderr, flush=True)

    def health(self):
        """Status of /readyz, and its part about storage."""
        status, body = self.m.get("/readyz")
        return status, body["parts"]["storage"]


class Life(Monitor):
    """A monitor, perhaps behind another program such as strace; signals go to the monitor itself."""

    def __init__(self, env, prefix, *arguments):
        import support

        if not prefix:
            super().__init__(env, *arguments)
            self.child = None
            return
        plain = support.binary
        support.binary = lambda: prefix[0]
        try:
            super(Monitor, self).__init__([*prefix[1:], plain(), "run", "--console", "127.0.0.1:0", *arguments], env)
        finally:
            support.binary = plain
        self._address = None
        self.child = True

    def __exit__(self, *exc):
        self.send(signal.SIGKILL)  # what it stands behind would leave it alive
        super().__exit__(*exc)

    @property
    def pid(self):
        if not self.child:
            return self.process.pid
        with open(f"/proc/{self.process.pid}/task/{self.process.pid}/children") as file:
            children = file.read().split()
        return int(children[0]) if children else self.process.pid

    def send(self, number):
        if self.process.poll() is None:
            try:
                os.kill(self.pid, number)
            except ProcessLookupError:
                pass

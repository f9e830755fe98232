"""The baselines of `yagura bench --baseline` on the wire: each answers every probe tick once, in order, with the
tick's time and at the size asked for, however the feed's bytes are cut, and those that decide decide alike."""

import json
import os
import pathlib
import random
import shutil
import socket
import struct
import subprocess
import sys
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/acceptance"))

from support import CLOSE, HOST, TEXT, WebSocket, eventually  # noqa: E402

ALERT_BYTES = 1100
BASE_NS = 1_770_595_200_000_000_000
SECONDS = 30


def baselines():
    """The program of the C++ paths: in the folder $YAGURA_BASELINES, else in that of the dev or bench build."""
    chosen = os.environ.get("YAGURA_BASELINES")
    for folder in [pathlib.Path(chosen)] if chosen else [ROOT / "build" / preset for preset in ("dev", "bench")]:
        if os.access(folder / "yagura_baselines", os.X_OK):
            return str(folder / "yagura_baselines")
    raise unittest.SkipTest("no yagura_baselines: name its folder in YAGURA_BASELINES, or build the target yagura_baselines")


def node():
    program = shutil.which("node")
    if not program:
        raise unittest.SkipTest("no node: apt-get install nodejs")
    find = "try { require('ws') } catch { require('/usr/share/nodejs/ws') }"
    if subprocess.run([program, "-e", find], capture_output=True, check=False).returncode != 0:
        raise unittest.SkipTest("no ws for node: apt-get install node-ws")
    return program


def tick(symbol, number, **prices):
    """As `yagura bench` sends them: this order of keys, no blanks."""
    return json.dumps({"type": "tick", "symbol": symbol, "ts_ns": BASE_NS + number, **prices, "seq": number}, separators=(",", ":")).encode()


def frame(payload, opcode=TEXT):
    size = struct.pack("!B", len(payload)) if len(payload) < 126 else struct.pack("!BH", 126, len(payload))
    return bytes([0x80 | opcode]) + size + payload


def probe(number):
    return frame(tick("PROBE", number, price="150.001" if number % 2 else "149.999"))


class Path:
    """A baseline with its feed and its client, both ours."""

    def __init__(self, command, alert_bytes=ALERT_BYTES):
        self.server = socket.create_server((HOST, 0))
        self.server.settimeout(SECONDS)
        self.feed = self.client = None
        port = self.server.getsockname()[1]
        self.process = subprocess.Popen(
            [*command, "--feed", f"{HOST}:{port}", "--alert-bytes", str(alert_bytes)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip

    def start(self):
        word, _, address = self.process.stdout.readline().decode().strip().partition(" ")
        assert word == "listening", f"it says {word!r}, not where it listens"
        self.client = WebSocket.connect((HOST, int(address.rpartition(":")[2])))
        sock, _ = self.server.accept()
        self.feed = WebSocket.accept(sock)
        self.feed.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.subscription = self.feed.receive()
        self.prime()

    def prime(self):
        """Where the probe stands. The floor knows no first price and answers that, too."""
        self.send(probe(0) + probe(1))
        alert = self.alert()
        if alert["ts_event_ns"] == BASE_NS:
            alert = self.alert()
        assert alert["ts_event_ns"] == BASE_NS + 1

    def send(self, data):
        self.feed.sock.sendall(data)

    def payload(self):
        """The next message as bytes."""
        opcode, final, data = self.client._frame(time.monotonic() + SECONDS)
        assert opcode == TEXT and final, f"a frame with opcode {opcode}, final {final}"
        return data

    def alert(self):
        return json.loads(self.payload())["alert"]

    def all_read(self):
        """The baseline has taken every byte we sent: nothing waits in its socket."""
        local, remote = self.feed.sock.getsockname()[1], self.feed.sock.getpeername()[1]
        wanted = (f":{remote:04X}", f":{local:04X}")
        for row in pathlib.Path("/proc/net/tcp").read_text().splitlines()[1:]:
            fields = row.split()
            if fields[1].endswith(wanted[0]) and fields[2].endswith(wanted[1]):
                return fields[4].split(":")[1] == "00000000"
        return False

    def close(self):
        self.server.close()
        for side in (self.feed, self.client):
            if side:
                side.sock.close()
        self.process.stdin.close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()
        self.process.stderr.close()


def crossings(step, rearm, prices):
    """What a milestone watch says of these prices, in thousandths: (event, level)."""
    above = below = None
    said = []
    for price in prices:
        if above is None:
            above, below = (price // step + 1) * step, price // step * step - rearm
        elif price >= above:
            said.append(("reached", price // step * step))
            above, below = (price // step + 1) * step, price // step * step - rearm
        elif price <= below:
            level = -(-(price + rearm) // step) * step
            said.append(("lost", level))
            above, below = level, level - step - rearm
    return said


def walk(seed, start, stride, count):
    random_ = random.Random(seed)
    prices = [start]
    for _ in range(count - 1):
        prices.append(max(stride, prices[-1] + random_.randint(-stride, stride)))
    return prices


def text_of(thousandths):
    return f"{thousandths // 1000}.{thousandths % 1000:03}"


class BaselineCase:
    """What holds for every path. `command` names it, `decides` says whether it looks at prices."""

    decides = True

    def command(self):
        raise NotImplementedError

    def path(self, **options):
        path = Path(self.command(), **options)
        self.addCleanup(path.close)
        path.start()
        return path

    def test_it_subscribes_to_all_three(self):
        self.assertEqual(self.path().subscription, {"type": "subscribe", "symbols": ["NI225", "USDJPY", "PROBE"]})

    def test_every_probe_once_in_order_at_the_size_asked_for(self):
        path = self.path()
        numbers = range(2, 5002)
        quiet = frame(tick("USDJPY", 7, bid="150.001", ask="150.003")) + frame(tick("NI225", 8, price="57009.15"))
        for start in range(0, len(numbers), 250):
            some = numbers[start : start + 250]
            path.send(b"".join(quiet * 3 + probe(n) for n in some))
            for number in some:
                payload = path.payload()
                self.assertEqual(len(payload), ALERT_BYTES)
                self.assertTrue(payload.startswith(b'{"type":"alert","alert":{'), payload[:60])
                self.assertIn(b'"instrument":"PROBE"', payload)
                json.loads(payload)
                self.assertIn(b'"ts_event_ns":%d' % (BASE_NS + number), payload)
        path.send(probe(9000))  # and nothing in between
        self.assertEqual(path.alert()["ts_event_ns"], BASE_NS + 9000)

    def test_a_frame_cut_at_every_byte(self):
        path = self.path()
        for cut in range(1, len(probe(2))):
            data = probe(cut + 1)
            path.send(data[:cut])
            eventually(path.all_read, f"the first {cut} bytes read")
            path.send(data[cut:])
            self.assertEqual(path.alert()["ts_event_ns"], BASE_NS + cut + 1)

    def test_long_frames_and_pings_change_nothing(self):
        path = self.path()
        long = frame(json.dumps({"type": "status", "text": "x" * 300}).encode())
        path.send(long + frame(b"are you there", 9) + probe(2) + long + probe(3))
        self.assertEqual([path.alert()["ts_event_ns"] for _ in range(2)], [BASE_NS + 2, BASE_NS + 3])

    def test_another_size(self):
        path = self.path(alert_bytes=40_000)
        path.send(probe(2))
        self.assertEqual(len(path.payload()), 40_000)

    def test_it_ends_with_the_feed(self):
        path = self.path()
        path.feed.sock.close()
        self.assertEqual(path.process.wait(10), 0)

    def test_it_ends_with_a_close_frame(self):
        path = self.path()
        path.send(frame(struct.pack("!H", 1001), CLOSE))
        path.feed.sock.shutdown(socket.SHUT_WR)
        self.assertEqual(path.process.wait(10), 0)

    def test_it_ends_with_stdin(self):
        path = self.path()
        path.process.stdin.close()
        self.assertEqual(path.process.wait(10), 0)

    def test_it_decides_as_a_milestone_rule(self):
        if not self.decides:
            self.skipTest("the floor decides nothing")
        path = self.path()
        nikkei, yen = walk(1, 56_900_000, 90_000, 2000), walk(2, 149_950, 60, 2000)
        path.send(b"".join(frame(tick("NI225", i, price=text_of(n))) + frame(tick("USDJPY", i, bid=text_of(y - 1), ask=text_of(y + 1))) for i, (n, y) in enumerate(zip(nikkei, yen))) + probe(2))  # fmt: skip
        heard = {"NI225": [], "USDJPY": []}
        while (alert := path.alert())["instrument"] != "PROBE":
            heard[alert["instrument"]].append((alert["event"], round(float(alert["level"]) * 1000)))
        expected = {"NI225": crossings(1_000_000, 100_000, nikkei), "USDJPY": crossings(1000, 100, yen)}
        self.assertGreater(min(map(len, expected.values())), 10)
        self.assertEqual(heard, expected)


class FloorSpinning(BaselineCase, unittest.TestCase):
    decides = False

    def command(self):
        return [baselines(), "floor", "--wait", "spin"]


class FloorBlocking(BaselineCase, unittest.TestCase):
    decides = False

    def command(self):
        return [baselines(), "floor", "--wait", "block"]


class BareSpinning(BaselineCase, unittest.TestCase):
    def command(self):
        return [baselines(), "bare", "--wait", "spin"]


class BareBlocking(BaselineCase, unittest.TestCase):
    def command(self):
        return [baselines(), "bare", "--wait", "block"]


class BeastNlohmann(BaselineCase, unittest.TestCase):
    def command(self):
        return [baselines(), "beast_nlohmann", "--wait", "block"]


class NodeWs(BaselineCase, unittest.TestCase):
    def command(self):
        return [node(), str(ROOT / "benchmarks/baselines/node_ws.mjs"), "--wait", "block"]


class CommandLine(unittest.TestCase):
    def refused(self, *arguments):
        done = subprocess.run([baselines(), *arguments], capture_output=True, timeout=SECONDS, check=False)
        self.assertNotEqual(done.returncode, 0)
        return done.stderr.decode() + done.stdout.decode()

    def test_what_it_refuses(self):
        self.assertIn("expected ADDRESS:PORT", self.refused("floor", "--feed", "nowhere"))
        self.assertIn("--alert-bytes", self.refused("bare", "--feed", "127.0.0.1:1", "--alert-bytes", "12"))
        self.assertIn("--feed", self.refused("floor"))
        self.assertIn("spin: expected block", self.refused("beast_nlohmann", "--feed", "127.0.0.1:1", "--wait", "spin"))

    def test_a_feed_that_is_not_there(self):
        with socket.create_server((HOST, 0)) as gone:
            port = gone.getsockname()[1]
        process = subprocess.Popen([baselines(), "floor", "--feed", f"{HOST}:{port}"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        address = process.stdout.readline().decode().split()[1]
        with WebSocket.connect((HOST, int(address.rpartition(":")[2]))):
            _, err = process.communicate(timeout=SECONDS)
        self.assertIn(f"cannot connect to the feed at {HOST}:{port}", err.decode())
        self.assertEqual(process.returncode, 1)


if __name__ == "__main__":
    unittest.main()

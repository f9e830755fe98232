"""What the acceptance tests share: the program run under a deadline, servers and a WebSocket client
on loopback, folders that go away. Standard library only; nothing here sleeps a fixed time."""

import base64
import hashlib
import json
import os
import pathlib
import re
import select
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
import threading
import time
import unittest
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
HOST = "127.0.0.1"
WS_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
OPCODES = frozenset((0, TEXT, BINARY, CLOSE, PING, PONG))


def binary():
    """The program under test: $YAGURA_BIN, else the release build, else the dev build."""
    chosen = os.environ.get("YAGURA_BIN")
    candidates = [chosen] if chosen else [ROOT / "build/release/yagura", ROOT / "build/dev/yagura"]
    for path in candidates:
        if os.access(path, os.X_OK):
            return str(pathlib.Path(path).resolve())
    raise unittest.SkipTest("no yagura binary: set YAGURA_BIN, or build build/release/yagura")


def free_port():
    """A port that nobody listens on now. Prefer port 0 and reading the printed address."""
    with socket.create_server((HOST, 0)) as server:
        return server.getsockname()[1]


def eventually(condition, what, seconds=10.0):
    """Polls until `condition` gives something true, and returns that."""
    deadline = time.monotonic() + seconds
    while True:
        result = condition()
        if result:
            return result
        if time.monotonic() >= deadline:
            raise AssertionError(f"not within {seconds:g} s: {what() if callable(what) else what}")
        time.sleep(0.01)  # the beat of the poll, not a wait for something


def environment(home, **extra):
    """Nothing of the caller's own set-up: no YAGURA_*, no XDG_*, `home` as home."""
    env = {k: v for k, v in os.environ.items() if not k.startswith(("YAGURA_", "XDG_", "NO_COLOR")) and not k.lower().endswith("_proxy")}
    env.update(HOME=str(home), TZ="UTC", LC_ALL="C.UTF-8")
    env.update({k: str(v) for k, v in extra.items()})
    return env


class Outcome:
    """How a run of the program ended."""

    def __init__(self, arguments, code, out, err):
        self.command = "yagura " + " ".join(map(str, arguments))
        self.code = code
        self.raw_out, self.raw_err = out, err
        self.out = out.decode("utf-8", "replace")
        self.err = err.decode("utf-8", "replace")

    def __str__(self):
        return f"{self.command}\nexit code {self.code}\nstdout: {self.out[:2000]}\nstderr: {self.err[:4000]}"


class Process:
    """The program in the background, its output gathered by threads. Use as a context manager:
    whatever is left of it is killed at the end."""

    def __init__(self, arguments, env, *, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE):
        self.arguments = [str(a) for a in arguments]
        self._out, self._err = bytearray(), bytearray()
        self._lock = threading.Lock()
        self.process = subprocess.Popen(
            [binary(), *self.arguments], cwd=ROOT, env=env, stdin=stdin, stdout=stdout, stderr=subprocess.PIPE
        )
        self._readers = [self._gather(self.process.stderr, self._err)]
        if stdout == subprocess.PIPE:
            self._readers.append(self._gather(self.process.stdout, self._out))

    def _gather(self, pipe, into):
        def read():
            while True:
                try:
                    chunk = pipe.read1(65536)
                except (OSError, ValueError):
                    return
                if not chunk:
                    return
                with self._lock:
                    into.extend(chunk)

        thread = threading.Thread(target=read, daemon=True)
        thread.start()
        return thread

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for thread in self._readers:
            thread.join(5)
        for pipe in (self.process.stdout, self.process.stderr):
            if pipe:
                pipe.close()

    @property
    def pid(self):
        return self.process.pid

    @property
    def out(self):
        with self._lock:
            return self._out.decode("utf-8", "replace")

    @property
    def err(self):
        with self._lock:
            return self._err.decode("utf-8", "replace")

    def running(self):
        return self.process.poll() is None

    def await_err(self, pattern, seconds=10.0):
        """Waits for `pattern` on stderr; gives the match."""

        def look():
            found = re.search(pattern, self.err)
            if not found and not self.running():
                for thread in self._readers:
                    thread.join(5)
                if not re.search(pattern, self.err):
                    raise AssertionError(f"ended with {self.process.returncode} before it said {pattern!r}:\n{self.err}")
            return found

        return eventually(look, lambda: f"{pattern!r} on stderr, which says:\n{self.err}", seconds)

    def await_out(self, pattern, seconds=10.0):
        return eventually(
            lambda: re.search(pattern, self.out), lambda: f"{pattern!r} on stdout, which says:\n{self.out}", seconds
        )

    def send(self, number):
        self.process.send_signal(number)

    def wait(self, seconds=10.0):
        """Waits for the end; gives the exit code."""
        try:
            code = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"still running after {seconds:g} s: {' '.join(self.arguments)}\n{self.err}") from None
        for thread in self._readers:
            thread.join(5)
        return code

    def stop(self, number=signal.SIGTERM, seconds=10.0):
        self.send(number)
        return self.wait(seconds)


class Monitor(Process):
    """`yagura run` with its console on a free port."""

    def __init__(self, env, *arguments, console=f"{HOST}:0", **options):
        super().__init__(["run", "--console", console, *arguments], env, **options)
        self._address = None

    @property
    def address(self):
        if self._address is None:
            found = self.await_err(r"Console: http://(127\.0\.0\.1):(\d+)/")
            self._address = (found[1], int(found[2]))
        return self._address

    def get(self, path):
        """Status and JSON of a GET."""
        url = f"http://{self.address[0]}:{self.address[1]}{path}"
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                return answer.status, json.loads(answer.read())
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.loads(error.read())

    def state(self):
        return self.get("/api/v1/state")[1]

    def instrument(self, symbol):
        return next(i for i in self.state()["instruments"] if i["symbol"] == symbol)

    def feed(self, name):
        return next(f for f in self.state()["feeds"] if f["name"] == name)


class Closed(Exception):
    """The peer ended the WebSocket. `code` is that of its close frame, None without one."""

    def __init__(self, code):
        super().__init__(f"closed with {code}")
        self.code = code


class WebSocket:
    """One WebSocket connection over a blocking socket, either side. Every wait has a deadline."""

    def __init__(self, sock, *, client, rest=b""):
        self.sock, self.client, self.buffer = sock, client, bytearray(rest)

    @classmethod
    def connect(cls, address, path="/ws", seconds=5.0):
        sock = socket.create_connection(address, timeout=seconds)
        key = base64.b64encode(os.urandom(16))
        sock.sendall(
            b"GET %s HTTP/1.1\r\nHost: %s:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Key: %s\r\nSec-WebSocket-Version: 13\r\n\r\n" % (path.encode(), address[0].encode(), address[1], key)
        )
        head, rest = _read_head(sock)
        accept = base64.b64encode(hashlib.sha1(key + WS_GUID).digest())
        if not head.startswith(b"HTTP/1.1 101") or accept not in head:
            sock.close()
            raise AssertionError(f"no WebSocket: {head!r}")
        return cls(sock, client=True, rest=rest)

    @classmethod
    def accept(cls, sock, seconds=5.0):
        sock.settimeout(seconds)
        head, rest = _read_head(sock)
        key = re.search(rb"(?i)sec-websocket-key: *([^\r\n ]+)", head)
        if not key:
            raise AssertionError(f"no WebSocket handshake: {head!r}")
        answer = base64.b64encode(hashlib.sha1(key[1] + WS_GUID).digest())
        sock.sendall(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: " + answer + b"\r\n\r\n"
        )
        return cls(sock, client=False, rest=rest)

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.sock.close()

    def send(self, payload, opcode=TEXT):
        if isinstance(payload, (dict, list)):
            payload = json.dumps(payload)
        data = payload.encode() if isinstance(payload, str) else bytes(payload)
        mask_bit = 0x80 if self.client else 0
        size = len(data)
        if size < 126:
            head = struct.pack("!BB", 0x80 | opcode, mask_bit | size)
        elif size < 65536:
            head = struct.pack("!BBH", 0x80 | opcode, mask_bit | 126, size)
        else:
            head = struct.pack("!BBQ", 0x80 | opcode, mask_bit | 127, size)
        if self.client:
            mask = os.urandom(4)
            head += mask
            data = _masked(data, mask)
        self.sock.sendall(head + data)

    def receive(self, seconds=5.0):
        """The next text or binary message, decoded when it is JSON; answers pings on the way.
        Raises Closed when the peer ends the connection, TimeoutError when it says nothing."""
        deadline = time.monotonic() + seconds
        message = bytearray()
        while True:
            opcode, final, data = self._frame(deadline)
            if opcode == PING:
                self.send(data, PONG)
            elif opcode == CLOSE:
                code = struct.unpack("!H", data[:2])[0] if len(data) >= 2 else None
                try:
                    self.send(data[:2], CLOSE)
                except OSError:
                    pass
                raise Closed(code)
            elif opcode in (0, TEXT, BINARY):
                message += data
                if final:
                    break
        try:
            return json.loads(message)
        except ValueError:
            return bytes(message)

    def receive_until(self, condition, seconds=5.0):
        """Reads messages until one satisfies `condition`, and returns it."""
        deadline = time.monotonic() + seconds
        while True:
            message = self.receive(max(0.01, deadline - time.monotonic()))
            if condition(message):
                return message

    def close_code(self, seconds=5.0):
        """Reads to the end; the code with which the peer closed, None when it just went away."""
        try:
            self.receive_until(lambda message: False, seconds)
        except Closed as closed:
            return closed.code

    def _frame(self, deadline):
        head = self._take(2, deadline)
        opcode, final, size = head[0] & 15, bool(head[0] & 0x80), head[1] & 0x7F
        if opcode not in OPCODES:
            raise AssertionError(f"WebSocket frame with opcode {opcode}")
        if size == 126:
            size = struct.unpack("!H", self._take(2, deadline))[0]
        elif size == 127:
            size = struct.unpack("!Q", self._take(8, deadline))[0]
        mask = self._take(4, deadline) if head[1] & 0x80 else None
        data = self._take(size, deadline)
        return opcode, final, _masked(data, mask) if mask else data

    def _take(self, size, deadline):
        while len(self.buffer) < size:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self.sock], [], [], left)[0]:
                raise TimeoutError("nothing more on the WebSocket in time")
            try:
                chunk = self.sock.recv(65536)
            except ConnectionError:
                raise Closed(None) from None
            if not chunk:
                raise Closed(None)
            self.buffer += chunk
        taken = bytes(self.buffer[:size])
        del self.buffer[:size]
        return taken


def _masked(data, mask):
    repeated = mask * (len(data) // 4 + 1)
    return (int.from_bytes(data, "big") ^ int.from_bytes(repeated[: len(data)], "big")).to_bytes(len(data), "big")


def _read_head(sock):
    data = b""
    while b"\r\n\r\n" not in data:
        chunk = sock.recv(65536)
        if not chunk:
            raise AssertionError(f"ended inside the head of an HTTP message: {data!r}")
        data += chunk
        if len(data) > 65536:
            raise AssertionError("an HTTP head of more than 64 KB")
    head, rest = data.split(b"\r\n\r\n", 1)
    return head, rest


class FeedServer:
    """A vendor on loopback that runs a script: `talk(websocket)` for every connection, in a thread of
    its own; the connection ends with it. `raw=True` hands over the bare socket instead."""

    def __init__(self, talk, *, raw=False):
        self._talk, self._raw = talk, raw
        self._server = socket.create_server((HOST, 0))
        self._connections = []
        self.failures = []  # what went wrong in a script, exceptions
        self.accepted = 0
        self.port = self._server.getsockname()[1]
        self.url = f"ws://{HOST}:{self.port}"
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        for sock in self._connections:
            try:
                sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        self._thread.join(5)

    def _accept(self):
        while True:
            try:
                sock, _ = self._server.accept()
            except OSError:
                return
            self.accepted += 1
            self._connections.append(sock)
            threading.Thread(target=self._serve, args=(sock,), daemon=True).start()

    def _serve(self, sock):
        with sock:
            try:
                self._talk(sock if self._raw else WebSocket.accept(sock))
            except (Closed, OSError):
                pass  # the monitor went away
            except Exception as error:  # noqa: BLE001 - shown by the test
                self.failures.append(error)


def native_tick(symbol, price, seq=None, ts_ns=None):
    """A tick of the native protocol; of this moment unless told otherwise."""
    tick = {"type": "tick", "symbol": symbol, "ts_ns": time.time_ns() if ts_ns is None else ts_ns, "price": str(price)}
    return tick if seq is None else {**tick, "seq": seq}


class AcceptanceTest(unittest.TestCase):
    """A folder per test (`self.dir`), a state directory inside it, and an environment without traces
    of the machine it runs on."""

    maxDiff = None

    def setUp(self):
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="yagura-"))
        self.addCleanup(shutil.rmtree, self.dir, ignore_errors=True)
        self.state = self.dir / "state"
        self.env = environment(self.dir, YAGURA_STATE_DIR=self.state)

    def write(self, name, content):
        path = self.dir / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def run_yagura(self, *arguments, stdin=b"", seconds=10.0, **env):
        try:
            done = subprocess.run(
                [binary(), *map(str, arguments)],
                cwd=ROOT, env={**self.env, **{k: str(v) for k, v in env.items()}}, input=stdin, capture_output=True, timeout=seconds, check=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired as late:
            self.fail(f"still running after {seconds:g} s: yagura {' '.join(map(str, arguments))}\n{late.stderr}")
        return Outcome(arguments, done.returncode, done.stdout, done.stderr)

    def start(self, *arguments, **options):
        process = Process(arguments, self.env, **options)
        self.addCleanup(process.__exit__)
        return process

    def monitor(self, *arguments, **options):
        monitor = Monitor(self.env, *arguments, **options)
        self.addCleanup(monitor.__exit__)
        return monitor

    def serve(self, talk, **options):
        server = FeedServer(talk, **options)
        self.addCleanup(server.__exit__)
        return server

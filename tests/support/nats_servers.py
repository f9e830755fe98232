"""Real nats-servers on loopback: one, or a cluster of three, with a user, JetStream in folders of their own
and ports that were free. Always stopped at the end. And a client of few lines, so that what is stored is
counted by somebody else than the program under test."""

import json
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import unittest

HOST = "127.0.0.1"
USER, PASSWORD = "desk", "not-for-the-log"


def available():
    return shutil.which("nats-server") is not None


def built_in():
    """Whether the program under test can speak it at all."""
    from support import binary

    return b"built without NATS" not in subprocess.run([binary(), "notify"], capture_output=True, timeout=10, check=False).stderr


def free_ports(count):
    sockets = [socket.create_server((HOST, 0)) for _ in range(count)]
    ports = [s.getsockname()[1] for s in sockets]
    for s in sockets:
        s.close()
    return ports


class NatsServer:
    def __init__(self, folder, port, cluster=None):
        self.folder, self.port = pathlib.Path(folder), port
        self.folder.mkdir(parents=True)
        lines = [
            f"listen: {HOST}:{port}",
            f'server_name: "n{port}"',
            f'jetstream {{ store_dir: "{self.folder}/store", max_file_store: 1GB, max_memory_store: 64MB }}',
            f'authorization {{ user: {USER}, password: "{PASSWORD}" }}',
        ]
        if cluster:
            name, own, routes = cluster
            urls = ", ".join(f'"nats://{HOST}:{r}"' for r in routes)
            lines.append(f"cluster {{ name: {name}, listen: {HOST}:{own}, routes: [{urls}] }}")
        (self.folder / "server.conf").write_text("\n".join(lines) + "\n")
        self.process = None
        self.start()

    @property
    def url(self):
        return f"nats://{HOST}:{self.port}"

    def start(self):
        log = open(self.folder / "log", "ab")
        self.process = subprocess.Popen(["nats-server", "-c", str(self.folder / "server.conf")], stdout=log, stderr=log)
        log.close()

    def kill(self):
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None

    def freeze(self):
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self):
        self.process.send_signal(signal.SIGCONT)

    def running(self):
        return self.process is not None


class Nats:
    """One server or three; a context manager."""

    def __init__(self, count=1):
        if not available():
            raise unittest.SkipTest("no nats-server here (Debian: nats-server)")
        if not built_in():
            raise unittest.SkipTest("yagura was built without NATS")
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="yagura-nats-"))
        ports = free_ports(2 * count)
        routes = ports[count:]
        self.servers = []
        try:
            for i in range(count):
                cluster = ("yagura", routes[i], routes) if count > 1 else None
                self.servers.append(NatsServer(self.folder / f"n{i}", ports[i], cluster))
            self.await_ready()
        except BaseException:
            self.close()
            raise

    def close(self):
        for server in self.servers:
            server.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    __enter__ = lambda self: self

    def __exit__(self, *exc):
        self.close()

    @property
    def urls(self):
        return [s.url for s in self.servers]

    def toml(self):
        """Keys of [notify], [publish] or a sink; the password is in $NATS_PASSWORD."""
        return f'servers = {json.dumps(self.urls)}\nuser = "{USER}"\npassword_env = "NATS_PASSWORD"\n'

    def client(self, seconds=10.0):
        """A client of any server that answers."""
        deadline = time.monotonic() + seconds
        while True:
            for server in self.servers:
                if not server.running():
                    continue
                try:
                    return Client(server.port)
                except OSError:
                    pass
            if time.monotonic() > deadline:
                raise AssertionError("no nats-server answers")
            time.sleep(0.02)

    def await_ready(self, seconds=20.0):
        """JetStream has its leader."""
        self.api("INFO", {}, seconds, lambda answer: "error" not in answer)

    def api(self, subject, request=None, seconds=10.0, good=lambda answer: True):
        deadline = time.monotonic() + seconds
        answer = None
        while time.monotonic() < deadline:
            try:
                with self.client(1.0) as client:
                    answer = client.request("$JS.API." + subject, json.dumps(request or {}), 1.0)
                if answer is not None and good(json.loads(answer)):
                    return json.loads(answer)
            except (OSError, AssertionError, ValueError):
                pass
            time.sleep(0.05)
        raise AssertionError(f"$JS.API.{subject}: {answer}")

    def stream(self, name="YAGURA", seconds=10.0):
        return self.api(f"STREAM.INFO.{name}", None, seconds, lambda a: "error" not in a)

    def stored(self, name="YAGURA", seconds=15.0):
        """Every message of the stream, by sequence: (subject, payload)."""
        state = self.stream(name, seconds)["state"]
        with self.client() as client:
            found = []
            for sequence in range(state["first_seq"], state["last_seq"] + 1):
                answer = json.loads(client.request(f"$JS.API.STREAM.MSG.GET.{name}", json.dumps({"seq": sequence}), 5.0))
                if "message" in answer:
                    import base64

                    found.append((answer["message"]["subject"], base64.b64decode(answer["message"].get("data", ""))))
            return found

    def leader(self, name="YAGURA"):
        wanted = self.stream(name)["cluster"]["leader"]
        return next(s for s in self.servers if f"n{s.port}" == wanted)


class Client:
    """Blocking, one subscription at a time."""

    def __init__(self, port):
        self.sock = socket.create_connection((HOST, port), timeout=2)
        self.buffer = b""
        self._line()
        hello = {"verbose": False, "user": USER, "pass": PASSWORD, "headers": True, "no_responders": True, "lang": "py", "version": "1"}
        self.sock.sendall(b"CONNECT " + json.dumps(hello).encode() + b"\r\nPING\r\n")
        while self._line() != b"PONG":
            pass
        self.asked = 0

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.sock.close()

    def _line(self):
        while b"\r\n" not in self.buffer:
            self._more()
        line, self.buffer = self.buffer.split(b"\r\n", 1)
        if line.startswith(b"-ERR"):
            raise OSError(line.decode())
        return line

    def _more(self):
        chunk = self.sock.recv(65536)
        if not chunk:
            raise OSError("the server hung up")
        self.buffer += chunk

    def publish(self, subject, payload, reply="", headers=None):
        data = payload if isinstance(payload, bytes) else payload.encode()
        if headers:
            head = b"NATS/1.0\r\n" + b"".join(f"{k}: {v}\r\n".encode() for k, v in headers.items()) + b"\r\n"
            self.sock.sendall(f"HPUB {subject} {reply} {len(head)} {len(head) + len(data)}\r\n".encode() + head + data + b"\r\n")
        else:
            self.sock.sendall(f"PUB {subject} {reply} {len(data)}\r\n".encode() + data + b"\r\n")

    def message(self, seconds):
        """(subject, payload), or None; a status without a payload is an empty one."""
        self.sock.settimeout(seconds)
        try:
            while True:
                line = self._line()
                if line == b"PING":
                    self.sock.sendall(b"PONG\r\n")
                    continue
                parts = line.split()
                if not parts or parts[0] not in (b"MSG", b"HMSG"):
                    continue
                size = int(parts[-1])
                while len(self.buffer) < size + 2:
                    self._more()
                body, self.buffer = self.buffer[:size], self.buffer[size + 2 :]
                return parts[1].decode(), body[int(parts[-2]) :] if parts[0] == b"HMSG" else body
        except TimeoutError:
            return None

    def subscribe(self, subject):
        self.asked += 1
        self.sock.sendall(f"SUB {subject} {self.asked}\r\nPING\r\n".encode())
        while self._line() != b"PONG":
            pass

    def request(self, subject, payload, seconds):
        inbox = f"_INBOX.test.{id(self)}.{self.asked}"
        self.subscribe(inbox)
        self.publish(subject, payload, inbox)
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            got = self.message(left)
            if got and got[0] == inbox:
                return got[1].decode()
        return None

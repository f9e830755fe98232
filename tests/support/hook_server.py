"""An HTTP place that alerts are sent to, and that behaves as badly as a test wants. Every request is
remembered with the moment at which its body was complete."""

import json
import socket
import ssl
import threading
import time


class Hit:
    def __init__(self, at, path, headers, body):
        self.at, self.path, self.headers, self.body = at, path, headers, body

    @property
    def alert(self):
        return json.loads(self.body)

    @property
    def key(self):
        return self.headers.get("webhook-id")


def answer(status=200, headers=(), body=b"ok"):
    """A behaviour: says that."""
    head = f"HTTP/1.1 {status} Some\r\nContent-Length: {len(body)}\r\n" + "".join(f"{k}: {v}\r\n" for k, v in headers)
    return lambda hook, sock, hit: sock.sendall(head.encode() + b"\r\n" + body)


def hang_up(hook, sock, hit):
    """The request was taken and worked on; its answer is lost."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    raise ConnectionAbortedError


def say_nothing(hook, sock, hit):
    hook.closing.wait()


def drip(hook, sock, hit):
    """One byte at a time, for ever."""
    for byte in b"HTTP/1.1 200 OK\r\n" + b"X-Slow: " + b"x" * 100_000:
        sock.sendall(bytes([byte]))
        if hook.closing.wait(0.2):
            return


class HookServer:
    """`behave(hit, number)` gives the behaviour for each request, counted from 0; the default is 200."""

    def __init__(self, behave=None, *, tls=None, port=0):
        self.behave = behave or (lambda hit, number: answer())
        self.hits, self.closing = [], threading.Event()
        self._lock = threading.Lock()
        self._tls = tls
        self._listener = socket.create_server(("127.0.0.1", port), backlog=128)
        self.port = self._listener.getsockname()[1]
        self.url = f"http{'s' if tls else ''}://127.0.0.1:{self.port}/hook"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self):
        self.closing.set()
        try:
            self._listener.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self._listener.close()

    def seen(self):
        with self._lock:
            return list(self.hits)

    def _accept(self):
        while not self.closing.is_set():
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(sock,), daemon=True).start()

    def _serve(self, sock):
        try:
            if self._tls:
                sock = self._tls.wrap_socket(sock, server_side=True)
            stream = sock.makefile("rb")
            while True:
                line = stream.readline(65536)
                if not line:
                    return
                headers = {}
                while (header := stream.readline(65536).strip()) != b"":
                    name, _, value = header.decode("latin-1").partition(":")
                    headers[name.strip().lower()] = value.strip()
                if headers.get("expect") == "100-continue":
                    sock.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
                body = stream.read(int(headers.get("content-length", 0)))
                hit = Hit(time.time(), line.split()[1].decode(), headers, body)
                with self._lock:
                    number = len(self.hits)
                    self.hits.append(hit)
                self.behave(hit, number)(self, sock, hit)
        except (OSError, ssl.SSLError):
            pass
        finally:
            sock.close()

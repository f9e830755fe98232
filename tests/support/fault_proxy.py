"""A TCP proxy that does to a WebSocket connection what the internet does on a bad day, steered by the
test while it runs. It passes on whole frames of the server's, so that a test can say exactly which
frames arrived: a cut or a reset comes between two of them, or inside one where that is asked for.
Threads, standard library only."""

import base64
import hashlib
import re
import socket
import struct
import threading
import time

HOST = "127.0.0.1"
GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10


def frame(payload=b"", opcode=TEXT, *, fin=True, rsv=0, size=None):
    """A server's frame. `rsv`: bits 4, 2, 1; `size`: what the header claims instead of the truth."""
    data = payload.encode() if isinstance(payload, str) else payload
    size = len(data) if size is None else size
    first = (0x80 if fin else 0) | rsv << 4 | opcode
    if size < 126:
        return struct.pack("!BB", first, size) + data
    if size < 65536:
        return struct.pack("!BBH", first, 126, size) + data
    return struct.pack("!BBQ", first, 127, size) + data


def close_frame(code, reason=""):
    return frame(struct.pack("!H", code) + reason.encode(), CLOSE)


class Splitter:
    """Finds where frames end. The bytes before the first blank line are the HTTP answer."""

    def __init__(self, http=True):
        self._buffer, self._http = bytearray(), http

    def take(self, data):
        """Adds `data`; gives the whole frames (and the HTTP head) now complete, one by one."""
        self._buffer += data
        whole, at = [], 0
        if self._http:
            end = self._buffer.find(b"\r\n\r\n")
            if end < 0:
                return whole
            at, self._http = end + 4, False
            whole.append(bytes(self._buffer[:at]))
        while (end := self._end(at)) is not None:
            whole.append(bytes(self._buffer[at:end]))
            at = end
        del self._buffer[:at]
        return whole

    def _end(self, at):
        left = len(self._buffer) - at
        if left < 2:
            return None
        size, head = self._buffer[at + 1] & 0x7F, 2
        if size == 126 and left >= 4:
            size, head = struct.unpack_from("!H", self._buffer, at + 2)[0], 4
        elif size == 127 and left >= 10:
            size, head = struct.unpack_from("!Q", self._buffer, at + 2)[0], 10
        elif size >= 126:
            return None
        if self._buffer[at + 1] & 0x80:
            head += 4
        return at + head + size if left >= head + size else None


def text_of(whole):
    """The payload of a frame, unmasked; None when it is no text frame."""
    if whole[0] & 15 != TEXT:
        return None
    size, head = whole[1] & 0x7F, 2
    head += {126: 2, 127: 8}.get(size, 0)
    if not whole[1] & 0x80:
        return whole[head:]
    mask = whole[head : head + 4]
    return bytes(b ^ mask[i % 4] for i, b in enumerate(whole[head + 4 :]))


class Link:
    """One connection through the proxy."""

    def __init__(self, proxy, client):
        self.proxy, self.client, self.server = proxy, client, None
        self.opened_at = time.monotonic()
        self.commands = []  # (when, text) of the client's text frames
        self.delivered = 0  # frames passed on to the client
        self.ended = threading.Event()
        self._lock = threading.RLock()
        self._next = None  # what to do instead of passing on the next frame

    # What a test may do to it, at any time.
    def inject(self, data):
        """Bytes of ours between two frames."""
        with self._lock:
            self.client.sendall(data)

    def close(self, code, reason="", *, hang_up=True):
        """A WebSocket goodbye; `hang_up=False` leaves TCP open."""
        with self._lock:
            self.client.sendall(close_frame(code, reason))
            if hang_up:
                self.end()

    def reset(self):
        with self._lock:
            self.client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.end(socket.SHUT_RD)  # no FIN; the pump wakes up, and the last to let go sends the RST

    def end(self, how=socket.SHUT_RDWR):
        if self.ended.is_set():
            return
        self.ended.set()
        self.proxy.dropped_at = time.monotonic()
        for sock, way in ((self.client, how), (self.server, socket.SHUT_RDWR)):
            if sock is None:
                continue
            try:
                sock.shutdown(way)
            except OSError:
                pass
            sock.close()

    def at_next_frame(self, action, seconds=5.0):
        """Runs `action(link, frame)` in place of passing on the next tick of the server; waits for that."""
        done = threading.Event()

        def once(link, whole):
            action(link, whole)
            done.set()

        self._next = once
        if not done.wait(seconds):
            raise AssertionError("no frame came to do it at")

    # The pumps.
    def run(self):
        try:
            self.server = socket.create_connection(self.proxy.upstream, timeout=5)
            self.server.settimeout(None)
            for sock in (self.client, self.server):
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self._up, daemon=True).start()
            splitter = Splitter()
            while data := self.server.recv(65536):
                for whole in splitter.take(data):
                    self._pass_on(whole)
        except (OSError, ValueError):
            pass
        self.end()

    def _up(self):
        splitter = Splitter()
        try:
            while data := self.client.recv(65536):
                for whole in splitter.take(data):
                    text = None if whole.startswith(b"GET ") else text_of(whole)
                    if text is not None:
                        self.commands.append((time.monotonic(), text.decode()))
                self.server.sendall(data)
        except (OSError, ValueError):
            pass
        self.end()

    def _pass_on(self, whole):
        proxy = self.proxy
        proxy.flowing.wait()
        is_text = not whole.startswith(b"HTTP/") and text_of(whole) is not None
        with self._lock:
            if is_text and self._next is not None:
                action, self._next = self._next, None
                return action(self, whole)
            if is_text:
                self.delivered += 1
                proxy.seen(text_of(whole))
            self._trickle(proxy.alter(whole, self) if proxy.alter else whole)
        if proxy.glue:
            time.sleep(proxy.glue)

    def _trickle(self, data):
        proxy = self.proxy
        if proxy.latency:
            time.sleep(proxy.latency)
        if not proxy.slice:
            self.client.sendall(data)
        else:
            size, every = proxy.slice
            for at in range(0, len(data), size):
                self.client.sendall(data[at : at + size])
                time.sleep(every)
        if proxy.bandwidth:
            time.sleep(len(data) / proxy.bandwidth)


class FaultProxy:
    """Listens on a port of its own. Set the members at any time; they hold for all connections."""

    def __init__(self, port=None):
        self.upstream = (HOST, port)
        self.latency = 0.0  # seconds before each frame
        self.bandwidth = 0  # bytes a second, 0: any
        self.slice = None  # (bytes, seconds between them)
        self.glue = 0.0  # seconds in which frames pile up
        self.alter = None  # function(frame, link): other bytes in its place
        self.meet = None  # function(socket) that talks to new connections instead of the upstream
        self.flowing = threading.Event()  # cleared: a black hole, connections stay open
        self.flowing.set()
        self.links = []
        self.attempts = []  # when connections came, monotonic
        self.dropped_at = 0.0
        self.must_not_say = b"ERR-5003"
        self.said = []  # texts with that in them
        self._server, self.port = None, 0
        self._threads = []
        self.listen()
        self.url = f"ws://{HOST}:{self.port}"

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.refuse()
        self.flowing.set()
        for link in self.links:
            link.end()
        for thread in self._threads:
            thread.join(5)

    @property
    def link(self):
        """The latest connection."""
        return self.links[-1]

    def seen(self, text):
        if self.must_not_say in text:
            self.said.append(text)

    # The door.
    def listen(self):
        self._server = socket.create_server((HOST, self.port), backlog=64)
        self.port = self._server.getsockname()[1]
        thread = threading.Thread(target=self._accept, args=(self._server,), daemon=True)
        thread.start()
        self._threads.append(thread)

    def refuse(self):
        """Connections are refused from now on; those that are, stay."""
        try:
            self._server.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self._server.close()

    def down(self):
        """The link is gone: resets what there is, refuses the rest."""
        self.refuse()
        for link in self.links:
            if not link.ended.is_set():
                link.reset()

    def flap(self, times, up, down):
        for _ in range(times):
            time.sleep(up)
            self.down()
            time.sleep(down)
            self.listen()

    def _accept(self, server):
        while True:
            try:
                client, _ = server.accept()
            except OSError:
                return
            self.attempts.append(time.monotonic())
            meet = self.meet
            if meet is not None:
                thread = threading.Thread(target=self._meet, args=(meet, client), daemon=True)
            else:
                link = Link(self, client)
                self.links.append(link)
                thread = threading.Thread(target=link.run, daemon=True)
            thread.start()

    @staticmethod
    def _meet(meet, client):
        with client:
            try:
                meet(client)
                client.shutdown(socket.SHUT_RDWR)  # another thread may be reading
            except OSError:
                pass


# How to meet a connection.
def http(status, **headers):
    """Any HTTP answer: http("429 Too Many Requests", Retry_After=2)."""
    head = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())

    def meet(client):
        read_head(client)
        client.sendall(f"HTTP/1.1 {status}\r\n{head}Content-Length: 2\r\n\r\nno".encode())

    return meet


def hang_up(client):
    del client  # and the socket is closed


def mute(client):
    while client.recv(65536):
        pass


def drip(every=0.2):
    """An endless answer, a byte at a time."""

    def meet(client):
        answer = b"HTTP/1.1 101 Switching Protocols\r\nX: "
        at = 0
        while True:
            client.sendall(answer[at : at + 1] or b"x")
            at += 1
            time.sleep(every)

    return meet


def upgraded(talk, *, read=True):
    """Grants the upgrade, then `talk(socket)`; what the client says is read and dropped, or not read."""

    def meet(client):
        key = re.search(rb"(?i)sec-websocket-key: *([^\r\n ]+)", read_head(client))[1]
        accept = base64.b64encode(hashlib.sha1(key + GUID).digest())
        client.sendall(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n"
        )
        if read:
            threading.Thread(target=drain, args=(client,), daemon=True).start()
        talk(client)

    return meet


def drain(client):
    try:
        mute(client)
    except OSError:
        pass


def read_head(client):
    data = b""
    while b"\r\n\r\n" not in data:
        chunk = client.recv(65536)
        if not chunk:
            raise OSError("ended inside the request")
        data += chunk
    return data

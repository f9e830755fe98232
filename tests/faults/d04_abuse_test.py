"""D4: clients that abuse the protocol: each gets the answer it deserves, and the monitor goes on."""

import struct
import time
import unittest

from crowd_case import Answer, CrowdCase, read_to_end


def frame(payload, opcode=1, fin=True, rsv=0, masked=True, size=None):
    size = len(payload) if size is None else size
    head = bytes([(0x80 if fin else 0) | rsv << 4 | opcode])
    mask = 0x80 if masked else 0
    if size < 126:
        head += bytes([mask | size])
    elif size < 1 << 16:
        head += struct.pack("!BH", mask | 126, size)
    else:
        head += struct.pack("!BQ", mask | 127, size)
    return head + (b"\0\0\0\0" if masked else b"") + payload


def close_code(raw):
    """Of the last frame, which a server does not mask."""
    at, code = 0, None
    while at + 2 <= len(raw):
        opcode, size = raw[at] & 0xF, raw[at + 1] & 0x7F
        at += 2
        if size == 126:
            size, at = struct.unpack_from("!H", raw, at)[0], at + 2
        elif size == 127:
            size, at = struct.unpack_from("!Q", raw, at)[0], at + 8
        if opcode == 8 and size >= 2:
            code = struct.unpack_from("!H", raw, at)[0]
        at += size
    return code


class Abuse(CrowdCase):
    def setUp(self):
        super().setUp()
        self.live()
        self.addCleanup(self.goes_on)

    def goes_on(self):
        self.alive()
        self.assertEqual(self.m.stop(), 0, self.m.err)
        self.assertNotIn("internal error", self.m.err)

    def talk(self, *frames, seconds=5.0):
        """The close code that frames on a fresh WebSocket are answered with."""
        sock = self.tcp(seconds=seconds)
        self.upgrade(sock)
        data = b""
        while b"\r\n\r\n" not in data:
            data += sock.recv(65536)
        self.assertTrue(data.startswith(b"HTTP/1.1 101"), data[:200])
        for one in frames:
            try:
                sock.sendall(one)
            except OSError:
                break  # hung up on already
        return close_code(data.partition(b"\r\n\r\n")[2] + read_to_end(sock))

    def test_a_handshake_drop_by_drop_is_given_two_seconds(self):
        sock = self.tcp(seconds=0.1)
        began = time.monotonic()
        for byte in b"GET /ws HTTP/1.1\r\nHost: 127.0.0.1\r\nX: " + b"y" * 100:
            try:
                sock.sendall(bytes([byte]))
                if sock.recv(1) == b"":
                    break
            except TimeoutError:
                pass
            except OSError:
                break
        took = time.monotonic() - began
        self.assertTrue(1.8 < took < 3.5, took)
        self.assertEqual(self.metric("yagura_console_clients_cut_total", reason="handshake"), 1)

    def test_a_head_of_20_kb_gets_431(self):
        self.assertEqual(self.request("GET", "/", [("X-Long", "y" * 20_000)]).status, 431)
        self.assertEqual(self.request("GET", "/" + "y" * 20_000).status, 431)
        self.assertEqual(self.request("GET", "/", [(f"X-{i}", "y" * 40) for i in range(500)]).status, 431)

    def test_a_body_of_30_mb_gets_413(self):
        before = self.rss()
        sock = self.tcp()
        sock.sendall(
            b"POST /api/v1/levels HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Type: application/json\r\nContent-Length: 30000000\r\n\r\n"
            % self.m.address[1]
        )
        sent = 0
        try:
            while sent < 30_000_000:
                sent += sock.send(b" " * 65536)
        except OSError:
            pass
        self.assertEqual(Answer(read_to_end(sock)).status, 413)
        self.assertLess(self.rss() - before, 8 << 20, "was kept")

    def test_lengths_that_are_none(self):
        for length in ("-1", "99999999999999999999", "0x10", "5, 6", "abc"):
            with self.tcp() as sock:
                sock.sendall(f"POST /api/v1/levels HTTP/1.1\r\nHost: 127.0.0.1:{self.m.address[1]}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{{}}".encode())
                status = Answer(read_to_end(sock)).status
                self.assertTrue(400 <= status < 500 or status == 0, (length, status))

    def test_frames_too_long_or_not_as_rfc_6455_has_them(self):
        self.assertEqual(self.talk(frame(b"x" * 65_537)), 1009)
        self.assertEqual(self.talk(frame(b"x", size=1 << 40)), 1009)
        self.assertEqual(self.talk(*[frame(b"x" * 30_000, 1 if i == 0 else 0, fin=False) for i in range(4)]), 1009)
        self.assertEqual(self.talk(frame(b"{}", masked=False)), 1002)
        self.assertEqual(self.talk(frame(b"{}", rsv=4)), 1002)  # compressed, which nobody agreed to
        self.assertEqual(self.talk(frame(b"{}", opcode=3)), 1002)
        self.assertEqual(self.talk(frame(b"x" * 126, opcode=9)), 1002)
        self.assertEqual(self.talk(frame(b"\xff\xfe")), 1007)

    def test_ten_thousand_messages_a_second_get_1008(self):
        message = frame(b'{"type":"resume","after":0}')
        began = time.monotonic()
        self.assertEqual(self.talk(*[message * 100] * 100), 1008)
        self.assertLess(time.monotonic() - began, 3)
        self.assertEqual(self.metric("yagura_console_clients_cut_total", reason="messages"), 1)
        self.m.await_err(r"console: 1 client cut off, the last: more than 20 messages a second")

    def test_old_versions_of_the_protocol_get_426(self):
        for version in (0, 7, 8, 12, 14, 99, "x", ""):
            sock = self.tcp()
            self.upgrade(sock, version=version)
            raw = read_to_end(sock)
            self.assertIn(Answer(raw).status, (400, 426), (version, raw[:200]))
        # Draft 76, which had no version.
        sock = self.tcp()
        sock.sendall(b"GET /ws HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: WebSocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key1: 4 @1\r\n\r\n12345678" % self.m.address[1])
        self.assertIn(Answer(read_to_end(sock)).status, (400, 426))

    def test_paths_with_tricks_lead_nowhere(self):
        for path in (
            "/../etc/passwd", "/..%2f..%2fetc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "//etc/passwd", "/./index.html/../../x", "/js/../../../etc/passwd",
            "/index.html%00.js", "/api/v1/../../etc/passwd", "/api/v1/alerts/../state", "/api/v1/alerts/%2e%2e/ack", "/\\..\\..\\windows", "/js/main.js/", "/API/V1/STATE",
        ):  # fmt: skip
            answer = self.request("GET", path)
            self.assertIn(answer.status, (400, 404, 405), (path, answer))
            self.assertNotIn(b"root:", answer.raw)
        for raw in (b"\r\n\r\n", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"\x16\x03\x01\x02\x00\x01", b"\0" * 400, b"GET  / HTTP/1.1\r\n\r\n"):
            with self.tcp(seconds=4) as sock:
                sock.sendall(raw)
                status = Answer(read_to_end(sock)).status
                self.assertTrue(status == 0 or 400 <= status < 600, (raw, status))
        for method in ("PUT", "PATCH", "TRACE", "CONNECT", "OPTIONS", "YAGURA"):
            self.assertIn(self.request(method, "/api/v1/state").status, (400, 404, 405, 501), method)


if __name__ == "__main__":
    unittest.main()

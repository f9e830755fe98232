"""A9: descriptors run out under a crowd of console clients."""

import os
import resource
import socket
import time
import unittest

from fault_case import FaultCase
from support import WebSocket, eventually

LIMIT = 64
CROWD = 200


class Descriptors(FaultCase):
    def cpu(self):
        with open(f"/proc/{self.m.pid}/stat") as stat:
            fields = stat.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def feeds_seen(self, ws):
        state = ws.receive_until(lambda m: m.get("type") == "state", 5)["state"]
        return {feed["name"]: feed for feed in state["feeds"]}

    def test_none_left_for_200_clients(self):
        self.start_feeds(steps=7, step_seconds=2)
        self.start_monitor()
        usual, most = resource.prlimit(self.m.pid, resource.RLIMIT_NOFILE)
        resource.prlimit(self.m.pid, resource.RLIMIT_NOFILE, (LIMIT, most))
        with WebSocket.connect(self.m.address) as early:
            before = self.feeds_seen(early)
            crowd = []
            for _ in range(CROWD):  # those who are not accepted wait in the kernel
                sock = socket.socket()
                sock.setblocking(False)
                sock.connect_ex(self.m.address)
                sock.send(self.upgrade()) if self.connected(sock) else None
                crowd.append(sock)
            eventually(lambda: self.descriptors() >= LIMIT - 2, "no descriptor left", 5)
            began, used = time.monotonic(), self.cpu()
            for _ in range(3):
                now = self.feeds_seen(early)
            share = (self.cpu() - used) / (time.monotonic() - began)
            self.assertLess(share, 0.2, "CPU while nobody can be accepted")
            for name in ("well", "sick"):
                self.assertGreater(now[name]["ticks"], before[name]["ticks"] + 30, name)
                self.assertEqual((now[name]["state"], now[name]["reconnects"]), ("LIVE", 0), name)
            self.assertLessEqual(self.descriptors(), LIMIT)
            for sock in crowd:
                sock.close()
            released = time.monotonic()
            with WebSocket.connect(self.m.address) as late:
                self.assertEqual(late.receive()["type"], "hello")
            took = time.monotonic() - released
            self.assertLess(took, 1.0, "accepts again")
            print(f"\n{share:.1%} CPU, accepts after {took * 1000:.0f} ms", flush=True)
        resource.prlimit(self.m.pid, resource.RLIMIT_NOFILE, (usual, most))
        self.finish()

    def upgrade(self):
        return (
            b"GET /ws HTTP/1.1\r\nHost: %s:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
            % (self.m.address[0].encode(), self.m.address[1])
        )

    @staticmethod
    def connected(sock):
        return sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == 0


if __name__ == "__main__":
    unittest.main()

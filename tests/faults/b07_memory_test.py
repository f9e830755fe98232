"""B7: a server that sends without end, one way or another."""

import threading
import time
import unittest

from fault_case import SANITIZED, FaultCase
from fault_proxy import PING, frame, upgraded
from support import eventually

MIB = 1 << 20
CHUNK = b"x" * 65_536


def huge(client):
    """100 MB, announced honestly."""
    client.sendall(frame(b"", size=100_000_000))
    for _ in range(1600):
        client.sendall(CHUNK)


def hidden(client):
    """100 MB in one message that never ends."""
    client.sendall(frame(CHUNK, fin=False))
    for _ in range(1600):
        client.sendall(frame(CHUNK, 0, fin=False))


def bomb(client):
    """A compressed frame; what is in it does not matter."""
    client.sendall(frame(b"\x00" * 60_000, rsv=4))


def pings(client):
    """And nobody reads the answers."""
    batch = frame(b"p" * 125, PING) * 500
    until = time.monotonic() + 2.0
    while time.monotonic() < until:
        client.sendall(batch)


def head(client):
    """An HTTP answer without end."""
    client.sendall(b"HTTP/1.1 101 Switching Protocols\r\nX: ")
    for _ in range(1600):
        client.sendall(CHUNK)


def complaints(client):
    """Errors as fast as they go."""
    batch = frame('{"type":"error","message":"' + "no" * 300 + '"}') * 100
    until = time.monotonic() + 2.0
    while time.monotonic() < until:
        client.sendall(batch)


class Memory(FaultCase):
    def sample(self):
        while not self.over.wait(0.005):
            self.highest = max(self.highest, self.rss())

    def test_memory_stays_where_it_is(self):
        self.start_feeds(steps=7, step_seconds=2)
        self.start_monitor()
        eventually(lambda: self.m.feed("sick")["ticks"] > 20, "some ticks")
        before = self.highest = self.rss()
        self.over = threading.Event()
        self.addCleanup(self.over.set)
        watch = threading.Thread(target=self.sample, daemon=True)
        watch.start()
        for talk, reason in ((head, None), (huge, "garbage"), (hidden, "garbage"), (bomb, "garbage"), (pings, None), (complaints, None)):
            with self.subTest(talk.__name__):
                self.proxy.meet = head if talk is head else upgraded(talk, read=talk is not pings)
                known = len(self.proxy.attempts)
                self.proxy.link.at_next_frame(lambda link, _: link.end())
                self.first_attempt(known + 1)
                if reason:
                    self.await_reason(reason)
                else:
                    time.sleep(0.5 if talk is head else 1.5)
                    self.assertEqual(self.m.feed("well")["state"], "LIVE")
                self.proxy.meet = None
                self.await_well_again(12)
        self.over.set()
        watch.join()
        if not SANITIZED:
            self.assertLess(self.highest - before, 16 * MIB, f"{before / MIB:.1f} MiB at first, {self.highest / MIB:.1f} at most")
        print(f"\nRSS {before / MIB:.1f} MiB, at most {self.highest / MIB:.1f}", flush=True)
        self.finish(complete=False)


if __name__ == "__main__":
    unittest.main()

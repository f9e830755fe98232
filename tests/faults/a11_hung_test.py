"""A11: one thread stands still and the others do not. A debugger's stop (ptrace) does it to any thread of
the shipped program, so there is no hook in it for this."""

import ctypes
import os
import pathlib
import re
import socket
import time
import unittest
import urllib.request

from fault_case import FaultCase
from support import eventually

SEIZE, INTERRUPT, DETACH, WALL = 0x4206, 0x4207, 17, 0x40000000
WATCHDOG = 2.0  # seconds
libc = ctypes.CDLL(None, use_errno=True)


class Hung:
    """A thread that stands still inside the `with`."""

    def __init__(self, tid):
        self.tid = tid

    def call(self, request):
        if libc.ptrace(request, self.tid, None, None) != 0:
            raise OSError(ctypes.get_errno(), f"ptrace {request:#x} of {self.tid}")

    def __enter__(self):
        self.call(SEIZE)
        self.call(INTERRUPT)
        os.waitpid(self.tid, WALL)
        return self

    def __exit__(self, *_):
        self.call(DETACH)


class HungThread(FaultCase):
    def setUp(self):
        super().setUp()
        self.notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.addCleanup(self.notify.close)
        self.notify.bind(str(self.dir / "notify"))
        self.env.update(NOTIFY_SOCKET=self.dir / "notify", WATCHDOG_USEC=str(int(WATCHDOG * 1e6)))

    def thread(self, name):
        for task in pathlib.Path(f"/proc/{self.m.pid}/task").iterdir():
            if (task / "comm").read_text().strip() == name:
                return int(task.name)
        self.fail(f"no thread {name}")

    def watchdogs(self, seconds):
        """How often the watchdog is fed within the next `seconds`."""
        self.drain()
        deadline, count = time.monotonic() + seconds, 0
        while (left := deadline - time.monotonic()) > 0:
            self.notify.settimeout(left)
            try:
                count += self.notify.recv(4096) == b"WATCHDOG=1"
            except TimeoutError:
                break
        return count

    def drain(self):
        self.notify.setblocking(False)
        try:
            while True:
                self.notify.recv(4096)
        except BlockingIOError:
            pass

    def stuck(self, name):
        with urllib.request.urlopen("http://%s:%d/metrics" % self.m.address, timeout=5) as answer:
            return int(re.search(rf'yagura_thread_stuck{{thread="{name}"}} (\d)', answer.read().decode())[1])

    def test_each_thread_in_turn(self):
        self.start_feeds(steps=12, step_seconds=2)
        self.start_monitor()
        self.assertGreater(self.watchdogs(WATCHDOG), 1, "fed while all move")

        with self.subTest("feeds"), Hung(self.thread("feeds")):
            self.drain()
            time.sleep(0.6)  # what was on its way
            self.assertEqual(self.watchdogs(WATCHDOG), 0)
            status, health = eventually(lambda: (a := self.m.get("/healthz"))[0] == 503 and a, "503", 10)
            self.assertRegex(health["parts"]["threads"]["reason"], r"^feeds has not moved for \d+ s$")
            self.assertEqual((status, self.stuck("feeds"), self.stuck("detector")), (503, 1, 0))
        eventually(lambda: self.m.get("/healthz")[0] == 200, "well again", 5)
        self.m.await_err("thread feeds has not moved(?s:.*)thread feeds moves again")

        with self.subTest("storage"), Hung(self.thread("storage")):
            time.sleep(0.6)
            self.assertEqual(self.watchdogs(WATCHDOG), 0)
            self.assertEqual(self.m.get("/healthz")[0], 200, "a disk may take half a minute")
        self.assertGreater(self.watchdogs(WATCHDOG), 1)

        with self.subTest("detector"), Hung(self.m.pid):
            time.sleep(0.6)
            self.assertEqual(self.watchdogs(WATCHDOG), 0)
            self.m.await_err("thread detector has not moved", 10)
        self.assertGreater(self.watchdogs(WATCHDOG), 1)
        self.assertEqual(self.m.get("/healthz")[0], 200)
        self.await_well_again()
        self.finish(complete=False)


if __name__ == "__main__":
    unittest.main()

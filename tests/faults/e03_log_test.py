"""E3: nobody reads the log, its disk is full, its reader is gone. Nothing else may notice."""

import contextlib
import fcntl
import os
import re
import signal
import subprocess
import threading
import time
import unittest
import urllib.request

from fault_case import FaultCase
from support import HOST, ROOT, Monitor, binary, eventually, free_port


class OtherStderr(Monitor):
    """A monitor whose stderr is `stderr`, on a port known before."""

    def __init__(self, env, config, stderr):
        port = free_port()
        self.arguments = ["run", "--console", f"{HOST}:{port}", "--config", str(config), "--json"]
        self._address = (HOST, port)
        self._err = bytearray()
        self._lock = threading.Lock()
        self._out = bytearray()
        self.process = subprocess.Popen([binary(), *self.arguments], cwd=ROOT, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=stderr)
        self._readers = [self._gather(self.process.stdout, self._out)]


class StuckLog(FaultCase):
    def begin(self, stderr, steps=6):
        self.start_feeds(steps=steps, step_seconds=1.5)
        self.m = OtherStderr(self.env, self.config, stderr)
        self.addCleanup(self.m.__exit__)
        eventually(self.answers, "the console", 10)
        self.await_feed("well", state="LIVE")
        self.await_feed("sick", state="LIVE")

    def answers(self):
        with contextlib.suppress(OSError):
            return self.m.get("/healthz")[0] == 200

    def metric(self, name):
        with urllib.request.urlopen("http://%s:%d/metrics" % self.m.address, timeout=5) as answer:
            return float(re.search(rf"^{name} (\S+)$", answer.read().decode(), re.M)[1])

    def chatter(self, wanted):
        """Broken reloads of a thousand problems each, until so many lines were dropped."""
        good = self.config.read_text()
        self.config.write_text(good + "[console]\n" + "".join(f"wrong_{i} = 1\n" for i in range(1000)))
        deadline = time.monotonic() + 20
        while self.metric("yagura_log_lines_dropped_total") < wanted and time.monotonic() < deadline:
            self.m.send(signal.SIGHUP)
            self.m.get("/healthz")
        self.config.write_text(good)
        self.assertGreaterEqual(self.metric("yagura_log_lines_dropped_total"), wanted, "counted")

    def full_pipe(self):
        reader, writer = os.pipe()
        self.addCleanup(os.close, reader)
        flags = fcntl.fcntl(writer, fcntl.F_GETFL)
        fcntl.fcntl(writer, fcntl.F_SETFL, flags | os.O_NONBLOCK)
        with contextlib.suppress(BlockingIOError):
            while True:
                os.write(writer, b"x" * 4095 + b"\n")
        fcntl.fcntl(writer, fcntl.F_SETFL, flags)
        return reader, writer

    def test_nobody_reads(self):
        _, writer = self.full_pipe()
        self.begin(writer)
        os.close(writer)
        self.chatter(100)
        self.await_step(self.steps - 1, seconds=20)
        self.assertEqual(self.m.feed("well")["errors"], 0)
        began = time.monotonic()
        self.finish()
        self.assertLess(time.monotonic() - began, 8, "the end does not wait for a reader")

    def test_somebody_reads_again(self):
        reader, writer = self.full_pipe()
        self.begin(writer)
        os.close(writer)
        self.chatter(100)
        dropped = int(self.metric("yagura_log_lines_dropped_total"))
        os.set_blocking(reader, False)
        got = bytearray()

        def read():
            with contextlib.suppress(BlockingIOError):
                while chunk := os.read(reader, 65536):
                    got.extend(chunk)
            return re.search(rb"log: (\d+) lines were dropped\n", got)

        said = eventually(read, "a line that says how many were dropped", 10)
        self.assertGreaterEqual(int(said[1]), min(dropped, 100))
        self.assertEqual(len(re.findall(rb"lines were dropped", got)), 1)
        self.finish()

    def test_a_full_disk_and_a_reader_that_is_gone(self):
        reader, writer = os.pipe()
        os.close(reader)
        for name, stderr in (("gone", writer), ("full disk", os.open("/dev/full", os.O_WRONLY))):
            with self.subTest(name):
                self.begin(stderr, steps=4)
                os.close(stderr)
                self.chatter(10)
                self.finish()
                self.state.rename(self.dir / name)


if __name__ == "__main__":
    unittest.main()

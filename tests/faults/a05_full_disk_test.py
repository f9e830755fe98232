"""A5: the disk is full, then there is space again. Still to include: sinks get their alerts meanwhile."""

import os
import pathlib
import resource
import shutil
import signal
import subprocess
import unittest

from crash_case import CrashCase, Life, eventually

from support import WebSocket


class FullDisk(CrashCase):
    ticks, rate = 6_000, 1_500

    def refuse_and_return(self, fill, free):
        """Alive while storage refuses, ready again by itself, all rows in order."""
        self.await_tick(600)
        fill()
        with WebSocket.connect(self.m.address) as client:
            status, part = eventually(lambda: (lambda h: h if h[0] == 503 and not h[1]["ok"] else None)(self.health()), "/readyz to say it", 20)
            self.assertIn("journal.db", part["reason"])
            self.assertEqual(self.m.get("/healthz")[0], 200)
            alert = client.receive_until(lambda m: m.get("type") == "alert", 20)
            self.assertTrue(alert)
        mark = self.taken() + 1_000
        self.await_tick(mark)
        self.assertFalse(self.health()[1]["ok"])
        free()
        eventually(lambda: self.health()[1]["ok"], lambda: f"storage again; {self.health()}", 20)

    def test_the_files_may_not_grow(self):
        self.live()
        pid = self.m.pid
        before = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        self.refuse_and_return(
            lambda: resource.prlimit(pid, resource.RLIMIT_FSIZE, (4096, before[1])),
            lambda: resource.prlimit(pid, resource.RLIMIT_FSIZE, before),
        )
        alerts = self.finish()
        self.say(f"A5: files that may not grow, then may again: alive, /readyz 503; {alerts} alerts, 0 lost")

    def test_killed_while_the_disk_refuses(self):
        self.live()
        pid = self.m.pid
        self.await_tick(600)
        before = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (4096, before[1]))
        eventually(lambda: not self.health()[1]["ok"], "storage to refuse", 20)
        self.await_tick(self.taken() + 1_500)
        self.kill()
        self.live()
        self.assertIn("entries after the last snapshot again", self.m.err)
        alerts = self.finish()
        self.say(f"A5: killed while the disk refused: the ring gave back what was not stored; {alerts} alerts, 0 lost")


@unittest.skipUnless(shutil.which("unshare") and shutil.which("nsenter"), "unshare is not installed")
class FullFileSystem(FullDisk):
    """A file system of 4 MB in a mount namespace of its own."""

    ticks, rate = 3_000, 1_000
    ring = 2_048

    def setUp(self):
        super().setUp()
        self.state.mkdir()
        holder = subprocess.Popen(
            ["unshare", "-rm", "sh", "-c", f"mount -t tmpfs -o size=4m tmpfs '{self.state}' && echo up && exec sleep 600"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.addCleanup(holder.communicate)
        self.addCleanup(holder.kill)
        if holder.stdout.readline() != "up\n":
            self.skipTest("no user namespaces here")
        self.holder = holder.pid
        self.outside = self.state
        self.inside = pathlib.Path(f"/proc/{holder.pid}/root{self.state}")
        self.state = self.inside

    def live(self, *_, wait=True):
        return super().live("/usr/bin/nsenter", f"--target={self.holder}", "-U", "-m", "--preserve-credentials", wait=wait)

    def journal(self):
        """SQLite opens nothing by way of /proc: a copy."""
        for file in self.inside.glob("journal.db*"):
            shutil.copy(file, self.outside)
        self.state = self.outside
        return super().journal()

    def fill(self):
        with open(self.inside / "filler", "wb", buffering=0) as file:
            try:
                while True:
                    file.write(b"x" * 4096)
            except OSError:
                pass

    def free(self):
        os.unlink(self.inside / "filler")

    def test_the_files_may_not_grow(self):
        self.live()
        self.refuse_and_return(self.fill, self.free)
        alerts = self.finish()
        self.say(f"A5: file system full, then not: alive, /readyz 503; {alerts} alerts, 0 lost")

    def test_killed_while_the_disk_refuses(self):
        self.live()
        self.await_tick(600)
        self.fill()
        eventually(lambda: not self.health()[1]["ok"], "storage to refuse", 20)
        self.await_tick(self.taken() + 500)
        self.m.send(signal.SIGKILL)
        self.m.wait()
        self.note_seen()
        self.free()
        self.live()
        self.assertIn("entries after the last snapshot again", self.m.err)
        self.finish()


if __name__ == "__main__":
    unittest.main()

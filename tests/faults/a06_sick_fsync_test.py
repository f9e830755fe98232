"""A6: fsync fails, or takes 200 ms. Still to include: what sinks are told meanwhile."""

import re
import shutil
import unittest

from crash_case import SANITIZED, CrashCase, eventually

STRACE = ("/usr/bin/strace", "-f", "-qq", "-o", "/dev/null")


@unittest.skipUnless(shutil.which("strace"), "strace is not installed")
class SickFsync(CrashCase):
    ticks, rate = 6_000, 1_500
    archived = False  # its own syncs would be sick, too

    def setUp(self):
        super().setUp()
        # Making a journal takes more syncs than any test here spares.
        self.live()
        self.await_tick(300)
        self.assertEqual(self.m.stop(), 0, self.m.err)
        self.note_seen()

    def test_some_that_fail(self):
        self.live(*STRACE, "-e", "trace=fdatasync,fsync", "-e", "inject=fdatasync,fsync:error=EIO:when=12..24")
        eventually(lambda: "storage refuses" in self.m.err, lambda: f"the failure; {self.m.err}", 20)
        eventually(lambda: "storage works again" in self.m.err, lambda: f"its end; {self.m.err}", 30)
        self.assertRegex(self.m.err, re.compile(r"journal\.db: .*(I/O error|disk)", re.I))
        alerts = self.finish()
        self.say(f"A6: 13 fsyncs failed: closed, checked and opened again; {alerts} alerts, 0 lost")

    def test_all_that_fail_and_then_a_kill(self):
        self.live(*STRACE, "-e", "trace=fdatasync,fsync", "-e", "inject=fdatasync,fsync:error=EIO:when=12+")
        eventually(lambda: "storage refuses" in self.m.err, lambda: f"the failure; {self.m.err}", 20)
        self.await_tick(self.taken() + 1_500)
        self.assertEqual(self.m.get("/healthz")[0], 200)
        status, part = self.health()
        self.assertEqual((status, part["ok"]), (503, False))
        self.kill()
        self.live()
        alerts = self.finish()
        self.say(f"A6: every fsync failed until a kill: nothing counted as stored that was not; {alerts} alerts, 0 lost")

    def test_slow_ones(self):
        # Stops at these calls alone, so that the rest keeps its pace; strace then counts none of them.
        self.live(*STRACE, "--seccomp-bpf", "-e", "trace=fdatasync,fsync", "-e", "inject=fdatasync,fsync:delay_enter=200000")
        self.await_tick(3_000)
        stages = {stage["stage"]: stage for stage in self.m.state()["latency_us"]}
        p99 = stages["tick"]["p99"]
        self.assertTrue(self.health()[1]["ok"])
        if not SANITIZED:
            self.assertLess(p99, 100_000, f"us; detection waits for the disk: {stages}")
        alerts = self.finish()
        self.say(f"A6: fsync takes 200 ms: tick to decision p99 {p99:.0f} us; {alerts} alerts, 0 lost")


if __name__ == "__main__":
    unittest.main()

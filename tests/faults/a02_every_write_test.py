"""A2: kill -9 at every write and every fsync (strace counts them thread by thread)."""

import shutil
import unittest

from crash_case import LONG, CrashCase, eventually

CALLS = "pwrite64,write,fdatasync,fsync,ftruncate,rename"
EVERY = range(1, 400)
SHORT = (1, 2, 4, 7, 11, 16, 30)


@unittest.skipUnless(shutil.which("strace"), "strace is not installed")
class KilledAtEveryWrite(CrashCase):
    ticks, rate = 600, 2_000
    snapshot_every = "20ms"

    def test_none_lost(self):
        survived = None
        alerts = 0
        for nth in EVERY if LONG else SHORT:
            with self.subTest(nth=nth):
                shutil.rmtree(self.state, ignore_errors=True)
                self.seen = {}
                self.live("/usr/bin/strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={CALLS}", "-e", f"inject={CALLS}:signal=SIGKILL:when={nth}", wait=False)
                eventually(lambda: not self.m.running() or self.taken() >= self.ticks, lambda: f"the end of it; {self.m.err}", 60)
                if self.m.running():
                    survived = nth
                    self.assertEqual(self.m.stop(), 0, self.m.err)
                else:
                    self.kills += 1
                self.note_seen()
                self.live()
                alerts = self.finish()
            if survived:
                break
        self.say(f"A2: killed at each of {self.kills} writes and syncs{'' if survived is None else f', number {survived} never came'}; {alerts} alerts each time, 0 lost, 0 phantom, integrity_check ok")


if __name__ == "__main__":
    unittest.main()

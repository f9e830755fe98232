"""The file sink killed at each of its system calls, and on a disk that fails: every alert is in the file as a
whole line, none twice, nothing said to be delivered that is not."""

import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

ALERTS = [json.dumps({"v": 1, "id": f"{i:032x}", "seq": i, "title": "円" * i}) for i in range(1, 6)]


class FileCrash(unittest.TestCase):
    def setUp(self):
        if not os.environ.get("SEND_LETTER") or not shutil.which("strace"):
            self.skipTest("set SEND_LETTER to build/dev/tests/support/send_letter; strace is needed")
        temp = tempfile.TemporaryDirectory()
        self.addCleanup(temp.cleanup)
        self.path = pathlib.Path(temp.name) / "alerts.jsonl"

    def run_sink(self, *inject, letters=ALERTS):
        """What it answered before it ended."""
        command = [os.environ["SEND_LETTER"], json.dumps({"kind": "file", "path": str(self.path)})]
        if inject:
            command = ["strace", "-f", "-o", "/dev/null", "-P", str(self.path), *(f"--inject={rule}" for rule in inject), *command]
        letters = "".join(json.dumps({"id": json.loads(line)["id"], "json": line}) + "\n" for line in letters)
        done = subprocess.run(command, input=letters, capture_output=True, text=True, timeout=60)
        return [json.loads(line) for line in done.stdout.splitlines()]

    def lines(self):
        return self.path.read_text().splitlines()

    def test_killed_at_every_call(self):
        calls = "write,fdatasync,pread64,fstat,newfstatat,openat"
        reached = set()
        for when in range(1, 60):
            self.path.unlink(missing_ok=True)
            answers = self.run_sink(f"{calls}:signal=SIGKILL:when={when}")
            reached.add(len(answers))
            said = [line for line, answer in zip(ALERTS, answers) if answer["result"] == "delivered"]
            self.assertEqual(self.lines()[: len(said)] if self.path.exists() else [], said, when)
            self.assertEqual([a["result"] for a in self.run_sink()], ["delivered"] * len(ALERTS))
            self.assertEqual(self.lines(), ALERTS, when)
            if len(answers) == len(ALERTS):
                break
        self.assertEqual(reached, set(range(len(ALERTS) + 1)), "every point of the run was tried")

    def test_a_disk_that_fails(self):
        for call, error in (("fdatasync", "EIO"), ("write", "ENOSPC"), ("write", "EIO")):
            with self.subTest(call=call, error=error):
                self.path.unlink(missing_ok=True)
                answers = self.run_sink(f"{call}:error={error}:when=2")
                self.assertEqual([a["result"] for a in answers], ["delivered", "failed"] + ["delivered"] * 3)
                self.assertIn(str(self.path), answers[1]["detail"])
                self.assertEqual(self.lines(), [ALERTS[0], *ALERTS[2:]], "nothing is there that failed")
                self.run_sink()
                self.assertEqual(sorted(self.lines()), sorted(ALERTS))


    def test_a_line_that_may_not_be_on_the_disk_is_written_again(self):
        twice = [ALERTS[0], ALERTS[1], ALERTS[1], ALERTS[1]]
        answers = self.run_sink("fdatasync:error=EIO:when=2", "ftruncate:error=EIO", letters=twice)
        self.assertEqual([a["result"] for a in answers], ["delivered", "failed", "delivered", "delivered"])
        self.assertEqual(self.lines(), [ALERTS[0], ALERTS[1], ALERTS[1]], "once in doubt, once for certain")


if __name__ == "__main__":
    unittest.main()

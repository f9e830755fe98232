"""Every command of the README's `sh` blocks, run as it stands there."""

import re
import shlex
import unittest

from support import ROOT, AcceptanceTest


def commands():
    text = (ROOT / "README.md").read_text()
    for block in re.findall(r"(?ms)^```sh\n(.*?)^```", text):
        for line in block.splitlines():
            words = shlex.split(line, comments=True)
            if words:
                yield words


class Readme(AcceptanceTest):
    def test_its_commands(self):
        ran = 0
        for words in commands():
            with self.subTest(command=" ".join(words)):
                if words[0] == "./test":  # this very run
                    continue
                self.assertEqual(words[0], "./run", "the README's commands go through ./run and ./test")
                arguments = [re.sub(r"^(.*=)?/tmp/", rf"\g<1>{self.dir}/", w) if "/tmp/" in w else w for w in words[1:]]
                if not arguments:  # `./run` alone is the demo, which goes on until Ctrl-C
                    arguments = ["run", "--demo", "--for", "4s", "--console", "127.0.0.1:0"]
                done = self.run_yagura(*arguments, seconds=60)
                self.assertEqual(done.code, 0, done)
                ran += 1
        self.assertGreater(ran, 3)

    def test_its_first_screen(self):
        lines = (ROOT / "README.md").read_text().splitlines()
        self.assertTrue(lines[0].startswith("# "))
        self.assertTrue(lines[2].endswith("."), "a sentence by line 3")
        self.assertIn("```", lines[:10], "the screen by line 10")
        self.assertIn("./run", lines[:30], "one command by line 30")

    def test_its_links(self):
        for target in re.findall(r"\]\(([^)#:]+)\)", (ROOT / "README.md").read_text()):
            self.assertTrue((ROOT / target).exists(), target)

    def test_run_and_test_can_be_started(self):
        for name in ("run", "test", ".ci/run"):
            self.assertTrue((ROOT / name).stat().st_mode & 0o111, name)


if __name__ == "__main__":
    unittest.main()

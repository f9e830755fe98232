"""The pictures of the documentation show what the detectors say today."""

import re
import subprocess
import sys
import unittest
import xml.etree.ElementTree as xml

from support import ROOT, AcceptanceTest, binary

COMMITTED = ROOT / "docs/pictures"


class PicturesTest(AcceptanceTest):
    def test_drawn_anew_they_are_the_committed_ones(self):
        made = self.dir / "pictures"
        subprocess.run([sys.executable, ROOT / "docs/make-pictures.py", "--out", made, binary()], env=self.env, check=True, timeout=60)
        names = sorted(path.name for path in made.iterdir())
        self.assertEqual(names, sorted(path.name for path in COMMITTED.glob("*.svg")))
        for name in names:
            with self.subTest(name):
                fresh = (made / name).read_bytes()
                self.assertTrue(fresh == (COMMITTED / name).read_bytes(), f"{name} is out of date: run docs/make-pictures.py")
                self.assertLess(len(fresh), 60_000)
                self.assertGreater(fresh.count(b'text-anchor="start"'), 3, "alerts with their words")
                xml.fromstring(fresh)

    def test_each_is_shown_to_the_reader(self):
        shown = set(re.findall(r"\]\(pictures/([^)]+)\)", (ROOT / "docs/detectors.md").read_text()))
        self.assertEqual(shown, {path.name for path in COMMITTED.glob("*.svg")})


if __name__ == "__main__":
    unittest.main()

"""What counts as dearer, and what the stored table looks like."""

import contextlib
import io
import json
import pathlib
import tempfile
import unittest

import count

CONDITIONS = {"compiler": "GNU 12.2.0", "valgrind": "valgrind-3.19.0", "host": "x86-64 with AVX2"}


def stored(**counts):
    return {**CONDITIONS, "history": [{"commit": "abc", "date": "2026-11-23", "counts": counts}]}


class Compare(unittest.TestCase):
    def wrong(self, before, now, **table):
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            wrong = count.compare(table, stored(**before), now)
        return len(wrong), said.getvalue()

    def test_what_stays_within_two_percent_passes(self):
        self.assertEqual(self.wrong({"a": 100.0, "b": 50.0}, {"a": 101.9, "b": 49.1}), (0, ""))

    def test_what_costs_more_fails_and_says_by_how_much(self):
        wrong, said = self.wrong({"a": 1000.0}, {"a": 1021.0})
        self.assertEqual(wrong, 1)
        self.assertIn("costs more: a: 1,021.0 instructions, 1,000.0 at abc (+2.1 %)", said)

    def test_a_gain_passes_and_asks_to_be_stored(self):
        wrong, said = self.wrong({"a": 1000.0}, {"a": 900.0})
        self.assertEqual(wrong, 0)
        self.assertIn("costs less: store it: a", said)

    def test_an_operation_may_have_a_tolerance_of_its_own(self):
        self.assertEqual(self.wrong({"a": 100.0}, {"a": 104.0}, tolerances={"a": 5})[0], 0)

    def test_what_is_only_on_one_side_fails(self):
        self.assertEqual(self.wrong({"a": 1.0, "gone": 1.0}, {"a": 1.0, "new": 1.0})[0], 2)


class Store(unittest.TestCase):
    def test_each_commit_keeps_one_row_and_the_newest_is_last(self):
        with tempfile.TemporaryDirectory() as folder:
            table, count.TABLE = count.TABLE, pathlib.Path(folder) / "table.json"
            self.addCleanup(setattr, count, "TABLE", table)
            before = {"builds": {"Release": stored(a=1.0)}}
            count.store(before, CONDITIONS, "Release", {"a": 2.0, "b": 3.0})
            once = json.loads(count.TABLE.read_text())
            count.store(once, CONDITIONS, "Release", {"a": 4.0})
            rows = json.loads(count.TABLE.read_text())["builds"]["Release"]["history"]
        self.assertEqual([row["counts"] for row in rows], [{"a": 1.0}, {"a": 4.0}])


if __name__ == "__main__":
    unittest.main()

"""A7 and A8: state that was cut, flipped, made unreadable or written by a newer program. Either exit 3
that names the file and leaves it alone, or the exact good prefix."""

import hashlib
import json
import os
import random
import shutil
import sqlite3
import struct
import unittest

from crash_case import LONG, CrashCase


class Damage(CrashCase):
    ticks, rate = 1_500, 3_000
    ring = 4_096

    def setUp(self):
        super().setUp()
        self.live()
        self.await_tick(self.ticks)
        self.kill()
        self.good = self.dir / "good"
        shutil.copytree(self.state, self.good)
        self.wanted = self.backtest()

    def fresh(self):
        shutil.rmtree(self.state, ignore_errors=True)
        shutil.copytree(self.good, self.state)

    def start(self):
        """A start and a stop, without a feed to speak of."""
        return self.run_yagura("run", "--config", self.config, "--console", "off", "--for", "30ms", "--plain", seconds=20)

    def start_quietly(self):
        self.feed.limit = 0
        return self.start()

    def ids(self):
        return [alert["id"] for _, alert in self.journal()]

    def samples(self, size, count):
        dice = random.Random(size)
        return sorted({0, 1, size // 2, size - 1, *(dice.randrange(size) for _ in range(count))})

    def digest(self, path):
        return hashlib.sha256(path.read_bytes()).hexdigest()

    def refused(self, outcome, name):
        self.assertEqual(outcome.code, 3, outcome)
        self.assertIn(f"/{name}", outcome.err)
        self.assertLessEqual(len(outcome.err.strip().splitlines()), 2, outcome)  # SQLite may need two

    def test_the_ring(self):
        ring = self.state / "ring"
        size = (self.good / "ring").stat().st_size
        used = 4096 + 128 * min(self.ring, self.taken() + 200)
        cases = 0
        for what in ("cut", "flip"):
            for at in self.samples(used if what == "flip" else size, 300 if LONG else 12):
                with self.subTest(what=what, at=at):
                    self.fresh()
                    data = bytearray(ring.read_bytes())
                    if what == "cut":
                        del data[at:]
                    else:
                        data[at] ^= 1 << (at % 8)
                    ring.write_bytes(data)
                    outcome = self.start_quietly()
                    self.assertEqual(outcome.code, 0, outcome)
                    ids = self.ids()
                    self.assertEqual(ids, self.wanted[: len(ids)], "not an exact beginning")
                    if len(ids) < len(self.wanted):
                        place = rf"cut short at byte {at}" if what == "cut" else r"(its head|entry \d+ at byte \d+)"
                        self.assertRegex(outcome.err, rf"ring: .*{place}")
                    cases += 1
        self.say(f"A7: the ring cut or flipped at {cases} places: each time the exact beginning, the place named")

    def test_the_journal(self):
        names = [n for n in ("journal.db", "journal.db-wal") if (self.good / n).exists()]
        refused = kept = inside = 0
        for name in names:
            size = (self.good / name).stat().st_size
            for what in ("cut", "flip"):
                for at in self.samples(size, 150 if LONG else 6):
                    with self.subTest(name=name, what=what, at=at):
                        self.fresh()
                        path = self.state / name
                        data = bytearray(path.read_bytes())
                        if what == "cut":
                            del data[at:]
                        else:
                            data[at] ^= 1 << (at % 8)
                        path.write_bytes(data)
                        before = self.digest(self.state / "journal.db")
                        outcome = self.start_quietly()
                        if outcome.code == 3:
                            self.refused(outcome, "journal.db")
                            self.assertEqual(self.digest(self.state / "journal.db"), before, "overwritten")
                            refused += 1
                            continue
                        self.assertEqual(outcome.code, 0, outcome)
                        kept += 1
                        ids = self.ids_as_far_as_readable()
                        wrong = sum(one != other for one, other in zip(ids, self.wanted))
                        inside += wrong
                        self.assertLessEqual(len(ids), len(self.wanted))
                        # SQLite keeps no sum of a row: one bit may spoil that one id, and nothing else.
                        self.assertLessEqual(wrong, what == "flip", "not an exact beginning")
        self.say(f"A7: the journal cut or flipped at {refused + kept} places: {refused} refused with exit 3, {kept} went on with an exact beginning, {inside} of them with one id that is wrong")

    def ids_as_far_as_readable(self):
        with sqlite3.connect(f"file:{self.state}/journal.db?mode=ro", uri=True) as connection:
            rows = connection.execute("select lower(hex(id)) from alerts order by seq").fetchall()
        return [i for (i,) in rows]

    def test_newer_unreadable_or_not_ours(self):
        ring, journal = self.state / "ring", self.state / "journal.db"

        def newer_ring():
            """The head of version 2: CRC-32C over its first 56 bytes, not stored plain."""
            data = bytearray(ring.read_bytes())
            struct.pack_into("<I", data, 8, 2)
            struct.pack_into("<Q", data, 56, crc32c(data[:56]) ^ 0x59475241)
            ring.write_bytes(data)

        def newer_journal():
            with sqlite3.connect(journal) as connection:
                connection.execute("update meta set value = value + 1000 where name = 'schema'")
            connection.close()

        def garbage():
            """With its log, which here still holds every page, it would be whole."""
            (self.state / "journal.db-wal").unlink()
            journal.write_bytes(os.urandom(journal.stat().st_size))

        for name, change, words in (
            ("ring", newer_ring, "newer yagura (ring version 2"),
            ("journal.db", newer_journal, "newer yagura (schema"),
            ("ring", lambda: (ring.unlink(), ring.mkdir()), "is not a file"),
            ("journal.db", lambda: (journal.unlink(), journal.mkdir()), ""),
            ("journal.db", lambda: journal.write_bytes(b""), "empty"),
            ("journal.db", garbage, "damaged"),
        ):
            with self.subTest(name=name, words=words):
                self.fresh()
                change()
                path = self.state / name
                before = self.digest(path) if path.is_file() else None
                outcome = self.start_quietly()
                self.refused(outcome, name)
                self.assertIn(words, outcome.err)
                self.assertEqual(self.digest(path) if path.is_file() else None, before, "overwritten")

    @unittest.skipIf(os.geteuid() == 0, "root reads everything")
    def test_unreadable(self):
        for name in ("ring", "journal.db"):
            with self.subTest(name=name):
                self.fresh()
                (self.state / name).chmod(0)
                self.refused(self.start_quietly(), name)


def crc32c(data):
    total = 0xFFFFFFFF
    for byte in data:
        total ^= byte
        for _ in range(8):
            total = (total >> 1) ^ (0x82F63B78 if total & 1 else 0)
    return total ^ 0xFFFFFFFF


if __name__ == "__main__":
    unittest.main()

"""B14: a primary and a backup for one instrument. The backup speaks only while the first is stale, and
what the first has said is not said again."""

import unittest

from fault_case import FaultCase, feed
from fault_proxy import FaultProxy
from support import eventually

BUSY = 1770818400  # 2026-02-11 14:00 UTC


class TwoFeeds(FaultCase):
    def begin(self, **options):
        self.start_feeds(**options)
        _, port = self.replay("native", f"USDJPY={self.yen_file}")
        self.other = FaultProxy(port)
        self.addCleanup(self.other.__exit__)
        self.other.refuse()  # the first to bring a tick speaks: let that be the primary
        text = self.config.read_text()
        self.config.write_text(text.replace("[[feed]]\n", feed("backup", "native", self.other.port, "USDJPY", priority=2) + "[[feed]]\n", 1))
        self.start_monitor()
        self.other.listen()
        self.await_feed("backup", state="LIVE")

    def source(self):
        return self.m.instrument("USDJPY")["source"]

    def test_a_short_outage_changes_nothing(self):
        self.begin(steps=4, step_seconds=1.5)
        self.assertEqual(self.source(), "sick")
        self.proxy.down()
        self.await_reason("refused")
        self.assertEqual(self.source(), "sick", "not yet stale")
        self.proxy.listen()
        self.await_well_again()
        self.assertEqual(self.m.instrument("USDJPY")["feed"]["failovers"], 0)
        self.finish()

    def test_the_backup_takes_over_and_hands_back(self):
        # London and New York on a Wednesday: stale after 12 s, where a quiet hour allows 40.
        self.begin(steps=12, step_seconds=2.5, start=BUSY, calendar="fx")
        self.assertEqual(self.source(), "sick")
        self.proxy.down()
        limit = self.m.instrument("USDJPY")["feed"]["stale_after_ms"] / 1000
        self.assertLessEqual(limit, 15)
        eventually(lambda: self.source() == "backup", "the backup", limit + 3)
        self.assertEqual(self.m.instrument("USDJPY")["feed"]["failovers"], 1)
        self.proxy.listen()
        self.await_well_again(20)
        eventually(lambda: self.source() == "sick", "the first again", 15)
        self.assertEqual(self.m.instrument("USDJPY")["feed"]["failovers"], 2)
        self.finish(complete=False)


if __name__ == "__main__":
    unittest.main()

"""What goes over a real WebSocket fires what a backtest of the same input fires: the same ids, no
more, no fewer, whatever vendor carries it and whichever thread decides."""

import os
import pathlib
import re
import unittest

from scenario import alerts_in, backtest, configuration, make_scenario
from support import ROOT, AcceptanceTest, eventually

SHARED = pathlib.Path(os.environ.get("YAGURA_SHARED", ROOT.parent / "shared"))


class OverTheWire(AcceptanceTest):
    def replay(self, vendor, source):
        """Starts a replay server at full speed; gives its port."""
        server = self.start("replay", "--as", vendor, "--listen", "127.0.0.1:0", "--speed", "max", source)
        return int(server.await_err(r"on ws://127\.0\.0\.1:(\d+)")[1]), server

    def compare(self, sources, *, pipeline='on_full = "wait"', seconds=60, silence=True):
        """`sources`: feed name -> (vendor, ours, theirs, file). `silence=False` leaves rules of silence
        out: a backtest knows that ticks were made from bars, a vendor's frame does not say it."""
        feeds, servers = {}, []
        for name, (vendor, ours, theirs, file) in sources.items():
            port, server = self.replay(vendor, f"{ours}={file}")
            feeds[name] = (vendor, port, ours, theirs)
            servers.append(server)
        config = self.write("wire.toml", configuration(feeds, pipeline=pipeline))
        expected = backtest(self, config, *(f"{ours}={file}" for _, ours, _, file in sources.values()))
        self.assertGreater(len(expected), 50)

        monitor = self.monitor("--config", config, "--json")
        for server in servers:
            server.await_err(r"replayed [\d,]+ ticks", seconds)
        wanted = {alert["id"] for alert in expected if silence or alert["kind"] != "stale"}

        def count():
            return monitor.out.count("\n") - (0 if silence else monitor.out.count('"kind":"stale"'))

        eventually(lambda: count() >= len(wanted), lambda: f"{len(wanted)} alerts; there are {count()}", 20)
        self.assertEqual(monitor.stop(), 0)
        every = alerts_in(monitor.out)
        self.assertEqual([alert["seq"] for alert in every], list(range(1, len(every) + 1)))
        fired = [alert for alert in every if silence or alert["kind"] != "stale"]
        self.assertEqual({alert["id"] for alert in fired}, wanted)
        self.assertEqual(len(fired), len(wanted), "an alert came twice")
        self.assertRegex(monitor.err, r"tick_to_alert +\d")
        return fired

    def test_the_bundled_scenario_through_gmo_and_native(self):
        ticks = make_scenario(self)
        self.compare({"yen": ("gmo", "USDJPY", "USD_JPY", ticks), "index": ("native", "NI225", "NI225", ticks)})

    def test_the_bundled_scenario_decided_on_the_feeds_own_thread(self):
        ticks = make_scenario(self)
        pipeline = 'on_full = "wait"\nworkers = 0\nwait = "spin"'
        self.compare({"yen": ("native", "USDJPY", "USDJPY", ticks), "index": ("yahoo", "NI225", "^N225", ticks)}, pipeline=pipeline)

    def test_the_bundled_scenario_through_two_threads_that_spin(self):
        ticks = make_scenario(self)
        pipeline = 'on_full = "wait"\nwait = "spin"'
        self.compare({"yen": ("native", "USDJPY", "USDJPY", ticks), "index": ("yahoo", "NI225", "^N225", ticks)}, pipeline=pipeline)

    def test_a_queue_of_the_smallest_size_changes_nothing(self):
        ticks = make_scenario(self)
        pipeline = 'on_full = "wait"\nqueue_capacity = 64\nwait = "yield"'
        self.compare({"yen": ("gmo", "USDJPY", "USD_JPY", ticks), "index": ("native", "NI225", "NI225", ticks)}, pipeline=pipeline)

    @unittest.skipUnless((SHARED / "data").is_dir(), "no folder of real market data (YAGURA_SHARED)")
    def test_seven_weeks_of_the_yen_and_the_nikkeis_record_day(self):
        data = SHARED / "data"
        imported = self.run_yagura("import", "--instrument", "NI225", data / "nikkei225_daily_1965-2026.csv.gz")
        self.assertEqual(imported.code, 0, imported)
        fired = self.compare({
            "yen": ("gmo", "USDJPY", "USD_JPY", data / "usdjpy_1m_20260105-20260224.csv.gz"),
            "cfd": ("native", "NI225", "NI225", data / "jp225cfd_5m_20260209.csv.gz"),
        }, seconds=120, silence=False)  # fmt: skip
        # The day's sharpest minutes are among them.
        moves = {alert["ts_event_ns"] // 60_000_000_000 * 60 for alert in fired if alert["kind"] == "move" and alert["instrument"] == "USDJPY"}
        for minute in (1769154180, 1769507520, 1770816600):  # 01-23 07:43, 01-27 09:52, 02-11 13:30 UTC
            self.assertTrue(any(abs(at - minute) <= 300 for at in moves), minute)


if __name__ == "__main__":
    unittest.main()

"""A feed that goes mute over an open connection, as a user sees it: alert, state, recovery; and the same
from a backtest."""

import json
import threading
import time
import unittest

from support import AcceptanceTest, eventually, native_tick

CONFIG = """
[instrument.BTC]
[instrument.NI225]
calendar = "tse"
[[feed]]
name = "f"
vendor = "native"
url = "ws://127.0.0.1:{port}"
symbols = {{ BTC = "BTC", NI225 = "NI225" }}
[pipeline]
future_limit = "off"
[[rule]]
id = "btc-feed"
kind = "stale"
instrument = "BTC"
after = "1s"
[[rule]]
id = "nikkei-feed"
kind = "stale"
instrument = "NI225"
[[rule]]
id = "round"
kind = "milestone"
instrument = "NI225"
step = "1000"
"""
# Monday 9 February 2026 in Tokyo.
MIDNIGHT = 1770562800_000000000


def at(hour, minute, second=0):
    return MIDNIGHT + (hour * 3600 + minute * 60 + second) * 1_000_000_000


class Stale(AcceptanceTest):
    def start_with(self, talk):
        feed = self.serve(talk)
        return self.monitor("--config", self.write("stale.toml", CONFIG.format(port=feed.port)), "--json")

    @staticmethod
    def stale_alerts(monitor):
        return [a for a in map(json.loads, monitor.out.splitlines()) if a["kind"] == "stale"]

    def test_mute_while_connected(self):
        speak = threading.Event()

        def talk(ws):
            ws.send({"type": "subscribed", "symbols": ws.receive()["symbols"]})
            ws.send(native_tick("BTC", "100"))
            speak.wait(20)
            ws.send(native_tick("BTC", "101"))
            ws.close_code(30)

        monitor = self.start_with(talk)
        eventually(lambda: self.stale_alerts(monitor), "an alert")
        state = eventually(lambda: monitor.instrument("BTC")["feed"], "a state")
        self.assertEqual((state["failovers"], [s["feed"] for s in state["sources"]]), (0, ["f"]))
        self.assertIn(state["state"], ("LIVE", "LATE"), "forty seconds are usual here, the rule's own limit is shorter")
        speak.set()
        eventually(lambda: len(self.stale_alerts(monitor)) == 2, "the return")
        stale, recovered = self.stale_alerts(monitor)
        self.assertEqual((stale["event"], stale["silence_ms"], stale["reason"], stale["price"], stale["severity"]), ("stale", 1000, "no_data", "100", "high"))
        self.assertNotIn("parent", stale)
        self.assertEqual((recovered["event"], recovered["parent"], recovered["price"], recovered["severity"]), ("recovered", stale["id"], "101", "low"))
        self.assertGreaterEqual(recovered["silence_ms"], 1000)
        self.assertEqual(stale["ts_event_ns"] - stale["evidence"]["previous_ts_ns"], 1_000_000_000)
        self.assertLess(stale["ts_decided_ns"] - stale["ts_event_ns"], 3_000_000_000)
        self.assertEqual(monitor.stop(), 0)

    def test_a_lost_connection_is_named(self):
        def talk(ws):
            ws.send({"type": "subscribed", "symbols": ws.receive()["symbols"]})
            if not spoken.is_set():
                spoken.set()
                ws.send(native_tick("BTC", "100"))
            # and hangs up, whenever it is called

        spoken = threading.Event()
        monitor = self.start_with(talk)
        alert = eventually(lambda: self.stale_alerts(monitor), "an alert")[0]
        self.assertEqual(alert["reason"], "socket_closed")
        self.assertIn("the connection is lost", alert["text"].lower())
        self.assertEqual(monitor.stop(), 0)

    def test_forty_seconds_of_afternoon_lunch_and_auction(self):
        script = [(at(11, 29), 54900), (at(11, 29, 40), 54910)]  # before lunch: stale and back
        script += [(at(11, 29, 55), 54910), (at(11, 34), 54910), (at(12, 30, 5), 54920)]
        script += [(at(12, 30, 10), 54930), (at(12, 30, 50), 55010), (at(12, 30, 55), 55010)]  # stale and back, over a level
        script += [(at(12, 30, 55) + 5_000_000_000 * i, 55010) for i in range(1, 2089)]  # to 15:24:55
        script += [(at(15, 26), 55010), (at(15, 26, 40), 55010), (at(15, 30), 55020)]
        ticks = self.write("ticks.csv", "ts_ns,price\n" + "".join(f"{t},{p}\n" for t, p in script))
        config = self.write("stale.toml", CONFIG.format(port=1))
        out = self.dir / "alerts.jsonl"
        ran = self.run_yagura("backtest", "--config", config, "--alerts", out, f"NI225={ticks}")
        self.assertEqual(ran.code, 0, ran)
        alerts = [json.loads(line) for line in out.read_text().splitlines()]
        self.assertEqual(
            [(a["event"], a["ts_event_ns"], a.get("silence_ms")) for a in alerts],
            [
                ("stale", at(11, 29, 30), 30000),
                ("recovered", at(11, 29, 40), 40000),
                ("stale", at(12, 30, 40), 30000),
                ("recovered", at(12, 30, 50), 40000),
                ("reached", at(12, 30, 50), None),
            ],
        )
        self.assertFalse(alerts[-1]["gap"])

        def talk(ws):
            ws.send({"type": "subscribed", "symbols": ws.receive()["symbols"]})
            for t, p in script:
                ws.send(native_tick("NI225", p, ts_ns=t))
            ws.close_code(30)

        monitor = self.start_with(talk)
        eventually(lambda: monitor.instrument("NI225")["accepted"] == len(script), "all ticks")
        eventually(lambda: len(monitor.out.splitlines()) >= len(alerts), "all alerts")
        self.assertEqual(monitor.stop(), 0)
        live = [json.loads(line) for line in monitor.out.splitlines()]
        self.assertEqual([a["id"] for a in live if a["instrument"] == "NI225"], [a["id"] for a in alerts])
        reached = next(a for a in live if a["event"] == "reached")
        self.assertIn("across a feed gap of 40 s", reached["text"])
        self.assertEqual(reached["evidence"]["feed_gap_ms"], 40000)

    def test_bars_are_no_feed(self):
        bars = "".join(f"{at(9, m) // 1_000_000},54400,54410,54390,54405\n" for m in range(0, 50, 5))
        file = self.write("bars.csv", "ts_ms,open,high,low,close\n" + bars)
        ran = self.run_yagura("backtest", "--config", self.write("stale.toml", CONFIG.format(port=1)), "--alerts", "-", f"NI225={file}")
        self.assertEqual((ran.code, ran.out), (0, ""), ran)

    def test_the_limit_must_make_sense(self):
        config = self.write("stale.toml", CONFIG.format(port=1).replace('"1s"', '"10ms"'))
        ran = self.run_yagura("check", "--config", config)
        self.assertEqual(ran.code, 2)
        self.assertIn("btc-feed", ran.err)
        self.assertIn("after", ran.err)


if __name__ == "__main__":
    unittest.main()

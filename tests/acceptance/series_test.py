"""Instruments made of others: in a backtest, live, with levels at run time and with history."""

import json
import unittest

from support import AcceptanceTest, eventually

NINE_MS = 1_770_595_200_000  # 2026-02-09 09:00 in Tokyo

CONFIG = """
[instrument.N225USD]
name = "Nikkei 225 in dollars"
series = "NI225 / USDJPY"

[[feed]]
name = "desk"
vendor = "native"
url = "ws://127.0.0.1:{port}"
symbols = {{ NI225 = "NI225", USDJPY = "USDJPY" }}

[[rule]]
id = "dollar-milestone"
kind = "milestone"
instrument = "N225USD"
step = "10"
rearm = "0.5"

[[rule]]
id = "dollar-record"
kind = "record"
instrument = "N225USD"
horizons = ["all_time"]

[pipeline]
future_limit = "off"
"""


def ticks(rows):
    return "ts_ms,price\n" + "".join(f"{NINE_MS + second * 1000},{price}\n" for second, price in rows)


class Series(AcceptanceTest):
    def setUp(self):
        super().setUp()
        self.frames = []  # what the feed has yet to say

        def talk(ws):
            ws.send({"type": "subscribed", "symbols": ws.receive()["symbols"]})
            while True:
                while self.frames:
                    ws.send(self.frames.pop(0))
                try:
                    ws.receive(0.05)
                except TimeoutError:
                    pass

        self.config = self.write("series.toml", CONFIG.format(port=self.serve(talk).port))
        self.nikkei = self.write("nikkei.csv", ticks([(0, 54000), (5, 56000), (10, 57000)]))
        self.yen = self.write("yen.csv", ticks([(1, 157), (6, 155), (400, 150)]))

    def backtest(self, *sources):
        done = self.run_yagura("backtest", "--config", self.config, "--json", *sources)
        self.assertEqual(done.code, 0, done)
        return [json.loads(line) for line in done.out.splitlines()]

    def test_a_backtest_needs_the_legs_alone(self):
        alerts = self.backtest(f"NI225={self.nikkei}", f"USDJPY={self.yen}")
        self.assertEqual([(a["event"], a["price"], a["level"], (a["ts_event_ns"] // 1_000_000 - NINE_MS) // 1000) for a in alerts],
                         [("reached", "356.687898089", "350", 5), ("reached", "361.290322581", "360", 6)])
        self.assertEqual({a["instrument"] for a in alerts}, {"N225USD"})
        self.assertEqual(alerts[0]["title"], "Nikkei 225 in dollars reached 350")

    def test_history_of_its_own_makes_records(self):
        daily = self.write("daily.csv", "date,open,high,low,close\n2024-01-04,300,340,300,320\n2026-02-06,330,350,330,345\n")
        self.assertEqual(self.run_yagura("import", "--config", self.config, "--instrument", "N225USD", daily).code, 0)
        alerts = self.backtest(f"NI225={self.nikkei}", f"USDJPY={self.yen}")
        self.assertEqual([a["event"] for a in alerts if a["kind"] == "record"], ["new_high"])

    def test_its_ticks_cannot_be_given(self):
        done = self.run_yagura("backtest", "--config", self.config, f"N225USD={self.nikkei}")
        self.assertEqual(done.code, 2)
        self.assertIn("N225USD is a series: its ticks are made of NI225 / USDJPY, give those", done.err)

    def test_check_prints_it(self):
        self.assertIn("series     N225USD  NI225 / USDJPY, prices no further apart than 5m",
                      self.run_yagura("check", "--config", self.config).out)

    def say(self, monitor, symbol, second, price):
        before = monitor.instrument(symbol)["accepted"]
        self.frames.append({"type": "tick", "symbol": symbol, "ts_ns": (NINE_MS + second * 1000) * 1_000_000, "price": price})
        eventually(lambda: monitor.instrument(symbol)["accepted"] == before + 1, f"{symbol} at {price}")

    def test_live_with_a_level_at_run_time_and_a_restart(self):
        monitor = self.monitor("--config", self.config, "--json")
        self.say(monitor, "USDJPY", 0, "157")
        self.say(monitor, "NI225", 1, "54900")
        row = monitor.instrument("N225USD")
        self.assertEqual((row["price"], row["accepted"], row["source"]), ("349.681528662", 1, "NI225 / USDJPY"))
        self.assertEqual(row["segment"], "morning")
        self.assertEqual(self.run_yagura("level", "add", "--console", "%s:%d" % monitor.address, "N225USD", "349.8").code, 0)
        self.say(monitor, "USDJPY", 2, "156.9")
        monitor.await_out('"level":"349.8"')
        self.assertEqual(monitor.stop(), 0)

        again = self.monitor("--config", self.config, "--json")
        self.say(again, "NI225", 7, "55000")
        again.await_out('"level":"350"')
        alert = json.loads(again.out.splitlines()[-1])
        self.assertEqual((alert["instrument"], alert["while_down"]), ("N225USD", True))


if __name__ == "__main__":
    unittest.main()

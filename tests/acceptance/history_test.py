"""Past prices: candles and ticks of a running monitor against the file it was fed; after kill -9, a
restart and years."""

import csv
import json
import signal
import sqlite3
import unittest
import urllib.parse
from decimal import Decimal

from scenario import configuration
from support import AcceptanceTest, eventually

SECOND = 10**9
NINE = 1770595200 * SECOND  # Monday 2026-02-09 09:00 JST
INTERVALS = {"1s": 1, "5s": 5, "15s": 15, "1m": 60, "5m": 300, "15m": 900, "1h": 3600, "1d": 86400}


def folded(ticks, seconds):
    """(ns, price) rising in time -> candles as the API writes them."""
    candles = []
    for at, price in ticks:
        start = at // SECOND // seconds * seconds * SECOND
        if not candles or candles[-1]["from_ns"] != start:
            candles.append({"from_ns": start, "open": price, "high": price, "low": price, "close": price, "ticks": 0})
        last = candles[-1]
        last["high"] = max(last["high"], price, key=Decimal)
        last["low"] = min(last["low"], price, key=Decimal)
        last["close"] = price
        last["ticks"] += 1
    return candles


class History(AcceptanceTest):
    def feed(self, ticks, symbol="USDJPY"):
        """A vendor that sends what is put into `ticks`, (ns, price), over all its connections once."""
        self.sent = 0

        def talk(ws):
            ws.send({"type": "subscribed", "symbols": ws.receive()["symbols"]})
            while True:
                if self.sent < len(ticks):
                    at, price = ticks[self.sent]
                    self.sent += 1
                    ws.send({"type": "tick", "symbol": symbol, "ts_ns": at, "price": price})
                else:
                    try:
                        ws.receive(0.02)
                    except TimeoutError:
                        pass

        server = self.serve(talk)
        return self.write("history.toml", configuration({"f": ("native", server.port, symbol, symbol)}))

    def run_until(self, config, ticks, symbol="USDJPY"):
        monitor = self.monitor("--config", config, "--json")
        eventually(lambda: self.sent == len(ticks) and monitor.state()["queue"]["depth"] == 0, "all ticks sent", 30)
        newest = ticks[-1][0]
        eventually(lambda: monitor.instrument(symbol)["ts_event_ns"] == newest, "the newest tick", 10)
        return monitor

    @staticmethod
    def ask(monitor, what, **query):
        status, body = monitor.get(f"/api/v1/{what}?" + urllib.parse.urlencode(query))
        if status != 200:
            raise AssertionError(f"{status}: {body}")
        return body

    def candles(self, monitor, interval="1m", symbol="USDJPY", **query):
        return self.ask(monitor, "candles", instrument=symbol, interval=interval, **query)["candles"]

    @staticmethod
    def walk(count, every_ms, start=NINE, price=157000):
        """A price that moves and repeats nothing."""
        ticks, seed = [], 12345
        for i in range(count):
            seed = (seed * 6364136223846793005 + 1442695040888963407) % 2**64
            price += (seed >> 33) % 11 - 5
            ticks.append((start + i * every_ms * 10**6, f"{price // 1000}.{price % 1000:03d}".rstrip("0").rstrip(".")))
        return ticks

    def test_candles_are_those_of_the_file_that_was_replayed(self):
        made = self.run_yagura("simulate", "--out", self.dir / "scenario.csv", seconds=60)
        self.assertEqual(made.code, 0, made)
        server = self.start("replay", "--as", "native", "--listen", "127.0.0.1:0", "--speed", "max",
                            f"NI225={self.dir}/scenario.csv", f"USDJPY={self.dir}/scenario.csv")
        port = int(server.await_err(r"on ws://127\.0\.0\.1:(\d+)")[1])
        text = configuration({"f": ("native", port, "NI225", "NI225")})
        text = text.replace('symbols = { NI225 = "NI225" }', 'symbols = { NI225 = "NI225", USDJPY = "USDJPY" }')
        monitor = self.monitor("--config", self.write("r.toml", text), "--json")
        server.await_err(r"replayed [\d,]+ ticks", 60)
        eventually(lambda: monitor.state()["queue"]["depth"] == 0, "an empty queue", 20)
        with open(self.dir / "scenario.csv", newline="") as file:
            rows = [r for r in csv.DictReader(file) if r["symbol"] == "NI225"]
        ticks = [(int(r["ts_ns"]), r["price"]) for r in rows]
        taken = monitor.instrument("NI225")["accepted"]
        self.assertEqual(taken, len(ticks), "nothing of it is rejected")
        for interval, seconds in INTERVALS.items():
            expected = folded(ticks, seconds)
            got = self.candles(monitor, interval, "NI225", limit=2000)
            self.assertGreater(len(got), 2)
            self.assertEqual(got, expected[-len(got):], interval)
            if interval not in ("1s", "5s", "15s"):
                self.assertEqual(len(got), min(len(expected), 2000), interval)
        first = folded(ticks, 900)
        self.assertEqual(self.candles(monitor, "15m", "NI225", **{"from": NINE + 1, "limit": 3}), first[:3],
                         "the candle that `from` lies in is the first")
        self.assertEqual(self.candles(monitor, "15m", "NI225", to=first[5]["from_ns"], limit=2), first[3:5])
        got = self.ask(monitor, "ticks", instrument="NI225", **{"from": ticks[-500][0], "to": ticks[-100][0]})
        self.assertTrue(got["complete"])
        self.assertEqual([(t["ts_event_ns"], t["price"]) for t in got["ticks"]],
                         [t for t in ticks if ticks[-500][0] <= t[0] < ticks[-100][0]])

    def test_killed_the_history_is_still_there_and_nothing_counts_twice(self):
        ticks = self.walk(4000, 700)
        config = self.feed(ticks)
        monitor = self.run_until(config, ticks)
        expected = {interval: self.candles(monitor, interval) for interval in INTERVALS}
        self.assertEqual(sum(c["ticks"] for c in expected["1h"]), len(ticks))
        for _ in range(2):
            monitor.send(signal.SIGKILL)
            monitor.wait()
            monitor = self.monitor("--config", config, "--json")
            # No tick has come: what is there was there before the console listened.
            for interval, candles in expected.items():
                self.assertEqual(self.candles(monitor, interval), candles, interval)
        # And it goes on in the candle that was not finished.
        ticks.append((ticks[-1][0] + 100_000_000, ticks[-2][1]))
        went_on = {**expected["1h"][-1], "close": ticks[-1][1], "ticks": expected["1h"][-1]["ticks"] + 1}
        eventually(lambda: self.candles(monitor, "1h")[-1] == went_on, "the next tick in the same candle")
        self.assertEqual(monitor.stop(), 0)

    def test_older_than_memory_comes_from_the_journal(self):
        ticks = self.walk(600, 60_000)
        config = self.feed(ticks)
        monitor = self.run_until(config, ticks)
        self.assertEqual(monitor.stop(), 0)
        # As if the monitor had run for weeks before: more minutes than memory holds.
        year = NINE // SECOND - 40 * 86400
        with sqlite3.connect(self.state / "journal.db") as journal:
            journal.executemany("INSERT INTO candles VALUES ('USDJPY', 60, ?, ?, ?, ?, ?, 1)",
                                [(year + i * 60, *[(150 * 10**9 + i * 10**6)] * 4) for i in range(19_995)])
        monitor = self.monitor("--config", config, "--json")
        old = self.candles(monitor, "1m", **{"from": year * SECOND, "limit": 3})
        self.assertEqual([(c["from_ns"] // SECOND - year, c["close"]) for c in old], [(0, "150"), (60, "150.001"), (120, "150.002")])
        # From the journal into memory, without a seam.
        whole, to = [], None
        while page := self.candles(monitor, "1m", limit=2000, **({"to": to} if to else {})):
            whole = page + whole
            to = page[0]["from_ns"]
        self.assertEqual([c["from_ns"] // SECOND for c in whole],
                         [year + i * 60 for i in range(19_995)] + [c["from_ns"] // SECOND for c in folded(ticks, 60)])
        quarter = self.candles(monitor, "15m", limit=2000)
        self.assertEqual(quarter[-40:], folded(ticks, 900)[-40:])
        self.assertEqual({c["ticks"] for c in quarter[1:-40]}, {15}, "every one whole")

    def test_ticks_around_an_old_alert(self):
        ticks = self.walk(1200, 200, price=159_900)  # 4 minutes
        crossing = 600
        ticks = [(at, f"{159 + (i >= crossing)}.{501 + i % 7}") for i, (at, _) in enumerate(ticks)]
        config = self.feed(ticks)
        monitor = self.run_until(config, ticks)
        page = monitor.get("/api/v1/alerts")[1]["alerts"]
        alert = next(a for a in page if a["event"] == "reached" and a["level"] == "160")
        at = alert["ts_event_ns"]
        self.assertEqual(at, ticks[crossing][0])
        window = {"instrument": "USDJPY", "from": at - 60 * SECOND, "to": at + 60 * SECOND}
        expected = [t for t in ticks if window["from"] <= t[0] < window["to"]]

        def seen(monitor):
            answer = self.ask(monitor, "ticks", **window)
            return answer["complete"], [(t["ts_event_ns"], t["price"]) for t in answer["ticks"]]

        self.assertEqual(seen(monitor), (True, expected))
        eventually(lambda: self.stored_to(at + 60 * SECOND), "the window on the disk")
        monitor.send(signal.SIGKILL)
        monitor.wait()
        monitor = self.monitor("--config", config, "--json")
        self.assertEqual(seen(monitor), (True, expected), "from the journal")
        elsewhere = self.ask(monitor, "ticks", instrument="USDJPY", **{"from": NINE, "to": NINE + SECOND})
        self.assertEqual((elsewhere["complete"], elsewhere["ticks"]), (False, []), "not near any alert")

    def stored_to(self, ns):
        with sqlite3.connect(f"file:{self.state}/journal.db?mode=ro", uri=True) as journal:
            return journal.execute("SELECT count(*) FROM ticks WHERE to_ns >= ?", (ns,)).fetchone()[0]

    def test_what_was_there_of_a_window_is_kept_when_the_monitor_stops(self):
        ticks = [(NINE + i * SECOND, "159.9" if i < 30 else "160.1") for i in range(40)]
        config = self.feed(ticks)
        monitor = self.run_until(config, ticks)
        monitor.await_out('"event":"reached"')
        self.assertEqual(monitor.stop(), 0)
        monitor = self.monitor("--config", config, "--json")
        window = {"instrument": "USDJPY", "from": NINE, "to": NINE + 90 * SECOND}
        answer = self.ask(monitor, "ticks", **window)
        self.assertEqual([(t["ts_event_ns"], t["price"]) for t in answer["ticks"]], ticks)
        self.assertFalse(answer["complete"], "it stopped before the minute was over")
        window["to"] = ticks[-1][0]
        self.assertTrue(self.ask(monitor, "ticks", **window)["complete"])

    def test_questions_that_make_no_sense(self):
        config = self.feed(self.walk(2, 1000))
        monitor = self.monitor("--config", config)
        for query, status, words in (
            ("candles", 400, "instrument: missing; there are"),
            ("candles?instrument=EURUSD", 404, "'EURUSD' is not watched; there are"),
            ("candles?instrument=USDJPY&interval=2m", 400, "1s, 5s, 15s, 1m, 5m, 15m, 1h, 1d"),
            ("candles?instrument=USDJPY&limit=2001", 400, "from 1 to 2000"),
            ("candles?instrument=USDJPY&from=2026-02-09T09:00:00", 400, "no time with its zone"),
            ("candles?instrument=USDJPY&from=9&to=8", 400, "later than to"),
            ("candles?instrument=USDJPY&from=%zz", 400, "two hexadecimal digits"),
            ("ticks?instrument=USDJPY&limit=0", 400, "from 1 to 10000"),
            ("ticks?instrument=%3Cb%3E", 404, "is not watched"),
        ):
            with self.subTest(query):
                got, body = monitor.get("/api/v1/" + query)
                self.assertEqual(got, status, json.dumps(body))
                self.assertIn(words, body["error"])
                self.assertNotIn("\n", body["error"])
        extremes = f"from={-2**63}&to={2**63 - 1}"
        for query in (f"candles?instrument=USDJPY&{extremes}", f"ticks?instrument=USDJPY&{extremes}",
                      f"candles?instrument=USDJPY&to={-2**63}", f"ticks?instrument=USDJPY&to={-2**63}",
                      f"ticks?instrument=USDJPY&to={2**63 - 1}", "candles?instrument=USDJPY&from=5&to=5"):
            self.assertEqual(monitor.get("/api/v1/" + query)[0], 200, query)


if __name__ == "__main__":
    unittest.main()

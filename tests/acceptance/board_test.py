"""The state between alerts says what the alerts themselves say: distances, sessions, the pair, the score."""

import decimal
import json
import math
import random
import unittest

from support import AcceptanceTest, eventually

START = 1770685200_000000000  # Tuesday 2026-02-10 10:00 in Tokyo
MINUTE = 60_000000000

CONFIG = """
[instrument.NI225]
calendar = "tse"
filter = false
[instrument.USDJPY]
tick = "0.001"
pip = "0.01"
calendar = "fx"
filter = false
[[feed]]
name = "f"
vendor = "native"
url = "ws://127.0.0.1:{port}"
symbols = {{ NI225 = "NI225", USDJPY = "USDJPY" }}
[pipeline]
on_full = "wait"
[[rule]]
id = "yen"
kind = "milestone"
instrument = "USDJPY"
step = "1"
[[rule]]
id = "desk"
kind = "level"
instrument = "USDJPY"
levels = [{{ price = "155.90", note = "stop" }}]
[[rule]]
id = "lows"
kind = "record"
instrument = "USDJPY"
horizons = ["ytd"]
sides = "both"
[[rule]]
id = "watch"
kind = "intervention"
instrument = "USDJPY"
[[rule]]
id = "pair"
kind = "divergence"
instrument = "NI225"
against = "USDJPY"
"""


def number(text):
    return decimal.Decimal(text)


class Board(AcceptanceTest):
    def watch(self, ticks):
        """A monitor that has had these ticks (symbol, ns, price), and no more."""

        def talk(ws):
            ws.send({"type": "subscribed", "symbols": ws.receive()["symbols"]})
            for symbol, ts, price in ticks:
                ws.send({"type": "tick", "symbol": symbol, "ts_ns": ts, "price": price})
            ws.close_code(120)

        config = self.write("board.toml", CONFIG.format(port=self.serve(talk).port))
        self.m = self.monitor("--config", config)
        eventually(lambda: self.m.feed("f")["ticks"] == len(ticks), "all ticks", 30)
        return self.m.state()

    def alert(self, kind):
        return [a for a in self.m.get("/api/v1/alerts?limit=1000")[1]["alerts"] if a["kind"] == kind][-1]

    def test_distances_and_the_score_of_a_push(self):
        slide = [("USDJPY", START + i * 5_000000000, f"{157 - decimal.Decimal('0.017') * i}") for i in range(60)]
        state = self.watch(slide)
        yen = next(i for i in state["instruments"] if i["symbol"] == "USDJPY")
        price = number(yen["price"])
        self.assertEqual(price, number("155.997"))
        for row in yen["distances"]:
            self.assertEqual(number(row["distance"]), number(row["price"]) - price, row)
            self.assertAlmostEqual(row["distance_pct"], float(number(row["distance"]) / price * 100), 4)
            if row["sigma"] is not None:
                self.assertAlmostEqual(row["sigma"], row["distance_pct"] / yen["sigma_pct"], 1)
        rows = [(r["kind"], r["rule"], r["name"], number(r["price"]), r["configured"]) for r in yen["distances"]]
        self.assertEqual([r[3] for r in rows], sorted((r[3] for r in rows), reverse=True))
        self.assertIn(("milestone", "yen", None, number(156), False), rows)
        self.assertIn(("milestone", "yen", None, number(155), False), rows)
        self.assertIn(("level", "desk", "stop", number("155.90"), True), rows)
        lost = self.alert("milestone")
        self.assertEqual((lost["event"], number(lost["level"])), ("lost", 156))  # now the next above
        self.assertEqual(yen["session"]["next"], "closed")
        self.assertTrue(yen["session"]["open"])

        said, seen = self.alert("intervention"), state["interventions"][0]
        self.assertEqual((seen["rule"], seen["instrument"], seen["stage"]), ("watch", "USDJPY", said["event"]))
        self.assertEqual((seen["score"], seen["direction"]), (said["score"], said["direction"]))
        self.assertEqual((seen["start"], seen["extreme"], seen["since_ns"]), (said["start"], said["furthest"], said["start_ts_ns"]))
        self.assertEqual({i["name"]: i["points"] for i in seen["items"]}, {k: v["points"] for k, v in said["evidence"]["items"].items()})
        self.assertEqual(self.m.stop(), 0)

    def pair_ticks(self):
        """Four sessions in which the index follows the yen, and in the last a rise of its own."""
        dice = random.Random(1)
        own, other = math.log(57000), math.log(156)
        for day in (9, 10, 12, 13):
            midnight = 1770562800_000000000 + (day - 9) * 86400_000000000  # of the 9th in Tokyo
            for minute in [*range(540, 690), *range(750, 925)]:
                at = midnight + minute * MINUTE
                x = 0.00015 * dice.gauss(0, 1)
                y = 0.8 * x + 0.0002 * dice.gauss(0, 1)
                if day == 13 and 810 <= minute < 815:
                    x, y = 0, 0.012 / 5
                for quarter in range(4):
                    own, other = own + y / 4, other + x / 4
                    yield "USDJPY", at + quarter * 15_000000000 + 500_000000, f"{math.exp(other):.3f}"
                    yield "NI225", at + quarter * 15_000000000 + 1_000000000, f"{math.exp(own):.2f}"

    def test_the_pair_at_the_point_of_its_alert(self):
        ticks = list(self.pair_ticks())
        config = self.write("board.toml", CONFIG.format(port=1))
        files = []
        for symbol in ("NI225", "USDJPY"):
            text = "ts_ns,price\n" + "".join(f"{ts},{price}\n" for name, ts, price in ticks if name == symbol)
            files.append(f"{symbol}={self.write(symbol + '.csv', text)}")
        out = self.dir / "alerts.jsonl"
        self.assertEqual(self.run_yagura("backtest", "--config", config, "--state", self.dir / "none", "--alerts", out, *files).code, 0)
        diverged = next(a for a in map(json.loads, out.read_text().splitlines()) if a["event"] == "diverged")

        state = self.watch([t for t in ticks if t[1] < diverged["ts_event_ns"] + MINUTE])
        said, seen = self.alert("divergence"), state["pairs"][0]
        self.assertEqual(said["id"], diverged["id"])
        self.assertEqual((seen["rule"], seen["instrument"], seen["other"], seen["state"]), ("pair", "NI225", said["against"], "diverged"))
        self.assertEqual((seen["as_of_ns"], seen["window_ms"]), (said["ts_event_ns"], said["window_ms"]))
        self.assertAlmostEqual(seen["residual_z"], said["z"], 2)
        self.assertAlmostEqual(seen["beta"], said["evidence"]["beta"], 4)
        self.assertAlmostEqual(seen["rho"], said["evidence"]["correlation"], delta=0.0006)  # three decimals against four
        for ours, theirs in (("own_change_pct", "change_pct"), ("other_change_pct", "against_change_pct"), ("expected_pct", "model_pct")):
            self.assertAlmostEqual(seen[ours], said[theirs], 4)
        index = next(i for i in state["instruments"] if i["symbol"] == "NI225")["session"]
        self.assertEqual((index["open"], index["next"]), (True, "close"))
        self.assertEqual(index["until_ns"], 1770562800_000000000 + (4 * 24 * 60 + 930) * MINUTE)
        self.assertEqual(self.m.stop(), 0)


if __name__ == "__main__":
    unittest.main()

"""The yen's sharp days of 2024 to 2026 under a watch for intervention, quiet weeks beside them, and the
Nikkei's years in percent: real bars through `yagura backtest`."""

import csv
import datetime
import gzip
import json
import os
import pathlib
import unittest
from fractions import Fraction

from support import ROOT, AcceptanceTest

DATA = pathlib.Path(os.environ.get("YAGURA_SHARED", ROOT.parent / "shared")) / "data"
YEN_DAILY = DATA / "usdjpy_daily_1991-2026.csv.gz"
NIKKEI_DAILY = DATA / "nikkei225_daily_1965-2026.csv.gz"
TOKYO = datetime.timezone(datetime.timedelta(hours=9))

WATCH = """
[instrument.USDJPY]
filter = false

[[rule]]
id = "yen-intervention"
kind = "intervention"
instrument = "USDJPY"
zones = ["152", "160", "162"]
"""

YEAR = """
[instrument.NI225]
calendar = "tse"
filter = false

[[rule]]
id = "nikkei-year"
kind = "period"
instrument = "NI225"
since = "ytd"
step_pct = 5
"""


def utc(alert):
    return datetime.datetime.fromtimestamp(alert["ts_event_ns"] // 1_000_000_000, datetime.timezone.utc)


class RealWatch(AcceptanceTest):
    def alerts(self, config, symbol, history, ticks):
        self.write("watch.toml", config)
        if history:
            imported = self.run_yagura("import", "--config", self.dir / "watch.toml", "--instrument", symbol, history)
            self.assertEqual(imported.code, 0, imported)
        ran = self.run_yagura("backtest", "--config", self.dir / "watch.toml", "--alerts", self.dir / "a.jsonl", f"{symbol}={ticks}", seconds=100)
        self.assertEqual(ran.code, 0, ran)
        return [json.loads(line) for line in (self.dir / "a.jsonl").read_text().splitlines()]


@unittest.skipUnless(YEN_DAILY.is_file(), "no folder of real market data (YAGURA_SHARED)")
class Yen(RealWatch):
    def watched(self, file, history=YEN_DAILY):
        found = self.alerts(WATCH, "USDJPY", history, DATA / file)
        for alert in found:
            points = {name: item["points"] for name, item in alert["evidence"]["items"].items()}
            self.assertEqual(sum(points.values()), alert["score"], alert)
            self.assertEqual(len(points), 9, alert)
            self.assertGreaterEqual(alert["score"], {"watch": 3, "suspected": 5, "strong": 7, "reverted": 3}[alert["event"]], alert)
        print("\n" + "\n".join(f"{utc(a):%Y-%m-%d %H:%M:%S} {a['direction']:4} {a['text']}" for a in found), flush=True)
        return found

    def test_winter_of_2026(self):
        found = self.watched("usdjpy_1m_20260105-20260224.csv.gz")
        falls = [utc(a) for a in found if a["event"] != "reverted"]
        for day, first, last in (("2026-01-23", "07:40", "07:50"), ("2026-01-27", "09:48", "09:58"), ("2026-02-11", "13:30", "13:50")):
            self.assertTrue(any(f"{t:%Y-%m-%d}" == day and first <= f"{t:%H:%M}" <= last for t in falls), day)
        self.assertEqual([a for a in found if f"{utc(a):%Y-%m-%d}" == "2026-02-06"], [], "a quiet day")

    def test_april_and_may_of_2026_from_a_cold_start(self):
        for file in ("usdjpy_1m_20260430.csv.gz", "usdjpy_1m_20260501.csv.gz"):
            with self.subTest(file=file):
                self.assertTrue(self.watched(file, history=None))
        self.assertIn("suspected", [a["event"] for a in self.watched("usdjpy_1m_20260430.csv.gz")])

    def test_eight_quiet_weeks_with_one_sharp_day(self):
        found = self.watched("usdjpy_5m_20260513-20260709.csv.gz")
        # 2 July: a yen lost in ten minutes from above 162, and another at the hour of the payrolls.
        self.assertEqual({f"{utc(a):%Y-%m-%d}" for a in found if a["event"] in ("suspected", "strong")}, {"2026-07-02"})
        self.assertLessEqual(len({f"{utc(a):%Y-%m-%d}" for a in found}), 6, "days on which it spoke at all")

    def test_two_years_of_hours(self):
        found = {(f"{utc(a):%Y-%m-%d}", a["event"]) for a in self.watched("usdjpy_1h_20231023-20260505.csv.gz")}
        for day in ("2024-04-29", "2024-05-01", "2024-07-11"):
            self.assertTrue({(day, "suspected"), (day, "strong")} & found, day)


@unittest.skipUnless(NIKKEI_DAILY.is_file(), "no folder of real market data (YAGURA_SHARED)")
class YearsOfTheNikkei(RealWatch):
    def test_every_five_percent_since_2024(self):
        with gzip.open(NIKKEI_DAILY, "rt") as file:
            rows = [(datetime.date.fromisoformat(r["date"]), [Fraction(r[k]) for k in ("open", "high", "low", "close") if r[k]]) for r in csv.DictReader(file)]
        start = datetime.date(2024, 1, 1)
        # Open, the two extremes in the order in which they are likely to have come, close.
        days = [(day, [p[0], *(sorted(p[1:3], reverse=p[3] < p[0]) if len(p) == 4 else []), p[-1]]) for day, p in rows]
        with open(self.dir / "ticks.csv", "w") as file:
            file.write("ts_ms,price\n")
            for day, prices in days:
                for i, price in enumerate(prices):
                    at = datetime.datetime.combine(day, datetime.time(9 if i == 0 else 13, 10 * i), TOKYO)
                    if day >= start:
                        file.write(f"{int(at.timestamp() * 1000)},{float(price):.2f}\n")
        found = [(a["trading_date"], int(a["level_pct"])) for a in self.alerts(YEAR, "NI225", NIKKEI_DAILY, self.dir / "ticks.csv")]

        expected, held, before = [], {1: 0, -1: 0}, None
        for n, (day, prices) in enumerate(days):
            if day >= start:
                base = [p[-1] for d, p in rows[:n] if d.year < day.year][-1]
                said = {1: 0, -1: 0}
                for speaks, price in [(False, before)] + [(True, p) for p in prices]:
                    for sign in (1, -1):
                        change = sign * (price - base) * 100
                        now = max(0, change // (5 * base))
                        kept = max(0, -(-(change + base) // (5 * base)) - 1)
                        old, held[sign] = held[sign], max(now, min(held[sign], kept))
                        if speaks and held[sign] > max(old, said[sign]):
                            said[sign] = held[sign]
                            expected.append((day.isoformat(), int(sign * 5 * held[sign])))
            before = prices[-1]
        self.assertEqual(found, expected)
        self.assertIn(("2026-02-10", 15), found, "57,960.19 against 50,339.48")
        print(f"\n{len(found)} multiples of five percent", flush=True)


if __name__ == "__main__":
    unittest.main()

"""Real days of 2024 to 2026 through `yagura backtest`: the days on which the Nikkei touched a
thousand, closed above it or closed at a record for the first time, against the daily bars
themselves; and the sharp days of the yen."""

import csv
import datetime
import gzip
import json
import os
import pathlib
import unittest

from support import ROOT, AcceptanceTest

SHARED = pathlib.Path(os.environ.get("YAGURA_SHARED", ROOT.parent / "shared"))
DATA = SHARED / "data"
DAILY = DATA / "nikkei225_daily_1965-2026.csv.gz"
TOKYO = datetime.timezone(datetime.timedelta(hours=9))
LONGER_DAY = datetime.date(2024, 11, 5)  # the close moved from 15:00 to 15:30

CONFIG = """
[instrument.NI225]
calendar = "tse"
filter = false

[[rule]]
id = "thousands"
kind = "milestone"
instrument = "NI225"
step = "1000"
rearm_pct = 0.10
close = true

[[rule]]
id = "record-close"
kind = "record"
instrument = "NI225"
horizons = ["all_time"]
basis = "close"
"""


def daily_rows():
    with gzip.open(DAILY, "rt") as file:
        for row in csv.DictReader(file):
            prices = [float(row[key]) for key in ("open", "high", "low", "close") if row[key]]
            yield datetime.date.fromisoformat(row["date"]), float(row["open"] or row["close"]), max(prices), min(prices), float(row["close"])


def ticks_of(day, opened, high, low, close):
    """Four prints of a daily bar: the extremes in the order in which they are likely to have come."""
    at = lambda hour, minute: int(datetime.datetime.combine(day, datetime.time(hour, minute), TOKYO).timestamp() * 1000)
    first, second = (low, high) if close >= opened else (high, low)
    bell = at(15, 30) if day >= LONGER_DAY else at(15, 0)
    return [(at(9, 0), opened), (at(10, 30), first), (at(13, 0), second), (bell, close)]


@unittest.skipUnless(DAILY.is_file(), "no folder of real market data (YAGURA_SHARED)")
class FirstsOfTheNikkei(AcceptanceTest):
    def test_first_touches_and_record_closes_of_2024_to_2026(self):
        rows = list(daily_rows())
        start = datetime.date(2024, 1, 1)
        with open(self.dir / "ticks.csv", "w") as file:
            file.write("ts_ms,price\n")
            for row in rows:
                if row[0] >= start:
                    file.writelines(f"{ms},{price:.2f}\n" for ms, price in ticks_of(*row))
        self.write("firsts.toml", CONFIG)
        imported = self.run_yagura("import", "--config", self.dir / "firsts.toml", "--instrument", "NI225", DAILY)
        self.assertEqual(imported.code, 0, imported)
        ran = self.run_yagura("backtest", "--config", self.dir / "firsts.toml", "--alerts", self.dir / "a.jsonl", f"NI225={self.dir / 'ticks.csv'}", seconds=60)
        self.assertEqual(ran.code, 0, ran)
        alerts = [json.loads(line) for line in (self.dir / "a.jsonl").read_text().splitlines()]

        touched, closed_above, record_closes = {}, {}, []
        for alert in alerts:
            date = alert["trading_date"]
            if alert["event"] == "reached" and alert["first_ever"]:
                touched.update((int(level), date) for level in alert["levels"] if int(level) not in touched)
            if alert["event"] == "closed_above" and alert["first_close_ever"]:
                closed_above.update((int(level), date) for level in alert["levels"] if int(level) not in closed_above)
            if alert["rule"] == "record-close":
                record_closes.append(date)

        # The same three lists by plain arithmetic on the bars.
        highest, highest_close = 0.0, 0.0
        expect_touched, expect_closed, expect_records = {}, {}, []
        for date, _, high, _, close in rows:
            if date >= start:
                for level in range(1000 * (int(highest // 1000) + 1), int(high) + 1, 1000):
                    expect_touched.setdefault(level, date.isoformat())
                for level in range(1000 * (int(highest_close // 1000) + 1), int(close) + 1, 1000):
                    expect_closed.setdefault(level, date.isoformat())
                if close > highest_close:
                    expect_records.append(date.isoformat())
            highest, highest_close = max(highest, high), max(highest_close, close)
        self.assertEqual({level: date for level, date in touched.items() if level in expect_touched}, expect_touched)
        self.assertEqual({level: date for level, date in closed_above.items() if level in expect_closed}, expect_closed)
        self.assertEqual(record_closes, expect_records)
        # What the newspapers wrote.
        self.assertEqual(expect_touched[39000], "2024-02-22")
        self.assertEqual(record_closes[0], "2024-02-22")
        self.assertEqual(expect_touched[56000], "2026-02-09")
        self.assertEqual(expect_touched[57000], "2026-02-09")
        self.assertEqual(expect_touched[58000], "2026-02-12")
        self.assertEqual(expect_closed[58000], "2026-02-25")
        print(f"\n{len(expect_touched)} first touches, {len(expect_closed)} first closes above, {len(expect_records)} record closes", flush=True)


if __name__ == "__main__":
    unittest.main()

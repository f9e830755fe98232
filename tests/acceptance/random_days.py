#!/usr/bin/env python3
"""Draws a random backtest from a seed: a configuration, history and tick files, made to hit boundaries.

    random_days.py --seed N --out DIR

writes DIR/config.toml, DIR/*.csv[.gz] and DIR/args.txt, whose lines are `history SYMBOL=FILE` and `source SYMBOL=FILE`
(file names relative to DIR). Prices walk on a grid; levels, bands, steps and thresholds are multiples of the same grid
or are percentages of round levels, and time steps come from a short list, so that "exactly equal" happens all the time.
"""
from __future__ import annotations

import argparse
import gzip
import random
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Optional

UNIT = 10**9
SECOND = 10**9
EPOCH = datetime(1970, 1, 1)
STEPS_MS = [0, 0, 250, 1000, 1000, 1000, 5000, 5000, 5000, 10000, 10000, 15000, 15000, 29000, 30000, 45000, 59000, 59999, 60000, 60000,
            60000, 61000, 75000, 90000, 91000, 120000]
DURATIONS = ["10s", "30s", "60s", "60s", "90s", "2m", "5m", "10m"]

#            symbol   calendar  tick        pip      grid (1e-9)    start price (in grid steps)
TEMPLATES = [("NI225", "tse", "0.01", None, [UNIT, 5 * UNIT, UNIT // 2], 57_000 * UNIT),
             ("TOPIX", "tse", "0.01", None, [UNIT // 4, UNIT // 10], 3_800 * UNIT),
             ("USDJPY", "fx", "0.001", "0.01", [UNIT // 200, UNIT // 100], 157 * UNIT),
             ("EURUSD", "fx", "0.00001", "0.0001", [50_000, 10_000], 11 * UNIT // 10),
             ("COIN", "always", "0.5", None, [UNIT, UNIT // 2], 1_000 * UNIT),
             ("TINY", "always", "0.000000001", None, [1, 7], 12_340)]

STARTS = {"tse": ["2026-02-06", "2025-12-24", "2024-10-30", "2026-05-01", "2021-12-28", "2026-09-17", "2024-02-28", "2020-09-28",
                  "2026-01-05"],
          "fx": ["2026-02-08", "2025-12-23", "2026-03-04", "2025-10-29", "2024-02-26", "2026-01-01", "2013-02-15"],
          "always": ["2026-02-26", "2024-02-27", "2025-12-28", "2026-06-10"]}


def text(value: int) -> str:
    whole, fraction = divmod(abs(value), UNIT)
    return ("-" if value < 0 else "") + str(whole) + (f".{fraction:09d}".rstrip("0") if fraction else "")


def nanoseconds(moment: datetime) -> int:
    delta = moment - EPOCH
    return (delta.days * 86_400 + delta.seconds) * SECOND + delta.microseconds * 1000


@dataclass
class Row:
    time: int
    price: Optional[int]
    bid: Optional[int] = None
    ask: Optional[int] = None
    step: int = 1                      # of the sequence number; 0 = start again at 1
    source: int = 0
    file: int = 0
    seq: Optional[int] = None
    raw: Optional[str] = None          # text in place of the price: a bad row
    copy_of: Optional["Row"] = None


@dataclass
class Market:
    """One instrument with what its walk should aim at."""
    symbol: str
    calendar: str
    tick: str
    pip: Optional[str]
    grid: int
    start: int
    lines: list[str] = field(default_factory=list)
    levels: list[int] = field(default_factory=list)          # steps of milestones and single levels
    offsets: list[int] = field(default_factory=lambda: [0])  # from a level
    jumps: list[int] = field(default_factory=list)           # thresholds and record steps

    def pip_value(self) -> int:
        return int(Decimal(self.pip) * UNIT) if self.pip else 10 * int(Decimal(self.tick) * UNIT)


def draw_rules(r: random.Random, market: Market, prefix: str, out: Path) -> None:
    g, lines = market.grid, market.lines
    kinds = ["milestone", "level", "record", "move"] if prefix == "a" else r.sample(["milestone", "level", "record", "move"], r.randint(1, 4))
    kinds += r.choices(["milestone", "level", "record", "record", "move"], k=r.randint(0, 3))
    r.shuffle(kinds)

    def percent_of(value: int) -> int:
        """1e-6 % units of about `value` at the start price, rounded to a readable percentage."""
        return max(1000, round(value * 10**8 / market.start / 1000) * 1000)

    def shown(percent: int) -> str:
        number = f"{percent // 10**6}.{percent % 10**6:06d}".rstrip("0")
        return number + "0" if number.endswith(".") else number

    def amount(key: str, value: int, collect: list[int]) -> str:
        if r.random() < 0.3:
            percent = percent_of(value)
            exact = market.start * percent // 10**8
            collect += [exact, exact + 1, -exact] if g == 1 else [exact // g * g, -(exact // g * g)]
            return f"{key}_pct = {shown(percent)}"
        collect += [value, -value]
        return f'{key} = "{text(value)}"'

    for number, kind in enumerate(kinds):
        lines += ["[[rule]]", f'id = "{prefix}{number}-{kind}"', f'kind = "{kind}"', f'instrument = "{market.symbol}"']
        if kind in ("milestone", "level"):
            if kind == "milestone":
                step = g * r.choice([10, 20, 20, 25, 40, 50, 100])
                lines.append(f'step = "{text(step)}"')
                market.levels.append(step)
            else:
                step = g * r.choice([10, 20, 40])
                prices = [market.start + g * r.randint(-150, 150) for _ in range(r.randint(1, 12))]
                prices += r.sample(prices, min(len(prices), r.randint(0, 2)))       # the same price twice
                in_file = prices[:r.randint(0, len(prices))] if r.random() < 0.5 else []
                listed = [price for price in prices if price not in in_file] + in_file[:1]
                entries = [f'{{ price = "{text(p)}"' + (', note = "n"' if r.random() < 0.3 else "")
                           + (f', once = {r.choice(["true", "false"])}' if r.random() < 0.6 else "") + " }" for p in listed]
                lines.append("levels = [ " + ", ".join(entries) + " ]")
                if in_file:
                    name = f"levels_{prefix}{number}.csv"
                    header = ["price,note"] if r.random() < 0.5 else []
                    (out / name).write_text("\n".join(header + ["# a comment", ""] + [text(p) + r.choice(["", ",from the file"])
                                                                                      for p in in_file]) + "\n")
                    lines.append(f'levels_file = "{name}"')
                market.levels += [-price for price in prices]                       # negative: a single level
            if r.random() < 0.85:
                lines.append(amount("rearm", g * r.choice([1, 2, 3, 5, 8, step // g // 2, step // g]), market.offsets))
            if r.random() < 0.5:
                lines.append(amount("near", g * r.choice([1, 2, 4, 6, step // g // 2]), market.offsets))
            if r.random() < 0.5:
                lines.append("close = " + r.choice(["true", "true", "false"]))
            if r.random() < 0.8:
                lines.append(f'cooldown = "{r.choice(DURATIONS)}"')
            if r.random() < 0.5:
                lines.append(f'directions = "{r.choice(["up", "down", "both"])}"')
        elif kind == "record":
            names = ["all_time", "52w", "ytd", "week", "session"]
            if r.random() < 0.8:
                chosen = r.sample(names, r.randint(1, 5))
                lines.append("horizons = [" + ", ".join(f'"{name}"' for name in names if name in chosen) + "]")
            if r.random() < 0.7:
                lines.append(f'sides = "{r.choice(["high", "low", "both", "both"])}"')
            if r.random() < 0.3:
                lines.append(f'basis = "{r.choice(["close", "close", "intraday"])}"')
            if r.random() < 0.85:
                lines.append(amount("step", g * r.choice([2, 4, 10, 20]), market.jumps))
            if r.random() < 0.6:
                lines.append(f'min_gap = "{r.choice(DURATIONS)}"')
        else:
            windows = []
            for _ in range(r.randint(1, 4)):
                length = r.choice(["10s", "30s", "60s", "60s", "90s", "5m", "5m", "15m"])
                windows.append(f'{{ window = "{length}", {amount("threshold", g * r.choice([8, 10, 16, 24, 40, 60]), market.jumps)} }}')
            lines.append("windows = [ " + ", ".join(windows) + " ]")
            if r.random() < 0.3:
                lines.append("min_z = 0")
        lines.append("")


def days_of(r: random.Random, market: Market) -> list[date]:
    day = date.fromisoformat(r.choice(STARTS[market.calendar]))
    days = []
    for _ in range(r.randint(4, 12)):
        if market.calendar == "always" or day.weekday() < 5 or r.random() < 0.3:
            days.append(day)
        day += timedelta(days=1 if r.random() < 0.85 else r.choice([2, 3, 7, 13, 14, 15, 40]))
    return days or [day]


def bursts_of(r: random.Random, market: Market, day: date) -> list[tuple[int, int]]:
    """Start times and numbers of ticks of the day's stretches; borders of the calendar are always among them."""
    def at(clock: str, hours: int) -> int:
        return nanoseconds(datetime.fromisoformat(f"{day} {clock}") - timedelta(hours=hours))
    if market.calendar == "tse":
        clocks = ["08:59:40", "11:28:00", "12:29:45", "14:57:00", "15:28:00", "15:38:00"]
        extra, hours = [f"{r.randint(9, 14):02d}:{r.randint(0, 59):02d}:00" for _ in range(3)], 9
    elif market.calendar == "fx":
        clocks = ["20:58:00", "21:57:00", "22:58:00"]
        extra, hours = [f"{r.randint(0, 20):02d}:{r.randint(0, 59):02d}:00" for _ in range(3)], 0
    else:
        clocks = ["00:00:00", "23:57:00"]
        extra, hours = [f"{r.randint(0, 23):02d}:{r.randint(0, 59):02d}:00" for _ in range(3)], 0
    chosen = sorted([clock for clock in clocks if r.random() < 0.85] + extra)
    return [(at(clock, hours), r.randint(10, 40) if clock in clocks else r.randint(20, 140)) for clock in chosen]


def before_border(market: Market, now: int) -> bool:
    """Shortly before a segment's end or the first CLOSE tick: what is held there is decided by the border."""
    utc = now // SECOND % 86_400
    borders = {"tse": [2 * 3600 + 35 * 60, 6 * 3600, 6 * 3600 + 1800], "fx": [21 * 3600, 22 * 3600], "always": [86_400]}
    return any(0 <= border - utc <= 120 for border in borders[market.calendar])


class Walk:
    """The true price."""

    def __init__(self, r: random.Random, market: Market) -> None:
        self.r, self.market = r, market
        self.price = market.start + market.grid * r.randint(-20, 20)
        self.recent = [self.price]
        self.mood, self.left = "calm", 0
        self.flat_limit = 0

    def next(self, spread: int) -> int:
        r, m, g = self.r, self.market, self.market.grid
        if self.left <= 0:
            self.mood = r.choice(["calm", "calm", "wild", "up", "down", "flat", "saw"])
            self.left = r.randint(10, 70)
        self.left -= 1
        roll = r.random()
        price = self.price
        if self.mood == "flat":
            if self.left == 0:                                   # leaves by exactly the limit of the outlier rule, or a bit more
                limit = 3 * m.pip_value() + spread if m.calendar == "fx" else price * 15 // 10_000
                price += r.choice([-1, 1]) * (limit + r.choice([0, 0, 1, g]))
        elif roll < 0.15 and m.levels:
            target = self.near_level() + r.choice(m.offsets) + r.choice([0, 0, 0, g, -g, 1, -1])
            price = target if abs(target - price) <= 80 * g else price
        elif roll < 0.25 and m.jumps:
            price = r.choice(self.recent[-12:]) + r.choice([-1, 1]) * r.choice(m.jumps) + r.choice([0, 0, 0, g, -g])
        elif roll < 0.256:
            price += g * r.choice([-1, 1]) * r.randint(20, 220)
        else:
            size = {"calm": 1, "wild": 6, "up": 2, "down": 2, "saw": 4}[self.mood]
            drift = {"up": 1, "down": -1}.get(self.mood, 0)
            price += g * (r.randint(-size, size) + drift)
            if self.mood == "saw":
                price += g * 5 * (1 if self.left % 2 else -1)
        if abs(price - m.start) > 500 * g:                       # stay where the levels are
            price += (m.start - price) // 3 // g * g
        if not m.start // 2 < price < 2 * m.start:
            price = m.start
        self.price = price
        self.recent.append(price)
        return price

    def near_level(self) -> int:
        level = self.r.choice(self.market.levels)
        return -level if level < 0 else round(self.price / level) * level


def draw_rows(r: random.Random, market: Market, two_sided: bool, days: list[date]) -> list[Row]:
    walk, rows, now = Walk(r, market), [], 0
    g, p0 = market.grid, market.start
    rate = r.choice([0.2, 1, 1, 2])                              # of the anomalies
    wrong_left = r.randint(1, 9) if r.random() < 0.4 else 0     # of wrong first prices
    wrong = r.choice([(10, 1), (1, 10), (100, 1), (1, 100), (13, 10), (109, 100), (3, 2)])
    outlier_left, outlier_by = 0, 0
    wanted = r.randint(900, 4500)
    for day in days:
        for start, count in bursts_of(r, market, day):
            if now < start:
                now = start
                if r.random() < 0.3:
                    walk.price += g * r.randint(-60, 60)
            closing = r.random() < 0.5 and market.calendar == "tse"
            for _ in range(count):
                now += r.choice(STEPS_MS) * 10**6 + (r.choice([0, 0, 0, 1, 999_999]) if r.random() < 0.05 else 0)
                spread = 2 * g * r.choice([0, 1, 1, 1, 2]) if two_sided else 0
                price = walk.price if closing and r.random() < 0.4 else walk.next(spread)
                step, source = 1, 1 if r.random() < 0.3 else 0
                if outlier_left:
                    outlier_left -= 1
                    price += outlier_by + (g * r.randint(-2, 2) if r.random() < 0.5 else 0)
                    outlier_by = outlier_by // 2 if r.random() < 0.15 else outlier_by
                elif r.random() < (0.12 if before_border(market, now) else 0.012) * rate:
                    outlier_left = r.choice([0, 0, 1, 2, 3, 40])
                    size = max(40 * g, price * r.choice([2, 5, 20]) // 1000)
                    outlier_by = r.choice([-1, 1]) * (size // g * g)
                    price += outlier_by
                if wrong_left:
                    wrong_left -= 1
                    price = price * wrong[0] // wrong[1]
                bid, ask = (price - spread // 2, price + spread // 2) if two_sided else (None, None)
                row = Row(now, price, bid, ask, step, source)
                roll = r.random() / rate
                if roll < 0.004:
                    row.step = r.choice([2, 3, 50])
                elif roll < 0.005:
                    row.step = 0
                elif roll < 0.009:                               # decimal slips, also at exactly 2 %
                    up, under = r.choice([(10, 1), (100, 1), (1, 10), (1, 100)])
                    off = r.choice([100, 100, 102, 98, 103])
                    row.price = walk.price * up * off // (under * 100)
                elif roll < 0.012:                               # implausible, also at exactly 8 % and 25 %
                    row.price = price * r.choice([108, 109, 92, 91, 125, 126, 75, 74, 50, 150]) // 100
                elif roll < 0.014:
                    row.price = r.choice([0, -price])
                if row.price != price and two_sided:
                    row.bid = row.ask = row.price
                if two_sided and 0.014 <= roll < 0.020:          # crossed, locked, wide (also exactly 50 pips)
                    half = r.choice([-g, 0, market.pip_value() * 25, market.pip_value() * 25 + g, market.pip_value() * 200])
                    row.bid, row.ask = price - half, price + half
                if 0.020 <= roll < 0.022:
                    row.raw = r.choice(["nan", "inf", "", "abc", "1.2.3"])
                rows.append(row)
                again = r.random() / rate
                if again < 0.010:                                # a repeated row
                    old = rows[-r.choice([1, 1, 2, 3, 10, 63, 64, 65, 66])] if len(rows) > 70 else rows[-1]
                    old = old.copy_of or old
                    rows.append(Row(old.time, old.price, old.bid, old.ask, 1, old.source, raw=old.raw, copy_of=old))
                elif again < 0.016:                               # a late row
                    late = walk.price + g * r.randint(-200, 200)
                    rows.append(Row(now - r.choice([1, 10**6, SECOND, 600 * SECOND]), late, late if two_sided else None,
                                    late if two_sided else None, 1, source))
            if len(rows) > wanted:
                return rows
    return rows


def write(path: Path, lines: list[str]) -> None:
    data = ("\n".join(lines) + "\n").encode()
    path.write_bytes(gzip.compress(data, mtime=0) if path.suffix == ".gz" else data)


def write_ticks(r: random.Random, market: Market, out: Path, two_sided: bool, days: list[date]) -> list[str]:
    rows = draw_rows(r, market, two_sided, days)
    files = r.choice([1, 1, 2])
    has_seq, has_source, has_symbol = r.random() < 0.5, r.random() < 0.4, r.random() < 0.25
    in_ns, with_price = r.random() < 0.5, not two_sided or r.random() < 0.2
    columns = ["ts_ns" if in_ns else "ts_ms"] + (["symbol"] if has_symbol else []) + (["price"] if with_price else [])
    columns += (["bid", "ask"] if two_sided else []) + (["seq"] if has_seq else []) + (["source"] if has_source else [])
    if r.random() < 0.2:
        columns.insert(r.randint(0, len(columns)), "remark")
    if r.random() < 0.3:
        r.shuffle(columns)
    by_chunk = r.random() < 0.5
    counters: dict[Any, int] = {}
    bad_budget = 0.004
    names, contents = [], [[",".join(columns)] for _ in range(files)]
    bad, written = [0] * files, [0] * files
    for number, row in enumerate(rows):
        if row.copy_of is not None:
            row.file, row.seq = row.copy_of.file, row.copy_of.seq
            if files == 2 and r.random() < 0.3:
                row.file = 1 - row.file
        else:
            row.file = (number // 50 if by_chunk else r.randint(0, 9)) % files
            key = ("name", row.source) if has_source else ("file", row.file)
            row.seq = 1 if row.step == 0 else counters.get(key, 0) + row.step
            counters[key] = row.seq
        if row.raw is not None:
            if bad[row.file] + 1 > bad_budget * written[row.file]:
                continue
            bad[row.file] += 1
        written[row.file] += 1
        show_price = not two_sided or r.random() < 0.5 or row.price != ((row.bid or 0) + (row.ask or 0)) // 2
        cells = {"ts_ns": str(row.time), "ts_ms": str(row.time // 10**6), "symbol": market.symbol, "remark": "x",
                 "price": text(row.price) if show_price else "", "bid": text(row.bid or 0), "ask": text(row.ask or 0),
                 "seq": str(row.seq) if r.random() > 0.005 else "", "source": "AB"[row.source]}
        if row.raw is not None:
            cells["price"] = row.raw
            cells["bid"] = row.raw
        contents[row.file].append(",".join(cells[name] for name in columns))
        if has_symbol and r.random() < 0.02:
            contents[row.file].append(",".join({**cells, "symbol": "OTHER", "price": "x"}[name] for name in columns))
        if r.random() < 0.002:
            contents[row.file].append("")
    for number, lines in enumerate(contents):
        name = f"{market.symbol}_{number}.csv" + (".gz" if r.random() < 0.2 else "")
        write(out / name, lines)
        names.append(name)
    return names


def write_bars(r: random.Random, market: Market, out: Path, days: list[date]) -> list[str]:
    walk, g = Walk(r, market), market.grid
    length = r.choice([60, 60, 300, 900]) * SECOND
    quotes = market.calendar == "fx" and r.random() < 0.5
    points = ["open", "high", "low", "close"]
    header = ["ts_ms"] + ([f"{side}_{point}" for side in ("bid", "ask") for point in points] if quotes else points)
    lines, now = [",".join(header)], 0
    for day in days:
        for start, count in bursts_of(r, market, day):
            now = max(now, start // length * length)
            for _ in range(max(3, count // 2)):
                prices = [walk.price] + [walk.next(2 * g) for _ in range(r.randint(2, 6))]
                bar = [prices[0], max(prices), min(prices), prices[-1]]
                if quotes:
                    half = g * r.choice([0, 1, 1, 2, -1 if r.random() < 0.1 else 1])
                    bar = [price - half for price in bar] + [price + half for price in bar]
                lines.append(",".join([str(now // 10**6)] + [text(price) for price in bar]))
                now += length * (1 if r.random() < 0.97 else r.randint(2, 5))
    name = f"{market.symbol}_bars.csv" + (".gz" if r.random() < 0.2 else "")
    write(out / name, lines)
    return [name]


def write_history(r: random.Random, market: Market, out: Path, days: list[date]) -> Optional[str]:
    if r.random() < 0.3:
        return None
    g = market.grid
    last = days[0] - timedelta(days=r.choice([1, 1, 1, 3, 13, 14, 15, 30]))
    if r.random() < 0.35:
        last = days[-1] + timedelta(days=r.choice([0, -1, 3]))    # runs into or past the test
    count = r.choice([3, 8, 40, 300, 420, 800])
    day, price, lines = last, market.start + g * r.randint(-120, 120), []
    gappy = r.random() < 0.3
    for _ in range(count):                                       # backwards from the last day
        if market.calendar == "always" or day.weekday() < 5:
            close, open_ = price, price + g * r.randint(-40, 40)
            high, low = max(open_, close) + g * r.randint(0, 40), min(open_, close) - g * r.randint(0, 40)
            cells = [text(value) for value in (open_, high, low)]
            if gappy and r.random() < 0.3:
                cells = ["" if r.random() < 0.7 else cell for cell in cells]
            if min(open_, close, low) > 0:
                lines.append(",".join([day.isoformat(), *cells, text(close)]))
            price += g * (r.randint(-50, 48) if market.start > 1000 * g or price > 300 * g else 10)
            if price < market.start // 2:
                price = market.start
        day -= timedelta(days=1 if r.random() < 0.97 else 4)
    name = f"{market.symbol}_daily.csv" + (".gz" if r.random() < 0.2 else "")
    write(out / name, ["date,open,high,low,close"] + lines[::-1])
    return name


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    r, out = random.Random(arguments.seed), arguments.out
    out.mkdir(parents=True, exist_ok=True)

    chosen = r.sample(TEMPLATES, r.choice([1, 1, 2, 2, 3]))
    config: list[str] = [f"# drawn from seed {arguments.seed}", ""]
    rules: list[str] = []
    histories: list[str] = []
    sources: list[str] = []
    for prefix, (symbol, calendar, tick, pip, grids, start) in zip("abc", chosen):
        market = Market(symbol, calendar, tick, pip, r.choice(grids), start)
        section = []
        if symbol not in ("NI225", "USDJPY") or r.random() < 0.6:
            section += [f'tick = "{tick}"', f'calendar = "{calendar}"'] + ([f'pip = "{pip}"'] if pip else [])
            if r.random() < 0.5:
                section.append("filter = " + r.choice(["true", "false"]))
            if r.random() < 0.5:
                section.append(f'gap_after = "{r.choice(["30s", "60s", "90s", "5m"])}"')
            config += [f"[instrument.{symbol}]", *section, ""]
        draw_rules(r, market, prefix, out)
        rules += market.lines
        days = days_of(r, market)
        history = write_history(r, market, out, days)
        if history is not None:
            histories.append(f"history {symbol}={history}")
        two_sided = calendar == "fx" and r.random() < 0.7 or r.random() < 0.2
        names = write_bars(r, market, out, days) if r.random() < 0.15 else write_ticks(r, market, out, two_sided, days)
        sources += [f"source {symbol}={name}" for name in names]
    r.shuffle(sources)
    (out / "config.toml").write_text("\n".join(config + rules) + "\n")
    (out / "args.txt").write_text("\n".join(histories + sources) + "\n")


if __name__ == "__main__":
    main()

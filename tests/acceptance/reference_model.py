#!/usr/bin/env python3
"""The slow and obvious model of the backtest: rows in, alerts out, one rule after the other.

It exists to be compared with the fast program. Nothing here is clever: whole windows are scanned on every tick, the
known days are gathered anew at every new date, and all comparisons are between Python integers. Prices are integers
in 1e-9 of the quote unit, times are UTC nanoseconds, percentages are integers in 1e-6 %. "Section N" is a section of
the rules (SEMANTICS). A comment that begins with "Reading:" marks a place where the text leaves a choice.

    reference_model.py --config CONFIG.toml [--history NI225=daily.csv[.gz] ...] [--lenient] --alerts OUT.jsonl \
        SYMBOL=FILE...
    reference_model.py --selfcheck
"""
from __future__ import annotations

import argparse
import bisect
import gzip
import json
import re
import sys
import tomllib
from collections import Counter, deque
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Iterator, Optional

sys.set_int_max_str_digits(0)

UNIT = 10**9                 # one quote unit
W = 100_000_000              # 100 % in units of 1e-6 %
SECOND = 10**9
MINUTE = 60 * SECOND
DAY = 86_400 * SECOND
OUTCOMES = ("accepted", "duplicate", "late", "closed", "not_positive", "crossed", "wide_spread", "decimal_slip",
            "implausible", "outlier", "unconfirmed", "restarted", "bad")
HORIZONS = ("all_time", "52w", "ytd", "week", "session")      # longest first


class ConfigError(Exception):
    """Exit code 2."""


class DataError(Exception):
    """Exit code 3."""


# ---------------------------------------------------------------------------------------------------------------
# Numbers and text (sections 1 and 2)

# Reading: the sign of the exponent is optional, "E" is as good as "e"; ".5" and "5." are no prices.
DECIMAL = re.compile(r"([+-]?)([0-9]+)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]+))?")
INTEGER = re.compile(r"[+-]?[0-9]+")


def parse_decimal(text: str, places: int = 9) -> Optional[int]:
    """A decimal number as an integer of 10**-places, rounded half away from zero; None if it is not one."""
    match = DECIMAL.fullmatch(text.strip())
    if match is None:
        return None
    sign, whole, fraction, exponent = match.groups()
    fraction = fraction or ""
    value = int(whole + fraction)
    shift = int(exponent or 0) - len(fraction) + places
    if value == 0:
        return 0
    if shift > 60:
        return None                                    # far beyond 64 bits
    if shift >= 0:
        value *= 10**shift
    elif -shift > len(whole + fraction) + 1:
        value = 0                                      # far below the last decimal
    else:
        divisor = 10**-shift
        value = (2 * value + divisor) // (2 * divisor)
    # Reading: a price that does not fit a signed 64-bit integer is no price.
    if value >= 2**63:
        return None
    return -value if sign == "-" else value


def parse_integer(text: str, factor: int = 1) -> Optional[int]:
    text = text.strip()
    if INTEGER.fullmatch(text) is None:
        return None
    value = int(text) * factor
    return value if -2**63 <= value < 2**63 else None


def show(value: int) -> str:
    """The shortest exact decimal string of a price."""
    whole, fraction = divmod(abs(value), UNIT)
    text = str(whole) + (f".{fraction:09d}".rstrip("0") if fraction else "")
    return "-" + text if value < 0 else text


def config_price(value: Any, what: str) -> int:
    number = parse_decimal(str(value))
    if number is None or isinstance(value, bool):
        raise ConfigError(f"{what}: {value!r} is not a price")
    return number


def config_percent(value: Any, what: str) -> int:
    number = parse_decimal(str(value), places=6)
    if number is None or isinstance(value, bool):
        raise ConfigError(f"{what}: {value!r} is not a percentage")
    return number


def config_duration(value: Any, what: str) -> int:
    units = {"ns": 1, "us": 10**3, "ms": 10**6, "s": SECOND, "m": MINUTE, "h": 60 * MINUTE, "d": DAY}
    match = re.fullmatch(r"\s*([0-9]+(?:\.[0-9]+)?)\s*(ns|us|ms|s|m|h|d)\s*", str(value))
    if match is None:
        raise ConfigError(f"{what}: {value!r} is not a duration such as \"60s\"")
    return int(Decimal(match[1]) * units[match[2]])


@dataclass(frozen=True)
class Amount:
    """A distance: absolute, or a percentage of something. `scaled` is the distance times W, so that
    `distance * W >= amount.scaled(x)` is the exact comparison of section 1 in both cases."""
    absolute: Optional[int] = None
    percent: int = 0

    def scaled(self, of: int) -> int:
        return self.absolute * W if self.absolute is not None else of * self.percent

    def floor(self, of: int) -> int:
        return self.scaled(of) // W


def config_amount(table: dict[str, Any], key: str, default: Optional[Amount], what: str) -> Optional[Amount]:
    """`key` in price units or `key_pct` in percent."""
    if key in table and key + "_pct" in table:
        raise ConfigError(f"{what}: {key} and {key}_pct exclude each other")
    if key in table:
        return Amount(absolute=config_price(table[key], f"{what}.{key}"))
    if key + "_pct" in table:
        return Amount(percent=config_percent(table[key + "_pct"], f"{what}.{key}_pct"))
    return default


# ---------------------------------------------------------------------------------------------------------------
# Calendars (section 3)

@dataclass(frozen=True)
class Moment:
    """What the calendar says about a time at which the market is open."""
    date: date                   # trading date, which is also the session
    segment: tuple[Any, ...]
    close: bool = False          # a CLOSE tick
    opening: bool = False


EPOCH = datetime(1970, 1, 1)


def wall_clock(time_ns: int, offset_hours: int) -> datetime:
    """Local date and time, cut to the second (every boundary of the calendars is a whole second)."""
    return EPOCH + timedelta(seconds=time_ns // SECOND + offset_hours * 3600)


def nth_weekday(year: int, month: int, weekday: int, n: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (n - 1))


def national_holidays(year: int) -> set[date]:
    """Fixed days, n-th Mondays and equinoxes, without substitutes and citizens' holidays."""
    fixed = [(1, 1), (2, 11), (2, 23), (4, 29), (5, 3), (5, 4), (5, 5), (8, 11), (11, 3), (11, 23)]
    days = {date(year, month, day) for month, day in fixed}
    days |= {nth_weekday(year, month, 0, n) for month, n in ((1, 2), (7, 3), (9, 3), (10, 2))}
    y = year - 1980              # floor(base + 0.242194 y) - floor(y / 4), in millionths and 1e-4 made integer
    days.add(date(year, 3, (20_843_100 + 242_194 * y) // 1_000_000 - y // 4))
    days.add(date(year, 9, (23_248_800 + 242_194 * y) // 1_000_000 - y // 4))
    return days


HOLIDAY_CACHE: dict[int, set[date]] = {}


def japanese_holidays(year: int) -> set[date]:
    if year not in HOLIDAY_CACHE:
        national = national_holidays(year)
        days = set(national)
        for day in national:
            if day.weekday() == 6:
                substitute = day + timedelta(days=1)
                while substitute in national:
                    substitute += timedelta(days=1)
                days.add(substitute)
        # Reading: only national holidays proper, not their substitutes, make a citizens' holiday between them.
        for day in national:
            between = day + timedelta(days=1)
            if between not in days and between + timedelta(days=1) in national and between.weekday() < 5:
                days.add(between)
        HOLIDAY_CACHE[year] = days
    return HOLIDAY_CACHE[year]


def tse_closed_day(day: date) -> bool:
    if day.weekday() >= 5 or (day.month, day.day) in ((12, 31), (1, 1), (1, 2), (1, 3)):
        return True
    if day == date(2020, 10, 1):
        return True
    return day >= date(2022, 1, 1) and day in japanese_holidays(day.year)


def tse_moment(time_ns: int) -> Optional[Moment]:
    local = wall_clock(time_ns, 9)
    day = local.date()
    if tse_closed_day(day):
        return None
    second = local.hour * 3600 + local.minute * 60 + local.second
    at = lambda hour, minute: hour * 3600 + minute * 60
    close_from, end = (at(15, 30), at(15, 40)) if day >= date(2024, 11, 5) else (at(15, 0), at(15, 10))
    if at(9, 0) <= second < at(11, 35):
        return Moment(day, (day, "morning"), opening=second < at(9, 5))
    if at(12, 30) <= second < end:
        return Moment(day, (day, "afternoon"), close=second >= close_from, opening=second < at(12, 31))
    return None


def new_york_offset(time_ns: int) -> int:
    """Hours from UTC; the clock changes at two in the morning of the two Sundays."""
    utc = wall_clock(time_ns, 0)
    begin, end = nth_weekday(utc.year, 3, 6, 2), nth_weekday(utc.year, 11, 6, 1)
    summer = datetime(utc.year, 3, begin.day, 7) <= utc < datetime(utc.year, 11, end.day, 6)
    return -4 if summer else -5


def fx_moment(time_ns: int) -> Optional[Moment]:
    local = wall_clock(time_ns, new_york_offset(time_ns))
    weekday, hour = local.weekday(), local.hour          # Monday is 0
    if weekday == 5 or (weekday == 6 and hour < 17) or (weekday == 4 and hour >= 17):
        return None
    day = (local + timedelta(hours=7)).date()
    return Moment(day, ("week", monday(day)))


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def moment_of(calendar: str, time_ns: int) -> Optional[Moment]:
    """None when the market is closed."""
    if calendar == "tse":
        return tse_moment(time_ns)
    if calendar == "fx":
        return fx_moment(time_ns)
    return Moment(wall_clock(time_ns, 0).date(), ("endless",))


# ---------------------------------------------------------------------------------------------------------------
# Input files (section 2)

@dataclass(frozen=True)
class Row:
    time: int
    price: int                   # the price cell, else the mid
    bid: Optional[int] = None
    ask: Optional[int] = None
    seq: Optional[int] = None
    source: Any = None


def lines_of(path: str) -> Iterator[tuple[int, list[str]]]:
    """Line number and cells of every line that is not blank."""
    with open(path, "rb") as probe:
        zipped = probe.read(2) == b"\x1f\x8b"
    with (gzip.open if zipped else open)(path, "rt", encoding="utf-8-sig", errors="replace", newline="\n") as file:
        for number, line in enumerate(file, 1):
            if line.strip():
                yield number, [cell.strip() for cell in line.split(",")]


def check_bad_rows(path: str, bad: int, rows: int, lenient: bool) -> None:
    if bad * 100 > rows and not lenient:
        raise DataError(f"{path}: {bad} of {rows} rows are bad, more than 1 %")


def read_source(path: str, symbol: str, index: int, lenient: bool) -> tuple[list[Row], int]:
    """All rows of one file, in file order, and the number of bad rows."""
    lines = lines_of(path)
    _, header = next(lines, (1, [""]))
    column = {name: i for i, name in reversed(list(enumerate(header)))}
    # Reading: ts_ns wins as a column; its empty cell is a bad row even if ts_ms is filled.
    if "ts_ns" in column:
        time_column, factor = column["ts_ns"], 1
    elif "ts_ms" in column:
        time_column, factor = column["ts_ms"], 10**6
    else:
        raise DataError(f"{path}: line 1: no column ts_ns or ts_ms")
    points = ("open", "high", "low", "close")
    if "price" in column or ("bid" in column and "ask" in column):
        kind = "ticks"
    elif all(name in column for name in points):
        kind = "bars"
    elif all(f"{side}_{name}" in column for side in ("bid", "ask") for name in points):
        kind = "quote bars"
    else:
        raise DataError(f"{path}: line 1: neither a tick CSV nor a bar CSV")

    ticks: list[Row] = []
    bars: list[tuple[int, list[Optional[int]], list[Optional[int]], list[Optional[int]]]] = []   # time, price, bid, ask
    rows = bad = 0
    for _, cells in lines:
        if "symbol" in column and column["symbol"] < len(cells) and cells[column["symbol"]] != symbol:
            continue                                                     # of another symbol: not counted at all
        rows += 1
        # Reading: a row with fewer cells than the header has a missing cell, even if only an optional one is absent.
        time = parse_integer(cells[time_column], factor) if len(cells) >= len(header) else None
        if time is None:
            bad += 1
            continue
        number = lambda name: parse_decimal(cells[column[name]])
        if kind == "ticks":
            values: dict[str, Optional[int]] = {}
            broken = False
            for name in ("price", "bid", "ask"):
                filled = name in column and cells[column[name]] != ""
                values[name] = number(name) if filled else None
                # Reading: text that is no number is bad in any filled price cell, also beside a good price.
                broken = broken or (filled and values[name] is None)
            seq = None
            if "seq" in column and cells[column["seq"]] != "":
                # Reading: an empty seq cell makes a row without seq; other text makes a bad row.
                seq = parse_integer(cells[column["seq"]])
                broken = broken or seq is None
            price, bid, ask = values["price"], values["bid"], values["ask"]
            if price is None and bid is not None and ask is not None:
                price = (bid + ask) // 2
            if broken or price is None:
                bad += 1
                continue
            # Reading: with a source column the text of the cell is the source, also when it is empty.
            source = ("name", cells[column["source"]]) if "source" in column else ("file", index)
            ticks.append(Row(time, price, bid, ask, seq, source))
        else:
            # Reading: seq and source have no meaning in bar files.
            none: list[Optional[int]] = [None] * 4
            if kind == "bars":
                bar = (time, [number(name) for name in points], none, none)
                missing = None in bar[1]
            else:
                bar = (time, none, [number("bid_" + name) for name in points], [number("ask_" + name) for name in points])
                missing = None in bar[2] or None in bar[3]
            if missing:
                bad += 1
            else:
                bars.append(bar)
    check_bad_rows(path, bad, rows, lenient)
    if kind != "ticks":
        ticks = ticks_of_bars(bars, ("file", index))
    return ticks, bad


def ticks_of_bars(bars: list[Any], source: Any) -> list[Row]:
    steps = Counter(b[0] - a[0] for a, b in zip(bars, bars[1:]) if b[0] > a[0])
    length = min(steps, key=lambda step: (-steps[step], step)) if steps else MINUTE
    ticks = []
    for start, price, bid, ask in bars:
        if price[0] is not None:
            rising = price[3] >= price[0]
        else:
            rising = bid[3] + ask[3] >= bid[0] + ask[0]
        order = (0, 2, 1, 3) if rising else (0, 1, 2, 3)                 # open, low, high, close or open, high, low, close
        for quarter, point in enumerate(order):
            effective = price[point] if price[0] is not None else (bid[point] + ask[point]) // 2
            ticks.append(Row(start + length * quarter // 4, effective, bid[point], ask[point], None, source))
    return ticks


@dataclass(frozen=True)
class Day:
    date: date
    high: int
    low: int
    close: int


def read_history(path: str, lenient: bool) -> dict[date, Day]:
    lines = lines_of(path)
    _, header = next(lines, (1, [""]))
    column = {name: i for i, name in enumerate(header)}
    if "date" not in column or "close" not in column:
        raise DataError(f"{path}: line 1: no column date or close")
    days: dict[date, Day] = {}
    rows = bad = 0
    for _, cells in lines:
        rows += 1
        try:
            if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", cells[column["date"]]) is None:
                raise ValueError
            day = date.fromisoformat(cells[column["date"]])
            present: dict[str, int] = {}
            for name in ("open", "high", "low", "close"):
                text = cells[column[name]] if name in column else ""
                if text == "" and name != "close":
                    continue
                value = parse_decimal(text)
                if value is None or value <= 0:           # Reading: a daily price <= 0 or an empty close is a bad row.
                    raise ValueError
                present[name] = value
        except (ValueError, IndexError):
            bad += 1
            continue
        # Reading: a high or low that is given is taken as it is; only an empty one comes from the other cells.
        # Of two rows with one date the later counts.
        days[day] = Day(day, present.get("high", max(present.values())), present.get("low", min(present.values())),
                        present["close"])
    check_bad_rows(path, bad, rows, lenient)
    return days


def merged(files: list[tuple[str, list[Row]]]) -> Iterator[tuple[str, Row]]:
    """Again and again the smallest time among the next unread rows; ties in argument order."""
    position = [0] * len(files)
    while True:
        best = None
        for i, (_, rows) in enumerate(files):
            if position[i] < len(rows) and (best is None or rows[position[i]].time < files[best][1][position[best]].time):
                best = i
        if best is None:
            return
        yield files[best][0], files[best][1][position[best]]
        position[best] += 1


# ---------------------------------------------------------------------------------------------------------------
# Output (sections 7 of the contract and 8 of the rules)

@dataclass(frozen=True)
class Tick:
    """An accepted tick as the detectors see it."""
    time: int
    price: int
    date: date
    segment: tuple[Any, ...]
    previous: Optional[int]      # the last accepted price; on the instrument's first tick the previous close
    after_gap: bool


class Output:
    def __init__(self) -> None:
        self.alerts: list[dict[str, Any]] = []
        self.episodes: Counter[tuple[Any, ...]] = Counter()

    def emit(self, rule: Any, event: str, severity: str, direction: str, tick: Tick, gap: bool, headline: Any,
             extra: dict[str, Any], parent: Optional[int] = None) -> int:
        """Returns the alert's sequence number."""
        key = (rule.id, rule.instrument.name, tick.date, event, headline)
        self.episodes[key] += 1
        alert: dict[str, Any] = {
            "seq": len(self.alerts) + 1, "rule": rule.id, "kind": rule.kind, "event": event,
            "instrument": rule.instrument.name, "severity": severity, "direction": direction, "price": show(tick.price)}
        if tick.previous is not None:
            alert["previous"] = show(tick.previous)
        alert.update(extra)
        alert.update(gap=gap, ts_event_ns=tick.time, trading_date=tick.date.isoformat(), episode=self.episodes[key])
        if parent is not None:
            alert["parent_seq"] = parent
        self.alerts.append(alert)
        return alert["seq"]


# ---------------------------------------------------------------------------------------------------------------
# Known days (section 4)

@dataclass(frozen=True)
class Extremes:
    """Of the known days inside a horizon; the horizon may be active and yet hold no day."""
    days: list[Day]

    def of(self, side: str, basis: str) -> Optional[int]:
        best, cell = (max, "high") if side == "high" else (min, "low")
        values = [getattr(day, cell if basis == "intraday" else "close") for day in self.days]
        return best(values) if values else None


class View:
    """What is known on the trading date D before its first tick."""

    def __init__(self, today: date, calendar: str, history: dict[date, Day], tick_days: dict[date, Day]) -> None:
        self.date = today
        visible = {d: day for d, day in history.items() if d < today}
        known = dict(visible)
        for d, day in tick_days.items():
            if d < today:
                row = visible.get(d, day)
                known[d] = Day(d, max(day.high, row.high), min(day.low, row.low), day.close)
        self.days = [known[d] for d in sorted(known)]
        self.seeded = bool(visible) and calendar != "fx"
        newest = self.days[-1] if self.days else None
        in_reach = newest is not None and (today - newest.date).days <= 14
        self.previous_close = newest.close if newest is not None and in_reach else None
        self.highest = max((day.high for day in self.days), default=None)
        self.highest_close = max((day.close for day in self.days), default=None)
        self.horizons = {name: Extremes(days) for name, days in self.active_horizons()}
        self.memo: dict[tuple[str, str, str], Optional[int]] = {}

    def active_horizons(self) -> Iterator[tuple[str, list[Day]]]:
        """Section 5: the horizons, other than the session, past whose start the data reaches."""
        if not self.days:
            return
        first, today = self.days[0].date, self.date
        yield "all_time", self.days                       # called since_start if not seeded
        leap_day = (today.month, today.day) == (2, 29)
        year_ago = date(today.year - 1, today.month, 28 if leap_day else today.day)
        if first <= year_ago:
            yield "52w", [day for day in self.days if day.date > year_ago]
        this_year = [day for day in self.days if day.date.year == today.year]
        if first.year < today.year and this_year:
            yield "ytd", this_year
        this_week = [day for day in self.days if monday(day.date) == monday(today)]
        if monday(first) < monday(today) and this_week:
            yield "week", this_week

    def extreme(self, horizon: str, side: str, basis: str) -> Optional[int]:
        key = (horizon, side, basis)
        if key not in self.memo:
            self.memo[key] = self.horizons[horizon].of(side, basis) if horizon in self.horizons else None
        return self.memo[key]

    def spoken(self, horizon: str) -> str:
        return "since_start" if horizon == "all_time" and not self.seeded else horizon


# ---------------------------------------------------------------------------------------------------------------
# Records (section 5)

class RecordRule:
    kind = "record"

    def __init__(self, instrument: "Instrument", table: dict[str, Any]) -> None:
        self.id, self.instrument = table["id"], instrument
        # Reading: without the key all horizons are watched.
        wanted = table.get("horizons", list(HORIZONS))
        if any(name not in HORIZONS for name in wanted):
            raise ConfigError(f"rule {self.id}: horizons {wanted} are not among {HORIZONS}")
        self.horizons = [name for name in HORIZONS if name in wanted]
        self.basis = table.get("basis", "intraday")
        sides = table.get("sides", "high")
        if self.basis not in ("intraday", "close") or sides not in ("high", "low", "both"):
            raise ConfigError(f"rule {self.id}: basis or sides")
        self.sides = ["high", "low"] if sides == "both" else [sides]
        default = Amount(absolute=20 * instrument.pip) if instrument.calendar == "fx" else Amount(percent=200_000)
        self.step = config_amount(table, "step", default, f"rule {self.id}")
        self.min_gap = config_duration(table.get("min_gap", "60s"), f"rule {self.id}.min_gap")
        self.forget()

    def forget(self) -> None:
        self.last: dict[str, tuple[int, int]] = {}       # per side: price and time of the last alert
        self.said: dict[str, set[str]] = {}

    def new_session(self, tick: Tick) -> None:
        self.last = {side: (tick.price, tick.time) for side in self.sides}
        self.said = {side: set() for side in self.sides}

    def broken(self, side: str, price: int, names: list[str], today: Optional[int]) -> list[tuple[str, int]]:
        """The horizons that `price` breaks, each with its record; `today` is the extreme of D's earlier ticks."""
        view, result = self.instrument.view, []
        best = max if side == "high" else min
        for name in names:
            if name == "session":
                seen = [today]
            elif name in view.horizons:
                seen = [view.extreme(name, side, self.basis), today]
            else:
                continue
            values = [value for value in seen if value is not None]
            # Reading: a horizon that is active but holds nothing to compare with is not broken.
            if values and (price > best(values) if side == "high" else price < best(values)):
                result.append((name, best(values)))
        return result

    def on_tick(self, tick: Tick, out: Output) -> None:
        if self.basis != "intraday":
            return
        for side in self.sides:
            today = self.instrument.session_high if side == "high" else self.instrument.session_low
            broken = self.broken(side, tick.price, self.horizons, today)
            if not broken:
                continue
            names = [name for name, _ in broken]
            last_price, last_time = self.last[side]
            fresh = any(name != "session" and name not in self.said[side] for name in names)
            stepped = (abs(tick.price - last_price) * W >= self.step.scaled(last_price)
                       and tick.time - last_time >= self.min_gap)
            if fresh or stepped:
                self.emit(side, broken, tick, out)
                self.said[side].update(names)
                self.last[side] = (tick.price, tick.time)

    def on_day_end(self, close: Tick, out: Output) -> None:
        if self.basis != "close":
            return
        for side in self.sides:
            broken = self.broken(side, close.price, [name for name in self.horizons if name != "session"], None)
            if broken:
                self.emit(side, broken, close, out)

    def emit(self, side: str, broken: list[tuple[str, int]], tick: Tick, out: Output) -> None:
        names = [self.instrument.view.spoken(name) for name, _ in broken]
        if "all_time" in names or "52w" in names:
            severity = "high"
        else:
            severity = "info" if names == ["session"] else "low"
        record = broken[0][1]
        # Reading: the margin is a distance, positive for lows as well.
        out.emit(self, "new_" + side, severity, "up" if side == "high" else "down", tick, tick.after_gap, names[0],
                 {"horizons": names, "record_before": show(record), "margin": show(abs(tick.price - record)),
                  "basis": self.basis})


# ---------------------------------------------------------------------------------------------------------------
# Milestones and levels (section 6)

BELOW, AT_UP, ABOVE, AT_DOWN = "BELOW", "AT_UP", "ABOVE", "AT_DOWN"
LEVEL_EVENTS = ("reached", "lost", "cleared", "rejected", "broken", "regained", "near")       # order of output
UPWARD = ("reached", "cleared", "rejected", "near", "closed_above")                           # kept by directions = "up"
DIRECTION = {"reached": "up", "cleared": "up", "rejected": "down", "lost": "down", "broken": "down", "regained": "up",
             "near": "up", "closed_above": "up", "closed_below": "down"}
PARENT_EVENT = {"cleared": "reached", "rejected": "reached", "broken": "lost", "regained": "lost"}


class LevelRule:
    """Both kinds: a milestone rule has a step, a level rule a list."""

    def __init__(self, instrument: "Instrument", table: dict[str, Any], folder: Path) -> None:
        self.id, self.kind, self.instrument = table["id"], table["kind"], instrument
        what = f"rule {self.id}"
        self.step = 0
        self.once: dict[int, bool] = {}
        if self.kind == "milestone":
            self.step = config_price(table.get("step"), what + ".step")
            if self.step <= 0:
                raise ConfigError(f"{what}: step must be positive")
        else:
            for entry in table.get("levels", []):
                entry = entry if isinstance(entry, dict) else {"price": entry}
                self.once.setdefault(config_price(entry.get("price"), what + ".levels"), bool(entry.get("once", False)))
            if "levels_file" in table:
                for number, cells in lines_of(str(folder / table["levels_file"])):
                    price = parse_decimal(cells[0])
                    if cells[0].startswith("#") or (number == 1 and price is None):
                        continue
                    if price is None:
                        raise ConfigError(f"{table['levels_file']}: line {number}: {cells[0]!r} is not a price")
                    self.once.setdefault(price, False)
        self.sorted_levels = sorted(self.once)
        default = Amount(absolute=10 * instrument.pip) if instrument.calendar == "fx" else Amount(percent=100_000)
        self.rearm = config_amount(table, "rearm", default, what)
        self.near = config_amount(table, "near", None, what)
        if self.near is not None and self.near.percent >= W:
            raise ConfigError(f"{what}: near_pct must be below 100")
        self.cooldown = config_duration(table.get("cooldown", "10m"), what + ".cooldown")
        self.directions = table.get("directions", "both")
        if self.directions not in ("up", "down", "both"):
            raise ConfigError(f"{what}: directions")
        self.close = bool(table.get("close", False))
        self.forget()

    def forget(self) -> None:
        self.states: dict[int, str] = {}                         # only of levels that have had an event
        self.emitted: dict[tuple[int, str], tuple[int, int]] = {}   # (level, event) -> time, sequence number
        self.gone: set[int] = set()                              # `once` levels that have spoken
        self.near_said: set[int] = set()                         # in this session

    def new_session(self, tick: Tick) -> None:
        self.near_said.clear()

    def levels_in(self, low: int, high: int) -> list[int]:
        """The levels L with low < L <= high, ascending."""
        if self.kind == "milestone":
            found = [k * self.step for k in range(max(low // self.step + 1, 1), high // self.step + 1)]
        else:
            found = self.sorted_levels[bisect.bisect_right(self.sorted_levels, low):
                                       bisect.bisect_right(self.sorted_levels, high)]
        return [level for level in found if level not in self.gone]

    def on_tick(self, tick: Tick, out: Output) -> None:
        q, p = tick.previous, tick.price
        if q is None:
            return                                               # the very first tick only sets states
        events: dict[str, list[int]] = {name: [] for name in LEVEL_EVENTS}
        # Without an event the state follows from the previous price, so only levels between the two prices and those
        # waiting in AT_UP or AT_DOWN can change on this tick.
        waiting = [level for level, state in self.states.items() if state in (AT_UP, AT_DOWN)]
        for level in sorted(set(waiting) | set(self.levels_in(min(p, q), max(p, q)))):
            state = self.states.get(level, BELOW if q < level else ABOVE)
            event, new_state = self.transition(state, level, p)
            if event is not None:
                events[event].append(level)
                self.states[level] = new_state
        if self.near is not None and p > q:
            highest = p + self.near.absolute if self.near.absolute is not None else p * W // (W - self.near.percent)
            for level in self.levels_in(p, highest):
                band = self.near.scaled(level)
                inside = (level - p) * W <= band
                from_below = (level - q) * W > band
                below = self.states.get(level, BELOW if q < level else ABOVE) == BELOW
                if inside and from_below and below and level not in self.near_said:
                    events["near"].append(level)
                    self.near_said.add(level)
        for name in LEVEL_EVENTS:
            self.report(name, events[name], tick, out)

    def transition(self, state: str, level: int, p: int) -> tuple[Optional[str], str]:
        h = self.rearm.scaled(level)
        over = (p - level) * W >= h                              # p >= L + h
        under = (level - p) * W >= h                             # p <= L - h
        if state == BELOW and p >= level:
            return "reached", ABOVE if over else AT_UP
        if state == AT_UP and over:
            return "cleared", ABOVE
        if state == AT_UP and under:
            return "rejected", BELOW
        if state == ABOVE and p < level:
            return "lost", BELOW if under else AT_DOWN
        if state == AT_DOWN and under:
            return "broken", BELOW
        if state == AT_DOWN and over:
            return "regained", ABOVE
        return None, state

    def wanted(self, event: str) -> bool:
        return self.directions == "both" or (event in UPWARD) == (self.directions == "up")

    def first_ever(self, level: int) -> bool:
        view, today = self.instrument.view, self.instrument.session_high
        highest = max(value for value in (view.highest, today, 0) if value is not None)
        return self.kind == "milestone" and view.seeded and level > highest

    def report(self, event: str, levels: list[int], tick: Tick, out: Output) -> None:
        """One alert for all levels with this event on this tick."""
        if not self.wanted(event):
            return
        kept = []
        for level in levels:
            time_before = self.emitted[level, event][0] if (level, event) in self.emitted else None
            cooling = event != "near" and time_before is not None and tick.time - time_before < self.cooldown
            if not cooling or (event == "reached" and self.first_ever(level)):
                kept.append(level)
        if not kept:
            return
        first_ever = event == "reached" and self.first_ever(max(kept))
        if event in ("reached", "lost"):
            severity, gap = "high", tick.after_gap or len(kept) > 1
        else:
            severity, gap = "low", tick.after_gap
        self.emit(event, kept, "critical" if first_ever else severity, tick, gap, out, first_ever)

    def emit(self, event: str, levels: list[int], severity: str, tick: Tick, gap: bool, out: Output, first_ever: bool,
             first_close_ever: Optional[bool] = None) -> None:
        ordered = sorted(levels, reverse=DIRECTION[event] == "down")
        headline = ordered[-1]
        extra: dict[str, Any] = {"level": show(headline), "levels": [show(level) for level in ordered]}
        if self.kind == "milestone":
            extra["first_ever"] = first_ever
            if first_close_ever is not None:
                extra["first_close_ever"] = first_close_ever
        parent = self.emitted.get((headline, PARENT_EVENT.get(event, "")), (0, None))[1]
        number = out.emit(self, event, severity, DIRECTION[event], tick, gap, headline, extra, parent)
        for level in ordered:
            self.emitted[level, event] = (tick.time, number)
            if event in ("reached", "lost") and self.once.get(level, False):
                self.gone.add(level)
                self.states.pop(level, None)

    def on_day_end(self, close: Tick, out: Output) -> None:
        view = self.instrument.view
        if not self.close or view.previous_close is None:
            return
        q, c = view.previous_close, close.price
        event = "closed_above" if c > q else "closed_below"
        levels = self.levels_in(min(q, c), max(q, c))
        if levels and self.wanted(event):
            first = None
            if event == "closed_above":
                first = view.seeded and max(levels) > view.highest_close
            self.emit(event, levels, "high", close, False, out, False, first)


# ---------------------------------------------------------------------------------------------------------------
# Moves (section 7)

class Window:
    def __init__(self, length: int, threshold: Amount, slack: int) -> None:
        self.length, self.threshold, self.slack = length, threshold, slack
        self.forget()

    def forget(self) -> None:
        self.new_segment()
        self.emitted: dict[str, int] = {}                # direction -> time of the last emitted event
        self.last_number: Optional[int] = None           # sequence number of the last emitted event

    def new_segment(self) -> None:
        self.samples: deque[tuple[int, int]] = deque()
        self.anchor: Optional[tuple[int, int]] = None
        self.active = ""                                 # "" is IDLE, else "up" or "down"
        self.e = self.E = self.origin = 0

    def step(self, t: int, p: int) -> Optional[tuple[str, str]]:
        """One tick; returns event and direction, if any."""
        self.samples.append((t, p))
        while self.samples[0][0] <= t - self.length:
            self.anchor = self.samples.popleft()         # ends as the last tick at or before t - W
        prices = [price for _, price in self.samples]
        if self.anchor is not None and t - self.anchor[0] <= self.length + self.slack:
            prices.append(self.anchor[1])
        lowest, highest = min(prices), max(prices)
        up, down = p - lowest, highest - p
        up_threshold, down_threshold = self.threshold.scaled(lowest), self.threshold.scaled(highest)

        if self.active == "":
            rises, falls = up * W >= up_threshold, down * W >= down_threshold
            if not rises and not falls:
                return None
            self.active = "up" if rises and (not falls or up >= down) else "down"
            self.e = self.E = p
            self.origin = lowest if self.active == "up" else highest
            return "move", self.active
        if 2 * up * W < up_threshold and 2 * down * W < down_threshold:
            self.active = ""
            return None
        sign = 1 if self.active == "up" else -1
        if sign * (p - self.e) * W >= self.threshold.scaled(self.e):
            self.e = self.E = p
            return "extended", self.active
        if sign * (self.E - p) * W >= self.threshold.scaled(self.E):
            self.active = "down" if self.active == "up" else "up"
            self.origin = self.E
            self.e = self.E = p
            return "reversal", self.active
        self.E = max(self.E, p) if self.active == "up" else min(self.E, p)
        return None


class MoveRule:
    kind = "move"

    def __init__(self, instrument: "Instrument", table: dict[str, Any]) -> None:
        self.id, self.instrument = table["id"], instrument
        what = f"rule {self.id}"
        if Decimal(str(table.get("min_z", 0))) != 0:
            raise ConfigError(f"{what}: min_z above 0 is not part of this model")
        slack = 15 * SECOND if instrument.calendar == "tse" else 30 * SECOND
        self.windows = []
        for entry in table.get("windows", []):
            threshold = config_amount(entry, "threshold", None, what)
            if threshold is None:
                raise ConfigError(f"{what}: a window without threshold")
            self.windows.append(Window(config_duration(entry.get("window"), what + ".window"), threshold, slack))
        self.windows.sort(key=lambda window: window.length)      # a stable sort: equal lengths stay in config order
        self.segment: Optional[tuple[Any, ...]] = None

    def forget(self) -> None:
        self.segment = None
        for window in self.windows:
            window.forget()

    def new_session(self, tick: Tick) -> None:
        """Moves know segments, not sessions."""

    def on_day_end(self, close: Tick, out: Output) -> None:
        """Nor day ends."""

    def on_tick(self, tick: Tick, out: Output) -> None:
        if tick.segment != self.segment:
            self.segment = tick.segment
            for window in self.windows:
                window.new_segment()
        for window in self.windows:
            result = window.step(tick.time, tick.price)
            if result is None:
                continue
            event, direction = result
            if any(tick.time - other.emitted[direction] < MINUTE for other in self.windows
                   if other is not window and direction in other.emitted):
                continue                                         # merged into the other window's event
            # Reading: the parent is the last emitted event of the window even if that one is of an earlier segment
            # (possible when the move that began this episode was merged away).
            parent = None if event == "move" else window.last_number
            window.last_number = out.emit(
                self, event, "critical" if event == "extended" else "high", direction, tick, tick.after_gap, window.length,
                {"window_ms": window.length // 10**6, "change": show(tick.price - window.origin),
                 "reference": show(window.origin), "threshold": show(window.threshold.floor(window.origin))}, parent)
            window.emitted[direction] = tick.time


# ---------------------------------------------------------------------------------------------------------------
# Instruments: integrity (section 2) and what a tick does (section 8)

@dataclass
class Suspicion:
    """A quarantine in progress: the frozen window of the suspect and the ticks held since."""
    base: int                    # subtracted from every price
    n: int
    S: int
    spread_squared: int          # n*Q - S^2, that is (n*s)^2
    g: int
    distance: int                # n*p - S of the suspect, with its sign
    held: list[tuple[Row, Moment]] = field(default_factory=list)
    supporters: int = 0


class Instrument:
    def __init__(self, name: str, table: dict[str, Any]) -> None:
        self.name = name
        self.calendar = table.get("calendar")
        if self.calendar not in ("tse", "fx", "always"):
            raise ConfigError(f"instrument {name}: calendar {self.calendar!r} is not tse, fx or always")
        if "pip" not in table and "tick" not in table:
            raise ConfigError(f"instrument {name}: tick is missing")
        what = "instrument " + name
        self.pip = config_price(table["pip"], what) if "pip" in table else 10 * config_price(table["tick"], what)
        self.filter = bool(table.get("filter", True))
        self.gap_after = config_duration(table["gap_after"], what) if "gap_after" in table else None
        self.import_history({})
        self.records: list[Any] = []
        self.levels: list[Any] = []
        self.moves: list[Any] = []
        self.counts: Counter[str] = Counter()
        self.forget()

    def import_history(self, days: dict[date, Day]) -> None:
        self.history = dict(sorted(days.items()))
        self.history_dates = list(self.history)

    def rules(self) -> list[Any]:
        return self.records + self.levels + self.moves

    def forget(self) -> None:
        """The state before any row: everything but the imported history, the settings and the counts."""
        self.recent: deque[Row] = deque(maxlen=64)       # rows that passed the duplicate check
        self.newest: Optional[int] = None                # time of the newest tick accepted or held
        self.last_seq: dict[Any, int] = {}
        self.hole = False                                # a sequence hole since the last tick given to the detectors
        self.cold_run: deque[Optional[int]] = deque(maxlen=3)   # prices of slips and implausible rows, None for others
        self.spreads: deque[int] = deque(maxlen=60)
        self.segment: Optional[tuple[Any, ...]] = None   # of the neighbour window
        self.window: deque[int] = deque(maxlen=24 if self.calendar == "tse" else 60)
        self.suspicion: Optional[Suspicion] = None
        self.accepted = 0
        self.last: Optional[Tick] = None                 # last accepted
        self.tick_days: dict[date, Day] = {}             # dates with accepted ticks, in order
        self.view: Any = None                            # of the current session
        self.session_high: Optional[int] = None          # of the session's earlier ticks
        self.session_low: Optional[int] = None
        self.closing: Optional[Tick] = None              # the tick a day end would report
        for rule in self.rules():
            rule.forget()

    # -- section 2, steps 1 to 5 --

    def on_row(self, row: Row, out: Output) -> None:
        outcome = self.judge(row, out)
        if outcome is not None:                          # None: the quarantine counts by itself, once it has decided
            self.counts[outcome] += 1

    def judge(self, row: Row, out: Output) -> Optional[str]:
        if self.is_duplicate(row):
            return "duplicate"
        self.recent.append(row)
        if self.newest is not None and row.time < self.newest:
            return "late"
        self.note_sequence(row)
        moment = moment_of(self.calendar, row.time)
        if moment is None:
            return "closed"
        reason = self.hard_rules(row, moment)
        self.cold_run.append(row.price if reason in ("decimal_slip", "implausible") else None)
        if reason is not None:
            if not self.proves_cold_start(moment):
                return reason
            # The row becomes the very first one; what it had to say about sequence holes is forgotten as well.
            self.forget()
            self.recent.append(row)
            self.note_sequence(row)
            self.segment = moment.segment
            self.accept(row, moment, out)
            return "restarted"                           # Reading: counted so, and not as accepted as well
        self.quarantine(row, moment, out)
        return None

    def is_duplicate(self, row: Row) -> bool:
        for old in self.recent:
            if row.seq is not None:
                if old.seq is not None and (row.source, row.seq) == (old.source, old.seq):
                    return True
            elif (row.time, row.price, row.bid, row.ask) == (old.time, old.price, old.bid, old.ask):
                return True
        return False

    def note_sequence(self, row: Row) -> None:
        if row.seq is not None:
            if row.source in self.last_seq and row.seq > 1 + self.last_seq[row.source]:
                self.hole = True
            self.last_seq[row.source] = row.seq

    def previous_close(self, today: date) -> Optional[int]:
        """As View.previous_close, for the date of a row that has not been accepted yet."""
        visible = bisect.bisect_left(self.history_dates, today)
        newest = self.history[self.history_dates[visible - 1]] if visible else None
        for day in reversed(self.tick_days.values()):
            if day.date < today:
                if newest is None or day.date >= newest.date:    # of one date, the last accepted tick wins
                    newest = day
                break
        return newest.close if newest is not None and (today - newest.date).days <= 14 else None

    def median_spread(self) -> int:
        return sorted(self.spreads)[(len(self.spreads) - 1) // 2] if self.spreads else 0

    def hard_rules(self, row: Row, moment: Moment) -> Optional[str]:
        p = row.price
        if any(value is not None and value <= 0 for value in (p, row.bid, row.ask)):
            return "not_positive"
        if row.bid is not None and row.ask is not None:
            if row.bid > row.ask:
                return "crossed"
            if self.calendar == "fx" and row.ask - row.bid > max(50 * self.pip, 20 * self.median_spread()):
                return "wide_spread"
        previous_close = self.previous_close(moment.date) if self.last is None or self.calendar == "tse" else None
        reference = self.last.price if self.last is not None else previous_close
        if reference is not None:
            # |p - r*f| <= 2 % of r*f, with f = up/under
            for up, under in ((10, 1), (100, 1), (1, 10), (1, 100)):
                if abs(under * p - up * reference) * 100 <= 2 * up * reference:
                    return "decimal_slip"
        if self.calendar == "tse":
            if previous_close is not None and abs(p - previous_close) * 100 > 25 * previous_close:
                return "implausible"
        elif self.calendar == "fx":
            if self.last is not None and self.last.date == moment.date and abs(p - self.last.price) * 100 > 8 * self.last.price:
                return "implausible"
        elif self.last is not None and row.time - self.last.time <= 14 * DAY:       # Reading: 14 times 24 hours
            if abs(p - self.last.price) * 100 > 25 * self.last.price:
                return "implausible"
        return None

    def proves_cold_start(self, moment: Moment) -> bool:
        # Reading: the missing previous close and the count of accepted ticks are looked at on the third row.
        run = list(self.cold_run)
        if len(run) < 3 or None in run or self.accepted >= 10 or self.previous_close(moment.date) is not None:
            return False
        return all(abs(price - run[0]) * 100 <= 2 * run[0] for price in run)

    # -- section 2.1 --

    def quarantine(self, row: Row, moment: Moment, out: Output) -> None:
        # Reading: a new segment begins with the first row that gets past the hard rules.
        if moment.segment != self.segment:
            self.segment = moment.segment
            self.window.clear()
            self.drop_held("unconfirmed")
        self.newest = row.time if self.newest is None else max(self.newest, row.time)
        if not self.filter:
            self.count_and_accept(row, moment, out)
        elif self.suspicion is not None:
            self.decide(self.suspicion, row, moment, out)
        else:
            found = None if moment.close else self.suspect(row, moment)
            if found is None:
                self.count_and_accept(row, moment, out)
            else:
                found.held.append((row, moment))
                self.suspicion = found

    def suspect(self, row: Row, moment: Moment) -> Optional[Suspicion]:
        if 2 * len(self.window) < self.window.maxlen or self.last is None:
            return None
        base = self.last.price
        cut = len(self.window) // 10
        kept = [price - base for price in sorted(self.window)[cut:len(self.window) - cut]]
        n, S, Q = len(kept), sum(kept), sum(price * price for price in kept)
        if self.calendar == "fx":
            g = 3 * self.pip + self.median_spread()
        else:
            g = base * 15 // 10_000
        if moment.opening:
            g *= 4
        found = Suspicion(base, n, S, n * Q - S * S, g, n * (row.price - base) - S)
        return found if self.outside(found, found.distance) else None

    def outside(self, suspicion: Suspicion, distance: int) -> bool:
        """|p - m| > c*s + g, for distance = n*p - S."""
        c = 6 if self.calendar == "tse" else 8
        A = abs(distance) - suspicion.n * suspicion.g
        return A > 0 and A * A > c * c * suspicion.spread_squared

    def decide(self, suspicion: Suspicion, row: Row, moment: Moment, out: Output) -> None:
        distance = suspicion.n * (row.price - suspicion.base) - suspicion.S
        same_side = (distance > 0) == (suspicion.distance > 0) and distance != 0
        if same_side and 2 * abs(distance) >= abs(suspicion.distance):
            suspicion.supporters += 1
            suspicion.held.append((row, moment))
            enough = 1 if self.calendar == "tse" else 2
            if moment.close or suspicion.supporters >= enough or len(suspicion.held) >= 33:
                self.confirm(out)
        elif moment.close or not self.outside(suspicion, distance):
            self.drop_held("outlier")
            self.count_and_accept(row, moment, out)
        else:                                            # neutral
            suspicion.held.append((row, moment))
            if len(suspicion.held) >= 33:
                self.confirm(out)

    def confirm(self, out: Output) -> None:
        held, self.suspicion = self.suspicion.held, None
        self.window.clear()
        for row, moment in held:
            self.count_and_accept(row, moment, out)

    def drop_held(self, reason: str) -> None:
        if self.suspicion is not None:
            self.counts[reason] += len(self.suspicion.held)
            self.suspicion = None

    # -- an accepted tick --

    def count_and_accept(self, row: Row, moment: Moment, out: Output) -> None:
        self.counts["accepted"] += 1
        self.accept(row, moment, out)

    def accept(self, row: Row, moment: Moment, out: Output) -> None:
        self.accepted += 1
        self.newest = row.time if self.newest is None else max(self.newest, row.time)
        self.window.append(row.price)
        if row.bid is not None and row.ask is not None:
            self.spreads.append(row.ask - row.bid)
        self.detect(row, moment, out)

    def detect(self, row: Row, moment: Moment, out: Output) -> None:
        new_session = self.view is None or moment.date != self.view.date
        if new_session:
            self.end_day(out)
            self.view = View(moment.date, self.calendar, self.history, self.tick_days)
            self.session_high = self.session_low = self.closing = None
        after_gap = self.hole
        if self.last is None:
            previous = self.view.previous_close
        else:
            previous = self.last.price
            silent = row.time - self.last.time
            if self.gap_after is not None and self.last.segment == moment.segment and silent > self.gap_after:
                after_gap = True
        self.hole = False
        tick = Tick(row.time, row.price, moment.date, moment.segment, previous, after_gap)
        for rule in self.rules():
            if new_session:
                rule.new_session(tick)
            rule.on_tick(tick, out)

        self.last = tick
        p = tick.price
        self.session_high = p if self.session_high is None else max(self.session_high, p)
        self.session_low = p if self.session_low is None else min(self.session_low, p)
        self.tick_days[tick.date] = Day(tick.date, self.session_high, self.session_low, p)
        if self.calendar != "tse" or moment.close:
            self.closing = tick

    def end_day(self, out: Output) -> None:
        """The session ends, with its close events if it has a closing tick."""
        if self.closing is not None:
            for rule in self.rules():
                rule.on_day_end(self.closing, out)
        self.closing = None

    def end_of_input(self, out: Output) -> None:
        self.drop_held("unconfirmed")
        if self.calendar == "tse":
            self.end_day(out)


# ---------------------------------------------------------------------------------------------------------------
# The whole

DEFAULT_INSTRUMENTS = {"NI225": {"tick": "0.01", "calendar": "tse"},
                       "USDJPY": {"tick": "0.001", "pip": "0.01", "calendar": "fx"}}


class Model:
    def __init__(self, config: dict[str, Any], folder: Path = Path(".")) -> None:
        tables = config.get("instrument", {})
        # Reading: a shipped instrument that is configured in part keeps its other settings; in "config order" the
        # shipped ones that the configuration does not name come last.
        names = list(tables) + [name for name in DEFAULT_INSTRUMENTS if name not in tables]
        self.instruments = {name: Instrument(name, DEFAULT_INSTRUMENTS.get(name, {}) | tables.get(name, {}))
                            for name in names}
        for table in config.get("rule", []):
            if table.get("kind") not in ("milestone", "level", "record", "move"):
                continue
            if table.get("instrument") not in self.instruments:
                raise ConfigError(f"rule {table.get('id')}: unknown instrument {table.get('instrument')!r}")
            instrument = self.instruments[table["instrument"]]
            if table["kind"] == "record":
                instrument.records.append(RecordRule(instrument, table))
            elif table["kind"] == "move":
                instrument.moves.append(MoveRule(instrument, table))
            else:
                instrument.levels.append(LevelRule(instrument, table, folder))
        self.out = Output()

    def feed(self, symbol: str, row: Row) -> None:
        self.instruments[symbol].on_row(row, self.out)

    def finish(self) -> list[dict[str, Any]]:
        # Reading: the held ticks of all instruments are dropped, which says nothing, and the sessions end in order.
        for instrument in self.instruments.values():
            instrument.end_of_input(self.out)
        return self.out.alerts


def split_argument(text: str) -> tuple[str, str]:
    symbol, equals, path = text.partition("=")
    if not equals or not symbol or not path:
        raise ConfigError(f"{text!r} is not SYMBOL=FILE")
    return symbol, path


def backtest(arguments: argparse.Namespace) -> None:
    with open(arguments.config, "rb") as file:
        text = file.read().decode()
    try:
        model = Model(tomllib.loads(text, parse_float=Decimal), Path(arguments.config).parent)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{arguments.config}: {error}") from error
    for argument in arguments.history:
        symbol, path = split_argument(argument)
        if symbol not in model.instruments:
            raise ConfigError(f"history {argument!r}: unknown instrument")
        instrument = model.instruments[symbol]
        instrument.import_history(instrument.history | read_history(path, arguments.lenient))
    files = []
    for index, argument in enumerate(arguments.sources):
        symbol, path = split_argument(argument)
        if symbol not in model.instruments:
            raise ConfigError(f"source {argument!r}: unknown instrument")
        rows, bad = read_source(path, symbol, index, arguments.lenient)
        model.instruments[symbol].counts["bad"] += bad
        files.append((symbol, rows))
    for symbol, row in merged(files):
        model.feed(symbol, row)
    alerts = model.finish()
    with open(arguments.alerts, "w", encoding="utf-8") as out:
        for alert in alerts:
            out.write(json.dumps(alert, separators=(",", ":")) + "\n")
    for name in dict.fromkeys(symbol for symbol, _ in files):
        counts = model.instruments[name].counts
        print(name, *(f"{outcome}={counts[outcome]}" for outcome in OUTCOMES), file=sys.stderr)


# ---------------------------------------------------------------------------------------------------------------
# Self-check: the examples of the rules

def utc(text: str) -> int:
    moment = datetime.fromisoformat(text) - EPOCH
    return (moment.days * 86_400 + moment.seconds) * SECOND + moment.microseconds * 1000


def run_text(config: str, ticks: list[tuple[Any, ...]], history: Optional[dict[date, Day]] = None) -> tuple[Any, Counter[str]]:
    """Runs ticks (time, price) or (time, bid, ask) of the one instrument that the rules name."""
    parsed = tomllib.loads(config, parse_float=Decimal)
    symbol = parsed["rule"][0]["instrument"]
    model = Model(parsed)
    model.instruments[symbol].import_history(history or {})
    for time, *cells in ticks:
        values = [parse_decimal(cell) for cell in cells]
        model.feed(symbol, Row(time, values[0]) if len(values) == 1 else Row(time, sum(values) // 2, *values))
    return model.finish(), model.instruments[symbol].counts


def selfcheck() -> None:
    def expect(what: str, got: Any, wanted: Any) -> None:
        if got != wanted:
            raise SystemExit(f"selfcheck: {what}\n  got    {got}\n  wanted {wanted}")

    def stamped(day: str, ticks: list[tuple[str, str]], hours: int = 9) -> list[tuple[int, str]]:
        return [(utc(f"{day} {time}") - hours * 60 * MINUTE, price) for time, price in ticks]

    for text, value in (("57000", 57000 * UNIT), (" 1.0000000005 ", UNIT + 1), ("-1.0000000005", -UNIT - 1), ("1e-9", 1),
                        ("4e-10", 0), ("1.5e+3", 1500 * UNIT), ("nan", None), ("", None), ("1.", None), ("1e30", None)):
        expect(f"parse {text!r}", parse_decimal(text), value)
    expect("show", [show(v) for v in (157123500000, -250000000, 57000 * UNIT, 0)], ["157.1235", "-0.25", "57000", "0"])
    closed = lambda year: [f"{d.month}/{d.day}" for d in (date(year, 1, 1) + timedelta(days=i) for i in range(365))
                           if tse_closed_day(d) and d.weekday() < 5]
    expect("2026", closed(2026), "1/1 1/2 1/12 2/11 2/23 3/20 4/29 5/4 5/5 5/6 7/20 8/11 9/21 9/22 9/23 10/12 11/3 11/23 "
                                    "12/31".split())
    expect("2027", closed(2027), "1/1 1/11 2/11 2/23 3/22 4/29 5/3 5/4 5/5 7/19 8/11 9/20 9/23 10/11 11/3 11/23 "
                                    "12/31".split())
    expect("fx Friday", fx_moment(utc("2026-02-06 22:00:00")), None)
    expect("fx Sunday", fx_moment(utc("2026-03-08 21:00:00")).date, date(2026, 3, 9))       # summer time has begun
    expect("fx Sunday, winter", fx_moment(utc("2026-03-01 21:59:59")), None)
    expect("tse close", [tse_moment(utc(t) - 9 * 60 * MINUTE) is not None for t in
                         ("2024-11-01 15:09:59", "2024-11-01 15:10:00", "2024-11-05 15:39:59", "2024-11-05 15:40:00",
                          "2024-11-05 11:34:59", "2024-11-05 11:35:00")], [True, False] * 3)

    # Section 2.1: quarantine, fx, flat at 150.000 with a spread of 0.002.
    start = utc("2026-02-10 12:00:00")
    flat = [(start + i * SECOND, "149.999", "150.001") for i in range(40)]
    quote = lambda second, mid: (start + second * SECOND, show(parse_decimal(mid) - 10**6), show(parse_decimal(mid) + 10**6))
    rule = '[[rule]]\nid = "m"\nkind = "milestone"\ninstrument = "USDJPY"\nstep = "1"\n'
    cases = ((["153.000", "153.001", "153.002"], {"accepted": 43}, ["reached"]),
             (["153.000", "150.001"], {"accepted": 41, "outlier": 1}, []),
             (["150.032"], {"accepted": 41}, []), (["150.033"], {"accepted": 40, "unconfirmed": 1}, []))
    for mids, counts, events in cases:
        alerts, got = run_text(rule, flat + [quote(50 + i, mid) for i, mid in enumerate(mids)])
        expect(f"quarantine {mids}", (dict(got), [a["event"] for a in alerts]), (counts, events))
        if events:
            expect("held time", (alerts[0]["ts_event_ns"], alerts[0]["levels"]),
                   (start + 50 * SECOND, ["151", "152", "153"]))
    # The closing print decides at once: 57,990 supports, 57,400 is neutral and rejects the held 58,000.
    nikkei = rule.replace("USDJPY", "NI225").replace('"1"', '"1000"')
    before = [(f"15:28:{i:02d}", "57010") for i in range(20)] + [("15:29:55", "58000")]
    for print_, counts in (("57990", {"accepted": 22}), ("57400", {"accepted": 21, "outlier": 1})):
        _, got = run_text(nikkei, stamped("2026-02-10", before + [("15:30:00", print_)]))
        expect(f"closing print {print_}", dict(got), counts)
    # A cold start: the first tick was wrong by 10 %.
    prices = ["165", "150", "150.1", "150.2", "150.3"]
    alerts, got = run_text(rule, [(start + i * SECOND, price) for i, price in enumerate(prices)])
    expect("cold start", dict(got), {"accepted": 2, "implausible": 2, "restarted": 1})

    # Section 5: records.
    rule = ('[[rule]]\nid = "r"\nkind = "record"\ninstrument = "USDJPY"\nhorizons = ["session"]\nstep = "0.20"\nmin_gap = "60s"\n')
    ticks = stamped("2026-02-10", [("09:00:00", "150.00"), ("09:00:30", "150.15"), ("09:00:59", "150.20"), ("09:01:00", "150.21"),
                                   ("09:01:30", "150.41"), ("09:02:00", "150.42")])
    alerts, _ = run_text(rule, ticks)
    expect("record", [(a["price"], a["severity"], a["record_before"], a["margin"], a["episode"]) for a in alerts],
           [("150.21", "info", "150.2", "0.01", 1), ("150.42", "info", "150.41", "0.01", 2)])

    # Section 6: milestones.
    rule = '[[rule]]\nid = "m"\nkind = "milestone"\ninstrument = "NI225"\nstep = "1000"\nrearm = "58"\ncooldown = "10m"\n'
    ticks = stamped("2026-02-12", [("10:00:00", "57990"), ("10:00:05", "58004.72"), ("10:00:10", "57950"), ("10:00:15", "57942"),
                                   ("10:00:20", "58058"), ("10:00:25", "57999.99"), ("10:00:30", "57942"), ("10:10:05", "58000")])
    alerts, _ = run_text(rule, ticks)
    expect("milestone", [(a["event"], a["price"], a["direction"], a.get("parent_seq"), a["episode"]) for a in alerts],
           [("reached", "58004.72", "up", None, 1), ("rejected", "57942", "down", 1, 1), ("lost", "57999.99", "down", None, 1),
            ("broken", "57942", "down", 3, 1), ("reached", "58000", "up", None, 2)])
    day = lambda text, high, close: {date.fromisoformat(text): Day(date.fromisoformat(text), high * UNIT, close * UNIT, close * UNIT)}
    ticks = stamped("2026-02-12", [("09:00:00", "58100"), ("15:30:00", "58010")])
    alerts, _ = run_text(rule + "close = true\n", ticks, day("2026-02-10", 57960, 57650) | day("2026-02-12", 99999, 99999))
    expect("first ever", [(a["event"], a["severity"], a["first_ever"], a.get("first_close_ever"), a["previous"]) for a in alerts],
           [("reached", "critical", True, None, "57650"), ("closed_above", "high", False, True, "58100")])

    # Section 7: moves.
    rule = '[[rule]]\nid = "v"\nkind = "move"\ninstrument = "USDJPY"\nwindows = [ { window = "60s", threshold = "0.25" } ]\n'
    at = lambda pairs: [(start + t * SECOND, p) for t, p in pairs]
    alerts, _ = run_text(rule, at([(0, "150.00"), (20, "149.80"), (25, "149.75"), (30, "149.60"), (35, "149.50"), (40, "149.40"),
                                   (50, "149.65")]))
    expect("move", [(a["event"], a["direction"], a["change"], a["reference"], a["severity"], a.get("parent_seq")) for a in alerts],
           [("move", "down", "-0.25", "150", "high", None), ("extended", "down", "-0.5", "150", "critical", 1),
            ("reversal", "up", "0.25", "149.4", "high", 2)])
    for seconds, events in ((80, ["move"]), (90, ["move"]), (91, [])):
        alerts, _ = run_text(rule, at([(0, "150.00"), (seconds, "150.30")]))
        expect(f"anchor {seconds}", [a["event"] for a in alerts], events)
    print("selfcheck: ok")


def main() -> int:
    parser = argparse.ArgumentParser(description="The slow and obvious model of the backtest.")
    parser.add_argument("--config")
    parser.add_argument("--history", action="append", default=[], metavar="SYMBOL=DAILY.csv")
    parser.add_argument("--lenient", action="store_true")
    parser.add_argument("--alerts", metavar="OUT.jsonl")
    parser.add_argument("--selfcheck", action="store_true")
    parser.add_argument("sources", nargs="*", metavar="SYMBOL=FILE")
    arguments = parser.parse_args()
    if arguments.selfcheck:
        selfcheck()
        return 0
    if not arguments.config or not arguments.alerts or not arguments.sources:
        parser.error("--config, --alerts and at least one SYMBOL=FILE are needed")
    try:
        backtest(arguments)
    except (ConfigError, DataError, OSError) as error:
        print(f"reference_model: {error}", file=sys.stderr)
        return 3 if isinstance(error, DataError) else 2
    return 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""Draws the pictures of docs/detectors.md: what the detectors say about the bundled, synthetic scenario.

    docs/make-pictures.py [--out DIR] [YAGURA]   the program; by default the release build, else the dev build

The same program gives the same bytes; a test draws them anew and compares. To add a picture, add an
entry to PICTURES: a rule, a stretch of time, and what to draw of an alert besides its marker."""

import csv
import dataclasses
import datetime
import json
import os
import pathlib
import subprocess
import sys
import tempfile

DOCS = pathlib.Path(__file__).resolve().parent
ROOT = DOCS.parent
SCENARIO = ROOT / "config/scenarios/2026-02-rally.toml"
HISTORY = ROOT / "config/scenarios/2026-02-rally-history.csv"
JST = datetime.timezone(datetime.timedelta(hours=9))

NIKKEI = """
[instrument.NI225]
name = "Nikkei 225"
tick = "0.01"
calendar = "tse"
"""
YEN = """
[instrument.USDJPY]
name = "USD/JPY"
tick = "0.001"
pip = "0.01"
calendar = "fx"
"""


@dataclasses.dataclass
class Picture:
    name: str
    title: str
    config: str  # one instrument and one rule
    symbol: str
    start: str  # local time
    end: str
    y_step: float  # between two labels of the price axis
    decimals: int
    extras: tuple = ()  # functions of Drawing that draw beneath the markers
    label: object = lambda alert: alert["event"].replace("_", " ")
    against: str = ""  # another instrument the rule hears
    silent: tuple = ()  # local times between which the feed is taken away


def number(text):
    return f"{float(text):,.0f}" if float(text) == int(float(text)) else f"{float(text):,}"


def level_label(alert):
    return f"{alert['event']} {number(alert['level'])}"


def move_label(alert):
    window = f" in {alert['window_ms'] // 60_000} min" if alert["event"] == "move" else ""
    return f"{alert['event']} {float(alert['change']):+.2f}{window}"


def record_label(alert):
    if alert["evidence"]["count_today"] > 1:
        return f"no. {alert['evidence']['count_today']}"
    names = {"all_time": "all-time", "52w": "52-week", "ytd": "year-to-date", "week": "weekly", "session": "session"}
    return f"{names.get(alert['horizons'][0], alert['horizons'][0])} high"


def score_label(alert):
    return f"{alert['event']} {alert['score']}"


def period_label(alert):
    return f"{float(alert['level_pct']):+.0f} % this year"


def drift_label(alert):
    return f"{float(alert['change']):+.2f}"


def stale_label(alert):
    return f"{alert['event']} {alert['silence_ms'] / 1000:.0f} s"


def divergence_label(alert):
    if alert["event"] == "diverged":
        return f"{alert['change_pct']:+.2f} %, model {round(alert['model_pct'], 2) + 0.0:+.2f} %"
    return alert["event"]


def escaped(text):
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


class Drawing:
    """A price line with its axes, in a coordinate system of time and price."""

    WIDTH, HEIGHT = 860, 380
    LEFT, RIGHT, TOP, BOTTOM = 70, 30, 40, 58
    STYLE = """
    .page { fill: #ffffff } .ink { fill: #24292f } .faint { fill: #57606a } .grid { stroke: #d8dee4 }
    .price { stroke: #0550ae; fill: none; stroke-width: 1.3; stroke-linejoin: round }
    .level { stroke: #8250df; stroke-dasharray: 6 4 } .best { stroke: #8250df; fill: none; stroke-dasharray: 3 3 }
    .window { fill: #8250df; fill-opacity: .10; stroke: #8250df; stroke-opacity: .5 }
    .critical { fill: #cf222e } .high { fill: #bc4c00 } .low { fill: #57606a } .info { fill: #57606a }
    text { font: 12px system-ui, sans-serif } .title { font-weight: 600; font-size: 14px }
    @media (prefers-color-scheme: dark) {
      .page { fill: #0d1117 } .ink { fill: #e6edf3 } .faint { fill: #9198a1 } .grid { stroke: #30363d }
      .price { stroke: #79c0ff } .level, .best { stroke: #d2a8ff } .window { fill: #d2a8ff; stroke: #d2a8ff }
      .critical { fill: #ff7b72 } .high { fill: #f0a24f } .low, .info { fill: #9198a1 }
    }"""

    def __init__(self, picture, ticks, alerts):
        self.picture = picture
        self.first, self.last = (nanoseconds(t) for t in (picture.start, picture.end))
        ticks = list(ticks)
        self.best_before = max((p for t, p in ticks if t < self.first), default=None)
        self.ticks = [(t, p) for t, p in ticks if self.first <= t <= self.last]
        self.alerts = [a for a in alerts if self.first <= a["ts_event_ns"] <= self.last]
        step = picture.y_step
        self.low = min(p for _, p in self.ticks) // step * step
        self.high = -(-max(p for _, p in self.ticks) // step) * step
        self.shapes = []
        self.taken = []  # rectangles of words

    def x(self, t):
        return self.LEFT + (t - self.first) / (self.last - self.first) * (self.WIDTH - self.LEFT - self.RIGHT)

    def y(self, price):
        return self.TOP + (self.high - price) / (self.high - self.low) * (self.HEIGHT - self.TOP - self.BOTTOM)

    def add(self, shape):
        self.shapes.append("  " + shape)

    def text(self, x, y, words, kind="ink", anchor="start", extra=""):
        self.add(f'<text class="{kind}{extra}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escaped(words)}</text>')

    def axes(self):
        step, right, bottom = self.picture.y_step, self.WIDTH - self.RIGHT, self.HEIGHT - self.BOTTOM
        for i in range(round((self.high - self.low) / step) + 1):
            price = self.low + i * step
            self.add(f'<line class="grid" x1="{self.LEFT}" x2="{right}" y1="{self.y(price):.1f}" y2="{self.y(price):.1f}"/>')
            self.text(self.LEFT - 8, self.y(price) + 4, f"{price:,.{self.picture.decimals}f}", "faint", "end")
        minutes = (self.last - self.first) // 60_000_000_000
        every = next(m for m in (1, 2, 5, 10, 15, 30, 60, 120) if minutes / m <= 12) * 60_000_000_000
        t = -(-self.first // every) * every
        while t <= self.last:
            self.add(f'<line class="grid" x1="{self.x(t):.1f}" x2="{self.x(t):.1f}" y1="{bottom}" y2="{bottom + 5}"/>')
            self.text(self.x(t), bottom + 19, local(t).strftime("%H:%M"), "faint", "middle")
            t += every

    def price_line(self):
        """The first, lowest, highest and last tick of each column; a pause breaks the line."""
        columns, pause = {}, 300 * 10**9
        for t, price in self.ticks:
            columns.setdefault(int(self.x(t) * 0.8), []).append((t, price))
        path, before = [], None
        for _, column in sorted(columns.items()):
            points = {column[0], column[-1], min(column, key=lambda c: c[1]), max(column, key=lambda c: c[1])}
            for t, price in sorted(points):
                path.append(f"{'M' if before is None or t - before > pause else 'L'}{self.x(t):.1f} {self.y(price):.1f}")
                before = t
                self.taken.append((self.x(t) - 1, self.y(price) - 1, self.x(t) + 1, self.y(price) + 1))
        self.add(f'<path class="price" d="{"".join(path)}"/>')

    def levels(self):
        for level in sorted({float(level) for a in self.alerts for level in a["levels"]}):
            self.add(f'<line class="level" x1="{self.LEFT}" x2="{self.WIDTH - self.RIGHT}" y1="{self.y(level):.1f}" y2="{self.y(level):.1f}"/>')

    def record_so_far(self):
        best = self.best_before or self.ticks[0][1]
        path = [f"M{self.LEFT} {self.y(best):.1f}"]
        for t, price in self.ticks:
            if price > best:
                path.append(f"H{self.x(t):.1f}V{self.y(price):.1f}")
                best = price
        path.append(f"H{self.WIDTH - self.RIGHT}")
        thin = [p for i, p in enumerate(path) if i == 0 or i == len(path) - 1 or p != path[i - 1]]
        self.add(f'<path class="best" d="{"".join(thin)}"/>')

    def windows(self):
        """From where a move was measured to where it was said."""
        for alert in self.alerts:
            since = alert["evidence"]["reference_ts_ns"]
            if alert["event"] == "extended" or since < self.first:
                continue
            x, (top, bottom) = self.x(since), sorted((self.y(float(alert["reference"])), self.y(float(alert["price"]))))
            self.add(f'<rect class="window" x="{x:.1f}" y="{top:.1f}" width="{self.x(alert["ts_event_ns"]) - x:.1f}" height="{bottom - top:.1f}"/>')

    def markers(self):
        places = [(self.x(a["ts_event_ns"]), self.y(float(a["price"])), a) for a in self.alerts]
        for x, y, alert in places:
            side = -1 if alert["direction"] == "up" else 1
            tip = y - side * 2  # points the way of the price, its foot away from it
            self.add(f'<path class="{alert["severity"]}" d="M{x:.1f} {tip:.1f}l-5 {side * -10}h10z"/>')
            self.taken.append((x - 6, y - 6, x + 6, y + 6))
        for x, y, alert in places:
            self.label(x, y, self.picture.label(alert), alert["severity"], alert["direction"] == "up")

    def label(self, x, y, words, kind, up):
        """Beside the marker, where there is room; else the marker stands for itself."""
        width = 6.6 * len(words)
        middle, right, left = x - width / 2, x + 10, x - width - 10
        away, towards = (-12, 22) if up else (22, -12)
        for at, dy in ((middle, away), (right, 4), (left, 4), (left, away), (right, towards), (right, away), (left, towards), (middle, towards)):
            box = at, y + dy - 10, at + width, y + dy + 2
            inside = box[0] >= self.LEFT and box[2] <= self.WIDTH - self.RIGHT and box[1] >= self.TOP - 8 and box[3] <= self.HEIGHT - self.BOTTOM
            free = all(box[2] < t[0] or box[0] > t[2] or box[3] < t[1] or box[1] > t[3] for t in self.taken)
            if inside and free:
                self.taken.append(box)
                return self.text(at, y + dy, words, kind)

    def legend(self):
        y = self.HEIGHT - 14
        self.text(self.LEFT, y, f"Tokyo time, {local(self.first):%Y-%m-%d}. Synthetic prices.", "faint")
        x = self.WIDTH - self.RIGHT
        for kind in reversed([k for k in ("critical", "high", "low", "info") if any(a["severity"] == k for a in self.alerts)]):
            x -= 7 * len(kind) + 22
            self.add(f'<path class="{kind}" d="M{x} {y}l5 -10l5 10z"/>')
            self.text(x + 15, y, kind, "faint")

    def svg(self):
        self.add(f'<rect class="page" width="{self.WIDTH}" height="{self.HEIGHT}"/>')
        self.text(self.LEFT, 22, self.picture.title, "ink", extra=" title")
        self.axes()
        for extra in self.picture.extras:
            extra(self)
        self.price_line()
        self.markers()
        self.legend()
        head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.WIDTH} {self.HEIGHT}" role="img">\n'
        return f"{head}  <title>{escaped(self.picture.title)}</title>\n  <style>{self.STYLE}\n  </style>\n" + "\n".join(self.shapes) + "\n</svg>\n"


PICTURES = [
    Picture(
        "milestone", "Milestones of the Nikkei 225: every 1,000 points, rearm_pct = 0.10",
        NIKKEI + '[[rule]]\nid = "m"\nkind = "milestone"\ninstrument = "NI225"\nstep = "1000"\nrearm_pct = 0.10\n',
        "NI225", "2026-02-09 09:00", "2026-02-09 15:40", 500, 0, (Drawing.levels,), level_label,
    ),
    Picture(
        "record", "New highs of the Nikkei 225: of all that break the dashed mark, these speak (step_pct = 0.20)",
        NIKKEI + '[[rule]]\nid = "r"\nkind = "record"\ninstrument = "NI225"\nhorizons = ["all_time", "52w", "ytd", "week", "session"]\n'
        'sides = "high"\nstep_pct = 0.20\nmin_gap = "60s"\n',
        "NI225", "2026-02-10 09:00", "2026-02-10 14:00", 200, 0, (Drawing.record_so_far,), record_label,
    ),
    Picture(
        "move", "Sharp moves of USD/JPY: 25 pips in a minute, 50 in five; shaded: what was measured",
        YEN + '[[rule]]\nid = "v"\nkind = "move"\ninstrument = "USDJPY"\nwindows = [\n  { window = "60s", threshold = "0.25" },\n'
        '  { window = "5m", threshold = "0.50" },\n]\n',
        "USDJPY", "2026-02-11 22:28", "2026-02-11 22:48", 0.5, 1, (Drawing.windows,), move_label,
    ),
    Picture(
        "cusum", "Steps of USD/JPY in one direction that add up (k = 0.5, h = 12), each counted from the last",
        YEN + '[[rule]]\nid = "c"\nkind = "cusum"\ninstrument = "USDJPY"\n',
        "USDJPY", "2026-02-11 22:28", "2026-02-11 22:44", 0.5, 1, (), drift_label,
    ),
    Picture(
        "intervention", "The intervention watch on the same minutes: points, never a claim",
        YEN + '[[rule]]\nid = "i"\nkind = "intervention"\ninstrument = "USDJPY"\nzones = [152, 160]\n',
        "USDJPY", "2026-02-11 22:28", "2026-02-11 23:10", 1, 0, (), score_label,
    ),
    Picture(
        "period", "Percent since the last close of 2025, every 1 % (50,339.48)",
        NIKKEI + '[[rule]]\nid = "p"\nkind = "period"\ninstrument = "NI225"\nsince = "ytd"\nstep_pct = 1\nrearm_pct = 0.25\n',
        "NI225", "2026-02-10 09:00", "2026-02-10 15:40", 500, 0, (), period_label,
    ),
    Picture(
        "divergence", "The Nikkei 225 against USD/JPY (z = 2 here; the two are drawn independently in this scenario)",
        NIKKEI + YEN + '[[rule]]\nid = "d"\nkind = "divergence"\ninstrument = "NI225"\nagainst = "USDJPY"\nz = 2\n'
        'min_own_pct = 0.2\nmin_other_pct = 0.2\ncoupling_z = 0\njoint_z = 0\n',
        "NI225", "2026-02-10 09:45", "2026-02-10 14:00", 500, 0, (), divergence_label, against="USDJPY",
    ),
    Picture(
        "stale", "A feed that stops for two minutes at 13:10",
        NIKKEI + '[[rule]]\nid = "s"\nkind = "stale"\ninstrument = "NI225"\n',
        "NI225", "2026-02-12 13:05", "2026-02-12 13:17", 100, 0, (), stale_label,
        silent=("2026-02-12 13:10", "2026-02-12 13:12"),
    ),
]  # fmt: skip


def nanoseconds(text):
    return int(datetime.datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=JST).timestamp()) * 10**9


def local(ns):
    return datetime.datetime.fromtimestamp(ns // 10**9, JST)


def read_ticks(file, symbol):
    with open(file, newline="") as rows:
        for row in csv.DictReader(rows):
            if row["symbol"] == symbol:
                price = float(row["price"]) if row["price"] else (float(row["bid"]) + float(row["ask"])) / 2
                yield int(row["ts_ns"]), price


def without(file, silent, out):
    first, last = (nanoseconds(t) for t in silent)
    with open(file) as rows, open(out, "w") as kept:
        kept.write(rows.readline())
        kept.writelines(row for row in rows if not first <= int(row.split(",", 1)[0]) < last)
    return out


def draw_all(yagura, out):
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        env = {**os.environ, "YAGURA_STATE_DIR": str(folder / "state")}

        def run(*arguments):
            subprocess.run([yagura, *map(str, arguments)], env=env, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)

        ticks, config, alerts = folder / "ticks.csv", folder / "picture.toml", folder / "alerts.jsonl"
        run("simulate", "--scenario", SCENARIO, "--out", ticks)
        run("import", "--instrument", "NI225", HISTORY)
        for picture in PICTURES:
            config.write_text(picture.config)
            source = without(ticks, picture.silent, folder / "cut.csv") if picture.silent else ticks
            others = [f"{picture.against}={source}"] if picture.against else []
            run("backtest", "--config", config, "--alerts", alerts, f"{picture.symbol}={source}", *others)
            said = [json.loads(line) for line in alerts.read_text().splitlines()]
            drawing = Drawing(picture, read_ticks(source, picture.symbol), said)
            (out / f"{picture.name}.svg").write_text(drawing.svg())


def main(arguments):
    out = DOCS / "pictures"
    if arguments[:1] == ["--out"]:
        out, arguments = pathlib.Path(arguments[1]), arguments[2:]
    builds = [pathlib.Path(a) for a in arguments] or [ROOT / f"build/{name}/yagura" for name in ("release", "dev")]
    yagura = next((path.resolve() for path in builds if os.access(path, os.X_OK)), None)
    if yagura is None:
        sys.exit("make-pictures: no yagura: build it, or name it")
    out.mkdir(parents=True, exist_ok=True)
    draw_all(yagura, out)


if __name__ == "__main__":
    main(sys.argv[1:])

"""`yagura backtest` as a tool: the summary against an independent count, configurations side by side,
options that do not go together, and progress on a terminal."""

import csv
import json
import os
import pty
import re
import subprocess
import threading
import time
import unittest

from cli_test import BAD_DATA, DONE, USAGE, CliTest, tick_csv
from support import ROOT, binary

CONFIG = ROOT / "config/yagura.toml"
HOUR = 3600 * 10**9
QUARTER = HOUR // 4
SCALE = 10**9


def raw(text):
    """A price in 1e-9 units, exactly."""
    sign = -1 if text.startswith("-") else 1
    whole, _, fraction = text.lstrip("-").partition(".")
    return sign * (int(whole) * SCALE + int(fraction.ljust(9, "0") or 0))


class Rally(CliTest):
    """The bundled scenario as a file, every tick of which is accepted."""

    def setUp(self):
        super().setUp()
        self.ticks = self.dir / "rally.csv"
        self.succeeded(self.run_yagura("simulate", "--out", self.ticks))
        self.sources = [f"NI225={self.ticks}", f"USDJPY={self.ticks}"]

    def backtest(self, *arguments, **options):
        return self.run_yagura("backtest", *arguments, *self.sources, **options)

    def variant(self, name, *changes):
        """The shipped configuration with some text replaced."""
        text = CONFIG.read_text()
        for old, new in changes:
            self.assertIn(old, text)
            text = text.replace(old, new)
        return self.write(name, text)


def prices_by_symbol(path):
    series = {}
    with open(path, newline="") as file:
        for row in csv.DictReader(file):
            if row["price"]:
                price = raw(row["price"])
            else:
                price = (raw(row["bid"]) + raw(row["ask"])) // 2
            series.setdefault(row["symbol"], []).append((int(row["ts_ns"]), price))
    return series


def is_reversed(alert, rearm, later):
    """The definition of docs/backtest.md, slow and obvious. `rearm`: the band in 1e-9 units, or None."""
    start, up = alert["ts_event_ns"], alert["direction"] == "up"
    side = 1 if up else -1
    if alert["kind"] == "move":
        end, reference = start + alert["window_ms"] * 10**6, raw(alert["reference"])
        return any((price - reference) * side <= 0 for ts, price in later if ts <= end)
    level = raw(alert["level"])
    cleared = (raw(alert["price"]) - level) * side >= rearm
    for ts, price in later:
        if ts > start + QUARTER:
            return False
        if (price - level) * side <= -rearm:
            return True
        if cleared and (price < level if up else price >= level):
            return True
        cleared = cleared or (price - level) * side >= rearm
    return False


class SummaryTest(Rally):
    def summary(self):
        files = self.dir / "alerts.jsonl", self.dir / "summary.json"
        self.succeeded(self.backtest("--alerts", files[0], "--summary-json", files[1]))
        alerts = [json.loads(line) for line in files[0].read_text().splitlines()]
        return alerts, json.loads(files[1].read_text())

    def test_every_figure_agrees_with_a_slow_count_of_the_alerts(self):
        alerts, summary = self.summary()
        self.assertEqual(summary["v"], 1)
        rules = summary["configs"][0]["rules"]
        self.assertEqual(sum(rule["alerts"] for rule in rules), len(alerts))
        self.assertGreater(len(alerts), 100)
        for rule in rules:
            mine = [alert for alert in alerts if alert["rule"] == rule["rule"]]
            with self.subTest(rule["rule"]):
                self.assertEqual(rule["alerts"], len(mine))
                if not mine:
                    self.assertNotIn("largest", rule)
                    continue
                days = {}
                for alert in mine:
                    days[alert["trading_date"]] = days.get(alert["trading_date"], 0) + 1
                self.assertEqual(rule["days_with_alerts"], len(days))
                busiest = min(days, key=lambda day: (-days[day], day))
                self.assertEqual(rule["busiest_day"], {"trading_date": busiest, "alerts": days[busiest]})
                events = {}
                for alert in mine:
                    key = alert["event"], alert["severity"]
                    events[key] = events.get(key, 0) + 1
                self.assertEqual({(e["event"], e["severity"]): e["alerts"] for e in rule["by_event"]}, events)
                times = [alert["ts_event_ns"] for alert in mine]
                hours = {t: sum(t <= other < t + HOUR for other in times) for t in times}
                worst = min(hours, key=lambda t: (-hours[t], t))
                self.assertEqual(rule["worst_hour"], {"from_ns": worst, "alerts": hours[worst]})
                high = sum(alert["severity"] in ("high", "critical") for alert in mine)
                self.assertAlmostEqual(rule["per_day"], len(mine) / rule["trading_days"], 4)
                self.assertAlmostEqual(rule["high_per_week"], high * 5 / rule["trading_days"], 4)
                order = ("info", "low", "high", "critical")
                if rule["kind"] == "move":
                    self.assertEqual(rule["largest"], max(mine, key=lambda alert: abs(raw(alert["change"]))))
                else:
                    self.assertEqual(rule["largest"], max(mine, key=lambda alert: order.index(alert["severity"])))

    def test_reversals_agree_with_a_slow_look_at_the_ticks(self):
        alerts, summary = self.summary()
        series = prices_by_symbol(self.ticks)
        bands = {"nikkei-milestone": lambda level: -(-level // 1000), "yen-milestone": lambda level: raw("0.10")}
        self.assertIn("rearm_pct = 0.10", CONFIG.read_text())
        self.assertIn('rearm = "0.10"', CONFIG.read_text())
        found = {}
        for alert in alerts:
            if alert["event"] not in ("reached", "lost", "move", "extended", "reversal"):
                continue
            ticks = series[alert["instrument"]]
            own = next(i for i, (ts, price) in enumerate(ticks) if (ts, price) == (alert["ts_event_ns"], raw(alert["price"])))
            band = bands[alert["rule"]](raw(alert["level"])) if "level" in alert else None
            judged, reversed_ = found.get(alert["rule"], (0, 0))
            found[alert["rule"]] = judged + 1, reversed_ + is_reversed(alert, band, ticks[own + 1 :])
        got = {r["rule"]: (r["judged"], r["reversed"]) for r in summary["configs"][0]["rules"] if r["judged"]}
        self.assertEqual(got, found)
        self.assertGreater(sum(count for _, count in found.values()), 5)

    def test_the_table_fits_a_page_and_says_when_and_what(self):
        outcome = self.backtest("--summary", "--alerts", self.dir / "a.jsonl")
        self.succeeded(outcome)
        for line in outcome.out.splitlines():
            self.assertLessEqual(len(line), 100, line)
            self.assertEqual(line, line.rstrip())
        self.assertRegex(outcome.out, r"(?m)^rule +alerts +per day +high/week +busiest day +worst hour +reversed$")
        self.assertRegex(outcome.out, r"(?m)^  worst hour +from 2026-02-11 22:32:21 JST: 4 alerts$")
        self.assertRegex(outcome.out, r"(?m)^  largest +2026-02-11 22:39:49 JST  USD/JPY extended its fall")
        self.assertRegex(outcome.out, r"times the usual size of 5 min at this hour; threshold\s+0.70 yen\s+\(70 pips\) in 5 min")
        self.assertNotIn("\x1b", outcome.out + outcome.err)

    def test_json_on_standard_output_keeps_it_to_itself(self):
        outcome = self.backtest("--summary-json", "-")
        self.succeeded(outcome)
        self.assertEqual(json.loads(outcome.out)["ticks"], 121_966)
        for arguments in (["--json"], ["--alerts", "-"]):
            outcome = self.backtest("--summary", *arguments)
            self.succeeded(outcome)
            self.assertEqual({json.loads(line)["v"] for line in outcome.out.splitlines()}, {1})
            self.assertIn("\nyen-move", outcome.err)

    def test_heads_are_bold_on_a_terminal_unless_colour_is_unwanted(self):
        for env, bold in (({}, True), ({"NO_COLOR": "1"}, False)):
            with self.subTest(env):
                seen = self.on_terminal("--summary", "--alerts", self.dir / "a.jsonl", **env)
                self.assertIn(b"worst hour", seen)
                self.assertEqual(b"\x1b[1mrule" in seen, bold, seen[:200])
                self.assertEqual(b"\x1b" in seen, bold)

    def on_terminal(self, *arguments, **env):
        """Standard output of a backtest that is a terminal."""
        master, slave = pty.openpty()
        process = subprocess.Popen(
            [binary(), "backtest", *arguments, *self.sources], cwd=ROOT,
            stdin=subprocess.DEVNULL, stdout=slave, stderr=subprocess.DEVNULL, env={**self.env, "TERM": "xterm", **env},
        )  # fmt: skip
        os.close(slave)
        seen = b""
        try:
            while chunk := os.read(master, 65536):
                seen += chunk
        except OSError:
            pass  # the terminal is gone with its last user
        os.close(master)
        self.assertEqual(process.wait(10), DONE, seen)
        return seen

    def test_the_summary_costs_no_alert(self):
        outputs = []
        for arguments in ([], ["--summary"]):
            file = self.dir / "alerts.jsonl"
            self.succeeded(self.backtest("--alerts", file, *arguments))
            outputs.append(file.read_bytes())
        self.assertEqual(*outputs)


class ComparisonTest(Rally):
    def test_each_configuration_gives_what_it_gives_alone(self):
        other = self.variant("calm.toml", ('rearm = "0.10"', 'rearm = "0.30"'))
        both, alone = self.dir / "both.json", self.dir / "alone.json"
        out = self.dir / "alerts.jsonl"
        self.succeeded(self.backtest("--config", CONFIG, "--config", other, "--summary-json", both, "--alerts", out))
        reports = json.loads(both.read_text())["configs"]
        self.assertEqual([report["label"] for report in reports], ["yagura", "calm"])
        for config, report in zip((CONFIG, other), reports):
            single = self.dir / "single.jsonl"
            self.succeeded(self.backtest("--config", config, "--summary-json", alone, "--alerts", single))
            self.assertEqual(json.loads(alone.read_text())["configs"][0]["rules"], report["rules"])
            self.assertEqual((self.dir / f"alerts.{report['label']}.jsonl").read_bytes(), single.read_bytes())

    def test_differences_are_marked_and_the_same_is_not(self):
        other = self.variant("calm.toml", ('rearm = "0.10"', 'rearm = "0.30"'), ('id = "yen-record"', 'id = "yen-highs"'))
        outcome = self.backtest("--config", CONFIG, "--config", other)
        self.succeeded(outcome)
        self.assertRegex(outcome.out, r"(?m)^yagura = .*/yagura\.toml$")
        self.assertRegex(outcome.out, r"(?m)^calm = .*/calm\.toml$")
        self.assertRegex(outcome.out, r"(?m)^yen-milestone\n  yagura +54 .*\n\* calm +\d+ .*  -\d+$")
        self.assertRegex(outcome.out, r"(?m)^nikkei-record\n  yagura +(\d+ .*)\n  calm +\1$")
        self.assertRegex(outcome.out, r"(?m)^yen-record\n  yagura .*\n  calm +no such rule$")
        self.assertRegex(outcome.out, r"(?m)^yen-highs\n  yagura +no such rule\n\* calm .* new$")
        self.assertLessEqual(max(map(len, outcome.out.splitlines())), 100)

    def test_configurations_of_one_name_are_numbered(self):
        first, second = self.variant("a/desk.toml"), self.variant("b/desk.toml")
        outcome = self.backtest("--config", first, "--config", second)
        self.succeeded(outcome)
        self.assertIn(f"desk = {first}\ndesk-2 = {second}\n", outcome.out)

    def test_a_name_cannot_command_the_terminal(self):
        odd = self.variant("a\x1b[31mb.toml")
        outcome = self.backtest("--config", CONFIG, "--config", odd, "--summary")
        self.succeeded(outcome)
        self.assertNotIn("\x1b", outcome.out + outcome.err)

    def test_instruments_may_stand_in_another_order(self):
        text = CONFIG.read_text()
        start, end = text.index("[instrument.NI225]"), text.index("[instrument.USDJPY]")
        after = text.index("# ---- Where ticks come from")
        other = self.write("swapped.toml", text[:start] + text[end:after] + text[start:end] + text[after:])
        outcome = self.backtest("--config", CONFIG, "--config", other)
        self.succeeded(outcome)
        self.assertNotIn("\n* swapped", outcome.out)


class DocumentationTest(Rally):
    def test_its_output_is_true(self):
        text = (ROOT / "docs/backtest.md").read_text()
        now, calm = self.write("now.toml", re.search(r"```toml\n(.*?)```", text, re.S)[1]), self.dir / "calm.toml"
        calm.write_text(now.read_text().replace('rearm = "0.10"', 'rearm = "0.25"').replace('threshold = "0.25"', 'threshold = "0.40"'))
        source = f"USDJPY={self.ticks}"
        summary = self.run_yagura("backtest", "--config", now, "--summary", "--alerts", self.dir / "alerts.jsonl", source)
        comparison = self.run_yagura("backtest", "--config", now, "--config", calm, source)
        for outcome in (summary, comparison):
            self.succeeded(outcome)
            self.assertIn("```\n" + outcome.out.replace(f"{self.dir}/", "") + "```\n", text)


class RefusalTest(CliTest):
    def setUp(self):
        super().setUp()
        self.source = f"NI225={self.write('t.csv', tick_csv(50))}"

    def backtest(self, *arguments):
        return self.run_yagura("backtest", *arguments, self.source)

    def test_options_that_do_not_go_together_are_named(self):
        two = ["--config", CONFIG, "--config", CONFIG]
        for arguments, named in (
            ([*two, "--alerts", "-"], ("--alerts -", "one configuration")),
            ([*two, "--json"], ("--json", "one configuration")),
            (["--summary-json", "-", "--summary"], ("--summary-json -", "--summary")),
            (["--summary-json", "-", "--json"], ("--summary-json -", "alerts")),
            (["--summary-json", "-", "--alerts", "-"], ("--summary-json -", "alerts")),
            (["--summary-json", self.dir / "x", "--alerts", self.dir / "x"], ("--summary-json", "--alerts")),
            ([*two, "--summary-json", self.dir / "x.yagura-2.y", "--alerts", self.dir / "x.y"], ("--summary-json", "--alerts")),
        ):
            with self.subTest(arguments):
                self.refused(self.backtest(*arguments), USAGE, *named)

    def test_an_unwritable_summary_is_named(self):
        missing = self.dir / "absent" / "s.json"
        self.refused(self.backtest("--summary-json", missing), USAGE, missing, "--summary-json")
        outcome = self.backtest("--summary-json", "/dev/full", "--alerts", self.dir / "a.jsonl")
        self.assertEqual(outcome.code, 1, outcome)
        self.assertIn("/dev/full: writing failed", outcome.err)

    def test_the_second_configuration_is_checked_like_the_first(self):
        absent = self.dir / "absent.toml"
        self.refused(self.backtest("--config", CONFIG, "--config", absent), USAGE, absent)
        broken = self.write("broken.toml", "[instrument.NI225]\ntikc = 1\n")
        self.refused(self.backtest("--config", CONFIG, "--config", broken), USAGE, broken, "tikc")

    def test_an_instrument_that_one_does_not_watch_is_named(self):
        self.source = f"BTC={self.write('t.csv', tick_csv(50))}"
        coin = self.config(name="coin.toml")
        self.refused(self.backtest("--config", coin, "--config", CONFIG), USAGE, "BTC=", CONFIG, "[instrument.BTC]")

    def test_a_path_in_front_of_sources_is_not_taken_for_a_configuration(self):
        self.succeeded(self.backtest("--config", CONFIG))

    def test_feeds_that_call_a_symbol_differently_cannot_be_compared(self):
        one, other = self.config(name="one.toml"), self.dir / "other.toml"
        other.write_text(one.read_text().replace("instrument.BTC", "instrument.XBT").replace('"BTC"', '"XBT"').replace("BTC =", "XBT =").replace('= "XBT" }', '= "BTC" }'))
        self.refused(self.backtest("--config", one, "--config", other), USAGE, other, "feed desk", "XBT", "BTC")

    def test_bad_data_is_bad_data_for_all(self):
        self.source = f"NI225={self.write('bad.csv', 'ts_ms,price' + chr(10) + 'x,1' + chr(10))}"
        self.refused(self.backtest("--config", CONFIG, "--config", CONFIG), BAD_DATA, "bad.csv")


class ProgressTest(CliTest):
    """Reading from a pipe that the test fills lasts as long as the test wants."""

    def run_on(self, stderr, enough, **env):
        """Runs a backtest of a pipe that is fed until `enough()`; the exit code."""
        pipe = self.dir / "ticks.csv"
        os.mkfifo(pipe)
        process = subprocess.Popen(
            [binary(), "backtest", "--alerts", self.dir / "a.jsonl", f"NI225={pipe}"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=stderr, env={**self.env, **env},
        )  # fmt: skip
        self.addCleanup(process.kill)
        rows = "".join(f"1770595200{i % 1000:03},55000.5\n" for i in range(5000))
        deadline = time.monotonic() + 30
        with open(pipe, "w") as feed:
            feed.write("ts_ms,price\n")
            while not enough() and time.monotonic() < deadline:
                feed.write(rows)
        return process.wait(30)

    def test_a_terminal_sees_it_come_and_go(self):
        for env in ({}, {"NO_COLOR": "1"}):
            with self.subTest(env):
                master, slave = pty.openpty()
                seen = bytearray()

                def gather():
                    try:
                        while chunk := os.read(master, 65536):
                            seen.extend(chunk)
                    except OSError:
                        pass  # the terminal is gone with its last user

                reader = threading.Thread(target=gather)
                reader.start()
                code = self.run_on(slave, lambda: b"ticks/s" in seen, **env)
                os.close(slave)
                reader.join(10)
                os.close(master)
                (self.dir / "ticks.csv").unlink()
                self.assertEqual(code, DONE, bytes(seen))
                self.assertRegex(bytes(seen), rb"\rreading ticks\.csv  .*ticks/s")
                self.assertRegex(bytes(seen), rb"\r +\r")  # wiped
                self.assertNotIn(b"\x1b", seen)
                last = bytes(seen).replace(b"\r\n", b"\n").splitlines()[-1]
                self.assertRegex(last, rb"alerts? from [\d,]+ ticks in")

    def test_a_file_never_sees_it(self):
        log = self.dir / "log"
        start = time.monotonic()
        with open(log, "wb") as stderr:
            self.assertEqual(self.run_on(stderr, lambda: time.monotonic() > start + 1.0), DONE)
        self.assertNotIn(b"ticks/s", log.read_bytes())
        self.assertNotIn(b"\r", log.read_bytes())


if __name__ == "__main__":
    unittest.main()

"""The command line as people and scripts meet it: exit codes, one-line errors, signals, damage.

Exit codes: 0 done, 1 failed while running, 2 wrong usage or bad configuration, 3 bad input data."""

import gzip
import json
import os
import pathlib
import random
import re
import signal
import socket
import sqlite3
import subprocess
import threading
import time
import unittest

from support import BINARY, HOST, AcceptanceTest, WebSocket, binary, eventually, native_tick

DONE, FAILED, USAGE, BAD_DATA = 0, 1, 2, 3
COMMANDS = ("run", "replay", "record", "backtest", "decode", "simulate", "import", "check", "version")
VENDORS = ("native", "gmo", "yahoo", "deriv", "hyperliquid", "kabu", "kraken", "pyth")
READ_ONLY = ("tradingview", "ctrader", "saxo", "ig", "fcsapi", "databento")  # decoded, neither connected nor imitated
START_MS = 1_770_595_200_000  # 2026-02-09 09:00 in Tokyo

# What a person should never see: the inside of a library.
INSIDES = re.compile(r"std::|terminate called|what\(\)|basic_string|bad_alloc|[Ee]xception|asio\.|core dumped|assert", re.ASCII)
CONTROL = re.compile(rb"[\x00-\x08\x0b-\x1f\x7f]")

CONFIG = """
[instrument.BTC]
calendar = "always"
filter = false

[[feed]]
name = "desk"
vendor = "native"
url = "{url}"
symbols = {{ BTC = "BTC" }}

[[rule]]
id = "{rule}"
kind = "milestone"
instrument = "BTC"
step = "1000"

[journal]
snapshot_every = "50ms"
"""

FIVE_MISTAKES = """
[instrument.NI225]
tikc = "0.01"

[[feed]]
name = "desk"
vendor = "reuters"
symbols = { NI225 = "^N225" }

[[rule]]
id = "milestones"
kind = "milestone"
instrument = "NI225"
step = "-1000"

[pipeline]
workers = 100

[console]
enabled = "yes"
"""


def tick_csv(rows=200, first=55_000, bad=()):
    lines = ["ts_ms,price"]
    lines += [f"{START_MS + i * 1000},{first + i}.5" for i in range(rows)]
    return "\n".join([*lines, *bad]) + "\n"


def whole_lines(path):
    """The lines of a file that somebody is still writing, without the one that is not finished."""
    return path.read_bytes().split(b"\n")[:-1]


class CliTest(AcceptanceTest):
    def config(self, url="ws://127.0.0.1:1", rule="round-numbers", name="yagura.toml"):
        return self.write(name, CONFIG.format(url=url, rule=rule))

    def refused(self, outcome, code, *fragments):
        """`outcome` is exit `code`, nothing on stdout and one plain line on stderr that says `fragments`."""
        self.assertEqual(outcome.code, code, outcome)
        self.assertEqual(outcome.raw_out, b"", outcome)
        self.assertEqual(len(outcome.err.splitlines()), 1, outcome)
        self.assertTrue(outcome.err.startswith("yagura: ") and outcome.err.endswith("\n"), outcome)
        self.assertLess(len(outcome.err), 400, outcome)
        self.assertNotRegex(outcome.err, INSIDES, str(outcome))
        self.assertIsNone(CONTROL.search(outcome.raw_err), f"control characters: {outcome.raw_err!r}")
        for fragment in fragments:
            self.assertIn(str(fragment), outcome.err, str(outcome))

    def succeeded(self, outcome):
        self.assertEqual(outcome.code, DONE, outcome)
        self.assertNotRegex(outcome.err, INSIDES, str(outcome))


class UsageTest(CliTest):
    def test_no_command_points_to_the_help(self):
        self.refused(self.run_yagura(), USAGE, "--help")

    def test_an_unknown_command_is_named(self):
        self.refused(self.run_yagura("frobnicate"), USAGE, "frobnicate")

    def test_an_unknown_flag_is_named(self):
        self.refused(self.run_yagura("run", "--frobnicate"), USAGE, "--frobnicate")

    def test_a_surplus_argument_is_named(self):
        self.refused(self.run_yagura("check", "surplus"), USAGE, "surplus")

    def test_a_missing_argument_is_named(self):
        self.refused(self.run_yagura("backtest"), USAGE, "SOURCE")
        self.refused(self.run_yagura("decode"), USAGE, "--vendor")
        self.refused(self.run_yagura("import", "--instrument", "NI225"), USAGE, "DAILY")
        self.refused(self.run_yagura("simulate"), USAGE, "--out")
        self.refused(self.run_yagura("check", "--config"), USAGE, "--config")

    def test_flags_that_exclude_each_other_are_both_named(self):
        self.refused(self.run_yagura("run", "--demo", "--plain", "--json"), USAGE, "--plain", "--json")

    def test_a_bad_duration_is_shown_with_a_good_one(self):
        for value in ("tomorrow", "10", "0s", "-5s", "99999999999999d"):
            with self.subTest(value):
                self.refused(self.run_yagura("run", "--demo", "--for", value), USAGE, "--for", value, "90s")

    def test_a_bad_replay_speed_is_shown_with_good_ones(self):
        source = "NI225=" + str(self.write("ticks.csv", tick_csv()))
        for value in ("fast", "0", "-1", "nan", "inf"):
            with self.subTest(value):
                self.refused(self.run_yagura("replay", "--speed", value, source), USAGE, "--speed", value, "max")

    def test_a_bad_demo_speed_is_named(self):
        for value in ("fast", "0", "-1", "nan", "inf"):
            with self.subTest(value):
                outcome = self.run_yagura("run", "--demo", "--console", "off", "--for", "1s", "--speed", value)
                self.refused(outcome, USAGE, "--speed", value)

    def test_a_demo_setting_without_the_demo_is_refused(self):
        self.refused(self.run_yagura("run", "--speed", "2"), USAGE, "--speed", "--demo")

    def test_a_bad_seed_is_named(self):
        for value in ("many", "-1", "1.5"):
            with self.subTest(value):
                outcome = self.run_yagura("simulate", "--out", self.dir / "out.csv", "--seed", value)
                self.refused(outcome, USAGE, "--seed", value)

    def test_an_unknown_vendor_gets_the_list_of_vendors(self):
        source = "NI225=" + str(self.write("ticks.csv", tick_csv()))
        self.refused(self.run_yagura("decode", "--vendor", "reuters"), USAGE, "reuters", *VENDORS, *READ_ONLY)
        self.refused(self.run_yagura("replay", "--as", "reuters", source), USAGE, "reuters", *VENDORS)

    def test_an_unusable_listen_address_is_wrong_usage(self):
        source = "NI225=" + str(self.write("ticks.csv", tick_csv()))
        config = self.config()
        for address in ("nonsense", "127.0.0.1", "127.0.0.1:99999", "127.0.0.1:http"):
            with self.subTest(address):
                self.refused(self.run_yagura("replay", "--listen", address, source), USAGE, "--listen", address)
                outcome = self.run_yagura("run", "--config", config, "--for", "1s", "--console", address)
                self.refused(outcome, USAGE, "--console", address, "ADDR")

    def test_a_console_off_loopback_without_a_token_is_wrong_usage(self):
        outcome = self.run_yagura("run", "--config", self.config(), "--for", "1s", "--console", "0.0.0.0:0")
        self.refused(outcome, USAGE, "0.0.0.0:0", "token")


class HelpTest(CliTest):
    def test_every_command_explains_itself(self):
        overview = self.run_yagura("--help").out
        commands = re.findall(r"(?m)^ *([a-z]+) {2,}[A-Z]", overview[overview.index("Subcommands:") :])
        self.assertLessEqual(set(COMMANDS), set(commands), overview)
        for command in commands:
            with self.subTest(command):
                outcome = self.run_yagura(command, "--help")
                self.succeeded(outcome)
                self.assertIn(f"yagura {command}", outcome.out)
                self.assertEqual(outcome.err, "")
                self.assertNotIn("\x1b", outcome.out)

    def test_version_names_program_and_version(self):
        for arguments in (["version"], ["--version"]):
            with self.subTest(arguments):
                outcome = self.run_yagura(*arguments)
                self.succeeded(outcome)
                self.assertRegex(outcome.out, r"^yagura \d+\.\d+\.\d+")


class InputTest(CliTest):
    def backtest(self, *sources, **options):
        return self.run_yagura("backtest", *sources, **options)

    def test_a_missing_file_is_wrong_usage(self):
        path = self.dir / "absent.csv"
        self.refused(self.backtest(f"NI225={path}"), USAGE, path, "no such file")
        self.refused(self.run_yagura("replay", "--listen", f"{HOST}:0", f"NI225={path}"), USAGE, path)
        self.refused(self.run_yagura("import", "--instrument", "NI225", path), USAGE, path)
        self.refused(self.run_yagura("backtest", self.dir / "absent.ycap"), USAGE, "absent.ycap", "no such file")
        self.refused(self.run_yagura("simulate", "--scenario", self.dir / "absent.toml", "--out", self.dir / "o.csv"), USAGE, "absent.toml")

    def test_a_directory_is_no_file(self):
        self.refused(self.backtest(f"NI225={self.dir}"), USAGE, self.dir, "is a directory")
        self.refused(self.run_yagura("import", "--instrument", "NI225", self.dir), USAGE, self.dir, "is a directory")
        self.refused(self.run_yagura("check", "--config", self.dir), USAGE, self.dir, "is a directory")
        self.refused(self.run_yagura("simulate", "--scenario", self.dir, "--out", self.dir / "o.csv"), USAGE, self.dir, "directory")

    def test_a_source_without_a_symbol_gets_an_example(self):
        path = self.write("ticks.csv", tick_csv())
        self.refused(self.backtest(path), USAGE, "SYMBOL=FILE")

    def test_an_unknown_symbol_gets_the_known_ones(self):
        path = self.write("ticks.csv", tick_csv())
        self.refused(self.backtest(f"DAX={path}"), USAGE, "DAX", "NI225", "USDJPY")
        self.refused(self.run_yagura("import", "--instrument", "DAX", path), USAGE, "DAX")

    def test_an_empty_csv_lacks_its_header(self):
        path = self.write("empty.csv", "")
        self.refused(self.backtest(f"NI225={path}"), BAD_DATA, path, "header")

    def test_a_header_alone_is_no_ticks(self):
        outcome = self.backtest(f"NI225={self.write('header.csv', 'ts_ms,price')}")
        self.succeeded(outcome)
        self.assertEqual(outcome.out, "")
        self.assertIn("0 alerts from 0 ticks", outcome.err)

    def test_a_header_without_prices_says_which_columns_are_needed(self):
        path = self.write("volume.csv", "ts_ms,volume\n1,2\n")
        self.refused(self.backtest(f"NI225={path}"), BAD_DATA, path, "price", "bid and ask")

    def test_daily_rows_are_no_ticks(self):
        path = self.write("daily.csv", "date,open,high,low,close\n2026-02-06,1,3,1,2\n")
        self.refused(self.backtest(f"NI225={path}"), BAD_DATA, path, "daily", "yagura import")

    def test_a_damaged_gzip_file_is_bad_data(self):
        packed = bytearray(gzip.compress(tick_csv().encode()))
        packed[len(packed) // 3 : len(packed) // 3 + 16] = b"\xff" * 16
        path = self.write("broken.csv.gz", bytes(packed))
        self.refused(self.backtest(f"NI225={path}"), BAD_DATA, path, "gzip", "damaged")

    def test_a_cut_gzip_file_is_bad_data(self):
        packed = gzip.compress(tick_csv().encode())
        path = self.write("cut.csv.gz", packed[: len(packed) // 2])
        self.refused(self.backtest(f"NI225={path}"), BAD_DATA, path, "gzip", "ends early")

    def test_a_whole_gzip_file_reads_like_the_plain_one(self):
        plain = self.backtest(f"NI225={self.write('t.csv', tick_csv())}", "--json")
        packed = self.backtest(f"NI225={self.write('t.csv.gz', gzip.compress(tick_csv().encode()))}", "--json")
        self.succeeded(packed)
        self.assertEqual(packed.raw_out, plain.raw_out)

    def test_binary_garbage_is_bad_data_and_does_not_reach_the_terminal(self):
        garbage = b"\x1b]0;title\x07\x1b[2J\r" + random.Random(1).randbytes(5000)
        csv = self.write("garbage.csv", garbage)
        capture = self.write("garbage.ycap", garbage)
        for arguments in (
            ["backtest", f"NI225={csv}"],
            ["replay", "--listen", f"{HOST}:0", f"NI225={csv}"],
            ["import", "--instrument", "NI225", csv],
            ["backtest", capture],
            ["replay", "--listen", f"{HOST}:0", capture],
        ):
            with self.subTest(arguments[0], file=arguments[-1]):
                self.refused(self.run_yagura(*arguments), BAD_DATA, self.dir / "garbage.")

    def test_more_than_one_bad_row_in_a_hundred_stops(self):
        path = self.write("bad.csv", tick_csv(200, bad=["yesterday,55000", "1770595300000,dear", ","]))
        self.refused(self.backtest(f"NI225={path}"), BAD_DATA, path, "3 of 203", "line 202", '"yesterday"', "--lenient")

    def test_lenient_goes_on_and_names_the_bad_rows(self):
        path = self.write("bad.csv", tick_csv(200, bad=["yesterday,55000", "1770595300000,dear", ","]))
        outcome = self.backtest(f"NI225={path}", "--lenient")
        self.succeeded(outcome)
        for line in (202, 203, 204):
            self.assertIn(f"{path}:{line}: ", outcome.err)
        self.assertIn("NI225: 200 rows", outcome.err)

    def test_a_single_bad_row_is_skipped_and_named(self):
        path = self.write("bad.csv", tick_csv(200, bad=["yesterday,55000"]))
        outcome = self.backtest(f"NI225={path}")
        self.succeeded(outcome)
        self.assertIn(f"{path}:202: ", outcome.err)

    def test_an_unwritable_output_is_named(self):
        source = f"NI225={self.write('t.csv', tick_csv(2000))}"
        missing = self.dir / "absent" / "alerts.jsonl"
        self.refused(self.backtest(source, "--alerts", missing), USAGE, missing, "--alerts")
        self.refused(self.run_yagura("simulate", "--out", self.dir / "absent" / "o.csv"), FAILED, "absent/o.csv")

    def test_an_output_of_no_known_kind_is_wrong_usage(self):
        path = self.dir / "ticks.txt"
        self.refused(self.run_yagura("simulate", "--out", path), USAGE, path, ".csv", ".ycap")
        self.refused(self.run_yagura("record", "--config", self.config(), "--out", path, "--for", "100ms"), USAGE, path, ".ycap")

    def test_a_full_disk_fails_instead_of_losing_alerts(self):
        source = f"NI225={self.write('t.csv', tick_csv(2000))}"
        self.refused(self.backtest(source, "--alerts", "/dev/full"), FAILED, "/dev/full")
        for arguments in (["check"], ["check", "--schema"], ["version"], ["backtest", "--json", source]):
            with self.subTest(arguments), open("/dev/full", "wb") as full:
                process = self.start(*arguments, stdout=full)
                self.assertEqual(process.wait(), FAILED, process.err)
                self.assertIn("standard output", process.err)


class RecordTest(CliTest):
    def test_what_the_feed_sent_is_in_the_capture_and_the_log_on_stderr(self):
        frame = json.dumps(native_tick("BTC", "55500"))

        def talk(feed):
            feed.send({"type": "subscribed", "symbols": feed.receive()["symbols"]})
            feed.send(frame)
            feed.close_code(10)

        capture = self.dir / "day.ycap"
        process = self.start("record", "--config", self.config(self.serve(talk).url), "--out", capture)
        eventually(lambda: capture.exists() and frame in [json.loads(line).get("frame") for line in whole_lines(capture)], lambda: process.err)
        self.assertEqual(process.stop(signal.SIGINT), DONE, process.err)
        self.assertEqual(process.out, "")
        self.assertRegex(process.err, r"\b1 ticks?\b")
        self.assertNotRegex(process.err, INSIDES)


class BacktestTest(CliTest):
    def test_two_runs_write_the_same_bytes(self):
        ticks = self.dir / "rally.csv"
        self.succeeded(self.run_yagura("simulate", "--out", ticks))
        files = [self.dir / "first.jsonl", self.dir / "second.jsonl"]
        for file in files:
            self.succeeded(self.run_yagura("backtest", f"NI225={ticks}", f"USDJPY={ticks}", "--alerts", file))
        self.assertGreater(files[0].stat().st_size, 10_000)
        self.assertEqual(files[0].read_bytes(), files[1].read_bytes())
        for line in files[0].read_text().splitlines():
            self.assertNotIn("ts_decided_ns", json.loads(line))

    def test_the_reader_may_go_away(self):
        ticks = self.write("t.csv", tick_csv(20_000))
        process = self.start("backtest", "--json", f"NI225={ticks}", stdout=subprocess.PIPE)
        process.process.stdout.close()
        self.assertIn(process.wait(), (DONE, FAILED))
        self.assertNotRegex(process.err, INSIDES)

    def test_the_summary_counts_every_rule(self):
        outcome = self.run_yagura("backtest", "--summary", f"NI225={self.write('t.csv', tick_csv(2000))}")
        self.succeeded(outcome)
        for rule in ("nikkei-milestone", "yen-milestone", "nikkei-record", "desk-levels"):
            self.assertRegex(outcome.out, rf"(?m)^{rule} +[\d,]+ +[\d.-]+ ")


class CheckTest(CliTest):
    def test_the_effective_rules_are_printed(self):
        outcome = self.run_yagura("check")
        self.succeeded(outcome)
        for words in ("instrument NI225", "instrument USDJPY", "milestone every 1000", "re-arm 0.1 %", "cooldown 10m", "0.6 in 1m"):
            self.assertIn(words, outcome.out)
        self.assertEqual(outcome.err, "")

    def test_a_missing_configuration_is_named(self):
        for command in (["check"], ["run"], ["backtest", "NI225=x.csv"], ["record", "--out", self.dir / "o.ycap"]):
            with self.subTest(command):
                self.refused(self.run_yagura(*command, "--config", self.dir / "absent.toml"), USAGE, "absent.toml", "--config")

    def test_five_mistakes_are_reported_at_once(self):
        path = self.write("five.toml", FIVE_MISTAKES)
        for command in ("check", "run"):
            outcome = self.run_yagura(command, "--config", path)
            self.assertEqual(outcome.code, USAGE, outcome)
            self.assertEqual(outcome.out, "")
            lines = outcome.err.splitlines()
            self.assertEqual(len(lines), 5, outcome)
            expected = [(3, "tikc", "'tick'"), (7, "vendor", "gmo"), (14, "step", "above zero"), (17, "workers", "0 to 64"), (20, "enabled", "true or false")]
            for line, key, remedy in expected:
                found = [text for text in lines if text.startswith(f"yagura: {path}:{line}: ") and key in text and remedy in text]
                self.assertEqual(len(found), 1, f"line {line}, {key}, {remedy}\n{outcome}")

    def test_what_is_no_toml_is_said_with_its_line(self):
        path = self.write("no.toml", "[pipeline]\nworkers = = 1\n")
        self.refused(self.run_yagura("check", "--config", path), USAGE, f"{path}:2: ", "TOML")
        path = self.write("bytes.toml", random.Random(2).randbytes(500))
        self.refused(self.run_yagura("check", "--config", path), USAGE, path, "TOML")

    def test_an_absurdly_nested_key_is_refused(self):
        for name, text in (("key.toml", ".".join(["a"] * 100_000) + " = 1\n"), ("table.toml", "[" + ".".join(["a"] * 100_000) + "]\n")):
            with self.subTest(name):
                self.refused(self.run_yagura("check", "--config", self.write(name, text)), USAGE, name)

    def test_a_month_of_the_calendars_in_use(self):
        path = self.write("desk.toml", '[instrument.NKFUT]\ncalendar = "ose"\n[calendar]\ntse = "tse.calendar"\n')
        shipped = pathlib.Path(__file__).resolve().parents[2] / "config" / "calendars" / "tse.calendar"
        self.write("tse.calendar", shipped.read_text() + "closed 2026-02-12  snow\n")
        outcome = self.run_yagura("check", "--config", path, "--calendar", "2026-02")
        self.succeeded(outcome)
        for words in ("tse, times of Tokyo", "2026-02-12 Thu  closed: snow", "night 17:00-06:00 for Mon 2026-02-09", "fx, times of New York"):
            self.assertIn(words, outcome.out)
        for month in ("2026-13", "26-02", "soon", "2026-02-01"):
            self.refused(self.run_yagura("check", "--calendar", month), USAGE, "--calendar", month)

    def test_what_run_would_refuse_check_refuses(self):
        feed = CONFIG.format(url="wss://127.0.0.1:1", rule="r")
        wrong = {
            "listen": feed + '[console]\nlisten = "nonsense"\n',
            "token": feed + '[console]\nlisten = "0.0.0.0:8225"\n',
            "token_file": feed + '[console]\ntoken_file = "/absent/token"\n',
            "ca_file": feed.replace("symbols", 'ca_file = "/absent/ca.pem"\nsymbols', 1),
        }
        for key, text in wrong.items():
            with self.subTest(key):
                path = self.write(f"{key}.toml", text)
                self.refused(self.run_yagura("check", "--config", path), USAGE, path, key)

    def test_a_configuration_without_feeds_has_nothing_to_run(self):
        path = self.write("empty.toml", "")
        self.succeeded(self.run_yagura("check", "--config", path))
        self.refused(self.run_yagura("run", "--config", path), USAGE, path, "[[feed]]")


class ImportTest(CliTest):
    DAILY = "date,open,high,low,close\n2026-02-05,54289.05,54459.08,53653.06,53818.04\n2026-02-06,53435.37,54253.68,52950.15,54253.68\n"

    def test_the_summary_says_what_is_known_now(self):
        outcome = self.run_yagura("import", "--instrument", "NI225", self.write("daily.csv", self.DAILY))
        self.succeeded(outcome)
        for words in ("2 days from 2026-02-05 to 2026-02-06", "54459.08 on 2026-02-05", "54253.68 on 2026-02-06"):
            self.assertIn(words, outcome.out)
        self.assertIn("next milestones  55000 above, never reached; 54000 below (nikkei-milestone)", outcome.out)
        self.assertIn("52 weeks         not known", outcome.out)
        self.assertEqual((self.state / "history" / "NI225.csv").read_text(), self.DAILY)

    def test_a_jump_no_market_makes_is_imported_with_a_warning(self):
        path = self.write("daily.csv", self.DAILY + "2026-02-09,57000,570000,56000,57200\n")
        outcome = self.run_yagura("import", "--instrument", "NI225", path)
        self.assertEqual(outcome.code, 0, outcome)
        self.assertEqual(outcome.err.strip(), f"yagura: warning: {path}: 2026-02-09 has 570000 after a close of 54253.68 on 2026-02-06")

    def test_importing_twice_changes_nothing(self):
        path = self.write("daily.csv.gz", gzip.compress(self.DAILY.encode()))
        for _ in range(2):
            self.succeeded(self.run_yagura("import", "--instrument", "NI225", path))
        self.assertEqual((self.state / "history" / "NI225.csv").read_text(), self.DAILY)

    def test_bad_rows_are_all_named_and_nothing_is_imported(self):
        rows = self.DAILY + "2026-02-30,1,2,1,2\n2026-02-09,3,2,1,2\nyesterday,1,2,1,2\n"
        path = self.write("daily.csv", rows)
        outcome = self.run_yagura("import", "--instrument", "NI225", path)
        self.assertEqual(outcome.code, BAD_DATA, outcome)
        self.assertEqual([f"yagura: {path}:{line}: " for line in (4, 5, 6)], [re.match(r"yagura: .*?:\d+: ", text)[0] for text in outcome.err.splitlines()])
        self.assertFalse((self.state / "history" / "NI225.csv").exists())

    def test_tick_files_and_empty_files_are_no_history(self):
        cases = {"ticks.csv": tick_csv(), "empty.csv": "", "header.csv": "date,close\n"}
        for name, text in cases.items():
            with self.subTest(name):
                path = self.write(name, text)
                self.refused(self.run_yagura("import", "--instrument", "NI225", path), BAD_DATA, path)


class DecodeTest(CliTest):
    def decode(self, vendor, frames):
        outcome = self.run_yagura("decode", "--vendor", vendor, stdin=b"".join(frame + b"\n" for frame in frames))
        self.succeeded(outcome)
        answers = [json.loads(line) for line in outcome.raw_out.splitlines()]
        self.assertEqual(len(answers), len(frames), outcome)
        for answer in answers:
            self.assertEqual(set(answer), {"ticks", "error"})
        return answers

    def test_hostile_frames_get_one_answer_each(self):
        hostile = [
            b"", b" ", b"\x00", b"\xff\xfe", b"null", b"[]", b"{}", b"{", b'"', b"b64:", b"b64:!!!!", b"b64:AAAA", b"b64:" + b"A" * 99_999,
            b"[" * 500_000, b'{"a":' * 100_000, b'{"type":"tick"}', b'{"type":' + b"9" * 10_000 + b"}", b'{"type":"' + b"x" * 1_000_000 + b'"}',
            b'{"type":"tick","symbol":"USDJPY","ts_ns":99999999999999999999999,"bid":"1","ask":"2"}',
            b'{"type":"tick","symbol":"USDJPY","ts_ns":-9223372036854775808,"bid":"1","ask":"2"}',
            b'{"type":"tick","symbol":"USDJPY","ts_ns":1,"price":1e999}', b'{"type":"tick","symbol":"USDJPY","ts_ns":1,"price":"nan"}',
            b'{"type":"tick","symbol":"\\ud800","ts_ns":1,"price":"1"}', b'{"symbol":"USD_JPY","bid":"-","ask":"\\u0000","timestamp":"9999-99-99"}',
        ]  # fmt: skip
        for vendor in VENDORS + READ_ONLY:
            with self.subTest(vendor):
                self.decode(vendor, hostile)

    def test_random_bytes_get_one_answer_each(self):
        noise = random.Random(20260209)
        lines = [noise.randbytes(noise.randrange(200)).replace(b"\n", b"").replace(b"\r", b"") for _ in range(3000)]
        good = b'{"type":"tick","symbol":"USDJPY","ts_ns":1770595200123456789,"bid":"157.120","ask":"157.123","seq":42}'
        for _ in range(3000):  # one byte of a good frame changed
            spoiled = bytearray(good)
            spoiled[noise.randrange(len(good))] = noise.choice([b for b in range(256) if b not in b"\r\n"])
            lines.append(bytes(spoiled))
        for vendor in VENDORS + READ_ONLY:
            with self.subTest(vendor):
                self.decode(vendor, lines)

    def test_a_good_frame_becomes_its_ticks(self):
        frame = b'{"type":"tick","symbol":"USDJPY","ts_ns":1770595200123456789,"bid":"157.120","ask":157.123,"seq":42}'
        (answer,) = self.decode("native", [frame])
        self.assertIsNone(answer["error"])
        (tick,) = answer["ticks"]
        self.assertEqual((tick["symbol"], tick["bid"], tick["ask"], tick["ts_ms"]), ("USDJPY", "157.12", "157.123", 1770595200123))


class ColourTest(CliTest):
    def test_output_to_a_file_has_no_escape_codes(self):
        source = f"NI225={self.write('t.csv', tick_csv(2000))}"
        for arguments in (["check"], ["version"], ["backtest", "--summary", source]):
            outcome = self.run_yagura(*arguments)
            self.assertNotIn(b"\x1b", outcome.raw_out + outcome.raw_err, arguments)
        outcome = self.run_yagura("run", "--demo", "--console", "off", "--for", "1500ms")
        self.succeeded(outcome)
        self.assertIn("Nikkei 225", outcome.out)
        self.assertNotIn(b"\x1b", outcome.raw_out + outcome.raw_err)

    def run_on_terminal(self, **env):
        """Output of the demo whose stdout and stderr are a terminal."""
        master, slave = os.openpty()
        process = subprocess.Popen(
            [binary(), "run", "--demo", "--console", "off", "--for", "1500ms"],
            stdin=subprocess.DEVNULL, stdout=slave, stderr=slave, env={**self.env, "TERM": "xterm-256color", **env},
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

    def test_no_color_is_respected_on_a_terminal(self):
        self.assertIn(b"\x1b[", self.run_on_terminal())
        self.assertNotIn(b"\x1b[", self.run_on_terminal(NO_COLOR="1"))


class MonitorTest(CliTest):
    """The monitor while it runs. Its feed is a script that keeps sending one price."""

    def steady_feed(self, price="55500"):
        """Subscribes whoever asks and sends `price` every 20 ms."""
        stop = threading.Event()
        self.addCleanup(stop.set)

        def talk(feed):
            symbols = feed.receive()["symbols"]
            feed.send({"type": "subscribed", "symbols": symbols})
            while not stop.wait(0.02):
                feed.send(native_tick("BTC", price))

        return self.serve(talk)

    def started(self, *arguments, url=None):
        monitor = self.monitor("--config", self.config(url or self.steady_feed().url), *arguments)
        self.assertTrue(monitor.address)
        return monitor

    def test_an_occupied_console_port_is_named(self):
        with socket.create_server((HOST, 0)) as holder:
            address = f"{HOST}:{holder.getsockname()[1]}"
            outcome = self.run_yagura("run", "--config", self.config(), "--for", "5s", "--console", address)
            self.refused(outcome, FAILED, address, "in use", "--console")

    def test_a_second_monitor_on_the_same_state_names_the_first(self):
        first = self.started()
        begin = time.monotonic()
        outcome = self.run_yagura("run", "--config", self.config(), "--console", "off", "--for", "5s")
        self.assertLess(time.monotonic() - begin, 1.0)
        self.refused(outcome, FAILED, f"pid {first.pid}", "--state")
        self.assertEqual(first.stop(), DONE, first.err)

    def test_an_unusable_state_directory_is_named(self):
        file = self.write("file", "")
        for path in (file, "/proc/yagura"):
            outcome = self.run_yagura("run", "--config", self.config(), "--console", "off", "--for", "1s", "--state", path)
            self.refused(outcome, FAILED, path, "state directory")

    def test_a_feed_that_refuses_is_said_and_the_monitor_stays(self):
        monitor = self.monitor("--config", self.config("ws://127.0.0.1:1"), "--for", "3s")
        begin = time.monotonic()
        monitor.await_err(r"feed desk: .*127\.0\.0\.1:1.*refused")
        status, health = monitor.get("/readyz")
        self.assertEqual(status, 503)
        self.assertFalse(health["parts"]["feeds"]["ok"])
        self.assertIn("refused", health["parts"]["feeds"]["reason"])
        self.assertEqual(monitor.get("/healthz")[0], 200)
        self.assertEqual(monitor.wait(), DONE, monitor.err)
        self.assertGreaterEqual(time.monotonic() - begin, 2.5)
        self.assertNotRegex(monitor.err, INSIDES)

    def test_garbage_frames_are_counted_and_the_monitor_stays(self):
        sent = threading.Event()
        stop = threading.Event()
        self.addCleanup(stop.set)
        garbage = ["", "}{", "null", '{"type":"tick"}', '{"type":"tick","symbol":"BTC","ts_ns":1,"price":"dear"}', "[" * 100_000]

        def talk(feed):
            feed.send({"type": "subscribed", "symbols": feed.receive()["symbols"]})
            for frame in garbage:
                feed.send(frame)
            feed.send(random.Random(3).randbytes(1000), BINARY)
            sent.set()
            while not stop.wait(0.02):
                feed.send(native_tick("BTC", "55500"))

        monitor = self.started(url=self.serve(talk).url)
        self.assertTrue(sent.wait(5))
        eventually(lambda: monitor.instrument("BTC")["price"] == "55500", lambda: monitor.err)
        self.assertGreaterEqual(monitor.feed("desk")["errors"], 6)
        self.assertEqual(monitor.get("/readyz")[0], 200)
        self.assertEqual(monitor.stop(), DONE, monitor.err)
        self.assertNotRegex(monitor.err, INSIDES)

    def test_a_feed_that_speaks_no_websocket_is_tried_again(self):
        def talk(sock):
            sock.settimeout(5)
            sock.recv(4096)
            sock.sendall(random.Random(4).randbytes(4096))

        server = self.serve(talk, raw=True)
        monitor = self.started(url=server.url)
        eventually(lambda: server.accepted >= 2, lambda: monitor.err)
        self.assertEqual(monitor.get("/healthz")[0], 200)
        self.assertEqual(monitor.stop(), DONE, monitor.err)
        self.assertNotRegex(monitor.err, INSIDES)

    def test_the_monitor_outlives_the_reader_of_its_output(self):
        monitor = self.monitor("--demo", stdout=subprocess.PIPE)
        monitor.await_out(r"\n")  # `head -1` has its line ...
        os.dup2(os.open("/dev/null", os.O_RDONLY), monitor.process.stdout.fileno())  # ... and is gone
        monitor.await_err("standard output")
        before = monitor.state()["alerts"]["count"]
        eventually(lambda: monitor.state()["alerts"]["count"] > before, "more alerts after the reader left")
        self.assertEqual(monitor.get("/healthz")[0], 200)
        self.assertEqual(monitor.stop(), DONE, monitor.err)

    def test_termination_and_interrupt_end_it_at_once_and_close_the_console(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            with self.subTest(number.name):
                monitor = self.started()
                clients = [WebSocket.connect(monitor.address) for _ in range(3)]
                for client in clients:
                    self.assertEqual(client.receive()["type"], "hello")
                begin = time.monotonic()
                monitor.send(number)
                self.assertEqual([client.close_code() for client in clients], [1001] * 3)
                self.assertEqual(monitor.wait(), DONE, monitor.err)
                self.assertLess(time.monotonic() - begin, 2.0)
                for client in clients:
                    client.sock.close()

    def test_a_silent_console_client_does_not_hold_up_the_end(self):
        monitor = self.started()
        with WebSocket.connect(monitor.address):  # never reads, never answers the close
            begin = time.monotonic()
            self.assertEqual(monitor.stop(), DONE, monitor.err)
            self.assertLess(time.monotonic() - begin, 4.0)

    def test_a_reload_that_does_not_validate_changes_nothing(self):
        url = self.steady_feed().url
        monitor = self.started(url=url)

        def rules():
            return [level["rule"] for level in monitor.instrument("BTC")["levels"]]

        eventually(lambda: rules() == ["round-numbers"], lambda: monitor.err)
        config = self.write("yagura.toml", CONFIG.format(url=url, rule="New Rule") + "[pipline]\n")
        monitor.send(signal.SIGHUP)
        monitor.await_err("nothing was changed")
        self.assertRegex(monitor.err, rf"{config}:\d+: .*'New Rule' must be made of")
        self.assertRegex(monitor.err, rf"{config}:\d+: pipline: .*'pipeline'")
        self.assertEqual(rules(), ["round-numbers"])

        self.config(url, rule="new-rule")
        monitor.send(signal.SIGHUP)
        monitor.await_err("1 rule")
        eventually(lambda: rules() == ["new-rule"], lambda: monitor.err)
        config.unlink()
        monitor.send(signal.SIGHUP)
        monitor.await_err(r"cannot be read(?s:.*)nothing was changed")
        self.assertEqual(rules(), ["new-rule"])
        self.assertEqual(monitor.stop(), DONE, monitor.err)

    def journal_of_a_run(self):
        monitor = self.started()
        eventually(lambda: monitor.instrument("BTC")["price"], "a price")
        self.assertEqual(monitor.stop(), DONE, monitor.err)
        return self.state / "journal.db"

    def test_a_damaged_journal_is_named_and_left_alone(self):
        journal = self.journal_of_a_run()
        good = journal.read_bytes()
        damaged = {
            "no database": b"this is no journal\n" * 1000,
            "cut in half": good[: len(good) // 2],
            "holes": b"".join(good[i : i + 512] if i % 4096 < 2048 or i < 512 else b"\xa5" * 512 for i in range(0, len(good), 512)),
        }
        for damage, content in damaged.items():
            with self.subTest(damage):
                for leftover in self.state.glob("journal.db-*"):
                    leftover.unlink()
                journal.write_bytes(content)
                outcome = self.run_yagura("run", "--config", self.config(), "--console", "off", "--for", "1s")
                self.refused(outcome, BAD_DATA, journal)
                self.assertEqual(journal.read_bytes(), content, "the file was changed")

    def test_a_database_of_something_else_is_named_and_left_alone(self):
        self.state.mkdir()
        journal = self.state / "journal.db"
        with sqlite3.connect(journal) as database:
            database.execute("create table holiday (photo blob)")
        database.close()
        before = journal.read_bytes()
        outcome = self.run_yagura("run", "--config", self.config(), "--console", "off", "--for", "1s")
        self.refused(outcome, BAD_DATA, journal)
        self.assertEqual(journal.read_bytes(), before)

    def test_a_damaged_history_is_named_with_its_line(self):
        history = self.write("state/history/NI225.csv", "date,open,high,low,close\nyesterday,1,2,1,2\n")
        outcome = self.run_yagura("run", "--config", self.config(), "--console", "off", "--for", "1s")
        self.refused(outcome, BAD_DATA, f"{history}:2: ")


if __name__ == "__main__":
    unittest.main()

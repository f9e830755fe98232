"""The screen as people see it: golden text at three sizes, of a console whose state stands still. What depends on the
clock is masked. YAGURA_GOLDEN=write makes the golden files anew."""

import os
import re
import unittest

from canned import ALERTS, HERE, CannedConsole
from terminal_case import PATIENCE, TerminalTest, eventually

MASKED = (
    (r"[A-Z][a-z]{2} +\d+ [A-Z][a-z]{2} \d{4} +\d\d:\d\d:\d\d JST", "DAY DD MON YYYY hh:mm:ss JST"),  # the clock
    (r"\d{4}/\d+/\d+\(.\) +\d\d:\d\d:\d\d JST", "YYYY/M/D hh:mm:ss JST"),
    (r"127\.0\.0\.1:\d+/?", "127.0.0.1:PORT/"),
    (r"\d+\.\d( s\b|秒)", r"#.#\1"),  # ages
)


def masked(text):
    for pattern, instead in MASKED:
        text = re.sub(pattern, instead, text)
    # Blanks fill what is left of a line: how many depends on what was masked.
    return "".join(re.sub(r"  +", "  ", line).rstrip() + "\n" for line in text.splitlines())


class CannedTest(TerminalTest):
    def attach(self, columns, rows, *more, **options):
        console = CannedConsole(ALERTS)
        self.addCleanup(console.__exit__)
        terminal = self.terminal(columns, rows, **options)
        terminal.run(self.console_line(console, *more))
        terminal.await_text(r"40 of 40|40／40|USD/JPY cleared 153")
        return console, terminal

    def assert_golden(self, name, terminal):
        path = HERE / "golden" / f"{name}.txt"
        if os.environ.get("YAGURA_GOLDEN") == "write":
            path.parent.mkdir(exist_ok=True)
            path.write_text(terminal.await_still(1.0, masked))
        golden = path.read_text()
        eventually(lambda: masked(terminal.text()) == golden, lambda: f"the screen of {path}, not\n{masked(terminal.text())}", PATIENCE)


class ScreenTest(CannedTest):
    def test_80_by_24(self):
        _, terminal = self.attach(80, 24)
        self.assert_golden("80x24", terminal)

    def test_200_by_60(self):
        _, terminal = self.attach(200, 60)
        self.assert_golden("200x60", terminal)

    def test_60_by_20(self):
        _, terminal = self.attach(60, 20)
        self.assert_golden("60x20", terminal)

    def test_ascii(self):
        _, terminal = self.attach(80, 24, "--ascii")
        self.assert_golden("80x24-ascii", terminal)

    def test_japanese(self):
        _, terminal = self.attach(80, 24, "--lang", "ja")
        self.assert_golden("80x24-ja", terminal)

    def test_sizes_while_it_runs(self):
        _, terminal = self.attach(80, 24)
        for columns, rows in ((200, 60), (60, 20), (80, 24)):
            terminal.resize(columns, rows)
            self.assert_golden(f"{columns}x{rows}", terminal)

    def test_too_small_says_so_and_recovers(self):
        _, terminal = self.attach(80, 24)
        terminal.resize(20, 5)
        terminal.await_no_text("USD/JPY cleared")
        terminal.resize(80, 24)
        self.assert_golden("80x24", terminal)

    def test_a_disturbed_screen_is_drawn_anew(self):
        _, terminal = self.attach(80, 24)
        with open(terminal.tty, "w") as tty:
            tty.write("\x1b[5;5Hrubbish from elsewhere")
        terminal.await_text("rubbish from elsewhere")
        terminal.keys("C-l")
        self.assert_golden("80x24", terminal)


class LooksTest(CannedTest):
    COLOUR = re.compile(r"\x1b\[[0-9;]*(?<![0-9])(3[0-7]|4[0-7]|38|48|9[0-7]|10[0-7])(?![0-9])")

    def test_colours_where_there_are_some(self):
        _, terminal = self.attach(80, 24)
        self.assertRegex(terminal.styled(), self.COLOUR)

    def test_no_color(self):
        _, terminal = self.attach(80, 24, NO_COLOR="1")
        self.assertNotRegex(terminal.styled(), self.COLOUR)
        self.assertIn("\x1b[7m", terminal.styled(), "bars are in reverse")

    def test_a_vt100_in_ascii(self):
        _, terminal = self.attach(80, 24, term="vt100", LC_ALL="C", LANG="C")
        self.assertNotRegex(terminal.styled(), self.COLOUR)
        self.assertEqual([c for c in terminal.text() if c > "~"], [])
        terminal.keys("q")
        self.assertEqual(terminal.await_code(), 0)
        self.assertTrue(terminal.is_sane())

    def test_a_locale_without_utf8_keeps_to_ascii(self):
        _, terminal = self.attach(80, 24, LC_ALL="C", LANG="C")
        self.assertEqual([c for c in terminal.text() if c > "~"], [])

    def test_a_locale_that_is_not_installed_here_is_still_utf8(self):
        _, terminal = self.attach(80, 24, LC_ALL="xx_YY.UTF-8")
        self.assert_golden("80x24", terminal)


class HostileTest(CannedTest):
    def test_text_of_others_is_text(self):
        hostile = "pay\x1b[2J\x1b]0;owned\x07 now\r\nnew line \u202eesrever\u202c \u009b31m end"
        alert = {**ALERTS[-1], "seq": ALERTS[-1]["seq"] + 1, "id": "f" * 32, "title": hostile, "text": hostile}
        console = CannedConsole([*ALERTS, alert])
        self.addCleanup(console.__exit__)
        console.state["instruments"][0]["distances"][1]["name"] = hostile
        terminal = self.terminal(200, 60)
        terminal.run(self.console_line(console))
        terminal.await_text("pay")
        text = terminal.await_still()
        self.assertNotRegex(text, "[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
        self.assertRegex(text, r"USD/JPY cleared 153", "nothing was cleared away")
        self.assertNotEqual(terminal.value("pane_title"), "owned")


if __name__ == "__main__":
    unittest.main()

"""A screen attached to a monitor: what a lost connection looks like and that it heals; what people do in it arrives."""

import json
import re
import signal
import unittest
import urllib.request

from canned import ALERTS, CannedConsole
from terminal_case import HOST, PATIENCE, TerminalTest, eventually, free_port

LOST = r"LOST|No connection|no connection"
LEVELS = '[ { price = "100900", note = "pay \\u001b[2J\\u202e \\n now" } ]'


def press_until(terminal, key, good):
    """An alert that has only just come is not acknowledged: pressed again, at most once for each look at the screen."""
    def press():
        if good():
            return True
        terminal.type(key)
        terminal.await_text("just come|acknowledge: ")
        return good()
    eventually(press, f"what {key} does", PATIENCE)


class AttachTest(TerminalTest):
    def begin(self, port=None, levels="[]", columns=120, rows=40):
        monitor = self.monitor("--config", self.config(levels), "--plain", console=f"{HOST}:{port or 0}")
        self.tick("100500")
        self.tick("101000.5")
        terminal = self.terminal(columns, rows)
        terminal.run(self.console_line(monitor))
        terminal.await_text("reached 101,000")
        return monitor, terminal

    def test_a_monitor_that_is_killed_and_comes_back(self):
        port = free_port()
        monitor, terminal = self.begin(port)
        monitor.stop(signal.SIGKILL)
        terminal.await_text(LOST)
        self.assertTrue(re.search("reached 101,000", terminal.text()), "what was known stays")
        again = self.monitor("--config", self.dir / "yagura.toml", "--plain", console=f"{HOST}:{port}")
        again.await_err("desk: SUBSCRIBED")  # before that a tick would go to the one before
        self.tick("102000.5")
        again.await_out("reached 102,000")
        terminal.await_text("reached 102,000")
        terminal.await_no_text(LOST)
        text = terminal.text()
        for title in ("reached 101,000", "reached 102,000"):
            on_tape = [line for line in text.splitlines() if re.match(r"[ >]*\d", line) and title in line]
            self.assertEqual(len(on_tape), 1, text)

    def test_nobody_there_yet(self):
        port = free_port()
        terminal = self.terminal(120, 40)
        terminal.run(f"$YAGURA console --url {HOST}:{port}".replace("$YAGURA", self.run_line().split()[0]))
        terminal.await_text("Connection refused")
        self.assertTrue(terminal.on_other_screen())
        self.monitor("--config", self.config(), "--plain", console=f"{HOST}:{port}")
        self.tick("100500")
        self.tick("101000.5")
        terminal.await_text("reached 101,000")
        terminal.await_no_text("Connection refused")

    def test_a_wrong_token_ends_with_one_line(self):
        self.env["YAGURA_TEST_TOKEN"] = "s" * 40
        monitor = self.monitor("--config", self.config(more='[console]\ntoken_env = "YAGURA_TEST_TOKEN"\n'), "--plain")
        terminal = self.terminal()
        terminal.run(self.console_line(monitor))
        self.assertEqual(terminal.await_code(), 1)
        self.assertIn("wants a token", terminal.everything())
        self.assertTrue(terminal.is_sane())

    def test_an_acknowledgement_arrives_and_shows(self):
        monitor, terminal = self.begin()
        press_until(terminal, "a", lambda: "acknowledge: done" in terminal.text())
        acks = monitor.get("/api/v1/alerts?after=0&limit=100")[1]["acks"]
        self.assertEqual(len(acks), 1)

    def test_a_level_that_is_entered_fires(self):
        monitor, terminal = self.begin()
        terminal.type("+")
        terminal.keys("C-u")
        terminal.type("BTC 101500 stop")
        terminal.keys("Enter")
        terminal.await_text("done")
        levels = monitor.get("/api/v1/levels")[1]["levels"]
        self.assertIn(("101500", "stop"), [(level["price"], level["note"]) for level in levels])
        self.tick("101600")
        terminal.await_text("reached 101,500")

    def test_a_refusal_says_why(self):
        _, terminal = self.begin(levels='[ { price = "100900" } ]')
        terminal.type("-")
        terminal.keys("C-u")
        terminal.type("BTC 100900")
        terminal.keys("Enter")
        terminal.await_text("100900 stands in the configuration")

    def test_the_note_of_a_level_is_text(self):
        _, terminal = self.begin(levels=LEVELS)
        self.tick("100800")
        terminal.await_text("100,900")
        self.assertNotRegex(terminal.text(), "[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
        terminal.await_text("reached 101,000")

    def test_requests_carry_the_token_and_json(self):
        console = CannedConsole(ALERTS)
        self.addCleanup(console.__exit__)
        terminal = self.terminal(YAGURA_TOKEN="sesame-of-the-desk")
        terminal.run(self.console_line(console))
        terminal.await_text("40 of 40")
        press_until(terminal, "a", lambda: console.requests)
        line, body, head = console.requests[0]
        newest = re.fullmatch("POST /api/v1/alerts/([0-9a-f]{32})/ack", line)[1]
        self.assertIn(newest, (ALERTS[-1]["id"], ALERTS[-1].get("parent")))
        self.assertIsInstance(body, dict)
        self.assertIn("Authorization: Bearer sesame-of-the-desk", head)
        self.assertIn("application/json", head)
        self.assertNotIn("sesame", terminal.everything())


class LogTest(TerminalTest):
    def test_what_goes_wrong_shows_and_is_printed_afterwards(self):
        """An alert sink that cannot be reached complains in the log while the screen is up."""
        config = self.config(more='[[sink]]\nname = "away"\nkind = "webhook"\nurl = "http://127.0.0.1:1/hook"\n')
        terminal = self.terminal(160, 40)
        terminal.run(self.run_line(config=config))
        self.tick("100500")
        self.tick("101000.5")
        terminal.await_text("away.*refused|sink.*away|away.*connect")
        self.assertTrue(terminal.on_other_screen())
        terminal.keys("C-c")
        self.assertEqual(terminal.await_code(), 0)
        self.assertRegex(terminal.everything(), r"warning.*away")

    def test_a_log_for_a_file_goes_there(self):
        terminal = self.terminal()
        terminal.run(self.run_line() + f" 2>{self.dir / 'log'}")
        self.tick("100500")
        self.tick("101000.5")
        terminal.await_text("reached 101,000")
        eventually(lambda: "LIVE" in (self.dir / "log").read_text(), "the feed in the log", PATIENCE)
        terminal.keys("q")
        self.assertEqual(terminal.await_code(), 0)
        self.assertNotIn("LIVE (ws", terminal.everything())


class StandstillTest(TerminalTest):
    def test_a_terminal_that_stands_still_stops_nothing_but_itself(self):
        """Row D6: Ctrl-S. Detector, journal and sinks go on, and so does the screen afterwards."""
        config = self.config(more=f'[[sink]]\nname = "file"\nkind = "file"\npath = "{self.dir}/alerts.jsonl"\n')
        terminal = self.terminal(120, 40)
        terminal.run(self.run_line(config=config))
        self.tick("100500")
        self.tick("101000.5")
        terminal.await_text("reached 101,000")
        url = re.search(r"http://127\.0\.0\.1:\d+", terminal.text())[0]
        terminal.keys("C-s")
        for thousand in range(102, 142):
            self.tick(f"{thousand}000.5")
        eventually(lambda: self.last_seq(url) >= 41, "all alerts at the console", PATIENCE)
        eventually(lambda: (self.dir / "alerts.jsonl").read_text().count('"level":"141000"') == 1, "the last in the file", PATIENCE)
        self.assertNotIn("141,000", terminal.text())
        terminal.keys("C-q")
        terminal.await_text("reached 141,000")

    @staticmethod
    def last_seq(url):
        with urllib.request.urlopen(url + "/api/v1/state", timeout=5) as answer:
            return json.loads(answer.read())["alerts"]["last_seq"]


if __name__ == "__main__":
    unittest.main()

"""The words of 9 to 12 February 2026 as people get them: the product's own simulator, shipped settings,
what would be delivered. Golden files in tests/alerts/golden; update.sh there writes them anew."""

import datetime
import email
import email.policy
import json
import os
import subprocess
import unittest

from scenario import alerts_in, make_scenario
from support import ROOT, AcceptanceTest

GOLDEN = ROOT / "tests/alerts/golden"
JST = datetime.timezone(datetime.timedelta(hours=9))
SYNTHETIC = "Synthetic prices (config/scenarios/2026-02-rally.toml), shipped rules. Written by update.sh.\n"


def local_time(ns):
    return datetime.datetime.fromtimestamp(ns // 10**9, JST).strftime("%Y-%m-%d %H:%M:%S")


def chat_text(alert, letters):
    """As a chat channel shows it: title, text, a footer."""
    head = f"{local_time(alert['ts_event_ns'])}  {alert['severity']}"
    both = "".join(f"{letters[lang]['title']}\n{letters[lang]['text']}\n" for lang in ("en", "ja"))
    return f"---- {head}\n{both}id {alert['id'][:8]}\n\n"


def mail_text(raw):
    """As a mailbox shows it: read by Python's own parser of mails."""
    message = email.message_from_bytes(raw.encode(), policy=email.policy.default)
    parts = [part for part in message.walk() if part.get_content_type() == "text/plain"]
    assert len(parts) == 1, raw
    answered = message["In-Reply-To"]
    head = f"Date: {message['Date']}\nSubject: {message['Subject']}\n"
    if answered:
        head += f"In-Reply-To: {answered}\n"
    return head + "\n" + parts[0].get_content().replace("\r\n", "\n").rstrip("\n") + "\n\n"


class LettersTest(AcceptanceTest):
    maxDiff = None

    def setUp(self):
        super().setUp()
        self.program = os.environ.get("YAGURA_LETTERS", str(ROOT / "build/dev/tests/alerts/golden/make_letters"))
        if not os.access(self.program, os.X_OK):
            self.skipTest("no make_letters: set YAGURA_LETTERS, or build it")

    def delivered(self):
        ticks = make_scenario(self)
        out = self.dir / "delivered.jsonl"
        config = ROOT / "config/yagura.toml"
        ran = self.run_yagura("backtest", "--config", config, "--delivered", "--alerts", out, f"NI225={ticks}", f"USDJPY={ticks}", seconds=120)
        self.assertEqual(ran.code, 0, ran)
        return out.read_text()

    def letters_of(self, text):
        made = subprocess.run([self.program], input=text, env=self.env, capture_output=True, text=True, timeout=60)
        self.assertEqual((made.returncode, made.stderr), (0, ""))
        return [json.loads(line) for line in made.stdout.splitlines()]

    def expect_golden(self, name, text):
        path = GOLDEN / name
        if os.environ.get("UPDATE_GOLDEN"):
            path.write_text(text)
        self.assertEqual(text, path.read_text(), f"{name}: other words; if they are right, tests/alerts/golden/update.sh")

    def test_a_chat_and_two_mailboxes(self):
        text = self.delivered()
        alerts, letters = alerts_in(text), self.letters_of(text)
        self.assertGreater(len(alerts), 30)
        self.assertEqual(len(alerts), len(letters))
        for alert, both in zip(alerts, letters):
            self.assertTrue(both["en"]["title"].startswith(alert["title"]))
            self.assertEqual(alert["text_ja"], both["ja"]["text"])
        self.expect_golden("2026-02-rally.chat.txt", SYNTHETIC + "\n" + "".join(map(chat_text, alerts, letters)))
        for lang in ("en", "ja"):
            mails = "".join(f"{'-' * 72}\n{mail_text(both[lang]['mail'])}" for both in letters)
            self.expect_golden(f"2026-02-rally.mail.{lang}.txt", SYNTHETIC + "\n" + mails)


if __name__ == "__main__":
    unittest.main()

"""A print is cancelled after the fact: its record is withdrawn under the id it was said with, once, and
the monitor remembers that across restarts and kills."""

import json
import signal
import sqlite3
import unittest
import urllib.error
import urllib.request

from scenario import configuration
from support import AcceptanceTest, eventually

NINE = 1770595200_000000000  # 2026-02-09 09:00 JST
RULE = '\n[[rule]]\nid = "record"\nkind = "record"\ninstrument = "NI225"\nhorizons = ["session"]\nstep = "50"\nmin_gap = "1s"\n'


class Corrections(AcceptanceTest):
    def setUp(self):
        super().setUp()
        self.frames = []

        def talk(ws):
            ws.send({"type": "subscribed", "symbols": ws.receive()["symbols"]})
            while True:
                while self.frames:
                    ws.send(self.frames.pop(0))
                try:
                    ws.receive(0.05)
                except TimeoutError:
                    pass

        self.feed = self.serve(talk)
        self.config = self.write("desk.toml", configuration({"f": ("native", self.feed.port, "NI225", "NI225")}) + RULE)
        self.second = 300

    def say(self, monitor, price):
        before = monitor.instrument("NI225")["accepted"]
        self.second += 60
        stamp = NINE + self.second * 1_000_000_000
        self.frames.append({"type": "tick", "symbol": "NI225", "ts_ns": stamp, "price": price})
        eventually(lambda: monitor.instrument("NI225")["accepted"] == before + 1, f"the tick at {price}")
        return stamp

    def correct(self, monitor, stamp, price, instrument="NI225"):
        body = json.dumps({"instrument": instrument, "ts_event_ns": stamp, "price": price}).encode()
        request = urllib.request.Request("http://%s:%d/api/v1/corrections" % monitor.address, body, {"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=5) as answer:
                return answer.status, json.loads(answer.read())
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code, json.loads(refused.read())

    def journal(self):
        with sqlite3.connect(f"file:{self.state}/journal.db?mode=ro", uri=True) as connection:
            rows = [json.loads(text) for text, in connection.execute("select json from alerts order by seq")]
        return [alert for alert in rows if alert["rule"] == "record"]

    def test_withdrawn_once_and_remembered(self):
        monitor = self.monitor("--config", self.config, "--json")
        self.say(monitor, "54000")
        self.say(monitor, "54100")
        wrong = self.say(monitor, "54900")
        monitor.await_out('"price":"54900"')
        self.assertEqual(self.correct(monitor, wrong, "54900.5")[1]["changed"], False)
        self.assertEqual(self.correct(monitor, wrong, "54900", "DAX")[0], 404)
        status, answer = self.correct(monitor, wrong, "54900")
        self.assertEqual((status, answer["changed"], answer["withdrawn"]), (200, True, 2), answer)  # this rule and the configuration's own
        self.assertIn("high is 54100", answer["message"])
        monitor.await_out('"withdrawn"')
        self.assertEqual(float(monitor.instrument("NI225")["high"]), 54100)
        eventually(lambda: any(a["event"] == "withdrawn" for a in self.journal()), "the withdrawal on the disk")
        monitor.send(signal.SIGKILL)
        monitor.wait()

        said, withdrawn = [a for a in self.journal() if a["price"] == "54900"]
        self.assertEqual((said["event"], withdrawn["event"]), ("new_high", "withdrawn"))
        self.assertEqual(withdrawn["id"], said["id"])
        self.assertGreater(withdrawn["seq"], said["seq"])
        self.assertEqual(withdrawn["record_before"], "54100")

        again = self.monitor("--config", self.config, "--json")
        self.assertEqual(float(again.instrument("NI225")["high"]), 54100)
        self.assertEqual(self.correct(again, wrong, "54900")[1]["changed"], False, "it was corrected before")
        self.say(again, "54300")
        again.await_out('"price":"54300"')
        self.assertEqual(again.stop(), 0)
        self.assertEqual([(a["event"], a["price"]) for a in self.journal()],
                         [("new_high", "54100"), ("new_high", "54900"), ("withdrawn", "54900"), ("new_high", "54300")])


if __name__ == "__main__":
    unittest.main()

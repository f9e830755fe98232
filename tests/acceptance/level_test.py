"""Price levels while the monitor runs: added from the command line, fired by the feed, kept across
restarts, refused with a reason."""

import json
import unittest
import urllib.error
import urllib.request

from scenario import configuration
from support import AcceptanceTest, eventually

NINE = 1770595200_000000000  # 2026-02-09 09:00 JST


class RuntimeLevels(AcceptanceTest):
    def setUp(self):
        super().setUp()
        self.frames = []  # what the feed has yet to say

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
        text = configuration({"f": ("native", self.feed.port, "USDJPY", "USDJPY")})
        self.config = self.write("levels.toml", text)
        self.second = 0

    def say(self, monitor, price):
        before = monitor.instrument("USDJPY")["accepted"]
        self.second += 1
        self.frames.append({"type": "tick", "symbol": "USDJPY", "ts_ns": NINE + self.second * 1_000_000_000, "price": price})
        eventually(lambda: monitor.instrument("USDJPY")["accepted"] == before + 1, f"the tick at {price}")

    def level(self, monitor, *arguments, code=0):
        done = self.run_yagura("level", arguments[0], "--console", "%s:%d" % monitor.address, *arguments[1:])
        self.assertEqual(done.code, code, done)
        return done

    def test_added_fired_kept_and_removed(self):
        monitor = self.monitor("--config", self.config, "--json")
        self.say(monitor, "157.100")
        self.level(monitor, "add", "USDJPY", "157.25", "--note", "stop", "--once")
        self.level(monitor, "add", "USDJPY", "157.05")
        self.assertIn("157.25  desk-levels  once  stop", self.level(monitor, "list").out)
        self.say(monitor, "157.110")
        self.assertNotIn("157.25", monitor.out)
        self.say(monitor, "157.260")
        monitor.await_out('"level":"157.25"')
        alert = json.loads(monitor.out.splitlines()[-1])
        self.assertEqual((alert["rule"], alert["event"], alert["note"]), ("desk-levels", "reached", "stop"))
        self.assertEqual(monitor.stop(), 0)

        again = self.monitor("--config", self.config, "--json")
        self.assertIn("157.05", self.level(again, "list").out)
        self.say(again, "157.040")
        again.await_out('"level":"157.05"')
        self.say(again, "157.300")
        self.assertNotIn('"level":"157.25"', again.out, "a level that was to speak once spoke twice")
        self.level(again, "remove", "USDJPY", "157.05")
        self.assertNotIn("157.05", self.level(again, "list").out)

    def test_refusals_say_why(self):
        monitor = self.monitor("--config", self.config)
        self.assertRegex(self.level(monitor, "add", "EURUSD", "1.1", code=1).err, "no instrument 'EURUSD'")
        self.assertRegex(self.level(monitor, "add", "USDJPY", "nan", code=2).err, "no price above zero")
        self.assertRegex(self.level(monitor, "add", "USDJPY", "160", code=1).err, "already")
        self.assertRegex(self.level(monitor, "remove", "USDJPY", "160", code=1).err, "stands in the configuration")
        self.assertRegex(self.level(monitor, "remove", "USDJPY", "161", code=1).err, "has no level at 161")
        self.level(monitor, "add", "NI225", "57500")
        self.assertIn("levels-ni225", self.level(monitor, "list").out)

    def test_a_web_page_cannot_add_levels(self):
        monitor = self.monitor("--config", self.config)
        url = "http://%s:%d/api/v1/levels" % monitor.address
        body = b'{"instrument":"USDJPY","price":"158"}'
        for headers, status in (({"Content-Type": "text/plain"}, 415), ({"Content-Type": "application/json", "Origin": "http://evil.example"}, 403)):
            with self.assertRaises(urllib.error.HTTPError) as refused:
                urllib.request.urlopen(urllib.request.Request(url, body, headers), timeout=5)
            with refused.exception:
                self.assertEqual(refused.exception.code, status)
        self.assertNotIn("158 ", self.level(monitor, "list").out)

    def test_nobody_there(self):
        done = self.run_yagura("level", "list", "--console", "127.0.0.1:1")
        self.assertEqual(done.code, 1)
        self.assertEqual(len(done.err.splitlines()), 1, done)


if __name__ == "__main__":
    unittest.main()

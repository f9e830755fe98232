"""Killed without warning in the middle of a replay, started again: no damage, no second first, no
alert under two numbers."""

import json
import signal
import sqlite3
import unittest

from scenario import configuration, make_scenario
from support import AcceptanceTest, eventually


class KilledMidway(AcceptanceTest):
    def journal(self):
        with sqlite3.connect(f"file:{self.state}/journal.db?mode=ro", uri=True) as connection:
            self.assertEqual(connection.execute("pragma integrity_check").fetchone(), ("ok",))
            return [(seq, json.loads(text)) for seq, text in connection.execute("select seq, json from alerts order by seq")]

    def test_ten_kills_during_a_replay(self):
        ticks = make_scenario(self)
        # About 20 s for the four days, going on while the monitor is away, as a market does.
        server = self.start("replay", "--as", "native", "--listen", "127.0.0.1:0", "--speed", "14000", f"NI225={ticks}", f"USDJPY={ticks}")
        port = int(server.await_err(r"on ws://127\.0\.0\.1:(\d+)")[1])
        text = configuration({"all": ("native", port, "NI225", "NI225")}).replace('symbols = { NI225 = "NI225" }', 'symbols = { NI225 = "NI225", USDJPY = "USDJPY" }')
        config = self.write("restart.toml", text)

        epochs, kills = [], 0
        while kills < 10 and "replayed" not in server.err:
            monitor = self.monitor("--config", config, "--json")
            state = eventually(lambda: self.lively(monitor), "two thousand ticks since the start", 15)
            epochs.append(state["epoch"])
            monitor.send(signal.SIGKILL)
            monitor.wait()
            kills += 1
        self.assertGreaterEqual(kills, 5, "the replay was over too soon to say anything")
        self.assertEqual(epochs, list(range(epochs[0], epochs[0] + len(epochs))), "each start counts one epoch")

        monitor = self.monitor("--config", config, "--json")
        server.await_err(r"replayed [\d,]+ ticks", 60)
        eventually(lambda: monitor.state()["queue"]["depth"] == 0, "an empty queue", 10)
        self.assertEqual(monitor.stop(), 0)

        stored = self.journal()
        self.assertEqual([seq for seq, _ in stored], list(range(1, len(stored) + 1)), "numbers have holes")
        ids = [alert["id"] for _, alert in stored]
        self.assertEqual(len(ids), len(set(ids)), "an alert is stored twice")
        firsts = [level for _, a in stored if a.get("first_ever") for level in a["levels"]]
        self.assertEqual(sorted(firsts), sorted(set(firsts)), "a level was reached for the first time twice")
        self.assertEqual(set(firsts), {"55000", "56000", "57000", "58000"})

    @staticmethod
    def lively(monitor):
        state = monitor.state()
        return state if sum(i["accepted"] for i in state["instruments"]) > 0 and state["feeds"][0]["ticks"] > 2000 else None

    def test_a_crossing_while_down_is_reported_once_and_marked(self):
        history = self.write("history.csv", "date,open,high,low,close\n2026-02-06,53435.37,54253.68,52950.15,54253.68\n")
        self.assertEqual(self.run_yagura("import", "--instrument", "NI225", history).code, 0)
        nine = 1770595200_000000000  # 2026-02-09 09:00 JST

        def tick(second, price):
            return {"type": "tick", "symbol": "NI225", "ts_ns": nine + second * 1_000_000_000, "price": price}

        script = [[tick(0, "54900"), tick(5, "54910")], [tick(10, "55080"), tick(15, "55090")]]

        def talk(ws):
            subscribed = ws.receive()
            ws.send({"type": "subscribed", "symbols": subscribed["symbols"]})
            for frame in script.pop(0):
                ws.send(frame)
            ws.close_code(30)

        feed = self.serve(talk)
        config = self.write("down.toml", configuration({"f": ("native", feed.port, "NI225", "NI225")}))
        first = self.monitor("--config", config, "--json")
        eventually(lambda: first.instrument("NI225")["accepted"] == 2, "two ticks")
        self.assertEqual(first.stop(), 0)
        second = self.monitor("--config", config, "--json")
        eventually(lambda: second.feed("f")["ticks"] == 2, "two more")
        second.await_out("reached")
        self.assertEqual(second.stop(), 0)
        reached = [a for a in map(json.loads, second.out.splitlines()) if a["event"] == "reached"]
        self.assertEqual([(a["level"], a["first_ever"], a["gap"], a.get("while_down")) for a in reached], [("55000", True, True, True)])
        self.assertNotIn('"reached"', first.out)


if __name__ == "__main__":
    unittest.main()

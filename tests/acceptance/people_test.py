"""What people do about alerts, on the real program: acknowledged over kill -9, silenced, looked up,
exported; roles, links in letters, and a client that comes back after a crash."""

import csv
import io
import json
import pathlib
import re
import signal
import unittest
import urllib.error
import urllib.request

from scenario import configuration
from support import AcceptanceTest, WebSocket, eventually

NINE = 1770595200_000000000  # 2026-02-09 09:00 JST


class PeopleTest(AcceptanceTest):
    extra = ""  # of the configuration

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
        self.second = 0
        self.mail = self.dir / "sink.jsonl"
        text = configuration({"f": ("native", self.feed.port, "USDJPY", "USDJPY")})
        text += '\n[[rule]]\nid = "my-levels"\nkind = "level"\ninstrument = "USDJPY"\ncooldown = "0s"\n'
        text += 'levels = [ { price = "157.5" }, { price = "158.5" }, { price = "159.5" }, { price = "160.5" } ]\n'
        text += f'[[sink]]\nname = "mail"\nkind = "file"\npath = "{self.mail}"\ndeliver = "filtered"\n'
        self.config = self.write("people.toml", text + self.extra)

    def start(self, *arguments, **extra):
        return self.monitor("--config", self.config, "--json", *arguments, **extra)

    def say(self, monitor, price):
        before = monitor.instrument("USDJPY")["accepted"]
        self.second += 60
        self.frames.append({"type": "tick", "symbol": "USDJPY", "ts_ns": NINE + self.second * 1_000_000_000, "price": price})
        eventually(lambda: monitor.instrument("USDJPY")["accepted"] == before + 1, f"the tick at {price}")

    def cross(self, monitor, level):
        """Crosses a level of my-levels; gives the alert."""
        self.say(monitor, f"{level - 0.05:.3f}")
        self.say(monitor, f"{level + 0.02:.3f}")
        return eventually(lambda: self.reached(monitor, level), f"the alert at {level}")

    def reached(self, monitor, level):
        for line in monitor.out.splitlines():
            alert = json.loads(line)
            if alert["rule"] == "my-levels" and alert["event"] == "reached" and alert["level"] == str(level):
                return alert
        return None

    def alerts(self, monitor, verb, *arguments, code=0, **extra):
        done = self.run_yagura("alerts", verb, "--console", "%s:%d" % monitor.address, *arguments, **extra)
        self.assertEqual(done.code, code, done)
        return done

    def look(self, verb, *arguments, code=0):
        done = self.run_yagura("alerts", verb, *arguments)
        self.assertEqual(done.code, code, done)
        return done

    def request(self, monitor, method, path, body=None, headers=None):
        request = urllib.request.Request("http://%s:%d%s" % (*monitor.address, path), method=method)
        for name, value in (headers or {}).items():
            request.add_header(name, value)
        if body is not None:
            request.add_header("Content-Type", "application/json")
            request.data = json.dumps(body).encode()
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()


class Acknowledging(PeopleTest):
    def test_it_is_on_the_disk_when_it_is_confirmed(self):
        monitor = self.start()
        alert = self.cross(monitor, 157.5)
        with WebSocket.connect(monitor.address) as browser:
            browser.receive_until(lambda message: message["type"] == "hello")
            eventually(lambda: alert["id"] in self.look("export", "--jsonl").out, "the alert in the journal")
            done = self.alerts(monitor, "ack", alert["id"][:8], "--author", "aki", "--reason", "seen")
            monitor.process.kill()  # no time to do anything after the confirmation
            self.assertIn("acknowledged", done.out)
            action = browser.receive_until(lambda message: message["type"] == "action")
            self.assertEqual((action["action"], action["alert"], action["author"]), ("ack", alert["id"], "aki"))
        monitor.wait()

        again = self.start()
        page = again.get("/api/v1/alerts")[1]
        ack = page["acks"][alert["id"]]
        self.assertEqual((ack["author"], ack["reason"]), ("aki", "seen"))
        self.assertIn(json.dumps(alert, ensure_ascii=False, separators=(",", ":")),
                      [json.dumps(a, ensure_ascii=False, separators=(",", ":")) for a in page["alerts"]])
        self.assertRegex(self.look("list").out, rf"ack\s+{alert['id'][:8]}")
        self.assertIn("already", self.alerts(again, "ack", alert["id"]).out)
        self.alerts(again, "unack", alert["id"][:6])
        self.assertEqual(again.get("/api/v1/alerts")[1]["acks"], {})
        self.assertRegex(self.alerts(again, "unack", alert["id"], code=1).err, "not acknowledged")

    def test_what_is_wrong_is_said(self):
        monitor = self.start()
        self.assertRegex(self.alerts(monitor, "ack", "0" * 32, code=1).err, "no alert")
        self.assertRegex(self.alerts(monitor, "ack", "12345", code=2).err, "first six digits")
        self.assertRegex(self.alerts(monitor, "ack", "123456", code=1).err, "has no alert 123456")
        self.assertRegex(self.alerts(monitor, "silence", "--rule", "my-levels", code=2).err, "no until and no when")
        self.assertRegex(self.alerts(monitor, "silence", "--rule", "nope", "--for", "1h", code=1).err, "no rule 'nope'")
        self.assertRegex(self.alerts(monitor, "unsilence", "123456", code=1).err, "no silence 123456")


class Silencing(PeopleTest):
    def delivered(self):
        return self.mail.read_text() if self.mail.exists() else ""

    def test_a_silence_holds_delivery_and_outlives_a_crash(self):
        monitor = self.start()
        first = self.cross(monitor, 157.5)
        eventually(lambda: first["id"] in self.delivered(), "the delivery")
        done = self.alerts(monitor, "silence", "--rule", "my-levels", "--for", "2h", "--reason", "known")
        self.assertRegex(done.out, r"silenced my-levels until .* JST, id [0-9a-f]{8}")
        monitor.process.kill()
        monitor.wait()

        again = self.start()
        self.assertRegex(self.alerts(again, "silences").out, r"my-levels\s+.* JST\s+local\s+known")
        silenced = self.cross(again, 158.5)
        held = next(row for row in again.state()["alerts"]["held"].items() if row[0] == "silenced")
        self.assertGreaterEqual(held[1], 1)
        identity = done.out.split()[-1]
        self.alerts(again, "unsilence", identity)
        self.assertEqual(self.alerts(again, "silences").out, "no silences\n")
        third = self.cross(again, 159.5)
        eventually(lambda: third["id"] in self.delivered(), "the delivery after it was lifted")
        self.assertNotIn('"id":"%s"' % silenced["id"], self.delivered())


class Looking(PeopleTest):
    def test_list_show_and_export_with_and_without_a_monitor(self):
        monitor = self.start()
        alert = self.cross(monitor, 157.5)
        self.cross(monitor, 158.5)
        eventually(lambda: "158.5" in self.look("export", "--jsonl").out, "both in the journal")
        self.look("list")
        self.alerts(monitor, "ack", alert["id"], "--author", "=cmd", "--reason", "seen")
        self.assertEqual(monitor.stop(), 0)

        listed = self.look("list", "--rule", "my-levels").out.splitlines()
        self.assertRegex(listed[0], r"^ *seq +time +severity +title +state +id$")
        self.assertRegex(listed[1], rf"2026-02-09 09:0\d:00 JST +\w+ +.*157\.5.* ack +{alert['id'][:8]}$")
        self.assertGreaterEqual(len(listed), 3)
        self.assertEqual(len(self.look("list", "--limit", "1").out.splitlines()), 2)
        self.assertEqual(self.look("list", "--since", "2026-02-10T00:00:00Z").out, "no alerts\n")
        self.assertRegex(self.look("list", "--since", "noon", code=2).err, "--since: 'noon'")
        self.assertRegex(self.look("list", "--severity", "loud", code=2).err, "--severity: 'loud'")

        shown = self.look("show", alert["id"][:10]).out
        self.assertTrue(shown.startswith(alert["title"] + "\n" + alert["text"] + "\n"), shown)
        for pattern in (r"(?m)^rule +my-levels$", r"(?m)^ts_event_ns +2026-02-09 09:0\d:00 JST$", r"(?m)^evidence$",
                        r"(?m)^actions$", r"ack by =cmd: seen", r"deliveries"):
            self.assertRegex(shown, pattern)

        self.assertEqual([json.loads(l)["seq"] for l in self.look("export", "--jsonl").out.splitlines()],
                         sorted(json.loads(l)["seq"] for l in self.look("export", "--jsonl").out.splitlines()))
        rows = list(csv.DictReader(io.StringIO(self.look("export", "--csv", "--rule", "my-levels").out)))
        self.assertEqual((rows[0]["id"], rows[0]["price"], rows[0]["title"]), (alert["id"], alert["price"], alert["title"]))
        self.assertEqual(self.look("export", code=2).err, "yagura: export: say --csv or --jsonl\n")

    def test_a_missing_journal_is_named(self):
        self.assertRegex(self.look("list", "--state", self.dir / "nowhere", code=1).err, "nowhere/journal.db")


class Roles(PeopleTest):
    extra = '[console]\ntoken_env = "OPERATE"\nread_token_env = "READ"\n'

    def test_who_may_read_may_not_change(self):
        self.env.update(OPERATE="operate-secret", READ="read-secret")
        monitor = self.start()
        reader, operator = ({"Authorization": f"Bearer {t}"} for t in ("read-secret", "operate-secret"))
        self.assertEqual(self.request(monitor, "GET", "/api/v1/alerts", headers=reader)[0], 200)
        silence = {"rule": "my-levels", "until": "1h"}
        status, answer = self.request(monitor, "POST", "/api/v1/silences", silence, reader)
        self.assertEqual(status, 403)
        self.assertIn("may only read", answer)
        self.assertEqual(self.request(monitor, "POST", "/api/v1/silences", silence)[0], 401)
        status, answer = self.request(monitor, "POST", "/api/v1/silences", silence, operator)
        self.assertEqual(status, 201)
        self.assertEqual(json.loads(answer)["author"], "operate")

    def test_a_read_token_needs_the_other(self):
        alone = self.write("alone.toml", pathlib.Path(self.config).read_text().replace('token_env = "OPERATE"\n', ""))
        self.env.update(READ="read-secret")
        checked = self.run_yagura("check", "--config", alone)
        self.assertEqual(checked.code, 2)
        self.assertRegex(checked.err, "read_token_env.*needs token_env")


class Links(PeopleTest):
    """A letter's link, pressed as a browser would behind the proxy that its address names."""

    def setUp(self):
        super().setUp()
        self.letters = self.dir / "letters"
        self.config.write_text(
            self.config.read_text() + '[[sink]]\nname = "phone"\nkind = "exec"\n'
            + f'command = ["/bin/sh", "-c", "echo \\"$YAGURA_ACK_URL\\" >>{self.letters}"]\n'
            + '[console]\npublic_url = "https://desk.example"\n')

    def urls(self):
        return self.letters.read_text().split() if self.letters.exists() else []

    def test_a_link_acknowledges_once_and_outlives_a_crash(self):
        monitor = self.start()
        alert = self.cross(monitor, 157.5)
        key = self.state / "ack.key"
        self.assertEqual(key.stat().st_mode & 0o777, 0o600)
        outside = {"Host": "desk.example"}

        def link_of_alert():
            for url in self.urls():
                path = url.removeprefix("https://desk.example")
                status, page = self.request(monitor, "GET", path, headers=outside)
                if status == 200 and "157.5" in page:
                    return path
            return None

        path = eventually(link_of_alert, "a letter with a link")
        self.assertEqual(monitor.get("/api/v1/alerts")[1]["acks"], {}, "looking is not pressing")
        foreign = {**outside, "Origin": "https://evil.example"}
        self.assertEqual(self.request(monitor, "POST", path, headers=foreign)[0], 403)
        status, page = self.request(monitor, "POST", path, headers={**outside, "Origin": "https://desk.example"})
        monitor.process.kill()
        self.assertEqual(status, 200, page)
        monitor.wait()

        again = self.start()
        acks = again.get("/api/v1/alerts")[1]["acks"]
        self.assertEqual(acks[alert["id"]]["author"], "link")
        self.assertEqual(self.request(again, "POST", path, headers=outside)[0], 410, "once, over a restart as well")
        forged = path[:-1] + ("A" if path[-1] != "A" else "B")
        self.assertEqual(self.request(again, "GET", forged, headers=outside)[0], 403)

    def test_a_sink_is_tried(self):
        done = self.run_yagura("alerts", "test", "phone", "--config", self.config)
        self.assertEqual(done.code, 0, done)
        self.assertRegex(done.out, r"^sink 'phone': delivered \(after [\d,]+ ms\)")
        self.assertTrue(self.letters.exists())
        unknown = self.run_yagura("alerts", "test", "fax", "--config", self.config)
        self.assertEqual(unknown.code, 2)
        self.assertRegex(unknown.err, "no sink 'fax'; one of mail, phone")
        broken = self.write("broken.toml", self.config.read_text().replace(str(self.letters), "/nowhere/letters"))
        failed = self.run_yagura("alerts", "test", "phone", "--config", broken)
        self.assertEqual(failed.code, 1, failed)
        self.assertRegex(failed.err, "not delivered")


class ComingBack(PeopleTest):
    def test_a_client_sees_every_alert_once_over_a_crash(self):
        monitor = self.start()
        self.cross(monitor, 157.5)
        self.cross(monitor, 158.5)
        seen = {}
        with WebSocket.connect(monitor.address) as browser:
            epoch = browser.receive_until(lambda m: m["type"] == "hello")["state"]["epoch"]
            browser.send({"type": "resume", "after": 0})
            while len(seen) < len(monitor.out.splitlines()):
                alert = browser.receive_until(lambda m: m["type"] == "alert")["alert"]
                self.assertNotIn(alert["id"], seen)
                seen[alert["id"]] = alert["seq"]
            monitor.process.kill()
        monitor.wait()

        again = self.start()
        self.cross(again, 159.5)
        expected = {json.loads(line)["id"] for line in again.out.splitlines()} | set(seen)
        with WebSocket.connect(again.address) as browser:
            self.assertEqual(browser.receive_until(lambda m: m["type"] == "hello")["state"]["epoch"], epoch + 1)
            browser.send({"type": "resume", "after": max(seen.values()), "epoch": epoch, "ids": list(seen)})
            while len(seen) < len(expected):
                alert = browser.receive_until(lambda m: m["type"] == "alert")["alert"]
                self.assertNotIn(alert["id"], seen, "an alert came twice")
                seen[alert["id"]] = alert["seq"]
        self.assertEqual(set(seen), expected)


if __name__ == "__main__":
    unittest.main()

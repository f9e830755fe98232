"""E4: keys and passwords, from the environment and from files, are found nowhere but in what is sent to
their vendor."""

import base64
import json
import pathlib
import signal
import unittest
import urllib.error
import urllib.parse
import urllib.request

import fault_case  # noqa: F401 - where the next ones are
from support import AcceptanceTest, eventually

KEYS = {
    "FEED_KEY": "k3y-of-the-feed/7f3a+91",
    "CONSOLE_TOKEN": "console-token-91b7e4aa",
    "PROXY": "http://trader:pr0xy-pa55word@127.0.0.1:1",
}
FILE_KEY = "file-key-5d2c88e1=="
SECRETS = [KEYS["FEED_KEY"], FILE_KEY, KEYS["CONSOLE_TOKEN"], "pr0xy-pa55word"]
FEED = """
[[feed]]
name = "{name}"
vendor = "json"
url = "{url}/ws?key={{token}}"
{key}
symbols = {{ {symbol} = "{symbol}" }}
silence = "1s"
[feed.json]
subscribe = '{{"op":"subscribe","key":"{{token}}","symbol":"{{symbol}}"}}'
header = "Authorization: Bearer {{token}}"
symbol = "/s"
price = "/p"
error = "/error"
"""


class Secrets(AcceptanceTest):
    def forms(self):
        for secret in SECRETS:
            yield secret
            yield urllib.parse.quote(secret, safe="")
            yield base64.b64encode(secret.encode()).decode().rstrip("=")
            yield json.dumps(secret)[1:-1].replace("/", "\\/")

    def search(self, where, text):
        data = text if isinstance(text, bytes) else text.encode()
        for form in self.forms():
            self.assertNotIn(form.encode(), data, where)

    def feed(self):
        def talk(ws):
            asked = ws.receive()
            ws.send({"error": f"bad key {asked['key']} for {asked['symbol']}"})  # a vendor that gossips
            for i in range(40):
                ws.send({"s": asked["symbol"], "p": 100 + i % 7, "echo": asked["key"]})
                try:
                    ws.receive(0.05)
                except TimeoutError:
                    pass
            ws.send(b"\xff\xfe not text " + asked["key"].encode())

        return self.serve(talk)

    def config(self):
        key_file = self.write("desk.key", FILE_KEY + "\n")
        key_file.chmod(0o600)
        parts = ["[instrument.AAA]\n[instrument.BBB]\n[instrument.CCC]\n"]
        parts.append(FEED.format(name="env", url=self.feed().url, key='token_env = "FEED_KEY"', symbol="AAA"))
        parts.append(FEED.format(name="file", url=self.feed().url, key=f'token_file = "{key_file}"', symbol="BBB"))
        parts.append(FEED.format(name="proxied", url="ws://feed.invalid", key='token_env = "FEED_KEY"\nproxy_env = "PROXY"', symbol="CCC"))
        parts.append('[[rule]]\nid = "steps"\nkind = "milestone"\ninstrument = "AAA"\nstep = "2"\ncooldown = "0s"\n')
        parts.append('[console]\ntoken_env = "CONSOLE_TOKEN"\n[log]\nlevel = "debug"\n')
        return self.write("secrets.toml", "".join(parts))

    def get(self, monitor, path, token=KEYS["CONSOLE_TOKEN"]):
        request = urllib.request.Request("http://%s:%d%s" % (*monitor.address, path))
        if token:
            request.add_header("Authorization", f"Bearer {token}")
        try:
            with urllib.request.urlopen(request, timeout=5) as answer:
                return answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.read().decode()

    def test_a_monitor_keeps_them(self):
        self.env.update(KEYS)
        config = self.config()
        monitor = self.monitor("--config", config, "--json")
        feeds = lambda: {f["name"]: f for f in json.loads(self.get(monitor, "/api/v1/state"))["feeds"]}  # noqa: E731
        eventually(lambda: feeds()["env"]["ticks"] > 20 and feeds()["file"]["ticks"] > 20, "ticks of both")
        eventually(lambda: feeds()["env"]["reconnects"] > 0 and feeds()["proxied"]["attempts"] > 1, "trouble", 20)
        for path in ("/api/v1/state", "/metrics", "/readyz", "/healthz", "/api/v1/alerts", "/", f"/ws?token={SECRETS[2]}"):
            self.search(path, self.get(monitor, path))
            self.search(path, self.get(monitor, path, token="wrong-" + SECRETS[2][::-1]))
        config.write_text(config.read_text() + "[nonsense]\n")
        monitor.send(signal.SIGHUP)
        monitor.await_err("nothing was changed")
        self.search("command line", pathlib.Path(f"/proc/{monitor.pid}/cmdline").read_bytes())
        environment = pathlib.Path(f"/proc/{monitor.pid}/environ").read_bytes()
        self.assertNotIn(FILE_KEY.encode(), environment, "a key from a file stays out of the environment")
        self.assertEqual(monitor.stop(), 0)
        self.search("log", monitor.err)
        self.search("screen", monitor.out)
        files = [path for path in self.state.rglob("*") if path.is_file()]
        self.assertTrue(files)
        for path in files:
            self.search(str(path), path.read_bytes())

    def test_a_recorder_and_the_other_commands_keep_them(self):
        self.env.update(KEYS)
        config = self.config()
        capture = self.dir / "day.ycap"
        recorder = self.start("record", "--config", config, "--out", capture)
        eventually(lambda: capture.exists() and capture.read_bytes().count(b'"in"') > 60, "frames", 15)
        self.search("command line", pathlib.Path(f"/proc/{recorder.pid}/cmdline").read_bytes())
        self.assertEqual(recorder.stop(), 0)
        self.search("capture", capture.read_bytes())
        self.search("log", recorder.err + recorder.out)
        for arguments in (("check", "--config", config), ("feeds", "--config", config), ("feeds", "test", "env", "--config", config, "--for", "1s")):
            self.search(" ".join(map(str, arguments)), str(self.run_yagura(*arguments)))


if __name__ == "__main__":
    unittest.main()

"""`yagura feeds` and `yagura feeds test`: what is there, how far a connection comes, and what is said
where it ends. Vendors are `yagura replay` and scripts on loopback; nothing here needs a network."""

import datetime
import json
import re
import shlex
import socket
import subprocess
import threading
import unittest

from support import HOST, ROOT, AcceptanceTest, binary, eventually, free_port, native_tick

CONFIG = """
[instrument.BTC]
[[feed]]
name = "desk"
vendor = "native"
url = "{url}"
symbols = {{ BTC = "BTC" }}
{more}
[console]
listen = "127.0.0.1:{console}"
"""


def ticking(ws):
    ws.send({"type": "subscribed", "symbols": ws.receive()["symbols"]})
    for i in range(20):
        ws.send(native_tick("BTC", 100 + i, seq=i + 1))
    ws.close_code(30)


class FeedsTest(AcceptanceTest):
    def config(self, url, more="", console=1):
        return self.write("feeds.toml", CONFIG.format(url=url, more=more, console=console))

    def try_feed(self, url, *options, more="", seconds=15.0, **env):
        return self.run_yagura("feeds", "test", "desk", "--config", self.config(url, more), *options, seconds=seconds, **env)

    def refused_at(self, ran, stage, *words):
        self.assertEqual(ran.code, 1, ran)
        self.assertEqual(len(ran.err.splitlines()), 1, ran)
        self.assertRegex(ran.err, rf"^yagura: feed desk failed at {stage}: .+; try: .+", ran)
        for word in words:
            self.assertIn(word, ran.err)


class List(FeedsTest):
    def test_vendors_are_listed_and_no_monitor_is_no_error(self):
        port = free_port()
        ran = self.run_yagura("feeds", "--config", self.config("ws://127.0.0.1:1", console=port))
        self.assertEqual(ran.code, 0, ran)
        for words in ("native", "GMO Coin FX; key: none", "Yahoo Finance", "desk", f"no monitor is running at 127.0.0.1:{port}"):
            self.assertIn(words, ran.out)
        ran = self.run_yagura("feeds", "--json", "--config", self.config("ws://127.0.0.1:1/?key=s3cret", console=port))
        told = json.loads(ran.out)
        self.assertEqual(told["vendors"][0]["name"], "native")
        self.assertEqual((told["monitor"], told["problem"]), (None, f"no monitor is running at 127.0.0.1:{port}"))
        self.assertEqual((told["feeds"][0]["name"], told["feeds"][0]["status"]), ("desk", None))
        self.assertNotIn("s3cret", ran.out)
        table = self.run_yagura("feeds", "--markdown").out
        self.assertIn("| `gmo` | GMO Coin FX |", table)

    def test_a_broken_configuration_is_named(self):
        ran = self.run_yagura("feeds", "--config", self.write("bad.toml", "[[feed]]\nname = 1\n"))
        self.assertEqual(ran.code, 2)
        self.assertIn("bad.toml", ran.err)

    def test_a_running_monitor_says_how_its_feeds_do(self):
        server = self.serve(ticking)
        config = self.config(server.url)
        with config.open("a") as more:
            more.write('[[feed]]\nname = "backup"\nvendor = "native"\nurl = "ws://127.0.0.1:1"\npriority = 2\nsymbols = { BTC = "BTC" }\n')
        monitor = self.monitor("--config", config)
        address = f"{monitor.address[0]}:{monitor.address[1]}"
        eventually(lambda: monitor.feed("desk")["ticks"] == 20, "ticks")
        eventually(lambda: monitor.feed("backup")["next_attempt_ms"] is not None, "a wait")
        told = json.loads(self.run_yagura("feeds", "--json", "--config", config, "--console", address).out)
        desk, backup = (feed["status"] for feed in told["feeds"])
        self.assertEqual((told["monitor"], told["problem"]), (address, None))
        self.assertEqual((desk["state"], desk["speaks"], desk["ticks"], desk["why"]), ("LIVE", ["BTC"], 20, None))
        self.assertEqual((backup["reason"], backup["speaks"]), ("refused", []))
        self.assertIn("refused", backup["why"])
        sources = monitor.instrument("BTC")["feed"]["sources"]
        self.assertEqual([(s["feed"], s["speaks"]) for s in sources], [("desk", True), ("backup", False)])
        shown = self.run_yagura("feeds", "--config", config, "--console", address).out
        self.assertRegex(shown, r"(?m)^desk +native +1 +LIVE +\d.* 20 +0 +BTC$")
        self.assertRegex(shown, r"(?m)^backup: refused: 127\.0\.0\.1:1: Connection refused")
        self.assertEqual(monitor.stop(), 0)


    def test_a_monitor_that_wants_its_token(self):
        server = self.serve(ticking)
        config = self.config(server.url)
        config.write_text(config.read_text() + 'token_env = "DESK_TOKEN"\n')
        self.env["DESK_TOKEN"] = "s3cret-of-sixteen-and-more"
        monitor = self.monitor("--config", config)
        address = f"{monitor.address[0]}:{monitor.address[1]}"

        def problem(**env):
            ran = self.run_yagura("feeds", "--json", "--config", config, "--console", address, **env)
            self.assertNotIn("s3cret", ran.out + ran.err)
            return json.loads(ran.out)["problem"]

        self.assertIsNone(problem(), "the configuration says where it is")
        self.assertIn("wants its token: set YAGURA_TOKEN", problem(YAGURA_TOKEN="another"))
        self.assertIsNone(problem(YAGURA_TOKEN=self.env["DESK_TOKEN"], DESK_TOKEN="another"))
        self.assertEqual(monitor.stop(), 0)

    def test_shells_complete_commands_and_vendors(self):
        script = ROOT / "packaging/completions/yagura.bash"

        def completed(*words):
            typed = " ".join(map(shlex.quote, (binary(), *words)))
            asked = f"source {script}; COMP_WORDS=({typed}); COMP_CWORD={len(words)}; _yagura; echo ${{COMPREPLY[@]}}"
            return subprocess.run(["bash", "-c", asked], capture_output=True, text=True, check=True, timeout=20).stdout.split()

        self.assertEqual(completed("fee"), ["feeds"])
        self.assertEqual(completed("feeds", ""), ["test"])
        self.assertEqual(completed("feeds", "test", "g"), ["gmo"])
        self.assertEqual(completed("feeds", "test", "gmo", "--f"), ["--for"])
        self.assertEqual(completed("feeds", "--j"), ["--json"])
        self.assertEqual(completed("level", "r"), ["remove"])
        self.assertEqual(completed("bench", "c"), ["compare"])
        self.assertEqual(completed("bench", "--bu"), ["--burst"])
        self.assertEqual(completed("decode", "--vendor", "yah"), ["yahoo"])


class Good(FeedsTest):
    def test_every_stage_has_a_line_with_its_time(self):
        ran = self.try_feed(self.serve(ticking).url)
        self.assertEqual(ran.code, 0, ran)
        stages = re.findall(r"(?m)^ +(\d+\.\d{3}) s  (\S+) ", ran.out)
        self.assertEqual([s for _, s in stages], ["dns", "tcp", "http", "sent", "subscribe"] + ["tick"] * 5)
        times = [float(t) for t, _ in stages]
        self.assertEqual(times, sorted(times))
        self.assertRegex(ran.out, r"tick +BTC 100 of 2\d{3}-\d\d-\d\dT[0-9:.]+Z, -?\d+ ms old")
        self.assertRegex(ran.out.splitlines()[-1], r"^good: 5 ticks, the first after \d\.\d{3} s$")

    def replay(self, vendor):
        bars = "".join(f"{1770595200000 + i * 1000},157.2{i % 10}\n" for i in range(600))
        yen = self.write("yen.csv", "ts_ms,price\n" + bars)
        server = self.start("replay", "--listen", f"{HOST}:0", "--as", vendor, "--speed", "20", "--loop", f"USDJPY={yen}")
        return server.await_err(r"ws://127\.0\.0\.1:\d+")[0]

    def test_vendors_by_name_against_their_imitations(self):
        for vendor in ("native", "gmo", "yahoo"):
            ran = self.run_yagura("feeds", "test", vendor, "--url", self.replay(vendor), "--symbol", "USDJPY", seconds=20)
            self.assertEqual(ran.code, 0, ran)
            self.assertIn("tick       USDJPY 157.2", ran.out)

    def test_a_closed_market_explains_silence(self):
        def mute(ws):
            ws.send({"type": "subscribed", "symbols": ws.receive()["symbols"]})
            ws.close_code(30)

        # Tokyo's calendar, closed for these days.
        tokyo = (ROOT / "config/calendars/tse.calendar").read_text()
        today = datetime.datetime.now(datetime.timezone.utc).date()
        days = [today + datetime.timedelta(days=i) for i in range(-1, 4)]
        closed = "".join(f"closed {day}  test\n" for day in days if f" {day} " not in tokyo)
        calendar = self.write("closed.calendar", tokyo + closed)
        more = f'[instrument.NI225]\n[calendar]\ntse = "{calendar}"\n'
        server = self.serve(mute)
        config = self.config(server.url, more)
        config.write_text(config.read_text().replace('{ BTC = "BTC" }', '{ NI225 = "NI225" }'))
        ran = self.run_yagura("feeds", "test", "desk", "--config", config, "--for", "300ms")
        self.assertEqual(ran.code, 0, ran)
        self.assertRegex(ran.out, r"(?m)^connected and subscribed; the market is closed until \d{4}-\d\d-\d\dT00:00:00(\.0+)?Z$")

    def test_an_open_market_does_not(self):
        def mute(ws):
            ws.send({"type": "subscribed", "symbols": ws.receive()["symbols"]})
            ws.close_code(30)

        ran = self.try_feed(self.serve(mute).url, "--for", "300ms")
        self.refused_at(ran, "data", "no tick in 300ms", "--for")


class Failing(FeedsTest):
    @staticmethod
    def say(answer):
        """A script for a bare socket: hears something, says this, and waits for the other side to go."""

        def talk(sock):
            sock.recv(65536)
            sock.sendall(answer)
            while sock.recv(65536):
                pass

        return talk

    def test_dns(self):
        self.refused_at(self.try_feed("ws://no-such-host.invalid/"), "dns", "no-such-host.invalid", "HTTPS_PROXY")

    def test_nobody_listens(self):
        self.refused_at(self.try_feed(f"ws://127.0.0.1:{free_port()}/"), "tcp", "refused", "firewalls")

    def test_a_socket_that_says_nothing(self):
        release = threading.Event()
        self.addCleanup(release.set)
        server = self.serve(lambda sock: release.wait(20), raw=True)
        self.refused_at(self.try_feed(server.url, "--for", "500ms"), "http", "not done within 500ms")

    def test_garbage_in_place_of_http(self):
        server = self.serve(self.say(b"220 mail.example ESMTP\r\n\r\n"), raw=True)
        self.refused_at(self.try_feed(server.url), "http", "WebSocket")

    def test_a_refused_key(self):
        server = self.serve(self.say(b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n"), raw=True)
        self.refused_at(self.try_feed(server.url), "http", "401", "token_env")

    def test_plain_server_where_tls_is_expected(self):
        server = self.serve(self.say(b"HTTP/1.1 400 Bad Request\r\n\r\n"), raw=True)
        self.refused_at(self.try_feed(f"wss://127.0.0.1:{server.port}/"), "tls", "speaks no TLS", "openssl s_client")

    def test_garbage_frames(self):
        def garbage(ws):
            for i in range(3):
                ws.send("no json at all")
            ws.close_code(30)

        ran = self.try_feed(self.serve(garbage).url, "--for", "500ms")
        self.refused_at(ran, "data", "nothing that could be read in 500ms", "url and vendor")

    def test_other_symbols(self):
        def other(ws):
            ws.send({"type": "subscribed", "symbols": ["BTC"]})
            ws.send(native_tick("ETH", 5))
            ws.close_code(30)

        self.refused_at(self.try_feed(self.serve(other).url, "--for", "500ms"), "data", "other symbols")

    def test_the_vendors_own_words(self):
        def refuse(ws):
            ws.receive()
            ws.send({"type": "error", "message": "no such symbol: BTC"})
            ws.close_code(30)

        self.refused_at(self.try_feed(self.serve(refuse).url, "--for", "500ms"), "subscribe", "no such symbol: BTC", "symbols")

    def test_a_connection_that_ends_at_once(self):
        self.refused_at(self.try_feed(self.serve(lambda ws: None).url), "subscribe")

    def test_names_that_are_nothing(self):
        ran = self.run_yagura("feeds", "test", "moon", "--config", self.config("ws://127.0.0.1:1"))
        self.assertEqual(ran.code, 2)
        self.assertIn("'moon' is not among the feeds of", ran.err)
        self.assertIn("(desk), nor a vendor (native, gmo", ran.err)
        ran = self.run_yagura("feeds", "test", "native", "--config", self.config("ws://127.0.0.1:1"))
        self.assertEqual((ran.code, "--url" in ran.err), (2, True), ran)
        ran = self.run_yagura("feeds", "test", "desk", "--config", self.config("ws://127.0.0.1:1"), "--for", "soon")
        self.assertEqual(ran.code, 2)
        self.assertEqual(self.run_yagura("feeds", "test").code, 2)


class Proxies(FeedsTest):
    def proxy(self, answer=None):
        """A proxy that knows CONNECT; the heads it got."""
        heads = []

        def talk(sock):
            data = b""
            while b"\r\n\r\n" not in data:
                data += sock.recv(65536)
            heads.append(data.decode())
            if answer:
                return sock.sendall(answer)
            port = int(re.match(r"CONNECT [^ ]+:(\d+) ", heads[-1])[1])
            with socket.create_connection((HOST, port)) as there:
                sock.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
                back = threading.Thread(target=self.pump, args=(there, sock), daemon=True)
                back.start()
                self.pump(sock, there)
                back.join(5)

        return self.serve(talk, raw=True), heads

    @staticmethod
    def pump(one, other):
        try:
            while data := one.recv(65536):
                other.sendall(data)
            other.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def test_through_a_proxy_with_a_password_that_is_never_shown(self):
        server = self.serve(ticking)
        proxy, heads = self.proxy()
        ran = self.try_feed(
            f"ws://vendor.invalid:{server.port}/", more='proxy_env = "DESK_PROXY"', DESK_PROXY=f"http://desk:s3cret@127.0.0.1:{proxy.port}"
        )
        self.assertEqual(ran.code, 0, ran)
        self.assertRegex(ran.out, rf"proxy +proxy 127\.0\.0\.1:{proxy.port} leads to vendor\.invalid:{server.port}")
        self.assertIn("Proxy-Authorization: Basic ZGVzazpzM2NyZXQ=", heads[0])
        for word in ("s3cret", "ZGVzazpzM2NyZXQ="):
            self.assertNotIn(word, ran.out + ran.err)

    def test_the_environments_proxy_and_its_exceptions(self):
        server = self.serve(ticking)
        proxy, heads = self.proxy()
        env = {"HTTP_PROXY": f"http://127.0.0.1:{proxy.port}"}
        url = f"ws://vendor.invalid:{server.port}/"
        self.assertEqual(self.try_feed(url, **env).code, 0)
        self.assertEqual(len(heads), 1)
        self.refused_at(self.try_feed(url, **env, NO_PROXY="example.com,.invalid"), "dns")
        self.refused_at(self.try_feed(url, more='proxy = "none"', **env), "dns")
        self.assertEqual(self.try_feed(server.url, **env).code, 0, "loopback goes through no proxy of the environment")
        self.assertEqual(len(heads), 1)

    def test_a_proxy_that_wants_a_password(self):
        proxy, _ = self.proxy(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
        ran = self.try_feed("ws://vendor.invalid/", more=f'proxy = "http://127.0.0.1:{proxy.port}"')
        self.refused_at(ran, "proxy", "wants a user name and password (407", "proxy_env")

    def test_check_names_the_proxy(self):
        config = self.config("wss://vendor.invalid/", 'proxy = "http://desk@p.example:3128"')
        self.assertIn("priority 1, through proxy p.example:3128\n", self.run_yagura("check", "--config", config).out)

    def test_what_a_configuration_must_not_say(self):
        def problem(more, **env):
            ran = self.try_feed("ws://vendor.invalid/", more=more, **env)
            self.assertEqual(ran.code, 2, ran)
            self.assertNotIn("s3cret", ran.out + ran.err)
            return ran.err

        self.assertIn("secrets never stand in the file", problem('proxy = "http://u:s3cret@p:1"'))
        self.assertIn("wanted http://host:port", problem('proxy = "p"'))
        self.assertIn("one of them is wanted", problem('proxy = "p:1"\nproxy_env = "X"'))
        self.assertIn("no variable 'NO_SUCH'", problem('proxy_env = "NO_SUCH"'))
        self.assertIn("HTTP_PROXY: proxy", problem("", HTTP_PROXY="socks5://u:s3cret@p:1"))


class LiveWithoutKeys(FeedsTest):
    FILE = ROOT / "config/live-nokey.toml"

    def test_the_file_is_good(self):
        ran = self.run_yagura("check", "--config", self.FILE)
        self.assertEqual(ran.code, 0, ran)
        self.assertRegex(ran.out, r"feed +gmo +gmo, wss://.+, priority 1\nfeed +yahoo +yahoo, wss://")

    def test_without_a_network_each_feed_says_why_and_goes_on_trying(self):
        # Names that do not exist anywhere, so that a machine with a network sees the same.
        text = self.FILE.read_text()
        for vendor in ("gmo", "yahoo"):
            text = text.replace(f'vendor = "{vendor}" ', f'url = "wss://{vendor}.invalid/"\nvendor = "{vendor}" ')
        monitor = self.monitor("--config", self.write("live.toml", text))
        for name in ("gmo", "yahoo"):
            feed = eventually(lambda: self.tried(monitor, name), f"attempts of {name}", 20)
            self.assertEqual((feed["vendor"], feed["reason"], feed["ticks"], feed["speaks"]), (name, "dns", 0, []))
            self.assertIn(f"{name}.invalid: Host not found", feed["why"])
            self.assertIn(feed["state"], ("BACKOFF", "CONNECTING"))
            lost = re.findall(rf"warning feed {name}: BACKOFF, dns: {name}\.invalid: Host not found", monitor.err)
            self.assertEqual(len(lost), 1, "the same reason once a minute:\n" + monitor.err)
        yen = monitor.instrument("USDJPY")["feed"]
        self.assertEqual([s["feed"] for s in yen["sources"]], ["gmo", "yahoo"])
        self.assertEqual(monitor.stop(), 0)

    @staticmethod
    def tried(monitor, name):
        feed = monitor.feed(name)
        return feed["attempts"] >= 4 and feed["state"] == "BACKOFF" and feed["next_attempt_ms"] is not None and feed


if __name__ == "__main__":
    unittest.main()

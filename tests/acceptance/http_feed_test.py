"""Feeds that need more than a WebSocket: a stream over HTTP, a log-in before the connection, frames
that the settings explain. Served by `yagura replay`, taken by `yagura record`."""

import json
import unittest

from support import AcceptanceTest

TICKS = 500


class HttpFeeds(AcceptanceTest):
    def ticks(self):
        rows = [f"{1770595200000 + 100 * i},157.{100 + i % 50},157.{103 + i % 50}" for i in range(TICKS)]
        return self.write("ticks.csv", "\n".join(["ts_ms,bid,ask", *rows]) + "\n")

    def record(self, vendor, url, more, source=None, served_as=None, theirs="USDJPY"):
        """A capture of what a replay of `source` brings, its frames, and its configuration."""
        server = self.start("replay", "--as", served_as or vendor, "--listen", "127.0.0.1:0", "--speed", "max", "--exit-at-end",
                            source or f"USDJPY={self.ticks()}")
        port = server.await_err(r"on (?:ws|http)://127\.0\.0\.1:(\d+)")[1]
        config = self.write(f"{vendor}.toml", f"""
[[feed]]
name = "f"
vendor = "{vendor}"
url = "{url.format(port=port)}"
symbols = {{ USDJPY = "{theirs}" }}
{more}""")
        out = self.dir / f"{vendor}{len(list(self.dir.glob('*.ycap')))}.ycap"
        recorder = self.start("record", "--config", config, "--out", out)
        recorder.await_err(r"BACKOFF, socket_closed", 30)  # after the last frame
        self.assertEqual(recorder.stop(), 0)
        frames = [json.loads(line) for line in out.read_text().splitlines()[1:]]
        return out, frames, config

    def accepted(self, config, capture):
        ran = self.run_yagura("backtest", "--config", config, capture, seconds=60)
        self.assertEqual(ran.code, 0, str(ran))
        return f"{TICKS} accepted" in ran.out + ran.err

    def test_oanda_streams_over_http_and_its_capture_does_again(self):
        self.env["OANDA_TOKEN"] = "t0p-s3cret"
        more = 'token_env = "OANDA_TOKEN"\naccount = "101"\n'
        first, frames, config = self.record("oanda", "http://127.0.0.1:{port}", more, theirs="USD_JPY")
        self.assertTrue(self.accepted(config, first))
        self.assertNotIn("t0p-s3cret", first.read_text())
        _, again, _ = self.record("oanda", "http://127.0.0.1:{port}", more, source=first, theirs="USD_JPY")
        prices = [f["frame"] for f in frames if "PRICE" in f["frame"]]
        self.assertEqual([f["frame"] for f in again if "PRICE" in f["frame"]], prices)

    def test_ibkr_logs_in_before_it_connects(self):
        capture, frames, config = self.record("ibkr", "ws://127.0.0.1:{port}/v1/api/ws", "", theirs="15016059")
        self.assertTrue(self.accepted(config, capture))
        sent = [f["frame"] for f in frames if f["dir"] == "out"]
        self.assertEqual(sent[0], '{"session":"REDACTED"}')

    def test_json_reads_what_its_settings_say_and_nothing_without_them(self):
        more = """[feed.json]
subscribe = '{"type":"subscribe","symbols":{symbols}}'
symbol = "/symbol"
bid = "/bid"
ask = "/ask"
time = "/ts_ns"
time_unit = "ns"
"""
        capture, _, config = self.record("json", "ws://127.0.0.1:{port}/", more, served_as="native")
        self.assertTrue(self.accepted(config, capture))
        other = self.write("other.toml", "[console]\nenabled = false\n")
        ran = self.run_yagura("backtest", "--config", other, capture)
        self.assertEqual(ran.code, 2, str(ran))
        self.assertIn("settings", ran.err)
        ran = self.run_yagura("decode", "--vendor", "json", stdin=b"{}\n")
        self.assertEqual(ran.code, 2, str(ran))


if __name__ == "__main__":
    unittest.main()

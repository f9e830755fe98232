"""B9 and B10: numbers and times that cannot be, in three vendors' languages. Each is refused with a
reason or counted as an error, none makes an alert, and the next good tick works."""

import base64
import datetime
import struct
import time
import unittest

from fault_case import FaultCase
from fault_proxy import frame
from support import eventually

BAD_NUMBERS = ["NaN", "Infinity", "-Infinity", "1e308", "1,234.5", "150.1.2", "0x96", "150.6f", "９９", "9" * 400, "--150"]
BAD_PRICES = ["-150.6", "15.06", "1506", "1.506", "0.001", "100", "230"]  # numbers, but not of this market


def varint(value):
    out = b""
    while value > 0x7F:
        out += bytes([value & 0x7F | 0x80])
        value >>= 7
    return out + bytes([value])


class Values(FaultCase):
    def begin(self, vendor, theirs, future_limit="off"):
        self.start_feeds(steps=2, step_seconds=4, vendor=vendor, theirs=theirs)
        self.config.write_text(self.config.read_text().replace('future_limit = "off"', f'future_limit = "{future_limit}"'))
        self.start_monitor()
        self.begun = self.m.feed("sick")["ticks"]

    def all_refused(self, values, write, *, silently=0):
        """Each is an error of the feed, or a tick that a rule refused; `silently`: so many are nothing at
        all. `write(value, ts)`: the frame's text; the time is just after the last tick's."""

        def counts():
            row, instrument = self.m.feed("sick"), self.m.instrument("USDJPY")
            return row["errors"] + row["one_sided"] + sum(instrument["rejected"].values())

        before = counts()
        for value in values:
            ticks = self.m.feed("sick")["ticks"]
            self.proxy.link.inject(frame(write(value, self.m.instrument("USDJPY")["ts_event_ns"] + 1_000_000)))
            eventually(lambda: self.m.feed("sick")["ticks"] > ticks + 1, "the next good tick")
        self.assertEqual(counts() - before, len(values) - silently, (values, self.m.feed("sick"), self.m.instrument("USDJPY")["rejected"]))
        self.assertEqual((self.m.feed("sick")["state"], self.m.feed("sick")["reconnects"]), ("LIVE", 0))

    def refused_by(self, *reasons):
        return sum(self.m.instrument("USDJPY")["rejected"][reason] for reason in reasons)

    def test_native(self):
        self.begin("native", "USDJPY")

        def tick(price, ts):
            return f'{{"type":"tick","symbol":"USDJPY","ts_ns":{ts},"price":"{price}"}}'

        self.all_refused(BAD_NUMBERS + BAD_PRICES + [""], tick)
        self.all_refused(["0", "0.000", "null"], tick, silently=2)
        self.all_refused(["NaN", "1e308", "-150.6", "[1]", "{}", "true"], lambda v, ts: tick(v, ts).replace(f'"{v}"', v))
        self.all_refused([("150.9", "150.1")], lambda v, ts: f'{{"type":"tick","symbol":"USDJPY","ts_ns":{ts},"bid":"{v[0]}","ask":"{v[1]}"}}')
        self.assertGreaterEqual(self.refused_by("not_positive", "decimal_slip", "implausible", "crossed"), len(BAD_PRICES) - 1)
        self.finish()

    def test_gmo(self):
        self.begin("gmo", "USD_JPY")

        def quote(prices, ts):
            at = datetime.datetime.fromtimestamp(ts / 1e9, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
            bid, ask = prices if isinstance(prices, tuple) else (prices, prices)
            return f'{{"symbol":"USD_JPY","ask":"{ask}","bid":"{bid}","timestamp":"{at}","status":"OPEN"}}'

        self.all_refused(BAD_NUMBERS + BAD_PRICES + [""], quote)
        self.all_refused([("150.900", "150.100"), ("0", "150.5"), ("150.5", "0")], quote)
        self.all_refused(["0"], quote, silently=1)
        self.finish()

    def test_yahoo(self):
        self.begin("yahoo", "JPY=X")

        def message(price, ts):
            body = b"\x0a\x05JPY=X\x15" + struct.pack("<f", price) + b"\x18" + varint(ts // 1_000_000 * 2)
            return f'{{"type":"pricing","message":"{base64.b64encode(body).decode()}"}}'

        self.all_refused([float("nan"), float("inf"), -float("inf"), 1e38, -150.6, 15.06, 1506.0, 100.0, 230.0], message)
        self.all_refused([0.0], message, silently=1)
        self.finish()

    def test_times(self):
        self.begin("native", "USDJPY", "2s")

        def tick(at, _):
            return f'{{"type":"tick","symbol":"USDJPY","ts_ns":{at},"price":"150.7"}}'

        second = 1_000_000_000
        now = time.time_ns()
        self.all_refused([now + 3600 * second, now + 20 * second], tick)
        self.assertEqual(self.refused_by("future"), 2)
        self.all_refused([now - 60 * second, now // 1_000_000, now // second, 0, -1], tick)
        self.all_refused(['"soon"', 2**63, 1.5, "[]"], tick)
        self.finish()


if __name__ == "__main__":
    unittest.main()

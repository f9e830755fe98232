"""B6: bytes that mean nothing, and frames that RFC 6455 forbids."""

import random
import unittest

from fault_case import FIRST_ATTEMPT, LONG, FaultCase
from fault_proxy import BINARY, PING, close_frame, frame

# Whole messages: counted, and the connection goes on.
MESSAGES = [
    frame("garbage"),
    frame(""),
    frame("{"),
    frame("[" * 10_000 + "]" * 10_000),
    frame('{"a":' * 10_000),
    frame('{"type":"tick","symbol":"USDJPY","price":"150'),
    frame("\x00\x1b[31m\x07"),
    frame(bytes(range(256)), BINARY),
    frame("null"),
    frame('{"type":"tick"}'),
    frame("x" * 900_000),
]
# Broken protocol: the connection ends, and comes back.
FRAMES = {
    "text that is not UTF-8": frame(b"\xff\xfe"),
    "RSV1, a compressed frame": frame(b"\xaa\x56\x2a", rsv=4),
    "RSV2": frame("x", rsv=2),
    "RSV3": frame("x", rsv=1),
    "opcode 3": frame("x", 3),
    "opcode 11": frame("x", 11),
    "a ping in two parts": frame("x", PING, fin=False),
    "a ping of 126 bytes": frame("x" * 126, PING),
    "a continuation of nothing": frame("x", 0),
    "a message inside a message": frame("x", fin=False) + frame("y"),
    "a masked frame": b"\x81\x81\x00\x00\x00\x00x",
    "a length of 2^63": b"\x81\x7f" + b"\xff" * 8,
}


class Garbage(FaultCase):
    def test_messages_and_frames(self):
        self.start_feeds(steps=5, step_seconds=2.5)
        self.start_monitor()
        for message in MESSAGES:
            self.proxy.link.inject(message)
        self.await_feed(errors=len(MESSAGES))
        row = self.m.feed("sick")
        self.assertEqual((row["state"], row["reconnects"]), ("LIVE", 0))
        self.assertNotIn("\x1b", row["last_error"])
        self.m.await_err(r"feed sick: \d+ more errors?, the last: ")

        for name, bytes_ in FRAMES.items():
            with self.subTest(name):
                known = len(self.proxy.attempts)
                self.proxy.flowing.clear()
                self.proxy.link.inject(bytes_)
                self.assertLess(self.first_attempt(known + 1), FIRST_ATTEMPT)
                self.await_reason("garbage")
                self.proxy.flowing.set()
                self.await_well_again()
        # No close code there is: neither crash nor a loop.
        for code in (0, 999, 1005, 1006, 1015, 65535):
            known = len(self.proxy.attempts)
            self.proxy.link.inject(close_frame(code))
            self.first_attempt(known + 1)
            self.await_well_again()
        self.assertEqual(self.m.feed("sick")["reconnects"], len(FRAMES) + 6)
        self.finish()

    @unittest.skipUnless(LONG, "a long sweep: YAGURA_LONG=1")
    def test_any_byte_flipped(self):
        """Heads and beginnings of frames; what a flipped digit does is the outlier filter's business."""
        self.start_feeds(steps=2, step_seconds=60)
        self.start_monitor()
        dice = random.Random(1)

        def flip(whole, _):
            if whole.startswith(b"HTTP/") or dice.random() > 0.2:
                return whole
            at = dice.randrange(min(len(whole), 18))
            return whole[:at] + bytes([whole[at] ^ 1 << dice.randrange(8)]) + whole[at + 1 :]

        self.proxy.alter = flip
        self.await_step(1, "EURJPY", 90)
        self.proxy.alter = None
        self.await_well_again(40)
        self.finish(complete=False)


class GarbageToOtherVendors(FaultCase):
    def hold(self, vendor, theirs, messages):
        self.start_feeds(steps=3, step_seconds=1.5, vendor=vendor, theirs=theirs)
        self.start_monitor()
        for message in messages:
            self.proxy.link.inject(message)
        self.await_feed(errors=len(messages))
        self.assertEqual((self.m.feed("sick")["state"], self.m.feed("sick")["reconnects"]), ("LIVE", 0))
        self.finish()

    def test_gmo(self):
        # A tick without a price means nothing to this vendor, and is no error.
        self.hold("gmo", "USD_JPY", [message for message in MESSAGES if b"tick\"}" not in message])

    def test_yahoo(self):
        # A JSON message of another type is none of ours.
        self.hold("yahoo", "JPY=X", [message for message in MESSAGES if b"tick\"}" not in message])


if __name__ == "__main__":
    unittest.main()

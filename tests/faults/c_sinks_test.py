"""C1 to C6: places that are down, slow, lying or hostile. Nothing is lost, a repeat carries the same id
and bytes, and neither detection nor a healthy place waits."""

import json
import ssl
import subprocess
import time
import unittest

from sink_case import LONG, SinkCase  # first: it says where the rest is
from hook_server import answer, drip, hang_up, say_nothing
from support import eventually

DOWN_SECONDS = 60 if LONG else 2.0


class FailingPlace(SinkCase):
    def test_c1_everything_arrives_after_an_outage(self):
        begun = time.time()
        ways = [answer(500), answer(503), hang_up]
        hook = self.hook(lambda hit, n: answer() if time.time() - begun > DOWN_SECONDS else ways[n % 3])
        healthy = self.hook()
        self.begin(self.sink("sick", hook.url) + self.sink("well", healthy.url))
        alerts = self.await_delivered(healthy)
        self.assert_on_time(healthy)
        eventually(lambda: len(self.deliveries("state = 1 and sink = 'sick'")) == len(alerts), "all delivered", DOWN_SECONDS + 70)
        tries = [hit for hit in hook.seen() if hit.key == hook.seen()[0].key]
        self.assertGreater(len(tries), 1)
        self.assertEqual(len({hit.body for hit in tries}), 1, "the same bytes every time")
        self.assertEqual({hit.alert["id"] for hit in hook.seen()}, alerts)
        self.end()

    def test_c1_refused_connections(self):
        place = self.hook()
        place.close()
        self.begin(self.sink("gone", place.url), steps=4)
        self.await_levels()
        eventually(lambda: any(attempts > 1 for _, _, attempts, _, _ in self.deliveries()), "a second try")
        self.end()
        again = self.hook(port=place.port)
        self.monitor()
        self.await_delivered(again, seconds=70)
        self.end()

    def test_c2_retry_after_is_obeyed(self):
        hook = self.hook(lambda hit, n: answer(429, [("Retry-After", "2")]) if n == 0 else answer())
        self.begin(self.sink("busy", hook.url), steps=4, step_seconds=0.2)
        self.await_delivered(hook)
        hits = hook.seen()
        self.assertGreaterEqual(hits[1].at - hits[0].at, 1.98, "nothing before it, of any alert")
        self.end()

    def test_c3_a_place_that_never_answers_or_drips(self):
        mute, slow, healthy = self.hook(lambda *_: say_nothing), self.hook(lambda *_: drip), self.hook()
        self.begin(
            self.sink("mute", mute.url, 'timeout = "700ms"')
            + self.sink("slow", slow.url, 'timeout = "700ms"')
            + self.sink("well", healthy.url)
        )
        self.await_delivered(healthy)
        self.assert_on_time(healthy)
        for sick in (mute, slow):
            eventually(lambda: len(sick.seen()) >= 2, "given up and tried again")
            self.assertLess(sick.seen()[1].at - sick.seen()[0].at, 2.0)
        started = time.monotonic()
        self.end()
        self.assertLess(time.monotonic() - started, 10)

    def test_c4_the_answer_is_lost(self):
        hook = self.hook(lambda hit, n: hang_up if n == 0 else answer())
        self.begin(self.sink("desk", hook.url), steps=3)
        alerts = self.await_delivered(hook)
        eventually(lambda: len(self.deliveries("state = 1")) == len(alerts), "all marked")
        first = [hit for hit in hook.seen() if hit.key == hook.seen()[0].key]
        self.assertEqual(len(first), 2)
        self.assertEqual(first[0].body, first[1].body)
        self.end()

    def test_c5_one_alert_that_is_refused(self):
        hook = self.hook(lambda hit, n: answer(400) if hit.alert["level"] == "152" and hit.alert["event"] == "reached" else answer())
        self.begin(self.sink("picky", hook.url), steps=6)
        alerts = self.await_delivered(hook)
        eventually(lambda: len(self.deliveries("state = 1")) == len(alerts) - 1, "the others went on")
        dead = self.deliveries("state = 2")
        self.assertEqual([(sink, attempts) for sink, _, attempts, _, _ in dead], [("picky", 1)])
        self.assertIn("400", dead[0][3])
        self.end()

    def test_c5_gone_redirected_untrusted(self):
        gone = self.hook(lambda *_: answer(410))
        target = self.hook()
        moved = self.hook(lambda *_: answer(302, [("Location", target.url)]))
        certificate, key = self.dir / "cert.pem", self.dir / "key.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1", "-keyout", key, "-out", certificate], check=True, capture_output=True)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        untrusted = self.hook(tls=context)
        self.begin(self.sink("gone", gone.url) + self.sink("moved", moved.url) + self.sink("untrusted", untrusted.url))
        alerts = self.await_levels()
        eventually(lambda: len(moved.seen()) >= len(alerts), "each was tried")
        eventually(lambda: self.deliveries("sink = 'untrusted' and attempts > 0"), "an attempt at the untrusted place")
        self.assertEqual(len(gone.seen()), 1, "switched off after the first")
        self.m.await_err(r"(?i)sink gone.*410")
        self.assertEqual(target.seen(), [], "a redirect is not followed")
        self.assertEqual(untrusted.seen(), [], "nothing is said to a place that cannot be trusted")
        self.assertIn("certificate", self.deliveries("sink = 'untrusted' and attempts > 0")[0][3].lower())
        self.end()
        self.assertEqual({state for _, state, *_ in self.deliveries("sink = 'gone'")}, {0}, "kept for the next start")

    def test_c6_a_long_outage_under_many_alerts(self):
        count = 10_000 if LONG else 1_200
        open_again = []
        hook = self.hook(lambda hit, n: answer() if open_again else answer(503))
        chat = self.hook(lambda hit, n: answer() if open_again else answer(503))
        self.begin(
            self.sink("hook", hook.url) + self.sink("chat", chat.url, 'rate = "100/s"\nburst = 5', kind="slack"),
            steps=count + 1, step_seconds=0.02, spacing=0.01, speed="max" if LONG else "20",
        )
        self.await_levels(60)
        before = self.rss()
        self.await_levels(count, 600)
        self.assertLess(self.rss() - before, 64 << 20)
        if LONG:
            time.sleep(600)
        open_again.append(True)
        eventually(lambda: not self.deliveries("sink = 'hook' and state <> 1"), lambda: f"{len(self.deliveries('state = 0'))} wait", 240)
        self.assertEqual({hit.alert["id"] for hit in hook.seen()}, self.ids(), "every alert by itself, none lost")
        eventually(lambda: not self.deliveries("sink = 'chat' and state = 0"), "the chat has caught up", 240)
        texts = [json.dumps(hit.alert) for hit in chat.seen()]
        folded = {id for _, _, _, _, id in self.deliveries("sink = 'chat' and state = 4")}
        self.assertGreater(len(folded), count // 2)
        self.assertLess(len(self.deliveries("sink = 'chat' and state = 1")), count // 2)
        self.assertTrue(any(id[:8] in text for id in folded for text in texts[-3:]), "a summary lists short ids")
        self.assertEqual(self.deliveries("state in (2, 3)"), [])
        self.end()


if __name__ == "__main__":
    unittest.main()

"""Mail, as a real server with TLS receives it (aiosmtpd), read back by Python's email package. The channel runs
in tests/support/send_letter."""

import email
import email.policy
import json
import logging
import os
import pathlib
import socket
import ssl
import struct
import subprocess
import tempfile
import threading
import time
import unittest
import warnings

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult

logging.getLogger("mail.log").setLevel(logging.CRITICAL + 1)  # what goes wrong is meant to
warnings.filterwarnings("ignore", module="aiosmtpd")
HOST = "127.0.0.1"
ID = "ab" * 16
PARENT = "cd" * 16
HOSTILE = (
    "<script>alert(1)</script> <b>&amp;</b>\r\nBcc: victim@example.com\r\n\r\n.\r\nQUIT\r\n"
    "\x1b[31mred\x1b]0;t\x07 \u202egnp.exe\u202c 🚀 日経平均 =?utf-8?q?x?= \u2028 \x00 end"
)


class Mailbox:
    """Keeps what arrives; answers as told."""

    def __init__(self):
        self.mails, self.refuse, self.data_answer, self.hold = [], {}, "250 2.0.0 taken", None

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 fine"

    async def handle_DATA(self, server, session, envelope):
        self.mails.append((list(envelope.rcpt_tos), envelope.original_content, session.ssl is not None))
        return self.data_answer


def make_certificates(folder):
    def run(*command):
        subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=30)

    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    for ca in ("ca", "other"):
        run("openssl", "req", "-x509", *key, "-keyout", f"{ca}.key", "-out", f"{ca}.pem", "-days", "2", "-subj", f"/CN={ca}")
    for name, alternative in (("good", "IP:127.0.0.1,DNS:localhost"), ("elsewhere", "DNS:mail.example.com")):
        (folder / f"{name}.ext").write_text(f"subjectAltName={alternative}\n")
        run("openssl", "req", *key, "-keyout", f"{name}.key", "-out", f"{name}.csr", "-subj", f"/CN={name}")
        run("openssl", "x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial",
            "-out", f"{name}.pem", "-days", "2", "-extfile", f"{name}.ext")  # fmt: skip


class Server(Controller):
    """aiosmtpd on a port of its own; `tls`: "starttls", "smtps" or None."""

    def __init__(self, mailbox, folder, tls="starttls", certificate="good", user=None):
        context = None
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(folder / f"{certificate}.pem", folder / f"{certificate}.key")
        self.starttls, self.user = context if tls == "starttls" else None, user
        super().__init__(mailbox, hostname=HOST, port=0, ssl_context=context if tls == "smtps" else None)

    def factory(self):
        more = {}
        if self.user:
            more = {"authenticator": self.check, "auth_required": True, "auth_require_tls": self.starttls is not None}
        return SMTP(self.handler, tls_context=self.starttls, require_starttls=self.starttls is not None, **more)

    def check(self, server, session, envelope, mechanism, data):
        if (data.login, data.password) == self.user:
            return AuthResult(success=True)
        return AuthResult(success=False, handled=False, message="535 5.7.8 wrong user or password")

    def _trigger_server(self):
        """Its first connection makes it ready."""
        self.port = self.server.sockets[0].getsockname()[1]  # it was asked for port 0
        with socket.create_connection((HOST, self.port), 5) as client:
            if self.ssl_context:
                with ssl._create_unverified_context().wrap_socket(client) as secured:
                    secured.recv(1)
            else:
                client.recv(1)


def body(mail, kind):
    return mail.get_body((kind,)).get_content().replace("\r\n", "\n")


class Channel:
    def __init__(self, **options):
        options.setdefault("kind", "email")
        self.process = subprocess.Popen(
            [os.environ["SEND_LETTER"], json.dumps(options)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env={"PATH": os.environ["PATH"], "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "")})  # fmt: skip

    def send(self, **letter):
        letter.setdefault("id", ID)
        letter.setdefault("title", "Nikkei 225 reached 57,000")
        letter.setdefault("text", "57,012.30, +1.2 % on the day.\nNext: 58,000.")
        self.process.stdin.write(json.dumps(letter) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def close(self):
        self.process.stdin.close()
        self.process.stdout.close()
        return self.process.wait(10)


class MailTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if not os.environ.get("SEND_LETTER"):
            raise unittest.SkipTest("set SEND_LETTER to build/dev/tests/support/send_letter")
        cls.temp = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.temp.cleanup)
        cls.folder = pathlib.Path(cls.temp.name)
        make_certificates(cls.folder)

    def server(self, **how):
        self.mailbox = Mailbox()
        server = Server(self.mailbox, self.folder, **how)
        server.start()
        self.addCleanup(server.stop)
        return server

    def channel(self, port, scheme="smtp", **options):
        options.setdefault("ca_file", str(self.folder / "ca.pem"))
        options.setdefault("to", ["trader@example.com"])
        channel = Channel(server=f"{scheme}://{HOST}:{port}", **options)
        self.addCleanup(channel.close)
        return channel

    def deliver(self, options=None, **letter):
        """The mail that arrives, parsed strictly."""
        attempt = self.channel(self.server().port, **(options or {})).send(**letter)
        self.assertEqual(attempt["result"], "delivered", attempt)
        return self.parse(self.mailbox.mails[-1][1])

    def parse(self, raw):
        self.assertTrue(all(len(line) <= 998 for line in raw.split(b"\r\n")))
        self.assertNotIn(b"\n", raw.replace(b"\r\n", b""))
        mail = email.message_from_bytes(raw, policy=email.policy.default)
        for part in mail.walk():
            self.assertEqual(part.defects, [], part.get_content_type())
        for value in mail.values():
            self.assertEqual(value.defects, (), value)
        return mail


class Message(MailTest):
    def test_structure_and_headers(self):
        prices = [[1770598800_000000000 + i * 15_000000000, str(56900 + i)] for i in range(200)]
        mail = self.deliver(
            {"prices": prices, "from": "Yagura Wächter <alerts@example.com>", "to": ["trader@example.com", "Desk <desk@example.com>"]},
            ts_event_ns=1770600120_000000000, ack_url="https://desk.example.com/ack?a=1&b=2", severity=3,
            json='{"price":"56988","level":"57000","levels":["57000"]}')  # fmt: skip
        self.assertEqual(self.mailbox.mails[0][0], ["trader@example.com", "desk@example.com"])
        self.assertTrue(self.mailbox.mails[0][2], "over TLS")
        self.assertEqual(mail["Message-ID"], f"<{ID}@example.com>")
        self.assertEqual(mail["X-Yagura-Id"], ID)
        self.assertEqual(mail["Auto-Submitted"], "auto-generated")
        self.assertEqual(mail["Subject"], "Nikkei 225 reached 57,000")
        self.assertIsNone(mail["In-Reply-To"])
        self.assertEqual(mail["From"].addresses[0].display_name, "Yagura Wächter")
        self.assertEqual(mail["From"].addresses[0].addr_spec, "alerts@example.com")
        self.assertEqual([a.addr_spec for a in mail["To"].addresses], ["trader@example.com", "desk@example.com"])
        self.assertLess(abs(mail["Date"].datetime.timestamp() - time.time()), 60)
        self.assertEqual([part.get_content_type() for part in mail.walk()],
            ["multipart/related", "multipart/alternative", "text/plain", "text/html", "image/png"])  # fmt: skip
        plain = body(mail, "plain")
        self.assertIn("57,012.30, +1.2 % on the day.\nNext: 58,000.\n", plain)
        self.assertIn("https://desk.example.com/ack?a=1&b=2", plain)
        html, picture = body(mail, "html"), list(mail.walk())[-1]
        self.assertIn('href="https://desk.example.com/ack?a=1&amp;b=2"', html)
        self.assertIn(f'src="cid:{picture["Content-ID"].strip("<>")}"', html)
        self.assertEqual(picture.get_content_disposition(), "inline")
        png = picture.get_content()
        self.assertEqual(struct.unpack(">8s4x4sII", png[:24]), (b"\x89PNG\r\n\x1a\n", b"IHDR", 960, 320))

    def test_follow_ups_thread_and_japanese_arrives(self):
        mail = self.deliver({"lang": "ja"}, id=ID, episode=PARENT, title="日経平均 57,000円に到達", text="57,012円30銭。\n次は58,000円。", ack_url="https://a.example/x")
        self.assertEqual(mail["In-Reply-To"], f"<{PARENT}@example.com>")
        self.assertEqual(mail["References"], f"<{PARENT}@example.com>")
        self.assertEqual(mail["Subject"], "日経平均 57,000円に到達")
        self.assertIn("57,012円30銭。\n次は58,000円。", body(mail, "plain"))
        self.assertIn("確認済みにする", body(mail, "html"))
        self.assertEqual([part.get_content_type() for part in mail.walk()], ["multipart/alternative", "text/plain", "text/html"])

    def test_hostile_text_is_text(self):
        mail = self.deliver(title=HOSTILE, text=HOSTILE, ack_url="javascript:alert(1)")
        self.assertEqual(len(self.mailbox.mails), 1)
        self.assertIsNone(mail["Bcc"])
        self.assertEqual(len(mail.keys()), 9, mail.keys())
        subject, plain = mail["Subject"], body(mail, "plain")
        for text in (subject, plain):
            self.assertIn("<script>alert(1)</script> <b>&amp;</b>", text)
            self.assertIn("🚀 日経平均 =?utf-8?q?x?=", text)
            self.assertIn("Bcc: victim@example.com", text)
            for mark in "\x1b\x07\u202e\u202c\u2028\x00":
                self.assertNotIn(mark, text)
        self.assertIn("\n.\nQUIT\n", plain)
        html = body(mail, "html")
        self.assertNotIn("<script", html)
        self.assertNotIn("href", html)
        self.assertIn("&lt;script&gt;alert(1)&lt;/script&gt; &lt;b&gt;&amp;amp;&lt;/b&gt;", html)

    def test_long_text_arrives_whole(self):
        for piece in ("0123456789", ".\n", "円", "=", " \n", "From x\n"):
            text = piece * (100_000 // len(piece))
            mail = self.deliver(title=text, text=text)
            self.assertTrue(body(mail, "plain").startswith(text), repr(piece))
            self.assertLess(len(mail["Subject"]), 250)

    def test_reminders_are_new_messages_and_attempts_are_not(self):
        channel = self.channel(self.server().port)
        for letter in ({}, {"attempt": 2}, {"purpose": 1}, {"purpose": 1}, {"purpose": 3}, {"event": "withdrawn"}):
            self.assertEqual(channel.send(**letter)["result"], "delivered")
            time.sleep(0.002)  # reminders are told apart by the millisecond
        ids = [self.parse(raw)["Message-ID"] for _, raw, _ in self.mailbox.mails]
        self.assertEqual(ids[0], ids[1])
        self.assertEqual(len(set(ids)), 5, ids)
        for _, raw, _ in self.mailbox.mails[2:]:
            self.assertEqual(self.parse(raw)["References"], f"<{ID}@example.com>")


class Connection(MailTest):
    def test_smtps(self):
        attempt = self.channel(self.server(tls="smtps").port, scheme="smtps").send()
        self.assertEqual((attempt["result"], attempt["detail"]), ("delivered", "250 2.0.0 taken"))

    def test_log_in(self):
        port = self.server(user=(b"desk", b"hunter2")).port
        self.assertEqual(self.channel(port, user="desk", password="hunter2").send()["result"], "delivered")
        wrong = self.channel(port, user="desk", password="hunter3").send()
        self.assertEqual(wrong["result"], "failed", "the letter is not what is refused")
        self.assertEqual(wrong["retry_after_s"], 60)
        self.assertIn("535 5.7.8 wrong user or password", wrong["detail"])
        self.assertNotIn("hunter", wrong["detail"])
        self.assertEqual(len(self.mailbox.mails), 1)

    def test_certificates_are_checked(self):
        for how, ca, reason in (({"certificate": "elsewhere"}, "ca", "no alternative certificate subject name matches"),
                                ({}, "other", "unable to get local issuer certificate")):  # fmt: skip
            for tls, scheme in (("starttls", "smtp"), ("smtps", "smtps")):
                port = self.server(tls=tls, **how).port
                attempt = self.channel(port, scheme=scheme, ca_file=str(self.folder / f"{ca}.pem")).send()
                self.assertEqual(attempt["result"], "failed")
                self.assertIn(reason, attempt["detail"])
                self.assertEqual(self.mailbox.mails, [])

    def test_nothing_goes_out_in_the_clear(self):
        port = self.server(tls=None).port
        attempt = self.channel(port, user="desk", password="hunter2").send()
        self.assertEqual(attempt["result"], "failed")
        self.assertIn("STARTTLS", attempt["detail"])
        self.assertEqual(self.mailbox.mails, [])
        self.assertEqual(self.channel(port, starttls=False).send()["result"], "delivered", "a relay on this machine")

    def test_nobody_listens(self):
        with socket.create_server((HOST, 0)) as listener:
            port = listener.getsockname()[1]
        attempt = self.channel(port).send()
        self.assertEqual(attempt["result"], "failed")
        self.assertIn("Connection refused", attempt["detail"])


class Answers(MailTest):
    def test_refused_and_put_off(self):
        channel = self.channel(self.server().port)
        self.mailbox.data_answer = "550 5.7.1 looks like spam"
        attempt = channel.send()
        self.assertEqual((attempt["result"], attempt["detail"]), ("refused", "550 5.7.1 looks like spam"))
        self.mailbox.data_answer = "452 4.2.2 mailbox full"
        attempt = channel.send()
        self.assertEqual((attempt["result"], attempt["detail"], attempt["retry_after_s"]), ("failed", "452 4.2.2 mailbox full", 60))
        self.mailbox.data_answer = "250 fine"
        self.assertEqual(channel.send(attempt=2)["result"], "delivered")
        self.assertEqual(len({email.message_from_bytes(raw)["Message-ID"] for _, raw, _ in self.mailbox.mails}), 1)

    def test_each_recipient_gets_it_once(self):
        channel = self.channel(self.server().port, to=["a@example.com", "grey@example.com", "gone@example.com"])
        self.mailbox.refuse = {"grey@example.com": "450 4.2.0 later", "gone@example.com": "550 5.1.1 no such user"}
        attempt = channel.send()
        self.assertEqual(attempt["result"], "failed")
        self.assertIn("grey@example.com: 450 4.2.0 later", attempt["detail"])
        self.assertIn("gone@example.com: 550 5.1.1 no such user", attempt["detail"])
        del self.mailbox.refuse["grey@example.com"]
        self.assertEqual(channel.send(attempt=2)["result"], "delivered")
        self.assertEqual([to for to, _, _ in self.mailbox.mails], [["a@example.com"], ["grey@example.com"]])

    def test_all_recipients_refused(self):
        channel = self.channel(self.server().port, to=["a@example.com", "b@example.com"])
        self.mailbox.refuse = {"a@example.com": "550 5.1.1 no such user", "b@example.com": "553 5.1.3 bad"}
        attempt = channel.send()
        self.assertEqual((attempt["result"], attempt["detail"]), ("refused", "a@example.com: 550 5.1.1 no such user; b@example.com: 553 5.1.3 bad"))
        self.mailbox.refuse["b@example.com"] = "450 4.2.0 later"
        self.assertEqual(channel.send()["result"], "failed")


class Script:
    """A server that answers each command with the next of its lines, the message with `last`, and then says
    nothing more, or `drip` again and again."""

    def __init__(self, test, lines, last=None, drip=None):
        self.lines, self.last, self.drip = lines, last, drip
        self.listener = socket.create_server((HOST, 0))
        self.port = self.listener.getsockname()[1]
        thread = threading.Thread(target=self.serve)
        test.addCleanup(thread.join, 10)  # the channel is gone by then
        test.addCleanup(self.listener.close)
        thread.start()

    def serve(self):
        client, _ = self.listener.accept()
        with client, client.makefile("rb") as commands:
            try:
                for number, line in enumerate(self.lines):
                    if number:
                        commands.readline()
                    client.sendall(line.encode() + b"\r\n")
                if self.last:
                    while commands.readline() not in (b".\r\n", b""):
                        pass
                    client.sendall(self.last.encode() + b"\r\n")
                while self.drip:
                    client.sendall(self.drip)
                    time.sleep(0.05)  # the beat of the drip
                while commands.readline():
                    pass
            except OSError:
                pass


class Slow(MailTest):
    GREETING = ["220 hello", "250 fine", "250 fine", "250 fine", "354 go on"]

    def relay(self, lines, last=None, drip=None, **options):
        return self.channel(Script(self, lines, last, drip).port, starttls=False, **options)

    def test_mute_and_dripping_servers_are_left_at_the_limit(self):
        for lines, drip in (([], None), (["220 hello"], None), (self.GREETING[:2], None), ([], b"2"), (["220 hello"], b"250-x\r\n")):
            with self.subTest(lines=lines, drip=drip):
                attempt = self.relay(lines, drip=drip, timeout_ms=500).send()
                self.assertEqual(attempt["result"], "failed")
                self.assertIn("within 500ms", attempt["detail"])
                self.assertGreater(attempt["seconds"], 0.45)
                self.assertLess(attempt["seconds"], 1.5)

    def test_stop_ends_an_attempt(self):
        for lines in ([], ["220 hello"], self.GREETING[:3], self.GREETING):
            with self.subTest(lines=lines):
                attempt = self.relay(lines).send(stop_after_ms=300)
                self.assertEqual((attempt["result"], attempt["detail"]), ("failed", "stopped"))
                self.assertLess(attempt["seconds"], 0.6)

    def test_an_answered_mail_hardly_waits_for_the_goodbye(self):
        for last, result, limit in (("250 taken", "delivered", 1), ("554 no", "refused", 3)):
            with self.subTest(last=last):
                attempt = self.relay(self.GREETING, last).send()
                self.assertEqual((attempt["result"], attempt["detail"]), (result, last))
                self.assertLess(attempt["seconds"], limit)


if __name__ == "__main__":
    unittest.main()

"""Where there is no screen: `yagura console` prints lines, `yagura run` as ever. Readers that stop or go away (row D6)."""

import fcntl
import os
import re
import select
import signal
import ssl
import subprocess
import unittest

from canned import ALERTS, CannedConsole, state_of
from terminal_case import HOST, PATIENCE, TerminalTest, WebSocket, binary, eventually, free_port

SECRET = "s" * 40
TOKEN = """
[console]
token_env = "YAGURA_TEST_TOKEN"
"""


class LinesTest(TerminalTest):
    def begin(self, *more, **options):
        monitor = self.monitor("--config", self.config(), "--plain", *more, **options)
        self.tick("100500")
        for thousand in range(101, 104):
            self.tick(f"{thousand}000.5")
        monitor.await_out("reached 103,000")
        return monitor

    def attach(self, monitor, *more):
        return self.start("console", "--plain", "--url", "ws://%s:%d/ws" % monitor.address, *more)

    def test_the_same_lines_as_the_monitor(self):
        monitor = self.begin()
        viewer = self.attach(monitor)
        viewer.await_out("reached 103,000")
        self.tick("104000.5")
        monitor.await_out("reached 104,000")
        viewer.await_out("reached 104,000")
        self.assertEqual(viewer.out, monitor.out)
        self.assertEqual(viewer.stop(), 0)

    def test_a_monitor_that_is_killed_and_comes_back_loses_and_doubles_nothing(self):
        port = free_port()
        monitor = self.begin(console=f"{HOST}:{port}")
        viewer = self.attach(monitor)
        viewer.await_out("reached 103,000")
        monitor.stop(signal.SIGKILL)
        viewer.await_err("trying again")
        again = self.monitor("--config", self.dir / "yagura.toml", "--plain", console=f"{HOST}:{port}")
        again.await_err("desk: SUBSCRIBED")  # before that a tick would go to the one before
        self.tick("104000.5")
        again.await_out("reached 104,000")
        viewer.await_out("reached 104,000", PATIENCE)
        viewer.await_err("connected again")
        self.assertEqual([viewer.out.count(f"reached {n},000") for n in range(101, 105)], [1, 1, 1, 1])

    def test_what_cannot_work_is_one_line(self):
        self.env["YAGURA_TEST_TOKEN"] = SECRET
        monitor = self.monitor("--config", self.config(more=TOKEN), "--plain")
        wrong = self.write("token", "x" * 40)
        os.chmod(wrong, 0o600)
        page = "http://%s:%d" % monitor.address
        closed = free_port()
        for arguments, code, words in (
            (["--url", f"{HOST}:{closed}"], 1, f"{HOST}:{closed}: Connection refused"),
            (["--url", page], 1, "wants a token"),
            (["--url", page, "--token-file", wrong], 1, "wants a token"),
            (["--url", page, "--token-file", self.dir / "none"], 2, "--token-file: "),
            (["--url", "ftp://desk"], 2, "--url: "),
            (["--url", page + "/ws?token=" + "x" * 40], 2, "takes no query"),
        ):
            with self.subTest(arguments):
                outcome = self.run_yagura("console", "--plain", *arguments)
                self.assertEqual((outcome.code, outcome.out), (code, ""), str(outcome))
                self.assertEqual(len(outcome.err.splitlines()), 1, str(outcome))
                self.assertIn(words, outcome.err)
                self.assertNotIn("x" * 40, outcome.err)

    def test_a_certificate_that_nobody_vouches_for_until_somebody_does(self):
        key, certificate = self.dir / "key.pem", self.dir / "certificate.pem"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
             "-keyout", key, "-out", certificate, "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"],
            capture_output=True, timeout=PATIENCE, check=True,
        )  # fmt: skip
        trust = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        trust.load_cert_chain(certificate, key)

        def talk(sock):
            with trust.wrap_socket(sock, server_side=True) as secure:
                live = WebSocket.accept(secure)
                live.send({"type": "hello", "state": state_of([])})
                live.receive_until(lambda message: False, 30)

        server = self.serve(talk, raw=True)
        url = f"https://localhost:{server.port}/"
        outcome = self.run_yagura("console", "--plain", "--url", url)
        self.assertEqual(outcome.code, 1, str(outcome))
        self.assertIn("self-signed certificate", outcome.err)
        self.assertIn("SSL_CERT_FILE", outcome.err)
        self.env["SSL_CERT_FILE"] = str(certificate)
        self.start("console", "--plain", "--url", url).await_err("the alerts of localhost")

    def test_the_token_opens(self):
        self.env["YAGURA_TEST_TOKEN"] = SECRET
        monitor = self.monitor("--config", self.config(more=TOKEN), "--plain")
        self.tick("100500")
        self.tick("101000.5")
        self.env["YAGURA_TOKEN"] = SECRET
        self.attach(monitor).await_out("reached 101,000")

    def test_a_reader_that_takes_one_line(self):
        monitor = self.begin()
        for command in ([binary(), "console", "--plain", "--url", "http://%s:%d" % monitor.address],):
            viewer = subprocess.Popen(command, env=self.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            self.addCleanup(viewer.stderr.close)
            self.assertTrue(viewer.stdout.readline())
            viewer.stdout.close()
            self.assertIn(viewer.wait(PATIENCE), (0, 1))
            self.assertNotIn(b"terminate", viewer.stderr.read())
        self.assertTrue(monitor.running())

    def test_a_reader_that_goes_away_from_the_monitor_does_not_end_it(self):
        read, write = os.pipe()
        monitor = self.monitor("--config", self.config(), "--plain", stdout=write)
        os.close(write)
        self.tick("100500")
        self.tick("101000.5")
        self.assertTrue(os.read(read, 1))
        os.close(read)
        self.tick("102000.5")
        eventually(lambda: monitor.state()["alerts"]["last_seq"] >= 2, "the next alert", PATIENCE)
        self.assertEqual(monitor.stop(), 0)

    def test_a_reader_that_stands_still_does_not_stop_the_viewers_end(self):
        monitor = self.begin()
        read, write = os.pipe()
        self.addCleanup(os.close, read)
        fcntl.fcntl(write, fcntl.F_SETPIPE_SZ, 4096)
        viewer = self.start("console", "--plain", "--url", "http://%s:%d" % monitor.address, stdout=write)
        self.addCleanup(os.close, write)
        for thousand in range(104, 400):
            self.tick(f"{thousand}000.5")
        viewer.await_err("the alerts of")
        eventually(lambda: select.select([], [write], [], 0)[1] == [], "a full pipe", PATIENCE)
        self.assertEqual(viewer.stop(), 0)


class OverrunTest(TerminalTest):
    def test_more_than_fits_ends_the_connection_and_nothing_is_missed(self):
        """12,000 alerts, 24 MB, for a reader that stands still: 16 MiB may wait, the rest is asked for again."""
        alerts = [
            {**ALERTS[-1], "seq": n, "id": f"{n:032x}", "title": f"number {n:05}.", "text": "x" * 1000} for n in range(1, 12_001)
        ]
        console = CannedConsole(alerts, state_of(alerts[:200]))
        self.addCleanup(console.__exit__)
        read, write = os.pipe()
        viewer = self.start("console", "--plain", "--url", "http://%s:%d" % console.address, stdout=write)
        os.close(write)
        eventually(lambda: console.ends, "the end of the connection", 60)
        console.state["alerts"]["last_seq"] = len(alerts)  # it is not tried again before the screen has caught up
        with os.fdopen(read, "rb") as lines:
            seen = []
            while len(seen) < 12_000:
                found = re.search(rb"number (\d+)\.", lines.readline())
                if found:
                    seen.append(int(found[1]))
            self.assertEqual(seen, list(range(1, 12_001)))
            self.assertGreater(len(console.resumes), 1)
            self.assertEqual(viewer.stop(), 0)


class WhichFaceTest(TerminalTest):
    def test_a_dumb_terminal_gets_lines(self):
        for term in ("dumb", "nobody-knows"):
            with self.subTest(term):
                terminal = self.terminal(term=term)
                terminal.run(self.run_line("--for", "3s", "--state", str(self.dir / term)))
                self.tick("100500")
                self.tick("101000.5")
                terminal.await_text("reached 101,000")
                self.assertFalse(terminal.on_other_screen())
                self.assertEqual(terminal.await_code(), 0)
                self.assertIn("printing lines", terminal.everything())

    def test_plain_and_json_are_what_they_say(self):
        for face, words in (("--plain", "reached 101,000"), ("--json", '"level":"101000"')):
            with self.subTest(face):
                terminal = self.terminal(columns=200)
                terminal.run(self.run_line(face, "--state", str(self.dir / face)))
                self.tick("100500")
                self.tick("101000.5")
                terminal.await_text(words)
                self.assertFalse(terminal.on_other_screen())
                terminal.keys("C-c")
                self.assertEqual(terminal.await_code(), 0)

    def test_without_a_console_there_are_lines_and_the_reason(self):
        terminal = self.terminal()
        terminal.run(self.run_line("--console", "off", "--for", "2s").replace("--console 127.0.0.1:0", ""))
        terminal.await_text("needs the console")
        self.assertEqual(terminal.await_code(), 0)

    def test_the_screen_without_a_terminal_is_an_error(self):
        outcome = self.run_yagura("run", "--config", self.config(), "--terminal")
        self.assertEqual(outcome.code, 2)
        self.assertIn("--terminal: standard input and output are no terminal", outcome.err)
        self.assertEqual(len(outcome.err.splitlines()), 1)

    def test_in_the_background_from_the_start_there_are_lines(self):
        terminal = self.terminal()
        terminal.run(self.run_line("--for", "3s") + " & wait")
        self.tick("100500")
        self.tick("101000.5")
        terminal.await_text("reached 101,000")
        self.assertFalse(terminal.on_other_screen())


if __name__ == "__main__":
    unittest.main()

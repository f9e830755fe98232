"""B5, in short; tests/feeds/ws_transport_test.cpp has the rest: plain text on a TLS port, and a certificate
that nobody vouches for."""

import socket
import ssl
import subprocess
import threading
import unittest

from fault_case import FaultCase
from fault_proxy import HOST


class Tls(FaultCase):
    def test_plain_on_a_tls_port_and_an_unknown_authority(self):
        key, certificate = self.dir / "key.pem", self.dir / "certificate.pem"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate, "-days", "2",
             "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"],
            check=True, capture_output=True, timeout=20)  # fmt: skip
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        listener = socket.create_server((HOST, 0))
        self.addCleanup(listener.close)
        self.addCleanup(listener.shutdown, socket.SHUT_RDWR)
        granted, heard = [], []

        def serve():
            while True:
                try:
                    client, _ = listener.accept()
                except OSError:
                    return
                try:
                    granted.append(context.wrap_socket(client, server_side=True))
                except (ssl.SSLError, OSError):
                    client.close()

        threading.Thread(target=serve, daemon=True).start()
        unknown = f'[[feed]]\nname = "unknown"\nvendor = "native"\nurl = "wss://{HOST}:{listener.getsockname()[1]}"\nsymbols = {{ USDJPY = "USDJPY" }}\n'
        self.start_feeds(steps=2, step_seconds=2, extra_feeds=unknown)
        self.config.write_text(self.config.read_text().replace(f"ws://127.0.0.1:{self.proxy.port}", f"wss://127.0.0.1:{self.proxy.port}"))
        self.proxy.meet = lambda client: (heard.append(client.recv(65536)), client.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n"))
        self.start_monitor(live=False)
        self.await_reason("tls")
        self.await_feed("unknown", reason="tls")
        self.assertIn("self-signed", self.m.err)
        self.first_attempt(3)
        self.assertEqual(granted, [])
        self.assertTrue(all(hello.startswith(b"\x16\x03") for hello in heard), "never in the clear")
        self.assertEqual((self.m.feed("well")["state"], self.m.feed("sick")["ticks"]), ("LIVE", 0))
        self.await_step(1, "EURJPY")
        self.assertEqual(self.m.stop(), 0)


if __name__ == "__main__":
    unittest.main()

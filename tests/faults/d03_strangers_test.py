"""D3: strangers at the console: another site's page, another name of ours, no token, a wrong one, one in the
URL. Refused, told nothing, and the log has no token in it."""

import unittest

from crowd_case import CrowdCase, eventually

TOKEN = "correct-horse-battery-staple-0123456789"
WRONG = "wrong-horse-battery-staple-9876543210"
SECRETS = (b"USDJPY", b"150.5", b"instruments", TOKEN.encode())
PATHS = ("/api/v1/state", "/api/v1/alerts", "/api/v1/levels", "/api/v1/sinks", "/metrics")


class Strangers(CrowdCase):
    def refused(self, answer, status):
        self.assertEqual(answer.status, status, answer)
        for secret in SECRETS:
            self.assertNotIn(secret, answer.raw, "leaked")

    def ws(self, headers="", path="/ws"):
        with self.tcp() as sock:
            self.upgrade(sock, headers, path=path)
            return sock.recv(65536)

    def origin(self, port=None):
        return f"Origin: http://127.0.0.1:{port or self.m.address[1]}\r\n"

    def test_another_sites_page_and_another_name_get_403(self):
        self.live()
        for path in PATHS:
            for origin in ("http://evil.example", "http://127.0.0.1.evil.example", "null", f"http://127.0.0.1:{self.m.address[1] + 1}", "https://evil.example:8225"):
                self.refused(self.request("GET", path, [("Origin", origin)]), 403)
            for host in ("evil.example", f"evil.example:{self.m.address[1]}", "127.0.0.1.evil.example", "localhost.evil.example", "127.0.0.1, evil.example", "evil.example, 127.0.0.1", "127.0.0.1@evil.example"):
                self.refused(self.request("GET", path, host=host), 403)
        for headers in ("Origin: http://evil.example\r\n", "Origin: null\r\n", self.origin(1)):
            answer = self.ws(headers)
            self.assertTrue(answer.startswith(b"HTTP/1.1 403"), answer)
            self.assertNotIn(b"hello", answer)
        self.refused(self.request("POST", "/api/v1/levels", [("Origin", "http://evil.example"), ("Content-Type", "application/json")], b'{"instrument":"USDJPY","price":"151"}'), 403)
        # A form of another site can send no JSON; what is not JSON changes nothing.
        for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
            answer = self.request("POST", "/api/v1/levels", [("Content-Type", kind)], b'{"instrument":"USDJPY","price":"151"}')
            self.assertIn(answer.status, (400, 403, 415), answer)
        self.assertEqual(self.m.get("/api/v1/levels")[1]["total"], 0)
        own = self.request("GET", "/api/v1/state", [("Origin", f"http://127.0.0.1:{self.m.address[1]}")])
        self.assertEqual(own.status, 200)
        self.assertNotIn(b"Access-Control", own.raw)
        self.m.await_err(r"console: \d+ requests? refused")
        self.alive()

    def test_without_the_right_token_nothing_is_told(self):
        self.console = 'token_env = "CONSOLE_TOKEN"'
        self.live(env={"CONSOLE_TOKEN": TOKEN})
        bearer = ("Authorization", f"Bearer {TOKEN}")
        for path in PATHS[:4]:
            self.refused(self.request("GET", path), 401)
            self.refused(self.request("GET", f"{path}?token={TOKEN}&access_token={TOKEN}"), 401)
            self.refused(self.request("GET", path, [("Cookie", f"yagura_session={TOKEN}; token={TOKEN}")]), 401)
            self.refused(self.request("GET", path, [("Authorization", f"Basic {TOKEN}")]), 401)
        self.assertTrue(self.ws().startswith(b"HTTP/1.1 401"))
        self.assertTrue(self.ws(path=f"/ws?token={TOKEN}").startswith(b"HTTP/1.1 401"))
        self.assertTrue(self.ws(f"Authorization: Bearer {TOKEN}\r\n").startswith(b"HTTP/1.1 101"))
        self.assertEqual(self.request("GET", "/api/v1/state", [bearer]).status, 200)
        self.refused(self.request("GET", "/api/v1/state", [bearer, ("Origin", "http://evil.example")]), 403)
        self.refused(self.request("GET", "/api/v1/state", [bearer], host="evil.example"), 403)
        # Guesses are few a minute; who knows the token is not held up by who does not.
        answers = [self.request("GET", "/api/v1/state", [("Authorization", f"Bearer {WRONG}{i}")]).status for i in range(12)]
        self.assertEqual(set(answers) - {401, 429}, set(), answers)
        eventually(lambda: "refused" in self.m.err, "the log says so")
        self.assertEqual(self.m.stop(), 0, self.m.err)
        for secret in (TOKEN, WRONG):
            self.assertNotIn(secret, self.m.err)
            self.assertNotIn(secret, self.m.out)


if __name__ == "__main__":
    unittest.main()

"""docs/openapi.json against the running program: every path and method answers as the file says, with
bodies that fit its schemas; every route of the server stands in the file, and no other."""

import json
import re
import unittest
import urllib.error
import urllib.request

import jsonschema

from scenario import configuration
from support import ROOT, AcceptanceTest, eventually

API = json.loads((ROOT / "docs/openapi.json").read_text())
METHODS = ("get", "post", "delete")
NINE = 1770595200_000000000  # 2026-02-09 09:00 JST
JSON = {"Content-Type": "application/json"}
UNKNOWN = "0" * 32


def validator(schema):
    """The file's schemas are JSON Schema 2020-12; references lead back into it."""
    resolver = jsonschema.RefResolver("", API)
    return jsonschema.Draft202012Validator(schema, resolver=resolver)


def server_routes():
    """Path -> methods, from the one list the server routes by."""
    text = (ROOT / "console/routes.hpp").read_text()
    return {path: methods.lower().split(", ")
            for path, methods in re.findall(r'\{RouteId::\w+, "([^"]+)", "([^"]+)"', text)}


class OpenApi(AcceptanceTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seen = set()

    def start(self, extra="", **env):
        def talk(ws):
            ws.send({"type": "subscribed", "symbols": ws.receive()["symbols"]})
            for second, price in enumerate(("159.950", "160.020")):
                ws.send({"type": "tick", "symbol": "USDJPY", "ts_ns": NINE + second * 10**9, "price": price})
            ws.receive(600)

        feed = self.serve(talk)
        text = configuration({"f": ("native", feed.port, "USDJPY", "USDJPY")})
        self.env.update(env)
        monitor = self.monitor("--config", self.write("api.toml", text + extra), "--json")
        monitor.await_out('"event":"reached"')
        self.base = "http://%s:%d" % monitor.address
        return monitor

    def call(self, method, template, expected, *, path=None, body=None, headers=None, raw=None):
        """Asks, and holds the answer to what the file says of it."""
        request = urllib.request.Request(self.base + (path or template), method=method.upper())
        data = raw if raw is not None else None if body is None else json.dumps(body).encode()
        for name, value in (JSON if body is not None else {}).items():
            request.add_header(name, value)
        for name, value in (headers or {}).items():
            request.add_header(name, value)
        request.data = data
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                status, kind, content = answer.status, answer.headers["Content-Type"], answer.read()
        except urllib.error.HTTPError as error:
            with error:
                status, kind, content = error.code, error.headers["Content-Type"], error.read()
        self.assertEqual(status, expected, f"{method} {path or template}: {content[:300]}")
        responses = API["paths"][template][method]["responses"]
        self.assertIn(str(status), responses, f"{method} {template}: the file knows no {status}")
        said = responses[str(status)]["content"]
        self.assertIn(kind.split(";")[0], said, f"{method} {template} {status}")
        if kind.startswith("application/json"):
            value = json.loads(content)
            validator(said["application/json"]["schema"]).validate(value)
            self.seen.add((template, method, status))
            return value
        self.seen.add((template, method, status))
        return content.decode()

    def test_the_file_lists_what_the_server_routes(self):
        routes = server_routes()
        self.assertGreater(len(routes), 10)
        self.assertEqual(set(routes), set(API["paths"]))
        for path, methods in routes.items():
            self.assertEqual([m for m in methods if m != "head"], [m for m in METHODS if m in API["paths"][path]], path)

    def test_the_schemas_are_schemas(self):
        for name, schema in API["components"]["schemas"].items():
            with self.subTest(name):
                jsonschema.Draft202012Validator.check_schema(schema)

    def test_the_server_serves_the_file(self):
        self.start()
        self.assertEqual(self.call("get", "/api/v1/openapi.json", 200), API)

    def test_every_path_answers_as_written(self):
        self.start()
        for path in ("/healthz", "/api/v1/state", "/api/v1/latency", "/api/v1/silences", "/api/v1/sinks", "/api/v1/levels"):
            self.call("get", path, 200)
        self.call("get", "/readyz", 200)
        page = self.call("get", "/api/v1/alerts", 200)
        alert = page["alerts"][-1]["id"]
        self.call("get", "/api/v1/alerts", 400, path="/api/v1/alerts?limit=0")
        eventually(lambda: self.call("get", "/api/v1/alerts", 200, path="/api/v1/alerts?instrument=USDJPY")["alerts"],
                   "the journal to have it")
        for what, more in (("candles", "&interval=15s"), ("ticks", "&from=2026-02-09T00:00:00Z")):
            template = "/api/v1/" + what
            answer = self.call("get", template, 200, path=template + "?instrument=USDJPY" + more)
            self.assertTrue(answer[what])
            self.call("get", template, 404, path=template + "?instrument=EURUSD")
            self.call("get", template, 400)
        ack, unack = "/api/v1/alerts/{id}/ack", "/api/v1/alerts/{id}/unack"
        for template, method in ((ack, "post"), (ack, "delete"), (unack, "post")):
            path = template.replace("{id}", UNKNOWN)
            self.call(method, template, 404, path=path, body={})
            self.call(method, template, 415, path=path, raw=b"{}", headers={"Content-Type": "text/plain"})
            self.call(method, template, 400, path=path, body={"by": "me"})
            self.call(method, template, 403, path=path, body={}, headers={"Origin": "http://evil.example"})
        self.call("delete", ack, 409, path=ack.replace("{id}", alert), body={})
        self.call("post", unack, 409, path=unack.replace("{id}", alert), body={})
        self.call("post", ack, 200, path=ack.replace("{id}", alert), body={"author": "aki", "reason": "seen"})
        self.assertIn(alert, self.call("get", "/api/v1/alerts", 200)["acks"])
        self.call("delete", ack, 200, path=ack.replace("{id}", alert), body={})
        self.call("post", ack, 200, path=ack.replace("{id}", alert), body={})
        self.call("post", unack, 200, path=unack.replace("{id}", alert), body={})

        silences = "/api/v1/silences"
        self.call("post", silences, 400, body={})
        self.call("post", silences, 404, body={"rule": "nope", "until": "1h"})
        self.call("post", silences, 415, raw=b"{}", headers={"Content-Type": "text/plain"})
        silence = self.call("post", silences, 201, body={"instrument": "USDJPY", "when": ["sat", "08:00-08:45"], "severity": "low"})
        self.assertEqual([silence], self.call("get", silences, 200)["silences"])
        one = silences + "/{id}"
        self.call("delete", one, 200, path=one.replace("{id}", silence["id"]), body={})
        self.call("delete", one, 404, path=one.replace("{id}", silence["id"]), body={})
        self.call("delete", one, 415, path=one.replace("{id}", UNKNOWN))
        self.call("post", "/api/v1/deliveries/resend", 400, body={"id": "12"})
        self.call("post", "/api/v1/deliveries/resend", 200, body={})
        self.call("get", "/metrics", 200)

        level = {"instrument": "USDJPY", "price": "161.25"}
        self.call("post", "/api/v1/levels", 201, body=level)
        self.call("post", "/api/v1/levels", 409, body={**level, "price": "160"})
        self.call("post", "/api/v1/levels", 404, body={**level, "instrument": "EURUSD"})
        self.call("post", "/api/v1/levels", 400, body={})
        self.call("delete", "/api/v1/levels", 200, body=level)
        self.call("delete", "/api/v1/levels", 404, body=level)
        print_ = {"instrument": "USDJPY", "ts_event_ns": NINE, "price": "1"}
        self.call("post", "/api/v1/corrections", 200, body=print_)
        self.call("post", "/api/v1/corrections", 404, body={**print_, "instrument": "EURUSD"})
        self.call("post", "/api/v1/corrections", 400, body={})
        self.call("post", "/api/v1/login", 200, body={"token": ""})
        self.call("post", "/api/v1/login", 400, body=[])
        self.call("get", "/ws", 426)
        for method in ("get", "post"):
            self.call(method, "/a/{token}", 404, path="/a/x", raw=b"" if method == "post" else None)

        walked = {(path, method) for path, method, _ in self.seen}
        missing = {(path, method) for path, item in API["paths"].items() for method in METHODS if method in item} - walked
        self.assertLessEqual(missing, {("/api/v1/openapi.json", "get")})

    def test_tokens_and_links(self):
        self.start('[console]\ntoken_env = "OPERATE"\nread_token_env = "READ"\npublic_url = "https://desk.example"\n',
                   OPERATE="operate-secret", READ="read-secret")
        reader = {"Authorization": "Bearer read-secret"}
        for path, item in API["paths"].items():
            for method in METHODS:
                if method not in item or item[method].get("security") == [{}] or path in ("/ws", "/metrics"):
                    continue
                where = re.sub(r"\{\w+\}", UNKNOWN, path)
                body = None if method == "get" else {}
                self.call(method, path, 401, path=where, body=body)
                if method != "get":
                    self.call(method, path, 403, path=where, body=body, headers=reader)
        self.call("post", "/api/v1/login", 200, body={"token": "read-secret"})
        for method in ("get", "post"):
            self.call(method, "/a/{token}", 403, path="/a/forged", raw=b"" if method == "post" else None)


if __name__ == "__main__":
    unittest.main()

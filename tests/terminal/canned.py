"""A console that says what a test wants: the WebSocket of a monitor whose state stands still, and its API."""

import json
import pathlib
import socket
import threading

from terminal_case import ROOT, FeedServer, WebSocket

HERE = pathlib.Path(__file__).resolve().parent
ALERTS = [json.loads(line)["alert"] for line in (ROOT / "tests/console/terminal/data/alerts.jsonl").read_text().splitlines()]


def state_of(alerts):
    state = json.loads((HERE / "canned/state.json").read_text())
    state["alerts"] = {**state["alerts"], "last_seq": max((a["seq"] for a in alerts), default=0)}
    return state


class CannedConsole(FeedServer):
    """Says hello, what was missed, and then the same state twice a second. `requests` are those of the API."""

    def __init__(self, alerts, state=None):
        self.alerts, self.state = list(alerts), state or state_of(alerts)
        self.resumes, self.requests, self.ends = [], [], 0
        self.answers = {}  # "POST /path": (status, JSON); 200 and {} for others
        self._ended = threading.Event()
        super().__init__(self._meet, raw=True)

    @property
    def address(self):
        return ("127.0.0.1", self.port)

    def __exit__(self, *exc):
        self._ended.set()
        super().__exit__(*exc)

    def _meet(self, sock):
        sock.settimeout(5)
        if b"upgrade: websocket" in self._peek_head(sock).lower():
            try:
                self._talk_live(WebSocket.accept(sock))
            finally:
                self.ends += 1
        else:
            self._answer(sock)

    def _talk_live(self, websocket):
        websocket.send({"type": "hello", "state": self.state})
        resume = websocket.receive_until(lambda message: message.get("type") == "resume")
        self.resumes.append(resume)
        for alert in self.alerts:
            if alert["seq"] > resume["after"] and alert["id"] not in resume.get("ids", []):
                websocket.send({"type": "alert", "alert": alert})
        while not self._ended.wait(0.5):
            websocket.send({"type": "state", "state": self.state})

    def _answer(self, sock):
        head = self._peek_head(sock)
        sock.recv(len(head))
        line = head.split(b"\r\n")[0].decode().rsplit(" ", 1)[0]
        sizes = [int(h.split(b":")[1]) for h in head.split(b"\r\n") if h.lower().startswith(b"content-length:")]
        body = b""
        while sizes and len(body) < sizes[0]:
            body += sock.recv(65536)
        symbol = line.partition("instrument=")[2].partition("&")[0]
        past = {"instrument": symbol, "candles": []} if "candles" in line else {"alerts": [], "acks": {}, "first_seq": 1, "last_seq": 0}
        status, answer = self.answers.get(line, (200, past if line.startswith("GET") else {}))
        if not line.startswith("GET"):
            self.requests.append((line, json.loads(body or b"{}"), head.decode()))
        text = json.dumps(answer).encode()
        sock.sendall(b"HTTP/1.1 %d X\r\nContent-Type: application/json\r\nContent-Length: %d\r\nConnection: close\r\n\r\n" % (status, len(text)) + text)

    @staticmethod
    def _peek_head(sock):
        data = b""
        while b"\r\n\r\n" not in data:
            seen = sock.recv(65536, socket.MSG_PEEK)
            if not seen:
                raise OSError("gone")
            data = seen
        return data[: data.index(b"\r\n\r\n") + 4]

"""What the tests of the terminal screen share: a real terminal (tmux) of a given size with a shell in it, and a
monitor whose ticks the test sends. Standard library only; nothing here sleeps a fixed time."""

import itertools
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/acceptance"))

from support import HOST, AcceptanceTest, Closed, FeedServer, Process, WebSocket, binary, eventually, free_port, native_tick  # noqa: E402, F401

PATIENCE = 15.0  # seconds; everything waited for here takes a fraction of one
_numbers = itertools.count()

CONFIG = """
[instrument.BTC]
name = "Bitcoin"
calendar = "always"
filter = false

[[feed]]
name = "desk"
vendor = "native"
url = "{url}"
symbols = {{ BTC = "BTC" }}

[[rule]]
id = "round"
kind = "milestone"
instrument = "BTC"
step = "1000"
cooldown = "0s"

[[rule]]
id = "levels"
kind = "level"
instrument = "BTC"
levels = {levels}

[pipeline]
future_limit = "off"

[journal]
snapshot_every = "100ms"
{more}
"""


class Terminal:
    """A terminal with a plain shell in it: no line editing, so that what `stty` says is what a program left."""

    def __init__(self, home, env, columns=80, rows=24, term=None):
        if not shutil.which("tmux"):
            raise AssertionError("tmux is not installed (packaging/apt-packages-test.txt)")
        self.socket = f"yagura-{os.getpid()}-{next(_numbers)}"
        self.home = pathlib.Path(home)
        self.env = {"PATH": os.environ["PATH"], "HOME": home, "TMUX_TMPDIR": home, "LC_ALL": "C.UTF-8"}
        settings = self.home / "tmux.conf"
        settings.write_text("set -g default-terminal tmux-256color\nset -g status off\nset -g history-limit 5000\n")
        start = self.home / "start.sh"
        names = ("PATH", "HOME", "TZ", "LC_ALL", "NO_COLOR", "LANG")
        inner = {k: v for k, v in env.items() if k in names or k.startswith("YAGURA_")}
        inner |= {"PS1": "$ ", "ENV": "/dev/null"} | ({} if term is None else {"TERM": term})
        start.write_text("".join(f"export {k}={shlex.quote(str(v))}\n" for k, v in inner.items()) + "exec sh -i\n")
        self.command("-f", settings, "new-session", "-d", "-x", columns, "-y", rows, f"exec sh {shlex.quote(str(start))}")
        self.tty = self.value("pane_tty")
        self.shell = int(self.value("pane_pid"))
        self.await_text(r"^\$ ?$")
        self.modes = self._modes()

    def command(self, *arguments):
        done = subprocess.run(
            ["tmux", "-L", self.socket, *map(str, arguments)],
            env=self.env, capture_output=True, timeout=PATIENCE, check=False,
        )  # fmt: skip
        if done.returncode:
            raise AssertionError(f"tmux {arguments}: {done.stderr.decode()}")
        return done.stdout

    def close(self):
        subprocess.run(["tmux", "-L", self.socket, "kill-server"], env=self.env, capture_output=True, timeout=PATIENCE, check=False)

    def value(self, name):
        return self.command("display-message", "-p", f"#{{{name}}}").decode().strip()

    def text(self):
        """What is to be seen, a line each, blanks at the ends away."""
        return self.command("capture-pane", "-p").decode()

    def everything(self):
        """The same with what has scrolled away, long lines joined."""
        return self.command("capture-pane", "-p", "-J", "-S", "-").decode()

    def styled(self):
        """What is to be seen, colours and all."""
        return self.command("capture-pane", "-p", "-e").decode()

    def await_text(self, pattern, seconds=PATIENCE):
        return eventually(lambda: re.search(pattern, self.text(), re.M), lambda: f"{pattern!r} on the screen:\n{self.text()}", seconds)

    def await_no_text(self, pattern, seconds=PATIENCE):
        eventually(lambda: not re.search(pattern, self.text(), re.M), lambda: f"no {pattern!r} on the screen:\n{self.text()}", seconds)

    def await_still(self, calm=0.1, look_at=str, seconds=PATIENCE):
        """Waits until nothing has changed for `calm` seconds; gives what is to be seen."""
        seen = [look_at(self.text()), time.monotonic()]

        def same():
            now = look_at(self.text())
            if now != seen[0]:
                seen[:] = [now, time.monotonic()]
            return time.monotonic() - seen[1] > calm and now

        return eventually(same, "a screen that stands still", seconds)

    def type(self, text):
        self.command("send-keys", "-l", "--", text)

    def keys(self, *names):
        self.command("send-keys", *names)

    def run(self, line):
        """Types a command line, followed by one that tells the exit code."""
        self.type(f"{line}; echo code $?")
        self.keys("Enter")

    def await_code(self, seconds=PATIENCE):
        """Waits for the shell to have its terminal again; the exit code of what ran."""
        return int(self.await_text(r"^code (\d+)$", seconds)[1])

    def resize(self, columns, rows):
        self.command("resize-window", "-x", columns, "-y", rows)

    def on_other_screen(self):
        return self.value("alternate_on") == "1"

    def child(self):
        """The program that the shell runs now, once it is there."""

        def look():
            path = f"/proc/{self.shell}/task/{self.shell}/children"
            pids = pathlib.Path(path).read_text().split()
            return int(pids[-1]) if pids else 0

        return eventually(look, "a program in the terminal", PATIENCE)

    def is_sane(self):
        """Modes as before, the other screen left, and the shell does what is typed."""
        if self._modes() != self.modes or self.on_other_screen() or self.value("cursor_flag") != "1":
            return False
        word = f"sane{next(_numbers)}"
        self.type(f"echo {word[:4]}''{word[4:]}")
        self.keys("Enter")
        self.await_text(f"^{word}$")
        return True

    def _modes(self):
        return subprocess.run(["stty", "-F", self.tty, "-a"], capture_output=True, timeout=PATIENCE, check=True).stdout


class TerminalTest(AcceptanceTest):
    """A feed that sends the prices the test says, a configuration for it, and terminals that go away."""

    def setUp(self):
        super().setUp()
        self._feed_sockets = []
        self.feed = self.serve(self._talk)

    def _talk(self, websocket):
        websocket.receive_until(lambda message: message.get("type") == "subscribe")
        websocket.send({"type": "subscribed", "symbols": ["BTC"]})
        self._feed_sockets.append(websocket)
        try:
            websocket.receive_until(lambda message: False, 600)
        finally:
            self._feed_sockets.remove(websocket)

    def tick(self, price):
        eventually(lambda: self._feed_sockets, "a monitor that subscribes", PATIENCE)
        self._feed_sockets[-1].send(native_tick("BTC", price))

    def config(self, levels="[]", more=""):
        return self.write("yagura.toml", CONFIG.format(url=self.feed.url, levels=levels, more=more))

    def terminal(self, columns=80, rows=24, term=None, **env):
        terminal = Terminal(self.dir, {**self.env, **env}, columns, rows, term)
        self.addCleanup(terminal.close)
        return terminal

    def run_line(self, *more, config=None):
        """The command line of a monitor that opens its screen."""
        return " ".join([binary(), "run", "--config", str(config or self.config()), "--console", "127.0.0.1:0", *more])

    def console_line(self, monitor, *more):
        return " ".join([binary(), "console", "--url", "ws://%s:%d/ws" % monitor.address, *more])

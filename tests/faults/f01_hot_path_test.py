"""F1: the system calls of the threads a tick passes, on the program itself under strace: one read a tick, the
wake-up where threads block, one write an alert, and nothing between the read and the write. Whatever else these
threads do is named in ALLOWED, with how often a second."""

import collections
import pathlib
import re
import shutil
import signal
import subprocess
import threading
import time
import unittest

from fault_case import SANITIZED, AcceptanceTest, Monitor, eventually
from support import WebSocket

RATE = 300  # ticks a second
TICKS = 1200
EVERY = 10  # each so many is an alert

CONFIG = """
[instrument.PROBE]
calendar = "always"
filter = false
[[feed]]
name = "f"
vendor = "native"
url = "ws://127.0.0.1:{port}"
symbols = {{ PROBE = "PROBE" }}
[[rule]]
id = "probe"
kind = "milestone"
instrument = "PROBE"
step = "1"
rearm = "0.001"
cooldown = "0s"
[pipeline]
workers = {workers}
wait = "{wait}"
"""

# Calls of a thread that have nothing to do with a tick, at most so many a second: the console's state and
# prices for its client, timers of the program and their rearming, the beat of the watchdog, snapshots.
ALLOWED = {
    "write console": 60,
    "timerfd_settime": 120,
    "read timerfd": 60,
    "read console": 10,
    "epoll_ctl": 5,
    "futex": 60,
    "write other": 10,
    "read other": 20,
    "open": 10,
    "close": 10,
    "sendto other": 5,
    "mprotect": 5,
    "brk": 30,
    "madvise": 5,
    "mmap": 5,
    "munmap": 5,
    "restart_syscall": 1,
    "clock_adjtime": 2,
}

BUSY = "only"  # what a busy machine, not the program, is the cause of
LINE = re.compile(r"(?P<pid>\d+)\s+(?P<at>\d+\.\d+) (?:<\.\.\. )?(?P<name>\w+)(?P<resumed> resumed>)?(?P<rest>.*)")
OURSELVES = re.compile(r"TCP:\[127\.0\.0\.1:\d+->127\.0\.0\.1:\d+\]")
RESULT = re.compile(r".*\) += (-?\d+)")  # also of "= -1 EAGAIN (Resource temporarily unavailable)"


class Calls:
    """What the program did while `traced` ran, by thread: tuples of name, descriptor, result and text."""

    def __init__(self, monitor, folder, feed_port, console_port):
        self.file = folder / "strace"
        self.feed, self.console = f":{feed_port}]", f":{console_port}->"
        self.names = {}
        command = ["strace", "-f", "-qq", "-ttt", "-yy", "-s", "64", "-e", "trace=all", "-e", "signal=none", "-o", str(self.file), "-p", str(monitor.pid)]
        self.strace = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        eventually(lambda: self._attached(monitor.pid) or self.strace.poll() is not None, "strace to attach")
        if self.strace.poll() is not None:
            raise unittest.SkipTest(f"strace may not attach here: {self.strace.stderr.read()}")

    def _attached(self, pid):
        statuses = []
        for task in sorted((p for p in pathlib.Path(f"/proc/{pid}/task").iterdir()), key=lambda p: p.name):
            text = (task / "status").read_text()
            self.names[int(task.name)] = (task / "comm").read_text().strip()
            statuses.append("TracerPid:\t0\n" not in text)
        return all(statuses)

    def finish(self):
        self.strace.send_signal(signal.SIGINT)
        self.strace.wait(10)
        self.strace.stderr.close()
        by_thread = collections.defaultdict(list)
        begun = {}
        for line in self.file.read_text(errors="replace").splitlines():
            found = LINE.match(line)
            if not found:
                continue
            pid, rest = int(found["pid"]), found["rest"]
            if found["resumed"]:
                rest = begun.pop(pid, "") + rest
            elif rest.endswith("<unfinished ...>"):
                begun[pid] = rest.removesuffix("<unfinished ...>")
                continue
            result = RESULT.match(rest)
            by_thread[pid].append((self.kind(found["name"], rest), int(result[1]) if result else 0, rest))
        return by_thread

    def kind(self, name, rest):
        """Name of a call and what it is about, in the words of ALLOWED."""
        target = re.match(r"\(\d+<(.*?)>[,)]", rest)
        what = target[1] if target else ""
        place = "feed" if what.endswith(self.feed) else "console" if self.console in what else "eventfd" if "eventfd" in what else "timerfd" if "timerfd" in what else "rehearsal" if OURSELVES.search(what) else "other"
        if name in ("read", "readv", "recvfrom", "recvmsg"):
            return f"read {place}"
        if name in ("write", "writev", "sendto", "sendmsg"):
            return f"write {place}"
        if name in ("epoll_wait", "epoll_pwait", "epoll_pwait2", "poll", "ppoll", "sched_yield"):
            return "wait"
        if name == "ioctl":
            return f"look {place}"  # how much is there to read
        if name in ("open", "openat"):
            return "open"
        return name


@unittest.skipUnless(shutil.which("strace"), "strace is not installed")
@unittest.skipIf(SANITIZED, "the sanitizers make calls of their own")
class HotPathCalls(AcceptanceTest):
    def play(self, workers, wait):
        begin, done = threading.Event(), threading.Event()

        def talk(ws):
            subscribe = ws.receive(30)
            ws.send({"type": "subscribed", "symbols": subscribe["symbols"]})
            ws.send({"type": "tick", "symbol": "PROBE", "ts_ns": time.time_ns(), "price": "149.9", "seq": 1})
            begin.wait(60)
            start, price = time.monotonic(), ("149.999", "150.001")
            for i in range(TICKS):
                time.sleep(max(0.0, start + i / RATE - time.monotonic()))  # the beat of the feed
                ws.send({"type": "tick", "symbol": "PROBE", "ts_ns": time.time_ns(), "price": price[i // EVERY % 2], "seq": i + 2})
            done.set()
            begin.clear()
            begin.wait(60)

        server = self.serve(talk)
        config = self.write("f1.toml", CONFIG.format(port=server.port, workers=workers, wait=wait))
        monitor = Monitor(self.env, "--config", config, "--plain", stdout=subprocess.DEVNULL)
        self.addCleanup(monitor.__exit__)
        eventually(lambda: monitor.feed("f")["ticks"] >= 1, "the first tick")
        heard = []
        with WebSocket.connect(monitor.address) as client:
            client.receive()  # hello

            def listen():
                while len(heard) < TICKS // EVERY - 1:
                    heard.append(client.receive_until(lambda message: message["type"] == "alert", 60))

            listener = threading.Thread(target=listen, daemon=True)
            listener.start()
            calls = Calls(monitor, self.dir, server.port, monitor.address[1])
            began = time.monotonic()
            begin.set()
            self.assertTrue(done.wait(120), "the feed is stuck")
            listener.join(30)
            self.seconds = time.monotonic() - began
            threads = calls.finish()
            begin.set()
        self.assertGreaterEqual(len(heard), TICKS // EVERY - 1)
        self.assertEqual(monitor.stop(), 0, monitor.err)
        return threads

    def check(self, workers, wait):
        problems = []
        for _ in range(3):
            problems = self.problems(workers, wait)
            if not problems or any(not problem.startswith(BUSY) for problem in problems):
                break
        if problems and all(problem.startswith(BUSY) for problem in problems):
            self.skipTest(f"the machine is too busy: {problems[0]}")
        self.assertEqual(problems, [], f"workers = {workers}, wait = {wait}, {self.seconds:.1f} s")

    def problems(self, workers, wait):
        threads = self.play(workers, wait)
        reader = next(pid for pid, calls in threads.items() if sum(kind == "read feed" for kind, _, _ in calls) > TICKS / 10)
        writer = next(pid for pid, calls in threads.items() if any(self.is_alert(call) for call in calls))
        self.assertEqual(reader == writer, workers == 0, "the threads that read and write")
        problems = []
        for pid in {reader, writer}:
            problems += self.excess(threads[pid], wait, woken=workers == 1, reads=pid == reader, writes=pid == writer)
        problems += self.between(threads[writer], ("read feed",) if workers == 0 else ("read eventfd", "wait", "read rehearsal"))
        return problems

    @staticmethod
    def is_alert(call):
        kind, _, text = call
        return kind == "write console" and r"{\"type\":\"alert\"" in text

    def excess(self, calls, wait, *, woken, reads, writes):
        """What a thread did more often than it may."""
        counts = collections.Counter(kind for kind, _, _ in calls)
        alerts = sum(self.is_alert(call) for call in calls)
        counts["write console"] -= alerts
        problems = []
        useful = sum(kind == "read feed" and result > 0 for kind, result, _ in calls)
        # A read that finds nothing tells a sleeper to sleep, and is how one that spins waits.
        limits = {kind: limit * (self.seconds + 1) for kind, limit in ALLOWED.items()}
        limits["read feed"] = (2.2 * TICKS if wait == "block" else float("inf")) if reads else 0
        limits["look feed"] = limits["read feed"]
        limits["wait"] = float("inf") if wait == "spin" else 3.3 * TICKS + 100 * self.seconds
        limits["write eventfd"] = 1.1 * TICKS if woken and reads else 20 * self.seconds
        limits["read eventfd"] = 1.1 * TICKS + 20 * self.seconds if woken and writes else 20 * self.seconds
        limits["epoll_ctl"] += 1.1 * TICKS if woken and writes and wait == "block" else 0  # the eventfd is armed anew
        if wait == "spin" and writes:  # an alert's way is rehearsed, once a millisecond
            limits["write rehearsal"] = limits["read rehearsal"] = 1100 * self.seconds
            if counts["write rehearsal"] < 20 * self.seconds:
                problems.append(f"{counts['write rehearsal']} rehearsals in {self.seconds:.1f} s")
        limits["futex"] += 1.1 * alerts  # the storage thread is woken, behind the write
        problems += [f"{count} x {kind}, at most {limits.get(kind, 0):.0f}" for kind, count in counts.items() if count > limits.get(kind, 0)]
        if reads and useful > 1.02 * TICKS:
            problems.append(f"{useful} reads brought {TICKS} ticks")
        if writes and alerts > TICKS / EVERY:
            problems.append(f"{alerts} writes of {TICKS // EVERY} alerts")
        return problems

    def between(self, calls, begins):
        """Calls between a tick and its alert: behind the call that brought the tick to the thread. An alert is
        left out when the thread was at other work as the tick came: it had served the console or a timer, or
        found the tick when it looked for more behind another one, not when it waited. A rehearsal is part of waiting."""
        found, checked = collections.Counter(), 0
        for i, call in enumerate(calls):
            if not self.is_alert(call):
                continue
            kinds = []
            for j in range(i - 1, max(0, i - 30), -1):
                kind, result, _ = calls[j]
                if kind in begins and result > 0:
                    break
                kinds.append(kind)
            waited = calls[j][0] != "read feed" or calls[j - 1][0] in ("wait", "look feed") or (calls[j - 1][0] == "read feed" and calls[j - 1][1] < 0)
            busy = {"write console", "read timerfd", "timerfd_settime"} & set(kinds) or not waited
            if busy:
                continue
            checked += 1
            found.update(kind for kind in kinds if kind != "wait")
        # Some get through: a tick that came while the thread finished the alert before, or lay down. What every
        # alert does is a fault.
        problems = [f"{count} x {kind} between {checked} ticks and their alerts" for kind, count in found.items() if count > checked / 4]
        if checked < TICKS / EVERY / 4:
            problems.append(f"{BUSY} {checked} alerts came while nothing else was done")
        return problems

    def test_feed_thread_blocking(self):
        self.check(0, "block")

    def test_feed_thread_spinning(self):
        self.check(0, "spin")

    def test_detector_thread_blocking(self):
        self.check(1, "block")

    def test_detector_thread_spinning(self):
        self.check(1, "spin")


if __name__ == "__main__":
    unittest.main()

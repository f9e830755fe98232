"""A3: SIGTERM with many clients and work under way: everything closed with 1001, exit 0, nothing lost.
Still to include: a full outbox, which goes on after the start."""

import resource
import signal
import time
import unittest

from crash_case import LONG, CrashCase, eventually

from support import WebSocket


class StoppedWithManyClients(CrashCase):
    ticks, rate = 12_000, 1_500
    clients = 1_000 if LONG else 100

    def setUp(self):
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 8192), hard))  # the monitor's too
        self.addCleanup(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))
        super().setUp()

    def test_each_client_is_told_and_nothing_is_lost(self):
        self.feed.limit = 1_000  # work enough is left when all are there
        self.live()
        clients = []
        for _ in range(self.clients):
            clients.append(WebSocket.connect(self.m.address, seconds=20))
            self.addCleanup(clients[-1].__exit__)
        eventually(lambda: self.m.state()["clients"] == self.clients, "all clients")
        self.feed.limit = self.ticks
        self.await_tick(1_500)
        began = time.monotonic()
        self.m.send(signal.SIGTERM)
        codes = [client.close_code(15) for client in clients]
        code = self.m.wait(15)
        took = time.monotonic() - began
        self.assertEqual(code, 0, self.m.err)
        self.assertLess(took, 10, "seconds to stop")
        self.assertEqual(set(codes), {1001}, "how clients were closed")
        self.note_seen()
        self.assertLess(self.taken(), self.ticks, "stopped when all was over")
        self.live()
        alerts = self.finish()
        self.say(f"A3: SIGTERM with {self.clients} clients: all closed with 1001, exit 0 in {took:.2f} s; {alerts} alerts, 0 lost")


if __name__ == "__main__":
    unittest.main()

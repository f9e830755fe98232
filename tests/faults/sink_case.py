"""What the rows about sinks share: a feed that crosses a level every so often, places that misbehave,
and the check that nothing was lost, nothing invented and nobody delayed."""

import time

from fault_case import LONG, ROOT, staircase  # noqa: F401
from hook_server import HookServer
from support import AcceptanceTest, Monitor, eventually

CONFIG = """
[instrument.USDJPY]
calendar = "always"
filter = false
[[feed]]
name = "feed"
vendor = "native"
url = "ws://127.0.0.1:{port}"
symbols = {{ USDJPY = "USDJPY" }}
[pipeline]
future_limit = "off"
on_full = "wait"
[[rule]]
id = "yen"
kind = "milestone"
instrument = "USDJPY"
step = "1"
cooldown = "0s"
{sinks}
"""


class SinkCase(AcceptanceTest):
    def hook(self, behave=None, **options):
        server = HookServer(behave, **options)
        self.addCleanup(server.close)
        return server

    @staticmethod
    def sink(name, url, more="", kind="webhook"):
        return f'[[sink]]\nname = "{name}"\nkind = "{kind}"\nurl = "{url}"\n{more}\n'

    def begin(self, sinks, *, steps=12, step_seconds=0.25, speed="1", spacing=0.05):
        """Starts feed and monitor; `steps - 1` levels will be crossed."""
        rows = self.write("yen.csv", staircase(150, steps, step_seconds, start=time.time() + 1, spacing=spacing))
        self.replay = self.start("replay", "--as", "native", "--listen", "127.0.0.1:0", "--speed", speed, f"USDJPY={rows}")
        port = int(self.replay.await_err(r"on ws://127\.0\.0\.1:(\d+)")[1])
        self.config = self.write("sinks.toml", CONFIG.format(port=port, sinks=sinks))
        self.levels = steps - 1
        return self.monitor()

    def monitor(self):
        self.m = Monitor(self.env, "--config", self.config, "--json")
        self.addCleanup(self.m.__exit__)
        self.m.address
        return self.m

    def ids(self):
        return {id for (id,) in self.rows("select lower(hex(id)) from alerts")}

    def await_levels(self, levels=None, seconds=30.0):
        """Until so many levels were reached, of all when none is given; gives the ids of all alerts."""
        levels = levels or self.levels
        reached = """select count(*) from alerts where json like '%"event":"reached"%'"""
        eventually(lambda: self.rows(reached)[0][0] >= levels, lambda: f"{levels} levels; {self.rows(reached)[0][0]}", seconds)
        return self.ids()

    def await_delivered(self, hook, seconds=30.0):
        """Until the end of the feed, and until all alerts have come to the hook; gives their ids."""
        self.await_levels(seconds=seconds)

        def look():
            ids = self.ids()
            return ids if {hit.alert["id"] for hit in hook.seen()} >= ids else None

        return eventually(look, lambda: f"{len(self.ids())} alerts, {len(hook.seen())} requests", seconds)

    def end(self):
        self.assertEqual(self.m.stop(seconds=15), 0, self.m.err)
        self.assertNotIn("internal error", self.m.err)

    def deliveries(self, where="1"):
        return self.rows(f"select sink, state, attempts, detail, lower(hex(id)) from deliveries where {where} order by number")

    def rows(self, sql):
        import sqlite3

        with sqlite3.connect(f"file:{self.state}/journal.db?mode=ro", uri=True) as connection:
            self.assertEqual(connection.execute("pragma integrity_check").fetchone(), ("ok",))
            return connection.execute(sql).fetchall()

    def rss(self):
        with open(f"/proc/{self.m.pid}/status") as status:
            return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmRSS"))

    def assert_on_time(self, hook, limit=1.0):
        """From the decision to the request at a healthy place, whatever the others do."""
        late = [hit.at - hit.alert["ts_decided_ns"] / 1e9 for hit in hook.seen()]
        self.assertLess(max(late), limit, late)

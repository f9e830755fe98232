"""D1: a crowd of clients, and what it costs: every alert reaches all in time, prices come less often, memory
stays small, decisions are made as fast as without. D5: all of them come back at once and resume."""

import time
import unittest

from crowd_case import LONG, SANITIZED, CrowdCase, eventually

CLIENTS = 10_000 if LONG else 1_000
IN_TIME = 0.250 * (8 if SANITIZED else 1)
STEPS = 20


def percentile(values, share):
    return sorted(values)[round(share * (len(values) - 1))]


class Crowded(CrowdCase):
    def steps(self, count, pause):
        """So many alerts; how long each took from the socket to its decision and to the first client, in us."""
        after = max((a["seq"] for a in self.alerts()), default=0)
        for _ in range(count):
            self.feed.step()
            time.sleep(pause)  # the rhythm of the market, not a wait
        eventually(lambda: len(self.alerts(after)) == count, f"{count} alerts")
        return [(a["ts_decided_ns"] - a["ts_recv_ns"]) / 1000 for a in self.alerts(after)]

    def stage(self, name):
        return next(s for s in self.m.state()["latency_us"] if s["stage"] == name)

    def test_every_alert_reaches_all_in_time(self):
        self.live()
        pause = 0.5 if LONG else 0.15
        quiet = self.steps(3 * STEPS, 0.05)
        stages = {name: self.stage(name) for name in ("detect", "tick_to_alert")}
        crowd = self.crowd()
        empty = self.rss()
        came = crowd("connect", CLIENTS)
        self.assertEqual((came["clients"], came["gone"]), (CLIENTS, 0))
        eventually(lambda: self.m.state()["clients"] == CLIENTS, "all clients")
        for _ in range(3):  # the best of three: a busy machine delays an alert by more than the program does
            crowd("forget")
            busy = self.steps(STEPS, pause)
            heard = crowd("await", STEPS, 20)
            self.assertEqual((heard["least"], heard["most"]), (STEPS, STEPS), heard)
            self.assertEqual((heard["disordered"], heard["doubled"], heard["unlike"], heard["gone"]), (0, 0, 0, 0), heard)
            if heard["p99_ms"] < IN_TIME * 1000:
                break
        after = self.last_seq()
        for _ in range(STEPS):  # two at once: the second is decided while the first is still on its way to most
            self.feed.step()
            time.sleep(0.002)
            self.feed.step()
            time.sleep(pause)
        eventually(lambda: self.last_seq() == after + 2 * STEPS, "both of each pair")
        seconds = [(a["ts_decided_ns"] - a["ts_recv_ns"]) / 1000 for a in self.alerts(after)][1::2]
        each = (self.rss() - empty) / CLIENTS
        print(
            f"\nD1: {CLIENTS} clients in {came['seconds']:.2f} s; {heard['alerts']} alerts heard, p50 {heard['p50_ms']:.1f}"
            f" p99 {heard['p99_ms']:.1f} max {heard['max_ms']:.1f} ms; {heard['most_prices'] / heard['seconds']:.1f} prices and"
            f" {heard['states'] / CLIENTS / heard['seconds']:.2f} states a second; {each / 1024:.1f} KiB a client;"
            f" decided p50 {percentile(quiet, 0.5):.0f} -> {percentile(busy, 0.5):.0f} us, p90 {percentile(quiet, 0.9):.0f}"
            f" -> {percentile(busy, 0.9):.0f} us ({percentile(busy, 0.5) / percentile(quiet, 0.5):.2f} times);"
            f" right behind another alert p50 {percentile(seconds, 0.5):.0f} us p90 {percentile(seconds, 0.9):.0f} us;"
            + "".join(
                f" {name} p50 {before['p50']} -> {self.stage(name)['p50']} p99 {before['p99']} -> {self.stage(name)['p99']} us;"
                for name, before in stages.items()
            ),
            flush=True,
        )
        self.assertLess(heard["p99_ms"], IN_TIME * 1000, heard)
        self.assertLess(each, 24 * 1024 * (8 if SANITIZED else 1), "memory of a client")
        # Prices: 100 a second came, 20 would be shown to a few; of so many clients each gets fewer.
        spacing = max(0.05, min(1, CLIENTS * len(self.m.state()["instruments"]) * 100e-6))
        self.assertLessEqual(heard["most_prices"], heard["seconds"] / spacing + 2, heard)
        self.assertGreaterEqual(heard["prices"] / CLIENTS, heard["seconds"] / spacing * 0.5, heard)
        self.assertLess(percentile(seconds, 0.5), 3_000 * (8 if SANITIZED else 1), "decisions wait for clients")
        again = crowd("await", 3 * STEPS, 20)
        self.assertEqual((again["least"], again["most"], again["disordered"], again["unlike"]), (3 * STEPS, 3 * STEPS, 0, 0), again)
        self.alive()
        self.assertEqual(self.m.stop(), 0, self.m.err)

    def test_all_come_back_at_once_and_resume(self):
        count = 1_000
        self.live()
        crowd = self.crowd()
        crowd("connect", count)
        crowd("forget")
        self.steps(10, 0.02)
        seen = crowd("await", 10, 10)
        self.assertEqual((seen["least"], seen["most"]), (10, 10), seen)
        last = max(a["seq"] for a in self.alerts())
        crowd("drop")
        self.steps(30, 0.02)  # while they are away
        crowd("forget")
        began = time.monotonic()
        came = crowd("connect", count, last)
        crowd("await", 30, 10)
        took = time.monotonic() - began
        self.steps(5, 0.02)
        heard = crowd("await", 35, 10)
        print(f"\nD5: {count} clients back in {came['seconds']:.2f} s, all told in {took:.2f} s", flush=True)
        self.assertEqual((heard["clients"], heard["gone"]), (count, 0), heard)
        self.assertEqual((heard["least"], heard["most"]), (35, 35), heard)
        self.assertEqual((heard["disordered"], heard["doubled"], heard["unlike"]), (0, 0, 0), heard)
        self.assertLess(took, 5 * (4 if SANITIZED else 1))
        self.assertEqual(self.m.stop(), 0, self.m.err)


if __name__ == "__main__":
    unittest.main()

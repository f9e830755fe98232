"""What a live feed sent is in the capture, however many files it is in and whatever the disk did, and a
replay of the files sends it again byte for byte."""

import gzip
import json
import re
import resource
import signal
import unittest

from scenario import backtest, configuration
from support import AcceptanceTest, Closed, eventually, native_tick

DONE, USAGE = 0, 2


def records(path):
    """The records of a capture behind its first line; a torn end is left out."""
    data = path.read_bytes()
    if path.suffix == ".gz":
        data = gzip.decompress(data)
    lines = data.split(b"\n")[:-1]
    header = json.loads(lines[0])
    assert header["ycap"] == 1 and header["feeds"], header
    return [json.loads(line) for line in lines[1:]]


def incoming(*paths):
    return [record["frame"] for path in paths for record in records(path) if record["dir"] == "in"]


class Record(AcceptanceTest):
    def replay(self, *sources):
        server = self.start("replay", "--as", "native", "--listen", "127.0.0.1:0", "--speed", "max", *sources)
        return int(server.await_err(r"on ws://127\.0\.0\.1:(\d+)")[1]), server

    def record(self, port, *arguments):
        config = self.write("record.toml", configuration({"desk": ("native", port, "USDJPY", "USDJPY")}))
        return self.start("record", "--config", config, *arguments)

    def record_all(self, sources, count, *arguments):
        """Records what a replay of `sources` sends, `count` ticks; the summary."""
        port, server = self.replay(*sources)
        self.server = server
        recorder = self.record(port, *arguments)
        server.await_err(r"replayed [\d,]+ ticks", 60)
        self.assertEqual(recorder.stop(signal.SIGTERM, 30), DONE, recorder.err)
        self.assertRegex(recorder.err, rf"{count:,} ticks, 0 lost\n")
        return recorder.err

    def test_rotated_files_replay_what_was_on_the_wire(self):
        count = 20_000
        rows = "".join(f"{1_770_595_200_000 + 50 * i},{157 + (i * 7919 % 1000) / 1000:.3f}\n" for i in range(count))
        ticks = self.write("ticks.csv", "ts_ms,price\n" + rows)
        summary = self.record_all([f"USDJPY={ticks}"], count, "--out", self.dir / "live.ycap", "--rotate-size", "256K")
        files = sorted(self.dir.glob("live-*.ycap*"))
        self.assertFalse(list(self.dir.glob("*.part")))
        self.assertGreater(len(files), 10)
        self.assertIn(f"the last of {len(files)} files", summary)
        for file in files:
            self.assertRegex(file.name, r"^live-\d{8}T\d{6}Z(_\d{3})?\.ycap(\.gz)?$")
        every = incoming(*files)
        self.assertEqual(len(every), count + 1)  # and the acknowledgement
        for record in records(files[0]):
            self.assertGreater(record["mono_ns"], 0)

        again = self.dir / "again.ycap.gz"
        self.record_all(files, count, "--out", again)
        self.assertEqual(incoming(again), every)
        config = self.write("rules.toml", configuration({}))
        alerts = backtest(self, config, again)
        self.assertGreater(len(alerts), 5)
        self.assertEqual(backtest(self, config, *files), alerts)

    def test_a_full_disk_is_waited_out(self):
        frames = [json.dumps({**native_tick("USDJPY", 157 + i / 1000, seq=i), "note": "x" * 400}) for i in range(3_000)]

        def talk(feed):
            feed.send({"type": "subscribed", "symbols": feed.receive()["symbols"]})
            for frame in frames:
                feed.send(frame)
            while True:  # until the recorder goes
                try:
                    feed.receive(60)
                except TimeoutError:
                    raise Closed(None) from None

        capture = self.dir / "day.ycap"
        recorder = self.record(self.serve(talk).port, "--out", capture)
        hard = resource.prlimit(recorder.pid, resource.RLIMIT_FSIZE)[1]
        resource.prlimit(recorder.pid, resource.RLIMIT_FSIZE, (200_000, hard))
        recorder.await_err(r"day\.ycap: cannot be written: File too large; frames wait in memory", 20)
        resource.prlimit(recorder.pid, resource.RLIMIT_FSIZE, (hard, hard))
        recorder.await_err(r"recording: goes on", 20)
        eventually(lambda: incoming(capture)[1:] == frames, lambda: recorder.err, 20)
        self.assertEqual(recorder.stop(signal.SIGINT), DONE, recorder.err)
        self.assertEqual(incoming(capture)[1:], frames)
        self.assertRegex(recorder.err, r"3,000 ticks, 0 lost; the disk refused \d+ times\n")

    def test_a_killed_recording_is_good_up_to_its_last_second(self):
        frames = [json.dumps(native_tick("USDJPY", 157 + i / 1000, seq=i)) for i in range(500)]

        def talk(feed):
            feed.send({"type": "subscribed", "symbols": feed.receive()["symbols"]})
            for frame in frames:
                feed.send(frame)
            feed.close_code(30)

        capture = self.dir / "killed.ycap"
        recorder = self.record(self.serve(talk).port, "--out", capture)
        eventually(lambda: capture.exists() and capture.read_bytes().count(b"\n") == 503, lambda: recorder.err, 20)
        recorder.send(signal.SIGKILL)
        recorder.wait()
        capture.write_bytes(capture.read_bytes()[:-30])  # the end is torn
        self.record_all([capture], 499, "--out", self.dir / "copy.ycap")
        self.server.await_err(r"killed\.ycap: line 50\d, the last, is torn and was dropped")
        self.assertEqual(incoming(self.dir / "copy.ycap")[-499:], frames[:-1])

    def test_wrong_arguments_are_named(self):
        config = self.write("record.toml", configuration({"desk": ("native", 1, "USDJPY", "USDJPY")}))
        for arguments in (("--rotate", "hourly"), ("--rotate-size", "256"), ("--rotate-size", "many")):
            outcome = self.run_yagura("record", "--config", config, "--out", self.dir / "o.ycap", *arguments)
            self.assertEqual(outcome.code, USAGE, outcome)
            self.assertRegex(outcome.err, re.escape(" ".join(arguments)) + ": must be ")
        self.assertFalse(list(self.dir.glob("o*")))


if __name__ == "__main__":
    unittest.main()

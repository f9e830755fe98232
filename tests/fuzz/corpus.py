#!/usr/bin/env python3
"""Makes a fuzzing corpus of a vendor's sample frames: corpus.py SAMPLES.jsonl FOLDER

SAMPLES.jsonl holds an object a line: {"dir": "in" or "out", "frame": TEXT or "b64:..."}. Each frame
becomes an input of its own, and all of them one more, as tests/fuzz/codec.cpp reads them.
"""
import base64
import json
import pathlib
import sys

BETWEEN = b"\xff\xfe\n"


def item(frame):
    if frame.startswith("b64:"):
        return b"b" + base64.b64decode(frame[4:])
    return b"t" + frame.encode()


def main(samples, folder):
    lines = pathlib.Path(samples).read_text(encoding="utf-8").splitlines()
    frames = [json.loads(line) for line in lines if line.strip()]
    items = [item(frame["frame"]) for frame in frames if frame["dir"] == "in" and isinstance(frame["frame"], str)]
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for number, content in enumerate(items + [BETWEEN.join(items)]):
        (folder / f"sample-{number}").write_bytes(content)


if __name__ == "__main__":
    main(*sys.argv[1:])

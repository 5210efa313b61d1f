# SPDX-License-Identifier: MIT
"""The snapshots of `heaplab run --memory=FILE.jsonl` as pandas frames."""

import json

import pandas

from .program import HeaplabError

# As process.memoryUsage() names them, in bytes.
SIZES = ["rss", "heapTotal", "heapUsed", "external", "arrayBuffers"]
COLLECTION = ["kind", "collector", "reason"]


def read_memory(path):
    """A row per snapshot: `seconds` since the start, `event`, and the sizes in bytes.

    `event` says why the snapshot was taken: "interval", "before-gc", "after-gc" or "exit". Around a
    collection, `kind` is "minor" or "major", and `collector` and `reason` say more.
    """
    rows = []
    try:
        with open(path, encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                try:
                    rows.append(json.loads(line))
                except ValueError as error:
                    raise HeaplabError(f"{path}:{number}: not a snapshot: {error}") from None
    except FileNotFoundError:
        raise HeaplabError("the program wrote no memory snapshots") from None
    if not rows:
        raise HeaplabError("the program ended before its first memory snapshot")
    frame = pandas.DataFrame(rows)
    missing = {"time_ms", "event", *SIZES} - set(frame.columns)
    if missing:
        raise HeaplabError(f"{path}: snapshots without {', '.join(sorted(missing))}")
    for name in set(COLLECTION) - set(frame.columns):
        frame[name] = None  # a run without any collection
    frame["seconds"] = frame["time_ms"] / 1000
    return frame[["seconds", "event", *COLLECTION, *SIZES]]


def collections_of(memory):
    """A row per collection: when it ended, what it was, heapUsed before and after, what it freed."""
    columns = ["seconds", *COLLECTION, "heapUsedBefore", "heapUsedAfter", "freed"]
    rows, before = [], None
    for snapshot in memory.itertuples():
        if snapshot.event == "before-gc":
            before = snapshot
        elif snapshot.event == "after-gc" and before is not None:
            rows.append([snapshot.seconds, snapshot.kind, snapshot.collector, snapshot.reason,
                         before.heapUsed, snapshot.heapUsed, before.heapUsed - snapshot.heapUsed])
            before = None
    return pandas.DataFrame(rows, columns=columns)

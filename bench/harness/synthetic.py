# SPDX-License-Identifier: MIT
"""bench/run traces --events=N: a recording of any length, made and read."""

import json
import os
import subprocess
import tempfile
from pathlib import Path

from .build import build_launcher, build_target
from .errors import BenchError
from .measure import default_cpu, measure
from .paths import RELEASE_BUILD

def synthesize(file, events):
    """A recording of so many events (bench/traces/synth.cpp), and what it says of it."""
    done = subprocess.run([RELEASE_BUILD / "bench" / "synth", file, str(events)], text=True,
                          check=False, stderr=subprocess.PIPE)
    if done.returncode != 0:
        raise BenchError(f"cannot make {file}: {done.stderr.strip()}")
    return json.loads(done.stderr)


def read_synthetic(options, launcher, cpu):
    """Reading and replaying a long recording: events a second, and that memory does not grow with
    it. (The replay's time is that of the whole verb: compiling, and six runs of the program.)"""
    rows = []
    heaplab = RELEASE_BUILD / "bin" / "heaplab"
    for events in (options.events // 10, options.events):
        with tempfile.TemporaryDirectory(prefix="heaplab-bench-", dir=options.folder) as folder:
            file = Path(folder) / "synthetic.heaprec"
            made = synthesize(file, events)
            for name, command in (("trace info", [heaplab, "trace", "info", file]),
                                  ("trace diff", [heaplab, "trace", "diff", file, file]),
                                  ("replay", [heaplab, "replay", "--heap=64M", file])):
                # Where deaths are known, a diff follows each object: ten times the work.
                if name == "trace diff" and events == options.events:
                    continue
                samples = [measure(launcher, cpu, command, {}) for _ in range(options.runs)]
                samples.sort(key=lambda sample: sample.cpu_s)
                best = samples[0]
                reads = 2 if name == "trace diff" else 1
                rows.append({"what": name, "events": made["events"], "objects": made["objects"],
                             "bytes": made["bytes"], "cpu_s": best.cpu_s, "wall_s": best.wall_s,
                             "events_per_s": reads * made["events"] / best.cpu_s,
                             "peak_rss_mb": best.peak_rss_mb})
    return rows


def print_rows(rows):
    print(f"  {'':12}{'events':>15}{'file MB':>9}{'B/event':>9}{'CPU s':>9}{'M events/s':>12}"
          f"{'peak MB':>9}")
    for row in rows:
        print(f"  {row['what']:12}{row['events']:15,}{row['bytes'] / 1e6:9,.0f}"
              f"{row['bytes'] / row['events']:9.2f}{row['cpu_s']:9.2f}"
              f"{row['events_per_s'] / 1e6:12.1f}{row['peak_rss_mb']:9.1f}")
    # A replay keeps up to 256 MiB of its program in memory before it goes to a file.
    for what, most in (("trace info", 8), ("replay", 300)):
        small, large = [row for row in rows if row["what"] == what]
        grown = large["peak_rss_mb"] - small["peak_rss_mb"]
        print(f"  {'met   ' if grown < most else 'MISSED'}  {what}: ten times the events take "
              f"{grown:+.1f} MB of memory")


def run(options):
    build_target("bench_synth")
    build_target("heaplab")
    launcher = build_launcher()
    cpu = options.cpu if options.cpu is not None else default_cpu()
    print(f"pinned to CPU {cpu}, fastest of {options.runs}, load {os.getloadavg()[0]:.2f}, "
          "files in the page cache")
    rows = read_synthetic(options, launcher, cpu)
    print_rows(rows)
    if options.json:
        with open(options.json, "w", encoding="utf-8") as out:
            json.dump(rows, out, indent=1)
    return 0

# SPDX-License-Identifier: MIT
"""bench/run recorder: what recording costs, in programs that do little but allocate."""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from .build import build_target
from .errors import BenchError
from .paths import BENCH, RELEASE_BUILD

SCRIPTS = sorted((BENCH / "record").glob("*.js"))


def own_thread_seconds(pid):
    """Processor time of the first thread of a process that has ended and was not waited for."""
    text = Path(f"/proc/{pid}/task/{pid}/stat").read_text()
    fields = text[text.rindex(")") + 2:].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure(command):
    """Seconds: on the wall, of processor time, of the program's own thread; and the peak RSS in MB."""
    start = time.perf_counter()
    process = subprocess.Popen([str(word) for word in command], stdout=subprocess.DEVNULL)
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    wall = time.perf_counter() - start
    own = own_thread_seconds(process.pid)
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        raise BenchError(f"{' '.join(map(str, command))}: status {status}")
    return wall, usage.ru_utime + usage.ru_stime, own, usage.ru_maxrss / 1000


def contents(heaplab, recording):
    done = subprocess.run([heaplab, "trace", "info", "--format=json", recording],
                          capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise BenchError(done.stderr.strip())
    return json.loads(done.stdout)


def row(heaplab, script, options, folder):
    recording = Path(folder) / f"{script.stem}.heaprec"
    base = [heaplab, "run"]
    plain, recorded = [], []
    for _ in range(options.runs):
        plain.append(measure([*base, script]))
        recorded.append(measure([*base, f"--record={recording}", *options.option, script]))
    was = [min(column) for column in zip(*plain)]
    now = [min(column) for column in zip(*recorded)]
    events = contents(heaplab, recording)["events"]
    return {
        "program": script.stem,
        "plain": dict(zip(("wall_s", "cpu_s", "own_s", "peak_mb"), was)),
        "recorded": dict(zip(("wall_s", "cpu_s", "own_s", "peak_mb"), now)),
        "events": events,
        "bytes_per_event": recording.stat().st_size / max(events, 1),
    }


def show(result):
    was, now = result["plain"], result["recorded"]
    ratios = [now[key] / max(was[key], 0.01) for key in ("wall_s", "cpu_s", "own_s")]
    print(f"{result['program']:8}{was['wall_s']:8.3f} s{now['wall_s']:9.3f} s{now['cpu_s']:8.3f} s"
          f"{now['own_s']:7.2f} s   " + "".join(f"{ratio:7.2f}" for ratio in ratios)
          + f"{result['events']:14,}{result['bytes_per_event']:8.2f}"
          f"{was['peak_mb']:8.0f}{now['peak_mb']:6.0f}")


def run(options):
    build_target("heaplab")
    heaplab = RELEASE_BUILD / "bin" / "heaplab"
    print(f"{'':8}{'plain':>10}{'recorded:':>11}{'CPU':>10}{'own':>9}   "
          f"{'wall x':>7}{'CPU x':>7}{'own x':>7}{'events':>14}{'bytes':>8}{'MB':>8}{'MB':>6}")
    results = []
    with tempfile.TemporaryDirectory() as folder:
        for script in SCRIPTS:
            results.append(row(heaplab, script, options, folder))
            show(results[-1])
            sys.stdout.flush()
    if options.json:
        Path(options.json).write_text(json.dumps(results, indent=1) + "\n")
    return 0

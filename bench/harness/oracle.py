# SPDX-License-Identifier: MIT
"""What does collection cost against explicit memory management? The question of Hertz and Berger
(OOPSLA 2005), asked of our collectors: recordings of real programs are replayed on each of them in
heaps of controlled size, and with malloc and mimalloc, each object freed at its exact death."""

import json
import os
import shutil
import statistics
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from .build import build_target
from .errors import BenchError, UsageError
from .measure import default_cpu
from .paths import BENCH, RELEASE_BUILD, ROOT

FOLDER = ROOT / "build" / "bench-oracle"
PROGRAM = RELEASE_BUILD / "bin" / "heaplab"
MULTIPLES = (1.25, 1.5, 2, 3, 4, 6)
BASELINE = "mimalloc"


@dataclass(frozen=True)
class Interpreted:
    """A program of tests/programs with larger numbers in it, recorded by heaplab."""

    name: str
    about: str
    script: str
    changes: tuple  # (text, what comes in its place)

    needs = ()

    def source(self):
        text = (ROOT / "tests" / "programs" / self.script).read_text(encoding="utf-8")
        for old, new in self.changes:
            if old not in text:
                raise BenchError(f"tests/programs/{self.script} has no '{old}' any more")
            text = text.replace(old, new)
        path = FOLDER / self.script
        path.write_text(text, encoding="utf-8")
        return path

    def command(self):
        return [PROGRAM, "run", self.source()]

    def record(self):
        recording = FOLDER / f"{self.name}.heaprec"
        quiet([PROGRAM, "run", f"--record={recording}", self.source()])
        return recording


@dataclass(frozen=True)
class Native:
    """A native program, recorded by heaptrack."""

    name: str
    about: str
    argv: tuple = ()
    environment: tuple = ()
    needs: tuple = ()
    make_argv: object = None  # called instead, when the program is needed

    def command(self):
        return [str(word) for word in (self.make_argv() if self.make_argv else self.argv)]

    def record(self):
        base = FOLDER / f"heaptrack.{self.name}"
        for old in FOLDER.glob(base.name + "*"):
            old.unlink()
        quiet(["heaptrack", "--output", base, *self.command()], dict(self.environment))
        found = sorted(FOLDER.glob(base.name + "*"))
        if not found:
            raise BenchError(f"heaptrack wrote no file for {self.name}")
        return found[0]


def compiler_proper():
    """The program that g++ starts for the work, and a preprocessed file of ours for it."""
    if shutil.which("g++") is None:
        return ("cc1plus",)
    program = subprocess.run(["g++", "-print-prog-name=cc1plus"], text=True, capture_output=True,
                             check=True).stdout.strip()
    unit = FOLDER / "unit.ii"
    if not unit.exists():
        FOLDER.mkdir(parents=True, exist_ok=True)
        quiet(["g++", "-std=c++20", "-E", *(f"-I{ROOT / name / 'include'}" for name in
               ("heap", "support", "trace")), ROOT / "trace/src/writer.cpp", "-o", unit])
    return (program, "-quiet", "-std=c++20", "-O1", "-fpreprocessed", unit, "-o", "/dev/null")


def recordings():
    return (
        Interpreted("trees", "binary, red-black, prefix trees, ropes", "binary_trees.js",
                    (("maxDepth = 11", "maxDepth = 14"), ("i < 6000", "i < 40000"))),
        Interpreted("cache", "a page server with two LRU caches", "lru_cache_service.js",
                    (("LruCache(50", "LruCache(4000"), ("LinkedLru(50", "LinkedLru(4000"),
                     ("request < 20000", "request < 90000"), ("** 3 * 200", "** 3 * 20000"))),
        Interpreted("search", "a full-text index and queries on it", "text_search.js",
                    (("{length: 400}", "{length: 6000}"),)),
        Native("python", "Python: JSON parsed, grouped, sorted",
               ("/usr/bin/python3", BENCH / "oracle" / "orders.py"), (("PYTHONMALLOC", "malloc"),),
               ("python3",)),
        Native("perl", "Perl: words counted in hashes", ("perl", BENCH / "oracle" / "words.pl"),
               needs=("perl",)),
        Native("compiler", "the compiler proper of g++ on a file of ours",
               make_argv=compiler_proper, needs=("g++",)),
    )


def quiet(command, environment=None):
    done = subprocess.run([str(word) for word in command], text=True, check=False, cwd=ROOT,
                          env={**os.environ, **(environment or {})},
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode != 0:
        raise BenchError(f"exit code {done.returncode}: {' '.join(map(str, command))}\n"
                         + "\n".join(done.stdout.splitlines()[-5:]))


def own_cpu_seconds(recording, runs=3):
    """What the program itself takes, unrecorded: user and system time, the least of some runs."""
    best = None
    for _ in range(runs):
        before = os.times()
        quiet(recording.command(), dict(getattr(recording, "environment", ())))
        after = os.times()
        spent = (after.children_user - before.children_user
                 + after.children_system - before.children_system)
        best = spent if best is None else min(best, spent)
    return best


def replay(file, options, cpu):
    multiples = ",".join(str(m) for m in MULTIPLES)
    command = ["taskset", "-c", str(cpu), PROGRAM, "replay", file, "--gc=all",
               f"--heap-multiple={multiples}", "--explicit=malloc,mimalloc",
               f"--runs={options.runs}", "--format=json"]
    done = subprocess.run([str(word) for word in command], text=True, capture_output=True,
                          check=False)
    if done.returncode not in (0, 134):
        raise BenchError(f"exit code {done.returncode}: {' '.join(map(str, command))}\n"
                         + done.stderr.strip())
    return json.loads(done.stdout)


def rows_of(recording, report, own_s):
    """One row per run: times and footprints, absolute and relative to mimalloc's."""
    runs = {run["system"]: run for run in report["runs"] if run["heap_bytes"] is None}
    base = runs[BASELINE]
    rows = []
    for run in report["runs"]:
        cpu_s = run["net"]["cpu_ns"] / 1e9
        base_s = base["net"]["cpu_ns"] / 1e9
        row = {"recording": recording.name, "system": run["system"],
               "heap_multiple": run["heap_multiple"], "heap_bytes": run["heap_bytes"],
               "completed": run["completed"], "problems": run["problems"]}
        if run["completed"]:
            footprint = run["footprint"]
            row |= {"cpu_s": cpu_s, "collector_s": run["collector"]["cpu_ns"] / 1e9,
                    "longest_pause_ms": run["pauses"]["max_ns"] / 1e6,
                    "time_ratio": cpu_s / base_s,
                    "peak_bytes": footprint["peak_resident"],
                    "average_bytes": footprint["average_resident"],
                    "footprint_ratio": (footprint["average_resident"]
                                        / max(base["footprint"]["average_resident"], 1)),
                    "whole_program": 1 + (cpu_s - base_s) / own_s}
        rows.append(row)
    return rows


def print_recording(recording, report, own_s, rows):
    program = report["program"]
    print(f"\n{recording.name}: {recording.about}")
    print(f"  {program['objects']:,} objects, {program['bytes'] / 2**20:,.1f} MiB allocated, at "
          f"most {program['peak_live_bytes'] / 2**20:.2f} MiB alive; {program['events']:,} events, "
          f"replayed at {report['replayer']['events_per_s'] / 1e6:.0f} million/s by the replayer "
          f"alone; the program itself takes {own_s:.2f} s")
    print(f"  {'system':14}{'x min':>6}{'heap MiB':>10}{'CPU s':>8}{'x mimalloc':>11}"
          f"{'collector':>10}{'longest ms':>11}{'avg MiB':>9}{'x mimalloc':>11}{'program':>9}")
    for row in rows:
        if row["problems"]:
            raise BenchError(f"{recording.name} on {row['system']}: {row['problems'][0]}")
        multiple = f"{row['heap_multiple']:g}" if row["heap_multiple"] else ""
        heap = f"{row['heap_bytes'] / 2**20:.2f}" if row["heap_bytes"] else ""
        start = f"  {row['system']:14}{multiple:>6}{heap:>10}"
        if not row["completed"]:
            print(start + "  out of memory")
            continue
        print(f"{start}{row['cpu_s']:8.3f}{row['time_ratio']:11.2f}{row['collector_s']:10.3f}"
              f"{row['longest_pause_ms']:11.2f}{row['average_bytes'] / 2**20:9.2f}"
              f"{row['footprint_ratio']:11.2f}{row['whole_program']:9.2f}")


def print_summary(rows):
    """Geometric means over the recordings."""
    print("\nall recordings, geometric means, relative to mimalloc with exact frees:")
    print(f"  {'system':14}{'x min':>6}{'time':>8}{'footprint':>11}{'whole program':>15}")
    keys = []
    for row in rows:
        key = (row["system"], row["heap_multiple"])
        if key not in keys:
            keys.append(key)
    for system, multiple in keys:
        chosen = [row for row in rows if (row["system"], row["heap_multiple"]) == (system, multiple)
                  and row["completed"]]
        if not chosen:
            continue
        means = [statistics.geometric_mean(row[what] for row in chosen)
                 for what in ("time_ratio", "footprint_ratio", "whole_program")]
        missing = len({row["recording"] for row in rows}) - len(chosen)
        note = f"  ({missing} out of memory)" if missing else ""
        shown = f"{multiple:g}" if multiple else ""
        print(f"  {system:14}{shown:>6}{means[0]:8.2f}{means[1]:11.2f}{means[2]:15.2f}{note}")


def needed(recording):
    words = list(recording.needs)
    if isinstance(recording, Native):
        words.append("heaptrack")
    return [word for word in words if shutil.which(word) is None]


def chosen_recordings(options):
    known = recordings()
    if not options.recording:
        return known
    for name in options.recording:
        if name not in [recording.name for recording in known]:
            raise UsageError(f"there is no recording {name}; there are "
                             + ", ".join(recording.name for recording in known))
    return [recording for recording in known if recording.name in options.recording]


def run(options):
    build_target("heaplab")
    FOLDER.mkdir(parents=True, exist_ok=True)
    cpu = options.cpu if options.cpu is not None else default_cpu()
    print(f"pinned to CPU {cpu}, the best of {options.runs} runs, load {os.getloadavg()[0]:.2f}, "
          f"{time.strftime('%Y-%m-%d %H:%M UTC', time.gmtime())}")
    all_rows = []
    for recording in chosen_recordings(options):
        missing = needed(recording)
        if missing:
            print(f"\nskipped: {recording.name} (Debian: {', '.join(missing)})")
            continue
        own_s = own_cpu_seconds(recording)
        report = replay(recording.record(), options, cpu)
        rows = rows_of(recording, report, own_s)
        print_recording(recording, report, own_s, rows)
        all_rows += rows
    if not all_rows:
        raise BenchError("nothing was measured")
    print_summary(all_rows)
    if options.json:
        Path(options.json).write_text(json.dumps(all_rows, indent=1), encoding="utf-8")
    if options.plot:
        from .oracle_plot import plot
        plot(all_rows, {r.name: r.about for r in recordings()}, options.plot)
        print(f"\ndrawn: {options.plot}")
    return 0

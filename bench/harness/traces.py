# SPDX-License-Identifier: MIT
"""bench/run traces: a recording of a native program, read by heaptrack_print and by heaplab."""

import json
import os
import re
import shutil
import subprocess
from dataclasses import dataclass

from .build import build_launcher, build_target
from .errors import BenchError, UsageError
from .measure import default_cpu, measure
from .paths import BENCH, PEER_BUILD, RELEASE_BUILD, ROOT
from .snapshots import warm

FILES = PEER_BUILD / "traces"
AIM_SPEED = 5
HEAPLAB = RELEASE_BUILD / "bin" / "heaplab"


@dataclass(frozen=True)
class Tool:
    name: str
    command: object  # (file) -> words
    raw: bool = True  # can read raw files


TOOLS = [
    Tool("heaptrack_print", lambda file: ["heaptrack_print", file], raw=False),
    Tool("heaplab trace sites", lambda file: [HEAPLAB, "trace", "sites", file]),
    Tool("heaplab leaks", lambda file: [HEAPLAB, "leaks", file]),
]


def make(requests, raw):
    """Records bench/traces/service.py; once for each number of requests."""
    FILES.mkdir(parents=True, exist_ok=True)
    name = FILES / f"service-{requests}"
    file = name.with_name(name.name + (".raw.zst" if raw else ".zst"))
    if file.exists():
        return file
    print(f"recording {requests} requests{' (raw)' if raw else ''}", flush=True)
    done = subprocess.run(
        ["heaptrack", *(["--raw"] if raw else []), "-o", name, "/usr/bin/python3",
         BENCH / "traces" / "service.py", str(requests)],
        env={**os.environ, "PYTHONMALLOC": "malloc"}, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode != 0 or not file.exists():
        raise BenchError(f"heaptrack failed: {done.stdout.strip()[-500:]}")
    return file


def count_events(file):
    """(events, bytes of text)"""
    with subprocess.Popen(["zstd", "-dc", file], stdout=subprocess.PIPE) as unpacked:
        events = size = 0
        rest = b""
        while True:
            part = unpacked.stdout.read(1 << 22)
            if not part:
                return events, size
            size += len(part)
            whole = (rest + part).rsplit(b"\n", 1)
            rest = whole[1] if len(whole) == 2 else whole[0]
            if len(whole) == 2:
                events += len(re.findall(rb"^[+-]", whole[0], re.M))


def best_of(file, tools, runs, launcher, cpu):
    """Interleaved; of each tool the run with the least CPU time."""
    samples = {tool.name: [] for tool in tools}
    for _ in range(runs):
        for tool in tools:
            samples[tool.name].append(measure(launcher, cpu, tool.command(file), {}))
    return {name: min(list_, key=lambda sample: sample.cpu_s) for name, list_ in samples.items()}


def print_table(file, events, size, best):
    print(f"\n{file.name}: {events / 1e6:.1f} million events, {size / 1e6:.0f} MB of text in "
          f"{file.stat().st_size / 1e6:.1f} MB")
    print(f"  {'tool':22}{'CPU s':>9}{'wall s':>9}{'peak MB':>9}{'M events/s':>12}{'speed':>9}")
    peer = best.get("heaptrack_print")
    for name, sample in best.items():
        speed = f"{peer.cpu_s / sample.cpu_s:.1f} x" if peer else ""
        print(f"  {name:22}{sample.cpu_s:9.2f}{sample.wall_s:9.2f}{sample.peak_rss_mb:9.0f}"
              f"{events / sample.cpu_s / 1e6:12.1f}{speed:>9}")
    own = best.get("heaplab trace sites")
    if peer and own:
        faster = peer.cpu_s / own.cpu_s
        lighter = own.peak_rss_mb <= peer.peak_rss_mb
        print(f"  {'met   ' if faster >= AIM_SPEED else 'MISSED'}  {AIM_SPEED} x the rate of "
              f"heaptrack_print: {faster:.1f} x")
        print(f"  {'met   ' if lighter else 'MISSED'}  no more memory")


def run(options):
    for tool in ("heaptrack", "heaptrack_print", "zstd"):
        if shutil.which(tool) is None:
            raise UsageError(f"{tool} is missing (Debian: {tool.split('_')[0]})")
    if not os.path.exists("/usr/bin/python3"):
        raise UsageError("/usr/bin/python3 is missing: it is the program that is recorded")
    build_target("heaplab")
    launcher = build_launcher()
    cpu = options.cpu if options.cpu is not None else default_cpu()
    requests = 5_000 if options.quick else options.requests
    print(f"{os.path.relpath(HEAPLAB, ROOT)} and heaptrack_print, pinned to CPU {cpu}, best of "
          f"{options.runs} interleaved runs, load {os.getloadavg()[0]:.2f}, files in the page cache")
    results = []
    for raw in (False, True):
        file = make(requests, raw)
        warm(file)
        events, size = count_events(file)
        tools = [tool for tool in TOOLS if tool.raw or not raw]
        best = best_of(file, tools, options.runs, launcher, cpu)
        print_table(file, events, size, best)
        results += [{"file": file.name, "raw": raw, "events": events, "text_bytes": size,
                     "tool": name, "cpu_s": sample.cpu_s, "wall_s": sample.wall_s,
                     "peak_rss_mb": sample.peak_rss_mb} for name, sample in best.items()]
    if options.json:
        with open(options.json, "w", encoding="utf-8") as out:
            json.dump(results, out, indent=1)
    return 0

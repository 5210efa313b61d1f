# SPDX-License-Identifier: MIT
"""bench/run snapshots: heap snapshots, from file to retained sizes, here and in other tools."""

import json
import os
import shutil
import statistics
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from .build import build_launcher, build_target
from .errors import BenchError, UsageError
from .measure import default_cpu, measure
from .paths import BENCH, PEER_BUILD, RELEASE_BUILD, ROOT

PACKAGES = PEER_BUILD / "snapshots"
FILES = PACKAGES / "files"
NPM = {
    "chrome-devtools-frontend": "1.0.1705227",
    "esbuild": "0.28.2",
    "heap-snapshot-toolkit": "1.1.3",
    "memlab": "2.0.5",
    "@memlab/heap-analysis": "2.0.5",
    "@vscode/v8-heap-parser": "0.1.0",
    "typescript": "5.9.3",
}


@dataclass(frozen=True)
class Made:
    """A snapshot that Node makes: a program under bench/snapshots/make and its arguments."""
    name: str
    about: str
    program: str
    arguments: tuple


MADE = [
    Made("small", "the TypeScript compiler alone, about 20 MB", "compilers.js", ("0",)),
    Made("medium", "2 TypeScript programs, about 150 MB", "compilers.js", ("2",)),
    Made("large", "7 TypeScript programs, about 500 MB", "compilers.js", ("7",)),
    Made("huge", "19 TypeScript programs, about 1.3 GB", "compilers.js", ("19",)),
    Made("chains", "13 linked lists of 750,000, about 1.1 GB", "chains.js", ("13", "750000")),
]


@dataclass(frozen=True)
class Tool:
    name: str
    command: object       # (file) -> words
    needs: str = ""       # npm package
    peer: bool = True


def node_tool(node, script, file, heap_mb=20000):
    return [node, f"--max-old-space-size={heap_mb}", BENCH / "snapshots" / "peers" / script,
            PACKAGES, file]


def tools(node):
    solve = RELEASE_BUILD / "bench" / "solve"
    devtools = ROOT / "tests" / "inspector" / "devtools" / "load.mjs"
    return [
        Tool("heaplab, one core", lambda file: [solve, file, "1"], peer=False),
        Tool("DevTools worker", lambda file: [node, "--max-old-space-size=20000", devtools, PACKAGES,
                                              file, "-"], "chrome-devtools-frontend"),
        Tool("heap-snapshot-toolkit", lambda file: node_tool(node, "toolkit.mjs", file),
             "heap-snapshot-toolkit"),
        Tool("memlab", lambda file: node_tool(node, "memlab.mjs", file), "@memlab/heap-analysis"),
        Tool("v8-heap-parser", lambda file: node_tool(node, "v8-heap-parser.mjs", file),
             "@vscode/v8-heap-parser"),
    ]


def install():
    PACKAGES.mkdir(parents=True, exist_ok=True)
    npm = shutil.which("npm")
    if npm is None:
        raise UsageError("npm is missing: it installs the other tools (Debian: npm)")
    (PACKAGES / "package.json").write_text(json.dumps({"private": True, "dependencies": NPM}))
    print("installing into", PACKAGES.relative_to(ROOT), flush=True)
    done = subprocess.run([npm, "install", "--ignore-scripts", "--no-audit", "--no-fund"],
                          cwd=PACKAGES, check=False)
    if done.returncode != 0:
        raise BenchError("npm could not install the other tools")


def make(made, node):
    FILES.mkdir(parents=True, exist_ok=True)
    file = FILES / f"{made.name}.heapsnapshot"
    if file.exists():
        return file
    print(f"making {made.name}: {made.about}", flush=True)
    unfinished = file.with_suffix(".unfinished")
    done = subprocess.run(
        [node, "--max-old-space-size=16000", BENCH / "snapshots" / "make" / made.program,
         *made.arguments, unfinished],
        env={**os.environ, "NODE_PATH": str(PACKAGES / "node_modules")}, text=True, check=False,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode != 0:
        raise BenchError(f"cannot make {made.name}: {done.stdout.strip()[-500:]}")
    unfinished.rename(file)
    return file


def warm(file):
    """Everyone reads from the page cache."""
    with open(file, "rb") as data:
        while data.read(1 << 24):
            pass


def run_tool(tool, file, runs, launcher, cpu):
    samples = []
    for _ in range(runs):
        sample = measure(launcher, cpu, tool.command(file), {})
        samples.append(sample)
    samples.sort(key=lambda sample: sample.wall_s)
    return samples[len(samples) // 2]


def on_two_cores(file, runs):
    solve = RELEASE_BUILD / "bench" / "solve"
    times = []
    for _ in range(runs):
        start = time.monotonic()
        subprocess.run([solve, file, "2"], check=True, stdout=subprocess.DEVNULL)
        times.append(time.monotonic() - start)
    return statistics.median(times)


def print_table(file, rows, two_cores, rates):
    size = file.stat().st_size / 1e6
    peers = [sample.wall_s for tool, sample in rows if tool.peer and sample]
    best = min(peers) if peers else None
    print(f"\n{file.name}: {size:,.0f} MB")
    print(f"  {'tool':24}{'wall s':>9}{'CPU s':>9}{'peak MB':>9}{'x heaplab':>11}")
    own = rows[0][1]
    for tool, sample in sorted(rows, key=lambda row: row[1].wall_s if row[1] else 1e9):
        if sample is None:
            print(f"  {tool.name:24}{'fails':>9}")
            continue
        print(f"  {tool.name:24}{sample.wall_s:9.2f}{sample.cpu_s:9.2f}{sample.peak_rss_mb:9.0f}"
              f"{sample.wall_s / own.wall_s:11.1f}")
    if two_cores is not None:
        print(f"  {'heaplab, two cores':24}{two_cores:9.2f}{'':18}{two_cores / own.wall_s:11.2f}")
    print("  " + ", ".join(f"{name} {value:g}" for name, value in rates.items()))
    if best is not None:
        fastest = min((row for row in rows if row[0].peer and row[1]), key=lambda r: r[1].wall_s)
        faster, lighter = best / own.wall_s, fastest[1].peak_rss_mb / own.peak_rss_mb
        print(f"  {'met   ' if faster >= 20 else 'MISSED'}  20 x faster than {fastest[0].name}: "
              f"{faster:.1f} x")
        print(f"  {'met   ' if lighter >= 4 else 'MISSED'}  a quarter of its memory: "
              f"1/{lighter:.1f}")


def run(options):
    node = options.node or shutil.which("node")
    if node is None:
        raise UsageError("node is missing: it makes the snapshots and runs the other tools "
                         "(Debian: nodejs)")
    if options.install:
        install()
    build_target("bench_solve")
    files = [make_or_use(name, node) for name in options.file or ["medium", "large"]]
    launcher = build_launcher()
    cpu = options.cpu if options.cpu is not None else default_cpu()
    version = subprocess.run([node, "--version"], text=True, capture_output=True, check=True)
    print(f"Node {version.stdout.strip()}, pinned to CPU {cpu}, median of {options.runs}, load "
          f"{os.getloadavg()[0]:.2f}, files in the page cache")
    results = []
    for file in files:
        warm(file)
        rows = []
        for tool in tools(node):
            if tool.needs and not (PACKAGES / "node_modules" / tool.needs).exists():
                print(f"  skipped: {tool.name} (npm {tool.needs}; --install fetches it)")
                continue
            if options.tool and not any(word in tool.name for word in options.tool + ["heaplab"]):
                continue
            runs = options.runs if not tool.peer or file.stat().st_size < 3e8 else 1
            try:
                sample = run_tool(tool, file, runs, launcher, cpu)
            except BenchError:
                sample = None
            rows.append((tool, sample))
        if rows[0][1] is None:
            raise BenchError(f"heaplab cannot read {file}")
        two = on_two_cores(file, options.runs) if len(os.sched_getaffinity(0)) > 1 else None
        print_table(file, rows, two, rows[0][1].own)
        results += [{"file": file.name, "bytes": file.stat().st_size, "tool": tool.name,
                     "wall_s": sample and sample.wall_s, "cpu_s": sample and sample.cpu_s,
                     "peak_rss_mb": sample and sample.peak_rss_mb} for tool, sample in rows]
    if options.json:
        with open(options.json, "w", encoding="utf-8") as out:
            json.dump(results, out, indent=1)
    return 0


def make_or_use(name, node):
    for made in MADE:
        if made.name == name:
            return make(made, node)
    if Path(name).exists():
        return Path(name)
    raise UsageError(f"there is no file {name}, and none that can be made is called so: "
                     + ", ".join(made.name for made in MADE))

#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Does Chrome DevTools agree? Its own loader reads heap snapshots that heaplab wrote (and any that
are named); node by node its sizes, distances and dominators must be those of `heaplab inspect`.

    check_devtools.py [--install] [--folder FOLDER] HEAPLAB [SNAPSHOT...]

DevTools' sources are the npm package chrome-devtools-frontend (90 MB with esbuild, which makes them
run in Node). Nothing here is needed to build or to test heaplab: without them in FOLDER this exits
with status 77, "skipped"; --install fetches them."""
import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
DEVTOOLS = "1.0.1705227"
ESBUILD = "0.28.2"
SKIPPED = 77

# Something of everything that DevTools has a rule for.
PROGRAM = """
const v8 = require('v8');
class Session { constructor(i) { this.id = i; this.tags = ['t' + i, { x: i }]; } }
const sessions = new Map(), weak = new WeakMap(), many = {}, sparse = [];
for (let i = 0; i < 2000; i++) {
  const session = new Session(i);
  sessions.set('key ' + i, session);
  if (i % 3) weak.set(session, { secret: i, back: i % 2 ? session : null });
  many['p' + i] = { i };
}
weak.set(weak, { self: true });
for (let i = 0; i < 2000; i += 3) delete many['p' + i];
sparse[1e6] = { far: true };
const counter = (() => { const state = { n: 0 }, big = new Array(500).fill({}); return () => [state, big]; })();
let rope = '';
for (let i = 0; i < 500; i++) rope += 'piece ' + i;
let chain = null;
for (let i = 0; i < 20000; i++) chain = { next: chain };
function* generate() { const inside = { g: 1 }; yield inside; }
const running = generate();
running.next();
const waiting = new Promise(() => {}).then(() => sessions);
setInterval(() => counter, 1e6).unref();
globalThis.keep = { sessions, weak, many, sparse, counter, rope, chain, running, waiting,
  bytes: Buffer.alloc(100000), typed: new Float64Array(5000), slice: 'abcdefghij'.repeat(99).slice(3, 800),
  odd: ['lone \\ud800', 'two\\nlines', '\\u{1f600}'], ref: new WeakRef(sessions), pattern: /a+(b)/g };
v8.writeHeapSnapshot(process.argv[2]);
keep.more = Array.from({ length: 300 }, (_, i) => new Session(10000 + i));
v8.writeHeapSnapshot(process.argv[3]);
"""


def run(*command):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{command[0]} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def write_snapshots(heaplab, folder):
    """Two snapshots of one run on each plan, and two of a run that records allocation sites."""
    script = folder / "program.js"
    script.write_text(PROGRAM)
    files = []
    for options in (["--gc=generational"], ["--gc=semispace"], ["--gc=marksweep"],
                    [f"--record={folder / 'run.heaprec'}"]):
        pair = [folder / f"{len(files) + i}.heapsnapshot" for i in (1, 2)]
        run(heaplab, "run", *options, script, *pair)
        files += pair
    return files


def ours(heaplab, snapshot):
    lines = run(heaplab, "inspect", snapshot, "dump", "--format=tsv").rstrip("\n").split("\n")
    head = lines[0].split("\t")
    wanted = [head.index(name) for name in ("id", "self", "retained", "distance", "dominator")]
    return [tuple(int(row[i]) for i in wanted) for row in (line.split("\t") for line in lines[1:])]


def devtools(packages, snapshot, table):
    summary = json.loads(run("node", "--max-old-space-size=8000", HERE / "load.mjs", packages, snapshot, table))
    with open(table, encoding="ascii") as rows:
        return summary, [tuple(int(float(field)) for field in row.split("\t")) for row in rows]


def compare(heaplab, packages, snapshot, table):
    summary, theirs = devtools(packages, snapshot, table)
    mine = ours(heaplab, snapshot)
    different = [(a, b) for a, b in zip(mine, theirs) if a != b]
    traced = summary["allocations"]
    sites = "" if traced is None else f", {len(traced)} allocating functions"
    print(f"{Path(snapshot).name}: {len(theirs):,} nodes, {summary['total']:,} bytes{sites}: "
          f"{len(different)} differences")
    for a, b in different[:5]:
        print(f"  id, self, retained, distance, dominator: ours {a}, DevTools' {b}")
    return len(mine) == len(theirs) > 0 and not different


def install(folder):
    folder.mkdir(parents=True, exist_ok=True)
    run("npm", "install", "--prefix", folder, "--no-audit", "--no-fund", "--ignore-scripts",
        f"chrome-devtools-frontend@{DEVTOOLS}", f"esbuild@{ESBUILD}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--install", action="store_true", help="fetch DevTools' sources with npm")
    parser.add_argument("--folder", type=Path, default=Path("build/devtools"), help="where they are")
    parser.add_argument("heaplab")
    parser.add_argument("snapshots", nargs="*")
    options = parser.parse_args()
    if options.install:
        install(options.folder)
    if not (options.folder / "node_modules/chrome-devtools-frontend").exists() or not shutil.which("node"):
        print(f"skipped: DevTools is not in {options.folder} (--install fetches it)")
        return SKIPPED
    with tempfile.TemporaryDirectory(prefix="heaplab-devtools-") as name:
        folder = Path(name)
        files = options.snapshots or write_snapshots(options.heaplab, folder)
        good = [compare(options.heaplab, options.folder, file, folder / "nodes.tsv") for file in files]
    print(f"{sum(good)} passed, {len(good) - sum(good)} failed")
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())

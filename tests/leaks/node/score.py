#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Makes heap snapshots of the programs in this folder with the Node at hand, lets `heaplab leaks`
judge them, and compares with what the first lines of each program expect (README.md). Prints a line
for each program, and the score. Exit status: 0 good enough, 1 not, 2 something could not be run.

    score.py --heaplab build/release/bin/heaplab --keep /var/tmp/corpus --jobs 2
"""
import argparse
import concurrent.futures
import hashlib
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
HELPERS = ("rounds.js", "traffic.js")


class CannotRun(Exception):
    """A program or a tool failed: no verdict, and no score either."""


class Program:
    """A program and what its first comment lines expect."""

    def __init__(self, path):
        self.path = path
        self.name = path.relative_to(HERE).with_suffix("").as_posix()
        self.text = path.read_text(encoding="utf-8")
        head = re.match(r"(?://[^\n]*\n)*", self.text).group()
        self.clean = re.search(r"^// clean$", head, re.MULTILINE) is not None
        self.culprit = self.entry(head, "culprit")
        self.kinds = [kind.strip() for kind in (self.entry(head, "kind") or "").split("|") if kind]
        self.accumulates = self.entry(head, "accumulates")
        self.needs = self.entry(head, "needs")
        if self.clean == (self.culprit is not None):
            raise CannotRun(f"{path}: needs either '// clean' or '// culprit: REGEX' at its top")

    @staticmethod
    def entry(head, name):
        found = re.search(rf"^// {name}: (.*?)\s*$", head, re.MULTILINE)
        return found and found.group(1)

    def digest(self):
        texts = [self.text] + [(HERE / name).read_text(encoding="utf-8") for name in HELPERS]
        return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:12]


def run(command, **options):
    try:
        done = subprocess.run([str(part) for part in command], capture_output=True, check=False,
                              text=True, timeout=600, **options)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise CannotRun(f"{command[0]}: {error}") from error
    if done.returncode != 0:
        how = f"signal {-done.returncode}" if done.returncode < 0 else f"status {done.returncode}"
        said = (done.stderr or done.stdout).strip().splitlines()[-1:]
        raise CannotRun(": ".join([shlex.join(map(str, command)), f"ended with {how}", *said]))
    return done.stdout


def make_inputs(program, folder, command, wanted, environment=None):
    """Runs `command` with a new folder to write `wanted` into, which then becomes `folder`."""
    if all((folder / name).exists() for name in wanted):
        return
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix="making-", dir=folder.parent))
    try:
        run(command(fresh), env={**os.environ, **(environment(fresh) if environment else {})})
        missing = [name for name in wanted if not (fresh / name).exists()]
        if missing:
            raise CannotRun(f"{program.name} did not write {', '.join(missing)}")
        stale = re.compile(re.escape(folder.name[:-12]) + "[0-9a-f]{12}")
        for other in folder.parent.iterdir():
            if stale.fullmatch(other.name):
                shutil.rmtree(other)
        fresh.rename(folder)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def snapshots(program, options):
    """Node's snapshots of the program, or with --inputs=heaplab those our interpreter writes."""
    names = [f"s{k}.heapsnapshot" for k in range(1, options.snapshots + 1)]
    command = [options.node] if options.inputs == "node" else [options.heaplab, "run"]
    folder = (options.keep / f"{options.maker}-{options.snapshots}-{options.turns}"
              / f"{program.name.replace('/', '-')}-{program.digest()}")
    make_inputs(program, folder, lambda fresh: [*command, "--expose-gc", program.path], names,
                lambda fresh: {"HEAPLAB_SNAPSHOTS": f"{fresh}:{options.snapshots}",
                               "HEAPLAB_TURNS": options.turns})
    return [folder / name for name in names]


def recording(program, options):
    folder = (options.keep / f"{options.maker}-recordings"
              / f"{program.name.replace('/', '-')}-{program.digest()}")
    make_inputs(program, folder,
                lambda fresh: [options.heaplab, "run", "--expose-gc",
                               f"--record={fresh / 'run.heaprec'}", program.path],
                ["run.heaprec"])
    return [folder / "run.heaprec"]


def judge(program, options):
    make = recording if options.inputs == "recordings" else snapshots
    files = make(program, options)
    if options.snapshots_only:
        return None
    text = run([options.heaplab, "leaks", "--format=json", *files])
    try:
        report = json.loads(text)
        leaks = report["leaks"]
        for leak in leaks:
            leak["culprit"]["path"], leak["kind"]  # what a verdict is about must be there
        return leaks
    except (ValueError, KeyError, TypeError) as error:
        raise CannotRun(f"heaplab leaks on {program.name}: not heaplab-leaks/1 ({error!r})") from error


def describe(leak):
    held = leak.get("accumulates") or {}
    return (f"{leak['culprit']['path']} [{leak['kind']}] {held.get('count', '?')} × "
            f"{held.get('type', '?')}, {leak.get('retained_bytes', 0) / 1024:.0f} KiB")


class Score:
    def __init__(self):
        self.right = self.leaking = self.silent = self.clean = 0
        self.kind_right = self.kind_known = self.type_right = self.type_known = 0

    def add(self, program, leaks):
        """Counts a verdict; the word and the remark for its line."""
        if program.clean:
            self.clean += 1
            if leaks:
                return "FALSE ALARM", "; ".join(describe(leak) for leak in leaks)
            self.silent += 1
            return "ok", "no leak"
        self.leaking += 1
        if not leaks:
            return "WRONG", "no leak found"
        first = leaks[0]
        if not re.search(program.culprit, first["culprit"]["path"]):
            rank = next((i + 1 for i, leak in enumerate(leaks)
                         if re.search(program.culprit, leak["culprit"]["path"])), None)
            where = f"the culprit is number {rank}" if rank else "the culprit is not in the list"
            return "WRONG", f"first is {describe(first)}; {where}"
        self.right += 1
        return "ok", describe(first) + self.details(program, first, len(leaks))

    def details(self, program, first, count):
        remarks = []
        if program.kinds:
            self.kind_known += 1
            self.kind_right += first["kind"] in program.kinds
            if first["kind"] not in program.kinds:
                remarks.append(f"kind should be {' or '.join(program.kinds)}")
        if program.accumulates:
            held = (first.get("accumulates") or {}).get("type") or ""
            fits = re.search(program.accumulates, held) is not None
            self.type_known += 1
            self.type_right += fits
            if not fits:
                remarks.append(f"accumulates should match {program.accumulates}")
        if count > 1:
            remarks.append(f"{count - 1} more finding{'s' if count > 2 else ''}")
        return f" ({'; '.join(remarks)})" if remarks else ""

    @staticmethod
    def percent(part, whole):
        return 100.0 * part / whole if whole else 100.0

    def text(self):
        lines = [f"culprit ranked first: {self.right} of {self.leaking} "
                 f"({self.percent(self.right, self.leaking):.1f} %)",
                 f"clean without a finding: {self.silent} of {self.clean} "
                 f"({self.percent(self.silent, self.clean):.1f} %)"]
        if self.kind_known:
            lines.append(f"where it is, the kind is right too: {self.kind_right} of {self.kind_known}")
        if self.type_known:
            lines.append(f"and what accumulates: {self.type_right} of {self.type_known}")
        return "\n".join(lines)

    def good(self, least):
        return self.silent == self.clean and self.percent(self.right, self.leaking) >= least


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--heaplab", default=HERE.parents[2] / "build/release/bin/heaplab", type=Path,
                        help="the heaplab to judge with (default: build/release/bin/heaplab)")
    parser.add_argument("--node", default="node", help="the Node to run the programs with")
    parser.add_argument("--keep", type=Path, metavar="DIR",
                        help="keep the snapshots here and use them again (default: they are deleted)")
    parser.add_argument("--snapshots", type=int, default=3, metavar="N",
                        help="snapshots of each program (default 3)")
    parser.add_argument("--only", metavar="PATTERN", help="programs whose name matches this regex")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, metavar="N")
    parser.add_argument("--least", type=float, default=95, metavar="PERCENT",
                        help="how many of the culprits must be ranked first (default 95)")
    parser.add_argument("--variants", action="store_true", help="the programs in variants/ and services/ as well")
    parser.add_argument("--inputs", choices=("node", "heaplab", "recordings"), default="node",
                        help="judge Node's snapshots, those of `heaplab run`, or its recordings")
    parser.add_argument("--turns", choices=("orderly", "timer"), default="orderly",
                        help="timer: snapshots in the middle of work, uneven, without gc()")
    parser.add_argument("--snapshots-only", action="store_true",
                        help="only make the snapshots, judge nothing")
    options = parser.parse_args()
    if options.snapshots < 1 or options.jobs < 1:
        parser.error("--snapshots and --jobs must be at least 1")
    return options


def programs_for(options):
    paths = sorted(HERE.glob("*.js")) + (sorted(HERE.glob("*/*.js")) if options.variants else [])
    programs = [Program(path) for path in paths if path.name not in HELPERS]
    if options.only:
        programs = [p for p in programs if re.search(options.only, p.name)]
    if options.inputs != "node":
        programs = [p for p in programs if p.needs is None]
    if not programs:
        raise CannotRun("no such program")
    return programs


def maker(options):
    """What makes the inputs, as a folder's name: another version makes them anew."""
    if options.inputs == "node":
        return f"node-{run([options.node, '--version']).strip()}"
    run([options.heaplab, "--version"])
    return f"heaplab-{Path(options.heaplab).stat().st_mtime_ns:x}"


def score_all(options):
    score, broken = Score(), []
    programs = programs_for(options)
    width = max(len(program.name) for program in programs)
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as workers:
        verdicts = [(program, workers.submit(judge, program, options)) for program in programs]
        for program, verdict in verdicts:
            try:
                leaks = verdict.result()
                word, remark = score.add(program, leaks) if leaks is not None else ("made", "")
            except CannotRun as error:
                broken.append(program.name)
                word, remark = "BROKEN", str(error)
            print(f"{word:11} {program.name:{width}}  {remark}".rstrip(), flush=True)
    if broken:
        print(f"could not be judged: {', '.join(broken)}")
        return 2
    if options.snapshots_only:
        return 0
    print(score.text())
    return 0 if score.good(options.least) else 1


def main():
    options = parse_arguments()
    try:
        options.maker = maker(options)
        with tempfile.TemporaryDirectory(prefix="heaplab-corpus-") as folder:
            options.keep = (options.keep or Path(folder)).resolve()
            sys.exit(score_all(options))
    except CannotRun as error:
        print(f"score.py: {error}", file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    main()

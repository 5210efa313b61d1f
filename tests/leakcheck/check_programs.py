#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Records programs, lets `heaplab leaks` judge them, and compares with what each program's first
lines expect:

    // expect: leak PATH | KIND | FILE:LINE     the next leak in rank (KIND may be *)
    // expect: clean                            nothing leaks

check_programs.py HEAPLAB PROGRAM...
"""
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

# The demos are written for readers; what they must show is said here.
DEMOS = {
    "unneeded-references.js": ["leak orders | unneeded reference | unneeded-references.js:"],
    "large-objects.js": ["leak finishedJobs | large object | large-objects.js:7"],
    "cache-never-cleaned.js": ["leak pagesByUrl | forgotten cache/collection | "
                               "cache-never-cleaned.js:7"],
    "listeners-never-removed.js": ["leak bus.listeners('message') | listener | "
                                   "listeners-never-removed.js:"],
    "timers-never-cleared.js": ["leak pending timers | timer | timers-never-cleared.js:"],
    "closures-keep-variables.js": ["leak current | closure | closures-keep-variables.js:"],
    "climb-and-fall.js": ["clean"],
}


def expectations(program):
    written = re.findall(r"^// expect: (.*)$", program.read_text(), re.MULTILINE)
    return [line.strip() for line in written] or DEMOS[program.name]


def judge(heaplab, program, folder):
    recording = Path(folder) / (program.stem + ".heaprec")
    run = subprocess.run([heaplab, "run", "--expose-gc", f"--record={recording}", program],
                         capture_output=True, text=True, check=False)
    if run.returncode != 0:
        raise AssertionError(f"the program failed ({run.returncode}): {run.stderr}")
    leaks = subprocess.run([heaplab, "leaks", "--format=json", recording],
                           capture_output=True, text=True, check=False)
    if leaks.returncode != 0:
        raise AssertionError(f"heaplab leaks failed ({leaks.returncode}): {leaks.stderr}")
    fails = subprocess.run([heaplab, "leaks", "--fail-on-leak", recording],
                           capture_output=True, text=True, check=False)
    report = json.loads(leaks.stdout)
    if fails.returncode != (1 if report["leaks"] else 0):
        raise AssertionError(f"--fail-on-leak exits with {fails.returncode}")
    return report, fails.stdout


def compare(expected, report):
    leaks = report["leaks"]
    if expected == ["clean"]:
        assert not leaks, "clean, but a leak was reported"
        return
    assert len(leaks) >= len(expected), f"{len(leaks)} leaks instead of {len(expected)}"
    for wanted, leak in zip(expected, leaks):
        path, kind, place = (part.strip() for part in wanted.removeprefix("leak ").split("|"))
        assert leak["culprit"]["path"] == path, f"culprit {leak['culprit']['path']}, not {path}"
        assert kind in ("*", leak["kind"]), f"kind {leak['kind']}, not {kind}"
        places = [leak["culprit"]["location"] or ""] + [site["location"] for site in leak["sites"]]
        if re.search(r":\d", place):
            assert places[0].startswith(place + ":"), f"location {places[0]}, not {place}"
        else:
            assert any(known.startswith(place) for known in places), f"locations {places}"


def main():
    heaplab, programs = sys.argv[1], [Path(name) for name in sys.argv[2:]]
    failed = 0
    with tempfile.TemporaryDirectory(prefix="heaplab-leaks-") as folder:
        for program in programs:
            text = ""
            try:
                report, text = judge(heaplab, program, folder)
                compare(expectations(program), report)
                print(f"ok    {program.name}")
            except AssertionError as error:
                failed += 1
                print(f"FAIL  {program.name}: {error}\n{text}")
    sys.exit(1 if failed else 0)


main()

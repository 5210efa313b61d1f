#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What recording costs: programs that do little but allocate, with and without --record, in turns.

  bench/record/overhead.py [--heaplab build/release/bin/heaplab] [--rounds 9]

Prints the best of all rounds: seconds on the wall, of processor time (all threads), and of the
program's own thread.
"""
import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent


def thread_seconds(pid):
    """Processor time of the process's first thread, from a file that is there until it is waited for."""
    text = Path(f"/proc/{pid}/task/{pid}/stat").read_text()
    fields = text[text.rindex(")") + 2 :].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def run(command):
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    wall = time.perf_counter() - start
    own = thread_seconds(process.pid)
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"{' '.join(command)}: status {status}")
    return wall, usage.ru_utime + usage.ru_stime, own


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--heaplab", default=str(HERE.parents[1] / "build/release/bin/heaplab"))
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("options", nargs="*", help="more options of heaplab run, after --")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        print("             plain          recorded: wall, CPU, own thread     wall x   CPU x   own x")
        for script in sorted(HERE.glob("*.js")):
            recording = f"{folder}/{script.stem}.heaprec"
            base = [arguments.heaplab, "run"]
            plain, recorded = [], []
            for _ in range(arguments.rounds):
                plain.append(run(base + [str(script)]))
                recorded.append(
                    run(base + [f"--record={recording}", *arguments.options, str(script)])
                )
            was = [min(column) for column in zip(*plain)]
            now = [min(column) for column in zip(*recorded)]
            info = subprocess.run(
                [arguments.heaplab, "trace", "info", recording], capture_output=True, text=True
            ).stdout
            events = sum(
                int(n.replace(",", ""))
                for n in re.findall(r"(?:allocations|pointer writes|deaths) +([\d,]+)", info)
            )
            size = os.path.getsize(recording)
            print(
                f"{script.stem:10} {was[0]:6.3f} s  {now[0]:12.3f} s {now[1]:7.3f} s {now[2]:7.3f} s"
                f"  {now[0] / was[0]:12.2f} {now[1] / was[1]:7.2f} {now[2] / max(was[2], 0.01):7.2f}"
                f"   {events:,} events, {size / events:.2f} bytes each"
            )


main()

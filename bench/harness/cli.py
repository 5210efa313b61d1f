# SPDX-License-Identifier: MIT
"""The command line of bench/run."""

import argparse
import os
import sys

from . import oracle, peers, recorder, snapshots, synthetic, traces
from .build import build_target
from .errors import BenchError, UsageError
from .paths import RELEASE_BUILD
from .systems import SYSTEMS
from .workloads import WORKLOADS


def positive(text):
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return value


def available_cpu(text):
    value = int(text)
    if value not in os.sched_getaffinity(0):
        raise argparse.ArgumentTypeError(f"this process may not run on CPU {value}")
    return value


def peers_epilog():
    lines = ["workloads:"]
    lines += [f"  {w.id:22}{w.about}" for w in WORKLOADS]
    lines += ["", "systems:"]
    lines += [f"  {s.id:22}{s.name}{f' (Debian: {s.package})' if s.package else ''}"
              for s in SYSTEMS]
    return "\n".join(lines)


def parser():
    top = argparse.ArgumentParser(prog="bench/run", description="Measures heaplab.")
    verbs = top.add_subparsers(dest="verb", required=True,
                               metavar="peers | snapshots | traces | recorder | oracle | micro")

    verb = verbs.add_parser(
        "peers", help="whole programs: the same work on heaplab and on other systems",
        description="Runs the same work on heaplab and on every other system installed here and "
                    "prints CPU seconds, wall seconds and peak RSS with ratios to the best peer. "
                    "All systems must print the same checksum.",
        epilog=peers_epilog(), formatter_class=argparse.RawDescriptionHelpFormatter)
    verb.add_argument("--json", metavar="FILE", help="also write the table as a JSON array")
    verb.add_argument("--quick", action="store_true", help="small sizes, to try things out")
    verb.add_argument("--runs", type=positive, default=5, metavar="N",
                      help="runs of each program; the median counts (default 5)")
    verb.add_argument("--workload", action="append", metavar="W", help="only this (repeatable)")
    verb.add_argument("--system", action="append", metavar="S",
                      help="only this, or all whose name contains it (repeatable)")
    verb.add_argument("--cpu", type=available_cpu, metavar="N",
                      help="the CPU to pin to (default: the last)")

    verb = verbs.add_parser(
        "snapshots", help="heap snapshots, from file to retained sizes, here and in other tools",
        description="Reads heap snapshots and finds dominators and retained sizes: heaplab on one "
                    "core and on two, and the other tools that are installed, on one.",
        epilog="files that are made when they are named:\n" + "\n".join(
            f"  {made.name:10}{made.about}" for made in snapshots.MADE),
        formatter_class=argparse.RawDescriptionHelpFormatter)
    verb.add_argument("file", nargs="*", metavar="FILE",
                      help="a .heapsnapshot, or one of the names below (default: medium large)")
    verb.add_argument("--install", action="store_true",
                      help="fetch the other tools from npm first (about 300 MB)")
    verb.add_argument("--node", metavar="PATH", help="the Node to run them with (default: node)")
    verb.add_argument("--tool", action="append", metavar="T",
                      help="only this one beside heaplab (repeatable)")
    verb.add_argument("--runs", type=positive, default=3, metavar="N",
                      help="runs of each; the median counts (default 3; large files: peers once)")
    verb.add_argument("--json", metavar="FILE", help="also write the table as a JSON array")
    verb.add_argument("--cpu", type=available_cpu, metavar="N",
                      help="the CPU to pin to (default: the last)")

    verb = verbs.add_parser(
        "traces", help="recordings of native programs, read here and by heaptrack_print",
        description="Records a Python program with heaptrack (PYTHONMALLOC=malloc: every object is a "
                    "call) and reads the recording with heaptrack_print and with heaplab. With "
                    "--events: a made recording of that length instead, and one of a tenth.")
    verb.add_argument("--events", type=positive, metavar="N",
                      help="read a synthetic recording of so many events (two bytes each)")
    verb.add_argument("--folder", metavar="FOLDER",
                      help="where there is room for it (default: /tmp)")
    verb.add_argument("--requests", type=positive, default=72_000, metavar="N",
                      help="the work of the recorded program (default 72000: about 24 million "
                           "events)")
    verb.add_argument("--quick", action="store_true", help="a short recording, to try things out")
    verb.add_argument("--runs", type=positive, default=5, metavar="N",
                      help="runs of each; the best counts (default 5)")
    verb.add_argument("--json", metavar="FILE", help="also write the table as a JSON array")
    verb.add_argument("--cpu", type=available_cpu, metavar="N",
                      help="the CPU to pin to (default: the last)")

    verb = verbs.add_parser(
        "recorder", help="what recording costs, in programs that do little but allocate",
        description="Runs the scripts of bench/record with and without --record, in turns, and "
                    "prints the best of all runs: seconds on the wall, of processor time (all "
                    "threads), and of the program's own thread. The encoder wants a processor of "
                    "its own: measure on an idle machine.")
    verb.add_argument("--option", action="append", default=[], metavar="OPTION",
                      help="one more option of heaplab run, as --option=--record-sample=512K "
                           "(repeatable)")
    verb.add_argument("--runs", type=positive, default=5, metavar="N",
                      help="runs of each; the best counts (default 5)")
    verb.add_argument("--json", metavar="FILE", help="also write the table as a JSON array")

    verb = verbs.add_parser(
        "oracle", help="recordings on our collectors, and with malloc and exact frees",
        description="Records six programs, three of ours in the interpreter and three native ones "
                    "with heaptrack, and replays each on every collector in heaps of 1.25 to 6 "
                    "times the smallest that does, and with malloc and mimalloc, where each object "
                    "is freed at its exact death.",
        epilog="recordings:\n" + "\n".join(
            f"  {recording.name:10}{recording.about}" for recording in oracle.recordings()),
        formatter_class=argparse.RawDescriptionHelpFormatter)
    verb.add_argument("--recording", action="append", metavar="R", help="only this (repeatable)")
    verb.add_argument("--runs", type=positive, default=3, metavar="N",
                      help="replays of each; the one with the least CPU time counts (default 3)")
    verb.add_argument("--json", metavar="FILE", help="also write the table as a JSON array")
    verb.add_argument("--plot", metavar="FILE",
                      help="draw time against footprint (.png, .svg); needs matplotlib")
    verb.add_argument("--cpu", type=available_cpu, metavar="N",
                      help="the CPU to pin to (default: the last)")

    verb = verbs.add_parser(
        "micro", help="Google Benchmark suite of the heap's parts", add_help=False,
        description="Builds the suite and runs it; arguments go to Google Benchmark.")
    verb.add_argument("arguments", nargs=argparse.REMAINDER)
    return top


def run_micro(arguments):
    build_target("heaplab_bench_micro")
    program = str(RELEASE_BUILD / "bench" / "micro")
    sys.stdout.flush()
    os.execv(program, [program, *arguments])


def main(arguments):
    # argparse would take micro's options for its own: they go to Google Benchmark untouched.
    try:
        if arguments[:1] == ["micro"]:
            return run_micro(arguments[1:])
        options = parser().parse_args(arguments)
        verbs = {"peers": peers, "snapshots": snapshots, "traces": traces,
                 "recorder": recorder, "oracle": oracle}
        if options.verb == "traces" and options.events:
            return synthetic.run(options)
        return verbs[options.verb].run(options)
    except UsageError as error:
        print(f"bench/run: {error}", file=sys.stderr)
        return 2
    except BenchError as error:
        print(f"\nbench/run: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130

# SPDX-License-Identifier: MIT
"""bench/run peers: the same work on heaplab and on everyone else."""

import datetime
import sys

from . import report
from .build import build_launcher
from .errors import BenchError, UsageError
from .measure import default_cpu, measure
from .systems import SYSTEMS
from .workloads import WORKLOADS


class Progress:
    """One line that rewrites itself, on a terminal only."""

    def __init__(self):
        self.shown = sys.stderr.isatty()

    def say(self, text):
        if self.shown:
            print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)

    def clear(self):
        self.say("")


def choose(things, patterns, what):
    """The things whose id or name contains one of the patterns; all if there are none."""
    if not patterns:
        return list(things)
    chosen = []
    for pattern in patterns:
        wanted = pattern.lower()
        found = [thing for thing in things
                 if wanted in thing.id or wanted in getattr(thing, "name", "").lower()]
        if not found:
            known = ", ".join(thing.id for thing in things)
            raise UsageError(f"no {what} is called '{pattern}'; there are {known}")
        chosen += [thing for thing in found if thing not in chosen]
    return [thing for thing in things if thing in chosen]


def installed(systems):
    """The systems that can run here; says what brings the others."""
    present = []
    for system in systems:
        lacking = system.missing()
        if lacking is None:
            present.append(system)
        else:
            print(f"skipped {system.name}: {lacking} not found "
                  f"(Debian package {system.package})")
    return present


def build_all(systems, workloads, progress):
    for system in systems:
        for workload in workloads:
            progress.say(f"building {workload.id} for {system.name}")
            system.build(workload)


def measure_all(workload, systems, arguments, options, launcher, progress):
    """Interleaved: a busy moment of the machine hits every system, not one system's five runs."""
    samples = {system.id: [] for system in systems}
    for run in range(options.runs):
        for system in systems[run % len(systems):] + systems[:run % len(systems)]:
            progress.say(f"{workload.id}: run {run + 1} of {options.runs}, {system.name}")
            command, environment = system.command(workload, arguments)
            samples[system.id].append(measure(launcher, options.cpu, command, environment))
    return [(system, samples[system.id]) for system in systems]


def check_writable(path):
    """Better now than after half an hour of measuring."""
    try:
        with open(path, "a", encoding="utf-8"):
            pass
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror}") from error


def print_heading(systems, options):
    print(f"{report.machine()}")
    print(f"{datetime.datetime.now(datetime.timezone.utc):%Y-%m-%d %H:%M} UTC; "
          f"median of {options.runs}, pinned to CPU {options.cpu}, runs interleaved")
    versions = {}
    for system in systems:
        if system.version():
            versions.setdefault(system.version(), []).append(system.name)
    for version, names in versions.items():
        print(f"  {', '.join(names)}: {version}")


def run(options):
    workloads = choose(WORKLOADS, options.workload, "workload")
    systems = choose(SYSTEMS, options.system, "system")
    if options.json:
        check_writable(options.json)
    if options.cpu is None:
        options.cpu = default_cpu()
    systems = installed(systems)
    if not systems:
        raise BenchError("none of the chosen systems is installed")
    progress = Progress()
    launcher = build_launcher()
    build_all(systems, workloads, progress)
    progress.clear()
    print_heading(systems, options)

    rows = []
    for workload in workloads:
        arguments = workload.arguments(options.quick)
        results = measure_all(workload, systems, arguments, options, launcher, progress)
        progress.clear()
        report.check_agreement(workload, results)
        found = [report.Row.of(workload, system, samples) for system, samples in results]
        print("\n" + report.workload_report(found, arguments, options.quick), flush=True)
        rows += found
    if options.json:
        report.write_json(options.json, rows)
    return 0

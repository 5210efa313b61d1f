# SPDX-License-Identifier: MIT
"""Runs one program once and says what it printed and what it used."""

import os
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from .errors import BenchError

TIME_LIMIT_S = 900


@dataclass
class Sample:
    cpu_s: float
    wall_s: float
    peak_rss_mb: float
    lines: tuple  # what must agree between systems
    own: dict = field(default_factory=dict)  # a system's own measurements

    @property
    def checksum(self):
        for line in self.lines:
            if line.startswith("checksum "):
                return int(line.split()[1])
        raise BenchError("a workload printed no checksum line:\n" + "\n".join(self.lines))


def parse_output(text):
    lines, own = [], {}
    for line in text.splitlines():
        if line.startswith("# "):
            name, _, value = line[2:].partition(" ")
            own[name] = float(value)
        elif line.strip():
            lines.append(line)
    return tuple(lines), own


def default_cpu():
    """The last CPU we may use: the first usually serves the interrupts."""
    return max(os.sched_getaffinity(0))


def measure(launcher, cpu, command, environment):
    with tempfile.TemporaryDirectory(prefix="heaplab-bench-") as directory:
        result = Path(directory) / "usage"
        argv = [str(launcher), str(cpu), str(result), *(str(word) for word in command)]
        try:
            done = subprocess.run(argv, env={**os.environ, **environment}, text=True, check=False,
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                  timeout=TIME_LIMIT_S)
        except subprocess.TimeoutExpired as late:
            raise BenchError(f"gave up after {TIME_LIMIT_S} s: {' '.join(argv[3:])}") from late
        if done.returncode != 0:
            raise BenchError(f"cannot measure {argv[3]}: {done.stderr.strip()}")
        code, user, system, wall, rss_kib = result.read_text().split()
    if code != "0":
        said = (done.stderr or done.stdout).strip().splitlines()[-5:]
        raise BenchError(f"exit code {code}: {' '.join(argv[3:])}\n  " + "\n  ".join(said))
    lines, own = parse_output(done.stdout)
    return Sample(float(user) + float(system), float(wall), int(rss_kib) / 1024, lines, own)

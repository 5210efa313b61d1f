# SPDX-License-Identifier: MIT
"""Builds what is measured: peers here, in build/bench-peers; heaplab's own programs with CMake."""

import hashlib
import os
import shlex
import subprocess

from .errors import BenchError
from .paths import BENCH, PEER_BUILD, RELEASE_BUILD, ROOT


def compiler():
    return shlex.split(os.environ.get("CXX", "c++"))


def run_tool(command, environment=None):
    """Runs a build step; its output is only worth reading when it fails."""
    done = subprocess.run([str(word) for word in command], cwd=ROOT, text=True,
                          env={**os.environ, **(environment or {})},
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    if done.returncode != 0:
        shown = " ".join(shlex.quote(str(word)) for word in command)
        raise BenchError(f"building failed: {shown}\n{done.stdout.rstrip()}")


def fingerprint(command, sources):
    digest = hashlib.sha256(repr([str(word) for word in command]).encode())
    for source in sources:
        digest.update(source.read_bytes())
    return digest.hexdigest()


def build_once(output, command, sources, environment=None):
    """Runs `command` unless `output` was made by the same command from the same sources."""
    stamp = output.with_name(output.name + ".stamp")
    wanted = fingerprint(command, sources)
    if output.exists() and stamp.exists() and stamp.read_text() == wanted:
        return output
    output.parent.mkdir(parents=True, exist_ok=True)
    run_tool(command, environment)
    stamp.write_text(wanted)
    return output


def build_launcher():
    """The small program that starts a measured process (see measure.cpp for why)."""
    source = BENCH / "harness" / "measure.cpp"
    output = PEER_BUILD / "measure"
    return build_once(output, [*compiler(), "-std=c++20", "-O2", "-static", source, "-o", output],
                      [source])


def build_target(target, build_directory=RELEASE_BUILD):
    """Builds one CMake target of this project, optimised."""
    if not (build_directory / "CMakeCache.txt").exists():
        run_tool(["cmake", "--preset", "release", "-B", build_directory])
    run_tool(["cmake", "--build", build_directory, "--target", target])

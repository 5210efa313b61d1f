# SPDX-License-Identifier: MIT
"""Recording programs with the real heaptrack, for tests. Exit status 77: skipped, with a reason."""

import os
import shutil
import subprocess
import sys

SKIPPED = 77


def need(*tools):
    for tool in tools:
        if shutil.which(tool) is None:
            print(f"skipped: {tool} is missing")
            sys.exit(SKIPPED)


def record(folder, name, command, raw=False, environment=None):
    """Runs the command under heaptrack; returns the file it wrote."""
    output = os.path.join(folder, name)
    words = ["heaptrack"] + (["--raw"] if raw else []) + ["-o", output] + command
    done = subprocess.run(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                          stdin=subprocess.DEVNULL, text=True, timeout=120, check=False,
                          env={**os.environ, **(environment or {})})
    for ending in (".raw.zst", ".raw.gz") if raw else (".zst", ".gz"):
        if os.path.exists(output + ending):
            return output + ending
    raise RuntimeError(f"heaptrack wrote nothing for {command}: {done.stderr[-500:]}")


def interpreter():
    script = os.path.realpath(shutil.which("heaptrack"))
    for place in ("../lib/heaptrack/libexec", "../lib64/heaptrack/libexec"):
        path = os.path.normpath(os.path.join(os.path.dirname(script), place,
                                             "heaptrack_interpret"))
        if os.path.exists(path):
            return path
    return None


def interpret(raw_file, output):
    """What heaptrack makes of a raw file; uncompressed."""
    unpack = ["zstd", "-dc"] if raw_file.endswith(".zst") else ["gzip", "-dc"]
    with open(output, "wb") as out, \
            subprocess.Popen(unpack + [raw_file], stdout=subprocess.PIPE) as packed:
        subprocess.run([interpreter()], stdin=packed.stdout, stdout=out,
                       stderr=subprocess.DEVNULL, check=True)
    return output

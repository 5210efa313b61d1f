# SPDX-License-Identifier: MIT
"""Finds the heaplab program and runs it."""

import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]


class HeaplabError(Exception):
    """heaplab said no, or a program it ran failed. Shown in a notebook as one line."""

    def _render_traceback_(self):
        # Where in this package it was noticed helps nobody: the message is for the cell's author.
        return [f"{type(self).__name__}: {self}"]


def find_program():
    """The program: $HEAPLAB, else this repository's build, else the first on PATH."""
    named = os.environ.get("HEAPLAB")
    if named:
        if not os.access(named, os.X_OK):
            raise HeaplabError(f"HEAPLAB names {named}, which is not a program")
        return named
    built = REPOSITORY / "build" / "release" / "bin" / "heaplab"
    found = str(built) if os.access(built, os.X_OK) else shutil.which("heaplab")
    if not found:
        raise HeaplabError("no heaplab program: build it with ./dev build, or set HEAPLAB")
    return found


def _copy_lines(source, target):
    for line in source:
        target.write(line)
        target.flush()


def run_and_show(arguments):
    """Runs heaplab, showing what it prints as it prints it. Returns its exit code."""
    process = subprocess.Popen([find_program(), *arguments], text=True, errors="replace",
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE)
    errors = threading.Thread(target=_copy_lines, args=(process.stderr, sys.stderr))
    errors.start()
    try:
        _copy_lines(process.stdout, sys.stdout)
    except BaseException:  # the user interrupted the cell: the program must not run on
        process.kill()
        raise
    finally:
        errors.join()
        status = process.wait()
        process.stdout.close()
        process.stderr.close()
    return status


def run_and_read(arguments):
    """Runs heaplab and returns what it prints. Raises HeaplabError with what it complains of."""
    result = subprocess.run([find_program(), *arguments], text=True, errors="replace",
                            stdin=subprocess.DEVNULL, capture_output=True, check=False)
    if result.returncode != 0:
        complaint = result.stderr.strip() or f"exit code {result.returncode}"
        raise HeaplabError(complaint)
    return result.stdout

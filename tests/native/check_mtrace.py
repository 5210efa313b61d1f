#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A C program, recorded by glibc's mtrace: what it allocated, and who leaks."""

import argparse
import json
import os
import subprocess
import tempfile

SKIPPED = 77
ROUNDS = 400
# keep_line; malloc, realloc, strdup, calloc
BYTES = ROUNDS * (200 + 100 + 300 + 21 + 40)


def heaplab_json(heaplab, *words):
    done = subprocess.run([heaplab, *words, "--format=json"], stdout=subprocess.PIPE, text=True,
                          check=True)
    return json.loads(done.stdout)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--heaplab", required=True)
    parser.add_argument("--cc", required=True)
    parser.add_argument("--source", required=True)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        program, log = os.path.join(folder, "mtraced"), os.path.join(folder, "mtrace.log")
        subprocess.run([options.cc, "-O1", "-g", "-w", options.source, "-o", program], check=True)
        subprocess.run([program], check=True, env={
            **os.environ, "LD_PRELOAD": "libc_malloc_debug.so.0", "MALLOC_TRACE": log},
            stderr=subprocess.DEVNULL)
        if not os.path.exists(log):
            print("skipped: this C library has no mtrace (libc_malloc_debug.so.0)")
            return SKIPPED
        info = heaplab_json(options.heaplab, "trace", "info", log)
        leaks = heaplab_json(options.heaplab, "leaks", log)
        problems = []
        if info["objects"] != 5 * ROUNDS or info["allocated_bytes"] != BYTES:
            problems.append(f"{info['objects']} objects, {info['allocated_bytes']} bytes; "
                            f"expected {5 * ROUNDS}, {BYTES}")
        if info["info"].get("times") != "none" or "identity" in info["info"]:
            problems.append(f"what it knows: {info['info']}")
        found = [leak["culprit"]["path"] for leak in leaks["leaks"]]
        if found != ["keep_line"]:
            problems.append(f"leaks: {found}, expected keep_line")
        elif "mtraced.c" not in (leaks["leaks"][0]["culprit"]["location"] or ""):
            problems.append(f"no source line: {leaks['leaks'][0]['culprit']}")
        elif leaks["leaks"][0]["accumulates"]["bytes"] < 200 * ROUNDS * 0.9:
            problems.append(f"accumulates {leaks['leaks'][0]['accumulates']}")
        for problem in problems:
            print("FAILED", problem)
        return 1 if problems else 0


if __name__ == "__main__":
    raise SystemExit(main())

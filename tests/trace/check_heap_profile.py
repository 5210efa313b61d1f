#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What `node --heap-prof` writes: heaplab's sum of live bytes by stack beside the file's own.

    check_heap_profile.py HEAPLAB
"""
import glob
import json
import os
import shutil
import subprocess
import sys
import tempfile

PROGRAM = """
const kept = [];
function makeOrders(n) { for (let i = 0; i < n; i++) kept.push({ id: i, lines: new Array(20).fill(i) }); }
makeOrders(40000);
console.log(kept.length);
"""


def main(heaplab):
    node = shutil.which("node")
    if not node:
        print("skipped: there is no node")
        return 77
    with tempfile.TemporaryDirectory() as folder:
        script = os.path.join(folder, "orders.js")
        with open(script, "w", encoding="utf-8") as file:
            file.write(PROGRAM)
        subprocess.run([node, "--heap-prof", f"--heap-prof-dir={folder}",
                        "--heap-prof-interval=16384", script], check=True, stdout=subprocess.DEVNULL)
        profile, = glob.glob(os.path.join(folder, "*.heapprofile"))
        with open(profile, encoding="utf-8") as file:
            original = json.load(file)
        subprocess.run(["gzip", "-k", profile], check=True)
        for path in (profile, profile + ".gz"):
            told = json.loads(subprocess.run([heaplab, "trace", "info", "--format=json", path],
                                             check=True, capture_output=True).stdout)
            if told["info"]["recorder"] != "V8's sampling heap profiler":
                sys.exit(f"FAILED: not known for what it is: {told}")
            if int(told["info"]["samples"]) != len(original["samples"]):
                sys.exit(f"FAILED: {len(original['samples'])} samples, told {told['info']['samples']}")
            todo, total = [original["head"]], 0
            while todo:
                call = todo.pop()
                total += call["selfSize"]
                todo += call["children"]
            if total < 10_000 or int(told["info"]["live bytes"]) != total:
                sys.exit(f"FAILED: {total} live bytes, told {told['info'].get('live bytes')}")
    print(f"{total} live bytes in {len(original['samples'])} samples")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))

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
const kept = globalThis.kept = [];
function makeOrders(n) { for (let i = 0; i < n; i++) kept.push({ id: i, lines: new Array(20).fill(i) }); }
makeOrders(40000);
console.log(kept.length);
"""


def run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def grow(call):
    """makeOrders holds twice as much."""
    if call["callFrame"]["functionName"] == "makeOrders":
        call["selfSize"] *= 2
    for called in call["children"]:
        grow(called)


def check_comparisons(heaplab, profile, more):
    diff = json.loads(run(heaplab, "trace", "diff", "--format=json", profile, more))
    if [site["name"].split(" ")[0] for site in diff["sites"]] != ["makeOrders"]:
        sys.exit(f"FAILED: the difference: {diff['sites']}")
    single = json.loads(run(heaplab, "leaks", "--format=json", profile))
    text = run(heaplab, "leaks", profile)
    if single["leaks"][0]["culprit"]["path"] != "makeOrders" or "SUSPECT" not in text or \
            "one profile shows what is large" not in text or "No leak" in text:
        sys.exit(f"FAILED: a single profile: {text}")
    both = json.loads(run(heaplab, "leaks", "--format=json", profile, more))
    if [leak["culprit"]["path"] for leak in both["leaks"]] != ["makeOrders"]:
        sys.exit(f"FAILED: two profiles: {both['leaks']}")
    shrunk = json.loads(run(heaplab, "leaks", "--format=json", more, profile))
    if shrunk["leaks"]:
        sys.exit(f"FAILED: what shrinks does not leak: {shrunk['leaks']}")


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
        by_site = {site["name"].split(" ")[0]: site["bytes"] for site in told["profile_sites"]}
        if max(by_site, key=by_site.get) != "makeOrders":
            sys.exit(f"FAILED: what it holds by place: {by_site}")
        text = run(heaplab, "trace", "info", profile)
        if "makeOrders" not in text or "allocations       0" in text or "lost" in text:
            sys.exit(f"FAILED: {text}")
        more = os.path.join(folder, "more.heapprofile")
        for node in original["head"]["children"]:
            grow(node)
        with open(more, "w", encoding="utf-8") as file:
            json.dump(original, file)
        check_comparisons(heaplab, profile, more)
    print(f"{total} live bytes in {len(original['samples'])} samples")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))

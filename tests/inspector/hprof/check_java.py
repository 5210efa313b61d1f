#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Heap dumps of a running Java program, made by jcmd: what heaplab says of them beside what the
virtual machine says of itself, and whether the leak is named.

    check_java.py HEAPLAB
"""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
SKIPPED = 77
PRIMITIVES = {"B": "byte", "C": "char", "D": "double", "F": "float", "I": "int", "J": "long",
              "S": "short", "Z": "boolean"}
# Of classes, the histogram also counts those that are in the archive but were never loaded.
NOT_COMPARED = {"java.lang.Class"}


def fail(message):
    sys.exit(f"FAILED: {message}")


def java_name(name):
    """'[Lcom.acme.X;' as heaplab writes it."""
    element = name.lstrip("[")
    dimensions = len(name) - len(element)
    if dimensions:
        element = PRIMITIVES.get(element) or element[1:-1]
    return element + "[]" * dimensions


class Service:
    """A running Service that works when told to."""

    def __init__(self, folder, mode, *options):
        self.folder, self.mode = folder, mode
        self.process = subprocess.Popen(
            ["java", "-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", *options, "-cp",
             folder, "com.acme.Service", mode],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.files = []

    def work(self, requests):
        print("work", requests, file=self.process.stdin, flush=True)
        if self.process.stdout.readline().strip() != "done":
            fail(f"the service ({self.mode}) has stopped")

    def ask(self, *command):
        return subprocess.run(["jcmd", str(self.process.pid), *command], check=True,
                              capture_output=True, text=True).stdout

    def dump(self):
        file = os.path.join(self.folder, f"{self.mode}.{len(self.files)}.hprof")
        self.ask("GC.heap_dump", file)
        self.files.append(file)

    def histogram(self):
        sums = {}
        for line in self.ask("GC.class_histogram").splitlines():
            row = re.match(r"\s*\d+:\s+(\d+)\s+(\d+)\s+(\S+)", line)
            if row:
                name = java_name(row[3])
                count, size = sums.get(name, (0, 0))
                sums[name] = (count + int(row[1]), size + int(row[2]))
        return sums

    def end(self):
        self.process.communicate("quit\n")


def heaplab(*arguments, data=None):
    done = subprocess.run([HEAPLAB, *arguments], capture_output=True, input=data)
    if done.returncode != 0:
        fail(f"heaplab {' '.join(arguments)}: {done.returncode}\n{done.stderr.decode()}")
    return done.stdout.decode(errors="replace")


def compare_with_histogram(service):
    """Count and bytes of every class; a few objects come and go between the two commands."""
    ours = {row["name"]: (row["count"], row["self"]) for row in json.loads(
        heaplab("inspect", service.files[-1], "summary", "--limit=100000", "--format=json"))["classes"]}
    theirs = service.histogram()
    if len(theirs) < 100 or theirs.get("byte[]", (0, 0))[0] < 1000:
        fail("the histogram is no histogram")
    other_count = []
    for name, (count, size) in theirs.items():
        if name in NOT_COMPARED:
            continue
        if ours.get(name, (0, 0))[0] != count:
            other_count.append(f"{name}: {ours.get(name)} beside {(count, size)}")
        elif ours[name][1] != size:
            fail(f"{name}: {count} objects are {ours[name][1]} bytes, for Java {size}")
        if name.startswith("com.acme.") and ours.get(name) != (count, size):
            fail(f"{name}: {ours.get(name)}, for Java {(count, size)}")
    if len(other_count) > 0.05 * len(theirs):
        fail("classes with other counts:\n" + "\n".join(other_count))
    print(f"{service.mode}: {len(theirs) - len(other_count)} of {len(theirs)} classes have the count "
          "and the bytes that Java says")


def leaks(files):
    return json.loads(heaplab("leaks", "--format=json", *files))


def check_leak(folder, mode, path, kind):
    service = Service(folder, mode)
    for _ in range(3):
        service.work(2000)
        service.dump()
    compare_with_histogram(service)
    service.end()
    # In any order: the dumps say when they were made.
    report = leaks(list(reversed(service.files)))
    if [entry["file"] for entry in report["inputs"]] != service.files:
        fail("the order of the dumps was not found")
    first = report["leaks"][0] if report["leaks"] else {"culprit": {}}
    if first["culprit"].get("path") != path or first["culprit"].get("type") != kind:
        fail(f"{mode}: expected {path} ({kind}) first, got {first['culprit']}")
    if not 1990 <= first["growth"]["per_round"] <= 2010:
        fail(f"{mode}: 2000 a round were added, heaplab says {first['growth']['per_round']}")
    suspects = leaks(service.files[-1:])["leaks"]
    if not suspects or suspects[0]["culprit"]["path"] != path:
        fail(f"{mode}: one dump alone does not show {path}")
    print(f"{mode}: {path} ({kind})")
    return service.files


def check_clean(folder):
    service = Service(folder, "clean", "-XX:-UseCompressedOops")
    for _ in range(3):
        service.work(2000)
        service.dump()
    compare_with_histogram(service)
    service.end()
    found = leaks(service.files)["leaks"]
    if found:
        fail(f"clean, and reported is {found[0]['culprit']}")
    print("clean: no leak")


def check_inspect(file, later):
    sessions = json.loads(heaplab("inspect", file, "find", "class=com.acme.Service$Session",
                                  "--limit=1", "--format=json"))["objects"]
    session = hex(sessions[0]["id"])
    told = heaplab("inspect", file, "retainers", session)
    if "com.acme.Service.sessions.table[" not in told:
        fail("retainers does not name the map:\n" + told)
    told = heaplab("inspect", file, "object", session)
    if '"user-' not in told:
        fail("a session has no text of its user:\n" + told)
    maps = json.loads(heaplab("inspect", file, "collections", "--kind=map", "--format=json"))
    if maps["collections"][0]["entries"] != 6000 or maps["collections"][0]["capacity"] != 8192:
        fail(f"the largest map has 6000 entries: {maps['collections'][0]}")
    rows = {row["name"]: row for row in json.loads(
        heaplab("inspect", file, "diff", later, "--format=json", "--limit=1000"))["classes"]}
    if rows["com.acme.Service$Session"]["count_delta"] != -2000:
        fail(f"diff: 2000 sessions less: {rows['com.acme.Service$Session']}")
    for verb in ("summary", "top", "dominators", "containment", "strings", "closures", "detached",
                 "unreachable", "dump"):
        heaplab("inspect", file, verb)
    for form in ("dot", "csv", "tsv", "pprof", "collapsed"):
        heaplab("inspect", file, "export", f"--format={form}")
    with open(file, "rb") as dump:
        plain = heaplab("inspect", "-", "summary", data=dump.read())
    subprocess.run(["gzip", "-kf", file], check=True)
    packed = heaplab("inspect", file + ".gz", "summary")
    if plain.splitlines()[1:] != packed.splitlines()[1:]:
        fail("what is compressed, or comes by a pipe, is read in another way")
    print("inspect: all verbs")


def main():
    if not all(shutil.which(tool) for tool in ("javac", "java", "jcmd")):
        print("skipped: javac, java or jcmd is missing (a JDK)")
        return SKIPPED
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["javac", "-d", folder, os.path.join(HERE, "Service.java")], check=True)
        files = check_leak(folder, "map", "com.acme.Service.sessions", "java.util.HashMap")
        check_inspect(files[2], files[1])
        check_leak(folder, "chain", "com.acme.Service.lastJob → next → next → …",
                   "com.acme.Service$Job")
        check_leak(folder, "nested", "com.acme.Service.byDay",
                   "java.util.concurrent.ConcurrentHashMap")
        check_clean(folder)
    return 0


if __name__ == "__main__":
    HEAPLAB = sys.argv[1]
    sys.exit(main())

#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""`heaplab leaks` on heap snapshots, as its users call it: formats, exit statuses, patterns, mixed
and bad inputs. The snapshots are written here: an array that grows from one to the next.

check_leaks_cli.py HEAPLAB
"""
import gzip
import json
import subprocess
import sys
import tempfile
from pathlib import Path

TYPES = ["hidden", "array", "string", "object", "code", "closure", "synthetic"]
EDGES = ["context", "element", "property", "internal", "hidden", "shortcut", "weak"]


def snapshot(items, step=2):
    """A closure whose scope has a variable `auditLog`, an array of so many objects. Ids are `step`
    apart."""
    strings, nodes, edges = [], [], []

    def text(value):
        if value not in strings:
            strings.append(value)
        return strings.index(value)

    def node(kind, name, size, out):
        nodes.extend([TYPES.index(kind), text(name), len(nodes) // 6 * step + 1, size, len(out), 0])
        for edge, label, target in out:
            edges.extend([EDGES.index(edge), label if edge == "element" else text(label), target * 6])

    node("synthetic", "", 0, [("shortcut", "global", 1)])
    node("object", "global", 40, [("property", "main", 2)])
    node("closure", "main", 64, [("internal", "context", 3), ("internal", "shared", 4)])
    node("object", "system / Context", 64, [("context", "auditLog", 6)])
    node("code", "main", 56, [("internal", "script", 5)])
    node("code", "/srv/app.js", 144, [])
    node("object", "Array", 32, [("element", i, 7 + i) for i in range(items)])
    for _ in range(items):
        node("object", "Entry", 400, [])
    meta = {"node_fields": ["type", "name", "id", "self_size", "edge_count", "detachedness"],
            "node_types": [TYPES, "string", "number", "number", "number", "number"],
            "edge_fields": ["type", "name_or_index", "to_node"],
            "edge_types": [EDGES, "string_or_number", "node"]}
    return json.dumps({"snapshot": {"meta": meta, "node_count": len(nodes) // 6,
                                    "edge_count": len(edges) // 3, "trace_function_count": 0},
                       "nodes": nodes, "edges": edges, "trace_function_infos": [],
                       "trace_tree": [], "samples": [], "locations": [], "strings": strings})


def run(*arguments, status=0):
    done = subprocess.run([str(part) for part in arguments], capture_output=True, text=True,
                          check=False)
    assert done.returncode == status, (
        f"{' '.join(map(str, arguments[1:]))}: exit status {done.returncode}, not {status}\n"
        f"{done.stdout}{done.stderr}")
    return done


def check(heaplab, folder):
    files = [folder / f"s{k}.heapsnapshot" for k in (1, 2, 3)]
    for k, file in enumerate(files, 1):
        file.write_text(snapshot(200 * k))
    leaks = (heaplab, "leaks")

    text = run(*leaks, *files).stdout
    assert "`auditLog` (Array) in /srv/app.js" in text, text
    assert "600 × Entry" in text, text

    report = json.loads(run(*leaks, "--format=json", files[2], files[0], files[1]).stdout)
    assert [entry["file"] for entry in report["inputs"]] == [str(file) for file in files], report
    assert [leak["culprit"]["path"] for leak in report["leaks"]] == ["auditLog"], report

    packed = folder / "s3.heapsnapshot.gz"
    packed.write_bytes(gzip.compress(files[2].read_bytes()))
    again = json.loads(run(*leaks, "--format=json", files[0], files[1], packed).stdout)
    assert again["leaks"][0]["retained_bytes"] == report["leaks"][0]["retained_bytes"], again

    sarif = json.loads(run(*leaks, "--format=sarif", *files).stdout)
    assert sarif["version"] == "2.1.0" and len(sarif["runs"][0]["results"]) == 1, sarif

    run(*leaks, "--fail-on-leak", *files, status=1)
    run(*leaks, "--fail-on-leak", "--ignore", "audit*", *files)
    run(*leaks, "--fail-on-leak", "--ignore", "nothing like it", *files, status=1)
    (folder / "known").write_text("# ours\nauditLog\n")
    run(*leaks, "--fail-on-leak", "--suppressions", folder / "known", *files)

    same = [folder / f"same{k}.heapsnapshot" for k in (1, 2, 3)]
    for k, file in enumerate(same):
        file.write_text(snapshot(200) + "\n" * k)
    assert "No leak found" in run(*leaks, "--fail-on-leak", *same).stdout
    copy = folder / "copy.heapsnapshot"
    copy.write_bytes(files[0].read_bytes())
    for twice in (files[0], copy, folder / "." / files[0].name):
        assert "the same snapshot as" in run(*leaks, files[0], files[1], twice, status=2).stderr
    stranger = folder / "stranger.heapsnapshot"
    stranger.write_text(snapshot(250, step=4))
    errors = run(*leaks, stranger, files[2], status=2).stderr
    assert f"{files[2]}: not of the same process as {stranger}" in errors, errors

    log = folder / "memory.jsonl"
    log.write_text('{"time_ms":1,"event":"after-gc","heapUsed":1000}\n' * 3)
    kinds = [entry["kind"] for entry in
             json.loads(run(*leaks, "--format=json", *files, log).stdout)["inputs"]]
    assert kinds == ["heap snapshot"] * 3 + ["memory log"], kinds
    assert "add heap snapshots" in run(*leaks, log, status=2).stderr

    cut = folder / "cut.heapsnapshot"
    cut.write_text(snapshot(200)[:-4000])
    other = folder / "other"
    other.write_text("not a snapshot")
    empty = folder / "empty"
    empty.write_text("")
    for bad in (cut, other, empty, folder, folder / "missing", folder / "missing" / "deeper"):
        errors = run(*leaks, files[0], bad, status=2).stderr.strip()
        assert str(bad) in errors and "\n" not in errors, errors
    run(*leaks, status=2)
    run(*leaks, "--format=yaml", *files, status=2)


def main():
    with tempfile.TemporaryDirectory(prefix="heaplab-leaks-cli-") as folder:
        check(sys.argv[1], Path(folder))
    print("ok")


main()

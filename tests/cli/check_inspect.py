#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""heaplab inspect on a small snapshot: what every verb prints, in text and JSON, is what the files
in inspect/ say. check_inspect.py HEAPLAB; with --update after it, the files are written anew (then
read the difference)."""
import gzip
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

HEAPLAB = sys.argv.pop(1)
UPDATE = "--update" in sys.argv
if UPDATE:
    sys.argv.remove("--update")
EXPECTED = Path(__file__).parent / "inspect"

NODE_TYPES = ["hidden", "array", "string", "object", "code", "closure", "regexp", "number", "native",
              "synthetic", "concatenated string", "sliced string", "symbol", "bigint", "object shape"]
EDGE_TYPES = ["context", "element", "property", "internal", "hidden", "shortcut", "weak"]


class Heap:
    """A snapshot under construction; nodes are known by what the test calls them."""

    def __init__(self):
        self.nodes, self.edges, self.numbers, self.strings = [], [], {}, [""]
        self.locations, self.functions, self.tree = [], [], []

    def string(self, text):
        if text not in self.strings:
            self.strings.append(text)
        return self.strings.index(text)

    def node(self, key, kind, name, size, detachedness=0, identity=None, trace=0):
        self.numbers[key] = len(self.nodes)
        identity = identity or 2 * len(self.nodes) + 1
        self.nodes.append([NODE_TYPES.index(kind), self.string(name), identity, size, 0, trace, detachedness])
        self.edges.append([])

    def edge(self, source, kind, name, target):
        label = name if isinstance(name, int) else self.string(name)
        self.edges[self.numbers[source]].append((EDGE_TYPES.index(kind), label, target))

    def text(self):
        for node, edges in zip(self.nodes, self.edges):
            node[4] = len(edges)
        fields = ["type", "name", "id", "self_size", "edge_count", "trace_node_id", "detachedness"]
        flat = [value for edges in self.edges for kind, label, target in edges
                for value in (kind, label, self.numbers[target] * len(fields))]
        meta = {"node_fields": fields,
                "node_types": [NODE_TYPES, "string", "number", "number", "number", "number", "number"],
                "edge_fields": ["type", "name_or_index", "to_node"],
                "edge_types": [EDGE_TYPES, "string_or_number", "node"],
                "trace_function_info_fields": ["function_id", "name", "script_name", "script_id", "line", "column"],
                "trace_node_fields": ["id", "function_info_index", "count", "size", "children"],
                "sample_fields": ["timestamp_us", "last_assigned_id"],
                "location_fields": ["object_index", "script_id", "line", "column"]}
        locations = [value for key, script, line, column in self.locations
                     for value in (self.numbers[key] * len(fields), script, line, column)]
        return json.dumps({
            "snapshot": {"meta": meta, "node_count": len(self.nodes), "edge_count": len(flat) // 3,
                         "trace_function_count": len(self.functions) // 6},
            "nodes": [value for node in self.nodes for value in node], "edges": flat,
            "trace_function_infos": self.functions, "trace_tree": self.tree, "samples": [],
            "locations": locations, "strings": self.strings}, separators=(",", ":"))


def service(users):
    """A service that keeps its users in a Map, with all that the verbs look for."""
    heap = Heap()
    heap.node("root", "synthetic", "", 0)
    heap.node("gc roots", "synthetic", "(GC roots)", 0)
    heap.node("global", "object", "global", 40)
    heap.node("app", "object", "App", 32)
    heap.node("users", "object", "Map", 32)
    heap.node("table", "array", "", 16 + 8 * (3 + 16 + 3 * 32))
    heap.node("tags", "object", "Set", 32)
    heap.node("tag table", "array", "", 16 + 8 * (3 + 2 + 2 * 4))
    heap.node("tag 1", "string", "red", 24)
    heap.node("tag 2", "string", "red", 24)
    heap.node("handler", "closure", "onRequest", 64)
    heap.node("context", "object", "system / Context", 48)
    heap.node("log", "object", "Array", 32)
    heap.node("elements", "array", "(object elements)", 16 + 8 * 64)
    heap.node("shared", "code", "onRequest", 56)
    heap.node("script", "code", "/srv/app.js", 120)
    heap.node("settings", "object", "Object", 24)
    heap.node("properties", "array", "(object properties)", 16 + 8 * (6 + 3 * 32))
    heap.node("div", "native", "<div class=card>", 200, detachedness=2)
    heap.node("evil", "string", "\x1b[31mred\x1b[0m\ttab\nline \u202e", 48)
    heap.node("lost", "object", "Lost", 96)
    heap.edge("root", "element", 1, "gc roots")
    heap.edge("root", "element", 2, "global")
    heap.edge("gc roots", "element", 1, "div")
    heap.edge("global", "property", "app", "app")
    heap.edge("app", "property", "users", "users")
    heap.edge("app", "property", "tags", "tags")
    heap.edge("app", "property", "on-request", "handler")
    heap.edge("app", "property", "settings", "settings")
    heap.edge("users", "internal", "table", "table")
    heap.edge("tags", "internal", "table", "tag table")
    heap.edge("tag table", "internal", "5", "tag 1")
    heap.edge("tag table", "internal", "7", "tag 2")
    heap.edge("handler", "internal", "context", "context")
    heap.edge("handler", "internal", "shared", "shared")
    heap.edge("shared", "internal", "script", "script")
    heap.edge("context", "context", "users", "users")
    heap.edge("context", "context", "log", "log")
    heap.edge("log", "internal", "elements", "elements")
    heap.edge("log", "element", 0, "evil")
    heap.edge("settings", "property", "colour", "tag 1")
    heap.edge("settings", "internal", "properties", "properties")
    heap.edge("lost", "weak", "app", "app")
    heap.locations.append(("handler", 7, 11, 4))
    for number in range(users):
        name = f"user {number}"
        identity = 1001 + 10 * number
        heap.node(name, "object", "User", 64, identity=identity, trace=2)
        heap.node(name + " key", "string", f"u{number}", 24, identity=identity + 2)
        heap.node(name + " bio", "string", "x" * 50, 72, identity=identity + 4)
        heap.edge("table", "internal", str(19 + 3 * number), name + " key")
        heap.edge("table", "internal", str(20 + 3 * number), name)
        heap.edge(name, "property", "name", name + " key")
        heap.edge(name, "property", "bio", name + " bio")
    heap.functions = [0, heap.string("(root)"), heap.string(""), 0, 0, 0,
                      1, heap.string("onRequest"), heap.string("/srv/app.js"), 7, 12, 5]
    heap.tree = [1, 0, 0, 0, [2, 1, users, 64 * users, []]]
    return heap.text()


TEXT_AND_JSON = {
    "summary": ["summary"],
    "top": ["top", "--limit=5"],
    "object": ["object", "@1001"],
    "object-map": ["object", "9", "--limit=4"],
    "retainers": ["retainers", "@1001"],
    "retainers-lost": ["retainers", "41"],
    "dominators": ["dominators", "--depth=4", "--limit=3"],
    "containment": ["containment", "@7", "--depth=2", "--limit=5"],
    "strings": ["strings"],
    "collections": ["collections"],
    "collections-oversized": ["collections", "--oversized", "--sort=unused"],
    "closures": ["closures"],
    "detached": ["detached"],
    "unreachable": ["unreachable"],
    "find": ["find", "type = object and class ~ /^U/", "--limit=2"],
}
TEXT_ONLY = {
    "dump.tsv": ["dump"],
    "dump.jsonl": ["dump", "--format=jsonl"],
    "export.dot": ["export", "--format=dot", "--id=@7", "--limit=6"],
    "export-edges.dot": ["export", "--format=dot", "--id=@1001", "--view=edges", "--depth=1"],
    "export.csv": ["export", "--format=csv", "--rows=classes"],
    "export-edges.tsv": ["export", "--format=tsv", "--rows=edges"],
    "export.collapsed": ["export", "--format=collapsed", "--min-size=100"],
}


class Inspect(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="heaplab-inspect-")
        cls.addClassCleanup(cls.folder.cleanup)
        for name, users in (("before", 3), ("app", 5)):
            (Path(cls.folder.name) / f"{name}.heapsnapshot").write_text(service(users))

    def run_heaplab(self, *arguments, status=0, stdin=None, text=True):
        environment = {**os.environ, "COLUMNS": "100", "LC_ALL": "C.UTF-8"}
        environment.pop("FORCE_COLOR", None)
        done = subprocess.run([HEAPLAB, "inspect", *arguments], capture_output=True, text=text, check=False,
                              cwd=self.folder.name, env=environment, stdin=stdin)
        self.assertEqual(done.returncode, status, f"{arguments}: {done.stdout}{done.stderr}")
        return done

    def refused(self, *arguments):
        error = self.run_heaplab(*arguments, status=2).stderr
        self.assertEqual(error.count("\n"), 1, error)
        self.assertTrue(error.startswith("heaplab: "), error)
        return error

    def expect(self, name, output):
        path = EXPECTED / name
        if UPDATE:
            path.write_text(output)
        self.assertEqual(output, path.read_text(), f"{name}: see check_inspect.py --update")

    def test_text(self):
        for name, arguments in TEXT_AND_JSON.items():
            with self.subTest(name):
                output = self.run_heaplab("app.heapsnapshot", *arguments).stdout
                self.assertNotIn("\x1b", output)
                self.assertNotIn("\u202e", output)
                for line in output.splitlines():
                    self.assertLessEqual(len(line), 100, line)
                self.expect(f"{name}.txt", output)

    def test_json(self):
        for name, arguments in TEXT_AND_JSON.items():
            with self.subTest(name):
                output = self.run_heaplab("app.heapsnapshot", *arguments, "--format=json").stdout
                document = json.loads(output)
                self.assertEqual(document["schema"], f"heaplab-inspect-{arguments[0]}/1")
                self.assertEqual(document["file"], "app.heapsnapshot")
                self.expect(f"{name}.json", output)

    def test_without_a_verb_it_sums_up_and_teaches(self):
        output = self.run_heaplab("app.heapsnapshot").stdout
        self.assertIn("User", output)
        self.assertIn("heaplab inspect FILE VERB", output)
        self.assertIn("which file", self.refused())

    def test_a_word_finds_a_class_or_a_name(self):
        self.assertTrue(self.run_heaplab("app.heapsnapshot", "find", "User").stdout.startswith("5 objects"))
        output = self.run_heaplab("app.heapsnapshot", "find", "Job").stdout
        self.assertIn("find 'name ~ /Job/i'", output)

    def test_other_files_are_told_what_they_are_and_who_reads_them(self):
        folder = Path(self.folder.name)
        (folder / "run.heaprec").write_bytes(b"\x89HLREC" + bytes(64))
        (folder / "run.jsonl").write_text('{"time_ms":1,"heapUsed":1000}\n')
        self.assertIn("heaplab leaks", self.refused("run.heaprec", "top"))
        self.assertIn("heaplab memory", self.refused("run.jsonl"))

    def test_nodes_own_objects_are_not_detached(self):
        heap = Heap()
        heap.node("root", "synthetic", "", 0)
        heap.node("binding", "native", "Detached Node / BindingData", 96, detachedness=2)
        heap.edge("root", "element", 1, "binding")
        (Path(self.folder.name) / "node.heapsnapshot").write_text(heap.text())
        self.assertIn("no DOM nodes", self.run_heaplab("node.heapsnapshot", "detached").stdout)

    def test_maps_of_our_own_are_maps_after_deletions_too(self):
        folder = Path(self.folder.name)
        (folder / "maps.js").write_text('''
            class Emptied extends Map {}
            class Kept extends Set {}
            for (const size of [3, 11, 40, 700, 5000]) {
                const emptied = new Emptied();
                for (let i = 0; i < size; i++) emptied.set('k' + i, { i });
                for (let i = 0; i < size - 2; i++) emptied.delete('k' + i);
                const turning = new Emptied();
                for (let i = 0; i < size; i++) { turning.set(i, { i }); turning.delete(i - 5); }
                const kept = new Kept();
                for (let i = 0; i < size; i++) kept.add({ i });
                globalThis['all' + size] = [emptied, turning, kept];
            }
            require('v8').writeHeapSnapshot('maps.heapsnapshot');''')
        subprocess.run([HEAPLAB, "run", "maps.js"], cwd=folder, check=True, capture_output=True)
        output = self.run_heaplab("maps.heapsnapshot", "collections", "--limit=500", "--format=json").stdout
        kinds = [(row["class"], row["kind"]) for row in json.loads(output)["collections"]
                 if row["class"] in ("Emptied", "Kept")]
        self.assertEqual(sorted(kinds), [("Emptied", "map")] * 10 + [("Kept", "set")] * 5)

    def test_other_formats(self):
        for name, arguments in TEXT_ONLY.items():
            with self.subTest(name):
                self.expect(name, self.run_heaplab("app.heapsnapshot", *arguments).stdout)

    def test_diff_in_both_spellings(self):
        one = self.run_heaplab("before.heapsnapshot", "diff", "app.heapsnapshot").stdout
        two = self.run_heaplab("diff", "before.heapsnapshot", "app.heapsnapshot").stdout
        self.assertEqual(one, two)
        self.expect("diff.txt", one)
        output = self.run_heaplab("diff", "before.heapsnapshot", "app.heapsnapshot", "--format=json").stdout
        self.assertEqual(json.loads(output)["schema"], "heaplab-inspect-diff/1")
        self.expect("diff.json", output)

    def test_the_dump_agrees_with_the_file(self):
        rows = self.run_heaplab("app.heapsnapshot", "dump").stdout.splitlines()[1:]
        self.assertEqual(len(rows), json.loads(service(5))["snapshot"]["node_count"])
        total = sum(int(row.split("\t")[3]) for row in rows)
        self.assertEqual(int(rows[0].split("\t")[4]), total)

    def test_compressed_and_standard_input(self):
        packed = Path(self.folder.name) / "app.heapsnapshot.gz"
        packed.write_bytes(gzip.compress(service(5).encode()))
        plain = self.run_heaplab("app.heapsnapshot", "top").stdout
        self.assertEqual(self.run_heaplab(packed.name, "top").stdout, plain)
        with open(packed, "rb") as stream:
            self.assertEqual(self.run_heaplab("-", "top", stdin=stream).stdout, plain)

    def test_output_files(self):
        path = Path(self.folder.name) / "profile.pb.gz"
        self.run_heaplab("app.heapsnapshot", "export", "--format=pprof", "-o", str(path))
        self.assertIn(b"(heap)", gzip.decompress(path.read_bytes()))
        self.assertIn("cannot be written", self.refused("app.heapsnapshot", "dump", "-o", "/nonexistent/x"))
        full = self.refused("app.heapsnapshot", "dump", "-o", "/dev/full") if os.path.exists("/dev/full") else ""
        self.assertIn("cannot be written", full or "cannot be written")

    def test_wrong_use_is_explained(self):
        self.assertIn("no object with the id @4444", self.refused("app.heapsnapshot", "object", "@4444"))
        self.assertIn("99999999999", self.refused("app.heapsnapshot", "retainers", "99999999999"))
        for wrong in ("x", "@", "12x", "-1", "1.5", ""):
            self.refused("app.heapsnapshot", "object", wrong)
        self.assertIn("at character 8", self.refused("app.heapsnapshot", "find", "self > lots"))
        self.assertIn("which file?", self.refused("summary"))
        self.assertIn("two files", self.refused("diff", "app.heapsnapshot"))
        self.assertIn("two files", self.refused("app.heapsnapshot", "diff", "a", "b"))
        self.assertIn("--min-size", self.refused("app.heapsnapshot", "dominators", "--min-size=big"))
        self.assertIn("did you mean retainers?", self.refused("app.heapsnapshot", "retainer", "1"))
        self.refused("app.heapsnapshot", "top", "--limit=0")
        self.refused("app.heapsnapshot", "top", "--sort=colour")
        self.refused("app.heapsnapshot", "export")
        self.refused("absent.heapsnapshot", "summary")

    def test_help_teaches(self):
        verbs = re.findall(r"^  ([a-z]+) {2,}", self.run_heaplab("--help").stdout.split("Subcommands:")[1], re.M)
        self.assertEqual(len(verbs), 15, verbs)
        for verb in verbs:
            self.assertIn("Example", self.run_heaplab("x", verb, "--help").stdout)


if __name__ == "__main__":
    unittest.main()

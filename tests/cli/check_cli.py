#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The heaplab program as a script sees it: exit statuses, messages, files. check_cli.py HEAPLAB"""
import gzip
import json
import os
import signal
import struct
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

HEAPLAB = sys.argv.pop(1)

ALLOCATE = """
const kept = [];
for (let i = 0; i < 20000; i++) kept.push({ i, text: 'item ' + i });
if (typeof gc === 'function') gc();
console.log(kept.length, process.argv.slice(2).join(' '));
"""


class Cli(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="heaplab-cli-")
        self.addCleanup(self.folder.cleanup)
        self.script = self.write("app.js", ALLOCATE)

    def write(self, name, text):
        path = Path(self.folder.name) / name
        path.write_text(text)
        return path

    def path(self, name):
        return Path(self.folder.name) / name

    def heaplab(self, *arguments, status=0):
        done = subprocess.run([HEAPLAB, *map(str, arguments)], capture_output=True, text=True,
                              check=False)
        self.assertEqual(done.returncode, status, f"{arguments}: {done.stdout}{done.stderr}")
        return done

    def refused(self, *arguments):
        """Status 2 and one line that says what is wrong."""
        error = self.heaplab(*arguments, status=2).stderr
        self.assertEqual(error.count("\n"), 1, error)
        self.assertTrue(error.startswith("heaplab: "), error)
        return error

    def test_help(self):
        self.assertIn("heaplab leaks", self.heaplab().stdout)
        for verb in ("run", "leaks", "memory", "trace"):
            self.assertIn("Example", self.heaplab("help", verb).stdout + self.heaplab(verb, "--help").stdout)
        self.assertRegex(self.heaplab("version").stdout, r"^heaplab \d+\.\d+\.\d+\n$")
        self.assertIn("generational", self.heaplab("plans").stdout)

    def test_wrong_use_is_explained(self):
        self.assertIn("did you mean leaks?", self.refused("leks", "x"))
        self.assertIn("did you mean --stress-gc?", self.refused("run", "--stres-gc", self.script))
        self.assertIn("did you mean semispace?", self.refused("run", "--gc=semi", self.script))
        self.assertIn("did you mean info?", self.refused("trace", "inf", "x"))
        self.assertIn("--memory-interval", self.refused("run", "--memory-interval=x", self.script))
        self.assertIn("which script", self.refused("run"))
        self.assertIn("no such script", self.refused("run", self.path("absent.js")))
        self.assertIn("FILE", self.refused("leaks"))
        self.refused("run", "--stress-gc=often", self.script)
        self.refused("run", "--trace-gc=xml", self.script)
        self.refused("run", "--record=/nonexistent/x", self.script)
        self.assertIn("did you mean signal?", self.refused("run", "--heapsnapshot=x@sgnal", self.script))
        self.assertIn("which file", self.refused("run", "--heapsnapshot=@exit", self.script))
        self.assertIn("folder", self.refused("run", "--heapsnapshot=/tmp", self.script))
        self.refused("run", "--heapsnapshot=/nonexistent/x", self.script)
        self.refused("leaks", "--format=xml", "x")

    def test_lost_output_is_an_error_and_a_suspect_is_no_leak(self):
        script = self.write("many.js", "globalThis.kept = Array.from({ length: 20000 }, (_, i) => ({ i }))\n")
        snapshot = self.path("many.heapsnapshot")
        self.heaplab("run", f"--heapsnapshot={snapshot}", script)
        # More than any buffer holds, so it fails in the middle.
        self.assertIn("cannot be written", self.refused("inspect", snapshot, "dump", "-o", "/dev/full"))
        with open("/dev/full", "w") as full:
            lost = subprocess.run([HEAPLAB, "inspect", snapshot, "summary"], stdout=full,
                                  stderr=subprocess.PIPE, text=True)
        self.assertEqual(lost.returncode, 2)
        self.assertIn("cannot be written", lost.stderr)
        self.assertIn("SUSPECT 1", self.heaplab("leaks", "--fail-on-leak", snapshot).stdout)

    def test_a_syntax_error_is_printed_as_node_does(self):
        script = self.write("wrong.js", "let x = 1\nx = x +* 2\n")
        error = self.heaplab("run", script, status=1).stderr
        self.assertTrue(error.startswith(str(script)), error)
        self.assertIn("\nSyntaxError: Unexpected token '*'\n", error)

    def test_bad_files_are_named_with_their_offset(self):
        self.assertIn("neither a heap snapshot nor a recording", self.refused("leaks", self.script))
        self.assertIn("cannot open", self.refused("leaks", self.path("absent")))
        self.refused("trace", "info", self.script)
        broken = self.write("broken.jsonl", '{"time_ms":1}\n')
        self.assertIn("at byte 0", self.refused("memory", broken))
        self.refused("memory", self.write("empty.jsonl", ""))

    def test_arguments_and_status_are_the_scripts(self):
        self.assertEqual(self.heaplab("run", self.script, "--gc=x", "-h").stdout, "20000 --gc=x -h\n")
        self.heaplab("run", self.write("exit.js", "process.exit(7)"), status=7)
        self.assertIn("Error: no",
                      self.heaplab("run", self.write("throw.js", "throw new Error('no')"), status=1).stderr)

    def test_every_plan_and_check(self):
        for plan in self.heaplab("plans").stdout.splitlines():
            done = self.heaplab("run", f"--gc={plan.split()[0]}", "--verify-heap", self.script)
            self.assertEqual(done.stdout, "20000 \n")
        small = self.write("small.js", "const a = []; for (let i = 0; i < 50; i++) a.push([i]); console.log(a.length);")
        for stress in ("--stress-gc=20", "--stress-move=20"):
            self.assertEqual(self.heaplab("run", stress, small).stdout, "50\n")

    def test_bytecode(self):
        text = self.heaplab("run", "--print-bytecode", self.script).stdout
        self.assertIn("GetMethod", text)
        self.assertTrue(text.endswith("20000 \n"))

    def test_memory_file(self):
        log = self.path("memory.jsonl")
        self.heaplab("run", "--expose-gc", f"--memory={log}", self.script)
        lines = [json.loads(line) for line in log.read_text().splitlines()]
        for line in lines:
            for key in ("time_ms", "event", "rss", "heapTotal", "heapUsed", "external", "arrayBuffers"):
                self.assertIn(key, line)
        events = [line["event"] for line in lines]
        self.assertEqual(events.count("before-gc"), events.count("after-gc"))
        self.assertEqual(events[-1], "exit")
        self.assertIn("major", [line.get("kind") for line in lines])
        times = [line["time_ms"] for line in lines]
        self.assertEqual(times, sorted(times))
        chart = self.heaplab("memory", log).stdout
        self.assertIn("heapUsed", chart)
        self.assertIn("before → after", chart)
        self.assertNotIn("\x1b", chart, "colour only on terminals")

    def test_trace_gc(self):
        text = self.heaplab("run", "--expose-gc", "--trace-gc", self.script).stdout
        self.assertRegex(text, r"\[\d+:0x[0-9a-f]+\] +\d+ ms: Scavenge ")
        for line in self.heaplab("run", "--expose-gc", "--trace-gc=json", self.script).stdout.splitlines()[:-1]:
            json.loads(line)

    def test_record_and_inspect(self):
        recording = self.path("app.heaprec")
        self.heaplab("run", f"--record={recording}", self.script)
        info = json.loads(self.heaplab("trace", "info", "--format=json", recording).stdout)
        self.assertTrue(info["complete"])
        self.assertGreater(info["objects"], 40000)
        self.assertEqual(info["info"]["program"], str(self.script))
        self.assertIn("Allocated most", self.heaplab("trace", "info", recording).stdout)
        report = json.loads(self.heaplab("leaks", "--format=json", recording).stdout)
        self.assertEqual(report["schema"], "heaplab-leaks/1")

    def test_recordings_made_of_recordings(self):
        first, second, part = self.path("a.heaprec"), self.path("b.heaprec"), self.path("part.heaprec")
        self.heaplab("run", f"--record={first}", self.script)
        self.heaplab("run", f"--record={second}", self.script)
        self.heaplab("trace", "check", first)
        cut = json.loads(self.heaplab("trace", "cut", first, "--from=1MiB", "--to=2MiB", "-o", part,
                                      "--format=json").stdout)
        self.assertGreater(cut["adopted"], 1000)
        self.assertAlmostEqual(cut["allocated_bytes"], 1 << 20, delta=5000)
        self.assertTrue(json.loads(self.heaplab("trace", "check", "--format=json", part).stdout)["ok"])
        info = json.loads(self.heaplab("trace", "info", "--format=json", "--from=1MiB", "--to=2MiB",
                                       first).stdout)
        self.assertEqual(info["objects"], cut["objects"])
        merged = self.path("merged.heaprec")
        self.heaplab("trace", "merge", first, second, "-o", merged)
        self.heaplab("trace", "check", merged)
        self.assertEqual(json.loads(self.heaplab("trace", "info", "--format=json", merged).stdout)["threads"], 2)
        diff = json.loads(self.heaplab("trace", "diff", first, part, "--format=json").stdout)
        self.assertGreater(diff["before"]["total"]["bytes"], diff["after"]["total"]["bytes"])
        self.assertTrue(any("app.js:3" in site["name"] for site in diff["sites"]), diff["sites"])
        copy = self.path("copy.heaprec")
        with open(first, "rb") as source, open(copy, "wb") as target:
            subprocess.run([HEAPLAB, "trace", "convert", "-", "-o", "-"], stdin=source, stdout=target, check=True)
        self.assertEqual(json.loads(self.heaplab("trace", "diff", first, copy, "--format=json").stdout)
                         ["before"]["total"], json.loads(self.heaplab(
                             "trace", "diff", copy, first, "--format=json").stdout)["before"]["total"])
        lines = [json.loads(line) for line in self.heaplab(
            "trace", "convert", "--to=jsonl", part, "-o", "-").stdout.splitlines()]
        self.assertEqual(lines[0]["schema"], "heaplab-records/1")
        self.assertEqual(lines[-1]["objects"], cut["objects"] + cut["adopted"])
        self.assertEqual(sum(line["op"] == "allocation" for line in lines), cut["objects"])

    def test_recordings_wrongly_used(self):
        recording, out = self.path("app.heaprec"), self.path("out.heaprec")
        self.heaplab("run", f"--record={recording}", self.script)
        self.assertIn("expected a time", self.refused("trace", "cut", recording, "--from=soon", "-o", out))
        self.assertIn("no marker", self.refused("trace", "cut", recording, "--from=marker:x", "-o", out))
        self.assertIn("not before", self.refused("trace", "info", recording, "--from=2s", "--to=1s"))
        self.assertIn("what is read", self.refused("trace", "convert", recording, "-o", recording))
        self.assertIn("which part", self.refused("trace", "cut", recording, "-o", out))
        self.refused("trace", "merge", recording, "-o", out)
        self.refused("trace", "check", self.script)
        whole = recording.read_bytes()
        recording.write_bytes(whole[:len(whole) // 2])
        self.assertIn("ends early", self.heaplab("trace", "check", recording).stdout)
        recording.write_bytes(whole[:2000] + bytes([whole[2000] ^ 1]) + whole[2001:])
        self.assertIn("checksum", self.refused("trace", "check", recording))

    def test_a_cut_off_recording_is_a_stated_partial_result(self):
        """Status 0, what there is on standard output, and a line on standard error."""
        recording, other, out = self.path("app.heaprec"), self.path("whole.heaprec"), self.path("out.heaprec")
        self.heaplab("run", f"--record={recording}", self.script)
        whole = recording.read_bytes()
        other.write_bytes(whole)
        recording.write_bytes(whole[:len(whole) // 2])
        for verb in (["info", recording], ["check", recording], ["lifetimes", recording], ["sites", recording],
                     ["diff", recording, other], ["convert", recording, "-o", out],
                     ["cut", recording, "--from=100K", "-o", out], ["merge", recording, other, "-o", out]):
            done = self.heaplab("trace", *verb)
            self.assertRegex(done.stderr, r"^heaplab: .*app\.heaprec: recording ends early at offset \d+; read", verb)
            self.assertEqual(done.stderr.count("\n"), 1, verb)
            if verb[0] in ("info", "check", "lifetimes", "sites"):
                self.assertIs(json.loads(self.heaplab("trace", *verb, "--format=json").stdout)["complete"], False, verb)
        self.assertIn("ends early", self.heaplab("leaks", recording).stderr)
        self.assertEqual(self.heaplab("trace", "info", other).stderr, "")
        self.assertEqual(self.heaplab("leaks", other).stderr, "")

    def test_parts_past_the_end(self):
        recording, out = self.path("app.heaprec"), self.path("out.heaprec")
        self.heaplab("run", f"--record={recording}", self.script)
        for moment, ends in (("9GiB", r"ends at [\d.]+ MiB allocated \(\d+ bytes\)$"), ("1h", r"ends at \d+\.\d{3}s$"),
                             ("object:9000000", r"ends at object:\d+$")):
            self.assertRegex(self.refused("trace", "info", recording, f"--from={moment}"), ends)
            self.assertRegex(self.refused("trace", "cut", recording, f"--from={moment}", "-o", out), ends)
            self.assertFalse(out.exists())
            done = self.heaplab("trace", "info", recording, f"--to={moment}")
            self.assertRegex(done.stderr, f"^heaplab: --to={moment}: .*" + ends[:-1] + ": all that is left is taken$")
        part = self.heaplab("trace", "info", recording, "--from=100K", "--to=200K").stdout
        self.assertIn("What this part of it holds", part)
        self.assertIn("from 100K to 200K", part)
        timeless = self.write("m.mtrace", "= Start\n@ ./a:[0x1] + 0x10 0x20\n= End\n")
        self.assertIn("mean nothing", self.refused("trace", "info", timeless, "--from=1s"))

    def test_sites_of_any_recording(self):
        recording = self.path("app.heaprec")
        self.heaplab("run", f"--record={recording}", self.script)
        sites = json.loads(self.heaplab("trace", "sites", "--format=json", recording).stdout)
        self.assertEqual(sites["precision"], "roots")
        self.assertEqual(sites["by_allocations"][0]["place"]["line"], 3)
        self.assertIsNone(sites["total"]["temporary"], "nobody knows when exactly something was freed")
        diff = json.loads(self.heaplab("trace", "diff", "--format=json", recording, recording).stdout)
        self.assertEqual(sites["total"]["peak_bytes"], diff["before"]["total"]["peak_live_bytes"])
        self.assertEqual(sites["total"]["allocations"], diff["before"]["total"]["count"])
        with open(recording, "rb") as file:
            piped = subprocess.run([HEAPLAB, "trace", "sites", "--format=json", "-"], stdin=file,
                                   stdout=subprocess.PIPE, check=True)
        self.assertEqual(json.loads(piped.stdout)["total"]["allocations"], sites["total"]["allocations"])
        mtrace = self.write("m.mtrace", "= Start\n@ ./a:[0x1] + 0x10 0x20\n@ ./a:[0x2] - 0x10\n@ ./a:[0x1] + 0x10 0x30\n")
        total = json.loads(self.heaplab("trace", "sites", "--format=json", mtrace).stdout)
        self.assertEqual(total["total"]["temporary"], 1)
        self.assertEqual(total["total"]["leaked_bytes"], 0x30)
        self.assertIsNone(total["complete"], "mtrace writes no end unless muntrace() is called")
        self.assertIn("cannot be told", self.heaplab("trace", "info", mtrace).stdout)
        self.assertIn("No such file", self.refused("trace", "sites", self.path("nothing")))
        self.assertIn("directory", self.refused("trace", "sites", self.folder.name))

    def test_what_is_no_recording(self):
        """Compressed recordings are; other files are told which verb takes them."""
        recording = self.path("app.heaprec")
        self.heaplab("run", f"--record={recording}", self.script)
        objects = json.loads(self.heaplab("trace", "info", "--format=json", recording).stdout)["objects"]
        packed = self.path("app.heaprec.gz")
        packed.write_bytes(gzip.compress(recording.read_bytes()))
        info = json.loads(self.heaplab("trace", "info", "--format=json", packed).stdout)
        self.assertEqual((info["objects"], info["complete"]), (objects, True))
        part = self.heaplab("trace", "info", "--format=json", "--from=100K", "--to=200K", packed).stdout
        self.assertLess(json.loads(part)["objects"], objects)
        self.heaplab("trace", "check", packed)
        judged = [json.loads(self.heaplab("leaks", "--format=json", file).stdout) for file in (recording, packed)]
        self.assertEqual(judged[0]["inputs"][0] | {"file": ""}, judged[1]["inputs"][0] | {"file": ""})
        packed.write_bytes(packed.read_bytes()[:packed.stat().st_size // 2])
        self.assertIn("of the decompressed data", self.heaplab("trace", "info", packed).stderr)
        for name, text, verb in (("a.hprof", "JAVA PROFILE 1.0.2\0", "heaplab inspect"),
                                 ("a.heapsnapshot", '{"snapshot":{"meta":{', "heaplab inspect"),
                                 ("a.jsonl", '{"time_ms":1,"heapUsed":2}\n', "heaplab memory"),
                                 ("a.txt", "hello\n", "heaptrack, mtrace")):
            for words in (["trace", "info"], ["trace", "sites"], ["trace", "diff", recording]):
                self.assertIn(verb, self.refused(*words, self.write(name, text)))
            with open(self.path(name), "rb") as file:
                done = subprocess.run([HEAPLAB, "trace", "info", "-"], stdin=file, capture_output=True,
                                      text=True, check=False)
            self.assertEqual(done.returncode, 2)

    def test_java_objects_that_only_native_code_holds(self):
        """What JNI globals hold has a name and advice of its own."""
        def record(tag, body):
            return struct.pack(">BII", tag, 0, len(body)) + body
        object_class, array_class = 0x100, 0x108
        heap = b""
        for number, (klass, above) in enumerate(((object_class, 0), (array_class, object_class)), 1):
            heap += struct.pack(">BQIQ", 0x20, klass, 0, above) + bytes(5 * 8) + struct.pack(">IHHH", 8, 0, 0, 0)
        for address in range(0x10000, 0x10000 + 600 * 0x1000, 0x1000):
            inner = [address + 0x800] + [0] * 99
            heap += struct.pack(">BQIIQ100Q", 0x22, address, 0, 100, array_class, *inner)
            heap += struct.pack(">BQIIQ", 0x22, address + 0x800, 0, 100, array_class) + bytes(100 * 8)
            heap += struct.pack(">BQQ", 0x01, address, 0)
        dump = b"JAVA PROFILE 1.0.2\0" + struct.pack(">IQ", 8, 1000)
        for number, (klass, name) in enumerate(((object_class, b"java/lang/Object"), (array_class, b"[Ljava/lang/Object;")), 1):
            dump += record(0x01, struct.pack(">Q", number) + name) + record(0x02, struct.pack(">IQIQ", number, klass, 0, number))
        file = self.path("native.hprof")
        file.write_bytes(dump + record(0x1C, heap) + record(0x2C, b""))
        suspect = json.loads(self.heaplab("leaks", "--format=json", file).stdout)["leaks"][0]
        self.assertEqual(suspect["culprit"]["path"], "JNI globals")
        self.assertIn("DeleteGlobalRef", suspect["why"])
        self.assertIn("NewGlobalRef", suspect["advice"])

    def test_leaks_of_standard_input(self):
        recording, snapshot = self.path("app.heaprec"), self.path("app.heapsnapshot")
        self.heaplab("run", f"--record={recording}", f"--heapsnapshot={snapshot}", self.script)
        for file in (recording, snapshot):
            expected = json.loads(self.heaplab("leaks", "--format=json", file).stdout)
            with open(file, "rb") as opened:
                redirected = subprocess.run([HEAPLAB, "leaks", "--format=json", "-"], stdin=opened,
                                            stdout=subprocess.PIPE, check=True).stdout
            piped = subprocess.run([HEAPLAB, "leaks", "--format=json", "-"], input=file.read_bytes(),
                                   stdout=subprocess.PIPE, check=True).stdout
            for output in (redirected, piped):
                told = json.loads(output)
                self.assertEqual([leak["culprit"] for leak in told["leaks"]],
                                 [leak["culprit"] for leak in expected["leaks"]])
                self.assertNotIn("/dev/", json.dumps(told))

    def test_options(self):
        self.assertIn("Usage: heaplab trace info [OPTIONS] FILE", self.heaplab("help", "trace", "info").stdout)
        self.assertEqual(self.heaplab("help", "trace", "info").stdout, self.heaplab("trace", "info", "--help").stdout)
        self.assertIn("did you mean info?", self.refused("help", "trace", "inof"))
        self.assertIn("Usage: heaplab run [OPTIONS] SCRIPT [ARGUMENTS]\n", self.heaplab("run", "--help").stdout)
        self.assertIn("Usage: heaplab trace merge [OPTIONS] FILES FILES...\n", self.heaplab("trace", "merge", "--help").stdout)
        self.assertNotRegex(self.heaplab("trace", "info", "--help").stdout, r"UINT|4294967296|\(2x\)")
        recording = self.path("app.heaprec")
        self.heaplab("run", f"--record={recording}", "--record-roots=256K", "--max-old-space-size=64M", self.script)
        info = json.loads(self.heaplab("trace", "info", "--format=json", recording).stdout)
        self.assertEqual(info["knows"]["root_granularity_bytes"], 256 << 10)
        self.heaplab("run", f"--record={recording}", "--record-sample=4KiB", self.script)
        info = json.loads(self.heaplab("trace", "info", "--format=json", recording).stdout)
        self.assertEqual(info["knows"]["sampling_bytes"], 4096)
        self.assertIn("expected a size", self.refused("run", f"--record={recording}", "--record-roots=much", self.script))
        self.assertIn("from 1 MiB", self.refused("run", "--max-old-space-size=0", self.script))
        for in_vain in (["run", "--record-uses", self.script], ["run", "--memory-interval=5", self.script],
                        ["run", f"--record={recording}", "--record-roots=1", "--record-sample=1K", self.script],
                        ["trace", "lifetimes", "--table=ages", recording],
                        ["trace", "convert", "--to=jsonl", "--format=json", recording, "-o", "-"],
                        ["trace", "sites", "--frames=1", "--format=json", recording]):
            self.assertRegex(self.refused(*in_vain), "has no effect|--record=FILE is missing")

    def test_dialects(self):
        trace = self.write("a.trace", "N 1 8 A 0 0\nN 2 8 B 0 0\nU 2 5 1 0\n")
        slots = {}
        for dialect in ("et3", "et2"):
            lines = self.heaplab("trace", "convert", f"--dialect={dialect}", "--to=jsonl", trace, "-o", "-").stdout
            slots[dialect] = [line["slot"] for line in map(json.loads, lines.splitlines()) if line["op"] == "write"]
        self.assertEqual(slots, {"et3": [1], "et2": [5]})
        self.assertIn("has no dialect", self.refused("trace", "info", "--dialect=et9", trace))
        recording = self.path("app.heaprec")
        self.heaplab("run", f"--record={recording}", self.script)
        self.assertIn("no trace of Elephant Tracks", self.refused("trace", "info", "--dialect=et2", recording))

    def test_differences(self):
        first, second = self.path("a.heaprec"), self.path("b.heaprec")
        deep = "a/" * 60 + "very_long_name.js"
        script = self.path(deep)
        script.parent.mkdir(parents=True)
        script.write_text(ALLOCATE)
        self.heaplab("run", f"--record={first}", script)
        self.heaplab("run", f"--record={second}", self.write("more.js", ALLOCATE.replace("20000", "30000")))
        same = self.heaplab("trace", "diff", first, first).stdout
        self.assertEqual(same.count("no difference"), 2, same)
        self.assertNotIn("+0", same)
        self.assertEqual(json.loads(self.heaplab("trace", "diff", "--format=json", first, first).stdout)["sites"], [])
        text = self.heaplab("trace", "diff", first, second).stdout
        self.assertRegex(text, r"very_long_name\.js:3:\d+", "nothing is cut where there is no terminal")
        self.assertIn("Merlin", text)
        for name in ("--limit", "--top"):
            self.assertIn("more", self.heaplab("trace", "diff", first, second, f"{name}=1").stdout)
            self.assertIn("not in range", self.refused("trace", "info", first, f"{name}=-3"))
            self.heaplab("trace", "lifetimes", first, f"{name}=1")
            self.heaplab("trace", "sites", first, f"{name}=1")

    def snapshots(self, pattern):
        """Node counts of the snapshots with such names, in the order of their numbers."""
        files = sorted(Path(self.folder.name).glob(pattern), key=lambda path: (len(path.name), path.name))
        return [json.loads(file.read_text())["snapshot"]["node_count"] for file in files]

    def test_heap_snapshots(self):
        grow = self.write("grow.js", """
            const kept = [];
            for (let i = 0; i < 14; i++) {
              for (let k = 0; k < 500; k++) kept.push({ k });
              gc();
            }
            console.log('done');""")
        option = "--heapsnapshot=" + str(self.path("s.heapsnapshot"))
        self.assertEqual(self.heaplab("run", "--expose-gc", option, grow).stdout, "done\n")
        self.assertEqual(len(self.snapshots("s.heapsnapshot")), 1)
        done = self.heaplab("run", "--expose-gc", option + "@after-gc",
                            "--heapsnapshot=" + str(self.path("b")) + "@before-gc", grow)
        self.assertIn("the last of 10", done.stderr)
        for pattern in ("s.*.heapsnapshot", "b.*.heapsnapshot"):
            counts = self.snapshots(pattern)
            self.assertEqual(len(counts), 10)
            self.assertTrue(all(a + 500 <= b for a, b in zip(counts, counts[1:])), counts)
        nothing = self.heaplab("run", "--heapsnapshot=" + str(self.path("n")) + "@after-gc", self.script)
        self.assertIn("no full collection", nothing.stderr)
        self.assertEqual(self.snapshots("n*"), [])

    def test_heap_snapshot_near_the_limit(self):
        fill = self.write("fill.js", "const k = []; for (;;) k.push({ a: [1, 's' + k.length] });")
        for plan in ("generational", "semispace", "marksweep"):
            file = self.path(plan)
            self.heaplab("run", f"--gc={plan}", "--max-old-space-size=8", f"--heapsnapshot={file}@near-heap-limit",
                         fill, status=134)
            self.assertGreater(self.snapshots(plan)[0], 10000)

    def test_heap_snapshot_by_signal(self):
        script = self.write("wait.js", "console.log('up'); setTimeout(() => console.log('end'), 60000);")
        with subprocess.Popen([HEAPLAB, "run", "--heapsnapshot=" + str(self.path("s")) + "@signal", script],
                              stdout=subprocess.PIPE, text=True) as running:
            self.assertEqual(running.stdout.readline(), "up\n")
            for count in (1, 2):
                running.send_signal(signal.SIGUSR2)
                for _ in range(1500):
                    if len(list(Path(self.folder.name).glob("s.*.heapsnapshot"))) == count:
                        break
                    time.sleep(0.02)
                self.assertEqual(len(self.snapshots("s.*.heapsnapshot")), count)
            running.kill()

    def test_a_snapshot_that_cannot_be_written(self):
        error = self.heaplab("run", "--heapsnapshot=/dev/full", self.script, status=2).stderr
        self.assertRegex(error, "^heaplab: /dev/full: cannot be written: No space left")
        self.heaplab("run", "--heapsnapshot=/dev/full", self.write("exit.js", "process.exit(7)"), status=7)

    def test_snapshots_by_the_script(self):
        script = self.write("own.js", """
            console.log(require('v8').writeHeapSnapshot());""")
        done = subprocess.run([HEAPLAB, "run", script], cwd=self.folder.name, capture_output=True, text=True, check=True)
        self.assertRegex(done.stdout, r"^Heap\.\d{8}\.\d{6}\.\d+\.0\.001\.heapsnapshot\n$")
        self.assertEqual(len(self.snapshots("Heap.*.heapsnapshot")), 1)

    def test_snapshots_know_where_objects_were_allocated(self):
        file = self.path("s.heapsnapshot")
        self.heaplab("run", f"--record={self.path('r')}", f"--heapsnapshot={file}", self.write("sites.js", """
            function makeSession() { return { big: [1, 2, 3] }; }
            globalThis.kept = Array.from({ length: 100 }, makeSession);"""))
        snapshot = json.loads(file.read_text())
        infos, strings = snapshot["trace_function_infos"], snapshot["strings"]
        names = [strings[i] for i in infos[1::6]]
        self.assertIn("makeSession", names)
        self.assertEqual(len(names), snapshot["snapshot"]["trace_function_count"])
        ids = set()
        waiting = [snapshot["trace_tree"]]
        while waiting:
            children = waiting.pop()
            for i in range(0, len(children), 5):
                ids.add(children[i])
                self.assertLess(children[i + 1], len(names))
                waiting.append(children[i + 4])
        traced = [trace for trace in snapshot["nodes"][5::7] if trace]
        self.assertGreater(len(traced), 200)
        self.assertLessEqual(set(traced), ids)

    def test_damage_is_found_and_a_cut_is_said(self):
        recording = self.path("app.heaprec")
        self.heaplab("run", f"--record={recording}", self.script)
        whole = recording.read_bytes()
        recording.write_bytes(whole[: len(whole) // 2])
        self.assertIn("ends early at offset", self.heaplab("leaks", recording).stdout)
        recording.write_bytes(whole[:-40] + bytes([whole[-40] ^ 1]) + whole[-39:])
        self.assertIn("at byte", self.refused("leaks", recording))

    def test_a_killed_run_leaves_a_readable_recording(self):
        endless = self.write("endless.js", """
            const log = [];
            function tick() { for (let i = 0; i < 200; i++) log.push({ i, text: 'x' + i }); setTimeout(tick, 2); }
            tick();""")
        recording = self.path("killed.heaprec")
        run = subprocess.Popen([HEAPLAB, "run", f"--record={recording}", str(endless)])
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if recording.exists() and recording.stat().st_size > 200_000:
                break
            time.sleep(0.05)
        os.kill(run.pid, signal.SIGKILL)
        run.wait()
        info = json.loads(self.heaplab("trace", "info", "--format=json", recording).stdout)
        self.assertFalse(info["complete"])
        self.assertGreater(info["blocks"], 1)
        self.heaplab("leaks", recording)

    def test_replay(self):
        recording = self.path("app.heaprec")
        self.heaplab("run", f"--record={recording}", self.script)
        text = self.heaplab("replay", "--heap=16M", "--check", recording).stdout
        self.assertIn("exactly those that are alive by the recording", text)
        report = json.loads(self.heaplab("replay", "--format=json", "--gc=all", "--heap-multiple=1.5",
                                         "--explicit=malloc,mimalloc", recording).stdout)
        self.assertEqual(report["schema"], "heaplab-replay/1")
        program = report["program"]
        self.assertGreater(program["events"], program["objects"] + program["stores"])
        self.assertEqual([run["system"] for run in report["runs"]],
                         ["malloc", "mimalloc", "generational", "semispace", "marksweep"])
        for run in report["runs"]:
            self.assertTrue(run["completed"])
            self.assertEqual(run["problems"], [])
            self.assertGreater(run["footprint"]["peak_resident"], program["peak_live_bytes"] // 2)
            for clock in ("wall_ns", "cpu_ns"):
                self.check_times(report["replayer"], run, clock)
            if run["heap_bytes"] is None:
                self.assertEqual(run["frees"], program["objects"])
                continue
            self.assertEqual(run["heap_bytes"], int(1.5 * run["minimum_heap_bytes"]))
            self.assertEqual(run["pauses"]["count"], len(run["collections"]))
            self.assertEqual(run["allocated_bytes"], program["bytes"])
            for collection in run["collections"]:
                if collection["kind"] == "major":
                    self.assertEqual(collection["used_after"], collection["live"])
        small = self.heaplab("replay", "--heap=512K", recording, status=134).stdout
        self.assertIn("out of memory", small)
        self.assertIn("raise it with --heap or", small)
        best = self.heaplab("replay", "--heap=16M", "--runs=3", recording).stdout
        self.assertIn("the best of 3 by processor time", best)
        self.assertIn(" ±", best)
        self.assertIn("--runs=5 tells", text)
        self.assertIn("--heap-multiple", self.refused("replay", recording))
        self.assertIn("--explicit", self.refused("replay", "--heap=4M", "--oracle=last-use", recording))
        self.assertIn("semispace", self.refused("replay", "--heap=4M", "--gc=semi", recording))
        self.assertIn("--heap=64M", self.refused("replay", "--heap=much", recording))
        self.assertIn("standard input", self.refused("replay", "--heap=4M", "-"))
        rootless = self.path("rootless.heaprec")
        self.heaplab("run", f"--record={rootless}", "--record-roots=0", self.script)
        self.assertIn("collections only", self.heaplab("replay", "--heap=64M", rootless).stdout)

    def check_times(self, replayer, run, clock):
        """What is said of errors follows from what was measured."""
        net, mutator, collector = (run[part][clock] for part in ("net", "mutator", "collector"))
        self.assertEqual(net, mutator + collector)
        own = replayer[clock] + run["replayer_in_collections"][clock]
        self.assertEqual(net, max(run["total"][clock] - own, collector))
        error = sum(runs[clock]["median"] - runs[clock]["min"] for runs in (replayer["runs"], run["runs"]))
        self.assertEqual(run["plus_minus"][clock], error)
        self.assertEqual(run["mutator_is_noise"][clock],
                         run["total"][clock] < own + collector or mutator < error)
        self.assertGreaterEqual(replayer["runs"]["count"], 5)
        self.assertEqual(replayer[clock], replayer["runs"][clock]["min"])

    def test_out_of_memory_has_its_own_status(self):
        hungry = self.write("hungry.js", "const a = []; for (;;) a.push(new Array(1000).fill(1));")
        recording = self.path("oom.heaprec")
        done = self.heaplab("run", "--max-old-space-size=16", f"--record={recording}", hungry, status=134)
        self.assertIn("largest types", done.stderr)
        report = json.loads(self.heaplab("leaks", "--format=json", recording).stdout)
        self.assertEqual(report["leaks"][0]["culprit"]["path"], "a")


unittest.main()

#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The verbs for recordings: what they say of which file, and how they end. check_recordings.py HEAPLAB"""
import gzip
import json
import os
import signal
import struct
import subprocess
import time
import unittest

from cli_case import ALLOCATE, CliCase, HEAPLAB


MTRACE = """= Start
@ ./app:[0x11da] + 0x1000 0xa
@ ./app:[0x11ef] - 0x1000
@ ./app:[0x1204] + 0x2000 0x64
+ 0x3000 0x8
= End
"""
HEAPTRACK = """v 10400 3
x 8 /opt/app
X /opt/app
I 1000 5e298d
m 1 -
m 1 x 550000000000 0 1000 2000 1000
t 550000002010 0
+ 20 1 7fe000001000
+ 30 1 7fe000002000
- 7fe000001000
c 2
R 5
"""
HEAP_PROFILE = json.dumps({"head": {
    "callFrame": {"functionName": "(root)", "scriptId": "0", "url": "", "lineNumber": -1, "columnNumber": -1},
    "selfSize": 0, "id": 1, "children": [{
        "callFrame": {"functionName": "grow", "scriptId": "9", "url": "/a.js", "lineNumber": 3, "columnNumber": 1},
        "selfSize": 4096, "id": 2, "children": []}]}, "samples": [{"size": 4096, "nodeId": 2, "ordinal": 1}]})


class Recordings(CliCase):
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

    def test_merged_recordings_keep_their_leaks(self):
        leaky = self.write("leaky.js", """const cache = new Map(); let n = 0;
function keep(i) { cache.set('k' + i, {v: [i, i + 1, i + 2]}); }
function churn() { for (let i = 0; i < 400; i++) n += [i, {i}].length; }
for (let i = 0; i < 8000; i++) { keep(i); if (i % 5 === 0) churn(); }
""")
        first, second, sample = self.path("one.heaprec"), self.path("two.heaprec"), self.path("sample.heaprec")
        for recording, options in ((first, ["--gc=semispace"]), (second, ["--gc=semispace"]),
                                   (sample, ["--record-sample=4K"])):
            self.heaplab("run", f"--record={recording}", *options, leaky)
        merged = self.path("merged.heaprec")
        self.heaplab("trace", "merge", first, second, "--checkpoints", "-o", merged)
        report = json.loads(self.heaplab("leaks", "--format=json", merged).stdout)
        self.assertEqual([(leak["culprit"]["path"], leak["heap"]) for leak in report["leaks"]],
                         [("cache", "one"), ("cache", "two")])
        self.assertIn("2 heaps, each judged by itself", self.heaplab("leaks", merged).stdout)
        self.heaplab("trace", "merge", first, second, "-o", merged)
        self.assertIn("merge them with --checkpoints", self.heaplab("leaks", merged).stdout)
        native = self.write("n.mtrace", "= Start\n@ ./a:[0x1] + 0x10 0x20\n@ ./a:[0x1] - 0x10\n= End\n")
        self.heaplab("trace", "merge", first, native, "--checkpoints", "-o", merged)
        self.assertIn("no checkpoints here: heap n", self.heaplab("leaks", merged).stdout)
        merged.unlink()
        self.assertRegex(self.refused("trace", "merge", first, sample, "-o", merged),
                         "sample of one allocation in 4096 bytes, and .*one.heaprec has every allocation")
        self.assertFalse(merged.exists())

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

    def through_a_pipe(self, content, *arguments, status=0, process_substitution=False):
        command = [HEAPLAB, *map(str, arguments)]
        if process_substitution:
            ends = os.pipe()
            with subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=ends[1]) as writer:
                os.close(ends[1])
                with subprocess.Popen([word.replace("PIPE", f"/dev/fd/{ends[0]}") for word in command],
                                      pass_fds=[ends[0]], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as reader:
                    os.close(ends[0])
                    writer.stdin.write(content)
                    writer.stdin.close()
                    output, errors = reader.communicate()
                    code = reader.returncode
        else:
            done = subprocess.run(command, input=content, capture_output=True, check=False)
            output, errors, code = done.stdout, done.stderr, done.returncode
        self.assertEqual(code, status, f"{arguments}: {output.decode()}{errors.decode()}")
        return output.decode() + errors.decode()

    def test_recordings_of_others_through_pipes(self):
        """As by name: plain and compressed, from standard input and from what `<(...)` makes."""
        samples = {"a.mtrace": MTRACE, "a.zst": HEAPTRACK, "a.heapprofile": HEAP_PROFILE,
                   "a.trace": "N 1 8 A 0 0\nN 2 8 B 0 0\nU 2 5 1 0\n"}
        for name, text in samples.items():
            file = self.write(name, text)
            expected = json.loads(self.heaplab("trace", "info", "--format=json", file).stdout)
            for content in (text.encode(), gzip.compress(text.encode())):
                for arguments in (("-", False), ("PIPE", True)):
                    told = json.loads(self.through_a_pipe(content, "trace", "info", "--format=json", arguments[0],
                                                          process_substitution=arguments[1]))
                    for key in ("format", "info", "objects", "allocated_bytes", "sites", "profile_sites", "native"):
                        self.assertEqual(told.get(key), expected.get(key), f"{name} {key}")
            with open(file, "rb") as opened:
                told = subprocess.run([HEAPLAB, "trace", "info", "--format=json", "-"], stdin=opened,
                                      stdout=subprocess.PIPE, check=True).stdout
            self.assertEqual(json.loads(told)["objects"], expected["objects"])
        lines = self.through_a_pipe(samples["a.trace"].encode(), "trace", "convert", "--dialect=et2", "--to=jsonl", "-",
                                    "-o", "-").splitlines()
        self.assertEqual([line["slot"] for line in map(json.loads, lines) if line["op"] == "write"], [5])
        for verb in ("sites", "lifetimes"):
            file = self.write("a.zst", HEAPTRACK)
            self.assertEqual(self.through_a_pipe(HEAPTRACK.encode(), "trace", verb, "-").splitlines()[1:],
                             self.heaplab("trace", verb, file).stdout.splitlines()[1:])
        for content in (HEAP_PROFILE.encode(), gzip.compress(HEAP_PROFILE.encode())):
            self.assertIn("heap profile", self.through_a_pipe(content, "leaks", "-"))
            self.assertIn("heap profile", self.through_a_pipe(content, "leaks", "PIPE", process_substitution=True))

    def test_what_never_ends_is_refused_at_once(self):
        """Only what is a recording is kept."""
        with subprocess.Popen(["yes"], stdout=subprocess.PIPE) as endless:
            done = subprocess.run([HEAPLAB, "trace", "info", "-"], stdin=endless.stdout, capture_output=True,
                                  text=True, check=False, timeout=60)
            endless.kill()
        self.assertEqual(done.returncode, 2)
        self.assertIn("no recording of a format", done.stderr)

    def test_inspect_names_the_verbs_for_recordings(self):
        error = self.refused("inspect", self.write("raw.zst", HEAPTRACK))
        for word in ("heaptrack", "heaplab trace", "heaplab leaks"):
            self.assertIn(word, error)
        self.assertIn("heaplab trace", self.through_a_pipe(HEAPTRACK.encode(), "inspect", "-", status=2))

    def test_strange_frees(self):
        """An address that is allocated or freed twice contradicts the recording; a free of what is
        not known does not: the program may have begun to record late. So also once converted."""
        late = self.write("late.mtrace", "= Start\n@ ./m:[0x1] - 0x2000\n+ 0x1000 0x10\n= End\n")
        told = json.loads(self.heaplab("trace", "check", "--format=json", late).stdout)
        self.assertEqual((told["ok"], told["problems"], [r["count"] for r in told["remarks"]]), (True, [], [1]))
        self.assertIn("no contradiction", self.heaplab("trace", "check", late).stdout.splitlines()[-1])
        strange = self.write("strange.mtrace", MTRACE.replace("= End", "- 0x3000\n- 0x3000\n+ 0x2000 0x8\n= End"))
        converted = self.path("strange.heaprec")
        self.heaplab("trace", "convert", strange, "-o", converted)
        for file in (strange, converted):
            told = json.loads(self.heaplab("trace", "check", "--format=json", file, status=1).stdout)
            self.assertEqual([(p["count"], p["first"]) for p in told["problems"]], [(1, "object 2"), (1, None)])
            self.assertEqual(told["remarks"], [])
            text = self.heaplab("trace", "check", file, status=1).stdout
            self.assertIn("not freed; the first: object 2", text)
            self.assertIn("freed again", text)
        interpreted = self.write("a.txt", "v 10400 3\nX /app\nI 1000 5e298d\ns 4 /app\ni 4030 1\nt 1 0\na 20 1\n+ 0\n- 0\n- 0\n")
        told = json.loads(self.heaplab("trace", "check", "--format=json", interpreted, status=1).stdout)
        self.assertEqual([p["count"] for p in told["problems"]], [1])

    def test_one_address_allocated_forever_takes_no_memory(self):
        file = self.path("a.mtrace")
        with open(file, "w", encoding="ascii") as out:
            out.write("= Start\n")
            for _ in range(2000):  # piece by piece: what this process holds counts at first as the child's
                out.write("+ 0x1000 0x10\n" * 1000)
        with subprocess.Popen([HEAPLAB, "trace", "check", file], stdout=subprocess.DEVNULL) as checking:
            _, status, usage = os.wait4(checking.pid, 0)
            checking.returncode = os.waitstatus_to_exitcode(status)
        self.assertEqual(checking.returncode, 1)
        self.assertLess(usage.ru_maxrss, 80 << 10, "KiB")

    def test_samples_stand_for_all(self):
        sample = self.path("sample.heaprec")
        self.heaplab("run", f"--record={sample}", "--record-sample=1K", self.script)
        info, sites, diff = (json.loads(self.heaplab("trace", *words, "--format=json", sample).stdout) for words in (
            ["info", "--limit=100000"], ["sites"], ["diff", sample]))
        whole = info["objects"] + info["skipped"]["objects"]
        self.assertLess(info["objects"], whole / 5)
        told = sites["total"]["allocations"]
        self.assertAlmostEqual(told, whole, delta=whole / 5)
        self.assertEqual(told, diff["before"]["total"]["count"])
        self.assertEqual(told, sum(site["count"] for site in info["types"]))
        for verb in (["sites", sample], ["diff", sample, sample]):
            self.assertIn("one allocation in 1 KiB", self.heaplab("trace", *verb).stdout)

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


unittest.main()

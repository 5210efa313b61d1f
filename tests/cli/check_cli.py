#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The heaplab program as a script sees it: exit statuses, messages, files. check_cli.py HEAPLAB"""
import json
import signal
import subprocess
import time
import unittest
from pathlib import Path

from cli_case import CliCase, HEAPLAB


class Cli(CliCase):
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

    def test_options(self):
        self.assertIn("Usage: heaplab trace info [OPTIONS] FILE", self.heaplab("help", "trace", "info").stdout)
        self.assertEqual(self.heaplab("help", "trace", "info").stdout, self.heaplab("trace", "info", "--help").stdout)
        self.assertIn("did you mean info?", self.refused("help", "trace", "inof"))
        self.assertIn("Usage: heaplab run [OPTIONS] SCRIPT [ARGUMENTS]\n", self.heaplab("run", "--help").stdout)
        self.assertIn("Usage: heaplab trace merge [OPTIONS] FILES FILES...\n", self.heaplab("trace", "merge", "--help").stdout)
        self.assertNotIn("{", self.heaplab("run", "--help").stdout)
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
        self.assertIn("generational needs 768 KiB at least", self.refused("replay", "--heap=512K", recording))
        small = self.heaplab("replay", "--heap=768K", recording, status=134).stdout
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

#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The heaplab program as a script sees it: exit statuses, messages, files. check_cli.py HEAPLAB"""
import json
import os
import signal
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
        self.refused("leaks", "--format=xml", "x")

    def test_bad_files_are_named_with_their_offset(self):
        self.assertIn("no heaplab recording", self.refused("leaks", self.script))
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

    def test_out_of_memory_has_its_own_status(self):
        hungry = self.write("hungry.js", "const a = []; for (;;) a.push(new Array(1000).fill(1));")
        recording = self.path("oom.heaprec")
        done = self.heaplab("run", "--max-old-space-size=16", f"--record={recording}", hungry, status=134)
        self.assertIn("largest types", done.stderr)
        report = json.loads(self.heaplab("leaks", "--format=json", recording).stdout)
        self.assertEqual(report["leaks"][0]["culprit"]["path"], "a")


unittest.main()

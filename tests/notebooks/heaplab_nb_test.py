#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The notebook package on its own: frames, reports, and what it says when something is wrong."""

import contextlib
import io
import os
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "notebooks"))

import heaplab_nb  # noqa: E402  (the path above makes it importable)
from heaplab_nb.figure import memory_figure  # noqa: E402
from heaplab_nb.memory import collections_of, read_memory  # noqa: E402


def run(source, *options):
    with contextlib.redirect_stdout(io.StringIO()) as out:
        result = heaplab_nb.run_source(source, options)
    return result, out.getvalue()


class Runs(unittest.TestCase):
    def test_output_and_memory(self):
        result, out = run("let a = []; for (let i = 0; i < 1e5; i++) a.push({ i }); gc();"
                          "console.log('done')")
        self.assertEqual((result.exit_code, out), (0, "done\n"))
        memory = result.memory
        self.assertGreater(memory["heapUsed"].max(), 1e6)
        self.assertTrue(memory["seconds"].is_monotonic_increasing)
        self.assertEqual(memory["event"].iloc[-1], "exit")
        self.assertIn("major", set(result.collections["kind"]))

    def test_a_failing_program_keeps_its_memory(self):
        with contextlib.redirect_stderr(io.StringIO()) as err:
            result, _ = run("throw new Error('on purpose')")
        self.assertEqual(result.exit_code, 1)
        self.assertIn("on purpose", err.getvalue())
        self.assertGreater(len(result.memory), 0)

    def test_without_a_recording_there_are_no_leaks_to_ask_for(self):
        result, _ = run("1")
        with self.assertRaisesRegex(heaplab_nb.HeaplabError, "put --record"):
            result.leaks()

    def test_its_files_go_with_it(self):
        result, _ = run("1")
        folder = result.memory_file.parent
        self.assertTrue(folder.exists())
        del result
        self.assertFalse(folder.exists())

    def test_options_it_needs_itself(self):
        for option in ("--memory=x", "--memory", "--record=x"):
            with self.assertRaises(heaplab_nb.HeaplabError):
                run("1", option)

    def test_a_program_that_is_not_there(self):
        old = os.environ["HEAPLAB"]
        os.environ["HEAPLAB"] = "/nonexistent"
        try:
            with self.assertRaisesRegex(heaplab_nb.HeaplabError, "/nonexistent"):
                run("1")
        finally:
            os.environ["HEAPLAB"] = old


class Memory(unittest.TestCase):
    def read(self, text):
        with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as file:
            file.write(text)
            file.flush()
            return read_memory(file.name)

    def snapshot(self, time, event, used, kind=None):
        extra = f', "kind": "{kind}", "collector": "C", "reason": "r"' if kind else ""
        return (f'{{"time_ms": {time}, "event": "{event}"{extra}, "rss": 9, "heapTotal": 8,'
                f' "heapUsed": {used}, "external": 0, "arrayBuffers": 0}}\n')

    def test_collections(self):
        memory = self.read(self.snapshot(0, "interval", 5) +
                           self.snapshot(10, "before-gc", 7, "minor") +
                           self.snapshot(12, "after-gc", 3, "minor") + self.snapshot(20, "exit", 4))
        collections = collections_of(memory)
        self.assertEqual(len(collections), 1)
        self.assertEqual(collections.iloc[0]["freed"], 4)
        self.assertEqual(collections.iloc[0]["kind"], "minor")
        self.assertAlmostEqual(collections.iloc[0]["seconds"], 0.012)

    def test_no_collection_at_all(self):
        memory = self.read(self.snapshot(0, "exit", 5))
        self.assertEqual(len(collections_of(memory)), 0)
        self.assertEqual(len(memory_figure(memory).axes), 1)

    def test_what_is_no_snapshot(self):
        for text, complaint in [("", "before its first"), ("{", ":1: not a snapshot"),
                                ('{"event": "exit"}\n', "snapshots without")]:
            with self.assertRaisesRegex(heaplab_nb.HeaplabError, complaint):
                self.read(text)


class Reports(unittest.TestCase):
    LEAK = {"rank": 1, "kind": "cache", "culprit": {"path": "<b>x</b>", "location": "a.js:1"},
            "accumulates": {"type": "Page", "count": 1234, "bytes": 99}, "why": "w", "advice": "a"}

    def report(self, *leaks):
        return heaplab_nb.LeakReport({"schema": "heaplab-leaks/1", "leaks": list(leaks)})

    def test_a_leak(self):
        report = self.report(self.LEAK)
        self.assertEqual(report[0].culprit, "<b>x</b>")
        self.assertIn("1,234 Page", repr(report))
        self.assertEqual(list(report.table["count"]), [1234])

    def test_names_are_not_markup(self):
        self.assertIn("&lt;b&gt;x", self.report(self.LEAK)._repr_html_())

    def test_no_leak(self):
        self.assertEqual(repr(self.report()), "nothing leaks")
        self.assertEqual(len(self.report().table), 0)

    def test_another_schema(self):
        with self.assertRaisesRegex(heaplab_nb.HeaplabError, "heaplab-leaks/1"):
            heaplab_nb.LeakReport({"schema": "heaplab-leaks/9", "leaks": []})


if __name__ == "__main__":
    unittest.main()

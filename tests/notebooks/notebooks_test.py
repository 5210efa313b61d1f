#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Runs every notebook from scratch, and checks that the runs still tell the notebook's story."""

import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import nbformat

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"


def executed(name, folder):
    """The notebook after a fresh run, in an environment where another Python may come first."""
    subprocess.run([sys.executable, "-B", str(NOTEBOOKS / "execute.py"), "--output-dir", folder,
                    str(NOTEBOOKS / name)],
                   check=True, env=dict(os.environ, PYTHONDONTWRITEBYTECODE="1"))
    return nbformat.read(Path(folder) / name, as_version=4)


def outputs_of(notebook, start):
    """The outputs of the first code cell whose source begins with `start`, as one text and a set of
    the media types."""
    for cell in notebook.cells:
        if cell.cell_type == "code" and cell.source.startswith(start):
            texts, types = [], set()
            for output in cell.outputs:
                texts.append(output.get("text", ""))
                data = output.get("data", {})
                types |= set(data)
                texts.append(data.get("text/plain", ""))
            return "\n".join(texts), types
    raise AssertionError(f"no cell begins with {start}")


class ProcessMemoryUsage(unittest.TestCase):
    NAME = "04-process-memory-usage.ipynb"

    @classmethod
    def setUpClass(cls):
        with tempfile.TemporaryDirectory() as folder:
            cls.notebook = executed(cls.NAME, folder)

    def used_mib(self, text, line):
        row = next(row for row in text.splitlines() if row.startswith(line))
        return float(row.split("heapUsed")[1].split()[0])

    def test_memory_climbs_and_falls(self):
        text, _ = outputs_of(self.notebook, "%%heaplab climbing")
        start = self.used_mib(text, "at the start")
        peak = self.used_mib(text, "100,000 orders later")
        held = self.used_mib(text, "after gc()  ")
        end = self.used_mib(text, "after gc() again")
        self.assertGreater(peak - start, 5)
        self.assertGreater(held, peak / 2)  # reachable: the collector may not take it
        self.assertLess(end, start + (held - start) / 10)

    def test_the_cache_does_not_fall(self):
        text, _ = outputs_of(self.notebook, "%%heaplab holding")
        self.assertGreater(self.used_mib(text, "round 20"), 2 * self.used_mib(text, "round 5"))

    def test_the_leak_check_says_why(self):
        text, types = outputs_of(self.notebook, "leaks = holding.leaks()")
        self.assertIn("reportsById", text)
        self.assertIn("text/html", types)
        text, _ = outputs_of(self.notebook, "mended.leaks()")
        self.assertIn("nothing leaks", text)

    def test_figures_are_drawn(self):
        for run in ("climbing", "holding", "mended"):
            _, types = outputs_of(self.notebook, f"{run}.figure(")
            self.assertIn("image/png", types, run)

    def test_it_is_committed_with_its_outputs(self):
        committed = nbformat.read(NOTEBOOKS / self.NAME, as_version=4)
        silent = ("%load_ext",)
        for cell in committed.cells:
            if cell.cell_type == "code" and not cell.source.startswith(silent):
                self.assertTrue(cell.outputs, cell.source)


if __name__ == "__main__":
    unittest.main()

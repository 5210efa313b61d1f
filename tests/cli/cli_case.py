# SPDX-License-Identifier: MIT
"""What tests of the heaplab program share. The first argument is the program."""
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

HEAPLAB = sys.argv.pop(1)

ALLOCATE = """
const kept = [];
for (let i = 0; i < 20000; i++) kept.push({ i, text: 'item ' + i });
if (typeof gc === 'function') gc();
console.log(kept.length, process.argv.slice(2).join(' '));
"""


class CliCase(unittest.TestCase):
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

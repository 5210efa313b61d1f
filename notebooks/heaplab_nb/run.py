# SPDX-License-Identifier: MIT
"""One run of a program: its memory, its figure, its recording."""

import shutil
import tempfile
import weakref
from pathlib import Path

from .leaks import read_leaks
from .memory import collections_of, read_memory
from .program import HeaplabError, run_and_show

MEMORY_INTERVAL_MS = 10


class Run:
    """A finished run. Its files live as long as it does."""

    def __init__(self, folder, recorded):
        self._folder = folder
        self._recorded = recorded
        self._memory = None
        weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        self.exit_code = None

    @property
    def memory_file(self):
        return self._folder / "memory.jsonl"

    @property
    def recording(self):
        """The recording's file; only with --record."""
        if not self._recorded:
            raise HeaplabError("there is no recording of this run: put --record on the cell's first line")
        return self._folder / "cell.heaptrace"

    @property
    def memory(self):
        """A pandas frame with a row per snapshot: `seconds`, `event`, and memory in bytes."""
        if self._memory is None:
            self._memory = read_memory(self.memory_file)
        return self._memory

    @property
    def collections(self):
        """A pandas frame with a row per collection."""
        return collections_of(self.memory)

    def figure(self, title=None):
        """A matplotlib figure: memory over time, collections marked."""
        from .figure import memory_figure

        return memory_figure(self.memory, title)

    def leaks(self):
        """What the leak checker says about the recording."""
        return read_leaks(self.recording)

    def __repr__(self):
        rows, collections = len(self.memory), len(self.collections)
        recorded = ", recorded" if self._recorded else ""
        return f"<heaplab run: {rows} snapshots, {collections} collections{recorded}>"


def _has_option(options, name):
    return any(option == name or option.startswith(name + "=") for option in options)


def _run(script, folder, options, arguments):
    """Runs `script`; files of the run go to `folder`, which the Run will own."""
    if _has_option(options, "--memory"):
        raise HeaplabError("the notebook writes --memory itself: read it as run.memory")
    recorded = "--record" in options
    if not recorded and _has_option(options, "--record"):
        raise HeaplabError("write --record without a file: the recording is run.recording")
    run = Run(folder, recorded)
    command = ["run", "--expose-gc", f"--memory={run.memory_file}"]
    if not _has_option(options, "--memory-interval"):
        command.append(f"--memory-interval={MEMORY_INTERVAL_MS}")
    command += [f"--record={run.recording}" if option == "--record" else option
                for option in options]
    run.exit_code = run_and_show([*command, str(script), *arguments])
    return run


def run_file(script, options=(), arguments=()):
    """Runs a JavaScript file."""
    script = Path(script)
    if not script.is_file():
        raise HeaplabError(f"there is no file {script}")
    return _run(script, Path(tempfile.mkdtemp(prefix="heaplab-")), list(options), arguments)


def run_source(source, options=(), name="cell.js"):
    """Runs JavaScript source text; its places are named `name`:line:column."""
    folder = Path(tempfile.mkdtemp(prefix="heaplab-"))
    script = folder / name
    script.write_text(source)
    return _run(script, folder, list(options), ())

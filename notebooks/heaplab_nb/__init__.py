# SPDX-License-Identifier: MIT
"""Run JavaScript on heaplab from a notebook, and look at its memory.

    %load_ext heaplab_nb

    %%heaplab
    const list = []
    for (let i = 0; i < 1e5; i++) list.push({ i })

    run.memory          # a pandas frame: one row per snapshot
    run.figure()        # memory over time, collections marked
    run.leaks()         # the leak report, of a cell run with --record

The notebook sees only what the `heaplab` program prints and writes.
"""

from .leaks import Leak, LeakReport
from .program import HeaplabError, find_program
from .run import Run, run_file, run_source

__all__ = ["HeaplabError", "Leak", "LeakReport", "Run", "find_program", "run_file", "run_source"]


def load_ipython_extension(shell):
    from .magic import HeaplabMagics

    shell.register_magics(HeaplabMagics)

# SPDX-License-Identifier: MIT
"""The %%heaplab cell."""

import shlex

from IPython.core.magic import Magics, cell_magic, magics_class

from .program import HeaplabError
from .run import run_source


@magics_class
class HeaplabMagics(Magics):
    @cell_magic
    def heaplab(self, line, cell):
        """Runs the cell, which is JavaScript, on heaplab.

            %%heaplab [NAME] [OPTION…]

        The run is called `run`, or NAME. Options are those of `heaplab run`; --record needs no
        file. A program that fails fails the cell, after its memory was kept.
        """
        try:
            words = shlex.split(line)
        except ValueError as error:
            raise HeaplabError(f"%%heaplab {line}: {error}") from None
        name = "run"
        if words and not words[0].startswith("-"):
            name = words.pop(0)
        if not name.isidentifier():
            raise HeaplabError(f"%%heaplab {line}: {name} cannot be the name of a variable")
        run = run_source(cell, words)
        self.shell.user_ns[name] = run
        if run.exit_code != 0:
            raise HeaplabError(f"the program ended with exit code {run.exit_code}")

#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Runs notebooks from scratch, without a browser.

    execute.py FILE.ipynb …              runs each; fails when a cell does
    execute.py --in-place FILE.ipynb …   and keeps the outputs in the file
    execute.py --output-dir DIR FILE …   and writes the executed copies there

The kernel is the Python that runs this script, whatever else is installed or first on PATH.
"""

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path

KERNEL = "heaplab-python"
CELL_TIMEOUT_S = 300


def install_kernel(folder):
    """A kernel description that names this very interpreter, found before any other."""
    kernel = Path(folder) / "kernels" / KERNEL
    kernel.mkdir(parents=True)
    spec = {
        # Without the option, ipykernel's debugger warns of a thing nobody here debugs.
        "argv": [sys.executable, "-Xfrozen_modules=off", "-m", "ipykernel_launcher",
                 "-f", "{connection_file}"],
        "display_name": "Python 3",
        "language": "python",
    }
    (kernel / "kernel.json").write_text(json.dumps(spec))
    os.environ["JUPYTER_PATH"] = os.pathsep.join(
        filter(None, [str(folder), os.environ.get("JUPYTER_PATH")]))


def execute(path):
    """The notebook with the outputs of a fresh run. Raises nbclient's CellExecutionError."""
    import nbclient
    import nbformat

    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    metadata = dict(notebook.metadata)
    nbclient.NotebookClient(notebook, timeout=CELL_TIMEOUT_S, kernel_name=KERNEL,
                            record_timing=False,
                            resources={"metadata": {"path": str(path.parent)}}).execute()
    notebook.metadata = metadata  # the kernel's own version numbers are not ours to commit
    return notebook


def main(arguments):
    parser = argparse.ArgumentParser(description="Runs notebooks from scratch.")
    parser.add_argument("--in-place", action="store_true", help="keep the outputs in the file")
    parser.add_argument("--output-dir", type=Path, help="write the executed copies here")
    parser.add_argument("notebooks", nargs="+", type=Path)
    options = parser.parse_args(arguments)

    import nbclient.exceptions
    import nbformat

    status = 0
    with tempfile.TemporaryDirectory() as folder:
        install_kernel(folder)
        for path in options.notebooks:
            print(f"running {path}", flush=True)
            try:
                notebook = execute(path.resolve())
            except nbclient.exceptions.CellExecutionError as error:
                print(f"{path}: {error}", file=sys.stderr)
                status = 1
                continue
            if options.in_place:
                nbformat.write(notebook, path)
            if options.output_dir:
                options.output_dir.mkdir(parents=True, exist_ok=True)
                nbformat.write(notebook, options.output_dir / path.name)
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

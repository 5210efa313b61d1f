# SPDX-License-Identifier: MIT
"""Errors that end the program with one line for people."""


class BenchError(Exception):
    """Something was built or measured and is wrong: exit code 1."""


class UsageError(Exception):
    """The command line asks for something that does not exist: exit code 2."""

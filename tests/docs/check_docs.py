#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Keeps the documentation true: runs its commands, compares its output, follows its links.

    check_docs.py [--links] FILE.md …

With --links only the links are followed. Otherwise:

In a Markdown file, an HTML comment in front of a fenced block says what the block promises:

    <!-- test: run -->                  bash runs it at the top of the repository, and it must succeed
    <!-- test: run, exit 1 -->          … and end with this exit code
    <!-- test: output -->               what the commands of the block before print: `…` stands for
                                        the rest of its line, a line that is only `…` for any lines,
                                        and every number for any number
    <!-- test: file PATH -->            the content of a file (without its SPDX line)
    <!-- test: not run: REASON -->      a command that is not run here

Every `sh` block must have one of them. Relative links must lead to something.
"""

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FENCE = re.compile(r"^(?P<ticks>```+)(?P<language>\w*)\s*$")
PROMISE = re.compile(r"^<!-- test: (?P<text>.*?) -->$")
LINK = re.compile(r"\[[^\]]*\]\((?P<target>[^)\s]+)\)")
NUMBER = re.compile(r"\d[\d,.]*")
TIMEOUT_S = 600


class DocError(Exception):
    """A promise of the documentation that does not hold."""


@dataclass
class Block:
    line: int
    language: str
    text: str
    promise: str  # what the comment in front says, or ""


def blocks_of(markdown):
    """The fenced blocks of a file, with the promise in front of each."""
    blocks, promise, start, fence, lines = [], "", 0, None, []
    for number, line in enumerate(markdown.splitlines(), 1):
        if fence:
            if line.strip() == fence["ticks"]:
                blocks.append(Block(start, fence["language"], "\n".join(lines) + "\n", promise))
                fence, promise = None, ""
            else:
                lines.append(line)
        elif match := FENCE.match(line):
            fence, start, lines = match, number, []
        elif match := PROMISE.match(line.strip()):
            promise = match["text"]
        elif line.strip():
            promise = ""
    if fence:
        raise DocError(f"line {start}: the block is never closed")
    return blocks


def pattern_of(line):
    """A regular expression for one documented line."""
    parts = []
    for piece in re.split(r"(…|\d[\d,.]*)", line.rstrip()):
        if piece == "…":
            parts.append(".*")
        elif NUMBER.fullmatch(piece):
            parts.append(NUMBER.pattern)
        else:
            # Columns may be padded differently when a number has more digits.
            parts.append(re.sub(r"(\\ )+", r"\\s+", re.escape(piece)))
    return re.compile("".join(parts).rstrip() + r"\s*")


def matches(expected, actual):
    """Whether lines fit the documented ones, where a line `…` stands for any number of lines."""
    reachable = {0}
    for line in expected:
        if line.strip() == "…":
            reachable = set(range(min(reachable), len(actual) + 1))
        else:
            pattern = pattern_of(line)
            reachable = {i + 1 for i in reachable
                         if i < len(actual) and pattern.fullmatch(actual[i])}
        if not reachable:
            return False
    return len(actual) in reachable


def lines_of(text):
    return [line.rstrip() for line in text.strip("\n").splitlines()]


class Checker:
    """Checks the blocks of one file in order: an output belongs to the command before it."""

    def __init__(self):
        self.output = None

    def check(self, block):
        promise = block.promise
        if promise.startswith("run"):
            self.run(block, re.fullmatch(r"run(?:, exit (\d+))?", promise))
        elif promise == "output":
            self.compare(block)
        elif promise.startswith("file "):
            self.compare_file(block, promise.removeprefix("file "))
        elif promise.startswith("not run: "):
            self.output = None
        elif promise:
            raise DocError(f"unknown promise: {promise}")
        elif block.language == "sh":
            raise DocError("an sh block needs <!-- test: … --> in front of it")

    def run(self, block, options):
        if not options:
            raise DocError(f"unknown promise: {block.promise}")
        environment = dict(os.environ, NO_COLOR="1", COLUMNS="100", HEAPLAB_SKIP_SETUP="1")
        result = subprocess.run(["bash", "-euo", "pipefail", "-c", block.text], cwd=ROOT,
                                env=environment, stdin=subprocess.DEVNULL, timeout=TIMEOUT_S,
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.output = result.stdout
        wanted = int(options[1] or 0)
        if result.returncode != wanted:
            raise DocError(f"exit code {result.returncode}, not {wanted}:\n{result.stdout}")

    def compare(self, block):
        if self.output is None:
            raise DocError("an output without a command before it")
        if not matches(lines_of(block.text), lines_of(self.output)):
            raise DocError(f"the commands now print:\n{self.output}")

    def compare_file(self, block, path):
        lines = (ROOT / path).read_text().splitlines(keepends=True)
        if "SPDX-License-Identifier" in lines[0]:
            lines = lines[1:]
        if "".join(lines) != block.text:
            raise DocError(f"differs from {path}")


def check_links(file, markdown):
    """Relative links must lead to a file or folder of the repository."""
    prose = re.sub(r"^```.*?^```$", "", markdown, flags=re.DOTALL | re.MULTILINE)
    for match in LINK.finditer(prose):
        target = match["target"].split("#")[0]
        if not target or re.match(r"[a-z]+:", target):
            continue
        if not (file.parent / target).exists():
            yield f"{file.relative_to(ROOT)}: a link leads nowhere: {target}"


def check_file(file):
    """All broken promises of a file."""
    markdown = file.read_text()
    problems = list(check_links(file, markdown))
    checker = Checker()
    for block in blocks_of(markdown):
        try:
            checker.check(block)
        except (DocError, OSError, subprocess.TimeoutExpired) as error:
            problems.append(f"{file.relative_to(ROOT)}:{block.line}: {error}")
            checker.output = None
    return problems


def check_links_of(file):
    return list(check_links(file, file.read_text()))


def main(names):
    check = check_file
    if names[:1] == ["--links"]:
        check, names = check_links_of, names[1:]
    if not names:
        sys.exit(__doc__)
    problems = [problem for name in names for problem in check(Path(name).resolve())]
    for problem in problems:
        print(problem, file=sys.stderr)
    print(f"{len(names)} files, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

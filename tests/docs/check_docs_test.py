#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Shows that check_docs.py finds what is wrong: a checker that never complains checks nothing."""

import sys
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))

from check_docs import Checker, DocError, ROOT, blocks_of, check_links, matches  # noqa: E402


def check(markdown):
    checker = Checker()
    for block in blocks_of(markdown):
        checker.check(block)


class Matching(unittest.TestCase):
    def test_numbers_and_columns_may_differ(self):
        self.assertTrue(matches(["heap  12 MiB, 1,234 objects"], ["heap 7.5 MiB, 9 objects"]))

    def test_words_may_not(self):
        self.assertFalse(matches(["heap 12 MiB"], ["heap 12 KiB"]))
        self.assertFalse(matches(["heap 12 MiB"], ["heap twelve MiB"]))

    def test_ellipsis(self):
        self.assertTrue(matches(["built …", "…", "done"], ["built this", "a", "b", "done"]))
        self.assertTrue(matches(["…", "done"], ["done"]))
        self.assertFalse(matches(["…", "done"], ["done", "more"]))

    def test_missing_and_extra_lines(self):
        self.assertFalse(matches(["a", "b"], ["a"]))
        self.assertFalse(matches(["a"], ["a", "b"]))


class Promises(unittest.TestCase):
    def test_a_command_runs(self):
        check("<!-- test: run -->\n```sh\necho 5\n```\n\n<!-- test: output -->\n```\n7\n```\n")

    def test_a_failing_command_is_found(self):
        with self.assertRaisesRegex(DocError, "exit code 1, not 0"):
            check("<!-- test: run -->\n```sh\nfalse\n```\n")
        check("<!-- test: run, exit 1 -->\n```sh\nfalse\n```\n")

    def test_a_failure_in_the_middle_is_found(self):
        with self.assertRaisesRegex(DocError, "exit code"):
            check("<!-- test: run -->\n```sh\nfalse\necho fine\n```\n")

    def test_another_output_is_found(self):
        with self.assertRaisesRegex(DocError, "now print:\nno"):
            check("<!-- test: run -->\n```sh\necho no\n```\n<!-- test: output -->\n```\nyes\n```\n")

    def test_a_command_that_promises_nothing_is_found(self):
        with self.assertRaisesRegex(DocError, "needs"):
            check("```sh\ntrue\n```\n")

    def test_a_promise_belongs_to_the_next_block_only(self):
        with self.assertRaisesRegex(DocError, "needs"):
            check("<!-- test: run -->\ntext between\n```sh\ntrue\n```\n")

    def test_another_file_content_is_found(self):
        with self.assertRaisesRegex(DocError, "differs from LICENSE"):
            check("<!-- test: file LICENSE -->\n```\nno licence\n```\n")

    def test_a_link_to_nowhere_is_found(self):
        file = ROOT / "README.md"
        self.assertEqual(list(check_links(file, "[a](LICENSE) [b](https://x.y) [c](#top)")), [])
        self.assertEqual(len(list(check_links(file, "[a](no/such/file.md)"))), 1)


if __name__ == "__main__":
    unittest.main()

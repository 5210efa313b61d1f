# SPDX-License-Identifier: MIT
"""The leak checker's verdict, for people who read notebooks and for code that reads on."""

import html
import json
from dataclasses import dataclass

from .program import HeaplabError, run_and_read

SCHEMA = "heaplab-leaks/1"


@dataclass(frozen=True)
class Leak:
    """One leak, as `heaplab leaks --format=json` describes it (`details` is that object)."""

    rank: int
    kind: str
    culprit: str
    location: str
    type: str
    count: int
    bytes: int
    why: str
    advice: str
    details: dict

    @staticmethod
    def from_json(leak):
        culprit, grown = leak["culprit"], leak["accumulates"]
        return Leak(rank=leak["rank"], kind=leak["kind"], culprit=culprit["path"],
                    location=culprit.get("location") or "", type=grown["type"],
                    count=grown["count"], bytes=grown["bytes"], why=leak["why"],
                    advice=leak["advice"], details=leak)


class LeakReport:
    """All leaks of a recording, worst first. Empty means: nothing leaks."""

    def __init__(self, document):
        if document.get("schema") != SCHEMA:
            raise HeaplabError(f"not a {SCHEMA} report: {document.get('schema')}")
        self.document = document
        self.leaks = [Leak.from_json(leak) for leak in document["leaks"]]

    def __len__(self):
        return len(self.leaks)

    def __iter__(self):
        return iter(self.leaks)

    def __getitem__(self, index):
        return self.leaks[index]

    @property
    def table(self):
        """A pandas frame, a row per leak."""
        import pandas

        columns = ["rank", "kind", "culprit", "location", "type", "count", "bytes"]
        rows = [{name: getattr(leak, name) for name in columns} for leak in self.leaks]
        return pandas.DataFrame(rows, columns=columns).set_index("rank")

    def __repr__(self):
        if not self.leaks:
            return "nothing leaks"
        return "\n".join(
            f"{leak.rank}. {leak.culprit}, {leak.location}: {leak.kind}\n"
            f"   holds {leak.count:,} {leak.type}, {leak.bytes:,} bytes\n"
            f"   why: {leak.why}\n   what to do: {leak.advice}" for leak in self.leaks)

    def _repr_html_(self):
        if not self.leaks:
            return "<p>Nothing leaks.</p>"
        # Names come from the program that was run: never trusted as markup.
        items = []
        for leak in self.leaks:
            text = {name: html.escape(str(getattr(leak, name)))
                    for name in ("culprit", "location", "kind", "type", "why", "advice")}
            items.append(
                f"<li><b><code>{text['culprit']}</code></b> in {text['location']}: {text['kind']}"
                f"<br>holds {leak.count:,} <code>{text['type']}</code>, {leak.bytes:,} bytes"
                f"<br><i>Why:</i> {text['why']}<br><i>What to do:</i> {text['advice']}</li>")
        return f"<ol>{''.join(items)}</ol>"


def read_leaks(recording):
    """Runs the leak checker on a recording's file."""
    return LeakReport(json.loads(run_and_read(["leaks", "--format=json", str(recording)])))

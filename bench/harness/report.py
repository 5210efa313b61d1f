# SPDX-License-Identifier: MIT
"""Turns samples into rows, rows into tables and JSON, and says which targets are met."""

import json
import platform
import os
from dataclasses import dataclass
from statistics import median

from .errors import BenchError
from .systems import LIMIT, OURS, PEER, TUNED

JUDGED = "heaplab-generational"


@dataclass
class Row:
    """Medians of one system on one workload."""

    workload: object
    system: object
    cpu_s: float
    wall_s: float
    peak_rss_mb: float
    checksum: int
    pause_ms: float = None
    pause_cpu_ms: float = None  # without the time other programs had meanwhile

    @staticmethod
    def of(workload, system, samples):
        def own(name):
            values = [sample.own[name] for sample in samples if name in sample.own]
            return median(values) if values else None

        return Row(workload, system,
                   median(s.cpu_s for s in samples), median(s.wall_s for s in samples),
                   median(s.peak_rss_mb for s in samples), samples[0].checksum,
                   own("longest_pause_ms"), own("longest_pause_cpu_ms"))


def check_agreement(workload, results):
    """Everyone must have printed the same, in every run. `results`: [(system, [sample])]."""
    expected = None
    for system, samples in results:
        for sample in samples:
            if expected is None:
                expected, first = sample.lines, system
            elif sample.lines != expected:
                raise BenchError(
                    f"{workload.id}: {system.name} did different work from {first.name}:\n  "
                    + "\n  ".join(f"{a!r} against {b!r}"
                                  for a, b in zip(sample.lines, expected) if a != b))


def best_peer(rows):
    return min((row for row in rows if row.system.role == PEER), key=lambda row: row.cpu_s,
               default=None)


def verdicts(rows):
    """[(text, met)] for the target of this workload; empty if our row or its rival is absent."""
    ours = next((row for row in rows if row.system.id == JUDGED), None)
    if ours is None:
        return []
    target = ours.workload.target
    rival = best_peer(rows)
    if target.against:
        rival = next((row for row in rows if row.system.id == target.against), None)
    found = []
    if rival is not None:
        ratio = ours.cpu_s / rival.cpu_s
        found.append((f"CPU <= {target.cpu_ratio:g} x {rival.system.name} ({rival.cpu_s:.2f} s): "
                      f"{ours.cpu_s:.3f} s = {ratio:.2f} x", ratio <= target.cpu_ratio))
    if target.peak_rss_mb:
        found.append((f"peak RSS <= {target.peak_rss_mb:g} MB: {ours.peak_rss_mb:.1f} MB",
                      ours.peak_rss_mb <= target.peak_rss_mb))
    if target.longest_pause_ms and ours.pause_ms is not None:
        found.append((f"longest pause <= {target.longest_pause_ms:g} ms: {ours.pause_ms:.2f} ms "
                      f"({ours.pause_cpu_ms:.2f} ms of CPU)",
                      ours.pause_ms <= target.longest_pause_ms))
    return found


def table(rows):
    best = best_peer(rows)
    notes = {LIMIT: "limit", TUNED: "tuned", OURS: "", PEER: ""}
    cells = [("system", "CPU s", "x best", "wall s", "RSS MB", "pause ms", "")]
    for row in sorted(rows, key=lambda row: row.cpu_s):
        note = "best peer" if row is best else notes[row.system.role]
        cells.append((row.system.name, f"{row.cpu_s:.3f}",
                      f"{row.cpu_s / best.cpu_s:.2f}" if best else "-",
                      f"{row.wall_s:.3f}", f"{row.peak_rss_mb:.1f}",
                      "-" if row.pause_ms is None else f"{row.pause_ms:.2f}", note))
    widths = [max(len(line[i]) for line in cells) for i in range(len(cells[0]))]
    return "\n".join(
        ("  " + line[0].ljust(widths[0]) + "".join(
            "  " + line[i].rjust(widths[i]) for i in range(1, 6)) + "  " + line[6]).rstrip()
        for line in cells)


def workload_report(rows, arguments, quick):
    workload = rows[0].workload
    shown = " ".join(str(argument) for argument in arguments)
    text = [f"{workload.id} {shown}: {workload.about}", table(rows),
            f"  checksum {rows[0].checksum}: all agree"]
    if quick:
        text.append("  small sizes: targets are not judged")
    else:
        text += [f"  {'met   ' if met else 'MISSED'}  {what}" for what, met in verdicts(rows)]
    return "\n".join(text)


def machine():
    """What the numbers depend on."""
    model = platform.machine()
    with open("/proc/cpuinfo", encoding="utf-8") as info:
        for line in info:
            if line.startswith("model name"):
                model = line.partition(":")[2].strip()
                break
    gib = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (f"{model}, {os.cpu_count()} cores, {gib:.0f} GiB, "
            f"{platform.system()} {platform.release()}, load {os.getloadavg()[0]:.2f}")


def write_json(path, rows):
    entries = [{"workload": row.workload.id, "system": row.system.name,
                "cpu_s": round(row.cpu_s, 4), "wall_s": round(row.wall_s, 4),
                "peak_rss_mb": round(row.peak_rss_mb, 2), "checksum": row.checksum}
               for row in rows]
    with open(path, "w", encoding="utf-8") as out:
        json.dump(entries, out, indent=1)
        out.write("\n")

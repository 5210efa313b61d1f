# SPDX-License-Identifier: MIT
"""The workloads: their sizes and what the project promises for each.

Every program of a workload takes the same positional arguments, does the same work and prints the
same lines. Lines beginning with '#' are a system's own measurements and are not compared.
"""

from dataclasses import dataclass
from typing import Optional


@dataclass(frozen=True)
class Target:
    """What the generational heap is to reach."""

    cpu_ratio: float
    against: Optional[str] = None  # id of the system to compare with; None: the best peer
    peak_rss_mb: Optional[float] = None
    longest_pause_ms: Optional[float] = None


@dataclass(frozen=True)
class Workload:
    id: str
    stem: str  # of its source files
    about: str
    full: tuple
    quick: tuple
    target: Target

    def arguments(self, quick):
        return self.quick if quick else self.full


WORKLOADS = (
    Workload(
        "binary-trees", "binary_trees",
        "Benchmarks Game: many short-lived trees, one long-lived",
        full=(18,), quick=(12,),
        target=Target(cpu_ratio=0.6, peak_rss_mb=48)),
    Workload(
        "churn", "churn",
        "a random slot of a big array gets a new 24-byte object",
        full=(20, 30_000_000), quick=(14, 300_000),
        target=Target(cpu_ratio=1.0, peak_rss_mb=150)),
    Workload(
        "gcbench", "gcbench",
        "Ellis, Kovac and Boehm's, in a heap of 3 x peak live",
        full=(18, 500_000), quick=(12, 50_000),
        target=Target(cpu_ratio=0.5, against="bdwgc", longest_pause_ms=8)),
)


def gcbench_heap_bytes(arguments, node_bytes):
    """Three times GCBench's peak of live bytes, which is its stretch tree."""
    return 3 * (2 ** (arguments[0] + 1) - 1) * node_bytes


def gcbench_heap_mib(arguments, node_bytes):
    return max(4, -(-gcbench_heap_bytes(arguments, node_bytes) // 2**20))

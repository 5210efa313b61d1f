# SPDX-License-Identifier: MIT
"""Where things are."""

from pathlib import Path

BENCH = Path(__file__).resolve().parent.parent
ROOT = BENCH.parent
PEER_SOURCES = BENCH / "peers"
PEER_BUILD = ROOT / "build" / "bench-peers"
RELEASE_BUILD = ROOT / "build" / "release"

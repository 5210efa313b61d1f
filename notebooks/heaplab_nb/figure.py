# SPDX-License-Identifier: MIT
"""Memory over time, with collections marked."""

import io

from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from .memory import collections_of

MIB = 1 << 20

# Colours that differ in brightness too (Okabe and Ito's palette): for every eye, and on paper.
USED, TOTAL, RSS, EXTERNAL = "#0072B2", "#56B4E9", "#7f7f7f", "#CC79A7"
MINOR, MAJOR = "#999999", "#D55E00"
MAX_MAJOR_LINES = 60


def _mark_collections(axes, collections):
    """Major collections as lines, minor ones, which are many, as ticks along the top."""
    major = collections[collections["kind"] == "major"]
    minor = collections[collections["kind"] == "minor"]
    if len(major) <= MAX_MAJOR_LINES:
        for seconds in major["seconds"]:
            axes.axvline(seconds, color=MAJOR, linewidth=0.9, alpha=0.55, zorder=1)
    across = axes.get_xaxis_transform()  # x in seconds, y from 0 to 1
    for rows, colour, height, name in [(minor, MINOR, 0.955, "minor"), (major, MAJOR, 0.99, "major")]:
        if len(rows):
            plural = "s" if len(rows) > 1 else ""
            axes.plot(rows["seconds"], [height] * len(rows), linestyle="none", marker="|",
                      markersize=7, markeredgewidth=1.2, color=colour, transform=across,
                      clip_on=False, label=f"{len(rows)} {name} collection{plural}")


def _draw_sizes(axes, memory):
    seconds = memory["seconds"]
    axes.plot(seconds, memory["rss"] / MIB, color=RSS, linewidth=1.2, linestyle="--", label="rss")
    axes.step(seconds, memory["heapTotal"] / MIB, where="post", color=TOTAL, linewidth=1.3,
              label="heapTotal")
    axes.plot(seconds, memory["heapUsed"] / MIB, color=USED, linewidth=1.5, label="heapUsed")
    axes.fill_between(seconds, memory["heapUsed"] / MIB, color=USED, alpha=0.22, linewidth=0)
    if memory["external"].max() > 0:
        axes.plot(seconds, memory["external"] / MIB, color=EXTERNAL, linewidth=1.2,
                  label="external")


class MemoryFigure(Figure):
    """A figure that a notebook shows by itself, whatever matplotlib's backend is."""

    def _repr_png_(self):
        image = io.BytesIO()
        self.savefig(image, format="png")
        return image.getvalue()


def memory_figure(memory, title=None):
    """A figure of a run's snapshots."""
    figure = MemoryFigure(figsize=(9, 3.6), dpi=110, layout="constrained")
    axes = figure.subplots()
    _draw_sizes(axes, memory)
    _mark_collections(axes, collections_of(memory))
    # A seventh of the height stays free for the collections' ticks.
    axes.set_ylim(0, memory[["rss", "heapTotal", "heapUsed", "external"]].max().max() / MIB / 0.86)
    axes.set_xlim(0, max(memory["seconds"].max(), 1e-3))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g} s"))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g} MiB"))
    axes.yaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 5, 10]))
    axes.grid(axis="y", alpha=0.25, linewidth=0.6)
    axes.spines[["top", "right"]].set_visible(False)
    if title:
        axes.set_title(title, loc="left", fontsize=11, fontweight="bold")
    axes.legend(loc="center left", bbox_to_anchor=(1.01, 0.5), frameon=False, fontsize=9)
    return figure

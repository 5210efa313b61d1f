# SPDX-License-Identifier: MIT
"""Draws time against footprint, one panel per recording."""

from .errors import UsageError

MARKS = {"generational": ("o", "#1f6fb4"), "semispace": ("s", "#c9701b"),
         "marksweep": ("^", "#3a8f4a"), "malloc": ("x", "#777777"), "mimalloc": ("*", "#000000")}


def draw_panel(axes, rows, title):
    systems = []
    for row in rows:
        if row["system"] not in systems:
            systems.append(row["system"])
    for system in systems:
        done = [row for row in rows if row["system"] == system and row["completed"]]
        mark, colour = MARKS.get(system, ("d", "#8844aa"))
        axes.plot([row["footprint_ratio"] for row in done], [row["time_ratio"] for row in done],
                  marker=mark, color=colour, markersize=9 if mark == "*" else 5, linewidth=1,
                  linestyle="-" if len(done) > 1 else "none", label=system)
        for row in done:
            if row["heap_multiple"]:
                axes.annotate(f"{row['heap_multiple']:g}", fontsize=6, color=colour,
                              xy=(row["footprint_ratio"], row["time_ratio"]),
                              xytext=(3, 3), textcoords="offset points")
    axes.axhline(1, color="#bbbbbb", linewidth=0.8, zorder=0)
    axes.axvline(1, color="#bbbbbb", linewidth=0.8, zorder=0)
    axes.set_xscale("log", base=2)
    axes.set_yscale("log", base=2)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(lambda value, _: f"{value:g}")
    axes.set_title(title, fontsize=9)
    axes.tick_params(labelsize=7)


def plot(rows, titles, path):
    try:
        import matplotlib
        matplotlib.use("Agg")
        from matplotlib import pyplot
    except ImportError as missing:
        raise UsageError("--plot needs matplotlib (Debian: python3-matplotlib)") from missing
    names = []
    for row in rows:
        if row["recording"] not in names:
            names.append(row["recording"])
    columns = min(3, len(names))
    lines = (len(names) + columns - 1) // columns
    figure, panels = pyplot.subplots(lines, columns, figsize=(3.7 * columns, 3.1 * lines),
                                     squeeze=False)
    for axes in panels.flat[len(names):]:
        axes.set_visible(False)
    for axes, name in zip(panels.flat, names):
        draw_panel(axes, [row for row in rows if row["recording"] == name],
                   f"{name}: {titles[name]}")
    panels[0][0].legend(fontsize=7)
    figure.supxlabel("average footprint, times mimalloc's", fontsize=9)
    figure.supylabel("CPU time of memory work, times mimalloc's", fontsize=9)
    figure.tight_layout()
    figure.savefig(path, dpi=110)

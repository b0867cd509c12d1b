"""Plots as PNG, drawn from the data of a section by matplotlib."""

import math
from pathlib import Path
from typing import Any

from benchmarks.harness import slope_of
from benchmarks.results import Plot, Series

COLORS = ("#1b4f72", "#b9770e", "#1e8449", "#922b21", "#6c3483", "#515a5a")
MARKERS = "osD^vP"


def draw(plot: Plot, path: Path) -> None:
    """Draw one plot into a PNG file.

    Raises
    ------
    ValueError
        If its kind is not known.
    """
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    painters = {"line": _line, "front": _front, "bar": _bar}
    if plot.kind not in painters:
        msg = f"no kind of plot is called {plot.kind}"
        raise ValueError(msg)
    figure, axes = plt.subplots(figsize=(7.2, 4.2), dpi=110, layout="constrained")
    try:
        painters[plot.kind](axes, plot)
        axes.set_title(plot.title, fontsize=11)
        axes.set_xlabel(plot.x_label)
        axes.set_ylabel(plot.y_label)
        axes.grid(visible=True, color="#dddddd", linewidth=0.6)
        axes.set_axisbelow(True)
        if len(plot.series) > 1 or plot.fit:
            axes.legend(frameon=False, fontsize=9)
        path.parent.mkdir(parents=True, exist_ok=True)
        # Without dates and versions inside, equal results give equal files.
        figure.savefig(path, metadata={"Software": None})
    finally:
        plt.close(figure)


def _bars(series: Series) -> list[list[float]] | None:
    if not series.low:
        return None
    below = [max(0.0, y - low) for y, low in zip(series.y, series.low, strict=True)]
    above = [max(0.0, high - y) for y, high in zip(series.y, series.high, strict=True)]
    return [below, above]


def _line(axes: Any, plot: Plot) -> None:
    """Cost against size, with a straight line through the points if asked."""
    for place, series in enumerate(plot.series):
        color = COLORS[place % len(COLORS)]
        name = series.name
        if plot.fit and len(series.x) > 1:
            fit = slope_of(series.x, series.y)
            ends = [min(series.x), max(series.x)]
            axes.plot(
                ends,
                [fit["intercept"] + fit["slope"] * x for x in ends],
                color=color,
                linestyle="--",
                linewidth=1,
            )
            name = f"{name}: {fit['intercept']:.3g} + {fit['slope']:.3g} x"
            if math.isfinite(fit["exponent"]):
                name += f" (growth as x^{fit['exponent']:.2f})"
        axes.errorbar(
            series.x,
            series.y,
            yerr=_bars(series),
            color=color,
            marker=MARKERS[place % len(MARKERS)],
            linestyle="none" if plot.fit else "-",
            capsize=3,
            label=name,
        )
    axes.set_ylim(0, 1.12 * max(max(series.high or series.y) for series in plot.series))
    axes.set_xlim(0, 1.06 * max(max(series.x) for series in plot.series))


def _front(axes: Any, plot: Plot) -> None:
    """Points with labels: what speed costs in recall."""
    for place, series in enumerate(plot.series):
        color = COLORS[place % len(COLORS)]
        axes.plot(
            series.x,
            series.y,
            color=color,
            marker=MARKERS[place % len(MARKERS)],
            linewidth=1,
            label=series.name,
        )
        for x, y, text in zip(series.x, series.y, series.labels, strict=False):
            axes.annotate(
                text, (x, y), textcoords="offset points", xytext=(5, -11), fontsize=8, color=color
            )
    axes.set_xscale("log")
    axes.margins(0.12)


def _bar(axes: Any, plot: Plot) -> None:
    """Bars side by side; the series have the same names along x."""
    width = 0.8 / len(plot.series)
    names = [str(name) for name in plot.series[0].x]
    for place, series in enumerate(plot.series):
        at = [i + (place - (len(plot.series) - 1) / 2) * width for i in range(len(names))]
        bars = axes.bar(
            at,
            series.y,
            width=width * 0.92,
            color=COLORS[place % len(COLORS)],
            yerr=_bars(series),
            capsize=3,
            label=series.name,
        )
        axes.bar_label(bars, fmt="{:.3g}", fontsize=8, padding=2)
    axes.set_xticks(range(len(names)), names, fontsize=8)
    axes.margins(y=0.15)

"""The axis of months that charts over time share."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure

from analysis.charts.panel import panels
from analysis.charts.theme import NARROW, WIDE, new_figure
from analysis.periods import month_range
from analysis.report.numbers import short_month

NEWEST = 36
"""Months that a page draws unless it is asked for more."""


def newest_months(frame: pd.DataFrame, newest: int) -> tuple[list[str], str]:
    """The newest calendar months, gaps included, and a sentence when older ones are left out."""
    if frame.empty:
        return [], ""
    months = list(month_range(min(frame["month"]), max(frame["month"])))
    return months[-newest:], f" Shown are the newest {newest} of {len(months)} months." if len(months) > newest else ""


def month_grid(count: int, *, narrow: bool, each: float) -> tuple[Figure, list[Axes]]:
    """Panels in two columns, or one below the other on a phone; `each` is the height of a row in inches."""
    columns = 1 if narrow or count == 1 else 2
    rows = -(-count // columns)
    figure = new_figure(NARROW if narrow else WIDE, 0.3 + rows * each)
    flat = panels(figure, rows, columns)
    for spare in flat[count:]:
        spare.remove()
    return figure, flat[:count]


def month_axis(axes: Axes, months: Sequence[str]) -> None:
    """Months along the bottom, about six of them named, the last one always."""
    step = max(1, -(-len(months) // 6))
    shown = list(range(len(months) - 1, -1, -step))
    axes.set_xticks(shown, [short_month(months[i]).replace(" ", "\n") for i in shown])
    axes.tick_params(axis="x", labelbottom=True, labelsize=7.5, length=3)
    axes.tick_params(axis="y", labelsize=7.5, length=0)
    axes.set_xlim(-0.7, len(months) - 0.3)
    axes.grid(axis="y")
    axes.spines["left"].set_visible(False)


def month_bars(
    axes: Axes, at: Sequence[float], low: Sequence[float], high: Sequence[float], *, width: float, **look: Any
) -> None:
    """A bar for each place from `low` to `high`, all drawn in one stroke."""
    shapes = [
        [(x - width / 2, bottom), (x + width / 2, bottom), (x + width / 2, top), (x - width / 2, top)]
        for x, bottom, top in zip(at, low, high, strict=True)
    ]
    axes.add_collection(PolyCollection(shapes, linewidth=0, **look), autolim=False)

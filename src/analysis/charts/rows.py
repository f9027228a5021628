"""Charts of rows: one group below the other, its name to the left (above, on a phone), its numbers to the right."""

from collections.abc import Sequence
from math import nan
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.transforms import Transform, blended_transform_factory

from analysis.charts.panel import panels
from analysis.charts.theme import BEHIND_WORDS, INK, NARROW, QUIET, WIDE, label, new_figure


def row_figure(names: Sequence[str], *, narrow: bool, head: float = 0.75) -> tuple[Figure, Axes]:
    """An empty chart with a named place for every row, 0 at the top; `head` is the height in inches of what stands around them."""
    figure = new_figure(NARROW if narrow else WIDE, head + len(names) * (0.56 if narrow else 0.4))
    axes = panels(figure)[0]
    axes.set_ylim(len(names) - 0.45, -0.65)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.tick_params(axis="x", length=0)
    axes.grid(axis="x")
    where = across(axes)
    for y, name in enumerate(names):
        if narrow:
            axes.text(0, y - 0.42, label(name, 26, 1), transform=where, va="center", color=INK, weight="bold", size=8.0)
        else:
            axes.text(-0.025, y, label(name, 28), transform=where, ha="right", va="center", color=INK, linespacing=1.05)
    return figure, axes


def write_numbers(axes: Axes, y: int, text: str, *, narrow: bool) -> None:
    """What a row's mark says in numbers, beside it or (on a phone) at the right above it."""
    if narrow:
        axes.text(1, y - 0.42, text, transform=across(axes), ha="right", va="center", size=7.0, color=INK)
    else:
        axes.text(1.015, y, text, transform=across(axes), va="center", size=8.0, color=INK)


def write_words(axes: Axes, y: int, text: str, *, narrow: bool) -> None:
    """Why a row has no mark, at the place of the mark."""
    said = label(text, 40 if narrow else 60)
    axes.text(0.045, y, said, transform=across(axes), va="center", size=8.0, color=QUIET, bbox=BEHIND_WORDS)


_AT_ONCE = 40
"""Rows of one stroke: a path of 128 points and more would be simplified."""


def strokes(axes: Axes, lines: Sequence[tuple[float, float, float]], **look: Any) -> None:
    """Lines from one x to another at a y, drawn as one with gaps between them."""
    for some in (lines[at : at + _AT_ONCE] for at in range(0, len(lines), _AT_ONCE)):
        axes.plot(
            [x for low, high, _ in some for x in (low, high, nan)], [y for _, _, y in some for _ in range(3)], **look
        )


def across(axes: Axes) -> Transform:
    """x as a share of the width, y in rows."""
    return blended_transform_factory(axes.transAxes, axes.transData)

"""Dot-and-interval charts: one row per group, the rate per 1,000 with its 95 % interval, n and numbers beside it."""

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.transforms import Transform, blended_transform_factory

from analysis.charts.panel import panels
from analysis.charts.rows import strokes
from analysis.charts.theme import (
    BEHIND_WORDS,
    INK,
    MARK,
    NARROW,
    PALE,
    QUIET,
    WIDE,
    label,
    message_figure,
    new_figure,
    theme,
)
from analysis.report.rates import Rate


@dataclass(frozen=True)
class DotRow:
    """One row of a dot chart."""

    label: str
    rate: Rate
    more: str = ""
    """What else stands beside the row's numbers."""


@dataclass(frozen=True)
class AcrossLine:
    """A line over all rows, named where it stands: `value` in the unit of the axis."""

    value: float
    words: str
    style: str = "--"


def draw_dots(rows: Sequence[DotRow], *, unit: str, narrow: bool, lines: Sequence[AcrossLine] = ()) -> Figure:
    """The rows from top to bottom in their order; a row without a rate is written out in words at its place."""
    width = NARROW if narrow else WIDE
    if not rows:
        return message_figure("There is nothing to draw.", width)
    with theme():
        height = (0.92 if lines else 0.75) + len(rows) * (0.56 if narrow else 0.4)
        figure = new_figure(width, height)
        axes = panels(figure)[0]
        _frame_axes(axes, rows, unit, lines)
        _draw_intervals(axes, [row.rate for row in rows])
        for position, row in enumerate(rows):
            _draw_mark(axes, position, row.rate, wrap_at=40 if narrow else 60)
            (_write_above if narrow else _write_beside)(axes, position, row)
    return figure


def _frame_axes(axes: Axes, rows: Sequence[DotRow], unit: str, lines: Sequence[AcrossLine]) -> None:
    reach = [_per(row.rate, row.rate.upper) for row in rows if row.rate.drawn]
    shown = lines if reach else ()
    axes.set_xlim(0, max([*reach, *(line.value for line in shown), 1.0]) * 1.04)
    for line in shown:
        axes.axvline(line.value, color=QUIET, linewidth=1.1, linestyle=line.style, zorder=1)
        side = "right" if line.value > 0.6 * axes.get_xlim()[1] else "left"
        where = blended_transform_factory(axes.transData, axes.transAxes)
        axes.text(line.value, 1.0, f" {line.words} ", transform=where, ha=side, va="bottom", size=7.5, color=QUIET)
    axes.set_ylim(len(rows) - 0.45, -0.65)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.tick_params(axis="x", length=0)
    if reach:
        axes.grid(axis="x")
        axes.axvline(0, color=QUIET, linewidth=0.8)
        axes.set_xlabel(unit, loc="left")
    else:
        axes.set_xticks([])
        axes.spines["bottom"].set_visible(False)


def _draw_mark(axes: Axes, y: float, rate: Rate, *, wrap_at: int) -> None:
    if not rate.drawn:
        words = rate.said if rate.kind == "none" else f"{rate.said}: {rate.value}"
        axes.text(
            0.012,
            y,
            label(words, wrap_at),
            transform=_row_transform(axes),
            va="center",
            size=8.0,
            color=QUIET,
            bbox=BEHIND_WORDS,
        )
        return
    if rate.kind == "range":
        ends = [_per(rate, rate.linked_only), _per(rate, rate.if_unlinked_counted)]
        axes.plot(ends, [y, y], color=MARK, linewidth=8, solid_capstyle="butt")
        axes.plot(ends, [y, y], color=PALE, linewidth=6, solid_capstyle="butt")


def _draw_intervals(axes: Axes, rates: Sequence[Rate]) -> None:
    """Intervals and dots of all rows, those that look alike in one stroke."""
    drawn = {y: rate for y, rate in enumerate(rates) if rate.drawn}
    strokes(
        axes,
        [(_per(rate, rate.lower), _per(rate, rate.upper), y) for y, rate in drawn.items()],
        color=MARK,
        linewidth=1.6,
        clip_on=False,
    )
    for provisional in (False, True):
        own = {
            y: _per(rate, rate.rate)
            for y, rate in drawn.items()
            if rate.provisional == provisional and rate.kind != "range"
        }
        fill = "white" if provisional else MARK
        axes.plot(
            list(own.values()), list(own), "o", color=MARK, markerfacecolor=fill, markersize=7, clip_on=False, zorder=3
        )


def _write_beside(axes: Axes, y: float, row: DotRow) -> None:
    where = _row_transform(axes)
    axes.text(-0.025, y, label(row.label, 28), transform=where, ha="right", va="center", color=INK, linespacing=1.05)
    said = "\n".join(filter(None, (numbers_beside(row.rate) if row.rate.drawn else "", row.more)))
    axes.text(1.015, y, said, transform=where, va="center", size=8.0, color=INK)


def _write_above(axes: Axes, y: float, row: DotRow) -> None:
    where = _row_transform(axes)
    ground = {"facecolor": "white", "linewidth": 0, "pad": 0.8}
    axes.text(0, y - 0.42, label(row.label, 24, 1), transform=where, va="center", color=INK, weight="bold", size=8.0)
    if row.rate.drawn:
        said = numbers_beside(row.rate)
        axes.text(1, y - 0.42, said, transform=where, ha="right", va="center", size=7.0, color=INK, bbox=ground)
    if row.more:
        axes.text(1, y + 0.3, row.more, transform=where, ha="right", va="center", size=7.0, color=QUIET, bbox=ground)


def numbers_beside(rate: Rate) -> str:
    """What stands beside a mark: `31 of 5,210 · 6.0 (4.1 to 8.4)`."""
    if rate.kind == "zero":
        return f"{rate.count} · {rate.value}"
    return f"{rate.count} · {rate.value} ({rate.interval})"


def _row_transform(axes: Axes) -> Transform:
    return blended_transform_factory(axes.transAxes, axes.transData)


def _per(rate: Rate, value: float | None) -> float:
    return 0.0 if value is None else value * rate.per

"""Observed over expected by injector, in code order: the ratio with its interval on a doubling scale, and the spread by chance."""

from collections.abc import Sequence
from functools import partial

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.transforms import blended_transform_factory

from analysis.charts.chart import Chart
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
from analysis.report.injectors import by_chance, observed, remark, said
from analysis.report.numbers import decimal, is_missing
from analysis.report.words import NO_FAULT, plural
from analysis.tables import Column, Row, make_table, plain, slug

_TICKS = (0.25, 0.5, 1.0, 2.0, 4.0)
_ENDS = (0.2, 5.0)
HOW_TO_READ = (
    "Dots are observed ÷ expected, lines their 95 % intervals; pale bars show where 95 in 100 would lie by chance alone. "
    "The scale doubles; an arrow means the interval goes on."
)


def observed_expected_by_injector(frame: pd.DataFrame, *, measure: str | None = None, period: str = "") -> Chart:
    """`oe_by_injector` of one measure (the first, unless named) as dots in the order of clinic and code, never of value."""
    own = frame if frame.empty else frame[frame["measure"] == (measure or frame["measure"].iloc[0])]
    own = own.sort_values(["clinic", "code"], kind="stable") if len(own) else own
    rows = [{**row, "unit_label": f"{row['clinic']} {row['code']}"} for row in own.to_dict("records")]
    measure_label = plain(str(rows[0]["label"])) if rows else "Reactions"
    subject = f"{measure_label}, observed ÷ expected by injector"
    period = f", {plain(period)}" if period else ""
    identity = f"chart-oe-{slug(measure_label)}"
    columns = [
        Column("Injector", "unit_label", code=True),
        Column("Observed", observed, number=True),
        Column("Expected", lambda row: decimal(row.get("expected")), number=True),
        Column("Ratio (95 % interval)", said, number=True),
        Column("Remark", remark),
    ]
    return Chart(
        draw=partial(_draw, rows),
        title=f"{subject}: {_finding(rows)}",
        alt=_alt(rows, subject, period),
        data=make_table(pd.DataFrame(rows), columns, caption=f"{subject}{period}", id=f"{identity}-data"),
        caption=f"{subject}{period}. {HOW_TO_READ} {by_chance(_shown(own))} {NO_FAULT}",
        id=identity,
    )


def _shown(own: pd.DataFrame) -> pd.DataFrame:
    return own if own.empty else own[own["ratio"].notna()]


def _finding(rows: Sequence[Row]) -> str:
    shown = [row for row in rows if not is_missing(row.get("ratio"))]
    if not shown:
        return "nobody can be compared"
    outside = sum(row["lower"] > 1 or row["upper"] < 1 for row in shown)
    many = f"{len(shown)} of {plural(len(rows), 'injector')} can be compared"
    return f"{many}, {'every interval holds 1' if not outside else plural(outside, 'interval') + ' without 1'}"


def _alt(rows: Sequence[Row], subject: str, period: str) -> str:
    if not rows:
        return f"Empty chart. {subject}{period}: no rows."
    each = [
        f"{row['unit_label']}: {observed(row)} observed, {decimal(row['expected'])} expected, {said(row)}"
        if not is_missing(row.get("ratio")) else f"{row['unit_label']}: {remark(row)}"
        for row in rows
    ]  # fmt: skip
    return f"Dot chart with 95 % intervals. {subject}{period}. {'; '.join(each)}."


def _draw(rows: Sequence[Row], *, narrow: bool) -> Figure:
    width = NARROW if narrow else WIDE
    if not rows:
        return message_figure("There is nothing to draw.", width)
    with theme():
        figure = new_figure(width, 0.75 + len(rows) * (0.56 if narrow else 0.4))
        axes = panels(figure)[0]
        axes.set_xscale("log", base=2)
        axes.set_xlim(*_ENDS)
        axes.set_xticks(_TICKS, [f"{tick:g}" for tick in _TICKS])
        axes.minorticks_off()
        axes.set_ylim(len(rows) - 0.45, -0.65)
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
        axes.grid(axis="x")
        axes.axvline(1, color=QUIET, linewidth=1.2)
        axes.set_xlabel("observed ÷ expected", loc="left")
        _intervals(axes, rows)
        for position, row in enumerate(rows):
            _row(axes, position, row, narrow)
    return figure


def _row(axes: Axes, y: int, row: Row, narrow: bool) -> None:
    where = blended_transform_factory(axes.transAxes, axes.transData)
    name = label(row["unit_label"], 24 if narrow else 28, 1 if narrow else 2)
    if narrow:
        axes.text(0, y - 0.42, name, transform=where, va="center", color=INK, weight="bold", size=8.0)
    else:
        axes.text(-0.025, y, name, transform=where, ha="right", va="center", color=INK)
    if is_missing(row.get("ratio")):
        said_instead = label(remark(row), 40 if narrow else 60)
        axes.text(0.012, y, said_instead, transform=where, va="center", size=7.5, color=QUIET, bbox=BEHIND_WORDS)
        return
    _mark(axes, y, row)
    numbers = f"{observed(row)} / {decimal(row['expected'])} · {said(row)}"
    place = {"ha": "right", "size": 7.0} if narrow else {"size": 8.0}
    axes.text(
        1 if narrow else 1.015, y - (0.42 if narrow else 0), numbers, transform=where, va="center", color=INK, **place
    )


def _mark(axes: Axes, y: int, row: Row) -> None:
    low, high = _inside(row, "lower", "upper")
    if not is_missing(row.get("lower95")):
        start, end = _inside(row, "lower95", "upper95")
        axes.add_patch(Rectangle((start, y - 0.24), end - start, 0.48, facecolor=PALE, edgecolor=MARK, linewidth=0.8))
    for end, arrow, cut in ((low, "<", float(row["lower"]) < _ENDS[0]), (high, ">", float(row["upper"]) > _ENDS[1])):
        if cut:
            axes.plot([end], [y], arrow, color=MARK, markersize=6, clip_on=False, zorder=3)


def _intervals(axes: Axes, rows: Sequence[Row]) -> None:
    """Intervals and dots of all rows, each kind in one stroke."""
    known = {y: row for y, row in enumerate(rows) if not is_missing(row.get("ratio"))}
    strokes(
        axes, [(*_inside(row, "lower", "upper"), y) for y, row in known.items()], color=MARK, linewidth=1.8, zorder=3
    )
    dots = {y: float(row["ratio"]) for y, row in known.items() if _ENDS[0] <= row["ratio"] <= _ENDS[1]}
    axes.plot(list(dots.values()), list(dots), "o", color=MARK, markersize=7, zorder=4)


def _inside(row: Row, *names: str) -> tuple[float, float]:
    low, high = (min(max(float(row[name]), _ENDS[0]), _ENDS[1]) for name in names)
    return low, high

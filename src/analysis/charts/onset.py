"""When reactions begin after treatment, by category: every episode as a stroke, the middle half as a bar, the median as a dot."""

import math
from functools import partial

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.charts.chart import Chart
from analysis.charts.rows import row_figure, write_numbers, write_words
from analysis.charts.theme import MARK, NARROW, PALE, QUIET, SOFT, WIDE, message_figure, theme
from analysis.report.numbers import count, is_missing
from analysis.report.words import plural, short_label
from analysis.tables import Column, Row, make_table

_TICKS = (0, 1, 3, 7, 14, 28, 56, 112, 224, 400)
HOW_TO_READ = (
    "Days from treatment to onset of counted, linked reactions. Strokes are days on which episodes began, taller where more did; the "
    "bar holds the middle half, the dot is the median. The scale is wider for the first days. Episodes without a recorded day of "
    "onset are not drawn."
)


def onset_by_category(frame: pd.DataFrame, days: pd.DataFrame, *, period: str = "") -> Chart:
    """`onset_by_category` with the single days of `onset_days_by_category`."""
    rows = frame.to_dict("records")
    of_day: dict[str, list[Row]] = {}
    for row in days.to_dict("records"):
        of_day.setdefault(row["category"], []).append(row)
    when = f", {period}" if period else ""
    identity = "chart-onset"
    columns = [
        Column("Category", "label"),
        Column("Episodes", "episodes", number=True),
        Column("With a day of onset", "dated", number=True),
        Column("Median, days", lambda row: _days(row, "median"), number=True),
        Column("Middle half, days", lambda row: _middle(row), number=True),
        Column("Latest, days", lambda row: _days(row, "latest"), number=True),
    ]
    return Chart(
        draw=partial(_draw, rows, of_day),
        title=_finding(rows), alt=_alt(rows, when),
        data=make_table(frame, columns, caption=f"Days from treatment to onset{when}", id=f"{identity}-data"),
        caption=f"Onset by category, treated{when.replace(',', '')}. {HOW_TO_READ}" if when else f"Onset by category. {HOW_TO_READ}",
        id=identity,
    )  # fmt: skip


def _days(row: Row, name: str) -> str:
    return "[z]" if is_missing(row.get(name)) else f"{round(row[name], 1):g}"


def _middle(row: Row) -> str:
    return "[z]" if is_missing(row.get("median")) else f"{_days(row, 'q1')} to {_days(row, 'q3')}"


def _said(row: Row) -> str:
    dated = f"{count(row.get('dated'))} of {plural(row.get('episodes'), 'episode')} dated"
    if is_missing(row.get("median")):
        return dated
    return f"median {_days(row, 'median')} {'day' if row['median'] == 1 else 'days'} ({_middle(row)}), {dated}"


def _finding(rows: list[Row]) -> str:
    known = [row for row in rows if not is_missing(row.get("median"))]
    if not known:
        return "Onset: too few episodes with a recorded day to say when they begin"
    each = ", ".join(f"{short_label(row['label'])} {_days(row, 'median')}" for row in known)
    return f"Median days from treatment to onset: {each}"


def _alt(rows: list[Row], when: str) -> str:
    if not rows:
        return "Empty chart. Days from treatment to onset: no categories."
    each = "; ".join(f"{short_label(row['label'])}: {_said(row)}" for row in rows)
    return f"Strip chart of days from treatment to onset by category{when}, middle half in brackets. {each}."


def _place(days: float) -> float:
    return math.log1p(days)


def _draw(rows: list[Row], of_day: dict[str, list[Row]], *, narrow: bool) -> Figure:
    if not rows:
        return message_figure("There is nothing to draw.", NARROW if narrow else WIDE)
    with theme():
        figure, axes = row_figure([short_label(row["label"]) for row in rows], narrow=narrow)
        latest = max([14, *(int(day["day"]) for own in of_day.values() for day in own if not is_missing(day["day"]))])
        axes.set_xlim(_place(0) - 0.12, _place(latest) * 1.05)
        ticks = [tick for tick in _TICKS if tick <= latest and not (narrow and tick in (1, 28, 112))]
        axes.set_xticks([_place(tick) for tick in ticks], [str(tick) for tick in ticks])
        axes.set_xlabel("days from treatment to onset", loc="left")
        for y, row in enumerate(rows):
            _row(axes, y, row, of_day.get(row["category"], []), narrow)
    return figure


def _row(axes: Axes, y: int, row: Row, days: list[Row], narrow: bool) -> None:
    if not days or is_missing(row.get("dated")):
        write_words(axes, y, "no episode" if row.get("episodes") == 0 else _said(row), narrow=narrow)
        return
    most = max(int(day["episodes"]) for day in days)
    for day in days:
        high = 0.08 + 0.2 * int(day["episodes"]) / most
        axes.plot([_place(day["day"])] * 2, [y - high, y + high], color=SOFT, linewidth=2.2, solid_capstyle="butt")
    if not is_missing(row.get("median")):
        ends = [_place(row["q1"]), _place(row["q3"])]
        axes.plot(ends, [y, y], color=MARK, linewidth=7, solid_capstyle="butt", zorder=3)
        axes.plot(ends, [y, y], color=PALE, linewidth=5, solid_capstyle="butt", zorder=3)
        axes.plot([_place(row["median"])], [y], "o", color=MARK, markersize=7, zorder=4, clip_on=False)
    short = f"{_days(row, 'median')} ({_middle(row)}) · {count(row['dated'])} of {count(row['episodes'])}"
    write_numbers(axes, y, short if not is_missing(row.get("median")) else _said(row), narrow=narrow)
    axes.axvline(_place(0), color=QUIET, linewidth=0.6)

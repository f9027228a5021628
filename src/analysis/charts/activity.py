"""How many sessions there were, by month and clinic."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from analysis.charts.chart import Chart
from analysis.charts.months import NEWEST, month_axis, month_bars, month_grid, newest_months
from analysis.charts.theme import MARK, NARROW, QUIET, WIDE, label, message_figure, theme
from analysis.report.numbers import count, is_missing, month
from analysis.tables import Column, make_table, plain

Clinics = dict[str, dict[str, Any]]


def sessions_per_month(frame: pd.DataFrame, *, newest: int = NEWEST) -> Chart:
    """`activity` as one small bar chart per clinic on a common scale; a month without a log is a gap with a mark."""
    months, cut = newest_months(frame, newest)
    clinics = {
        plain(str(clinic)): dict(zip(rows["month"], rows["sessions"], strict=True))
        for clinic, rows in (frame.groupby("clinic", sort=True) if len(frame) else ())
    }
    identity = "chart-sessions-per-month"
    wide = pd.DataFrame({"month": months[::-1]})
    columns = [_of_clinic(name, own) for name, own in clinics.items()]
    return Chart(
        draw=partial(_draw_bars, clinics, months),
        title=_finding(clinics, months),
        alt=_alt(clinics, months),
        data=make_table(
            wide,
            [Column("Month", lambda row: month(row["month"])), *columns],
            caption="Sessions by month and clinic",
            id=f"{identity}-data",
            note="Newest month first.",
        ),
        caption=f"Bars are sessions in the treatments log. A cross marks a month whose treatments log was not received.{cut}",
        id=identity,
    )


def _draw_bars(clinics: Clinics, months: Sequence[str], *, narrow: bool) -> Figure:
    if not months:
        return message_figure("There are no sessions to draw.", NARROW if narrow else WIDE)
    values = {name: [None if is_missing(own.get(m)) else int(own[m]) for m in months] for name, own in clinics.items()}
    top = max([1, *(v for own in values.values() for v in own if v is not None)])
    with theme():
        figure, panels = month_grid(len(values), narrow=narrow, each=1.5)
        for axes, (name, own) in zip(panels, values.items(), strict=True):
            month_axis(axes, months)
            axes.set_ylim(0, top * 1.08)
            there = {float(i): float(v) for i, v in enumerate(own) if v is not None}
            month_bars(axes, list(there), [0.0] * len(there), list(there.values()), width=0.72, facecolor=MARK)
            missing = [i for i, v in enumerate(own) if v is None]
            axes.plot(missing, [top * 0.06] * len(missing), "x", color=QUIET, markersize=5)
            axes.set_title(label(name, 40), size=8.5, y=1.0)
    return figure


def _finding(clinics: Clinics, months: Sequence[str]) -> str:
    if not months:
        return "Sessions by month: nothing to show"
    gone = [name for name, own in clinics.items() if is_missing(own.get(months[-1]))]
    if gone:
        return f"Sessions by month: no treatments log for {month(months[-1])} from {', '.join(gone)}"
    return f"Sessions by month: every clinic sent its treatments log for {month(months[-1])}"


def _alt(clinics: Clinics, months: Sequence[str]) -> str:
    if not months:
        return "Empty chart. Sessions by month: no months."
    each = "; ".join(f"{name} {count(own.get(months[-1]))}".replace("[x]", "no log") for name, own in clinics.items())
    return f"Bar charts, one per clinic, {month(months[0])} to {month(months[-1])}. Sessions in {month(months[-1])}: {each}."


def _of_clinic(name: str, own: dict[str, Any]) -> Column:
    return Column(name, lambda row: count(own.get(row["month"])), number=True)

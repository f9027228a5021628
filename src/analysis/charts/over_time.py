"""Charts over months: rates with their intervals, and how many sessions there were."""

from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.charts.chart import Chart
from analysis.charts.theme import HAIRLINE, MARK, NARROW, QUIET, SOFT, WIDE, label, message_figure, new_figure, theme
from analysis.periods import month_range
from analysis.report.numbers import count, is_missing, month, short_month
from analysis.report.rates import Rate
from analysis.tables import Column, make_table, plain, slug

Series = dict[str, Rate]
NEWEST = 36
"""Months that a page draws unless it is asked for more."""
HOW_TO_READ = (
    "Points are rates per 1,000 sessions by month of treatment, lines their 95 % intervals. Hollow points are "
    "provisional: events may still arrive. Shaded months have no rate."
)


def rates_over_months(frame: pd.DataFrame, *, measure: str | None = None, newest: int = NEWEST) -> Chart:
    """`rates_by_month` as one panel per measure (or only `measure`): gaps stay gaps, zeros stay zeros.

    Only the `newest` months are drawn; the caption says so when there are more.
    """
    chosen = frame if measure is None or frame.empty else frame[frame["measure"] == measure]
    months, cut = _newest_months(chosen, newest)
    series = {
        plain(str(rows["label"].iloc[0])): {row["month"]: Rate.of(row) for row in rows.to_dict("records")}
        for _, rows in (chosen.groupby("measure", sort=False) if len(chosen) else ())
    }
    subject = f"{next(iter(series))} by month of treatment" if len(series) == 1 else "Rates by month of treatment"
    identity = f"chart-{slug(subject)}"
    return Chart(
        figure=_draw_panels(series, months, narrow=False),
        narrow=_draw_panels(series, months, narrow=True),
        title=_finding(series, subject),
        alt=_alt(series, months, subject),
        data=make_table(
            pd.DataFrame({"month": months[::-1]}),
            [Column("Month", lambda row: month(row["month"])), *(_column(*item) for item in series.items())],
            caption=f"{subject}: sessions with one, of all; per 1,000 with 95 % interval",
            id=f"{identity}-data",
            note="Newest month first. p: provisional.",
        ),
        caption=f"{HOW_TO_READ}{cut}",
        id=identity,
    )


def sessions_per_month(frame: pd.DataFrame, *, newest: int = NEWEST) -> Chart:
    """`activity` as one small bar chart per clinic on a common scale; a month without a log is a gap with a mark."""
    months, cut = _newest_months(frame, newest)
    clinics = {
        plain(str(clinic)): dict(zip(rows["month"], rows["sessions"], strict=True))
        for clinic, rows in (frame.groupby("clinic", sort=True) if len(frame) else ())
    }
    identity = "chart-sessions-per-month"
    wide = pd.DataFrame({"month": months[::-1]})
    columns = [
        Column(name, lambda row, own=own: count(own.get(row["month"])), number=True) for name, own in clinics.items()
    ]  # type: ignore[misc]
    return Chart(
        figure=_draw_bars(clinics, months, narrow=False),
        narrow=_draw_bars(clinics, months, narrow=True),
        title=_activity_finding(clinics, months),
        alt=_activity_alt(clinics, months),
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


def _newest_months(frame: pd.DataFrame, newest: int) -> tuple[list[str], str]:
    """The newest calendar months, gaps included, and a sentence when older ones are left out."""
    if frame.empty:
        return [], ""
    months = list(month_range(min(frame["month"]), max(frame["month"])))
    return months[-newest:], f" Shown are the newest {newest} of {len(months)} months." if len(months) > newest else ""


def _column(name: str, series: Series) -> Column:
    def cell(row: dict[str, str]) -> str:
        rate = series.get(row["month"])
        if rate is None:
            return "[x]"
        return f"{rate.cell} p" if rate.provisional and rate.drawn else rate.cell

    return Column(name, cell, number=True)


def _grid(panels: int, narrow: bool, each: float) -> tuple[Figure, list[Axes]]:
    columns = 1 if narrow or panels == 1 else 2
    rows = -(-panels // columns)
    figure = new_figure(NARROW if narrow else WIDE, 0.3 + rows * each)
    grid = figure.subplots(rows, columns, squeeze=False, sharex=True)
    flat = list(grid.flat)
    for spare in flat[panels:]:
        spare.remove()
    return figure, flat[:panels]


def _month_axis(axes: Axes, months: Sequence[str]) -> None:
    step = max(1, -(-len(months) // 6))
    shown = list(range(len(months) - 1, -1, -step))
    axes.set_xticks(shown, [short_month(months[i]).replace(" ", "\n") for i in shown])
    axes.tick_params(axis="x", labelbottom=True, labelsize=7.5, length=3)
    axes.tick_params(axis="y", labelsize=7.5, length=0)
    axes.set_xlim(-0.7, len(months) - 0.3)
    axes.grid(axis="y")
    axes.spines["left"].set_visible(False)


def _draw_panels(series: dict[str, Series], months: Sequence[str], *, narrow: bool) -> Figure:
    if not months or not series:
        return message_figure("There are no months to draw.", NARROW if narrow else WIDE)
    with theme():
        figure, panels = _grid(len(series), narrow, 2.1 if narrow or len(series) == 1 else 1.75)
        for axes, (name, own) in zip(panels, series.items(), strict=True):
            _draw_rates(axes, own, months)
            axes.set_title(label(name, 40), size=8.5)
    return figure


def _draw_rates(axes: Axes, series: Series, months: Sequence[str]) -> None:
    _month_axis(axes, months)
    top = max([1.0, *((rate.upper or 0.0) * rate.per for rate in series.values() if rate.drawn)])
    axes.set_ylim(0, top * 1.05)
    drawn = {i: series[m] for i, m in enumerate(months) if m in series and series[m].drawn}
    for i in sorted(set(range(len(months))) - set(drawn)):
        axes.axvspan(i - 0.5, i + 0.5, facecolor="#eef1f4", edgecolor=HAIRLINE, hatch="////", linewidth=0, zorder=0)
    for i, rate in drawn.items():
        axes.plot([i, i], [(rate.lower or 0) * rate.per, (rate.upper or 0) * rate.per], color=SOFT, linewidth=2)
        if i - 1 in drawn and rate.kind != "range" and drawn[i - 1].kind != "range":
            before = drawn[i - 1]
            ends = [(before.rate or 0) * before.per, (rate.rate or 0) * rate.per]
            axes.plot([i - 1, i], ends, color=MARK, linewidth=0.8, alpha=0.6)
        _draw_point(axes, i, rate)


def _draw_point(axes: Axes, x: int, rate: Rate) -> None:
    if rate.kind == "range":
        ends = [(rate.linked_only or 0) * rate.per, (rate.if_unlinked_counted or 0) * rate.per]
        axes.plot([x, x], ends, color=MARK, linewidth=4, solid_capstyle="butt")
        return
    fill = "white" if rate.provisional else MARK
    y = [(rate.rate or 0) * rate.per]
    axes.plot([x], y, "o", color=MARK, markerfacecolor=fill, markersize=4.5, clip_on=False, zorder=4)


def _draw_bars(clinics: dict[str, dict[str, object]], months: Sequence[str], *, narrow: bool) -> Figure:
    if not months:
        return message_figure("There are no sessions to draw.", NARROW if narrow else WIDE)
    values = {name: [None if is_missing(own.get(m)) else int(own[m]) for m in months] for name, own in clinics.items()}  # type: ignore[call-overload]
    top = max([1, *(v for own in values.values() for v in own if v is not None)])
    with theme():
        figure, panels = _grid(len(values), narrow, 1.5)
        for axes, (name, own) in zip(panels, values.items(), strict=True):
            _month_axis(axes, months)
            axes.set_ylim(0, top * 1.08)
            axes.bar(
                [i for i, v in enumerate(own) if v is not None], [v for v in own if v is not None], 0.72, color=MARK
            )
            missing = [i for i, v in enumerate(own) if v is None]
            axes.plot(missing, [top * 0.06] * len(missing), "x", color=QUIET, markersize=5)
            axes.set_title(label(name, 40), size=8.5)
    return figure


def _finding(series: dict[str, Series], subject: str) -> str:
    """The newest closed month in numbers; nothing is called up or down without the usual range."""
    if not series:
        return f"{subject}: nothing to show"
    name, own = next(iter(series.items()))
    closed = [m for m, rate in own.items() if rate.drawn and not rate.provisional]
    if not closed:
        return f"{subject}: no closed month with a rate yet"
    newest = max(closed)
    return f"{name}, newest closed month ({month(newest)}): {own[newest].said}"


def _alt(series: dict[str, Series], months: Sequence[str], subject: str) -> str:
    if not series:
        return f"Empty chart. {subject}: no months."
    parts = [f"Points with 95 % intervals. {subject}, {month(months[0])} to {month(months[-1])}."]
    for name, own in series.items():
        drawn = [m for m in months if m in own and own[m].drawn]
        gaps = len(months) - len(drawn)
        told = "; ".join(f"{short_month(m)} {own[m].value}" for m in drawn[-6:]) or "no rate in any month"
        parts.append(f"{name} per 1,000, last months: {told}. Months without a rate: {gaps}.")
    return " ".join(parts)


def _activity_finding(clinics: dict[str, dict[str, object]], months: Sequence[str]) -> str:
    if not months:
        return "Sessions by month: nothing to show"
    gone = [name for name, own in clinics.items() if is_missing(own.get(months[-1]))]
    if gone:
        return f"Sessions by month: no treatments log for {month(months[-1])} from {', '.join(gone)}"
    return f"Sessions by month: every clinic sent its treatments log for {month(months[-1])}"


def _activity_alt(clinics: dict[str, dict[str, object]], months: Sequence[str]) -> str:
    if not months:
        return "Empty chart. Sessions by month: no months."
    each = "; ".join(f"{name} {count(own.get(months[-1]))}".replace("[x]", "no log") for name, own in clinics.items())
    return f"Bar charts, one per clinic, {month(months[0])} to {month(months[-1])}. Sessions in {month(months[-1])}: {each}."

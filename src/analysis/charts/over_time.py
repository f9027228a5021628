"""Charts over months: rates with their intervals, and how many sessions there were."""

from collections.abc import Sequence
from functools import partial
from math import nan

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.charts.chart import Chart
from analysis.charts.months import NEWEST, month_axis, month_grid, newest_months
from analysis.charts.theme import GAP, HAIRLINE, MARK, NARROW, SOFT, WIDE, label, message_figure, theme
from analysis.report.numbers import month, short_month
from analysis.report.rates import Rate
from analysis.tables import Column, make_table, plain, slug

Series = dict[str, Rate]
HOW_TO_READ = (
    "Points are rates per 1,000 sessions by month of treatment, lines their 95 % intervals. Hollow points are "
    "provisional: events may still arrive. Shaded months have no rate."
)


def rates_over_months(frame: pd.DataFrame, *, measure: str | None = None, newest: int = NEWEST) -> Chart:
    """`rates_by_month` as one panel per measure (or only `measure`): gaps stay gaps, zeros stay zeros.

    Only the `newest` months are drawn; the caption says so when there are more.
    """
    chosen = frame if measure is None or frame.empty else frame[frame["measure"] == measure]
    months, cut = newest_months(chosen, newest)
    series = {
        plain(str(rows["label"].iloc[0])): {row["month"]: Rate.of(row) for row in rows.to_dict("records")}
        for _, rows in (chosen.groupby("measure", sort=False) if len(chosen) else ())
    }
    subject = f"{next(iter(series))} by month of treatment" if len(series) == 1 else "Rates by month of treatment"
    identity = f"chart-{slug(subject)}"
    return Chart(
        draw=partial(_draw_panels, series, months),
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


def _column(name: str, series: Series) -> Column:
    def cell(row: dict[str, str]) -> str:
        rate = series.get(row["month"])
        if rate is None:
            return "[x]"
        return f"{rate.cell} p" if rate.provisional and rate.drawn else rate.cell

    return Column(name, cell, number=True)


def _draw_panels(series: dict[str, Series], months: Sequence[str], *, narrow: bool) -> Figure:
    if not months or not series:
        return message_figure("There are no months to draw.", NARROW if narrow else WIDE)
    with theme():
        figure, panels = month_grid(len(series), narrow=narrow, each=2.1 if narrow or len(series) == 1 else 1.75)
        for axes, (name, own) in zip(panels, series.items(), strict=True):
            _draw_rates(axes, own, months)
            axes.set_title(label(name, 40), size=8.5, y=1.0)
    return figure


def _draw_rates(axes: Axes, series: Series, months: Sequence[str]) -> None:
    month_axis(axes, months)
    top = max([1.0, *((rate.upper or 0.0) * rate.per for rate in series.values() if rate.drawn)])
    axes.set_ylim(0, top * 1.05)
    drawn = {i: series[m] for i, m in enumerate(months) if m in series and series[m].drawn}
    for first, last in _runs(sorted(set(range(len(months))) - set(drawn))):
        axes.axvspan(first - 0.5, last + 0.5, facecolor=GAP, edgecolor=HAIRLINE, hatch="////", linewidth=0, zorder=0)
    _draw_marks(axes, drawn)


def _runs(places: Sequence[int]) -> list[tuple[int, int]]:
    """First and last of each run of neighbours."""
    begins = [i for i in places if i - 1 not in places]
    ends = [i for i in places if i + 1 not in places]
    return list(zip(begins, ends, strict=True))


def _draw_marks(axes: Axes, drawn: dict[int, Rate]) -> None:
    """Intervals, the way from month to month, and what is known of each: everything of one kind drawn in one stroke."""
    high = [(rate.upper or 0) * rate.per for rate in drawn.values()]
    axes.vlines(list(drawn), [(rate.lower or 0) * rate.per for rate in drawn.values()], high, color=SOFT, linewidth=2)
    wide = {i: rate for i, rate in drawn.items() if rate.kind == "range"}
    points = {i: (rate.rate or 0) * rate.per for i, rate in drawn.items() if i not in wide}
    steps = range(min(points, default=0), max(points, default=0) + 1)  # a month without a point breaks the way
    axes.plot(steps, [points.get(i, nan) for i in steps], color=MARK, linewidth=0.8, alpha=0.6)
    ends = [((rate.linked_only or 0) * rate.per, (rate.if_unlinked_counted or 0) * rate.per) for rate in wide.values()]
    axes.vlines(list(wide), [low for low, _ in ends], [high for _, high in ends], color=MARK, linewidth=4)
    for provisional in (False, True):
        own = {i: y for i, y in points.items() if drawn[i].provisional == provisional}
        fill = "white" if provisional else MARK
        axes.plot(
            list(own),
            list(own.values()),
            "o",
            color=MARK,
            markerfacecolor=fill,
            markersize=4.5,
            clip_on=False,
            zorder=4,
        )


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

"""Run charts: a measure by month about a frozen median, with the spread that chance alone would make and gaps where nothing came."""

from functools import partial

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.charts.chart import Chart
from analysis.charts.months import NEWEST, month_axis, month_bars, month_grid, newest_months
from analysis.charts.theme import HAIRLINE, INK, MARK, NARROW, QUIET, SOFT, WIDE, message_figure, theme
from analysis.report.numbers import count, is_missing, month, of, per_thousand, short_month
from analysis.report.rates import FEWEST_FOR_A_RATE
from analysis.report.words import plural
from analysis.tables import Column, Row, make_table, plain, slug, words

POINTS = "Points are sessions with one per 1,000."
SMALL = f"Months of under {FEWEST_FOR_A_RATE} sessions are drawn, but too few for a rate in figures."
MEDIAN = (
    "The broken line is the median of twelve closed months, between the dotted lines, and stays until it is re-based."
)
BAND = "The grey band is the expected spread: 95 in 100 months would lie in it by chance if nothing changed."
HOLLOW = "Hollow points may still grow and are not judged; × is a month without a rate."


def run_chart(points: pd.DataFrame, tests: pd.DataFrame, *, measure: str, newest: int = NEWEST) -> Chart:
    """`run_chart_by_measure` of one measure with what `run_test_by_measure` says of it; no direction is praised or blamed."""
    own = points[points["measure"] == measure] if len(points) else points
    months, cut = newest_months(own, newest)
    own = own[own["month"].isin(months)] if len(own) else own
    known = tests[tests["measure"] == measure].to_dict("records") if len(tests) else []
    test = next(iter(known), {"label": measure.replace("_", " ").capitalize(), "reason": "no data"})
    name = plain(words(test["label"]))
    identity = f"chart-run-{slug(measure)}"
    return Chart(
        draw=partial(_figure, own, test, months),
        title=f"{name}: {_finding(test)}", alt=_alt(own.to_dict("records"), test, name, months),
        data=make_table(
            own[::-1],
            [Column("Treated in", lambda row: month(row["month"]), whole=True), Column("Sessions with one", _of, number=True),
             Column("Per 1,000", _rate, number=True),
             Column("Expected spread", _spread, number=True),
             Column("State", _state)],
            caption=f"{name} by month of treatment", id=f"{identity}-data", empty="No month to show.",
        ),
        caption=f"{name}{_period(months)}. {_how_to_read(own, test)}{cut}", id=identity,
    )  # fmt: skip


def _of(row: Row) -> str:
    return "[x]" if is_missing(row["numerator"]) else of(row["numerator"], row["denominator"])


def _rate(row: Row) -> str:
    """No rate in figures for a month of few sessions, and none of 0: the same rules as everywhere on the page."""
    if _small(row):
        return "too few for a rate"
    return "none seen" if row["numerator"] == 0 else per_thousand(row["rate"])


def _small(row: Row) -> bool:
    few = not is_missing(row.get("denominator")) and row["denominator"] < FEWEST_FOR_A_RATE
    return few and not is_missing(row["rate"])


def _how_to_read(own: pd.DataFrame, test: Row) -> str:
    """Only what is drawn is explained."""
    rows = own.to_dict("records")
    parts = [
        POINTS,
        SMALL if any(_small(row) for row in rows) else "",
        "" if is_missing(test.get("centre")) else MEDIAN,
        BAND if any(not is_missing(row.get("spread_lower")) for row in rows) else "",
        HOLLOW,
    ]
    return " ".join(part for part in parts if part)


def _spread(row: Row) -> str:
    if is_missing(row.get("spread_lower")):
        return "[z]"
    return f"{per_thousand(row['spread_lower'])} to {per_thousand(row['spread_upper'])}"


def _state(row: Row) -> str:
    if is_missing(row["rate"]):
        why = row.get("reason")
        return f"no rate: {'no sessions with both logs' if is_missing(why) else plain(str(why), 80)}"
    return "may still grow" if row["provisional"] else "closed, in the median" if row["in_baseline"] else "closed"


def _period(months: list[str]) -> str:
    return f", {month(months[0])} to {month(months[-1])}" if months else ""


def _finding(test: Row) -> str:
    if not is_missing(test.get("reason")):
        return f"run rules not applied ({plain(words(test['reason']), 100)})"
    many = f"{count(test['months'])} closed months"
    return f"a lasting change is likely over {many}" if test["unusual"] else f"no lasting change over {many}"


def _alt(rows: list[Row], test: Row, name: str, months: list[str]) -> str:
    if not rows:
        return f"Empty run chart of {name}: there is no month to draw."
    drawn = [row for row in rows if not is_missing(row["rate"])]
    each = "; ".join(
        f"{short_month(row['month'])} {_of(row) if _small(row) or row['numerator'] == 0 else per_thousand(row['rate'])}"
        for row in drawn[-12:]
    )
    gaps = [short_month(name) for name in _gaps(rows, months)]
    parts = [
        f"Run chart of {name} per 1,000 sessions by month of treatment{_period(months)}.",
        "No centre line." if is_missing(test.get("centre")) else f"Median {per_thousand(test['centre'])}.",
        _runs(test),
        f"Last {plural(min(len(drawn), 12), 'month')}: {each}." if each else "No month has a rate.",
        f"Without a rate: {', '.join(gaps)}." if gaps else "",
    ]
    return " ".join(part for part in parts if part)


def _runs(test: Row) -> str:
    if not is_missing(test.get("reason")) or is_missing(test.get("longest_run")):
        return ""
    return (
        f"Longest run on one side {count(test['longest_run'])}, up to {count(test['longest_run_max'])} is usual; "
        f"crossings {count(test['crossings'])}, at least {count(test['crossings_min'])} is usual."
    )


def _gaps(rows: list[Row], months: list[str]) -> list[str]:
    known = {row["month"] for row in rows if not is_missing(row["rate"])}
    return [name for name in months if name not in known]


def _figure(own: pd.DataFrame, test: Row, months: list[str], *, narrow: bool) -> Figure:
    if not months:
        return message_figure("There are no months to draw.", NARROW if narrow else WIDE)
    with theme():
        figure, (axes,) = month_grid(1, narrow=narrow, each=2.3)
        month_axis(axes, months)
        place = {name: float(at) for at, name in enumerate(months)}
        rows = own.sort_values("month").to_dict("records")
        top = _draw(axes, rows, place)
        _phase(axes, test, place, top)
        axes.set_ylim(0, top * 1.12)
        axes.set_ylabel("per 1,000 sessions")
    return figure


def _draw(axes: Axes, rows: list[Row], place: dict[str, float]) -> float:
    drawn = [row for row in rows if not is_missing(row["rate"])]
    spread = [row for row in rows if not is_missing(row.get("spread_lower"))]
    low, high = ([1000 * row[name] for row in spread] for name in ("spread_lower", "spread_upper"))
    month_bars(axes, [place[row["month"]] for row in spread], low, high, width=1.0, facecolor=HAIRLINE, alpha=0.7)
    points = {place[row["month"]]: 1000 * row["rate"] for row in drawn}
    way = np.arange(min(points, default=0), max(points, default=0) + 1)  # a month without a rate breaks the way
    axes.plot(way, [points.get(at, np.nan) for at in way], color=SOFT, linewidth=1.2)
    for provisional in (False, True):
        own = [place[row["month"]] for row in drawn if bool(row["provisional"]) == provisional]
        fill = "white" if provisional else MARK
        axes.plot(own, [points[at] for at in own], "o", color=MARK, markerfacecolor=fill, markersize=5, zorder=3)
    gaps = [place[name] for name in _gaps(rows, list(place))]
    axes.plot(gaps, [0] * len(gaps), "x", color=INK, markersize=6, clip_on=False, zorder=3)
    return max([1.0, *(1000 * row["rate"] for row in drawn), *high])


def _phase(axes: Axes, test: Row, place: dict[str, float], top: float) -> None:
    """The months that the median was made of, and the median."""
    if is_missing(test.get("centre")):
        return
    axes.axhline(1000 * test["centre"], color=INK, linewidth=1.1, linestyle="--")
    for name, side in (("baseline_first", -0.5), ("baseline_last", 0.5)):
        if test.get(name) in place:
            axes.axvline(place[test[name]] + side, color=QUIET, linewidth=0.9, linestyle=":")
    if test.get("baseline_last") in place:
        axes.text(
            place[test["baseline_last"]] + 0.4,
            top * 1.06,
            "median of these months",
            ha="right",
            va="center",
            size=7.5,
            color=QUIET,
        )

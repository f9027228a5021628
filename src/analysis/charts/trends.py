"""Charts of what changed: run charts about a frozen median, days since the last one, and units beside their comparators."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.charts.chart import Chart
from analysis.charts.months import NEWEST, month_axis, month_grid, newest_months
from analysis.charts.theme import MARK, NARROW, PALE, QUIET, SOFT, WIDE, label, message_figure, new_figure, theme
from analysis.report.numbers import count, is_missing, month, of, short_month
from analysis.tables import Column, Row, make_table, plain, slug, words


def run_chart(points: pd.DataFrame, tests: pd.DataFrame, *, measure: str, newest: int = NEWEST) -> Chart:
    """`run_chart_by_measure` of one measure with what `run_test_by_measure` says of it: never called better or worse."""
    own = points[points["measure"] == measure]
    months, cut = newest_months(own, newest)
    own = own[own["month"].isin(months)]
    test = next(iter(tests[tests["measure"] == measure].to_dict("records")), {"label": measure, "reason": "no data"})
    name = plain(words(test["label"]))
    drawn = [row for row in own.to_dict("records") if not is_missing(row["rate"])]
    last = (
        "; ".join(f"{short_month(row['month'])} {1000 * row['rate']:.1f}" for row in drawn[-6:])
        or "no rate in any month"
    )
    return Chart(
        figure=_runs(own, months, narrow=False), narrow=_runs(own, months, narrow=True), title=f"{name}: {_run_finding(test)}",
        alt=f"Run chart of {name} per 1,000 sessions by month of treatment. {_centre(test)} Last months: {last}.",
        data=make_table(
            own[::-1],
            [Column("Month", lambda row: month(row["month"])), Column("Sessions with one", _of, number=True),
             Column("Per 1,000", lambda row: "[x]" if is_missing(row["rate"]) else f"{1000 * row['rate']:.1f}", number=True),
             Column("State", lambda row: "provisional" if row["provisional"] else "closed")],
            caption=f"{name} by month of treatment", id=f"chart-run-{slug(measure)}-data",
        ),
        caption="The line is the median of the first twelve closed months; hollow points are provisional and are not judged. The rules "
        f"ask for a long run on one side or few crossings, which steady series show now and then too.{cut}",
        id=f"chart-run-{slug(measure)}",
    )  # fmt: skip


def _of(row: Row) -> str:
    return "[x]" if is_missing(row["numerator"]) else of(row["numerator"], row["denominator"])


def _run_finding(test: Row) -> str:
    if not is_missing(test.get("reason")):
        return f"the run rules are not applied ({plain(words(test['reason']), 100)})"
    runs = (
        f"longest run {count(test['longest_run'])} (up to {count(test['longest_run_max'])} is usual), "
        f"{count(test['crossings'])} crossings (at least {count(test['crossings_min'])} is usual)"
    )
    return (
        f"a change over {count(test['months'])} closed months is likely: {runs}"
        if test["unusual"]
        else f"no run out of the usual: {runs}"
    )


def _centre(test: Row) -> str:
    return "No centre line." if is_missing(test.get("centre")) else f"Median {1000 * test['centre']:.1f}."


def _runs(own: pd.DataFrame, months: list[str], *, narrow: bool) -> Figure:
    if not months:
        return message_figure("There are no months to draw.", NARROW if narrow else WIDE)
    with theme():
        figure, (axes,) = month_grid(1, narrow=narrow, each=2.3)
        _draw_run(axes, own, months)
    return figure


def _draw_run(axes: Axes, own: pd.DataFrame, months: list[str]) -> None:
    month_axis(axes, months)
    place = {name: n for n, name in enumerate(months)}
    rows = [row for row in own.to_dict("records") if not is_missing(row["rate"])]
    axes.plot([place[row["month"]] for row in rows], [1000 * row["rate"] for row in rows], color=SOFT, linewidth=1)
    for row in rows:
        fill = "white" if row["provisional"] else MARK
        axes.plot(place[row["month"]], 1000 * row["rate"], "o", color=MARK, markerfacecolor=fill, markersize=4.5)
    centre = own["centre"].dropna()
    if len(centre):
        axes.axhline(1000 * centre.iloc[0], color=QUIET, linewidth=1, linestyle="--")
    axes.set_ylim(0, max([1.0, *(1000 * row["rate"] for row in rows)]) * 1.1)


def days_since(frame: pd.DataFrame) -> Chart:
    """`days_since_last` as one bar per measure, with the limit of what is usual where there is one."""
    rows = [row for row in frame.to_dict("records") if not is_missing(row["days_since"])]
    long = [
        plain(words(row["label"]))
        for row in rows
        if not is_missing(row["longer_than_usual"]) and row["longer_than_usual"]
    ]
    told = (
        "; ".join(f"{plain(words(row['label']))} {count(row['days_since'])} days" for row in rows) or "no event at all"
    )
    return Chart(
        figure=_since(rows, narrow=False), narrow=_since(rows, narrow=True),
        title=f"Longer than usual without one: {', '.join(long)}" if long else "No measure has been without an event for longer than usual",
        alt=f"Bars: days since the last event of each measure. {told}.",
        data=make_table(
            frame,
            [Column("Measure", lambda row: plain(words(row["label"]))), Column("Events", lambda row: count(row["events"]), number=True),
             Column("Days since", lambda row: _days(row["days_since"]), number=True),
             Column("Usually between", lambda row: _days(row["median_between"]), number=True),
             Column("Limit", lambda row: _days(row["upper_between"]), number=True)],
            caption="Days since the last event, and days between two", id="chart-days-since-data",
        ),
        caption="Ticks are the upper limit of a t chart, from ten gaps on. A long time without a report is a question about reporting.",
        id="chart-days-since",
    )  # fmt: skip


def _days(value: object) -> str:
    return "[x]" if is_missing(value) else f"{float(value):.0f}"  # type: ignore[arg-type]


def _since(rows: list[Row], *, narrow: bool) -> Figure:
    if not rows:
        return message_figure("There is no event to count days from.", NARROW if narrow else WIDE)
    with theme():
        figure = new_figure(NARROW if narrow else WIDE, 0.6 + 0.28 * len(rows))
        axes = figure.subplots()
        for at, row in enumerate(rows):
            axes.barh(at, row["days_since"], color=PALE, edgecolor=MARK, height=0.6)
            if not is_missing(row["upper_between"]):
                axes.plot([row["upper_between"]] * 2, [at - 0.4, at + 0.4], color=MARK, linewidth=2)
        axes.set_yticks(range(len(rows)), [label(plain(words(row["label"])), 28) for row in rows])
        axes.invert_yaxis()
        axes.set_xlabel("days")
    return figure


def monitored(frame: pd.DataFrame, *, line: str, label_of: str) -> Chart:
    """`monitor_units` of one line: observed and expected of each unit in code order, with the ratio's exact limits."""
    own = frame[frame["line"] == line].sort_values(["clinic", "code"] if "code" in frame else ["clinic"])
    rows = own.to_dict("records")
    known = [row for row in rows if not is_missing(row["size"])]
    fired = [_unit(row) for row in rows if row["signal"]]
    told = (
        "; ".join(f"{_unit(row)} {count(row['observed'])} seen, {row['expected']:.1f} expected" for row in known)
        or "nothing to compare"
    )
    return Chart(
        figure=_ratios(known, narrow=False), narrow=_ratios(known, narrow=True),
        title=f"{label_of}: the monitor signals for {', '.join(fired)}" if fired else f"{label_of}: the monitor signals for nobody",
        alt=f"Observed ÷ expected with 95 % limits, over the newest twelve months. {told}.",
        data=make_table(
            own,
            [Column("Unit", _unit), Column("Seen", lambda row: count(row["observed"]), number=True),
             Column("Expected", lambda row: "[x]" if is_missing(row["expected"]) else f"{row['expected']:.1f}", number=True),
             Column("Evidence", lambda row: "[x]" if is_missing(row["e_value"]) else f"{row['e_value']:.2g}", number=True),
             Column("× 2 noticed", lambda row: _chance(row["power_2"]), number=True),
             Column("× 3 noticed", lambda row: _chance(row["power_3"]), number=True)],
            caption=f"{label_of}: units in the order of their codes", id=f"chart-monitored-{slug(line)}-data",
        ),
        caption="The monitor speaks at evidence of ten; lines beside the points are limits of one look and not its rule. × 2 and × 3: the "
        "chance that such a change would be noticed within a year. A difference in counts is a question, not a finding of fault.",
        id=f"chart-monitored-{slug(line)}",
    )  # fmt: skip


def _chance(value: object) -> str:
    return "[x]" if is_missing(value) else f"{float(value):.0%}"  # type: ignore[arg-type]


def _unit(row: Row) -> str:
    code = row.get("code")
    return plain(words(row["clinic"]) if is_missing(code) else f"{words(row['clinic'])} {words(code)}", 60)


def _ratios(rows: list[Row], *, narrow: bool) -> Figure:
    if not rows:
        return message_figure("There is nothing to compare yet.", NARROW if narrow else WIDE)
    with theme():
        figure = new_figure(NARROW if narrow else WIDE, 0.6 + 0.28 * len(rows))
        axes = figure.subplots()
        for at, row in enumerate(rows):
            high = row["upper"] if not is_missing(row["upper"]) else row["size"]
            axes.plot([row["lower"], min(high, 8)], [at, at], color=SOFT, linewidth=2)
            axes.plot(min(row["size"], 8), at, "D" if row["signal"] else "o", color=MARK, markersize=5)
        axes.axvline(1, color=QUIET, linewidth=1, linestyle="--")
        axes.set_yticks(range(len(rows)), [label(_unit(row), 28) for row in rows])
        axes.set_xlim(0, 8)
        axes.invert_yaxis()
        axes.set_xlabel("observed ÷ expected")
    return figure

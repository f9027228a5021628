"""Charts of what changed: days since the last one, and units beside their comparators."""

from functools import partial

import pandas as pd
from matplotlib.figure import Figure

from analysis.charts.chart import Chart
from analysis.charts.panel import panels
from analysis.charts.theme import MARK, NARROW, PALE, QUIET, SOFT, WIDE, label, message_figure, new_figure, theme
from analysis.report.numbers import count, is_missing, share
from analysis.tables import Column, Row, make_table, plain, slug, words


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
        draw=partial(_since, rows),
        title=_gap_finding(rows, long),
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


def _gap_finding(rows: list[Row], long: list[str]) -> str:
    judged = sum(not is_missing(row["longer_than_usual"]) for row in rows)
    if long:
        return f"Longer than usual without one: {', '.join(long)}"
    return (
        f"None of {judged} measures is without one for longer than usual"
        if judged
        else "Too few events to say how long is usual"
    )


def _days(value: object) -> str:
    return "[x]" if is_missing(value) else f"{float(value):.0f}"  # type: ignore[arg-type]


def _since(rows: list[Row], *, narrow: bool) -> Figure:
    if not rows:
        return message_figure("There is no event to count days from.", NARROW if narrow else WIDE)
    with theme():
        figure = new_figure(NARROW if narrow else WIDE, 0.6 + 0.28 * len(rows))
        axes = panels(figure)[0]
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
        draw=partial(_ratios, known),
        title=f"{label_of}: the monitor signals for {', '.join(fired)}" if fired else f"{label_of}: the monitor signals for nobody",
        alt=f"Observed ÷ expected with 95 % limits, over the newest twelve months. {told}.",
        data=make_table(
            own,
            [Column("Unit", _unit), Column("Seen", lambda row: count(row["observed"]), number=True),
             Column("Expected", lambda row: "[x]" if is_missing(row["expected"]) else f"{row['expected']:.1f}", number=True),
             Column("Evidence", lambda row: "[x]" if is_missing(row["e_value"]) else f"{row['e_value']:.2g}", number=True),
             Column("× 2 noticed", lambda row: share(row["power_2"]), number=True),
             Column("× 3 noticed", lambda row: share(row["power_3"]), number=True)],
            caption=f"{label_of}: units in the order of their codes", id=f"chart-monitored-{slug(line)}-data",
        ),
        caption=f"The monitor speaks at evidence of {_limit(rows)}; lines beside the points are limits of one look, "
        "not its rule. × 2 and × 3: the "
        "chance that such a change would be noticed within a year. A difference in counts is a question, not a finding of fault.",
        id=f"chart-monitored-{slug(line)}",
    )  # fmt: skip


def _limit(rows: list[Row]) -> str:
    limits = sorted({row["limit"] for row in rows if not is_missing(row.get("limit"))})
    return ", ".join(f"{limit:g}" for limit in limits) or "its limit"


def _unit(row: Row) -> str:
    code = row.get("code")
    return plain(words(row["clinic"]) if is_missing(code) else f"{words(row['clinic'])} {words(code)}", 60)


def _ratios(rows: list[Row], *, narrow: bool) -> Figure:
    if not rows:
        return message_figure("There is nothing to compare yet.", NARROW if narrow else WIDE)
    with theme():
        figure = new_figure(NARROW if narrow else WIDE, 0.6 + 0.28 * len(rows))
        axes = panels(figure)[0]
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

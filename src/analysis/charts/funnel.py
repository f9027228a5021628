"""Funnel of injectors: observed ÷ expected against what was expected, with the lines between which chance alone would leave most."""

from collections.abc import Sequence
from functools import partial

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.charts.chart import Chart
from analysis.charts.panel import panels
from analysis.charts.theme import INK, MARK, NARROW, QUIET, SOFT, WIDE, label, message_figure, new_figure, theme
from analysis.report.injectors import said_spread
from analysis.report.numbers import count, decimal, is_missing
from analysis.report.words import NO_FAULT, plural
from analysis.tables import Column, Row, make_table, plain, slug

HOW_TO_READ = (
    "Each dot is one injector with at least 5 expected and a comparator: across, what was expected, which grows with the number of "
    "courses; up, observed ÷ expected. If all were alike and what is expected were known exactly, 95 in 100 would lie between the "
    "full lines and 998 in 1,000 between the broken ones. It describes; it raises no signal."
)
_TOP = 4.0


def funnel_by_injector(
    units: pd.DataFrame, lines: pd.DataFrame, *, measure: str = "any_reaction", period: str = ""
) -> Chart:
    """`funnel_by_injector` of one measure with its `funnel_limits`; the table is in the order of clinic and code."""
    own = units[units["measure"] == measure] if len(units) else units
    own = own.sort_values(["clinic", "code"], kind="stable") if len(own) else own
    rows = own.to_dict("records")
    drawn = lines[lines["measure"] == measure] if len(lines) else lines
    name = plain(str(rows[0]["label"])) if rows else "Reactions"
    when = f", {plain(period)}" if period else ""
    identity = f"chart-funnel-{slug(name)}"
    columns = [
        Column("Injector", who, code=True),
        Column("Observed", "observed", number=True),
        Column("Expected", lambda row: decimal(row["expected"]), number=True),
        Column("Observed ÷ expected", lambda row: decimal(row["ratio"], 2), number=True),
        Column("95 in 100 by chance", lambda row: said_spread(row), number=True),
        Column("998 in 1,000 by chance", lambda row: said_spread(row, "998"), number=True),
    ]
    widened = (
        " The lines are widened for the spread between injectors." if rows and rows[0]["method"] == "additive" else ""
    )
    return Chart(
        draw=partial(_draw, rows, drawn),
        title=f"{name}, funnel by injector: {_finding(rows)}",
        alt=_alt(rows, f"{name}{when}"),
        data=make_table(
            own, columns, caption=f"{name}: funnel by injector{when}", id=f"{identity}-data", empty="No injector can be drawn."
        ),
        caption=f"{name}{when}. {HOW_TO_READ}{widened} {NO_FAULT}", id=identity,
    )  # fmt: skip


def who(row: Row) -> str:
    """`Harbour J-7QKD`."""
    return f"{plain(str(row['clinic']), 40)} {plain(str(row['code']), 20)}"


def _outside(row: Row) -> bool:
    return not is_missing(row["ratio"]) and not row["lower95"] <= row["ratio"] <= row["upper95"]


def _finding(rows: Sequence[Row]) -> str:
    if not rows:
        return "nobody has 5 expected and a comparator"
    outside = sum(map(_outside, rows))
    said = "all between the lines of 95 in 100" if not outside else f"{count(outside)} outside the lines of 95 in 100"
    return f"{plural(len(rows), 'injector')} drawn, {said}, where chance alone would leave about {decimal(0.05 * len(rows))}"


def _alt(rows: Sequence[Row], subject: str) -> str:
    if not rows:
        return f"Empty funnel. {subject}: no injector can be drawn."
    each = [
        f"{who(row)}: {count(row['observed'])} observed, {decimal(row['expected'])} expected, {decimal(row['ratio'], 2)}, "
        f"lines of 95 in 100 {said_spread(row)}"
        for row in rows
    ]
    return f"Scatter of observed ÷ expected against expected, in code order. {subject}. {'; '.join(each)}."


def _draw(rows: Sequence[Row], lines: pd.DataFrame, *, narrow: bool) -> Figure:
    width = NARROW if narrow else WIDE
    if not rows:
        return message_figure("No injector has 5 expected and a comparator.", width)
    with theme():
        figure = new_figure(width, 2.9 if narrow else 3.2)
        axes = panels(figure)[0]
        reach = max([2.0, *(float(row["ratio"]) for row in rows if not is_missing(row["ratio"]))])
        top = min(_TOP, reach * 1.15)
        axes.set_ylim(0, top)
        axes.grid(axis="y")
        axes.spines["left"].set_visible(False)
        axes.tick_params(length=0)
        axes.set_xlabel("expected", loc="left")
        axes.set_ylabel("observed ÷ expected")
        axes.axhline(1, color=QUIET, linewidth=1.2)
        for name, style in (("95", "-"), ("998", "--")):
            for side in ("lower", "upper"):
                axes.plot(lines["expected"], lines[f"{side}{name}"], linestyle=style, color=SOFT, linewidth=1.1)
        _points(axes, rows, top)
    return figure


def _points(axes: Axes, rows: Sequence[Row], top: float) -> None:
    """Dots of one colour with their codes; one above the drawing is an arrow at its edge."""
    middle = sum(axes.get_xlim()) / 2
    for row in rows:
        if is_missing(row["ratio"]):
            continue
        x, y = float(row["expected"]), float(row["ratio"])
        shape = "^" if y > top else "o"
        axes.plot([x], [min(y, top)], shape, color=MARK, markersize=6.5, zorder=3, clip_on=False)
        side = "right" if x > middle else "left"
        text = f" {label(str(row['code']), 12, 1)} "
        ground = {"facecolor": "white", "linewidth": 0, "pad": 0.4, "alpha": 0.85}
        axes.text(x, min(y, top) + top * 0.04, text, ha=side, va="bottom", size=7.5, color=INK, zorder=2, bbox=ground)

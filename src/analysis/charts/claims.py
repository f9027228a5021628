"""Statements by verdict: one line each in the article's order, a mark in the column of its verdict."""

from collections.abc import Sequence
from functools import partial

import pandas as pd
from matplotlib.figure import Figure

from analysis.charts.chart import Chart
from analysis.charts.panel import panels
from analysis.charts.theme import HAIRLINE, INK, MARK, NARROW, QUIET, WIDE, label, message_figure, new_figure, theme
from analysis.report.claims import effect
from analysis.report.words import plural
from analysis.tables import Column, Row, make_table, plain

_VERDICTS = ("supported", "cannot tell", "contradicted", "not estimable")
_SHORT = ("supported", "cannot\ntell", "contra-\ndicted", "not\nestimable")


def statements_by_verdict(frame: pd.DataFrame, *, period: str = "") -> Chart:
    """`article_claims` as a grid of statement × verdict."""
    rows = frame.to_dict("records")
    counts = {verdict: sum(row["verdict"] == verdict for row in rows) for verdict in _VERDICTS}
    subject = "The article’s statements and these logs"
    period = f", {plain(period)}" if period else ""
    columns = [
        Column("Statement", lambda row: f"{row['claim']}. {row['statement']}"),
        Column("Verdict", "verdict"),
        Column("Effect (interval)", effect, number=True),
    ]
    return Chart(
        draw=partial(_draw, rows),
        title=f"{subject}: {_finding(counts, len(rows))}",
        alt=_alt(rows, counts, f"{subject}{period}"),
        data=make_table(frame, columns, caption=f"{subject}{period}", id="chart-article-claims-data"),
        caption=f"{subject}{period}. “Cannot tell” means that the interval leaves it open, or that too few patients were asked or "
        "too few fields are filled; it is no verdict against a statement.",
        id="chart-article-claims",
    )


def _finding(counts: dict[str, int], n: int) -> str:
    if not n:
        return "nothing to hold them against"
    return (
        f"{counts['supported']} supported, {counts['contradicted']} contradicted, "
        f"{counts['cannot tell']} cannot be told, {counts['not estimable']} not for a log to answer"
    )


def _alt(rows: Sequence[Row], counts: dict[str, int], subject: str) -> str:
    if not rows:
        return f"Empty chart. {subject}: no rows."
    each = "; ".join(
        f"{verdict}: " + (", ".join(str(row["claim"]) for row in rows if row["verdict"] == verdict) or "none")
        for verdict in _VERDICTS
    )
    return f"Grid of {plural(len(rows), 'statement')} by verdict. {subject}. Numbers of the statements, {each}."


def _draw(rows: Sequence[Row], *, narrow: bool) -> Figure:
    width = NARROW if narrow else WIDE
    if not rows:
        return message_figure("There is nothing to draw.", width)
    with theme():
        figure = new_figure(width, 0.9 + len(rows) * (0.46 if narrow else 0.3))
        axes = panels(figure)[0]
        axes.set_xlim(-0.5, len(_VERDICTS) - 0.5)
        axes.set_ylim(len(rows) - 0.5, -0.6)
        axes.xaxis.tick_top()
        axes.set_xticks(range(len(_VERDICTS)), _SHORT, size=7.0 if narrow else 8.5)
        names = [
            label(f"{row['claim']}. {plain(str(row['statement']))}", 22 if narrow else 48, 3 if narrow else 2)
            for row in rows
        ]
        axes.set_yticks(range(len(rows)), names, color=INK, size=6.5 if narrow else 8.5)
        axes.tick_params(length=0)
        for side in ("left", "bottom"):
            axes.spines[side].set_visible(False)
        for y, row in enumerate(rows):
            axes.axhline(y, color=HAIRLINE, linewidth=0.7)
            decided = row["verdict"] in ("supported", "contradicted")
            x = _VERDICTS.index(row["verdict"])
            axes.plot(
                [x],
                [y],
                "o",
                color=MARK if decided else QUIET,
                markerfacecolor=MARK if decided else "white",
                markersize=7,
            )
    return figure

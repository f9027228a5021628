"""What was reported, by category and sub-code, as bars of counts."""

from functools import partial

import pandas as pd
from matplotlib.figure import Figure

from analysis.charts.chart import Chart
from analysis.charts.panel import panels
from analysis.charts.theme import INK, MARK, NARROW, QUIET, WIDE, label, message_figure, new_figure, theme
from analysis.report.numbers import count, month
from analysis.report.words import plural
from analysis.tables import Column, Row, make_table, plain


def counts_by_category(frame: pd.DataFrame, *, month_reported: str | None = None) -> Chart:
    """`counts_by_category` as bars in the order of the taxonomy: linked episodes filled, unlinked ones hatched.

    Sub-codes with no episode are left out of the drawing and kept in the table.
    """
    rows = [row for row in frame.to_dict("records") if _number(row, "episodes") > 0]
    period = f" in {month(month_reported)}" if month_reported else ""
    identity = "chart-counts-by-category"
    columns = [
        Column("Reaction", "sub_label"),
        Column("Category", "label"),
        Column("Episodes", "episodes", number=True),
        Column("Linked to a session", "linked", number=True),
        Column("Without a session", "unlinked", number=True),
    ]
    return Chart(
        draw=partial(_draw, rows),
        title=_finding(rows, period),
        alt=_alt(rows, period),
        data=make_table(frame, columns, caption=f"Episodes reported{period}, by category", id=f"{identity}-data"),
        caption="Counts of episodes by month of report, in the order of the taxonomy. "
        "Hatched: without a session (not linked, or of a clinic that sends monthly totals).",
        id=identity,
    )


def _number(row: Row, name: str) -> int:
    value = row.get(name)
    return 0 if value is None or pd.isna(value) else int(value)


def _draw(rows: list[Row], *, narrow: bool) -> Figure:
    width = NARROW if narrow else WIDE
    if not rows:
        return message_figure("No episode was reported.", width)
    with theme():
        figure = new_figure(width, 0.35 + len(rows) * (0.46 if narrow else 0.27))
        axes = panels(figure)[0]
        axes.set_xlim(0, max(_number(row, "episodes") for row in rows) * 1.12)
        axes.set_ylim(len(rows) - 0.4, -0.75)
        axes.set_xticks([])
        axes.set_yticks([])
        for side in ("left", "bottom"):
            axes.spines[side].set_visible(False)
        for y, row in enumerate(rows):
            linked, unlinked = _number(row, "linked"), _number(row, "unlinked")
            axes.barh(y, linked, 0.34 if narrow else 0.6, color=MARK)
            axes.barh(
                y, unlinked, 0.34 if narrow else 0.6, left=linked, facecolor="white", edgecolor=MARK, hatch="/////"
            )
            axes.text(_number(row, "episodes"), y, f"  {count(row['episodes'])}", va="center", size=8.0, color=INK)
            name = plain(str(row["sub_label"]))
            if narrow:
                axes.text(0, y - 0.42, label(name, 44, 1), size=7.5, color=INK, va="center")
            else:
                axes.text(0, y, label(name, 40, 1) + "  ", ha="right", va="center", color=INK, size=8.5)
        axes.axvline(0, color=QUIET, linewidth=0.8)
    return figure


def _finding(rows: list[Row], period: str) -> str:
    if not rows:
        return f"No episode was reported{period}: this is not the same as none occurred"
    most = max(rows, key=lambda row: _number(row, "episodes"))
    return f"Reported most often{period}: {plain(str(most['sub_label']))}, {plural(most['episodes'], 'episode')}"


def _alt(rows: list[Row], period: str) -> str:
    if not rows:
        return f"Empty chart. No episode was reported{period}."
    each = "; ".join(f"{plain(str(row['sub_label']))} {count(row['episodes'])}" for row in rows)
    return f"Bar chart of episodes reported{period}, in the order of the taxonomy: {each}."

"""How long first entries take to arrive, by clinic: the median as a dot, nine in ten as the end of the line."""

from functools import partial

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from analysis.charts.chart import Chart
from analysis.charts.rows import row_figure, write_numbers, write_words
from analysis.charts.theme import INK, MARK, NARROW, WIDE, message_figure, theme
from analysis.report.numbers import count, is_missing
from analysis.report.words import plural
from analysis.tables import Column, Row, make_table, plain, slug

HOW_TO_READ = (
    "Days from treatment to the first entry of linked sessions, allowing for entries still to come. The dot is the median, the end of "
    "the line the day by which nine in ten have come. Under five entries nothing is drawn."
)


def reporting_lag(frame: pd.DataFrame, *, measure: str = "any_reaction") -> Chart:
    """`lag_by_clinic` of one measure, clinics in the order of their names."""
    own = frame[frame["measure"] == measure] if len(frame) else frame
    rows = own.to_dict("records")
    name = plain(str(rows[0]["label"])) if rows else "Reactions"
    identity = f"chart-lag-{slug(name)}"
    columns = [
        Column("Clinic", "clinic"),
        Column("First entries", "reports", number=True),
        Column("Median, days", lambda row: _days(row, "median"), number=True),
        Column("Nine in ten within, days", lambda row: _days(row, "p90"), number=True),
        Column("Remark", lambda row: "none" if is_missing(row.get("reason")) else str(row["reason"])),
    ]
    return Chart(
        draw=partial(_draw, rows), title=f"{name}: {_finding(rows)}", alt=_alt(rows, name),
        data=make_table(own, columns, caption=f"{name}: days from treatment to the first entry", id=f"{identity}-data"),
        caption=f"{name}, every month so far. {HOW_TO_READ}", id=identity,
    )  # fmt: skip


def _days(row: Row, name: str) -> str:
    return "[z]" if is_missing(row.get(name)) else count(row[name])


def _known(rows: list[Row]) -> list[Row]:
    return [row for row in rows if not is_missing(row.get("median"))]


def _range(rows: list[Row], name: str) -> str:
    low, high = (find(row[name] for row in rows) for find in (min, max))
    return count(low) if low == high else f"{count(low)} to {count(high)}"


def _finding(rows: list[Row]) -> str:
    known = _known(rows)
    if not known:
        return "too few entries to say how long they take"
    return (
        f"half of the first entries came within {_range(known, 'median')} days of treatment, nine in ten within {_range(known, 'p90')}"
    )  # fmt: skip


def _said(row: Row) -> str:
    many = plural(row.get("reports"), "entry", "entries")
    if is_missing(row.get("median")):
        return f"{many}, {plain(str(row['reason'])) if not is_missing(row.get('reason')) else 'not known'}"
    return f"{many}, median {_days(row, 'median')} days, nine in ten within {_days(row, 'p90')}"


def _alt(rows: list[Row], name: str) -> str:
    if not rows:
        return f"Empty chart. {name}: no clinic."
    each = "; ".join(f"{plain(str(row['clinic']))}: {_said(row)}" for row in rows)
    return f"Dot chart of days from treatment to the first entry by clinic. {name}. {each}."


def _draw(rows: list[Row], *, narrow: bool) -> Figure:
    if not rows:
        return message_figure("There is nothing to draw.", NARROW if narrow else WIDE)
    with theme():
        figure, axes = row_figure([plain(str(row["clinic"])) for row in rows], narrow=narrow)
        axes.set_xlim(0, max([14.0, *(float(row["p90"]) for row in _known(rows))]) * 1.06)
        axes.xaxis.set_major_locator(MaxNLocator(6, integer=True))
        axes.set_xlabel("days from treatment to the first entry", loc="left")
        for y, row in enumerate(rows):
            if is_missing(row.get("median")):
                write_words(axes, y, _said(row), narrow=narrow)
                continue
            axes.plot([row["median"], row["p90"]], [y, y], color=MARK, linewidth=1.6)
            axes.plot([row["p90"]], [y], "|", color=MARK, markersize=10, markeredgewidth=1.6)
            axes.plot([row["median"]], [y], "o", color=MARK, markersize=7, zorder=3)
            numbers = f"half {_days(row, 'median')} · nine in ten {_days(row, 'p90')} · n {count(row['reports'])}"
            write_numbers(axes, y, numbers, narrow=narrow)
        axes.axvline(0, color=INK, linewidth=0.6)
    return figure

"""How soon reactions were over, by category: the share recovered by some days after onset, open cases while they were followed."""

from collections.abc import Callable
from functools import partial

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.charts.chart import Chart
from analysis.charts.months import month_grid
from analysis.charts.theme import INK, MARK, NARROW, QUIET, SOFT, WIDE, label, message_figure, theme
from analysis.report.numbers import count, is_missing, percent, share
from analysis.report.words import plural, short_label
from analysis.tables import Column, Row, Table, make_table, plain

HOW_TO_READ = (
    "Dots are the share recovered by that day after onset, lines its 95 % interval (Kaplan–Meier). An open case counts until the last "
    "entry that says it was still there. Where outcomes are missing the share rests on the cases somebody followed: recovery may "
    "be written down more often than its absence."
)


def recovery_by_category(frame: pd.DataFrame, *, period: str = "") -> Chart:
    """`recovery_by_category` as one small chart per category that has a share; the others in words."""
    of_category: dict[str, list[Row]] = {}
    for row in frame.to_dict("records"):
        of_category.setdefault(str(row["label"]), []).append(row)
    drawn = {name: rows for name, rows in of_category.items() if any(not is_missing(row["share"]) for row in rows)}
    when = f", {period}" if period else ""
    identity = "chart-recovery"
    return Chart(
        draw=partial(_draw, drawn), title=_finding(drawn), alt=_alt(of_category, when),
        data=_data(of_category, f"Share recovered by day after onset{when}", f"{identity}-data"),
        caption=f"Recovery by category{when}. {HOW_TO_READ} {_without(of_category, drawn)}".strip(), id=identity,
    )  # fmt: skip


def _data(of_category: dict[str, list[Row]], caption: str, identity: str) -> Table:
    """A row per category, a column per day."""
    rows = pd.DataFrame([
        {"label": name, "episodes": own[0]["episodes"], "known": _known(own[0]), "by_day": {row["day"]: row for row in own}}
        for name, own in of_category.items()
    ])  # fmt: skip
    days = sorted({row["day"] for own in of_category.values() for row in own if not is_missing(row["day"])})
    columns = [
        Column("Category", "label"),
        Column("Episodes", "episodes", number=True),
        Column("With known outcome", "known", number=True),
        *(Column(f"By day {day}", _by(day), number=True) for day in days),
    ]
    note = "Recovered (95 % interval); how many were followed to the day, or had recovered."
    return make_table(rows, columns, caption=caption, id=identity, note=note)


def _by(day: int) -> Callable[[Row], str]:
    def cell(row: Row) -> str:
        own = row["by_day"].get(day)
        if own is None or is_missing(own.get("share")):
            return "[z]" if own is None else _why([own])
        return f"{_said(own)}\n{count(own.get('followed'))} followed"

    return cell


def _said(row: Row) -> str:
    if is_missing(row.get("share")):
        return "[z]"
    return f"{share(row['share'])} ({share(row['lower'])} to {share(row['upper'])})"


def _known(row: Row) -> str:
    return f"{count(row.get('known'))} ({percent(row.get('known'), row.get('episodes'))})".replace(" ([x])", "")


def _why(rows: list[Row]) -> str:
    return "not known" if is_missing(rows[0].get("reason")) else plain(str(rows[0]["reason"]))


def _at(rows: list[Row], day: int = 28) -> Row | None:
    return next((row for row in rows if row["day"] == day and not is_missing(row["share"])), None)


def _finding(drawn: dict[str, list[Row]]) -> str:
    found = [(short_label(name), row) for name, rows in drawn.items() if (row := _at(rows))]
    if not found:
        return "Recovery: too few episodes were followed to say how soon they were over"
    each = ", ".join(f"{name} {share(row['share'])}" for name, row in found)
    return f"Recovered within 28 days of onset: {each}"


def _alt(of_category: dict[str, list[Row]], when: str) -> str:
    if not of_category:
        return "Empty chart. Share recovered: no categories."
    parts = []
    for name, rows in of_category.items():
        known = [row for row in rows if not is_missing(row["share"])]
        each = "; ".join(f"day {row['day']} {_said(row)}" for row in known) or f"no share, {_why(rows)}"
        head = f"{short_label(name)}, {plural(rows[0]['episodes'], 'episode')}"
        parts.append(f"{head}, {_known(rows[0])} with known outcome: {each}.")
    return f"Small charts of the share recovered by days after onset{when}. {' '.join(parts)}"


def _without(of_category: dict[str, list[Row]], drawn: dict[str, list[Row]]) -> str:
    left = [f"{short_label(name)} ({_why(rows)})" for name, rows in of_category.items() if name not in drawn]
    return f"Not drawn: {', '.join(left)}." if left else ""


def _draw(drawn: dict[str, list[Row]], *, narrow: bool) -> Figure:
    if not drawn:
        return message_figure("There is nothing to draw: too few episodes were followed.", NARROW if narrow else WIDE)
    with theme():
        figure, panels = month_grid(len(drawn), narrow=narrow, each=1.7)
        for axes, (name, rows) in zip(panels, drawn.items(), strict=True):
            _panel(axes, name, rows)
    return figure


def _panel(axes: Axes, name: str, rows: list[Row]) -> None:
    known = [row for row in rows if not is_missing(row["share"])]
    place = {row["day"]: at for at, row in enumerate(rows)}
    axes.set_xlim(-0.5, len(rows) - 0.5)
    axes.set_ylim(-9, 112)
    axes.spines["bottom"].set_visible(False)
    axes.set_xticks(list(place.values()), [str(day) for day in place])
    axes.set_yticks([0, 50, 100], ["0 %", "50 %", "100 %"])
    axes.tick_params(labelsize=7.5, length=0, labelbottom=True)
    axes.grid(axis="y")
    axes.spines["left"].set_visible(False)
    axes.set_title(label(short_label(name), 40, 1), size=8.5, y=1.0, pad=14)
    followed = f"{plural(rows[0]['episodes'], 'episode')}, outcome known of {_known(rows[0])}"
    axes.text(0, 1.04, followed, transform=axes.transAxes, size=7.5, color=QUIET)
    axes.set_xlabel("days after onset", loc="left", size=7.5)
    axes.plot([place[row["day"]] for row in known], [100 * row["share"] for row in known], color=SOFT, linewidth=1.0)
    for row in known:
        at = place[row["day"]]
        axes.plot([at, at], [100 * row["lower"], 100 * row["upper"]], color=MARK, linewidth=1.6)
        axes.plot([at], [100 * row["share"]], "o", color=MARK, markersize=5.5, zorder=3, clip_on=False)
        off = 8 if row["share"] < 0.15 else -9
        axes.text(at + 0.08, 100 * row["share"] + off, share(row["share"]), size=7.5, color=INK, va="center")
    for day in place.keys() - {row["day"] for row in known}:
        axes.text(place[day], 4, "not\nfollowed", ha="center", size=7, color=QUIET)

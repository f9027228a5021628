"""Mixes as bars of shares: how severe episodes were said to be, and how sessions were followed up. Counts are printed, patterns differ."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from analysis.charts.chart import Chart
from analysis.charts.rows import row_figure, write_numbers, write_words
from analysis.charts.theme import INK, MARK, NARROW, PALE, QUIET, WIDE, message_figure, theme
from analysis.report.numbers import count, is_missing, percent
from analysis.report.words import plural, short_label
from analysis.tables import Column, Row, Table, make_table, plain

GRADES = {"mild": "mild", "moderate": "moderate", "severe": "severe", "not stated": "not stated"}
KINDS = {
    "scheduled": "scheduled, days 10–28", "other_days": "scheduled, other days", "patient_initiated": "patient came by themselves",
    "none": "none", "unknown": "not recorded",
}  # fmt: skip
_LOOKS: tuple[dict[str, str], ...] = (
    {"facecolor": MARK, "edgecolor": MARK}, {"facecolor": "white", "edgecolor": MARK, "hatch": "//////"},
    {"facecolor": PALE, "edgecolor": MARK}, {"facecolor": "white", "edgecolor": MARK, "hatch": "......"},
    {"facecolor": "white", "edgecolor": QUIET},
)  # fmt: skip
"""Filled, striped, pale, dotted, empty: told apart without colour."""

Parts = Mapping[str, int]


@dataclass(frozen=True)
class _Mix:
    """What a mix is of: the words of its parts (by key), how each looks, and what is counted."""

    words: Mapping[str, str]
    looks: Mapping[str, dict[str, str]]
    noun: str
    by: str


_SEVERITY = _Mix(
    GRADES, dict(zip(GRADES, (_LOOKS[2], _LOOKS[1], _LOOKS[0], _LOOKS[4]), strict=True)), "episode", "category"
)
_FOLLOWUP = _Mix(
    KINDS, dict(zip(KINDS, (_LOOKS[0], _LOOKS[1], _LOOKS[2], _LOOKS[3], _LOOKS[4]), strict=True)), "session", "clinic"
)


def severity_by_category(frame: pd.DataFrame, *, period: str = "") -> Chart:
    """`severity_by_category` as bars; episodes nobody graded are a part of their own."""
    groups = _groups(frame, "label", "grade", "episodes")
    graded = {name: sum(own.values()) - own.get("not stated", 0) for name, own in groups.items()}
    many, whole = sum(graded.values()), sum(sum(own.values()) for own in groups.values())
    title = "Severity: no episode to show"
    if whole:
        title = f"Severity is stated for {count(many)} of {plural(whole, 'episode')}; {count(_total(groups, 'severe'))} severe"
    note = "Severity as the words or the field say it (mild, moderate, severe); it is not seriousness. What nobody graded is not mild."
    return _chart(
        groups, _SEVERITY, title=title, subject="Severity by category", period=period, note=note, id="chart-severity"
    )


def followup_by_clinic(frame: pd.DataFrame, *, period: str = "") -> Chart:
    """`followup_mix_by_clinic` as bars; only a scheduled contact on days 10–28 counts as having been asked."""
    groups = _groups(frame, "clinic", "kind", "sessions")
    whole = sum(sum(own.values()) for own in groups.values())
    title = "Follow-up: no session to show"
    if whole:
        asked = _total(groups, "scheduled")
        title = (
            f"Scheduled follow-up on days 10–28: {count(asked)} of {plural(whole, 'session')}, {percent(asked, whole)}"
        )
    note = "Only a scheduled contact on days 10–28 counts as having been asked. Clinics that send monthly totals record none."
    return _chart(
        groups, _FOLLOWUP, title=title, subject="Follow-up by clinic", period=period, note=note, id="chart-followup"
    )


def _groups(frame: pd.DataFrame, name: str, part: str, number: str) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for row in frame.to_dict("records"):
        value = row[number]
        found.setdefault(plain(str(row[name])), {})[str(row[part])] = 0 if is_missing(value) else int(value)
    return found


def _total(groups: Mapping[str, Parts], part: str) -> int:
    return sum(own.get(part, 0) for own in groups.values())


def _chart(
    groups: Mapping[str, Parts], mix: _Mix, *, title: str, subject: str, period: str, note: str, id: str
) -> Chart:
    when = f", {plain(period)}" if period else ""
    shown = [part for part in mix.words if part != "other_days" or _total(groups, part)]
    return Chart(
        draw=partial(_draw, groups, mix, shown), title=title,
        alt=_alt(groups, mix, shown, f"{subject}{when}"), data=_data(groups, mix, shown, f"{subject}{when}", id),
        caption=f"{subject}{when}. {note}", id=id,
    )  # fmt: skip


def _alt(groups: Mapping[str, Parts], mix: _Mix, shown: Sequence[str], subject: str) -> str:
    each = [
        f"{short_label(name)}, {plural(sum(own.values()), mix.noun)}: "
        + ", ".join(f"{mix.words[part]} {count(own.get(part, 0))}" for part in shown)
        for name, own in groups.items()
    ]
    return f"Stacked bars of shares. {subject}. {'; '.join(each)}." if each else f"Empty chart. {subject}: no rows."


def _data(groups: Mapping[str, Parts], mix: _Mix, shown: Sequence[str], caption: str, id: str) -> Table:
    rows = pd.DataFrame([{"name": name, "all": sum(own.values()), **own} for name, own in groups.items()])
    columns = [Column(mix.by.capitalize(), "name"), Column(f"{mix.noun.capitalize()}s", "all", number=True)]
    columns += [Column(mix.words[part][:1].upper() + mix.words[part][1:], _cell(part), number=True) for part in shown]
    return make_table(rows, columns, caption=caption, id=f"{id}-data")


def _cell(part: str):  # type: ignore[no-untyped-def]
    def cell(row: Row) -> str:
        return f"{count(row.get(part, 0))} ({percent(row.get(part, 0), row['all'])})" if row["all"] else "0"

    return cell


def _draw(groups: Mapping[str, Parts], mix: _Mix, shown: Sequence[str], *, narrow: bool) -> Figure:
    if not groups:
        return message_figure("There is nothing to draw.", NARROW if narrow else WIDE)
    with theme():
        figure, axes = row_figure([short_label(name) for name in groups], narrow=narrow, head=1.15 if narrow else 0.85)
        axes.set_xlim(0, 100)
        axes.set_xticks([0, 50, 100], ["0 %", "50 %", "100 %"])
        for y, own in enumerate(groups.values()):
            _bar(axes, y, own, mix, shown, narrow)
        handles = [Patch(label=mix.words[part], linewidth=0.8, **mix.looks[part]) for part in shown]  # type: ignore[arg-type]
        figure.legend(
            handles=handles, loc="outside upper left", ncols=2 if narrow else len(shown), frameon=False, fontsize=7.5,
            handlelength=1.4, columnspacing=1.0, borderpad=0.1, labelcolor=INK,
        )  # fmt: skip
    return figure


def _bar(axes: Axes, y: int, own: Parts, mix: _Mix, shown: Sequence[str], narrow: bool) -> None:
    whole, left = sum(own.values()), 0.0
    if not whole:
        write_words(axes, y, f"no {mix.noun}", narrow=narrow)
        return
    for part in shown:
        wide = 100 * own.get(part, 0) / whole
        if not wide:
            continue
        axes.barh(y, wide, 0.46 if narrow else 0.56, left=left, linewidth=0.8, **mix.looks[part])  # type: ignore[arg-type]
        if wide > (12 if narrow else 7):
            ground = {"boxstyle": "square,pad=0.12", "linewidth": 0, "facecolor": "white"}
            dark = mix.looks[part]["facecolor"] == MARK
            axes.text(
                left + wide / 2, y, count(own[part]), ha="center", va="center", size=8.0,
                color="white" if dark else INK, bbox=None if dark or "hatch" not in mix.looks[part] else ground,
            )  # fmt: skip
        left += wide
    write_numbers(axes, y, plural(whole, mix.noun), narrow=narrow)

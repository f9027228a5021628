"""Frequency charts: how often a measure was reported, by treatment type, area, product or injector."""

from collections.abc import Sequence
from functools import partial

import pandas as pd

from analysis.charts.chart import Chart
from analysis.charts.dots import AcrossLine, DotRow, draw_dots
from analysis.measures import ReferenceLine, reference_lines
from analysis.report.numbers import count, decimal, is_missing, per_thousand
from analysis.report.rates import Rate
from analysis.report.words import NO_FAULT
from analysis.tables import Column, Row, Table, make_table, plain, slug

HOW_TO_READ = "Dots are rates per 1,000 sessions, lines their 95 % intervals. Under 100 sessions no rate is drawn."


def frequency_by_treatment_type(frame: pd.DataFrame, *, measure: str | None = None, period: str = "") -> Chart:
    """`rates_by_treatment_type` as dots with intervals; `measure` defaults to the first of the frame.

    `period` says in words which months the frame is made of.
    """
    chosen, measure_label = _one_measure(frame, measure)
    name = str(chosen["measure"].iloc[0]) if len(chosen) else ""
    published = [line for line in reference_lines(per="session") if line.measure == name]
    return _chart(
        chosen, "type_label", by="treatment type", measure_label=measure_label, period=period,
        lines=[AcrossLine(10 * line.percent, f"published: {per_thousand(line.percent / 100)}", ":") for line in published],
        note=" ".join(published_note(line) for line in published),
    )  # fmt: skip


def frequency_by_area(frame: pd.DataFrame, *, measure: str | None = None, period: str = "") -> Chart:
    """`rates_by_area` as dots with intervals."""
    return _frequency(frame, "area_label", "area", measure, period)


def frequency_by_product(frame: pd.DataFrame, *, measure: str | None = None, period: str = "") -> Chart:
    """`rates_by_product` as dots with intervals."""
    return _frequency(frame, "product_label", "product", measure, period)


def published_note(line: ReferenceLine) -> str:
    """What a published line is of, per what, and where it comes from: it never stands without."""
    many = f"{count(line.of)} sessions" if line.of else "sessions"
    return (
        f"Dotted line, published: {per_thousand(line.percent / 100)} per 1,000 sessions ({line.what}; {many}; {line.source}). "
        "Who is asked, and how, differs from here."
    )


def frequency_by_injector(
    frame: pd.DataFrame, *, measure: str | None = None, period: str = "", oe: pd.DataFrame | None = None,
    group: pd.DataFrame | None = None,
) -> Chart:  # fmt: skip
    """`rates_by_injector` as dots with intervals, in code order; never ordered by value and in one colour.

    `oe` (`oe_by_injector`) puts observed and expected per course beside each, `group` (`rates_in_window`) a line for all sessions.
    """
    chosen, measure_label = _one_measure(frame, measure)
    ordered = chosen.sort_values(["clinic", "code"], kind="stable") if len(chosen) else chosen
    several = len(set(ordered.get("clinic", ()))) > 1
    return _chart(
        _with_expected(ordered, oe).assign(unit_label=[_injector(row, several) for row in ordered.to_dict("records")]),
        "unit_label",
        by="injector",
        measure_label=measure_label,
        period=period,
        lines=_group_line(group, ordered),
        note=f"Not adjusted for case mix or follow-up: who asks more hears more. {NO_FAULT}",
    )


def _with_expected(ordered: pd.DataFrame, oe: pd.DataFrame | None) -> pd.DataFrame:
    """Observed and expected of each injector in words, where they are given; `[z]` where nobody can be compared with them."""
    if oe is None or ordered.empty or oe.empty:
        return ordered
    own = oe[oe["measure"] == ordered["measure"].iloc[0]]
    said = {
        (row["clinic"], row["code"]): "[z]"
        if is_missing(row.get("expected"))
        else f"{count(row['observed'])} / {decimal(row['expected'])}"
        for row in own.to_dict("records")
    }
    return ordered.assign(more=[said.get(key, "[z]") for key in zip(ordered["clinic"], ordered["code"], strict=True)])


def _group_line(group: pd.DataFrame | None, ordered: pd.DataFrame) -> list[AcrossLine]:
    if group is None or group.empty or ordered.empty:
        return []
    own = group[group["measure"] == ordered["measure"].iloc[0]].to_dict("records")
    rates = [Rate.of(row) for row in own]
    return [
        AcrossLine(1000 * rate.rate, f"all: {rate.value}") for rate in rates if rate.drawn and rate.rate is not None
    ]


def _frequency(frame: pd.DataFrame, column: str, by: str, measure: str | None, period: str) -> Chart:
    chosen, measure_label = _one_measure(frame, measure)
    return _chart(chosen, column, by=by, measure_label=measure_label, period=period)


def _chart(
    frame: pd.DataFrame, column: str, *, by: str, measure_label: str, period: str, note: str = "", lines: Sequence[AcrossLine] = (),
) -> Chart:  # fmt: skip
    rows = [DotRow(plain(str(row[column])), Rate.of(row), _more(row)) for row in frame.to_dict("records")]
    subject = f"{measure_label} by {by}"
    period = f", {plain(period)}" if period else ""
    identity = f"chart-{slug(subject)}"
    unit = "per 1,000 sessions"
    return Chart(
        draw=partial(draw_dots, rows, unit=unit, lines=lines),
        title=f"{subject}: {_finding(rows, by)}",
        alt=_alt(rows, subject, period, lines),
        data=_data(frame, column, by, f"{subject}{period}", identity),
        caption=" ".join(part for part in (f"{subject}{period}. {HOW_TO_READ}", note) if part),
        id=identity,
    )


def _one_measure(frame: pd.DataFrame, measure: str | None) -> tuple[pd.DataFrame, str]:
    if frame.empty:
        return frame, "Reactions"
    chosen = frame[frame["measure"] == (measure or frame["measure"].iloc[0])]
    return chosen, plain(str(chosen["label"].iloc[0])) if len(chosen) else "Reactions"


def _injector(row: Row, several_clinics: bool) -> str:
    name = "" if is_missing(row.get("name")) else f" {row['name']}"
    return f"{row['clinic']} {row['code']}{name}" if several_clinics else f"{row['code']}{name}"


def _finding(rows: Sequence[DotRow], by: str) -> str:
    """What the figure shows, in words that name no row as better or worse than another."""
    rates = [row.rate for row in rows if row.rate.drawn]
    if not rows:
        return "nothing to show"
    if not rates:
        return "no rate can be shown"
    if all(rate.kind == "zero" for rate in rates):
        return "none reported where a rate can be shown"
    if len(rates) == 1:
        return rates[0].said
    if by == "injector":
        # A range names nobody and claims no difference: neither case mix nor follow-up is taken into account here.
        low, high = min(rates, key=lambda rate: rate.rate or 0.0), max(rates, key=lambda rate: rate.rate or 0.0)
        many = f"{len(rates)} of {len(rows)} with 100 or more sessions"
        return f"{many}, {per_thousand(low.rate)} to {per_thousand(high.rate)} per 1,000 before any adjustment"
    together = max(rate.lower or 0.0 for rate in rates) <= min(rate.upper or 0.0 for rate in rates)
    overlap = "all overlap" if together else "do not all overlap"
    return f"the intervals of the {len(rates)} {by}s with 100 or more sessions {overlap}"


def _more(row: Row) -> str:
    """`observed / expected`, as it stands beside a row."""
    return "" if is_missing(row.get("more")) or row["more"] == "[z]" else f"observed / expected {row['more']}"


def _alt(rows: Sequence[DotRow], subject: str, period: str, lines: Sequence[AcrossLine]) -> str:
    if not rows:
        return f"Empty chart. {subject}{period}: no rows."
    each = "; ".join(", ".join(filter(None, (f"{row.label}: {row.rate.said}", row.more))) for row in rows)
    across = "".join(f" Line over all rows, {line.words} per 1,000." for line in lines)
    return f"Dot chart with 95 % intervals. {subject}{period}. {each}.{across}"


def _data(frame: pd.DataFrame, column: str, by: str, caption: str, identity: str) -> Table:
    columns = [
        Column(by.capitalize(), column),
        Column("Sessions with one, of all", lambda row: Rate.of(row).count, number=True),
        Column("Per 1,000", lambda row: Rate.of(row).value, number=True),
        Column("95 % interval", lambda row: Rate.of(row).interval, number=True),
    ]
    if "more" in frame:
        columns.append(Column("Observed / expected, per course", "more", number=True))
    if any(remark(row) != "none" for row in frame.to_dict("records")):
        columns.append(Column("Remark", remark))
    return make_table(frame, columns, caption=caption, id=f"{identity}-data")


def remark(row: Row) -> str:
    """Why a rate is missing, given as a range, or may still change."""
    rate = Rate.of(row)
    said = {"none": rate.why, "range": "range: unlinked entries would change it by more than 25 %"}.get(rate.kind, "")
    return "; ".join(part for part in (said, "provisional" if rate.provisional else "") if part) or "none"

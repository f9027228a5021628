"""Pages for others than the director: a committee, an injector, and whoever gets the counts of a closed period."""

from collections.abc import Callable
from typing import Any

import pandas as pd

from analysis.report.export import month_words
from analysis.report.fragment import fragment, listed, paragraph
from analysis.report.numbers import count, day, decimal, is_missing, month, of, per_thousand, share
from analysis.report.shell import make_page, plain_page
from analysis.report.words import NO_FAULT, NOT_VALIDATED, plural, status
from analysis.schemas.month import MonthContext
from analysis.tables import Column, Row, Table, make_table

HIDDEN = "hidden"
_TABLES = {"category": "By category", "treatment_type": "By treatment type", "area": "By area"}
_RATIO = {"observed": "Observed", "expected": "Expected", "ratio": "O/E", "lower": "From", "upper": "To"}
_PLACES = {"observed": 0, "expected": 1}


def copy_page(ctx: MonthContext, *, banner: str = "") -> str:
    """The whole page of a context whose audience is not the director."""
    makers: dict[str, Callable[[MonthContext], list[str | Table]]] = {
        "committee": _committee,
        "shared": _shared,
        "injector": _injector,
    }
    said = month_words(ctx)
    title = said.pop("title")
    if ctx.audience == "shared":
        title = f"Adverse events, {ctx.facts['title_subject']}, {_period(ctx)}"
        said["subtitle"] = "Copy to share"
        said |= {"footer": (said["footer"][-1],), "confidential": False}
    parts = makers[ctx.audience.partition(":")[0]](ctx)
    return plain_page(make_page(title, banner=banner, **said), fragment(*parts).html)


def _committee(ctx: MonthContext) -> list[str | Table]:
    cases = ctx.frames["case_summaries"]
    parts: list[str | Table] = [
        paragraph(f"Treated in {_period(ctx)}, months that are closed.", NO_FAULT, NOT_VALIDATED),
        _counts_by_clinic(ctx.frames["clinic_counts"]),
    ]
    parts.append(
        make_table(
            ctx.frames["ratios_by_code"],
            [
                Column("Code of this year", "code"),
                *(Column(*head, number=True) for head in (("Observed", "observed"), ("Expected", "expected"))),
                Column("O/E", lambda row: decimal(row["ratio"], 2), number=True),
            ],
            caption="Any reaction, observed and expected by injector",
            id="table-ratios",
            empty="Fewer than three injectors have 5 expected cases.",
            note="Counted in samples with the same number expected for everybody, so that nobody is known by how much they work; exact "
            "figures are in the director's report. Only injectors with at least 5 expected cases, in order of code; codes change with "
            "the calendar year. A difference may be chance.",
        )
    )
    told = [f"{month(row['month'])}: {row['summary']}" for row in cases.to_dict("records")]
    parts.append("<h2>Cases</h2>" + (listed(told) or paragraph("No summary was written: counts only.")))
    return parts


def _counts_by_clinic(frame: pd.DataFrame) -> Table:
    """A row for each measure and a column for each clinic, the group last; `[x]` where a clinic does not say whom it treated where."""
    clinics = list(dict.fromkeys(frame["clinic"]))  # the first measure is any reaction, of all clinics
    rows = [
        {"": own["label"].iloc[0], **{row["clinic"]: _of(row) for row in own.to_dict("records")}}
        for _, own in frame.groupby("measure", sort=False)
    ]
    columns = [Column("Measure", ""), *(Column(clinic, clinic, number=True) for clinic in clinics)]
    return make_table(
        pd.DataFrame(rows), columns, caption="Sessions with a case, of sessions at risk", id="table-counts"
    )


def _of(row: Row) -> str:
    return of(row["numerator"], row["denominator"])


def _shared(ctx: MonthContext) -> list[str | Table]:
    facts, frame = ctx.facts, ctx.frames["period_counts"]
    rule = facts["rule"]
    hidden = (
        f"Counts from 1 to {rule['largest_hidden']} are hidden, and others where a hidden one could be told from them."
    )
    rounded = f"Other counts are rounded to {rule['base']}." if rule["base"] > 1 else ""
    parts: list[str | Table] = [
        paragraph(
            f"Reactions after sessions of {_period(ctx)}. A period is published once and not revised.", hidden, rounded
        ),
        paragraph("Reported reactions, not all that occurred.", NOT_VALIDATED),
    ]
    if facts["too_few"]:
        return [*parts, paragraph("There are too few reactions in this period to print any count.")]
    columns = [Column("", "label"), Column("Reactions", _shown, number=True)]
    for name, caption in _TABLES.items():
        own = frame[frame["table"] == name]
        parts.append(
            make_table(own, [Column(caption.removeprefix("By ").capitalize(), "label"), *columns[1:]], caption=caption)
        )
    return parts


def _injector(ctx: MonthContext) -> list[str | Table]:
    frames = ctx.frames
    asked = frames["own_followup"]
    figure = frames["group_figure"]
    parts: list[str | Table] = [
        paragraph(
            f"Rates and expected cases: treated in {_period(ctx)}, months that are closed.", NO_FAULT, NOT_VALIDATED
        )
    ]
    parts.append(paragraph("Follow-up on days 10–28: " + _followup(asked)))
    parts.append(paragraph(_group(figure)))
    sessions = [Column("Month", lambda row: month(row["month"])), Column("Sessions", "sessions", number=True)]
    parts.append(make_table(frames["own_sessions"], sessions, caption="Your sessions", id="table-sessions"))
    parts.append(
        make_table(
            frames["own_cases"],
            [
                Column("Reported", lambda row: day(row["reported_date"])),
                Column("Treated in", lambda row: month(row["treatment_month"])),
                Column("What", "label"),
                Column("Status", lambda row: status(row.get("status"))),
                Column("Severity", "severity"),
                Column("State", "state"),
            ],
            caption="Your cases of the last twelve months",
            id="table-cases",
            empty="No case is recorded.",
        )
    )
    columns = [Column("Measure", "label"), Column("Courses", "courses", number=True)]
    columns += [Column(head, _rounded(name), number=True) for name, head in _RATIO.items()]
    columns.append(Column("Why not", _reason))
    parts.append(
        make_table(
            frames["own_ratios"],
            columns,
            caption="Observed and expected with your colleagues' patients and areas",
            id="table-ratios",
            note="Limits are exact, 95 %. A ratio without a difference is not reassurance: small numbers see little.",
        )
    )
    return parts


def _period(ctx: MonthContext) -> str:
    first, last = ctx.facts.get("period_first"), ctx.facts.get("period_last")
    if is_missing(first):
        return "no closed month yet"
    return month(first) if first == last else f"{month(first)} to {month(last)}"


def _shown(row: Row) -> str:
    return HIDDEN if row["hidden"] else count(row["count"])


def _followup(asked: pd.DataFrame) -> str:
    if asked.empty or is_missing(asked["share"].iloc[0]):
        return "not recorded."
    row = asked.iloc[0]
    return f"{count(row['asked'])} of {plural(row['sessions'], 'session')} ({share(row['share'])})."


def _group(figure: pd.DataFrame) -> str:
    if figure.empty or is_missing(figure["rate"].iloc[0]):
        return "No group figure is shown: fewer than three other injectors."
    row: Any = figure.iloc[0]
    return (
        f"{row['label']}, all injectors together: {count(row['numerator'])} of {plural(row['denominator'], 'session')}, "
        f"{per_thousand(row['rate'])} per 1,000 ({per_thousand(row['lower'])} to {per_thousand(row['upper'])})."
    )


def _reason(row: Row) -> str:
    return "[z]" if is_missing(row["reason"]) else str(row["reason"])


def _rounded(name: str) -> Callable[[Row], str]:
    return lambda row: decimal(row[name], _PLACES.get(name, 2))

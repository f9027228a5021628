"""The month before, and what counts otherwise since a month was published, in words."""

from html import escape

import pandas as pd

from analysis.measures import load_measures
from analysis.report.evidence import frame_of
from analysis.report.fragment import Fragment, fragment
from analysis.report.names import page_beside
from analysis.report.numbers import count, day, month, of
from analysis.report.words import joined, lower_first, plural
from analysis.schemas.month import MonthContext
from analysis.tables import Column, Row, make_table

REASONS = {
    "late": "reported late",
    "corrected": "corrected",
    "read_anew": "read anew",
    "sessions_changed": "with another session or log",
}
_NO_ENTRY = "No entry: sessions or logs came in later."


def since_published(ctx: MonthContext) -> Fragment:
    """A link to the month before, and each figure of it and of this month that is not as it was published, with why."""
    frame = frame_of(ctx, "revisions")
    before = ctx.facts.get("month_before")
    link = ""
    if before:
        href = page_beside(month=str(before), audience=ctx.audience)
        link = f'<p>The month before: <a href="{escape(href)}">{escape(month(before))}</a>.</p>'
    if frame.empty:
        return fragment(link)
    table = make_table(
        frame,
        [
            Column("Report", lambda row: month(row["report_month"])),
            Column("Sessions with", "label"),
            Column("Treated in", lambda row: month(row["month"])),
            Column("Published", lambda row: of(row["numerator_before"], row["denominator_before"]), number=True),
            Column("Now", lambda row: of(row["numerator"], row["denominator"]), number=True),
            Column("Entries behind it", behind),
            Column("Published on", lambda row: day(row["published"]), whole=True),
        ],
        caption="Revised since published",
        id="table-revisions",
        note="Read anew: same words, another reading, by a reviewer or by the program.",
    )
    return fragment(link, table)


def behind(row: Row) -> str:
    """`1 reported late, 2 corrected`: entries, of which two may tell of one session."""
    parts = [f"{count(row[name])} {said}" for name, said in REASONS.items() if row[name]]
    return joined(parts) if parts else _NO_ENTRY


def revised(frame: pd.DataFrame) -> str:
    """`revised since published: lid droop, August 2026, 3 to 4 (1 reported late); and 2 more figures` for the list of reports."""
    if frame.empty:
        return ""
    first = frame.iloc[0].to_dict()
    label = lower_first(load_measures()[str(first["measure"])].label)
    change = f"{of(first['numerator_before'], first['denominator_before'])} to {of(first['numerator'], first['denominator'])}"
    more = len(frame) - 1
    rest = f"; and {plural(more, 'more figure')}" if more else ""
    return f"revised since published: {label}, {month(first['month'])}, {change} ({behind(first)}){rest}"

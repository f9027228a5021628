"""What is left to do and what was done: the page's own sign-off, entries closed in the month, complaints and near misses."""

from collections.abc import Mapping
from typing import Any

from analysis import taxonomy
from analysis.report.evidence import frame_of
from analysis.report.fragment import Fragment, fragment, paragraph
from analysis.report.numbers import count, day, is_missing, month
from analysis.report.words import short_label
from analysis.schemas.month import MonthContext
from analysis.tables import Column, Row, Table, make_table, plain

OUTCOME = {"not_recovered": "not recovered"}


def signed_off(facts: Mapping[str, Any]) -> str:
    """Where sign-offs stand, in a few words, for page one."""
    state = (facts.get("sign_off") or {}).get("state")
    if state == "signed":
        return "Changed since it was signed off."
    return "Changes were wanted." if state == "changes wanted" else "Sign-off: in the list of reports."


def sign_off(ctx: MonthContext) -> Fragment:
    """Who signed off an earlier version of this page or wanted changes, and when; word on this version is in the list of reports."""
    given = ctx.facts.get("sign_off") or {}
    by, on = plain(str(given.get("by") or "")), day(given.get("on"))
    said = ""
    if given.get("state") == "signed":
        said = f"An earlier version was signed off by {by} on {on}; the page has changed since and waits for a new sign-off."
    elif given.get("state") == "changes wanted":
        said = f"Changes in an earlier version were wanted by {by} on {on}: {plain(str(given.get('said') or 'not said which'))}."
    return fragment(
        paragraph(
            said,
            "A sign-off is given to this file as it stands and listed in the index of reports.",
            "To sign, or to say what has to change: ae decide --sign-off PAGE --reviewer NAME.",
        )
    )


def closed_entries(ctx: MonthContext) -> Table:
    """Entries that a named person closed in the month: who, when, what kind and with which outcome."""
    frame = frame_of(ctx, "closed_entries")
    own = frame[[str(row["decided"])[:7] == ctx.month for row in frame.to_dict("records")]] if len(frame) else frame
    return make_table(
        own,
        [
            Column("Entry", lambda row: f"{plain(str(row['clinic']), 40)} {plain(str(row['entry']), 80)}"),
            Column("Category", _category),
            Column("Closed by", "reviewer"),
            Column("Closed on", lambda row: day(row["decided"]), whole=True),
            Column("Outcome", lambda row: _outcome(row)),
        ],
        caption=f"Entries closed in {month(ctx.month)}",
        id="table-closed-entries",
        empty="Nobody closed an entry of level now or today in this month.",
    )


def _category(row: Row) -> str:
    label = taxonomy.CATEGORY_LABELS.get(str(row.get("category")))
    return short_label(label) if label else "not coded"


def _outcome(row: Row) -> str:
    return (
        "not said" if is_missing(row.get("outcome")) else OUTCOME.get(str(row["outcome"]), plain(str(row["outcome"])))
    )


def process_table(ctx: MonthContext) -> Fragment:
    """Complaints and near misses as counts by month: how the clinic works, never part of a rate."""
    frame = frame_of(ctx, "process_by_month")
    newest = frame.iloc[::-1] if len(frame) else frame
    table = make_table(
        newest,
        [
            Column("Reported in", lambda row: "no date" if is_missing(row["month"]) else month(row["month"]), whole=True),
            Column("Complaints", lambda row: _entries(row, "complaint"), number=True),
            Column("Near misses", lambda row: _entries(row, "near_miss"), number=True),
        ],
        caption="Complaints and near misses, counts of entries",
        id="table-process",
        empty="No log of complaints or near misses was received, which is not the same as none.",
        note="Newest month first. Counts of logs of their own; what a patient felt stands in the events log and is counted there.",
        most=18,
    )  # fmt: skip
    return fragment(table)


def _entries(row: Row, name: str) -> str:
    return "[x]" if is_missing(row.get(name)) else count(row[name])

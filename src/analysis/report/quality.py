"""Whether the month can be trusted: row account, missing logs, limits, and what the page was made from."""

import pandas as pd

from analysis.report.evidence import frame_of
from analysis.report.fragment import Fragment, fragment, listed, paragraph
from analysis.report.numbers import count, day, is_missing, month, percent
from analysis.report.words import NO_FAULT, NOT_VALIDATED, plural
from analysis.schemas.month import MonthContext
from analysis.tables import Column, Row, Table, make_table, words


def data_quality(ctx: MonthContext) -> Fragment:
    """Row account per file, why rows were set aside and how to mend them, and what was withheld."""
    return fragment(_row_account(ctx), _reasons(ctx), _notes(ctx), _linkage(ctx))


def _row_account(ctx: MonthContext) -> Table:
    numbers = ("rows_read", "accepted", "duplicate", "superseded", "quarantined", "ignored")
    return make_table(
        frame_of(ctx, "row_account"),
        [
            Column("File", _file),
            Column("Clinic", "clinic"),
            Column("Kind", "kind"),
            *(Column(name.replace("_", " ").capitalize(), name, number=True) for name in numbers),
            Column(
                "Refused because",
                lambda row: "[z]" if is_missing(row.get("refused_reason")) else str(row["refused_reason"]),
            ),
        ],
        caption="Row account: every row read is in exactly one column",
        id="table-row-account",
        tools=True,
    )


def _file(row: Row) -> str:
    sheet = "" if is_missing(row.get("sheet")) or not row["sheet"] else f", sheet {row['sheet']}"
    return f"{row.get('path')}{sheet}"


def _reasons(ctx: MonthContext) -> Table:
    return make_table(
        frame_of(ctx, "set_aside_reasons"),
        [
            Column("Reason", "reason"),
            Column("Column", "column"),
            Column("Rows", "rows", number=True),
            Column("How to mend it", "mend"),
        ],
        caption="Rows set aside, and how to mend them",
        id="table-set-aside",
        empty="No row was set aside.",
    )


def _notes(ctx: MonthContext) -> Table:
    return make_table(
        frame_of(ctx, "notes_by_code"),
        [
            Column("Note", "message"),
            Column("Kind", lambda row: words(row.get("code")).replace("_", " ")),
            Column("Times", "notes", number=True),
        ],
        caption="Single cells that were withheld or changed",
        id="table-notes",
        empty="No cell was withheld or changed.",
    )


def _linkage(ctx: MonthContext) -> str:
    facts = ctx.facts
    linked, unlinked = facts.get("linked"), facts.get("unlinked")
    outside = facts.get("outside_window")
    said = f"Linked to a session: {plural(linked, 'entry', 'entries')}; not linked: {count(unlinked)}."
    if apart := facts.get("without_sessions"):
        said += (
            f" {plural(apart, 'entry', 'entries')} of clinics without a list of sessions: counted by their stated date."
        )
    late = f"{plural(outside, 'finding')} outside the window of the kind: not counted in rates." if outside else ""
    return paragraph(said, late)


def missing_logs(ctx: MonthContext) -> Fragment:
    """Months of which a log is missing: they have no rate and are left out, numerator and denominator."""
    frame = frame_of(ctx, "coverage")
    known = len(frame) > 0
    if known:
        frame = frame[(frame["events"] == "missing") | (frame["treatments"] != "received")]
        frame = frame.sort_values(["month", "clinic"], ascending=[False, True], kind="stable")
    return fragment(
        make_table(
            frame,
            [
                Column("Clinic", "clinic"),
                Column("Month", lambda row: month(row.get("month"))),
                Column("Treatments log", "treatments"),
                Column("Events log", lambda row: str(row.get("events")).replace("_", " ")),
            ],
            caption="Logs not received, newest month first",
            id="table-missing-logs",
            most=60,
            empty="Every log was received for every month shown." if known else "No log was received.",
            note="These months are left out of every rate; no events reported does not mean that none occurred.",
        )
    )


def limits(ctx: MonthContext) -> Fragment:
    """What this page cannot say."""
    share = percent(ctx.facts.get("followup_scheduled"), ctx.facts.get("followup_sessions"))
    asked = (
        f"Scheduled follow-up is documented for {share} of sessions: what nobody asks about is seldom reported."
        if share != "[x]"
        else ""
    )
    return fragment(
        listed(
            [
                "Counts are of what was written in the logs received. "
                "No events reported is never the same as no events occurred.",
                *([asked] if asked else []),
                NOT_VALIDATED,
                "Rates are sessions with at least one counted episode, of all sessions, with two-sided 95 % intervals: "
                "Clopper–Pearson when either count is under 10, otherwise Wilson. Under 100 sessions no rate is printed.",
                "Where entries without a matching session would change a rate by more than 25 %, the range is printed.",
                "A month is provisional until its follow-up time has passed; provisional months are drawn hollow.",
                NO_FAULT,
            ]
        )
    )


def made_from(ctx: MonthContext) -> Fragment:
    """Versions, parameters and input files with their hashes: what is needed to make this page again."""
    meta = ctx.meta
    known = {
        "Program": meta.get("program_version"), "Schema": meta.get("schema_version"), "Snapshot": meta.get("snapshot"),
        "Data to": day(meta.get("as_of")), "Key fingerprint": meta.get("key_fingerprint"), "Lock file": meta.get("lock_sha256"),
        **{f"Parameter {name}": value for name, value in sorted((meta.get("parameters") or {}).items())},
    }  # fmt: skip
    versions = pd.DataFrame(
        {"what": list(known), "value": ["[z]" if value is None else words(value) for value in known.values()]}
    )
    inputs = pd.DataFrame(meta.get("inputs") or [], columns=["path", "sha256"])
    short = Column("SHA-256, first 16", lambda row: words(row["sha256"])[:16])
    return fragment(
        make_table(
            versions, [Column("What", "what"), Column("Value", "value")], caption="Made with", id="table-made-with"
        ),
        make_table(inputs, [Column("File", "path"), short], caption="Input files", id="table-inputs", tools=True),
    )

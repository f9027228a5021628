"""Sentences and tables of the pages after page one, each made of one frame or of the facts of the month."""

from collections.abc import Callable

import pandas as pd

from analysis.report.attention import attention_table
from analysis.report.fragment import Fragment, fragment, listed, paragraph
from analysis.report.numbers import Rate, count, day, is_missing, month, percent
from analysis.report.page_one import power, unseen
from analysis.report.words import NO_FAULT, NOT_VALIDATED, joined, plural
from analysis.schemas.month import MonthContext
from analysis.tables import Column, Row, Table, make_table, plain


def every_entry(ctx: MonthContext) -> Fragment:
    """All open entries of level now or today, set-aside and unlinked ones included."""
    return fragment(
        paragraph("Every status is listed until a named person closes the entry. Whether a case must be reported outside is a clinician’s decision."),
        attention_table(frame_of(ctx, "look_today")),
    )


def bridge(ctx: MonthContext) -> Fragment:
    """How the entries reported in the month divide over months of treatment; the parts add up to the whole."""
    given = ctx.facts.get("bridge") or {}
    reported = given.get("reported")
    if not reported:
        said = f"No events were reported in {month(ctx.month)}. This is not the same as no events having occurred."
        return fragment(paragraph(said))
    parts = [f"{count(part['n'])} from {month(part['month'])} sessions" for part in given.get("from_month") or []]
    if given.get("unlinked"):
        parts.append(f"{count(given['unlinked'])} not linked to a session")
    if given.get("joined"):
        parts.append(f"{count(given['joined'])} joined earlier episodes")
    said = f"{plural(reported, 'entry', 'entries')} reported in {month(ctx.month)}: {joined(parts)}."
    return fragment(paragraph(said))


def rates_table(ctx: MonthContext, name: str, *, by: str, column: str) -> Fragment:
    """Every measure of one frame of rates, one row per group: sessions with one, of all, and the rate per 1,000."""
    frame = frame_of(ctx, name)
    if frame.empty:
        return fragment(paragraph(f"No rates by {by} can be given."))
    measures = {key: plain(str(rows["label"].iloc[0])) for key, rows in frame.groupby("measure", sort=False)}
    cells = {(row["measure"], row[column]): Rate.of(row) for row in frame.to_dict("records")}
    groups = pd.DataFrame({column: list(dict.fromkeys(frame[column]))})
    columns = [Column(by.capitalize(), column)]
    columns += [Column(label, _cell(cells, key, column), number=True) for key, label in measures.items()]
    table = make_table(
        groups,
        columns,
        caption=", ".join(part for part in (f"All measures by {by}", window(ctx)) if part),
        id=f"table-{name}".replace("_", "-"),
        note="Sessions with one, of all; per 1,000 sessions with 95 % interval.",
    )
    return fragment(table)


def _cell(cells: dict[tuple[str, str], Rate], measure: str, column: str) -> Callable[[Row], str]:
    def cell(row: Row) -> str:
        rate = cells.get((measure, row[column]))
        if rate is None:
            return "[x]"
        if rate.kind == "none":
            return f"no rate: {rate.why}"
        if rate.kind in ("few", "zero"):
            return rate.count if rate.kind == "few" else f"{rate.count}; up to {rate.interval.split(' to ')[1]}"
        return f"{rate.count}; {rate.value} ({rate.interval})"

    return cell


def window(ctx: MonthContext) -> str:
    """The closed months that tables by group are made of."""
    first, last = ctx.facts.get("window_first"), ctx.facts.get("window_last")
    return f"{month(first)} to {month(last)}" if first and last else ""


def mixed_note(ctx: MonthContext) -> Fragment:
    """Why rows by treatment type may add up to more than the total."""
    mixed = ctx.facts.get("mixed_sessions")
    skin = ctx.facts.get("skin_reactions")
    said = f"{plural(mixed, 'session')} had more than one indication and counts once under each: rows add to more than the total." if mixed else ""
    return fragment(paragraph(said, f"Skin reactions counted under “Not in the article”: {count(skin)}." if skin else ""))


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
            Column("Refused because", lambda row: "[z]" if is_missing(row.get("refused_reason")) else str(row["refused_reason"])),
        ],
        caption="Row account: every row read is in exactly one column",
        id="table-row-account",
    )


def _file(row: Row) -> str:
    sheet = "" if is_missing(row.get("sheet")) else f", sheet {row['sheet']}"
    return f"{row.get('path')}{sheet}"


def _reasons(ctx: MonthContext) -> Table:
    return make_table(
        frame_of(ctx, "set_aside_reasons"),
        [Column("Reason", "reason"), Column("Column", "column"), Column("Rows", "rows", number=True), Column("How to mend it", "mend")],
        caption="Rows set aside, and how to mend them",
        id="table-set-aside",
        empty="No row was set aside.",
    )


def _notes(ctx: MonthContext) -> Table:
    return make_table(
        frame_of(ctx, "notes_by_code"),
        [Column("Note", "message"), Column("Code", "code"), Column("Times", "notes", number=True)],
        caption="Single cells that were withheld or changed",
        id="table-notes",
        empty="No cell was withheld or changed.",
    )


def _linkage(ctx: MonthContext) -> str:
    facts = ctx.facts
    linked, unlinked = facts.get("linked"), facts.get("unlinked")
    outside = facts.get("outside_window")
    said = f"Linked to a session: {plural(linked, 'entry', 'entries')}; not linked: {count(unlinked)}."
    late = f"{plural(outside, 'finding')} began outside the window of its kind and is not counted in rates." if outside else ""
    return paragraph(said, late)


def missing_logs(ctx: MonthContext) -> Fragment:
    """Months of which a log is missing: they have no rate and are left out, numerator and denominator."""
    frame = frame_of(ctx, "coverage")
    if len(frame):
        frame = frame[(frame["events"] == "missing") | (frame["treatments"] != "received")]
    return fragment(
        make_table(
            frame,
            [
                Column("Clinic", "clinic"),
                Column("Month", lambda row: month(row.get("month"))),
                Column("Treatments log", "treatments"),
                Column("Events log", lambda row: str(row.get("events")).replace("_", " ")),
            ],
            caption="Logs not received",
            id="table-missing-logs",
            empty="Every log was received for every month shown.",
            note="These months are left out of every rate; no events reported does not mean that none occurred.",
        )
    )


def limits(ctx: MonthContext) -> Fragment:
    """What this page cannot say."""
    share = percent(ctx.facts.get("followup_scheduled"), ctx.facts.get("followup_sessions"))
    asked = f"Scheduled follow-up is documented for {share} of sessions: what nobody asks about is seldom reported." if share != "[x]" else ""
    return fragment(
        listed(
            [
                "Counts are of what was written in the logs received. No events reported is never the same as no events occurred.",
                *([asked] if asked else []),
                NOT_VALIDATED,
                "Rates are sessions with at least one counted episode, of all sessions, with two-sided 95 % intervals: "
                "Clopper–Pearson when either count is under 10, otherwise Wilson. Under 100 sessions no rate is printed.",
                "Where entries that no session could be matched to would change a rate by more than 25 %, the range is printed.",
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
    versions = pd.DataFrame({"what": list(known), "value": [_said(value) for value in known.values()]})
    inputs = pd.DataFrame(meta.get("inputs") or [], columns=["path", "sha256"])
    return fragment(
        make_table(versions, [Column("What", "what"), Column("Value", "value")], caption="Made with", id="table-made-with"),
        make_table(inputs, [Column("File", "path"), Column("SHA-256", "sha256")], caption="Input files", id="table-inputs"),
    )


def _said(value: object) -> str:
    return "[z]" if value is None else str(value)


def frame_of(ctx: MonthContext, name: str) -> pd.DataFrame:
    """A frame of the context; one that this audience does not get is an empty frame."""
    return ctx.frames.get(name, pd.DataFrame())


def power_note(ctx: MonthContext) -> Fragment:
    """What would have stood out at this volume, and what silence is worth."""
    return fragment(paragraph(power(ctx), unseen(ctx)), paragraph(NO_FAULT))

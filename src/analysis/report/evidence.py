"""Sentences and tables of the pages after page one, each made of one frame or of the facts of the month."""

from collections.abc import Callable

import pandas as pd

from analysis.measures import ReferenceLine, load_measures, reference_lines
from analysis.report.attention import attention_table
from analysis.report.fragment import Fragment, fragment, paragraph
from analysis.report.numbers import count, is_missing, month, of, per_thousand
from analysis.report.rates import Rate
from analysis.report.sentences import power, unseen
from analysis.report.words import NO_FAULT, joined, plural
from analysis.schemas.month import MonthContext
from analysis.tables import Column, Row, Table, make_table, plain


def every_entry(ctx: MonthContext) -> Fragment:
    """All open entries of level now or today, set-aside and unlinked ones included."""
    return fragment(
        paragraph(
            "Every status is listed until a named person closes the entry.",
            "Whether a case must be reported outside is a clinician’s decision.",
        ),
        attention_table(frame_of(ctx, "look_today")),
    )


def bridge(ctx: MonthContext) -> Fragment:
    """How the entries reported in the month divide over months of treatment; the parts add up to the whole."""
    given = ctx.facts.get("bridge") or {}
    reported = given.get("reported")
    if not reported:
        said = (
            f"No entry reported in {month(ctx.month)} was counted. This is not the same as no events having occurred."
        )
        return fragment(paragraph(said))
    parts = [f"{count(part['n'])} from {month(part['month'])} sessions" for part in given.get("from_month") or []]
    if given.get("unlinked"):
        parts.append(f"{count(given['unlinked'])} not linked to a session")
    said = f"{plural(reported, 'entry', 'entries')} reported in {month(ctx.month)} and counted: {joined(parts)}."
    again = f"{count(given['joined'])} of them joined earlier episodes." if given.get("joined") else ""
    return fragment(paragraph(said, again, _in_all(ctx, reported)))


def _in_all(ctx: MonthContext, counted: int) -> str:
    """Page one counts every entry reported; the bridge only those with a counted finding. Where they differ it is said."""
    reported = ctx.facts.get("events_reported_month")
    if is_missing(reported) or reported == counted:
        return ""
    return f"{count(reported)} were reported in all; the others hold nothing that is counted."


def reported_by_month(ctx: MonthContext) -> Table:
    """Episodes by month of report and category: the whole story where no treatments log gives a denominator."""
    frame = frame_of(ctx, "counts_by_month_reported")
    known = {(row["month"], row["label"]): row["episodes"] for row in frame.to_dict("records")}
    labels = list(dict.fromkeys(label for _, label in known))
    months = pd.DataFrame({"month": sorted({name for name, _ in known}, reverse=True)})
    counted = [
        Column(plain(str(label)), lambda row, label=label: count(known.get((row["month"], label))), number=True)  # type: ignore[misc]
        for label in labels
    ]
    return make_table(
        months,
        [Column("Reported in", lambda row: month(row["month"]), whole=True), *counted],
        caption="Episodes by month of report",
        id="table-reported-by-month",
        tools=True,
        empty="No episode was reported, which is not the same as none occurred.",
        note="Newest month first.",
        most=36,
    )


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
        note=" ".join(["Sessions with one, of all; per 1,000 sessions with 95 % interval.", *still_open(ctx)]),
    )
    return fragment(table)


def _cell(cells: dict[tuple[str, str], Rate], measure: str, column: str) -> Callable[[Row], str]:
    def cell(row: Row) -> str:
        rate = cells.get((measure, row[column]))
        return "[x]" if rate is None else rate.cell

    return cell


def still_open(ctx: MonthContext) -> list[str]:
    """The measures whose newest months are left out of tables by group because their follow-up is not over."""
    return [
        f"{plain(str(part['label']))}: "
        + (f"only months up to {month(part['last'])}" if part["last"] else "no month here")
        + " had their follow-up time."
        for part in ctx.facts.get("closed_later") or []
    ]


def window(ctx: MonthContext) -> str:
    """The closed months that tables by group are made of."""
    first, last = ctx.facts.get("window_first"), ctx.facts.get("window_last")
    return f"{month(first)} to {month(last)}" if first and last else ""


def published_table(ctx: MonthContext) -> Fragment:
    """Published frequencies per session beside the clinics' own, each with what it is of; those per patient have no place here."""
    own = {row["measure"]: row for row in frame_of(ctx, "rates_in_window").to_dict("records")}
    rows = [{"line": line, "own": own[line.measure]} for line in reference_lines(per="session") if line.measure in own]
    table = make_table(
        pd.DataFrame(rows, columns=["line", "own"]),
        [
            Column("Measure", lambda row: load_measures()[row["line"].measure].label),
            Column("Published, per 1,000 sessions", lambda row: per_thousand(row["line"].percent / 100), number=True),
            Column("Here, sessions with one", lambda row: Rate.of(row["own"]).cell, number=True),
            Column("What was published", lambda row: _published(row["line"])),
            Column("Source", lambda row: row["line"].source),
        ],
        caption=", ".join(part for part in ("Published frequencies per session, and here", window(ctx)) if part),
        id="table-published",
        empty="No published frequency per session is known for what is measured here.",
        note="Other patients, areas, doses and ways of asking: a reading aid, not a target. Frequencies per patient are left out.",
    )
    return fragment(table)


def _published(line: ReferenceLine) -> str:
    if line.of is None:
        return line.what
    return f"{line.what}; {of(line.events, line.of) if line.events is not None else f'of {count(line.of)}'} sessions"


def mixed_note(ctx: MonthContext) -> Fragment:
    """Why rows by treatment type may add up to more than the total."""
    mixed = ctx.facts.get("mixed_sessions")
    skin = ctx.facts.get("skin_reactions")
    said = (
        f"{plural(mixed, 'session')} of more than one indication, counted once under each: rows add to more than the total."
        if mixed
        else ""
    )
    return fragment(
        paragraph(said, f"Skin reactions counted under “Not in the article”: {count(skin)}." if skin else "")
    )


def frame_of(ctx: MonthContext, name: str) -> pd.DataFrame:
    """A frame of the context; one that this audience does not get is an empty frame."""
    return ctx.frames.get(name, pd.DataFrame())


def power_note(ctx: MonthContext) -> Fragment:
    """What would have stood out at this volume, and what silence is worth."""
    return fragment(paragraph(power(ctx), unseen(ctx)), paragraph(NO_FAULT))

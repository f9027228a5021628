"""Urgent and serious: what is missing in each open case, which duties may apply, and drafts. Nothing here decides reportability."""

from functools import cache
from html import escape

import pandas as pd

from analysis.report.drafts import draft, forms_for
from analysis.report.evidence import frame_of
from analysis.report.fragment import Fragment, fragment, paragraph
from analysis.report.numbers import count, day, is_missing, month
from analysis.report.words import level, plural, status
from analysis.resources import read_rows, resource
from analysis.schemas.month import MonthContext
from analysis.tables import Column, Row, Table, make_table, plain, words

FRAME = "open_cases"
DECIDES = "Whether a case must be reported outside is a clinician’s decision; this software never makes it."
ELEMENTS = {"has_patient": "Patient", "has_reporter": "Reporter", "has_product": "Product", "has_event": "Event"}
"""The four minimum elements of a report, as frame columns and as headers."""


def urgent_cases(ctx: MonthContext) -> Fragment:
    """The open cases with what is missing and the four minimum elements, and how many of them are of level now or serious."""
    frame = frame_of(ctx, FRAME)
    table = make_table(
        frame,
        [
            *who_and_what("Case", "What, status"),
            Column("Look", lambda row: level(row["triage"])),
            Column("Contact due", lambda row: day(row["contact_due"]), whole=True),
            Column("Serious because", _serious),
            *(Column(header, lambda row, name=name: _there(row[name])) for name, header in ELEMENTS.items()),  # type: ignore[misc]
            Column("Missing in the log", lambda row: "nothing" if is_missing(row["missing"]) else str(row["missing"])),
            Column("Outside body told", lambda row: "yes, by the log" if row["told_outside"] else "not recorded"),
        ],
        caption="Open cases of level now or today: the four minimum elements and what is missing",
        id="table-open-cases",
        tools=True,
        empty="No open case of level now or today can be read in the logs received.",
        note="Patient: the log has a patient reference. Reporter: an injector is named. Severe is a degree, serious an outcome.",
    )
    return fragment(paragraph(_summary(frame), DECIDES), table)


def who_and_what(who: str, what: str) -> tuple[Column, Column]:
    """Columns of clinic and entry, and of what it was read as with its status, under these headers."""
    return (
        Column(who, lambda row: f"{plain(words(row['clinic']), 40)}\n{plain(words(row['entry']), 80)}"),
        Column(what, lambda row: f"{plain(words(row['label']))}, {status(row['status'], linked=row['linked'])}"),
    )


def _summary(frame: pd.DataFrame) -> str:
    drafted = int(frame["draft"].sum()) if len(frame) else 0
    if not drafted:
        return "No open case is of level now or serious."
    told = int((frame["draft"] & frame["told_outside"]).sum())
    return f"{plural(drafted, 'open case is', 'open cases are')} of level now or serious; an outside body is recorded for {count(told)}."


def _serious(row: Row) -> str:
    value = row.get("seriousness")
    return "not stated" if is_missing(value) else plain(str(value).replace("_", " ").replace(";", ", "), 120)


def _there(value: object) -> str:
    return "present" if value else "missing"


@cache
def duties() -> tuple[dict[str, str], ...]:
    """External duties as dated facts with their source (`resources/duties.csv`)."""
    return tuple(read_rows(resource("duties.csv")))


def duty_checklist(ctx: MonthContext) -> Fragment:
    """A draft checklist of external duties by jurisdiction: those the group declares, else all."""
    chosen = ctx.facts.get("jurisdictions") or []
    rows = [row for row in duties() if not chosen or row["jurisdiction"] in chosen]
    told = "" if chosen else "No jurisdiction is set in group.toml, so all are listed."
    return fragment(paragraph("Draft checklist, not legal advice: check local law.", told), _duties(rows))


def _duties(rows: list[dict[str, str]]) -> Table:
    return make_table(
        pd.DataFrame(rows),
        [
            Column("Where", "place"),
            Column("Who, what", "who"),
            Column("To", "to"),
            Column("When", "when"),
            Column("Source", "source"),
            Column("As of", lambda row: month(row["compiled"]), whole=True),
        ],
        caption="External reporting duties (draft)",
        id="table-duties",
        empty="No duty is listed for the jurisdictions set in group.toml.",
    )


def report_drafts(ctx: MonthContext) -> Fragment:
    """Plain-text drafts for each case of level now or serious, in the order of the forms' fields; no free text among them."""
    frame = frame_of(ctx, FRAME)
    cases = [row for row in frame.to_dict("records") if row["draft"]]
    chosen = forms_for(list(ctx.facts.get("jurisdictions") or []))
    if not cases or not chosen:
        return fragment(paragraph("No draft is made: no open case of level now or serious."))
    return fragment(
        paragraph("Drafts hold coded facts only; the words stay in the log."),
        *(_folded(case, chosen) for case in cases),
    )


def _folded(case: Row, chosen: list[dict[str, object]]) -> str:
    name = f"DRAFT for {plain(words(case['clinic']), 40)} {plain(words(case['entry']), 80)}"
    texts = "\n".join(f'<pre class="draft">{escape(draft(case, form))}</pre>' for form in chosen)
    return f'<details class="data"><summary>{escape(name)}</summary>\n<div class="drafts">\n{texts}\n</div>\n</details>'

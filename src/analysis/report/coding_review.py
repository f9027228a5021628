"""How far the readings can be relied on: agreement of field and text, of reviewers, what waits, and words that nothing covers."""

from analysis.report.evidence import frame_of
from analysis.report.fragment import Fragment, fragment, paragraph
from analysis.report.numbers import count, day, is_missing
from analysis.report.rates import Rate
from analysis.report.words import NOT_VALIDATED
from analysis.schemas.month import MonthContext
from analysis.tables import Column, Row, Table, make_table, words
from analysis.taxonomy import CATEGORY_LABELS

_SHEETS = {"coding": "Codings", "link": "Links", "merge": "Merges", "entry": "Open entries"}
_KAPPA = "Kappa is the agreement beyond chance: 1 is full, 0 is what chance gives. It says nothing of who is right."


def field_and_text(ctx: MonthContext) -> Fragment:
    """Cohen's kappa of the clinics' own category and the text, over all and by category."""
    columns = [
        Column("Category", _category),
        Column("Entries with both", "n", number=True),
        Column("By the field", "first", number=True),
        Column("By the words", "second", number=True),
        Column("By both", "both", number=True),
        Column("Kappa (95 % limits)", _kappa, number=True),
    ]
    table = make_table(
        frame_of(ctx, "agreement_by_category"), columns, caption="Clinic’s own category and words of the same entries",
        id="table-agreement-category", empty="No entry has both a category of its own and words.",
    )  # fmt: skip
    return fragment(paragraph(_KAPPA, NOT_VALIDATED), table)


def rates_by_reading(ctx: MonthContext) -> Table:
    """Each headline rate as the field, the words, and the review have it."""
    columns = [
        Column("Measure", "label"),
        Column("Reading", "reading_label"),
        Column("Sessions affected; per 1,000 (95 % limits)", lambda row: Rate.of(row).cell, number=True),
    ]
    return make_table(
        frame_of(ctx, "rates_by_reading"), columns, caption="Headline rates under each reading of the entries",
        id="table-rates-reading", empty="No month is closed yet.",
    )  # fmt: skip


def reviewers(ctx: MonthContext) -> Table:
    """Cohen's kappa of every two reviewers who read the same entries."""
    columns = [
        Column("Reviewers", "reviewers"),
        Column("Of", "of"),
        Column("Label", _category),
        Column("Read alike", lambda row: f"{count(row.get('agreed'))} of {count(row.get('n'))}", number=True),
        Column("Kappa (95 % limits)", _kappa, number=True),
    ]
    return make_table(
        frame_of(ctx, "agreement_by_reviewers"), columns, caption="Two reviewers on the same entries", id="table-reviewers",
        empty="No two reviewers have read the same entries yet.",
    )  # fmt: skip


def waiting(ctx: MonthContext) -> Table:
    """Rows that `ae review export` would write, by reason, most pressing first."""
    columns = [
        Column("Sheet", lambda row: _SHEETS.get(str(row.get("kind")), "")),
        Column("Reason", "reason"),
        Column("Rows", "rows", number=True),
    ]
    return make_table(
        frame_of(ctx, "queue_by_reason"),
        columns,
        caption="What waits for a person",
        id="table-queue",
        empty="Nothing waits.",
    )


def uncoded(ctx: MonthContext) -> Table:
    """Words that no line of the lexicon covers, of at least four patients."""
    columns = [Column("Word", "word"), Column("Patients", "patients", number=True)]
    return make_table(
        frame_of(ctx, "uncoded_words").head(40), columns, caption="Most frequent words that nothing in the lexicon covers",
        id="table-uncoded", empty="No such word is shared by four patients.",
    )  # fmt: skip


def closed(ctx: MonthContext) -> Table:
    """Entries of level now or today that a named person closed."""
    columns = [
        Column("Look", "triage"),
        Column("Entry", lambda row: f"{words(row.get('clinic'))} {words(row.get('entry'))}"),
        Column("What", "label"),
        Column("Closed by", "reviewer"),
        Column("On", lambda row: day(row.get("decided")), whole=True),
        Column("Outcome", "outcome"),
    ]
    return make_table(
        frame_of(ctx, "closed_entries"),
        columns,
        caption="Closed entries",
        id="table-closed",
        empty="No entry was closed yet.",
    )


def _category(row: Row) -> str:
    label = str(row.get("label"))
    return "All" if label == "all" else CATEGORY_LABELS.get(label, label.replace("_", " "))


def _kappa(row: Row) -> str:
    if is_missing(row.get("kappa")):
        return "no variation"
    limits = "" if is_missing(row.get("lower")) else f" ({row['lower']:.2f} to {row['upper']:.2f})"
    return f"{row['kappa']:.2f}{limits}"

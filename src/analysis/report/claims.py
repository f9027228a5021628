"""The article's statements beside what the clinics' own logs can say: a table and the sentences that belong to it."""

from analysis.report.evidence import frame_of
from analysis.report.fragment import Fragment, fragment, paragraph
from analysis.report.numbers import count, decimal, is_missing, per_thousand, share
from analysis.schemas.month import MonthContext
from analysis.tables import Column, Row, make_table

FRAME = "article_claims"
GATES = (
    "A statement is called supported or contradicted only where scheduled follow-up is documented for 80 % of the sessions and the "
    "field it needs is filled in 70 %. All intervals hold together at 95 %. Nothing here is advice about a medicine."
)


def claims_table(ctx: MonthContext) -> Fragment:
    """Every statement in the article's order: what is estimated, of how many, with which interval, and the verdict with why."""
    frame = frame_of(ctx, FRAME)
    table = make_table(
        frame,
        [
            Column("Statement", lambda row: f"{row['claim']}. {row['text']}"),
            Column("What is estimated", lambda row: f"{row['estimand']}; {row['comparison']}"),
            Column("Of", lambda row: "[z]" if is_missing(row.get("n")) else count(row["n"]), number=True),
            Column("Effect (interval)", effect, number=True),
            Column("Verdict", "verdict"),
            Column("Why", _why),
        ],
        caption="The article’s statements and these logs",
        id="table-article-claims",
        empty="No closed month has both logs.",
        note="Shares in %, frequencies per 1,000 sessions, ratios as they are.",
    )
    return fragment(paragraph(GATES), table)


def effect(row: Row) -> str:
    """`36.7 (12.0 to 80.1) per 1,000`, `73 % (52 % to 89 %)`, `1.19 (0.56 to 2.49)`; `[z]` where nothing is estimated."""
    if is_missing(row.get("effect")):
        return "[z]"
    values = [row["effect"], row["lower"], row["upper"]]
    unit = row.get("unit")
    if unit == "ratio":
        texts = [decimal(value, 2) for value in values]
    elif unit == "share":
        texts = [share(value) for value in values]
    else:
        texts = [_signed(value) for value in values]
    said = texts[0] if is_missing(row["lower"]) else f"{texts[0]} ({texts[1]} to {texts[2]})"
    return f"{said} per 1,000" if unit in ("difference", "per session") else said


def _signed(value: float) -> str:
    return f"−{per_thousand(-value)}" if not is_missing(value) and value < 0 else per_thousand(value)


def _why(row: Row) -> str:
    return " ".join(
        part for part in (f"{row['why']}.", "" if is_missing(row.get("note")) else str(row["note"])) if part
    )

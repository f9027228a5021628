"""Observed and expected by injector, in the order of the codes: tables and the sentences that belong to them."""

import pandas as pd

from analysis.report.evidence import frame_of, window
from analysis.report.fragment import Fragment, fragment, paragraph
from analysis.report.numbers import chance, count, decimal, is_missing, share
from analysis.report.words import NO_FAULT, joined, lower_first, plural
from analysis.schemas.month import MonthContext
from analysis.tables import Column, Row, Table, make_table, plain

FRAME = "oe_by_injector"
EXPECTED = (
    "Expected is what the same areas and treatments would have counted with the colleagues of the same clinic whose follow-up "
    "is alike, never with the injector’s own courses."
)
SPREAD = (
    "Expected spread: where at least 95 in 100 would lie by chance alone if all were alike, the chance in the colleagues’ counts "
    "included."
)


def observed_expected(ctx: MonthContext) -> Fragment:
    """A table for each measure in which some injector has a ratio, and in words those in which nobody has."""
    frame = frame_of(ctx, FRAME)
    if frame.empty:
        return fragment(paragraph("No injector can be compared: no closed month has both logs."))
    shown = frame[frame["ratio"].notna()]
    tables = [oe_table(ctx, measure) for measure in dict.fromkeys(shown["measure"])]
    return fragment(
        paragraph(EXPECTED, SPREAD), *tables, paragraph(without_ratio(frame)), paragraph(by_chance(shown), NO_FAULT)
    )


def oe_table(ctx: MonthContext, measure: str) -> Table:
    """Every injector of one measure, in order of clinic and code: observed, expected, their ratio or why there is none."""
    frame = frame_of(ctx, FRAME)
    own = frame[frame["measure"] == measure]
    label = plain(str(own["label"].iloc[0])) if len(own) else "Reactions"
    return make_table(
        own,
        [
            Column("Injector", _who, code=True),
            Column("Courses", "crude_courses", number=True),
            Column("Observed", observed, number=True),
            Column("Expected", lambda row: decimal(row.get("expected")), number=True),
            Column("Observed ÷ expected (95 % interval)", said, number=True),
            Column("Expected spread", said_spread, number=True),
            Column("Follow-up", lambda row: share(row.get("followup")), number=True),
            Column("Remark", remark),
        ],
        caption=", ".join(part for part in (f"{label}: observed and expected by injector", window(ctx)) if part),
        id=f"table-oe-{measure}".replace("_", "-"),
        note="Per course (an index session and its touch-ups), among courses with a comparator.",
    )


def observed(row: Row) -> str:
    """Observed courses among those with a comparator; all of them where nothing is expected beside it."""
    return count(row["crude_observed"] if is_missing(row.get("expected")) else row["observed"])


def said(row: Row) -> str:
    """`1.20 (0.81 to 1.75)`, or `[z]` where there is no ratio."""
    if is_missing(row.get("ratio")):
        return "[z]"
    return f"{decimal(row['ratio'], 2)} ({decimal(row['lower'], 2)} to {decimal(row['upper'], 2)})"


def remark(row: Row) -> str:
    """Why there is no ratio; else what chance, case mix and patients who came again have to do with it."""
    if not is_missing(row.get("reason")):
        return str(row["reason"])
    parts = []
    if not is_missing(row.get("crude_ratio")):
        parts.append(f"before case mix {decimal(row['crude_ratio'], 2)}")
    if row.get("without_comparator"):
        parts.append(f"{plural(row['without_comparator'], 'course')} without a comparator")
    if not is_missing(row.get("collapsed_share")) and row["collapsed_share"] >= 0.005:
        parts.append(f"{share(row['collapsed_share'])} compared over wider groups")
    if not is_missing(row.get("power_doubled")):
        parts.append(f"twice as many would be seen {chance(row['power_doubled'])}")
    if not is_missing(row.get("so_few")) and row["so_few"] < 0.025:
        parts.append(f"few reports, follow-up {share(row.get('followup'))}")
    return "; ".join(parts) or "none"


def without_ratio(frame: pd.DataFrame) -> str:
    """The measures in which no injector has a ratio."""
    none = [own["label"].iloc[0] for _, own in frame.groupby("measure", sort=False) if own["ratio"].isna().all()]
    return f"No ratio for any injector: {lower_first(joined([plain(str(label)) for label in none]))}." if none else ""


def by_chance(shown: pd.DataFrame) -> str:
    """How many comparisons were made, and how many of them chance alone would put outside their interval."""
    if shown.empty:
        return ""
    outside = int(((shown["lower"] > 1) | (shown["upper"] < 1)).sum())
    usual = len(shown) * 0.05
    return (
        f"{plural(len(shown), 'comparison')}; an interval without 1: {count(outside)}. "
        f"By chance alone at most about {decimal(usual)} would be expected if all were alike."
    )


def _who(row: Row) -> str:
    name = "" if is_missing(row.get("name")) else f" {row['name']}"
    return f"{row['clinic']} {row['code']}{name}"


def said_spread(row: Row, level: str = "95") -> str:
    """`0.61 to 1.45`: where so many would lie by chance; `[z]` where nothing is expected."""
    if is_missing(row.get(f"lower{level}")):
        return "[z]"
    return f"{decimal(row[f'lower{level}'], 2)} to {decimal(row[f'upper{level}'], 2)}"

"""What is still arriving, how long reports usually take, and lots beside injectors."""

import pandas as pd

from analysis.report.evidence import frame_of, window
from analysis.report.fragment import Fragment, fragment, paragraph
from analysis.report.injectors import said
from analysis.report.numbers import count, decimal, is_missing, month, share
from analysis.schemas.month import MonthContext
from analysis.tables import Column, Row, make_table


def still_arriving(ctx: MonthContext) -> Fragment:
    """Open months by measure: what has come, how much usually has by now, and a range for the whole where enough is expected."""
    open_months = frame_of(ctx, "provisional_months")
    if len(open_months):
        open_months = open_months.sort_values("month", ascending=False, kind="stable")
    table = make_table(
        open_months,
        [
            Column("Month of treatment", lambda row: month(row["month"]), whole=True),
            Column("Measure", "label"),
            Column(
                "Affected so far, of sessions",
                lambda row: f"{count(row['affected'])} of {count(row['sessions'])}",
                number=True,
            ),
            Column("Usually arrived by now", lambda row: share(row.get("arrived")), number=True),
            Column("In the end (95 % range)", _in_the_end, number=True),
            Column("Remark", lambda row: "none" if is_missing(row.get("reason")) else str(row["reason"])),
        ],
        caption="Months whose follow-up is not over",
        id="table-still-arriving",
        tools=True,
        empty="Every month shown is closed.",
        note="Linked entries of clinics with a list of sessions. A range is given for the group from 10 expected on.",
        most=40,
    )
    return fragment(table, _lag(ctx))


def _lag(ctx: MonthContext) -> str:
    frame = frame_of(ctx, "lag_by_clinic")
    own = frame[(frame["measure"] == "any_reaction") & frame["median"].notna()] if len(frame) else frame
    each = [
        f"{row['clinic']} {count(row['median'])} (nine in ten within {count(row['p90'])})"
        for row in own.to_dict("records")
    ]
    return (
        paragraph(f"Days from treatment to the first entry, any reaction, median: {'; '.join(each)}.") if each else ""
    )


def _in_the_end(row: Row) -> str:
    if is_missing(row.get("estimate")):
        return "[z]"
    return f"{decimal(row['estimate'])} ({count(row['lower'])} to {count(row['upper'])})"


def _judged(row: Row) -> str:
    if is_missing(row.get("judged")) or not row["judged"]:
        return "[z]"
    return f"{count(row['observed_judged'])} of {count(row['judged'])}"


def lots_table(ctx: MonthContext) -> Fragment:
    """Lots with at least one case: observed, and expected by the same injectors' other lots and by others with the same lot."""
    frame = frame_of(ctx, "lots")
    own = frame[(frame["code"] == "all") & (frame["observed"] > 0)] if len(frame) else pd.DataFrame()
    table = make_table(
        own,
        [
            Column("Lot", lambda row: f"{row['clinic']} {row['lot']}", whole=True),
            Column("Measure", "label"),
            Column(
                "Observed, of sessions",
                lambda row: f"{count(row['observed'])} of {count(row['sessions'])}",
                number=True,
            ),
            Column("Observed where there is a comparator", _judged, number=True),
            Column(
                "Expected by the same injectors’ other lots", lambda row: decimal(row.get("expected_lot")), number=True
            ),
            Column(
                "Expected by others with the same lot", lambda row: decimal(row.get("expected_injector")), number=True
            ),
            Column("Observed ÷ expected (95 % interval)", said, number=True),
            Column("Remark", lambda row: "none" if is_missing(row.get("reason")) else str(row["reason"])),
        ],
        caption=", ".join(part for part in ("Lots with a case", window(ctx)) if part),
        id="table-lots",
        tools=True,
        empty="No lot with a case.",
        note="Asked and not asked apart. The ratio is the cases with a comparator over the first expectation.",
        most=60,
    )
    return fragment(
        paragraph(
            "A lot, or how it was diluted, shows beside the same injectors’ other lots; an injector shows beside others with the same "
            "lot. A difference is a question to both."
        ),
        table,
    )

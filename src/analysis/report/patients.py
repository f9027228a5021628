"""One page for patients: plain language, natural frequencies, and no figure of our own that was not measured well enough."""

from functools import cache
from typing import Any

from analysis.report.evidence import frame_of, window
from analysis.report.fragment import Fragment, fragment, paragraph
from analysis.report.numbers import count, is_missing, month
from analysis.report.rates import Rate
from analysis.resources import read_toml, resource
from analysis.schemas.month import MonthContext
from analysis.tables import Column, Row, make_table

NOT_MEASURED = "We do not measure this well enough."


@cache
def sheet() -> dict[str, Any]:
    """The words and thresholds of `resources/patient_sheet.toml`."""
    return read_toml(resource("patient_sheet.toml"))


def patient_sheet(ctx: MonthContext) -> Fragment:
    """Each effect with what is known elsewhere and, only where patients were asked, what these clinics saw."""
    import pandas as pd

    words = sheet()
    rates = {row["measure"]: row for row in frame_of(ctx, "rates_in_window").to_dict("records")}
    asked = enough_asked(ctx)
    effects = pd.DataFrame(words["effect"])
    table = make_table(
        effects,
        [
            Column("What can happen", "name"),
            Column("What the article says", "article"),
            Column("What was published", lambda row: f"{row['published']}. Source: {row['source']}."),
            Column("In our clinics", lambda row: ours(rates.get(row["measure"]), asked=asked)),
        ],
        caption=", ".join(part for part in ("Effects of botulinum toxin treatment", window(ctx)) if part),
        id="table-patient-sheet",
        note="Published figures come from other patients, products and ways of asking.",
    )
    return fragment('<div class="sheet">', table, paragraph(words["seek"], words["medicines"]), _asked(ctx), "</div>")


def enough_asked(ctx: MonthContext) -> bool:
    """True when scheduled follow-up is documented for the share of sessions that an own figure needs."""
    sessions = ctx.facts.get("followup_sessions")
    scheduled = ctx.facts.get("followup_scheduled")
    return bool(sessions) and not is_missing(scheduled) and scheduled >= sheet()["followup"] * sessions


def ours(row: Row | None, *, asked: bool) -> str:
    """`about 23 in 1,000 treatments (12 of 516)`, or that it is not measured well enough."""
    rate = None if row is None else Rate.of(row)
    if not asked or rate is None or rate.kind not in ("point", "zero") or (rate.denominator or 0) < sheet()["sessions"]:
        return NOT_MEASURED
    if rate.kind == "zero":
        return f"none in {count(rate.denominator)} treatments, which does not mean that it cannot happen"
    per_thousand = round(1000 * (rate.rate or 0))
    said = "fewer than 1" if per_thousand < 1 else f"about {count(per_thousand)}"
    return f"{said} in 1,000 treatments ({rate.count})"


def _asked(ctx: MonthContext) -> str:
    limit = f"{100 * sheet()['followup']:.0f} %"
    return paragraph(
        f"A figure of our own is given only where at least {limit} of treated patients were contacted as planned and at least "
        f"{count(sheet()['sessions'])} treatments were counted. State of {month(ctx.month)}."
    )

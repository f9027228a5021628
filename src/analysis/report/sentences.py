"""Sentences made of the disclosed facts of a month, used on page one and in the notebooks."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from analysis.report.numbers import chance, is_missing, short_month
from analysis.report.words import joined, lower_first, plural
from analysis.schemas.month import MonthContext
from analysis.tables import Row, plain


def left_out(ctx: MonthContext) -> str:
    """Which logs are missing this month, by clinic: left out of every rate, and never read as "none occurred"."""
    missing = ctx.facts.get("left_out") or []
    if not missing:
        return "All logs received." if ctx.facts.get("clinics") else "No logs received."
    each = [f"{plain(str(gap['clinic']), 40)} ({_when(gap, ctx)}{plain(str(gap['what']), 80)})" for gap in missing[:4]]
    if len(missing) > len(each):
        each.append(f"{len(missing) - len(each)} more")
    return f"Missing, left out: {joined(each)}."


def _when(gap: Mapping[str, Any], ctx: MonthContext) -> str:
    """The month of a gap, said where it is not the report's own."""
    return "" if gap.get("month") in (None, ctx.month) else f"{short_month(gap['month'])}: "


def is_hidden(row: Row) -> bool:
    """True for a measure that is kept off the page until enough patients are asked."""
    return not is_missing(row.get("shown")) and not row["shown"]


def compared(frame: pd.DataFrame) -> str:
    """Which measures lie outside their usual range, in words; a range is a description, not an alarm."""
    rows = [row for row in frame.to_dict("records") if not is_hidden(row) and not is_missing(row.get("numerator"))]
    known = [row for row in rows if not is_missing(row.get("usual_lower")) and not is_missing(row.get("usual_upper"))]
    if not known:
        return "Usual range: known after 12 closed months."
    above = [lower_first(plain(str(row["label"]))) for row in known if row["numerator"] > row["usual_upper"]]
    below = [lower_first(plain(str(row["label"]))) for row in known if row["numerator"] < row["usual_lower"]]
    said = [f"above usual: {joined(above)}"] if above else []
    said += [f"below usual: {joined(below)}"] if below else []
    text = "; ".join(said) or ("nothing outside its usual range" if len(known) == len(rows) else "nothing else unusual")
    return f"{text[:1].upper()}{text[1:]}."


def power(ctx: MonthContext) -> str:
    """The chance that a doubled rate would have stood out in one month at this volume."""
    given = ctx.facts.get("power")
    if not given:
        return "Too little is known to say what would have stood out."
    label = lower_first(plain(str(given["label"])))
    return f"At {plural(given['sessions'], 'session')} a month, twice the {label} would stand out {chance(given['chance'])}."


def unseen(ctx: MonthContext) -> str:
    """What silence about injectors is worth: the power of the whole group bounds that of any one of them."""
    given = ctx.facts.get("power")
    if not given:
        return "Not reassurance: what would have stood out is not known."
    more = "would more often be missed than seen" if given["chance"] < 0.5 else "could still be missed"
    tail = "" if ctx.facts.get("one_injector_power") else ", even more so for one injector"
    return f"Not reassurance: a doubled rate {more}{tail}."


def one_injector(ctx: MonthContext) -> str:
    """The chance that a doubled rate of one injector would be noticed within a year, for the one it is highest for."""
    given = ctx.facts.get("one_injector_power")
    if not given:
        return ""
    label = lower_first(plain(str(given["label"])))
    return f"Twice the {label} of one injector would be noticed within a year {_at_most(given['highest'])}."


def _at_most(probability: float) -> str:
    said = chance(probability)
    return said if probability < 0.01 else f"at most {said}"


def monitor(ctx: MonthContext) -> str:
    """What the sequential monitor says: still learning, nothing, or how many signals."""
    if ctx.facts.get("learning"):
        return "Monitor: learning; case triggers only."
    count = ctx.facts.get("monitor_signals")
    if count is None:
        return ""
    if not count:
        return "Monitor: no signal."
    return f"Monitor: {plural(count, 'signal')}, {ctx.facts.get('monitor_new') or 0} new: a question, not a finding of fault."

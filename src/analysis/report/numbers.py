"""Numbers and dates as people read them, formatted in this one place.

Rates arrive as 0–1; pages show them per 1,000. Nothing is computed here.
"""

from datetime import date
from typing import Any

import pandas as pd

from analysis.periods import say_date, say_month

MISSING = "[x]"
"""Shorthand for "not available"; the key stands under every table that uses it."""


def is_missing(value: Any) -> bool:
    """True for None, NaN, NA and NaT."""
    return value is None or bool(pd.isna(value))


def count(value: Any) -> str:
    """A whole number with a comma at thousands; `[x]` when missing, `0` when zero."""
    return MISSING if is_missing(value) else f"{int(value):,}"


def of(numerator: Any, denominator: Any) -> str:
    """`31 of 5,210`."""
    return f"{count(numerator)} of {count(denominator)}"


def day(value: Any) -> str:
    """An ISO date as `3 March 2026`; text that is no date stays out (`[x]`)."""
    if is_missing(value):
        return MISSING
    try:
        return say_date(date.fromisoformat(str(value)[:10]))
    except ValueError:
        return MISSING


def month(value: Any) -> str:
    """`2026-10` as `October 2026`; `[x]` when missing or no month."""
    text = "" if is_missing(value) else str(value)
    try:
        return say_month(text)
    except (ValueError, IndexError):
        return MISSING


def short_month(value: Any) -> str:
    """`2026-10` as `Oct 2026`, for axes and narrow columns; `[x]` when missing or no month."""
    name, _, year = month(value).partition(" ")
    return f"{name[:3]} {year}" if year else name


def per_thousand(rate: Any, per: int = 1000) -> str:
    """A 0–1 rate as a number per 1,000, one decimal below 100; `under 0.1` where one decimal would read 0."""
    if is_missing(rate):
        return MISSING
    value = float(rate) * per
    if 0 < value < 0.05:
        return "under 0.1"
    return f"{value:,.0f}" if value >= 99.95 else f"{value:.1f}"


def percent(part: Any, whole: Any) -> str:
    """A share of a whole as `52 %`; `[x]` when the whole is 0 or missing. 0 and 100 are kept for exactly none and all."""
    if is_missing(part) or is_missing(whole) or not int(whole):
        return MISSING
    shown = round(100 * int(part) / int(whole))
    if 0 < int(part) < int(whole):
        shown = min(max(shown, 1), 99)
    return f"{shown} %"


def decimal(value: Any, places: int = 1) -> str:
    """A number with fixed decimals; `[x]` when missing."""
    return "[x]" if is_missing(value) else f"{float(value):,.{places}f}"


def share(value: Any) -> str:
    """A share 0-1 as `52 %`; `[x]` when missing. 0 and 100 are kept for exactly none and all, as in `percent`."""
    if is_missing(value):
        return MISSING
    shown = round(100 * float(value))
    if 0 < float(value) < 1:
        shown = min(max(shown, 1), 99)
    return f"{shown} %"


def chance(probability: float) -> str:
    """A probability in natural frequencies: `about 4 times in 10`, `about 1 time in 12`."""
    if probability >= 0.95:
        return "more than 9 times in 10"
    if probability >= 0.15:
        return f"about {round(probability * 10)} times in 10"
    if probability >= 0.01:
        return f"about 1 time in {round(1 / probability)}"
    return "less than 1 time in 100"

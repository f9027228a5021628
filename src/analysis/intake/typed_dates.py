"""Type the date columns of a sheet: one order per column, proven, declared or refused; doubtful cells withheld with a note."""

from collections.abc import Callable, Mapping
from datetime import date
from itertools import pairwise

import numpy as np
import pandas as pd

from analysis.columnar.coded import coded
from analysis.errors import InputRefused, Place
from analysis.intake.dates import choose, has_open_cells, proven_order, read_written
from analysis.intake.distinct import distinct
from analysis.intake.onsets import relative_days
from analysis.intake.values import is_blank
from analysis.intake.verdicts import Verdicts, quote
from analysis.schemas.columns import DATE

DATE_COLUMNS = ("treatment_date", "onset_date", "reported_date", "resolved_date", "updated_at")
_A_YEAR = pd.Timedelta(days=366)
_MEND = "Write dates as YYYY-MM-DD."


def column_orders(cells: pd.DataFrame) -> dict[str, str | None]:
    """What each date column proves about its own order: `dmy`, `mdy`, `mixed` or nothing."""
    return {c: proven_order(coded(cells[c]).values) for c in DATE_COLUMNS if c in cells}


def settle_orders(
    cells: pd.DataFrame,
    own: Mapping[str, str | None],
    *,
    declared: str | None,
    known: str | None,
    place: Place,
    notes: Verdicts,
    theirs: Callable[[str], str | None] = lambda column: None,
) -> dict[str, str | None]:
    """The order each date column is read in.

    In turn: proven by the column, declared, proven by the file's other columns, the only one in which treatment ≤ onset ≤
    reported holds, proven before for this clinic. `theirs` gives the clinic's own header of a column.
    Raises InputRefused with both readings when nothing decides.
    """
    settled = {c: order if order in ("dmy", "mdy") else declared or order for c, order in own.items()}
    for column, order in own.items():
        if declared in ("dmy", "mdy") and order in ("dmy", "mdy") and order != declared:
            notes.note(
                None, "date_order", f"clinic.toml declares {declared}, but some dates can only be {order}; they are read as {order}.",
                column=column, old=declared, new=order,
            )  # fmt: skip
    open_columns = [c for c, order in settled.items() if order is None and has_open_cells(coded(cells[c]).values)]
    if not open_columns:
        return settled
    proven = {order for order in own.values() if order} - {"mixed"}
    pooled = proven.pop() if len(proven) == 1 else None
    order, basis = (
        (pooled, "the file's other date columns")
        if pooled
        else (order_by_sequence(cells), "the order of the dates in each row")
    )
    if order is None:
        order, basis = known, "the clinic's other files"
    if order is None:
        column = open_columns[0]
        example = next(c for c in coded(cells[column]).values if (w := read_written(c)) and w.is_open)
        reading = read_written(example)
        known_as = f" (read as {column})" if theirs(column) else ""
        both = f"{reading.day_first} or {reading.month_first}" if reading else ""
        raise InputRefused(
            Place(place.path, place.sheet, column=theirs(column) or column), f"{quote(example)} may be {both}{known_as}.",
            'Add date_order = "dmy" or "mdy" for this file to clinic.toml, or write dates as YYYY-MM-DD.',
        )  # fmt: skip
    for column in open_columns:
        notes.note(None, "date_order", f"Dates are read as {order}, by {basis}.", column=column, new=order)
        settled[column] = order
    return settled


def order_by_sequence(cells: pd.DataFrame) -> str | None:
    """The only order in which treatment ≤ onset ≤ reported holds in every row; missing when both or neither do."""
    chain = [c for c in ("treatment_date", "onset_date", "reported_date") if c in cells]
    if len(chain) < 2:
        return None
    wrong = {}
    for order in ("dmy", "mdy"):
        days = [_chosen(cells[c], order) for c in chain]
        wrong[order] = sum(int((a > b).sum()) for a, b in pairwise(days))
    best = min(wrong, key=lambda order: wrong[order])
    other = "mdy" if best == "dmy" else "dmy"
    return best if wrong[best] == 0 and wrong[other] > 0 else None


def _chosen(cells: pd.Series, order: str | None) -> pd.Series:
    return distinct(cells, lambda text: choose(read_written(text), order), dtype=DATE)


def type_dates(
    cells: pd.DataFrame, orders: Mapping[str, str | None], *, today: date, verdicts: Verdicts
) -> dict[str, pd.Series]:
    """Each date column as `datetime64[us]`. Unreadable and future cells are withheld with a note; relative onsets are resolved."""
    typed: dict[str, pd.Series] = {}
    for column in DATE_COLUMNS:
        if column not in cells:
            typed[column] = pd.Series(pd.NaT, index=cells.index, dtype=DATE)
            continue
        text = cells[column]
        days = _chosen(text, orders.get(column))
        days = _short_years(text, days, column, today=today, verdicts=verdicts)
        if column == "onset_date":
            days = _relative(text, days, typed["treatment_date"])
        _say_unread(text, days, column, verdicts)
        future = days > np.datetime64(today)
        verdicts.day_matters |= bool(future.any())
        for position in days.index[future]:
            verdicts.note(
                int(position), "date_withheld", f"{days[position].date()} lies in the future. {_MEND}",
                column=column, old=str(days[position].date()),
            )  # fmt: skip
        typed[column] = days.mask(future)
    typed["contact_date"] = _contact(cells, orders, today, verdicts)
    _order(typed, verdicts)
    return typed


def _say_unread(text: pd.Series, days: pd.Series, column: str, verdicts: Verdicts) -> None:
    for position, cell in text[days.isna() & ~distinct(text, is_blank, dtype="bool")].items():
        verdicts.note(
            int(position), "date_withheld", f"{quote(cell)} cannot be read as a date. {_MEND}", column=column, old=cell[:40]
        )  # fmt: skip


def _contact(cells: pd.DataFrame, orders: Mapping[str, str | None], today: date, verdicts: Verdicts) -> pd.Series:
    """Day of the follow-up contact, in the order of the dates of treatment: it never decides how a file is read.

    A day to come is a booking and no contact; a cell that cannot be read is withheld with a note.
    """
    if "contact_date" not in cells:
        return pd.Series(pd.NaT, index=cells.index, dtype=DATE)
    days = _chosen(cells["contact_date"], orders.get("treatment_date"))
    _say_unread(cells["contact_date"], days, "contact_date", verdicts)
    future = days > np.datetime64(today)
    verdicts.day_matters |= bool(future.any())
    return days.mask(future)


def _short_years(text: pd.Series, days: pd.Series, column: str, *, today: date, verdicts: Verdicts) -> pd.Series:
    """Two-digit years are read when every date of the column has one and none lies in the future, and beside a month's name.

    A date such as 3-Jan-25 has to lie among the column's full dates, give or take a year. All others are withheld.
    """
    written = {t: read_written(t) for t in coded(text).values}
    if not any(w and w.short_year for w in written.values()):
        return days
    short = distinct(text, lambda t: bool((w := written[t]) and w.short_year), dtype="bool")
    alone = all(w.short_year for w in written.values() if w)
    future = bool((days > np.datetime64(today)).any())
    verdicts.day_matters |= future
    if alone and not future:
        verdicts.note(
            None, "two_digit_year", "Years of two digits are read as 20.. here. Write four digits.", column=column
        )
        return days
    named = distinct(text, lambda t: bool((w := written[t]) and w.named), dtype="bool") & short
    full = days[~short]
    among = days.between(full.min() - _A_YEAR, full.max() + _A_YEAR) & named
    if among.any():
        verdicts.note(
            None, "two_digit_year", "Years of two digits beside a month's name are read as 20.. here. Write four digits.", column=column
        )  # fmt: skip
    return days.mask(short & ~among)


def _relative(text: pd.Series, days: pd.Series, treatment: pd.Series) -> pd.Series:
    after = distinct(text, relative_days, dtype="Float64")
    resolved = treatment + pd.to_timedelta(after.astype("float64"), unit="D")
    return days.fillna(resolved.astype(DATE))


def _order(typed: dict[str, pd.Series], verdicts: Verdicts) -> None:
    """Withhold the date that cannot stand beside the others, where another usable date remains."""
    treated, reported = typed["treatment_date"], typed["reported_date"]
    rules = (
        ("onset_date", typed["onset_date"] < treated, "onset", "before treatment", treated),
        ("onset_date", reported < typed["onset_date"], "onset", "after the report", reported),
        ("treatment_date", reported < treated, "treatment", "after the report", reported),
        ("resolved_date", typed["resolved_date"] < treated, "recovery", "before treatment", treated),
    )
    for column, wrong, what, where, other in rules:
        for position in wrong.index[wrong.fillna(False)]:
            ours, theirs = typed[column][position].date(), other[position].date()
            verdicts.note(
                int(position), "date_withheld", f"The {what} date {ours} lies {where} ({theirs}). Check both dates.",
                column=column, old=str(ours),
            )  # fmt: skip
        typed[column] = typed[column].mask(wrong.fillna(False))

"""The list of entries that need a clinician: the same columns on page one, in the full list and on today's page."""

import pandas as pd

from analysis.report.numbers import day, is_missing
from analysis.report.words import level, status
from analysis.tables import Column, Row, Table, make_table, plain, words

_ORDER = {"now": 0, "today": 1}
SOURCE = {"episode": "coded entry", "set_aside": "row set aside", "uncoded": "text not understood"}


def newest_first(frame: pd.DataFrame) -> pd.DataFrame:
    """Entries of level now before those of today, the newest report first; undated entries lead their level."""
    if frame.empty:
        return frame
    order = frame.assign(_level=frame["triage"].map(_ORDER).fillna(2))
    by = ["_level", "reported_date"]
    return order.sort_values(by, ascending=[True, False], na_position="first", kind="stable").drop(columns="_level")


def entry_columns(*, short: bool = False) -> list[Column]:
    """Columns of the list; `short` is the choice for page one. No free text and no patient key is among them."""
    columns = [
        Column("Look", lambda row: level(row.get("triage"))),
        Column("Entry", _entry),
        Column("What", lambda row: plain(words(row.get("label")), 60)),
        Column("Status", lambda row: status(row.get("status"), linked=row.get("linked"))),
        Column("Contact due", lambda row: day(row.get("contact_due"))),
    ]
    if short:
        return columns
    more = [
        Column("Reported", lambda row: day(row.get("reported_date"))),
        Column("Onset", lambda row: day(row.get("onset_date"))),
        Column("Injector", "injector_code"),
        Column("Source", lambda row: SOURCE.get(str(row.get("source")), str(row.get("source")))),
    ]
    return [*columns[:4], *more, columns[4]]


def attention_table(frame: pd.DataFrame, *, id: str = "entries") -> Table:
    """Every open entry of level now or today, in the order it was given."""
    return make_table(
        frame,
        entry_columns(),
        caption="Open entries of level now or today",
        id=id,
        empty="No open entry needs a clinician in the logs received. This does not mean that nothing occurred.",
    )


def _entry(row: Row) -> str:
    clinic = "" if is_missing(row.get("clinic")) else f"{plain(str(row['clinic']), 40)} "
    return clinic + plain(words(row.get("entry")), 80)

"""The data cut: the largest accepted date, of everything or of some clinics."""

from datetime import date

import pandas as pd

_DATES = ("treatment_date", "onset_date", "reported_date", "resolved_date")


def newest_day(treated: pd.DataFrame, totals: pd.DataFrame, events: pd.DataFrame) -> date | None:
    """The largest date among sessions (or their lines), months of totals (their last day) and log entries."""
    months = pd.to_datetime(totals["month"], format="%Y-%m") + pd.offsets.MonthEnd(0)
    columns = (treated["treatment_date"], months, *(events[column] for column in _DATES))
    latest = max((day for column in columns if pd.notna(day := column.max())), default=None)
    return latest.date() if latest is not None else None

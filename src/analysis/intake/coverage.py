"""Whether a clinic-month's logs were received: without it, zero means nothing."""

from datetime import date, timedelta

import pandas as pd

from analysis import periods

_QUIET_DAYS = 6
"""A log whose last row lies this many days before the month's end still covers the month: clinics close."""


def coverage(spans: pd.DataFrame, nil_returns: pd.DataFrame, *, data_cut: date) -> pd.DataFrame:
    """Frame `coverage`: each clinic's months from its first to the data cut.

    `spans`: clinic, log ('treatments' or 'events'), first, last (dates of the rows a file holds), as_of (missing when unknown).
    A file speaks for every month from its first row to its last, and up to its `as_of` when that is given.
    `nil_returns`: clinic, month.
    """
    records = []
    for clinic in sorted({*spans["clinic"], *nil_returns["clinic"]}):
        own = spans[spans["clinic"] == clinic]
        nil = set(nil_returns.loc[nil_returns["clinic"] == clinic, "month"])
        first = min([periods.month_of(day) for day in own["first"]] + sorted(nil))
        logs = {log: _months(own[own["log"] == log], data_cut) for log in ("treatments", "events")}
        for month in periods.month_range(first, periods.month_of(data_cut)):
            records.append(_record(str(clinic), month, logs, month in nil))
    columns = ["clinic", "month", "treatments", "events", "covered_to", "basis"]
    return pd.DataFrame(records, columns=columns).astype({"covered_to": "datetime64[us]"})


_FEW, _HALF = 5, 0.5


def missed_sessions(events: pd.DataFrame, sessions: pd.DataFrame) -> pd.DataFrame:
    """Clinic-months in which the events log speaks of treatments that the treatments log plainly does not have.

    `events`: clinic, treatment_date, patient_key, session_id, of linked entries; `sessions`: clinic. Of at least 5 entries that
    name a patient and a day of treatment, at least half found no session. Returns clinic, month, stated, missing.
    """
    stated = events[events["clinic"].isin(sessions["clinic"].unique())].dropna(subset=["treatment_date", "patient_key"])
    by_month = stated.assign(month=stated["treatment_date"].dt.strftime("%Y-%m")).groupby(["clinic", "month"])[
        "session_id"
    ]
    told = pd.DataFrame({"stated": by_month.size(), "missing": by_month.size() - by_month.count()}).reset_index()
    return told[(told["stated"] >= _FEW) & (told["missing"] >= _HALF * told["stated"])].reset_index(drop=True)


def without_missed(covered: pd.DataFrame, missed: pd.DataFrame) -> pd.DataFrame:
    """Frame `coverage` in which a treatments log that misses its events' sessions is `partial`, with the figures as basis."""
    joined = covered.merge(missed, on=["clinic", "month"], how="left")
    plainly = (joined["missing"].notna() & (joined["treatments"] == "received")).to_numpy()
    figures = joined["missing"].astype("Int64").astype("str") + " of " + joined["stated"].astype("Int64").astype("str")
    said = figures + " entries of this month speak of treatments that the log does not have"
    return covered.assign(
        treatments=covered["treatments"].mask(plainly, "partial"), basis=covered["basis"].mask(plainly, said.to_numpy())
    )


def _months(spans: pd.DataFrame, data_cut: date) -> dict[str, date]:
    """Month → last day of it that some file speaks for."""
    covered: dict[str, date] = {}
    for span in spans.itertuples():
        end = max(span.last, span.as_of) if isinstance(span.as_of, date) and not pd.isna(span.as_of) else span.last
        end = max(span.last, min(end, data_cut))
        for month in periods.month_range(periods.month_of(span.first), periods.month_of(end)):
            covered[month] = max(covered.get(month, date.min), min(end, periods.last_day(month)))
    return covered


def _record(
    clinic: str, month: str, logs: dict[str, dict[str, date]], nil: bool
) -> tuple[str, str, str, str, date | None, str]:
    treated, logged = logs["treatments"].get(month), logs["events"].get(month)
    end = periods.last_day(month)
    if treated is None:
        treatments = "missing"
    else:
        treatments = "received" if treated >= end - timedelta(days=_QUIET_DAYS) else "partial"
    events = "nil_return" if nil else "missing" if logged is None else "received"
    days = [day for day in (treated, end if events == "nil_return" else logged) if day]
    basis = "nil return" if events == "nil_return" else "dates of the rows and as-of of the files"
    return clinic, month, treatments, events, min(days) if len(days) == 2 else None, basis

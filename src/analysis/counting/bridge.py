"""The bridge between reported and treated months: entries of one month, by the month their patients were treated in."""

from typing import Any

import numpy as np

from analysis.columnar.calendar import month_names
from analysis.columnar.coded import coded
from analysis.counting.clinics import Clinics, of_events


def bridge(clinics: Clinics, *, month: str) -> dict[str, Any]:
    """Entries reported in `month` that hold a counted finding, by month of the linked session; the parts add up to `reported`.

    Returns reported, from_month (list of month and n, newest first), unlinked, and joined (of them, entries that only added to
    an episode which an earlier entry had opened).
    """
    events, findings, episodes, treatments = clinics.events, clinics.findings, clinics.episodes, clinics.treatments
    happened = findings[findings["final"] & findings["episode_id"].notna()]
    counted = happened.merge(
        episodes.loc[episodes["counted"], ["clinic", "episode_id", "reported_date"]], on=["clinic", "episode_id"]
    )
    rows = np.flatnonzero(month_names(events["reported_date"]) == month)
    told = events[["clinic", "event_id", "reported_date"]].take(rows).assign(
        stated=events["treatment_date"].take(rows),
        treatment_date=treatments["treatment_date"].array.take(of_events(clinics)[rows], allow_fill=True),
    )  # fmt: skip
    placed = told.merge(
        counted.drop(columns="reported_date").merge(
            counted.groupby(["clinic", "event_id"])["reported_date"].min().reset_index(name="opened"), on=["clinic", "event_id"]
        )[["clinic", "event_id", "opened"]].drop_duplicates(),
        on=["clinic", "event_id"],
    )  # fmt: skip
    # where a clinic sends totals there is no session to link to, and the date the entry states is the month it counts in
    sessionless = ~placed["clinic"].isin(coded(treatments["clinic"]).values)
    months = month_names(placed["treatment_date"].fillna(placed["stated"].where(sessionless)))
    by_month = months.dropna().value_counts().sort_index(ascending=False)
    return {
        "reported": len(placed),
        "from_month": [{"month": str(treated), "n": int(n)} for treated, n in by_month.items()],
        "unlinked": int(months.isna().sum()),
        "joined": int((placed["opened"] < placed["reported_date"]).sum()),
    }

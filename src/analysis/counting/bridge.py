"""The bridge between reported and treated months: entries of one month, by the month their patients were treated in."""

from typing import Any

import pandas as pd

from analysis.columnar.calendar import month_names


def bridge(
    events: pd.DataFrame, findings: pd.DataFrame, episodes: pd.DataFrame, treatments: pd.DataFrame, *, month: str
) -> dict[str, Any]:
    """Entries reported in `month` that hold a counted finding, by month of the linked session; the parts add up to `reported`.

    Returns reported, from_month (list of month and n, newest first), unlinked, and joined (of them, entries that only added to
    an episode which an earlier entry had opened).
    """
    happened = findings[findings["final"] & findings["episode_id"].notna()]
    counted = happened.merge(
        episodes.loc[episodes["counted"], ["clinic", "episode_id", "reported_date"]], on=["clinic", "episode_id"]
    )
    told = events[month_names(events["reported_date"]) == month]
    told = told[["clinic", "event_id", "session_id", "reported_date", "treatment_date"]].rename(
        columns={"treatment_date": "stated"}
    )
    told = told.merge(
        counted.drop(columns="reported_date").merge(
            counted.groupby(["clinic", "event_id"])["reported_date"].min().reset_index(name="opened"), on=["clinic", "event_id"]
        )[["clinic", "event_id", "opened"]].drop_duplicates(),
        on=["clinic", "event_id"],
    )  # fmt: skip
    sessions = treatments[["clinic", "session_id", "treatment_date"]]
    placed = told.merge(sessions, on=["clinic", "session_id"], how="left")
    # where a clinic sends totals there is no session to link to, and the date the entry states is the month it counts in
    sessionless = ~placed["clinic"].isin(set(treatments["clinic"]))
    months = month_names(placed["treatment_date"].fillna(placed["stated"].where(sessionless)))
    by_month = months.dropna().value_counts().sort_index(ascending=False)
    return {
        "reported": len(placed),
        "from_month": [{"month": str(treated), "n": int(n)} for treated, n in by_month.items()],
        "unlinked": int(months.isna().sum()),
        "joined": int((placed["opened"] < placed["reported_date"]).sum()),
    }

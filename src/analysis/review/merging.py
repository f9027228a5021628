"""Which entries were counted once with others, and which of one patient were counted apart although they may be the same."""

import pandas as pd

from analysis import taxonomy

_KEY = ["clinic", "event_id"]
_SAME_ONSET_DAYS = 14


def merged(
    events: pd.DataFrame, findings: pd.DataFrame, episodes: pd.DataFrame, sessions: pd.DataFrame
) -> pd.DataFrame:
    """Later entries of an episode that holds several: clinic, event_id, part (sub-code), beside (the first entry)."""
    own = _in_time(events, findings)
    own = own.assign(beside=own.groupby(["clinic", "episode_id"])["event_id"].transform("first"))
    later = own[own["event_id"] != own["beside"]]
    return later[[*_KEY, "subcode", "beside"]].rename(columns={"subcode": "part"})


def merged_unsure(
    events: pd.DataFrame, findings: pd.DataFrame, episodes: pd.DataFrame, sessions: pd.DataFrame
) -> pd.DataFrame:
    """Those of `merged` that no session holds together, whose onset is another, or that were told again after it was over."""
    own = _in_time(events, findings)
    loose = own["session_id"].isna()
    onset = own.groupby(["clinic", "episode_id"])["onset_date"]
    other = (onset.transform("max") - onset.transform("min")).dt.days > _SAME_ONSET_DAYS
    again = episodes.loc[episodes["state"] == "recurred", ["clinic", "episode_id"]]
    recurred = pd.MultiIndex.from_frame(own[["clinic", "episode_id"]]).isin(pd.MultiIndex.from_frame(again))
    doubtful = own.loc[loose | other | recurred, [*_KEY, "subcode"]].rename(columns={"subcode": "part"})
    return merged(events, findings, episodes, sessions).merge(doubtful.drop_duplicates(), on=[*_KEY, "part"])


def may_join(
    events: pd.DataFrame, findings: pd.DataFrame, episodes: pd.DataFrame, sessions: pd.DataFrame
) -> pd.DataFrame:
    """First entries of an episode that began within the sub-code's window after another of the same patient, counted apart.

    Only where no session, or touch-ups of one course, speak for the two being one happening.
    """
    own = _in_time(events, findings).drop_duplicates(["clinic", "episode_id"])
    own = own.merge(sessions[["clinic", "session_id", "course_id"]], on=["clinic", "session_id"], how="left")
    columns = ["clinic", "patient_key", "subcode", "event_id", "episode_id", "course_id", "_when"]
    named = own.loc[own["patient_key"].notna() & own["_when"].notna(), columns]
    pairs = named.merge(named, on=["clinic", "patient_key", "subcode"], suffixes=("", "_before"))
    days = (pairs["_when"] - pairs["_when_before"]).dt.days
    windows = (
        pairs["subcode"]
        .map({code: entry.window_days for code, entry in taxonomy.load_taxonomy().items()})
        .astype("float64")
    )
    ordered = (days > 0) | ((days == 0) & (pairs["event_id"] > pairs["event_id_before"]))
    doubtful = (
        pairs["course_id"].isna() | pairs["course_id_before"].isna() | (pairs["course_id"] == pairs["course_id_before"])
    )
    near = pairs[ordered & (days <= windows) & doubtful & (pairs["episode_id"] != pairs["episode_id_before"])]
    nearest = near.sort_values([*_KEY, "subcode", "_when_before"]).drop_duplicates([*_KEY, "subcode"], keep="last")
    return nearest[[*_KEY, "subcode", "event_id_before"]].rename(
        columns={"subcode": "part", "event_id_before": "beside"}
    )


def _in_time(events: pd.DataFrame, findings: pd.DataFrame) -> pd.DataFrame:
    """Entries of each episode, oldest first."""
    own = findings.loc[findings["episode_id"].notna(), [*_KEY, "episode_id", "subcode"]].drop_duplicates()
    facts = [*_KEY, "session_id", "patient_key", "treatment_date", "onset_date", "reported_date"]
    own = own.merge(events[facts], on=_KEY)
    when = own["reported_date"].fillna(own["onset_date"]).fillna(own["treatment_date"])
    return own.assign(_when=when).sort_values(["clinic", "episode_id", "_when", "event_id"], na_position="first")


MERGE_REASONS = {"merged_unsure": merged_unsure, "merged": merged, "may_join": may_join}

"""Entries that a named person closed: off the first screen, without hiding what came to the same episode beside them."""

import pandas as pd

from analysis import taxonomy

_PRESSING = ("now", "today")
_OVER = ("recovered", "sequelae", "fatal")
_KEY = ["clinic", "episode_id"]


def still_open(
    episodes: pd.DataFrame, findings: pd.DataFrame, events: pd.DataFrame, closed: pd.DataFrame
) -> pd.DataFrame:
    """Pressing episodes with an entry that nobody closed, each under the first such entry, its level and its day.

    `closed` has clinic and event_id. An episode whose every pressing entry is closed is left out; a later entry that nobody closed
    brings it back under its own name.
    """
    pressing = episodes[episodes["triage"].isin(_PRESSING)]
    done = pd.MultiIndex.from_frame(closed[["clinic", "event_id"]])
    own = _pressing_entries(findings, events)
    is_closed = pd.MultiIndex.from_frame(own[["clinic", "event_id"]]).isin(done)
    touched = pd.MultiIndex.from_frame(own.loc[is_closed, _KEY].drop_duplicates())
    untouched = pressing[~pd.MultiIndex.from_frame(pressing[_KEY]).isin(touched)]
    left = own[~is_closed].sort_values([*_KEY, "_level", "_since", "event_id"]).drop_duplicates(_KEY)
    changed = pressing.drop(columns=["triage", "pressing_event_id", "pressing_since"]).merge(
        left[pd.MultiIndex.from_frame(left[_KEY]).isin(touched)], on=_KEY
    )
    first = pressing.set_index(_KEY)["pressing_since"]
    moved = changed["_since"] - first.reindex(pd.MultiIndex.from_frame(changed[_KEY])).to_numpy()
    changed = changed.assign(
        pressing_event_id=changed["event_id"], pressing_since=changed["_since"],
        next_contact_due=changed["next_contact_due"] + moved,
    )  # fmt: skip
    return pd.concat([untouched, changed], ignore_index=True)[list(episodes.columns)] if len(changed) else untouched


def with_closed(
    episodes: pd.DataFrame, findings: pd.DataFrame, events: pd.DataFrame, closed: pd.DataFrame
) -> pd.DataFrame:
    """Episodes as a person closed them: no contact is due where every pressing entry is closed, and the state follows the outcome.

    `closed` has clinic, event_id and outcome; of several entries the last outcome by day of closing counts.
    """
    if closed.empty or episodes.empty:
        return episodes
    keys = pd.MultiIndex.from_frame(episodes[_KEY])
    left = pd.MultiIndex.from_frame(still_open(episodes, findings, events, closed)[_KEY])
    own = _pressing_entries(findings, events).merge(closed, on=["clinic", "event_id"])
    last = own.sort_values(["decided", "event_id"]).drop_duplicates(_KEY, keep="last").set_index(_KEY)["outcome"]
    done = keys.isin(last.index) & ~keys.isin(left)
    over = done & last.reindex(keys).isin(_OVER).to_numpy()
    return episodes.assign(
        next_contact_due=episodes["next_contact_due"].mask(done), state=episodes["state"].mask(over, "closed")
    )


def _pressing_entries(findings: pd.DataFrame, events: pd.DataFrame) -> pd.DataFrame:
    """One row per episode and entry of level now or today: clinic, episode_id, event_id, triage, _level, _since."""
    own = findings[
        findings["episode_id"].notna() & findings["triage"].isin(_PRESSING) & findings["status"].isin(taxonomy.WATCHED)
    ]
    own = own.assign(_level=own["triage"].map({"now": 0, "today": 1})).sort_values("_level", kind="stable")
    own = own[["clinic", "episode_id", "event_id", "triage", "_level"]].drop_duplicates([*_KEY, "event_id"])
    dates = events[["clinic", "event_id", "reported_date", "onset_date"]].merge(own, on=["clinic", "event_id"])
    since = dates["reported_date"].fillna(dates["onset_date"])
    return dates.assign(_since=since).drop(columns=["reported_date", "onset_date"])

"""Events to sessions, step 1: needs no category. How sure each link is stays with it in `link_method`."""

import pandas as pd

from analysis.schemas.order import among

LONGEST_DAYS = 400
STATED_DAYS = 7
"""How far the patient's latest session may lie from the treatment date an entry states: a slip of the pen, not another session."""


def link_events(events: pd.DataFrame, lines: pd.DataFrame, sessions: pd.DataFrame) -> pd.DataFrame:
    """Add `session_id`, `link_method` and `link_days` to events.

    In turn: the treatment id; patient and stated date; the patient's latest session at most 400 days before onset (else
    report), unless the entry states a treatment more than 7 days from it; without a patient the one session with that clinic,
    date, injector and area (`probable`). Several candidates are `ambiguous`; no candidate is `none`; both leave the event
    unlinked. `lines` needs clinic, treatment_id, session_id, area.
    """
    events = events.reset_index(drop=True)
    found = pd.DataFrame(
        {"session_id": pd.Series(None, index=events.index, dtype="str"), "link_method": "none"}, index=events.index
    )
    found["link_method"] = found["link_method"].astype("str")
    for method, candidates, searched in (
        ("treatment_id", _by_treatment, lines),
        ("patient_date", _by_date, sessions),
        ("patient_latest", _latest, sessions),
        ("probable", _probable, lines),
    ):
        still_open = events[found["link_method"] == "none"]
        if len(still_open):
            _take(found, candidates(still_open, searched), events, sessions, method)
    linked = sessions[among(sessions["session_id"], found["session_id"])]
    dates = linked.set_index(["clinic", "session_id"])["treatment_date"]
    treated = pd.Series(
        dates.reindex(pd.MultiIndex.from_arrays([events["clinic"], found["session_id"]])).to_numpy(), index=events.index
    )
    days = (events["onset_date"].fillna(events["reported_date"]) - treated).dt.days
    return events.assign(**found, link_days=days.astype("Int64"))


def _take(
    found: pd.DataFrame, candidates: pd.DataFrame, events: pd.DataFrame, sessions: pd.DataFrame, method: str
) -> None:
    """Write links where one candidate is left; several are narrowed by the event's own injector, else ambiguous."""
    candidates = candidates[["event", "session_id"]].drop_duplicates()
    several = candidates["event"].duplicated(keep=False)
    if several.any():
        doubtful = candidates[several].merge(sessions[["session_id", "injector"]], on="session_id")
        same = doubtful["injector"] == doubtful["event"].map(events["injector"])
        narrowed = doubtful[
            same & ~doubtful[same].duplicated("event", keep=False).reindex(doubtful.index, fill_value=False)
        ]
        left = set(doubtful["event"]) - set(narrowed["event"])
        found.loc[sorted(left), "link_method"] = "ambiguous"
        candidates = pd.concat([candidates[~several], narrowed[["event", "session_id"]]])
    found.loc[candidates["event"], "session_id"] = candidates["session_id"].to_numpy()
    found.loc[candidates["event"], "link_method"] = method


def _rows(events: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    return events[columns].dropna().rename_axis("event").reset_index()


def _by_treatment(events: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    """Not where the id is another patient's on another day than the entry states: a numbering that started again."""
    key, told = ["clinic", "treatment_id"], ["patient_key", "treatment_date"]
    wanted = _rows(events, key)
    there = lines.loc[among(lines["treatment_id"], wanted["treatment_id"]), [*key, "session_id", *told]]
    pairs = wanted.merge(there.dropna(subset=[*key, "session_id"]).drop_duplicates(), on=key)
    stated = events[told].reindex(pairs["event"]).reset_index(drop=True)
    other = [stated[c].notna() & pairs[c].notna() & (stated[c] != pairs[c]) for c in told]
    return pairs[~(other[0] & other[1])]


def _by_date(events: pd.DataFrame, sessions: pd.DataFrame) -> pd.DataFrame:
    key = ["clinic", "patient_key", "treatment_date"]
    wanted = _rows(events, key)
    there = sessions.loc[among(sessions["patient_key"], wanted["patient_key"]), [*key, "session_id"]].dropna()
    return wanted.merge(there, on=key)


def _latest(events: pd.DataFrame, sessions: pd.DataFrame) -> pd.DataFrame:
    """The patient's latest session before onset (else report); not where the entry states a treatment on quite another day.

    Such an entry speaks of a session that was not delivered. An older session of the patient would be another injector's work.
    """
    anchored = events.assign(anchor=events["onset_date"].fillna(events["reported_date"]))
    wanted = _rows(anchored, ["clinic", "patient_key", "anchor"])
    wanted["stated"] = events["treatment_date"].reindex(wanted["event"]).array
    there = sessions.loc[
        among(sessions["patient_key"], wanted["patient_key"]), ["clinic", "patient_key", "treatment_date", "session_id"]
    ]
    pairs = wanted.merge(there, on=["clinic", "patient_key"])
    gap = (pairs["anchor"] - pairs["treatment_date"]).dt.days
    pairs = pairs.assign(gap=gap)[(gap >= 0) & (gap <= LONGEST_DAYS)]
    pairs = pairs[pairs["gap"] == pairs.groupby("event")["gap"].transform("min")]
    off = (pairs["stated"] - pairs["treatment_date"]).abs()
    return pairs[off.isna() | (off <= pd.Timedelta(days=STATED_DAYS))]


def _probable(events: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    key = ["clinic", "treatment_date", "injector"]
    nameless = events[events["patient_key"].isna()].dropna(subset=["area"])
    wanted = _rows(nameless, [*key, "area"])
    wanted = wanted.assign(area=wanted["area"].str.split(";")).explode("area")
    may_be = lines["treatment_date"].isin(wanted["treatment_date"]) & among(lines["injector"], wanted["injector"])
    there = lines.loc[may_be, [*key, "area", "session_id"]].dropna()
    there = there.assign(area=there["area"].str.split(";")).explode("area")
    return wanted.merge(there, on=[*key, "area"])

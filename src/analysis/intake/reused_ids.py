"""Ids that a clinic gave to several entries (numbering that starts again each month): the entries must not replace each other."""

import hashlib

import pandas as pd

_DATES = ("treatment_date", "onset_date", "reported_date")
_AGREE = ("treatment_id", *_DATES)
_ORDERED = ("event_version", "updated_at")


def own_ids(rows: pd.DataFrame, first: pd.Series) -> pd.Series:
    """Event ids, with a suffix for each further entry that shares an id and nothing else.

    Two rows of one id are versions of one entry when they name the same patient or use the same words, or, where one names no
    patient, when they agree on the treatment or on a date. A patient's two entries that agree on nothing are two. `first`
    marks one row of each distinct content.
    """
    ids = rows["event_id"].copy()
    shared = rows[first & rows["event_id"].notna()]
    shared = shared[shared.duplicated(["clinic", "event_id"], keep=False)]
    for _, versions in shared.groupby(["clinic", "event_id"], sort=False):
        entries = _entries(versions)
        for entry in entries[1:]:
            content = rows["_version"].isin(versions.loc[entry, "_version"])
            ids[content] = ids[content] + "~" + _mark(versions.loc[entry])
    return ids


def _entries(versions: pd.DataFrame) -> list[list[int]]:
    """Index labels of the rows of each entry, the earliest entry first."""
    records = versions.to_dict("index")
    entries: list[list[int]] = []
    for label, row in records.items():
        same = [entry for entry in entries if any(_same(records[other], row) for other in entry)]
        joined = [other for entry in same for other in entry] + [label]
        entries = [entry for entry in entries if entry not in same] + [joined]
    return sorted(entries, key=lambda entry: min(_when(records[label]) for label in entry))


def _same(one: dict, other: dict) -> bool:
    if isinstance(one["text"], str) and one["text"] == other["text"]:
        return True
    if isinstance(one["patient_key"], str) and isinstance(other["patient_key"], str):
        return one["patient_key"] == other["patient_key"] and not _two_stories(one, other)
    return any(one[column] == other[column] for column in _AGREE)


def _two_stories(one: dict, other: dict) -> bool:
    """Told in other words and on other days: a patient who has had two events, not one corrected.

    Of another treatment when two dates differ and none agrees; of the same treatment when both the onset and the report
    differ, unless the clinic numbers the versions itself.
    """
    said = {c: one[c] != other[c] for c in _DATES if not pd.isna(one[c]) and not pd.isna(other[c])}
    if said.get("treatment_date") and one["treatment_id"] != other["treatment_id"]:
        return len(said) >= 2 and all(said.values())
    numbered = any(not pd.isna(row[c]) for row in (one, other) for c in _ORDERED)
    return bool(not numbered and said.get("onset_date") and said.get("reported_date"))


def _when(row: dict) -> tuple[str, str]:
    days = [str(row[column].date()) for column in _DATES if not pd.isna(row[column])]
    return min(days, default="9999"), str(row["text"])


def _mark(entry: pd.DataFrame) -> str:
    said = sorted(entry["patient_key"].fillna("") + entry["text"].fillna(""))[0]
    return hashlib.sha256(said.encode()).hexdigest()[:6]

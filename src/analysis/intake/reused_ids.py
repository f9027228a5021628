"""Ids that a clinic gave to several entries (numbering that starts again each month): the entries must not replace each other."""

import hashlib
from collections.abc import Callable

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


def own_treatments(lines: pd.DataFrame) -> pd.Series:
    """0 for the lines of each treatment id, or 1, 2 … for those of a further treatment that shares the id and nothing else.

    Lines of one id are of one treatment when they name the same day, or the same patient and days that a correction could have
    changed: not one day to another on which the file that told the first was already made. `lines` needs clinic, treatment_id,
    patient_key, treatment_date and _as_of; index as given.
    """
    numbers = pd.Series(0, index=lines.index)
    told = ["clinic", "treatment_id", "patient_key", "treatment_date", "_as_of"]
    stories = lines[told].drop_duplicates()
    several = stories.groupby(["clinic", "treatment_id"], sort=False)["treatment_date"].transform("nunique") > 1
    for _, own in stories[several].groupby(["clinic", "treatment_id"], sort=False):
        for number, group in enumerate(_grouped(own.to_dict("index"), _same_treatment)):
            numbers[group] = number
    if not numbers.any():
        return numbers
    first = lines[told].merge(stories.assign(_number=numbers[stories.index]), on=told, how="left")["_number"]
    return pd.Series(first.to_numpy(), index=lines.index)


def _same_treatment(one: dict, other: dict) -> bool:
    if one["treatment_date"] == other["treatment_date"]:
        return True
    later = one["treatment_date"] > other["_as_of"] or other["treatment_date"] > one["_as_of"]
    return bool(one["patient_key"] == other["patient_key"] and not later)


def _entries(versions: pd.DataFrame) -> list[list[int]]:
    """Index labels of the rows of each entry, the earliest entry first."""
    records = versions.to_dict("index")
    entries = _grouped(records, _same)
    return sorted(entries, key=lambda entry: min(_when(records[label]) for label in entry))


def _grouped(records: dict, same_thing: Callable[[dict, dict], bool]) -> list[list[int]]:
    """Labels of the records that tell of the same thing, directly or over others."""
    groups: list[list[int]] = []
    for label, row in records.items():
        same = [group for group in groups if any(same_thing(records[other], row) for other in group)]
        joined = [other for group in same for other in group] + [label]
        groups = [group for group in groups if group not in same] + [joined]
    return groups


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

"""What decisions change: the link of an entry, its reading, its episode, and whether it is still open. Raw values stay as they are."""

import json
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis import taxonomy
from analysis.review.decisions import LEAVE, in_force

TOLD = (
    "subcode", "status", "severity", "laterality", "site", "urgent", "red_flag", "triage", "pattern", "confirmed", "start", "end",
)  # fmt: skip
"""What the ledger keeps of one finding of a reviewer's reading: codes and places, never words."""


@dataclass(frozen=True)
class Reading:
    """Reviewers' readings by position of the event: `findings` to be taken over, and `rows` of all events that were decided."""

    findings: pd.DataFrame
    rows: frozenset[int]


def relinked(events: pd.DataFrame, reviews: pd.DataFrame, sessions: pd.DataFrame) -> pd.DataFrame:
    """`events` with the sessions that reviewers set or cleared; `link_method` is then `reviewer`, or `none`."""
    decided = in_force(reviews, "link")
    if decided.empty:
        return events
    wanted = decided.assign(session=decided["new"].map(json.loads).astype(object))
    wanted = wanted.set_index(["clinic", "event_id"])["session"]
    keys = pd.MultiIndex.from_frame(events[["clinic", "event_id"]])
    touched = keys.isin(wanted.index)
    chosen = pd.Series(wanted.reindex(keys).to_numpy(), index=events.index, dtype="str")
    session = events["session_id"].mask(touched, chosen)
    method = events["link_method"].mask(touched & chosen.notna(), "reviewer").mask(touched & chosen.isna(), "none")
    dates = sessions.set_index(["clinic", "session_id"])["treatment_date"]
    treated = dates.reindex(pd.MultiIndex.from_arrays([events["clinic"], session])).set_axis(events.index)
    days = (events["onset_date"].fillna(events["reported_date"]) - treated).dt.days.astype("Int64")
    return events.assign(session_id=session, link_method=method, link_days=days)


def reading(events: pd.DataFrame, reviews: pd.DataFrame) -> Reading:
    """Reviewers' findings of `events` (0-based index), each with its words and, as its rule, the entry of the ledger."""
    position = pd.Series(events.index, index=pd.MultiIndex.from_frame(events[["clinic", "event_id"]]))
    texts = events["text"]
    found: list[dict[str, Any]] = []
    rows = set()
    for one in in_force(reviews, "coding").itertuples():
        row = int(position[(one.clinic, one.event_id)])
        rows.add(row)
        for told in json.loads(str(one.new)):
            found.append(_finding(told, row, texts[row], rule=f"reviewer: {one.decision}, ledger entry {one.number}"))
    columns = ["row", "category", "class", *TOLD, "evidence", "rule", "needs_review", "source"]
    return Reading(pd.DataFrame(found, columns=columns), frozenset(rows))


def _finding(told: dict[str, Any], row: int, text: Any, *, rule: str) -> dict[str, Any]:
    known = taxonomy.load_taxonomy()[told["subcode"]]
    start, end = told.get("start"), told.get("end")
    words = text[start:end] if isinstance(text, str) and start is not None and end is not None else None
    return {
        "row": row, "category": known.category, "class": known.event_class, **{name: told.get(name) for name in TOLD},
        "evidence": words, "rule": rule, "needs_review": False, "source": "reviewer",
    }  # fmt: skip


def merge_decisions(reviews: pd.DataFrame) -> pd.DataFrame:
    """Findings to hold apart (`with_event` missing) or to join with another entry: clinic, event_id, subcode, with_event."""
    decided = in_force(reviews, "merge")
    decided = decided[decided["decision"].isin(["split episode", "join"])]
    target = decided["new"].map(json.loads).astype("str")
    return decided[["clinic", "event_id"]].assign(subcode=decided["part"], with_event=target).reset_index(drop=True)


def closed_entries(reviews: pd.DataFrame) -> pd.DataFrame:
    """Entries that a named person closed: clinic, event_id, reviewer, decided, outcome."""
    closed = in_force(reviews, "entry")
    return closed[["clinic", "event_id", "reviewer", "decided", "outcome"]].reset_index(drop=True)


def stale_notes(reviews: pd.DataFrame) -> pd.DataFrame:
    """A note for each decision that is not applied because its row has changed or is gone, until somebody decides again."""
    key = ["clinic", "event_id", "kind", "part"]
    settled = pd.MultiIndex.from_frame(reviews.loc[reviews["state"] == "applied", key])
    left = reviews[reviews["state"].isin(["stale", "gone"]) & (reviews["decision"] != LEAVE)]
    left = left[~pd.MultiIndex.from_frame(left[key]).isin(settled)]
    why = left["state"].map(
        {
            "stale": "The entry has changed since a person decided on it; the decision is not applied and it is in the queue again.",
            "gone": "A person decided on an entry that is not in the logs any more.",
        }
    )
    return pd.DataFrame(
        {
            "clinic": left["clinic"], "path": "ledger", "sheet": "", "row": (left["number"]).astype("Int64"),
            "column": left["kind"], "code": "review_stale", "old": None, "new": None, "message": why,
        }
    )  # fmt: skip

"""Decisions out of the ledger, beside the rows they were made on: which apply, which were overruled, which are of an older row."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from analysis.review.content import KINDS, aside_hashes, content_hashes

LEDGER_KIND = "review decisions"
LEAVE = "leave open"
DECISIONS: dict[str, tuple[str, ...]] = {
    "coding": ("accept", "change", "not an event", LEAVE),
    "link": ("accept", "link to session", "unlink", LEAVE),
    "merge": ("accept", "split episode", "join", LEAVE),
    "entry": ("close entry", LEAVE),
}
"""What can be decided on each sheet. `leave open` takes back an earlier decision and puts the row into the queue again."""
TEXTS = ("kind", "clinic", "event_id", "part", "decision", "reviewer", "decided", "content")
_COLUMNS = (*TEXTS, "old", "new", "outcome", "why", "number", "position")
_KEY = ["clinic", "event_id", "kind", "part"]


def from_ledger(entries: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """One row per decision, in the order of the ledger; what a newer version may have written and we cannot read is passed over."""
    rows = []
    for entry in entries:
        if entry.get("kind") != LEDGER_KIND:
            continue
        for position, told in enumerate(entry["data"].get("decisions", [])):
            if all(isinstance(told.get(name), str) for name in TEXTS) and told["decision"] in DECISIONS.get(
                told["kind"], ()
            ):
                old, new = (json.dumps(told.get(name), sort_keys=True) for name in ("old", "new"))
                rows.append({**told, "old": old, "new": new, "number": entry["n"], "position": position})
    frame = pd.DataFrame(rows, columns=list(_COLUMNS))
    frame["decided"] = pd.to_datetime(frame["decided"], format="%Y-%m-%d", errors="coerce").astype("datetime64[us]")
    texts = ["kind", "clinic", "event_id", "part", "decision", "reviewer", "content", "old", "new", "outcome", "why"]
    frame = frame.astype(dict.fromkeys(texts, "str") | {"number": "int64", "position": "int64"})
    return frame[frame["decided"].notna()].reset_index(drop=True)


def identity(told: Mapping[str, Any]) -> str:
    """What makes two decisions the same one: everything but the moment and the words of the reason."""
    names = ("kind", "clinic", "event_id", "part", "content", "decision", "new", "reviewer", "decided", "outcome")
    return json.dumps([told.get(name) for name in names], sort_keys=True)


def with_state(
    decisions: pd.DataFrame, events: pd.DataFrame, sessions: pd.DataFrame, set_aside: pd.DataFrame
) -> pd.DataFrame:
    """The frame `reviews`: each decision with its `state`.

    A decision counts only for the content it was made on. Among those of one row the one with the latest day applies, whatever
    the order they were handed in; on one day the one recorded last.
    """
    if decisions.empty:
        return decisions.assign(state=pd.Series(dtype="str"))
    decided = pd.MultiIndex.from_frame(decisions[["clinic", "event_id"]])
    own = events[pd.MultiIndex.from_frame(events[["clinic", "event_id"]]).isin(decided)]
    known = [own[["clinic", "event_id"]].assign(kind=kind, now=content_hashes(own, kind).to_numpy()) for kind in KINDS]
    found = decisions.merge(pd.concat(known, ignore_index=True), on=["clinic", "event_id", "kind"], how="left")
    found = _of_rows_set_aside(found, set_aside)
    fits = (found["now"] == found["content"]) & ~_session_is_gone(found, sessions)
    latest = found[fits].sort_values(["decided", "number", "position"]).drop_duplicates(_KEY, keep="last").index
    state = pd.Series("stale", index=found.index).mask(found["now"].isna(), "gone").mask(fits, "overruled")
    state[latest] = "applied"
    return found.assign(state=state.astype("str")).drop(columns="now")


def in_force(reviews: pd.DataFrame, kind: str) -> pd.DataFrame:
    """Decisions of one kind that change something or settle a row of the queue."""
    return reviews[(reviews["kind"] == kind) & (reviews["state"] == "applied") & (reviews["decision"] != LEAVE)]


def places(set_aside: pd.DataFrame) -> pd.Series:
    """Rows set aside as the first screen names them."""
    sheet = set_aside["sheet"].map(lambda name: f", sheet {name}" if name else "").astype("str")
    return set_aside["path"] + sheet + ", row " + set_aside["row"].astype(str)


def closable(set_aside: pd.DataFrame) -> pd.DataFrame:
    """Rows set aside that the first screen may list: all but repeats of a row that was used."""
    return set_aside[set_aside["disposition"].isin(["quarantined", "superseded"]) | set_aside["triage"].notna()]


def _of_rows_set_aside(found: pd.DataFrame, set_aside: pd.DataFrame) -> pd.DataFrame:
    """A row set aside is known by its content, wherever in the files it lies now.

    Of several rows alike (two patients' "dysphagia" and no more) a decision speaks of the one at its place only.
    """
    held = closable(set_aside)
    there = pd.DataFrame({"clinic": held["clinic"], "content": aside_hashes(held), "place": places(held)}).astype("str")
    there["alone"] = ~there.duplicated(["clinic", "content"], keep=False)
    loose = found[found["now"].isna() & (found["kind"] == "entry")]
    placed = loose.merge(there, on=["clinic", "content"])
    placed = placed[placed["alone"] | (placed["place"] == placed["event_id"])].drop(columns="alone")
    if placed.empty:
        return found
    placed = placed.assign(event_id=placed["place"], now=placed["content"]).drop(columns="place")
    settled = pd.MultiIndex.from_frame(placed[["number", "position"]])
    rest = found[~pd.MultiIndex.from_frame(found[["number", "position"]]).isin(settled)]
    return pd.concat([rest, placed], ignore_index=True)


def _session_is_gone(found: pd.DataFrame, sessions: pd.DataFrame) -> pd.Series:
    there = set(zip(sessions["clinic"], sessions["session_id"], strict=True))
    gone = [
        kind == "link" and (session := json.loads(new)) is not None and (clinic, session) not in there
        for kind, clinic, new in zip(found["kind"], found["clinic"], found["new"], strict=True)
    ]
    return pd.Series(gone, index=found.index, dtype=bool)

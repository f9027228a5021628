"""What a decision was made on: a hash of the row's content, so that a changed row is noticed, and a seal of the key cells."""

import hashlib
from collections.abc import Sequence

import pandas as pd

_SAID = ("text", "event_category_raw", "severity_raw", "seriousness_raw", "laterality_raw")
_WHEN = ("patient_key", "treatment_date", "onset_date", "reported_date")
FIELDS: dict[str, tuple[str, ...]] = {
    "coding": _SAID,
    "link": _WHEN,
    "merge": (*_SAID, *_WHEN),
    "entry": (*_SAID, "_grave"),
}
"""Columns that a decision of each kind rests on. A recovery noted later undoes none of them; a grave outcome opens an entry again."""
KINDS = tuple(FIELDS)
_GRAVE = ("not_recovered", "sequelae", "fatal")
_LENGTH = 16
_SEAL = 6


def content_hashes(events: pd.DataFrame, kind: str) -> pd.Series:
    """Hash of what a decision of `kind` rests on, for each row of `events` (same index)."""
    grave = events["outcome"].where(events["outcome"].isin(_GRAVE))
    facts = events.assign(_grave=grave)[["clinic", "event_id", *FIELDS[kind]]]
    columns = [column.dt.strftime("%Y-%m-%d") if column.dtype.kind == "M" else column for _, column in facts.items()]
    rows = zip(*(column.astype(object).where(column.notna(), "\1").tolist() for column in columns), strict=True)
    return pd.Series([digest(row) for row in rows], index=events.index, dtype="str")


def aside_hashes(set_aside: pd.DataFrame) -> pd.Series:
    """Hash of rows set aside, for decisions of kind `entry` on them."""
    rows = zip(set_aside["clinic"], set_aside["raw"], strict=True)
    return pd.Series([digest(("set aside", *row)) for row in rows], index=set_aside.index, dtype="str")


def digest(parts: Sequence[str]) -> str:
    """Hash of several texts; no two different lists give the same bytes."""
    told = "".join(f"{len(part)}:{part}" for part in parts)
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:_LENGTH]


def sealed(content: str, *, kind: str, clinic: str, entry: str, part: str, proposal: str) -> str:
    """The cell "Check": the content hash, and a few characters that no longer fit when a key cell was edited."""
    return f"{content}-{_seal(content, kind, clinic, entry, part, proposal)}"


def unsealed(check: str, *, kind: str, clinic: str, entry: str, part: str, proposal: str) -> str | None:
    """The content hash out of a cell "Check"; missing when the cell or a key cell beside it was edited."""
    content, _, seal = check.strip().partition("-")
    return content if seal and seal == _seal(content, kind, clinic, entry, part, proposal) else None


def _seal(content: str, *parts: str) -> str:
    # spreadsheet programs may change line ends and spaces, and nothing depends on them
    return digest((content, *(" ".join(part.split()) for part in parts)))[:_SEAL]

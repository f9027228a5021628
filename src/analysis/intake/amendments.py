"""What a newer version of an entry changed: old and new value of each date, number and code, and where both versions stand."""

import pandas as pd

from analysis.intake.part import Part

NEXT = ("next_path", "next_sheet", "next_row")
"""Where the version stands that came after a superseded row."""
_QUOTED = (
    "treatment_date", "onset_date", "reported_date", "resolved_date", "dose_units", "treatment_type", "area", "product", "lot",
    "severity", "outcome", "laterality", "seriousness", "causality", "event_category_raw", "blood_thinner", "followup_kind",
)  # fmt: skip
_ONLY_SAID = {
    "text": "the description",
    "patient_key": "the patient",
    "injector": "the injector",
    "action_taken": "the action taken",
}
"""Free text and identifiers: that they changed is said, not what they were."""
_LONGEST = 40
_COLUMNS = ["clinic", "path", "sheet", "row", "column", "code", "old", "new", "message"]


def amendments(parts: list[Part], others: pd.DataFrame) -> pd.DataFrame:
    """Frame `notes`: one row per column that a newer version changed, at the newer version's place.

    `others` needs path, sheet, row and NEXT of superseded rows; parts hold the typed rows.
    """
    changed = others.dropna(subset=["next_row"]) if set(NEXT) <= set(others) else others.iloc[:0]
    if changed.empty:
        return pd.DataFrame(columns=_COLUMNS)
    rows = _typed(parts, changed)
    as_of = {(part.file.name, part.sheet): part.as_of for part in parts}
    found = []
    for one in changed.itertuples():
        before, after = (one.path, one.sheet, int(one.row)), (one.next_path, one.next_sheet, int(one.next_row))
        if before in rows and after in rows:
            day = as_of.get(after[:2])
            when = f" as of {day.isoformat()}" if day else ""
            where = f"{one.path}{f' [{one.sheet}]' if one.sheet else ''} row {one.row}"
            for column, old, new, what in _changes(rows[before], rows[after]):
                message = f"Amended{when}: {what} differs from the version before, {where}."
                found.append((one.clinic, *after, column, "amended", old, new, message))
    notes = pd.DataFrame(found, columns=_COLUMNS).drop_duplicates(["clinic", "path", "sheet", "row", "column", "code"])
    return notes.astype({"row": "Int64"})


def _typed(parts: list[Part], changed: pd.DataFrame) -> dict[tuple[str, str, int], dict]:
    """The typed rows at both places of each amendment."""
    wanted: dict[tuple[str, str], set[int]] = {}
    for columns in (("path", "sheet", "row"), NEXT):
        for path, sheet, row in changed[list(columns)].itertuples(index=False):
            wanted.setdefault((path, sheet), set()).add(int(row))
    found: dict[tuple[str, str, int], dict] = {}
    for part in parts:
        key = (part.file.name, part.sheet)
        if key in wanted and part.refused is None:
            own = part.rows[part.rows["row"].isin(wanted[key])]
            found |= {(*key, int(row["row"])): row for row in own.to_dict("records")}
    return found


def _changes(before: dict, after: dict) -> list[tuple[str, str | None, str | None, str]]:
    found: list[tuple[str, str | None, str | None, str]] = []
    for column in _QUOTED:
        old, new = _said(before.get(column)), _said(after.get(column))
        if old != new:
            found.append((column, old, new, column))
    for column, what in _ONLY_SAID.items():
        if _said(before.get(column)) != _said(after.get(column)):
            found.append((column, None, None, what))
    return found


def _said(value: object) -> str | None:
    if value is None or pd.isna(value):
        return None
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    return f"{value:g}" if isinstance(value, float) else str(value)[:_LONGEST]

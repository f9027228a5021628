"""Rows of one sheet that are not used, as they may be stored: mapped cells only, patient keyed, with why and how to mend them."""

import json
from typing import Any

import pandas as pd

from analysis.intake.notes import in_their_words
from analysis.intake.part import Part
from analysis.intake.table import Table
from analysis.intake.typed_dates import DATE_COLUMNS

_NEVER_KEPT = ("row", "person_name")
_WORDS = ("text", "event_category", "complaint")
_COLUMNS = ["clinic", "row", "disposition", "raw", "reason", "column", "mend", "words", "serious"]


def aside_rows(part: Part, table: Table, typed: pd.DataFrame, aside: pd.DataFrame) -> pd.DataFrame:
    """Rows not used, with their cells as JSON and, for triage only, their words."""
    records: list[tuple[Any, ...]] = []
    all_cells = table.cells.loc[aside["position"]].to_dict("records")
    all_typed = typed.loc[aside["position"]].to_dict("records")
    for row, cells, values in zip(aside.itertuples(), all_cells, all_typed, strict=True):
        words = words_in(cells)
        raw = json.dumps(_kept(cells, values, table.layout.weak), ensure_ascii=False, sort_keys=True)
        mend = in_their_words(row.mend, row.column, table)
        records.append(
            (
                values["clinic"],
                int(cells["row"]),
                row.disposition,
                raw,
                row.reason,
                row.column,
                mend,
                words,
                is_serious(values),
            )
        )
    for line in table.lines.itertuples():
        # the cells of such a line may have slipped out of their columns, so nothing of it is kept but its place
        records.append(
            (part.clinic, line.row, line.disposition, "{}", line.reason, None, line.mend or None, line.words, False)
        )
    return pd.DataFrame(records, columns=_COLUMNS).assign(path=part.file.name, sheet=part.sheet)


def words_in(cells: dict[str, Any]) -> str:
    """The words of a row: description, coded term and complaint."""
    return "\n".join(str(cells[c]) for c in _WORDS if c in cells).strip()


def is_serious(row: dict[str, Any]) -> bool:
    """The row states some criterion of ICH E2A, whatever its words say."""
    return isinstance(row.get("seriousness"), str) and row["seriousness"] != "none"


def _kept(cells: dict[str, Any], typed: dict[str, Any], weak: frozenset[str]) -> dict[str, str]:
    """Mapped cells of a row: the patient keyed, dates and doses that were read in one form for all."""
    kept = {name: str(cell) for name, cell in cells.items() if name not in _NEVER_KEPT and str(cell).strip()}
    for column in set(kept) & {*DATE_COLUMNS, "patient_key", "dose_units"}:
        value = typed[column]
        if not pd.isna(value):
            kept[column] = _one_form(column, value)
        elif column == "patient_key" or (column == "dose_units" and column in weak):
            del kept[column]  # a reference that nobody can be told by; a number of services
    return kept


def _one_form(column: str, value: Any) -> str:
    if column in DATE_COLUMNS:
        return str(value.date().isoformat())
    return f"{value:.10g}" if column == "dose_units" else str(value)


def ignored_whole(part: Part, table: Table) -> pd.DataFrame:
    """Every row of a sheet that is no log, ignored with why."""
    rows = [*table.cells["row"], *table.lines["row"]]
    look_up = any(code == "look_up_sheet" for code, _ in table.remarks)
    reason = "list beside the log, not a log" if look_up else "file declared as not needed"
    return pd.DataFrame({"row": sorted(rows)}).assign(
        clinic=part.clinic, disposition="ignored", raw="{}", reason=reason, column=None, mend=None,
        words="", serious=False, path=part.file.name, sheet=part.sheet,
    )  # fmt: skip

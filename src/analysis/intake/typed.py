"""Type a sheet's text cells, column by column, and judge its rows: what is used, held or ignored, and why."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial
from typing import Any

import pandas as pd
import pyarrow as pa

from analysis.columnar.coded import coded
from analysis.columnar.text import from_arrow
from analysis.intake import services, values
from analysis.intake.area_doses import with_area_doses
from analysis.intake.distinct import distinct
from analysis.intake.ids import ids, patient_keys, test_entries
from analysis.intake.places import Places
from analysis.intake.typed_dates import type_dates
from analysis.intake.verdicts import Verdicts, quote
from analysis.intake.words import fold, visible
from analysis.keys import Key

_MOST_QUOTED = 25
_MAY_IDENTIFY = re.compile(r"\d[\d ().-]{5,}\d|@")
"""A telephone or record number, or an address, that slipped into a column of words."""


@dataclass(frozen=True)
class Reading:
    """What typing needs to know besides the cells."""

    kind: str
    clinic: str
    country: str | None
    group_ids: bool
    decimal: str
    orders: Mapping[str, str | None]
    words: Mapping[str, Mapping[str, str]]
    today: date
    key: Key
    weak: frozenset[str] = frozenset()
    """Columns read from a header that often means something else (`Qty`)."""
    keyed: bool = False
    """Patients may be keyed already, as in rows that were set aside and corrected."""
    places: Places | None = None
    """Where the folder's treatments took place, for an events log that names no clinic."""


def type_cells(cells: pd.DataFrame, reading: Reading, verdicts: Verdicts) -> pd.DataFrame:
    """Every canonical column of a sheet, typed; same index as `cells` (0 … n-1). Judgements go to `verdicts`."""
    cells = _own_words(cells, reading.words)
    typed = pd.DataFrame({"row": cells["row"]})
    typed["clinic"] = _clinics(cells, reading)
    for column, days in type_dates(cells, reading.orders, today=reading.today, verdicts=verdicts).items():
        typed[column] = days
    _clinics_by_session(typed, cells, reading, verdicts)
    typed["event_id"] = ids(cells, "event_id", verdicts)
    typed["treatment_id"] = ids(cells, "treatment_id", verdicts)
    typed["injector"] = _mapped(cells, "injector", lambda t: visible(t) if values.injector_key(t) else None)
    verdicts.ignore(cells.index[test_entries(cells)], "test entry")
    scope = pd.Series("group", index=cells.index, dtype="str") if reading.group_ids else typed["clinic"]
    typed["patient_key"] = patient_keys(cells, scope, reading.key, verdicts, keyed=reading.keyed)
    for column, table in (("severity", "severity"), ("outcome", "outcome"), ("laterality", "laterality")):
        typed[f"{column}_raw"] = _text(cells, column)
        typed[column] = _coded(cells, column, partial(values.word, table=table), verdicts)
    typed["seriousness_raw"] = _text(cells, "seriousness")
    typed["seriousness"] = _seriousness(cells, _coded(cells, "seriousness", values.seriousness, verdicts))
    typed["event_category_raw"] = _text(cells, "event_category")
    typed["treatment_type"] = _coded(cells, "treatment_type", services.treatment_type, verdicts)
    cells = with_area_doses(cells, decimal=reading.decimal)
    typed["area"] = _coded(cells, "area", lambda t: ";".join(values.areas(t)) or None, verdicts)
    typed["product"] = _coded(cells, "product", values.product, verdicts)
    typed["dose_units"] = _doses(cells, reading, verdicts)
    typed["area_doses"] = _text(cells, "area_doses")
    typed["followup_kind"] = _coded(cells, "followed_up", lambda t: values.word(t, "followup_kind"), verdicts)
    for column, table in (("blood_thinner", "blood_thinner"), ("stopped_7d", "yes_no"), ("prior_toxin", "yes_no")):
        typed[column] = _coded(cells, column, partial(values.truth, table=table), verdicts, dtype="boolean")
    for column in ("injector_credential", "causality", "action_taken", "reported_to", "event_version"):
        typed[column] = _text(cells, column)
    typed["lot"] = _mapped(cells, "lot", lambda t: visible(t).upper() or None)
    typed["text"] = cells["text"].where(cells["text"].str.strip() != "") if "text" in cells else _missing(cells)
    return typed


def _own_words(cells: pd.DataFrame, words: Mapping[str, Mapping[str, str]]) -> pd.DataFrame:
    cells = cells.copy()
    for column, table in words.items():
        if column in cells:
            folded = {fold(theirs): ours for theirs, ours in table.items()}
            cells[column] = distinct(cells[column], lambda t: folded.get(fold(t), t))  # noqa: B023
    return cells


def _clinics(cells: pd.DataFrame, reading: Reading) -> pd.Series:
    if "clinic" not in cells:
        return pd.Series(reading.clinic, index=cells.index, dtype="str")
    return distinct(cells["clinic"], lambda t: visible(t) or reading.clinic)


def _clinics_by_session(typed: pd.DataFrame, cells: pd.DataFrame, reading: Reading, verdicts: Verdicts) -> None:
    """In an events log without a clinic column, the clinic of the session that the entry speaks of."""
    if reading.places is None or reading.kind != "events" or "clinic" in cells:
        return
    told = reading.places.of(typed, cells)
    if told.notna().any():
        typed["clinic"] = told.fillna(reading.clinic)
        verdicts.note(
            None, "clinic_from_sessions", f"The log names no clinic; {int(told.notna().sum())} of {len(told)} entries were given that "
            "of the session they speak of.",
        )  # fmt: skip


def _coded(
    cells: pd.DataFrame, column: str, parse: Callable[[str], Any], verdicts: Verdicts, *, dtype: str = "str"
) -> pd.Series:
    """A coded column by a parser; cells it cannot place are withheld, and said once for each distinct value."""
    if column not in cells:
        return _missing(cells) if dtype == "str" else pd.Series(pd.NA, index=cells.index, dtype=dtype)
    text = cells[column]
    table = {t: parse(t) for t in coded(text).values}
    unplaced = sorted(
        t for t, found in table.items() if found is None and not values.is_blank(t) and not services.not_toxin(t)
    )
    if len(unplaced) > _MOST_QUOTED:  # so many different words are no code list, and may be sentences
        verdicts.note(
            None, "words_unknown", f"{len(unplaced)} different entries are no words we know for {column}. "
            "Is this column mapped to the right name?", column=column,
        )  # fmt: skip
        unplaced = []
    for cell in unplaced:
        shown = cell if not _MAY_IDENTIFY.search(cell) else "A cell with a long number or an address"
        verdicts.note(
            None, "word_unknown", f"{quote(shown)} ({int((text == cell).sum())} rows) is not a word we know for {column}; "
            f"say what it means under [values.{column}] in clinic.toml.", column=column, old=shown[:40],
        )  # fmt: skip
    return distinct(text, table.__getitem__, dtype=dtype)


def _seriousness(cells: pd.DataFrame, stated: pd.Series) -> pd.Series:
    """With the criteria that the severity and outcome cells name outright: a death counts wherever it is written."""
    for column in ("severity", "outcome"):
        if column in cells:
            named = distinct(cells[column], values.criterion)
            both = stated.mask(stated == "none").fillna("") + ";" + named
            stated = stated.mask(named.notna(), distinct(both, values.seriousness))
    return stated


def _doses(cells: pd.DataFrame, reading: Reading, verdicts: Verdicts) -> pd.Series:
    if "dose_units" not in cells:
        return pd.Series(float("nan"), index=cells.index)
    text = cells["dose_units"]
    if "dose_units" in reading.weak and _counts_services(text, reading.decimal):
        verdicts.note(
            None, "quantity_not_dose", "The quantities are too small for units of toxin, so they were not read as doses.",
            column="dose_units",
        )  # fmt: skip
        return pd.Series(float("nan"), index=cells.index)
    blank = distinct(text, values.is_blank, dtype="bool")
    found = (
        distinct(text, lambda t: values.dose(t, decimal=reading.decimal), dtype="Float64").astype("float64").mask(blank)
    )
    unread = found.isna() & ~blank
    for position, cell in text[unread].items():
        verdicts.note(
            int(position), "dose_withheld", f"{quote(cell)} cannot be read as units; write a number such as 20.",
            column="dose_units", old=cell[:40],
        )  # fmt: skip
    if reading.kind in ("treatments", "combined"):
        none_given = found <= 0
        verdicts.hold(
            found.index[none_given], "dose_units", "0 or fewer units", "Write the units injected, or take the row out."
        )
    return found.where(~(found <= 0))


def _counts_services(text: pd.Series, decimal: str) -> bool:
    """A `Qty` column counts services or boxes when most of what it holds is fewer than four."""
    read = [values.dose(t, decimal=decimal) for t in text if t.strip()]
    small = sum(1 for number in read if number is not None and number < 4)
    return small * 2 > len(read)


def _text(cells: pd.DataFrame, column: str) -> pd.Series:
    return _mapped(cells, column, lambda t: visible(t) or None)


def _mapped(cells: pd.DataFrame, column: str, parse: Callable[[str], str | None]) -> pd.Series:
    return distinct(cells[column], parse) if column in cells else _missing(cells)


def _missing(cells: pd.DataFrame) -> pd.Series:
    return from_arrow(_nothing(len(cells))).set_axis(cells.index)


@lru_cache(maxsize=1)
def _nothing(rows: int) -> pa.ChunkedArray:
    """So many missing texts: one for all the columns that a sheet does not have."""
    return pa.chunked_array([pa.nulls(rows, pa.large_string())])

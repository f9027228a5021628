"""Id columns: what names nobody is missing, patients are keyed, test entries are told apart."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from analysis.columnar.coded import Coded, coded
from analysis.columnar.hashed import as_rows, in_digits, joined
from analysis.intake import values
from analysis.intake.distinct import distinct
from analysis.intake.verdicts import Verdicts
from analysis.keys import Key

_KEYED = r"[0-9a-f]{64}"
_PLAIN = r"[0-9A-Za-z_-]*[0-9][0-9A-Za-z_-]*"
"""An id that needs no second look: no word for nobody holds a digit, and nothing in it is unseen or shortened."""


def ids(cells: pd.DataFrame, column: str, verdicts: Verdicts) -> pd.Series:
    """Ids as compared. What names nobody is missing; what a spreadsheet cut short is withheld, because it fits several."""
    if column not in cells:
        return pd.Series(None, index=cells.index, dtype="str")
    blank = values.is_blank if column == "event_id" else values.names_nobody
    found, shortened = _read(cells[column], values.reference, blank)
    _say_shortened(cells.index[shortened], column, verdicts)
    return found


def patient_keys(
    cells: pd.DataFrame, scopes: pd.Series, key: Key, verdicts: Verdicts, *, keyed: bool = False
) -> pd.Series:
    """Keyed hash of each patient reference within its scope, made once for each different pair; missing without a reference.

    With `keyed`, a reference that is such a hash already stays as it is.
    """
    if "patient_key" not in cells:
        return pd.Series(None, index=cells.index, dtype="str")
    of, scope = coded(cells["patient_key"]), coded(scopes)
    references, shortened = _read(of.values, values.patient_reference, values.names_nobody)
    _say_shortened(cells.index[shortened[of.codes]], "patient_key", verdicts)
    reference = of.spread(references)
    pair = np.where(reference.codes < 0, -1, scope.codes * np.int64(len(reference.values)) + reference.codes)
    code, pairs = (pair, np.arange(len(reference.values))) if len(scope.values) == 1 else _numbered(pair)
    of_scope, of_reference = np.divmod(pairs, max(len(reference.values), 1))
    said = joined([scope.values.take(of_scope), reference.values.take(of_reference)])
    hashes = in_digits(as_rows(key.of_each("patient", said)))
    made = Coded(code, hashes).column(cells.index)
    if not keyed:
        return made
    told = reference.column(cells.index)
    return made.mask(told.str.fullmatch(_KEYED).fillna(False).astype(bool), told)


def _numbered(places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Numbers from 0 for the different places, -1 for -1; and those places."""
    kinds, code = np.unique(places, return_inverse=True)
    missing = int((kinds < 0).sum())
    return code - missing, kinds[missing:]


def _read(text: pd.Series, read: Callable[[str], str], blank: Callable[[str], bool]) -> tuple[pd.Series, np.ndarray]:
    """Ids as compared, by `read`, and which of them were cut short."""
    doubtful = ~text.str.fullmatch(_PLAIN)
    found = text.str.lower() if read is values.patient_reference else text.copy()
    shortened = np.zeros(len(text), dtype=bool)
    if doubtful.any():
        others = text[doubtful]
        found[doubtful] = distinct(others, lambda t: None if blank(t) or values.was_shortened(t) else read(t))
        shortened[doubtful] = distinct(others, values.was_shortened, dtype="bool")
    return found, shortened


def _say_shortened(positions: "pd.Index[int]", column: str, verdicts: Verdicts) -> None:
    for position in positions:
        verdicts.note(
            int(position), "id_withheld", "A spreadsheet kept only the first digits of this id. Export the column as text.", column=column
        )  # fmt: skip


def test_entries(cells: pd.DataFrame) -> np.ndarray:
    """Rows whose patient is a test and no person."""
    found = np.zeros(len(cells), dtype=bool)
    for column in ("patient_key", "person_name"):
        if column in cells:
            of = coded(cells[column])
            doubtful = ~of.values.str.fullmatch(_PLAIN) | of.values.str.match("[tTzZ]")
            test = np.zeros(len(of.values), dtype=bool)
            test[doubtful] = [values.is_test_patient(text) for text in of.values[doubtful]]
            found |= test[of.codes]
    return found

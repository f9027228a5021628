"""Id columns: what names nobody is missing, patients are keyed, test entries are told apart."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from analysis.intake import values
from analysis.intake.distinct import distinct
from analysis.intake.verdicts import Verdicts
from analysis.keys import Key

_KEYED = r"[0-9a-f]{64}"
_PLAIN = r"[0-9A-Za-z_-]*[0-9][0-9A-Za-z_-]*"
"""An id that needs no second look: no word for nobody holds a digit, and nothing in it is unseen or shortened."""


def ids(cells: pd.DataFrame, column: str, read: Callable[[str], str], verdicts: Verdicts) -> pd.Series:
    """Ids as compared, by `read`. What names nobody is missing; what a spreadsheet cut short is withheld, because it fits several."""
    if column not in cells:
        return pd.Series(None, index=cells.index, dtype="str")
    text = cells[column]
    plain = text.str.fullmatch(_PLAIN)
    found = text.str.lower() if read is values.patient_reference else text.copy()
    others = text[~plain]
    blank = values.is_blank if column == "event_id" else values.names_nobody
    found[~plain] = distinct(others, lambda t: None if blank(t) or values.was_shortened(t) else read(t))
    for position in others.index[distinct(others, values.was_shortened, dtype="bool")]:
        verdicts.note(
            int(position), "id_withheld", "A spreadsheet kept only the first digits of this id. Export the column as text.", column=column
        )  # fmt: skip
    return found


def test_entries(cells: pd.DataFrame) -> np.ndarray:
    """Rows whose patient is a test and no person."""
    found = np.zeros(len(cells), dtype=bool)
    for column in ("patient_key", "person_name"):
        if column in cells:
            text = cells[column]
            doubtful = ~text.str.fullmatch(_PLAIN) | text.str.match("[tTzZ]")
            found[doubtful] |= distinct(text[doubtful], values.is_test_patient, dtype="bool").to_numpy()
    return found


def patient_keys(references: pd.Series, scopes: pd.Series, key: Key, *, keyed: bool = False) -> pd.Series:
    """Keyed hash of each patient reference within its scope, made once for each different pair; missing without a reference.

    With `keyed`, a reference that is such a hash already stays as it is.
    """
    of_scope, named = pd.factorize(scopes)
    of_reference, known = pd.factorize(references)
    scope_of, reference_of = named.tolist(), known.tolist()
    pairs = np.where(of_reference < 0, -1, of_scope * np.int64(len(known)) + of_reference)
    codes, distinct_pairs = pd.factorize(pairs)
    hashed = [
        None if pair < 0 else key.patient(scope_of[pair // len(known)], reference_of[pair % len(known)]) for pair in distinct_pairs.tolist()
    ]  # fmt: skip
    made = pd.Series(pd.array(hashed, dtype="str").take(codes), index=references.index)
    return made.mask(references.str.fullmatch(_KEYED).fillna(False).astype(bool), references) if keyed else made

"""Entries whose text likely names somebody: listed by their place, with what kind of thing it is and never the words."""

import numpy as np
import pandas as pd

from analysis.coding.identifiers import KINDS, likely_identifiers
from analysis.columnar.coded import coded

CODE = "likely_identifier"
_SAID = {
    "name": "a name",
    "phone": "a telephone number",
    "email": "an e-mail address",
    "birth": "a date of birth",
    "record": "a record number",
}
_COLUMNS = ["clinic", "path", "sheet", "row", "column", "code", "old", "new", "message"]


def naming_notes(events: pd.DataFrame) -> pd.DataFrame:
    """Frame `notes`: one row per entry whose text likely holds an identifier. Texts are not printed anywhere, marked or not."""
    if events.empty:
        return pd.DataFrame(columns=_COLUMNS)
    of = coded(events["text"])
    kinds = [{mark.kind for mark in likely_identifiers(text)} for text in of.values]
    marked = np.array([*map(bool, kinds), False])[of.codes]
    named = events.loc[marked, ["clinic", "path", "sheet", "row"]]
    message = "The text likely holds an identifier; it is not printed. Leave names and numbers of patients out of descriptions."
    new = [" and ".join(_SAID[kind] for kind in KINDS if kind in kinds[code]) for code in of.codes[marked]]
    return named.assign(column="text", code=CODE, old=None, new=new, message=message)[_COLUMNS]

"""Which lines are of one session, and the ids of sessions and of entries without one: from what they say, not where they stand."""

import hashlib
from collections.abc import Iterable

import numpy as np
import pandas as pd

from analysis.columnar.coded import Coded, coded
from analysis.columnar.hashed import hashed, ids_of, order_of_hashes
from analysis.schemas.order import firsts, groups, ranks


def add_session_ids(lines: pd.DataFrame) -> pd.DataFrame:
    """Lines with `session_id`: from clinic, patient, date and injector; without a patient from the treatment id; else per line.

    Needs `injector` filled ('unknown' when blank). The id is a hash, so it does not depend on other rows. `session` is its
    place, from 0, among all sessions by clinic and id; `person` is a number that the lines of one patient share.
    """
    who = lines["patient_key"]
    if who.isna().any():
        who = who.fillna("id " + lines["treatment_id"])
    if who.isna().any():
        who = who.fillna(_nameless(lines[who.isna()]))
    person = coded(who).codes
    said = {"clinic": lines["clinic"], "person": person, "day": lines["treatment_date"], "injector": lines["injector"]}
    group = groups(pd.DataFrame(said, index=lines.index), said)
    first = firsts(group)
    day, days = pd.factorize(lines["treatment_date"].take(first))
    dated = pd.Series(days.strftime("%Y-%m-%d").array.take(day), dtype="str")
    hashes = hashed([lines["clinic"].take(first), who.take(first), dated, lines["injector"].take(first)])
    order = order_of_hashes(hashes, within=ranks(lines["clinic"].take(first)))
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    session = place[group]
    ids = Coded(session, ids_of("S", hashes[order])).column(lines.index)
    return lines.assign(session_id=ids, session=session, person=person)


def _nameless(lines: pd.DataFrame) -> pd.Series:
    """What tells lines apart that name nobody: what they say, and which of the lines that say just that it is."""
    said = ["area", "product", "dose_units", "lot", "treatment_type"]
    nth = lines.groupby(["clinic", "treatment_date", "injector", *said], dropna=False).cumcount()
    words = "line " + nth.astype("str")
    for column in said:
        words = words + " " + lines[column].astype("str").fillna("")
    return words


def _hash(prefix: str, parts: Iterable[str]) -> str:
    return f"{prefix}-{hashlib.sha256(chr(0).join(parts).encode()).hexdigest()[:20]}"


def derived_event_id(parts: Iterable[str]) -> str:
    """Event id for an entry that has none, from its content."""
    return _hash("E", parts)

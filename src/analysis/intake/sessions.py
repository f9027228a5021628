"""Treatment lines to sessions (one patient × one date × one injector), courses and lines by area and product."""

import hashlib
from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np
import pandas as pd

from analysis.intake.values import dose_ratio
from analysis.intake.words import area_types
from analysis.schemas.order import groups, looked_up, order_of, places, ranks
from analysis.schemas.vocabulary import MEDICAL_FIRST

COURSE_DAYS = 28
_FOLLOWED = ("scheduled", "patient_initiated", "none")
"""The strongest follow-up any line documents: scheduled, then patient-initiated, then none."""


def add_session_ids(lines: pd.DataFrame) -> pd.DataFrame:
    """Lines with `session_id`: from clinic, patient, date and injector; without a patient from the treatment id; else per line.

    Needs `injector` filled ('unknown' when blank). The id is a hash, so it does not depend on other rows. `session` is its
    place, from 0, among all sessions by clinic and id.
    """
    who = lines["patient_key"].fillna("id " + lines["treatment_id"])
    if who.isna().any():
        who = who.fillna(_nameless(lines[who.isna()]))
    said = pd.DataFrame(
        {"clinic": lines["clinic"], "who": who, "day": lines["treatment_date"], "injector": lines["injector"]}
    )
    session = groups(said, said.columns)
    first = said[~pd.Series(session, index=said.index).duplicated()]
    day, days = pd.factorize(first["day"])
    dated = days.strftime("%Y-%m-%d").array.take(day)
    parts = zip(*(c.tolist() for c in (first["clinic"], first["who"], dated, first["injector"])), strict=True)
    ids = pd.Series([_hash("S", part) for part in parts], dtype="str")
    place = np.empty(len(ids), dtype=np.int64)
    place[order_of(pd.DataFrame({"clinic": first["clinic"].array, "id": ids}), ["clinic", "id"])] = np.arange(len(ids))
    return lines.assign(session_id=ids.array.take(session), session=place[session])


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


def by_area(lines: pd.DataFrame) -> pd.DataFrame:
    """Frame `treatment_lines`: one row per session × area × product. A row for each of several areas of a cell, with the units told."""
    several = lines["area"].str.contains(";", regex=False).fillna(False).astype(bool)
    found = pd.concat([lines[~several], _each_area(lines[several])]) if several.any() else lines
    found = found.assign(area=found["area"].astype("str"), indication=_indications(found))
    found["dose_ratio"] = _ratios(found["dose_units"], found["product"], found["area"])
    grain = ["session", "area", "indication", "product", "lot"]
    line = places(found, grain)
    order = np.lexsort([found["dose_units"].to_numpy(), line])  # sums must not depend on where the rows stand
    number = np.cumsum(np.diff(line[order], prepend=-1) != 0) - 1
    summed = found[["dose_units", "dose_ratio"]].take(order).groupby(number).sum(min_count=1)
    first = order[np.flatnonzero(np.diff(number, prepend=-1))]
    said = found[["clinic", "session_id", *grain]].take(first).reset_index(drop=True)
    return pd.concat([said, summed], axis=1)


def _each_area(lines: pd.DataFrame) -> pd.DataFrame:
    """A row for each area of lines that name several, with its own units where the log tells them."""
    areas, told = lines["area"].str.split(";"), lines["area_doses"].fillna("").str.split(";")
    units = [own if len(own) == len(named) else [""] * len(named) for named, own in zip(areas, told, strict=True)]
    split = lines.assign(area=areas, dose_units=pd.Series(units, index=lines.index, dtype=object))
    split = split.explode(["area", "dose_units"])
    return split.assign(dose_units=pd.to_numeric(split["dose_units"], errors="coerce").astype("float64"))


def _indications(lines: pd.DataFrame) -> pd.Series:
    """Treatment type of a line: what it says or what its area implies, medical before cosmetic."""
    order = {kind: position for position, kind in enumerate(MEDICAL_FIRST)}
    stated = looked_up(lines["treatment_type"], order, order["unknown"])
    implied = looked_up(lines["area"], {area: order[kind] for area, kind in area_types().items()}, order["unknown"])
    return pd.Series(pd.array(MEDICAL_FIRST, dtype="str").take(np.minimum(stated, implied)), index=lines.index)


def to_sessions(lines: pd.DataFrame, area_lines: pd.DataFrame) -> pd.DataFrame:
    """Frame `treatments` without course columns: one row per session, summed and merged over its lines."""
    session = lines["session"].to_numpy()
    first = _first(session)
    stated = ["clinic", "session_id", "treatment_date", "injector", "simulated", "patient_key"]
    sessions = lines[stated].take(first).reset_index(drop=True)
    order = np.argsort(lines["dose_units"].to_numpy(), kind="stable")  # sums must not depend on where the rows stand
    doses = lines["dose_units"].take(order).groupby(session[order])
    product = _least(lines["product"], session)
    several = (product != _least(lines["product"], session, greatest=True)).to_numpy() & product.notna().to_numpy()
    sessions["product"] = product.mask(several, "mixed")
    sessions["dose_units"] = doses.sum().mask(several | (doses.count() < doses.size()))
    sessions["injector_credential"] = _least(lines["injector_credential"], session)
    sessions["contact_date"] = lines["contact_date"].groupby(session).min()
    for column, greatest in (("blood_thinner", True), ("stopped_7d", False), ("prior_toxin", True)):
        truth = lines[column].astype("boolean").groupby(session)
        sessions[column] = truth.max() if greatest else truth.min()
    sessions["followup_kind"] = _best(
        looked_up(lines["followup_kind"], _place(_FOLLOWED), len(_FOLLOWED)), session, _FOLLOWED
    )
    return _with_areas(sessions, area_lines)


def _first(session: np.ndarray) -> np.ndarray:
    """Position of the first row of each session."""
    new = np.flatnonzero(~pd.Series(session).duplicated().to_numpy())
    found = np.empty(len(new), dtype=np.int64)
    found[session[new]] = new
    return found


def _with_areas(sessions: pd.DataFrame, area_lines: pd.DataFrame) -> pd.DataFrame:
    """Add areas, treatment type and dose ratio of each session."""
    session = area_lines["session"].to_numpy()
    sessions["areas"] = _joined(area_lines["area"], session, len(sessions))
    kinds = looked_up(area_lines["indication"], _place(MEDICAL_FIRST), len(MEDICAL_FIRST) - 1)
    sessions["treatment_type"] = _best(kinds, session, MEDICAL_FIRST)
    sessions["dose_ratio"] = _ratios(sessions["dose_units"], sessions["product"], sessions["areas"])
    return sessions


def _place(words: Sequence[str]) -> dict[str, int]:
    return {word: place for place, word in enumerate(words)}


def _best(places: np.ndarray, session: np.ndarray, words: Sequence[str]) -> pd.Series:
    """For each session the first of the words that any of its rows has; 'unknown' without any."""
    least = pd.Series(places).groupby(session).min().to_numpy(dtype=np.int64)
    return pd.Series(pd.array([*words, "unknown"], dtype="str").take(least))


def _least(values: pd.Series, session: np.ndarray, *, greatest: bool = False) -> pd.Series:
    """For each session the first of its values in alphabetical order (or the last); missing without any."""
    places = ranks(values)
    found = pd.Series(np.where(places < 0, np.nan, places)).groupby(session)
    chosen = (found.max() if greatest else found.min()).fillna(-1).astype("int64").to_numpy()
    return pd.Series(_sorted_values(values).take(chosen, allow_fill=True)).astype("str")


def _sorted_values(values: pd.Series) -> pd.api.extensions.ExtensionArray:
    return pd.array(sorted(values.dropna().unique().tolist()), dtype="str")


def _joined(areas: pd.Series, session: np.ndarray, sessions: int) -> pd.Series:
    """The different areas of each session in alphabetical order, joined by ';'; missing without any."""
    known = _sorted_values(areas).tolist()
    pairs = np.sort(session * (len(known) + 1) + ranks(areas) + 1)
    pairs = pairs[np.diff(pairs, prepend=-1) != 0]
    owner, area = np.divmod(pairs, len(known) + 1)
    owner, area = owner[area > 0], area[area > 0] - 1
    edges = np.searchsorted(owner, np.arange(sessions + 1)).tolist()
    names = [known[n] for n in area.tolist()]
    return pd.Series([";".join(names[a:b]) or None for a, b in pairwise(edges)], dtype="str")


def _ratios(units: pd.Series, products: pd.Series, areas: pd.Series) -> pd.Series:
    """Dose ratios, looked up once for each distinct product and areas."""
    said = pd.DataFrame({"product": products, "areas": areas})
    pair = groups(said, said.columns)
    first = said[~pd.Series(pair, index=said.index).duplicated().to_numpy()]
    known = zip(first["product"], first["areas"], first.notna().all(axis=1), strict=True)
    per_unit = [dose_ratio(1.0, p, a.split(";")) if there else None for p, a, there in known]
    return units * np.array(per_unit, dtype="float64")[pair]


def add_courses(sessions: pd.DataFrame) -> pd.DataFrame:
    """Add `course_id` and `touch_up`: sessions of one patient and type within 28 days of the course's first session.

    `sessions` come by clinic and session id, so that of two on one day the same one always leads.
    """
    order = order_of(sessions, ["clinic", "patient_key", "treatment_type", "treatment_date"])
    sorted_ = sessions.take(order)
    who = groups(sorted_, ["clinic", "patient_key", "treatment_type"]).tolist()
    days = sorted_["treatment_date"].to_numpy().astype("datetime64[D]").astype("int64").tolist()
    known = sorted_["patient_key"].notna().tolist()
    leads = list(range(len(order)))  # position of the session that each one's course began with
    start = 0
    for n in range(1, len(leads)):
        same = known[n] and who[n] == who[start]
        if same and 0 < days[n] - days[start] <= COURSE_DAYS:
            leads[n] = start
        elif not (same and days[n] == days[start]):
            start = n
    began = np.empty(len(order), dtype=np.int64)
    began[order] = order[leads]
    course = sessions["session_id"].array.take(began)
    return sessions.assign(course_id=course, touch_up=began != np.arange(len(order)))

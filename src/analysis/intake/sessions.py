"""Treatment lines, each with its session, to sessions (one patient × one date × one injector) and to lines by area and product."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from analysis.columnar.runs import Runs
from analysis.columnar.taking import taken
from analysis.intake.values import dose_ratio
from analysis.intake.words import area_types
from analysis.schemas.order import firsts, groups, looked_up, places, ranked
from analysis.schemas.vocabulary import MEDICAL_FIRST

_FOLLOWED = ("scheduled", "patient_initiated", "none")
"""The strongest follow-up any line documents: scheduled, then patient-initiated, then none."""


def by_area(lines: pd.DataFrame) -> pd.DataFrame:
    """Frame `treatment_lines`: one row per session × area × product. A row for each of several areas of a cell, with the units told."""
    several = lines["area"].str.contains(";", regex=False).fillna(False).astype(bool)
    found = lines[
        ["clinic", "session_id", "session", "area", "treatment_type", "product", "lot", "dose_units", "area_doses"]
    ]
    if several.any():
        found = pd.concat([found[~several], _each_area(found[several])])
    found = found.assign(area=found["area"].astype("str"), indication=_indications(found))
    found["dose_ratio"] = _ratios(found["dose_units"], found["product"], found["area"])
    grain = ["session", "area", "indication", "product", "lot"]
    alike = Runs.of(places(found, grain)).by(
        found["dose_units"].to_numpy()
    )  # sums must not depend on where the rows stand
    said = taken(found[["clinic", "session_id", *grain]], alike.first)
    return pd.concat([said, _sums(found[["dose_units", "dose_ratio"]], alike)], axis=1)


def _sums(numbers: pd.DataFrame, alike: Runs) -> pd.DataFrame:
    """The sum of each group, missing when nothing in it is known."""
    summed = numbers.take(alike.first).reset_index(drop=True)
    rows = np.repeat(alike.sizes > 1, alike.sizes)
    if rows.any():
        own = numbers.take(alike.order[rows]).groupby(alike.numbers()[rows]).sum(min_count=1)
        summed.loc[own.index] = own
    return summed


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
    """Frame `treatments` without course columns: one row per session, summed and merged over its lines; and `person`."""
    of_session = Runs.of(lines["session"].to_numpy())
    stated = ["clinic", "session_id", "treatment_date", "injector", "simulated", "patient_key", "person"]
    sessions = taken(lines[stated], of_session.first)
    sessions["product"], several = _one_product(lines["product"], of_session)
    sessions["dose_units"] = _doses(lines["dose_units"].to_numpy(), of_session).mask(several)
    place, roles = ranked(lines["injector_credential"])
    sessions["injector_credential"] = _least(place, roles, of_session)
    sessions["contact_date"] = _earliest(lines["contact_date"], of_session)
    for column, any_yes in (("blood_thinner", True), ("stopped_7d", False), ("prior_toxin", True)):
        sessions[column] = _truth(lines[column].astype("boolean"), of_session, any_yes=any_yes)
    followed = looked_up(lines["followup_kind"], _place(_FOLLOWED), len(_FOLLOWED))
    sessions["followup_kind"] = _best(followed, of_session, _FOLLOWED)
    return _with_areas(sessions, area_lines)


def _one_product(product: pd.Series, of_session: Runs) -> tuple[pd.Series, np.ndarray]:
    """The product of each session, or 'mixed'; and whether it is mixed."""
    place, known = ranked(product)
    one = _least(place, known, of_session)
    last = of_session.greatest(place)
    several = (last >= 0) & (of_session.least(np.where(place < 0, len(known), place)) != last)
    return one.mask(several, "mixed"), several


def _doses(units: np.ndarray, of_session: Runs) -> pd.Series:
    """Units of each session, missing when those of some line are. Sums must not depend on where the rows stand."""
    ordered = of_session.by(units, largest=2)  # of two numbers either may come first
    summed = pd.Series(units[ordered.order]).groupby(ordered.numbers()).sum()
    return summed.mask(of_session.greatest(np.isnan(units)))


def _earliest(days: pd.Series, of_session: Runs) -> pd.Series:
    """The first day of each session, missing without any."""
    if days.isna().all():
        return days.take(of_session.first).reset_index(drop=True)
    never = np.iinfo(np.int64).max
    least = of_session.least(np.where(days.isna(), never, days.to_numpy().view(np.int64)))
    return pd.Series(np.where(least == never, np.iinfo(np.int64).min, least).view(days.dtype))


def _truth(said: pd.Series, of_session: Runs, *, any_yes: bool) -> pd.Series:
    """Yes where some line of the session says so, or only where none says no; missing where none says either."""
    unsaid = -1 if any_yes else 2
    numbers = said.astype("Int8").to_numpy(dtype=np.int8, na_value=unsaid)
    found = of_session.greatest(numbers) if any_yes else of_session.least(numbers)
    return pd.Series(pd.arrays.BooleanArray(found == 1, found == unsaid))


def _with_areas(sessions: pd.DataFrame, area_lines: pd.DataFrame) -> pd.DataFrame:
    """Add areas, treatment type and dose ratio of each session."""
    of_session = Runs.of(area_lines["session"].to_numpy())
    sessions["areas"] = _joined(area_lines["area"], of_session)
    kinds = looked_up(area_lines["indication"], _place(MEDICAL_FIRST), len(MEDICAL_FIRST) - 1)
    sessions["treatment_type"] = _best(kinds, of_session, MEDICAL_FIRST)
    sessions["dose_ratio"] = _ratios(sessions["dose_units"], sessions["product"], sessions["areas"])
    return sessions


def _place(words: Sequence[str]) -> dict[str, int]:
    return {word: place for place, word in enumerate(words)}


def _best(places: np.ndarray, of_session: Runs, words: Sequence[str]) -> pd.Series:
    """For each session the first of the words that any of its rows has; 'unknown' without any."""
    return pd.Series(pd.array([*words, "unknown"], dtype="str").take(of_session.least(places)))


def _least(place: np.ndarray, known: Any, of_session: Runs) -> pd.Series:
    """For each session the first of its values in alphabetical order, by their places; missing without any."""
    least = of_session.least(np.where(place < 0, len(known), place))
    return pd.Series(pd.array(known, dtype="str").take(np.where(least == len(known), -1, least), allow_fill=True))


_BITS = 62


def _joined(areas: pd.Series, of_session: Runs) -> pd.Series:
    """The different areas of each session in alphabetical order, joined by ';'; missing without any."""
    place, known = ranked(areas)
    names = known.tolist()
    bits = {}
    for start in range(0, len(names), _BITS):
        here = (place >= start) & (place < start + _BITS)
        bits[start] = of_session.union(np.where(here, np.int64(1) << np.where(here, place - start, 0), 0))
    sets = pd.DataFrame(bits, index=range(len(of_session.starts)))
    kind = groups(sets, bits)
    each = sets.take(firsts(kind)).to_dict("records")
    said = [
        ";".join(n for p, n in enumerate(names) if one[p // _BITS * _BITS] >> p % _BITS & 1) or None for one in each
    ]
    return pd.Series(pd.array(said, dtype="str").take(kind))


def _ratios(units: pd.Series, products: pd.Series, areas: pd.Series) -> pd.Series:
    """Dose ratios, looked up once for each distinct product and areas."""
    said = pd.DataFrame({"product": products, "areas": areas})
    pair = groups(said, said.columns)
    first = said.take(firsts(pair))
    known = zip(first["product"], first["areas"], first.notna().all(axis=1), strict=True)
    per_unit = [dose_ratio(1.0, p, a.split(";")) if there else None for p, a, there in known]
    return units * np.array(per_unit, dtype="float64")[pair]

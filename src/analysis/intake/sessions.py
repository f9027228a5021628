"""Treatment lines to sessions (one patient × one date × one injector), courses and lines by area and product."""

import hashlib
from collections.abc import Iterable

import numpy as np
import pandas as pd

from analysis.intake.values import dose_ratio
from analysis.intake.words import area_types
from analysis.schemas.vocabulary import MEDICAL_FIRST

COURSE_DAYS = 28
_FOLLOWED = ("scheduled", "patient_initiated", "none")


def add_session_ids(lines: pd.DataFrame) -> pd.DataFrame:
    """Lines with `session_id`: from clinic, patient, date and injector; without a patient from the treatment id; else per line.

    Needs `injector` filled ('unknown' when blank). The id is a hash, so it does not depend on other rows.
    """
    who = lines["patient_key"].fillna("id " + lines["treatment_id"])
    who = who.fillna(_nameless(lines[who.isna()]))
    days = lines["treatment_date"].dt.strftime("%Y-%m-%d")
    parts = zip(*(c.tolist() for c in (lines["clinic"], who, days, lines["injector"])), strict=True)
    return lines.assign(session_id=pd.Series([_hash("S", part) for part in parts], index=lines.index, dtype="str"))


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
    """Frame `treatment_lines`: one row per session × area × product. A cell naming several areas gives a row each, without dose."""
    lines = lines.sort_values("dose_units", kind="stable")  # sums must not depend on the order of rows
    found = lines.assign(area=lines["area"].str.split(";")).explode("area", ignore_index=True)
    several = lines["area"].str.contains(";", regex=False).fillna(False).astype(bool)
    repeats = np.repeat(several.to_numpy(), lines["area"].str.count(";").fillna(0).astype(int).to_numpy() + 1)
    found["area"] = found["area"].astype("str")
    found["dose_units"] = found["dose_units"].mask(repeats)
    found["indication"] = _indications(found)
    found["dose_ratio"] = _ratios(found["dose_units"], found["product"], found["area"])
    grain = ["clinic", "session_id", "area", "indication", "product", "lot"]
    summed = found.groupby(grain, dropna=False, sort=True)[["dose_units", "dose_ratio"]].sum(min_count=1)
    return summed.reset_index()


def _indications(lines: pd.DataFrame) -> pd.Series:
    """Treatment type of a line: what it says or what its area implies, medical before cosmetic."""
    order = {kind: position for position, kind in enumerate(MEDICAL_FIRST)}
    stated = lines["treatment_type"].map(order).fillna(order["unknown"])
    implied = lines["area"].map(area_types()).map(order).fillna(order["unknown"])
    best = np.minimum(stated, implied).astype(int)
    return pd.Series(np.array(MEDICAL_FIRST, dtype=object)[best], index=lines.index, dtype="str")


def to_sessions(lines: pd.DataFrame, area_lines: pd.DataFrame) -> pd.DataFrame:
    """Frame `treatments` without course columns: one row per session, summed and merged over its lines."""
    # ordered by what the lines say, not by where they stand, so that the way a log was split changes nothing
    order = ["clinic", "session_id", "injector_credential", "dose_units"]
    groups = lines.sort_values(order).groupby(["clinic", "session_id"], sort=True)
    sessions = groups.agg(
        treatment_date=("treatment_date", "first"), injector=("injector", "first"), simulated=("simulated", "first"),
        dose_units=("dose_units", "sum"), doses=("dose_units", "count"), rows=("dose_units", "size"),
        products=("product", "nunique"), product=("product", "first"),
        patient_key=("patient_key", "first"), injector_credential=("injector_credential", "first"),
        blood_thinner=("blood_thinner", "max"), stopped_7d=("stopped_7d", "min"), prior_toxin=("prior_toxin", "max"),
        contact_date=("contact_date", "min"),
    )  # fmt: skip
    several = sessions["products"] > 1
    sessions["product"] = sessions["product"].mask(several, "mixed")
    sessions["dose_units"] = sessions["dose_units"].mask(several | (sessions["doses"] < sessions["rows"]))
    sessions["followup_kind"] = _followup(lines).reindex(sessions.index).fillna("unknown")
    named = area_lines.dropna(subset=["area"]).drop_duplicates(["clinic", "session_id", "area"]).sort_values("area")
    sessions["areas"] = _joined(named).reindex(sessions.index).astype("str")
    rank = area_lines["indication"].map({kind: n for n, kind in enumerate(MEDICAL_FIRST)})
    best = rank.groupby([area_lines["clinic"], area_lines["session_id"]]).min().reindex(sessions.index)
    sessions["treatment_type"] = best.map(dict(enumerate(MEDICAL_FIRST))).astype("str")
    sessions["dose_ratio"] = _ratios(sessions["dose_units"], sessions["product"], sessions["areas"])
    return sessions.drop(columns=["doses", "rows", "products"]).reset_index()


def _joined(named: pd.DataFrame) -> pd.Series:
    """Areas of each session, in the order of the rows, joined by ';'. A plain loop: grouping with `join` is ten times slower."""
    areas: dict[tuple[str, str], list[str]] = {}
    for clinic, session, area in zip(*(named[c].tolist() for c in ("clinic", "session_id", "area")), strict=True):
        areas.setdefault((clinic, session), []).append(area)
    index = pd.MultiIndex.from_tuples(list(areas), names=["clinic", "session_id"]) if areas else named.index
    return pd.Series([";".join(found) for found in areas.values()], index=index, dtype="object")


def _ratios(units: pd.Series, products: pd.Series, areas: pd.Series) -> pd.Series:
    """Dose ratios, looked up once for each distinct product and areas."""
    pairs = pd.DataFrame({"product": products, "areas": areas})
    labels = {
        (p, a): dose_ratio(1.0, p, a.split(";"))
        for p, a in pairs.dropna().drop_duplicates().itertuples(index=False)
    }  # fmt: skip
    per_unit = [labels.get(pair) for pair in zip(pairs["product"].tolist(), pairs["areas"].tolist(), strict=True)]
    return units * pd.Series(per_unit, index=units.index, dtype="float64")


def _followup(lines: pd.DataFrame) -> pd.Series:
    """The strongest follow-up any line documents: scheduled, then patient-initiated, then none."""
    rank = lines["followup_kind"].map({kind: n for n, kind in enumerate(_FOLLOWED)})
    best = rank.groupby([lines["clinic"], lines["session_id"]]).min()
    return best.map(dict(enumerate(_FOLLOWED))).astype("str")


def add_courses(sessions: pd.DataFrame) -> pd.DataFrame:
    """Add `course_id` and `touch_up`: sessions of one patient and type within 28 days of the course's first session."""
    order = sessions.sort_values(
        ["clinic", "patient_key", "treatment_type", "treatment_date", "session_id"], kind="stable"
    )
    who = order.groupby(["clinic", "patient_key", "treatment_type"], dropna=False, sort=False).ngroup().to_numpy()
    days = order["treatment_date"].to_numpy().astype("datetime64[D]").astype("int64")
    known = order["patient_key"].notna().to_numpy()
    ids = order["session_id"].to_numpy(dtype=object)
    course = ids.copy()
    touch_up = np.zeros(len(order), dtype=bool)
    start = 0
    for n in range(1, len(order)):
        if known[n] and who[n] == who[start] and days[n] - days[start] <= COURSE_DAYS and days[n] > days[start]:
            course[n], touch_up[n] = ids[start], True
        elif not (known[n] and who[n] == who[start] and days[n] == days[start]):
            start = n
    made = pd.DataFrame({"course_id": course, "touch_up": touch_up}, index=order.index)
    return sessions.join(made)

"""Sessions counted once, by day and by month: what reports and monitors read of follow-up and exposure are sums of these counts."""

from datetime import date

import numpy as np
import pandas as pd

from analysis.columnar.calendar import month_names
from analysis.columnar.coded import coded
from analysis.columnar.taking import taken
from analysis.counting.clinics import Clinics, marked, of_lines
from analysis.counting.courses import asked
from analysis.counting.covered import in_covered
from analysis.counting.once import once
from analysis.schemas.order import firsts, groups


@once
def sessions_by_day(clinics: Clinics) -> pd.DataFrame:
    """clinic, injector, treatment_date, and of these the number of `sessions`, of those `asked` (`courses.asked`) and `recorded`.

    `recorded`: anything is written down about their follow-up.
    """
    own = clinics.treatments
    told = {"asked": asked(own), "recorded": own["followup_kind"] != "unknown"}
    return _counted(own, ["clinic", "injector", "treatment_date"], told)


@once
def lots_by_day(clinics: Clinics) -> pd.DataFrame:
    """lot, treatment_date, and the number of `sessions` that received the lot on that day."""
    session, lines = of_lines(clinics), clinics.treatment_lines
    there = np.flatnonzero((session >= 0) & lines["lot"].notna().to_numpy())
    rows = taken(lines[["lot"]], there).assign(session=session[there])
    once_each = np.sort(firsts(groups(rows, ["lot", "session"])))
    days = clinics.treatments["treatment_date"].array.take(rows["session"].to_numpy()[once_each])
    return _counted(taken(rows[["lot"]], once_each).assign(treatment_date=days), ["lot", "treatment_date"], {})


@once
def contacts_by_month(clinics: Clinics) -> pd.DataFrame:
    """clinic, injector, month, kind of follow-up, the number of `sessions`, and whether the clinic-month is `covered`.

    A `scheduled` contact is one on days 10-28, as `courses.asked` says; one on other days is of the kind `other_days`.
    """
    own = clinics.treatments[["clinic", "injector", "followup_kind"]]
    late = (own["followup_kind"] == "scheduled").to_numpy(dtype=bool) & ~asked(clinics.treatments).to_numpy(dtype=bool)
    rows = own.assign(month=month_names(clinics.treatments["treatment_date"]), late=late)
    found = _counted(rows, ["clinic", "injector", "month", "followup_kind", "late"], {})
    kind = found["followup_kind"].mask(found["late"], "other_days")
    return found.assign(kind=kind, covered=in_covered(clinics, found)).drop(columns=["followup_kind", "late"])


@once
def mixed_by_month(clinics: Clinics) -> pd.DataFrame:
    """clinic, month, the number of `sessions` of more than one known indication, and whether the clinic-month is `covered`."""
    of, session = coded(clinics.treatment_lines["indication"]), of_lines(clinics)
    told = np.array([*(of.values != "unknown"), False], dtype=bool)[of.codes] & (session >= 0)
    pairs = pd.unique(session[told] * len(of.values) + of.codes[told])
    several = np.flatnonzero(np.bincount(pairs // max(len(of.values), 1)) > 1)
    own = clinics.treatments[["clinic", "treatment_date"]].take(several)
    found = _counted(own[["clinic"]].assign(month=month_names(own["treatment_date"])), ["clinic", "month"], {})
    return found.assign(covered=in_covered(clinics, found))


def exposure(clinics: Clinics, *, until: date) -> dict[str, pd.DataFrame]:
    """`sessions_by_day` and `lots_by_day` up to a day, by kind of unit: 'injector' and 'lot'."""
    every = {"injector": sessions_by_day(clinics), "lot": lots_by_day(clinics)}
    return {unit: own[own["treatment_date"] <= pd.Timestamp(until)] for unit, own in every.items()}


def lots_of(clinics: Clinics, sessions: np.ndarray) -> pd.DataFrame:
    """clinic, session_id, injector and each lot (missing where none is named) of some sessions, by their rows in `treatments`."""
    wanted = np.append(marked(sessions, len(clinics.treatments)), False)[of_lines(clinics)]
    lots = taken(clinics.treatment_lines[["clinic", "session_id", "lot"]], np.flatnonzero(wanted)).drop_duplicates()
    own = taken(clinics.treatments[["clinic", "session_id", "injector"]], np.unique(sessions))
    return own.merge(lots, on=["clinic", "session_id"], how="left")


def _counted(rows: pd.DataFrame, keys: list[str], told: dict[str, pd.Series]) -> pd.DataFrame:
    """Rows by `keys`, and how many there are in all and of each kind told of."""
    group = groups(rows, keys)
    found = rows[keys].take(firsts(group)).reset_index(drop=True)
    counts = {name: np.bincount(group[own.to_numpy(dtype=bool)], minlength=len(found)) for name, own in told.items()}
    return found.assign(sessions=np.bincount(group, minlength=len(found)), **counts)

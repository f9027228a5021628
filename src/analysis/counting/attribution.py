"""Where each session and each counted episode belongs: clinic, month of treatment, type, injector, area, product."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.columnar.calendar import month_names
from analysis.columnar.coded import Coded, coded
from analysis.columnar.taking import taken
from analysis.counting.clinics import Clinics, Places, marked, of_lines
from analysis.counting.once import once
from analysis.measures import Measure


def session_places(clinics: Clinics, by: str | None = None) -> pd.DataFrame:
    """Sessions with clinic, month, treatment_type, injector; by `treatment_type`, `area` or `product` of their lines.

    Without `by` there is one row per session, under its leading treatment type. With it a session has one row per distinct
    value, so rows may add to more than the total; one without a line has none. `session`: its row in `treatments`.
    """
    plain = _plain_places(clinics)
    if by is None:
        return plain
    session, value = _values(clinics, "indication" if by == "treatment_type" else by)
    return taken(plain.drop(columns=by, errors="ignore"), session).assign(**{by: value})


@once
def _plain_places(clinics: Clinics) -> pd.DataFrame:
    own = clinics.treatments[["clinic", "treatment_type", "injector"]]
    for name in own.columns:
        coded(own[name])  # known of the column from now on, whatever rows of it are taken
    return own.assign(month=month_names(clinics.treatments["treatment_date"]), session=np.arange(len(own)))


@once
def _values(clinics: Clinics, column: str) -> tuple[Places, pd.Series]:
    """Each session (its row) with each distinct value of its lines; 'unknown' only where nothing else is known."""
    of = coded(clinics.treatment_lines[column].fillna("unknown"))
    size = len(of.values)
    place = of_lines(clinics)
    pairs = pd.unique((place * size + of.codes)[place >= 0])
    session, value = pairs // max(size, 1), pairs % max(size, 1)
    blank = (of.values == "unknown").to_numpy(dtype=bool)[value]
    kept = ~blank | ~marked(session[~blank], len(clinics.treatments))[session]
    return session[kept], Coded(value[kept].astype(np.int32), of.values).column(pd.RangeIndex(int(kept.sum())))


def are_of(episodes: pd.DataFrame, measure: Measure) -> npt.NDArray[np.bool_]:
    """Which rows are of the measure: its sub-codes and, where it names any, its severities and statuses."""
    own = _among(episodes["subcode"], measure.subcodes)
    if measure.severities:
        own = own & _among(episodes["severity"], measure.severities)
    return own & _among(episodes["status"], measure.statuses) if measure.statuses else own


def of_subcodes(episodes: pd.DataFrame, measure: Measure) -> pd.DataFrame:
    """The rows that are of the measure."""
    return episodes[are_of(episodes, measure)]


def _among(values: pd.Series, named: frozenset[str]) -> npt.NDArray[np.bool_]:
    return values.isin(named).to_numpy(dtype=bool)


def unlinked_episodes(episodes: pd.DataFrame, findings: pd.DataFrame, events: pd.DataFrame) -> pd.DataFrame:
    """Counted episodes without a session, placed by what their first entry states.

    Columns clinic, episode_id, subcode, severity, status, month (of treatment, else of onset, else of report), treatment_type,
    injector, area, product, and `patient_or_event` with `treatment_date` for clinics that send totals.
    """
    free = episodes[episodes["counted"] & episodes["session_id"].isna()][
        ["clinic", "episode_id", "subcode", "severity", "status"]
    ]
    own = findings.loc[findings["final"], ["clinic", "episode_id", "event_id"]].dropna().drop_duplicates()
    facts = events[
        ["clinic", "event_id", "patient_key", "treatment_date", "onset_date", "reported_date", "treatment_type", "injector",
         "area", "product"]
    ]  # fmt: skip
    joined = free.merge(own, on=["clinic", "episode_id"]).merge(facts, on=["clinic", "event_id"])
    joined = joined.sort_values(["clinic", "episode_id", "reported_date", "event_id"]).drop_duplicates(
        ["clinic", "episode_id"]
    )
    when = joined["treatment_date"].fillna(joined["onset_date"]).fillna(joined["reported_date"])
    return joined.assign(
        month=month_names(when),
        treatment_type=joined["treatment_type"].fillna("unknown"),
        injector=joined["injector"].fillna("unknown"),
        area=joined["area"].fillna("unknown"),
        product=joined["product"].fillna("unknown"),
        patient_or_event=joined["patient_key"].fillna(joined["event_id"]),
    )

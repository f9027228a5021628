"""Where each session and each counted episode belongs: clinic, month of treatment, type, injector, area, product."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.measures import Measure

_OWN = ["treatment_type", "injector", "area", "product"]


def session_places(treatments: pd.DataFrame, lines: pd.DataFrame, by: str | None = None) -> pd.DataFrame:
    """Sessions with clinic, session_id, month, treatment_type, injector; by `treatment_type`, `area` or `product` of their lines.

    Without `by` there is one row per session, under its leading treatment type. With it a session has one row per distinct
    value, so rows may add to more than the total.
    """
    base = treatments[["clinic", "session_id", "treatment_date", "treatment_type", "injector"]].copy()
    base["month"] = base["treatment_date"].dt.strftime("%Y-%m").astype("str")
    base = base.drop(columns="treatment_date")
    if by is None:
        return base
    column = "indication" if by == "treatment_type" else by
    values = lines[["clinic", "session_id", column]].drop_duplicates().rename(columns={column: by})
    values[by] = values[by].fillna("unknown")
    known = values[values[by] != "unknown"]
    lonely = values[~values["session_id"].isin(known["session_id"])]
    kept = pd.concat([known, lonely], ignore_index=True)
    return base.drop(columns=by, errors="ignore").merge(
        kept, on=["clinic", "session_id"], how="left", validate="one_to_many"
    )


def sessions_at_risk(lines: pd.DataFrame, areas: frozenset[str]) -> set[str]:
    """Sessions with at least one of the areas treated."""
    return set(lines.loc[lines["area"].isin(areas), "session_id"])


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
        month=when.dt.strftime("%Y-%m").astype("str"),
        treatment_type=joined["treatment_type"].fillna("unknown"),
        injector=joined["injector"].fillna("unknown"),
        area=joined["area"].fillna("unknown"),
        product=joined["product"].fillna("unknown"),
        patient_or_event=joined["patient_key"].fillna(joined["event_id"]),
    )

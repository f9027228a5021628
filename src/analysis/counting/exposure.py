"""Sessions and affected sessions on one grid: clinic × month × treatment type (or area, product) × injector, zeros filled."""

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from analysis.counting.attribution import of_subcodes, session_places, sessions_at_risk, unlinked_episodes
from analysis.measures import Measure

COUNTS = ["sessions", "affected", "unlinked"]


@dataclass(frozen=True)
class Clinics:
    """The frames of the clinics that are counted together, as the store holds them."""

    treatments: pd.DataFrame
    treatment_lines: pd.DataFrame
    exposure_totals: pd.DataFrame
    events: pd.DataFrame
    findings: pd.DataFrame
    episodes: pd.DataFrame
    coverage: pd.DataFrame


def grid(
    clinics: Clinics, measures: Iterable[Measure], *, by: str = "treatment_type", split: bool = False
) -> pd.DataFrame:
    """Integer counts for each clinic, month, `by`, injector and measure.

    Columns clinic, month, `by`, injector, measure, sessions (at risk), affected (sessions with a counted episode), unlinked
    (patients, dates and injectors of counted episodes without a session), basis ('session' or 'total'), covered (both logs were received).
    `split`: a session of several values of `by` counts once under each. Every combination of a clinic's own values is there,
    with zeros, for every month of its coverage.
    """
    places = session_places(clinics.treatments, clinics.treatment_lines, by if split else None)
    unlinked = unlinked_episodes(clinics.episodes, clinics.findings, clinics.events)
    senders = set(clinics.exposure_totals["clinic"])
    keys = ["clinic", "month", by, "injector"]
    found = []
    for measure in measures:
        counted = _sessions(places, clinics, measure, keys)
        totals = _totals(clinics.exposure_totals, unlinked[unlinked["clinic"].isin(senders)], measure, keys)
        loose = of_subcodes(unlinked[~unlinked["clinic"].isin(senders)], measure)
        # like an affected session: one patient (or entry), date and injector counts once for a measure
        loose = loose.drop_duplicates(["clinic", "patient_or_event", "treatment_date", "injector"])
        counted = counted.add(loose.groupby(keys).size().rename("unlinked").to_frame(), fill_value=0)
        both = [
            part.reset_index().assign(basis=basis)
            for part, basis in ((counted, "session"), (totals, "total"))
            if len(part)
        ]
        if both:
            found.append(pd.concat(both, ignore_index=True).assign(measure=measure.id))
    if not found:
        return _no_rows(keys)
    return _with_zeros(pd.concat(found, ignore_index=True), clinics.coverage, keys)


def _no_rows(keys: list[str]) -> pd.DataFrame:
    """No cell at all, as for areas where only totals are known: still typed, so that rates of it are no rates."""
    types = (
        dict.fromkeys([*keys, "measure"], "str") | dict.fromkeys(COUNTS, "int64") | {"basis": "str", "covered": "bool"}
    )
    return pd.DataFrame({column: pd.Series(dtype=kind) for column, kind in types.items()})


def _sessions(places: pd.DataFrame, clinics: Clinics, measure: Measure, keys: list[str]) -> pd.DataFrame:
    at_risk = places
    if measure.areas:
        at_risk = places[places["session_id"].isin(sessions_at_risk(clinics.treatment_lines, measure.areas))]
    hits = of_subcodes(clinics.episodes[clinics.episodes["counted"]], measure)["session_id"].dropna()
    affected = at_risk[at_risk["session_id"].isin(set(hits))]
    return pd.DataFrame({"sessions": at_risk.groupby(keys).size(), "affected": affected.groupby(keys).size()}).fillna(0)


def totals_counts(clinics: Clinics, measure: Measure, keys: list[str]) -> pd.DataFrame:
    """Sessions and affected sessions by `keys` of the clinics that send monthly totals; none where there are none."""
    if clinics.exposure_totals.empty:
        return pd.DataFrame(columns=[*keys, *COUNTS]).set_index(keys)
    unlinked = unlinked_episodes(clinics.episodes, clinics.findings, clinics.events)
    unlinked = unlinked[unlinked["clinic"].isin(set(clinics.exposure_totals["clinic"]))]
    return _totals(clinics.exposure_totals, unlinked, measure, keys)


def _totals(totals: pd.DataFrame, unlinked: pd.DataFrame, measure: Measure, keys: list[str]) -> pd.DataFrame:
    """Where only totals are known, an affected session is a distinct patient (or entry), treatment date and injector.

    One of an injector or month without any session in the totals is counted as unlinked.
    """
    if totals.empty or not set(keys) <= set(totals.columns):
        return pd.DataFrame(columns=COUNTS)
    totals = totals.dropna(subset=keys)
    if measure.areas:
        totals = totals[totals["area"].isin(measure.areas)]
    # totals that are not split this way give no denominator, so their clinic's entries are no numerator either
    hits = of_subcodes(unlinked[unlinked["clinic"].isin(totals["clinic"])], measure)
    hits = hits.drop_duplicates(["clinic", "patient_or_event", "treatment_date", "injector"])
    without = _without_sessions(hits, totals)
    return pd.DataFrame(
        {
            "sessions": totals.groupby(keys)["sessions"].sum(), "affected": hits[~without].groupby(keys).size(),
            "unlinked": hits[without].groupby(keys).size(),
        }
    ).fillna(0)  # fmt: skip


def _without_sessions(hits: pd.DataFrame, totals: pd.DataFrame) -> pd.Series:
    """Entries of an injector (of a clinic, where none is named) who had no session in the month: a numerator of nothing."""
    done = totals[totals["sessions"] > 0]
    of_injector, of_clinic = (
        pd.MultiIndex.from_frame(hits[keys]).isin(pd.MultiIndex.from_frame(done[keys]))
        for keys in (["clinic", "month", "injector"], ["clinic", "month"])
    )
    named = (hits["injector"] != "unknown") & hits["clinic"].isin(done.loc[done["injector"] != "unknown", "clinic"])
    return ~pd.Series(of_injector, index=hits.index).where(named, pd.Series(of_clinic, index=hits.index))


def _with_zeros(counts: pd.DataFrame, coverage: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    received = (coverage["treatments"] == "received") & coverage["events"].isin(["received", "nil_return"])
    months = coverage[["clinic", "month"]].assign(covered=received)
    cells = counts[["clinic", *keys[2:], "measure", "basis"]].drop_duplicates()
    full = cells.merge(months, on="clinic", how="inner")
    joined = full.merge(counts, on=[*keys, "measure", "basis"], how="outer")
    joined["covered"] = joined["covered"].fillna(False).astype(bool)
    joined[COUNTS] = joined.reindex(columns=COUNTS).fillna(0).astype("int64")
    return joined.sort_values([*keys, "measure", "basis"], ignore_index=True)[
        [*keys, "measure", *COUNTS, "basis", "covered"]
    ]

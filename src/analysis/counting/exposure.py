"""Sessions and affected sessions on one grid: clinic × month × treatment type (or area, product) × injector, zeros filled."""

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.counting.attribution import are_of, session_places
from analysis.counting.clinics import Clinics, at_risk, marked, of_episodes
from analysis.counting.once import once
from analysis.counting.totals import ONE_ENTRY, totals_counts, unlinked_of
from analysis.measures import Measure
from analysis.schemas.order import firsts, groups

COUNTS = ["sessions", "affected", "unlinked"]


def grid(
    clinics: Clinics, measures: Iterable[Measure], *, by: str = "treatment_type", split: bool = False
) -> pd.DataFrame:
    """Integer counts for each clinic, month, `by`, injector and measure.

    Columns clinic, month, `by`, injector, measure, sessions (at risk), affected (sessions with a counted episode), unlinked
    (patients, dates and injectors of counted episodes without a session), basis ('session' or 'total'), covered (both logs were received).
    `split`: a session of several values of `by` counts once under each. Every combination of a clinic's own values is there,
    with zeros, for every month of its coverage.
    """
    return _grid(clinics, tuple(measures), by, split).copy(deep=False)


@once
def _grid(clinics: Clinics, chosen: tuple[Measure, ...], by: str, split: bool) -> pd.DataFrame:
    keys = ["clinic", "month", by, "injector"]
    unlinked, senders = unlinked_of(clinics), set(clinics.exposure_totals["clinic"])
    loose = _loose(unlinked[~unlinked["clinic"].isin(senders)], chosen, keys)
    sessions = _sessions(session_places(clinics, by if split else None), clinics, chosen, keys)
    counted = sessions.join(loose, how="outer") if len(loose) else sessions.assign(unlinked=0)
    totals = [totals_counts(clinics, measure, tuple(keys)).assign(measure=measure.id) for measure in chosen]
    both = [
        part.assign(basis=basis)
        for part, basis in ((counted.reset_index(), "session"), *((part, "total") for part in totals))
        if len(part)
    ]
    return _with_zeros(pd.concat(both, ignore_index=True), clinics.coverage, keys) if both else _no_rows(keys)


def _no_rows(keys: list[str]) -> pd.DataFrame:
    """No cell at all, as for areas where only totals are known: still typed, so that rates of it are no rates."""
    types = (
        dict.fromkeys([*keys, "measure"], "str") | dict.fromkeys(COUNTS, "int64") | {"basis": "str", "covered": "bool"}
    )
    return pd.DataFrame({column: pd.Series(dtype=kind) for column, kind in types.items()})


def _sessions(places: pd.DataFrame, clinics: Clinics, measures: Sequence[Measure], keys: list[str]) -> pd.DataFrame:
    """Sessions at risk and affected ones by `keys` and measure; cells without a session at risk are left out."""
    cell, names = _cells(places, keys)
    session, count = places["session"].to_numpy(), len(clinics.treatments)
    counted, hit_session = clinics.episodes["counted"].to_numpy(), of_episodes(clinics)
    parts, risk = [], {}
    for areas in {measure.areas for measure in measures}:
        there = at_risk(clinics, areas)[session] & (cell >= 0)
        risk[areas] = there, np.bincount(cell[there], minlength=len(names))
    for measure in measures:
        there, sizes = risk[measure.areas]
        affected = marked(hit_session[counted & are_of(clinics.episodes, measure)], count)[session]
        counts = sizes, np.bincount(cell[there & affected], minlength=len(names))
        table = pd.DataFrame(dict(zip(COUNTS[:2], counts, strict=True)), index=names)
        parts.append(pd.concat({measure.id: table[table["sessions"] > 0]}, names=["measure"]))
    empty = pd.DataFrame(columns=COUNTS[:2], index=names[:0])
    table = pd.concat(parts) if parts else pd.concat({"": empty}, names=["measure"])
    return table.reorder_levels([*keys, "measure"])


def _cells(places: pd.DataFrame, keys: list[str]) -> tuple[npt.NDArray[np.intp], pd.MultiIndex]:
    """The number of each row's cell, -1 where one of its keys is missing, and what the cells are, in order."""
    group = groups(places, keys)
    names = places[keys].take(firsts(group)).reset_index(drop=True)
    known = names.dropna().sort_values(keys)
    number = np.full(len(names), -1, dtype=np.intp)
    number[known.index] = np.arange(len(known))
    return number[group], pd.MultiIndex.from_frame(known)


def _loose(unlinked: pd.DataFrame, measures: Sequence[Measure], keys: list[str]) -> pd.DataFrame:
    """Unlinked entries by `keys` and measure, one patient (or entry), date and injector once for a measure, like an affected session."""
    own = [
        unlinked[mask].assign(measure=measure.id) for measure in measures if (mask := are_of(unlinked, measure)).any()
    ]
    found = pd.concat(own or [unlinked[:0].assign(measure="")], ignore_index=True)
    found = found.drop_duplicates(["measure", *ONE_ENTRY])
    return found.groupby([*keys, "measure"]).size().rename("unlinked").to_frame()


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

"""Clinics that send monthly totals: their sessions, and the entries that are their numerators because no session is there to link to."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.columnar.coded import stacked
from analysis.columnar.taking import taken
from analysis.counting.attribution import are_of, unlinked_episodes
from analysis.counting.clinics import Clinics, Marks, Places
from analysis.counting.inversion import Floats
from analysis.counting.once import once
from analysis.measures import Measure
from analysis.schemas.order import groups, places

ONE_ENTRY = ["clinic", "patient_or_event", "treatment_date", "injector"]
"""An affected session that is known from entries alone."""


@once
def unlinked_of(clinics: Clinics) -> pd.DataFrame:
    """`unlinked_episodes` of these clinics."""
    return unlinked_episodes(clinics.episodes, clinics.findings, clinics.events)


@once
def totals_counts(clinics: Clinics, measure: Measure, keys: tuple[str, ...]) -> pd.DataFrame:
    """`sessions`, `affected` and `unlinked` by `keys` of the clinics that send monthly totals; no row where there are none.

    An affected session is a distinct patient (or entry), treatment date and injector. One of an injector or month without any
    session in the totals is counted as unlinked.
    """
    found = _senders(clinics, measure.areas, keys)
    own = np.flatnonzero(are_of(found.entries, measure))
    own = own[np.unique(found.alike[own], return_index=True)[1]]
    own = own[found.cell[own] >= 0]
    without = found.without[own]
    affected, unlinked = (
        np.bincount(found.cell[own[marks]], minlength=len(found.names)) for marks in (~without, without)
    )
    there = np.flatnonzero(found.named | (affected + unlinked > 0))
    counts = {"sessions": found.sessions, "affected": affected, "unlinked": unlinked}
    return taken(found.names, there).assign(**{name: one[there].astype(np.int64) for name, one in counts.items()})


@dataclass(frozen=True, eq=False)
class _Senders:
    """Cells in order (`names`) with their `sessions`, and which of them are `named` in the totals; entries, one for each row of `cell`.

    `cell`: the entry's cell, -1 without one. `alike`: equal numbers where entries of one measure count once. `without`: the totals hold
    no session for it.
    """

    names: pd.DataFrame
    sessions: Floats
    named: Marks
    entries: pd.DataFrame
    cell: Places
    alike: Places
    without: Marks


@once
def _senders(clinics: Clinics, areas: frozenset[str], keys: tuple[str, ...]) -> _Senders:
    named, totals, entries = list(keys), clinics.exposure_totals, unlinked_of(clinics)
    split = set(keys) <= set(totals.columns)
    # totals that are not split this way give no denominator, so their clinic's entries are no numerator either
    totals = totals.dropna(subset=named) if split else totals[:0].reindex(columns=[*totals.columns, *keys])
    if areas:
        totals = totals[totals["area"].isin(areas)]
    entries = entries[entries["clinic"].isin(totals["clinic"])].reset_index(drop=True)
    rows = stacked([totals[named].reset_index(drop=True), entries[named]])
    _, first, cell = np.unique(places(rows, keys), return_index=True, return_inverse=True)
    of_totals, of_entries = cell[: len(totals)], cell[len(totals) :]
    sessions = np.bincount(of_totals, totals["sessions"].to_numpy(dtype=np.float64), len(first)).astype(np.float64)
    there = np.bincount(of_totals, minlength=len(first)) > 0
    placed = np.where(entries[named].notna().all(axis=1), of_entries, -1)
    return _Senders(
        taken(rows, first), sessions, there, entries, placed, groups(entries, ONE_ENTRY),
        _without_sessions(entries, totals).to_numpy(dtype=bool),
    )  # fmt: skip


def _without_sessions(hits: pd.DataFrame, totals: pd.DataFrame) -> pd.Series:
    """Entries of an injector (of a clinic, where none is named) who had no session in the month: a numerator of nothing."""
    done = totals[totals["sessions"] > 0]
    of_injector, of_clinic = (
        pd.MultiIndex.from_frame(hits[keys]).isin(pd.MultiIndex.from_frame(done[keys]))
        for keys in (["clinic", "month", "injector"], ["clinic", "month"])
    )
    named = (hits["injector"] != "unknown") & hits["clinic"].isin(done.loc[done["injector"] != "unknown", "clinic"])
    return ~pd.Series(of_injector, index=hits.index).where(named, pd.Series(of_clinic, index=hits.index))

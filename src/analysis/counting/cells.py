"""Units and those affected, summed over the grid that rates and comparisons are made of."""

import numpy as np
import pandas as pd

from analysis.counting.clinics import AsKnown, Clinics, Marks, Places, parts
from analysis.counting.courses import CELL, OF_UNIT, known_units, units_affected, units_at_risk
from analysis.counting.covered import in_covered
from analysis.counting.once import once
from analysis.counting.totals import totals_counts
from analysis.measures import Measure
from analysis.schemas.order import firsts, groups


def cells(counted: Clinics | AsKnown, measure: Measure) -> pd.DataFrame:
    """`sessions` and `observed` of covered clinic-months by clinic, injector, month, asked, area group and treatment type.

    Clinics that send monthly totals are among them, under the area of their totals or 'unknown', as not asked.
    """
    day = parts(counted).own
    cell, names, covered_cells = _cells(counted, measure.unit, measure.asks)
    there, affected = units_at_risk(counted, measure.unit, measure.areas), units_affected(counted, measure)
    sizes = _sizes(counted, measure.unit, measure.asks, measure.areas)
    hits = np.bincount(cell[affected[there[affected]]], minlength=len(names))
    own = covered_cells & (sizes > 0)
    summed = names[own].assign(sessions=sizes[own], observed=hits[own])
    totals = _of_totals(day, measure) if len(day.exposure_totals) else day.exposure_totals
    totals = totals[in_covered(day, totals)] if len(totals) else totals
    if len(totals):
        summed = pd.concat([part for part in (summed, totals) if len(part)], ignore_index=True)
        summed = summed.astype({"sessions": "int64", "observed": "int64", "asked": "bool"})
    return summed.reset_index(drop=True)


@once
def _sizes(counted: Clinics | AsKnown, unit: str, asks: bool, areas: frozenset[str]) -> Places:
    """Units at risk in each of `_cells`."""
    cell, names, _ = _cells(counted, unit, asks)
    return np.bincount(cell[units_at_risk(counted, unit, areas)], minlength=len(names))


@once
def _cells(counted: Clinics | AsKnown, unit: str, asks: bool) -> tuple[Places, pd.DataFrame, Marks]:
    """The number of each unit's CELL, the cells in order, and which lie in a covered clinic-month."""
    table = known_units(counted, unit)
    own = table if asks else table.assign(asked=False)
    group = groups(own, CELL)
    names = own[CELL].take(firsts(group)).reset_index(drop=True).sort_values(CELL)
    number = np.empty(len(names), dtype=np.intp)
    number[names.index] = np.arange(len(names))
    names = names.reset_index(drop=True)
    return number[group], names, in_covered(parts(counted).own, names)


def _of_totals(clinics: Clinics, measure: Measure) -> pd.DataFrame:
    counts = totals_counts(clinics, measure, ("clinic", "month", "treatment_type", "injector"))
    counts = counts.rename(columns={"affected": "observed"})
    # where entries name more patients than the totals hold sessions, the totals are not what the entries are of
    counts = counts[(counts["sessions"] > 0) & (counts["observed"] <= counts["sessions"])] if len(counts) else counts
    return counts.assign(asked=False, area_group="unknown")


def totals_rows(clinics: Clinics, measure: Measure) -> pd.DataFrame:
    """The sessions of clinics that send monthly totals as rows of `of_measure`, each its own patient."""
    counts = _of_totals(clinics, measure)
    counts = counts.assign(cell=range(len(counts)))
    rows = counts.loc[counts.index.repeat(counts["sessions"].astype("int64"))].reset_index(drop=True)
    nth = rows.groupby("cell").cumcount()
    names = "total " + rows["cell"].astype("str") + " " + nth.astype("str")
    rows = rows.assign(affected=nth < rows["observed"], unit_id=names, patient=names)
    return rows[[*OF_UNIT, "affected"]]

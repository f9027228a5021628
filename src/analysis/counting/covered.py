"""Clinic-months whose two logs were received whole: only these are counted."""

import pandas as pd

from analysis.counting.clinics import Clinics, Marks
from analysis.counting.once import once
from analysis.schemas.order import firsts, groups


@once
def covered_of(clinics: Clinics) -> pd.MultiIndex:
    """`covered` clinic-months of these clinics."""
    return covered(clinics.coverage)


def in_covered(clinics: Clinics, rows: pd.DataFrame) -> Marks:
    """Which rows lie in a covered clinic-month, by their `clinic` and `month`."""
    keys = ["clinic", "month"]
    group = groups(rows, keys)
    return pd.MultiIndex.from_frame(rows[keys].take(firsts(group))).isin(covered_of(clinics))[group]


def covered(coverage: pd.DataFrame) -> pd.MultiIndex:
    """Clinic-months whose two logs were received whole: only these are counted."""
    both = (coverage["treatments"] == "received") & coverage["events"].isin(["received", "nil_return"])
    return pd.MultiIndex.from_frame(coverage.loc[both, ["clinic", "month"]])

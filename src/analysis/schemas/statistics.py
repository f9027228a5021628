"""Sufficient statistics: whole numbers of clinics that can be added in any order and grouping, and are all that rates need."""

import pandas as pd

CELL = ["clinic", "month", "treatment_type", "injector", "measure", "basis"]
COUNTS = ["sessions", "affected", "unlinked"]
_COLUMNS = [*CELL[:5], *COUNTS, "basis", "covered"]
_TYPES = dict.fromkeys(CELL, "str") | dict.fromkeys(COUNTS, "int64") | {"covered": "bool"}


def no_counts() -> pd.DataFrame:
    """The counts of no clinic: merging with them changes nothing."""
    return pd.DataFrame({column: pd.Series(dtype=_TYPES[column]) for column in _COLUMNS})


def merge_counts(one: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    """Counts on the grid of two sets of clinics as those of both, in order of cell. Associative, and the order does not matter.

    Rows: one per CELL with COUNTS and `covered` (both logs of the clinic-month were received). Cells of both are added.
    """
    both = pd.concat([frame[_COLUMNS].astype(_TYPES) for frame in (one, other)], ignore_index=True)
    cells = both.groupby(CELL, sort=True, dropna=False).agg(
        **{name: (name, "sum") for name in COUNTS}, covered=("covered", "any")
    )
    return cells.reset_index()[_COLUMNS].astype(_TYPES)

"""Of what a copy for others than the director is asked for."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from analysis import periods
from analysis.counting.covered import covered
from analysis.measures import POOLED, load_measures
from analysis.pipeline.selection import Selection
from analysis.schemas.config import GroupConfig
from analysis.store import Store

Found = tuple[dict[str, pd.DataFrame], dict[str, Any]]


@dataclass(frozen=True)
class Asked:
    """Store, selection, audience, month, data cut, clinic and the settings of the group."""

    store: Store
    chosen: Selection
    audience: str
    month: str
    cut: date
    clinic: str | None
    group: GroupConfig

    def closed(self) -> list[str]:
        """Months up to the one asked for that are closed for any reaction and that somebody's two logs speak for."""
        there = sorted(set(covered(self.chosen.frames["coverage"]).get_level_values("month")))
        days = load_measures()[POOLED].follow_up_days
        return [
            month
            for month in there
            if month <= self.month and not periods.is_provisional(month, follow_up_days=days, data_cut=self.cut)
        ]

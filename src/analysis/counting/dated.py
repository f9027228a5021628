"""Sessions by month of treatment, looked at once: which lie in covered clinic-months, and what is recorded of their follow-up."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from analysis.columnar.calendar import month_names
from analysis.columnar.coded import coded
from analysis.counting.clinics import Clinics, Marks, Places
from analysis.counting.courses import asked
from analysis.counting.covered import in_covered
from analysis.counting.once import once


@dataclass(frozen=True, eq=False)
class Dated:
    """One value for each session: place of its month in `months` (-1 without), covered, asked (`courses.asked`), anything recorded."""

    month: Places
    months: list[str]
    covered: Marks
    asked: Marks
    recorded: Marks

    def within(self, months: Iterable[str]) -> Marks:
        """Sessions of covered clinic-months among `months`."""
        wanted = frozenset(months)
        named = np.array([*(name in wanted for name in self.months), False], dtype=bool)
        return self.covered & named[self.month]


@once
def dated(clinics: Clinics) -> Dated:
    """The sessions of `treatments`."""
    own = clinics.treatments
    names = month_names(own["treatment_date"])
    month = coded(names)
    return Dated(
        month.codes, list(month.values), in_covered(clinics, own[["clinic"]].assign(month=names)), asked(own).to_numpy(dtype=bool),
        (own["followup_kind"] != "unknown").to_numpy(dtype=bool),
    )  # fmt: skip

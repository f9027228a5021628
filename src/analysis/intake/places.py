"""At which clinic an event belongs when its log names none, but the treatments log of the same folder does."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import pandas as pd

from analysis.intake import values
from analysis.intake.distinct import distinct

_NO_DAY = pd.NaT


@dataclass
class Places:
    """Clinics of treatments and of patients' visits, learned from the treatments logs of one folder."""

    by_treatment: dict[str, set[str]] = field(default_factory=dict)
    visits: dict[str, list[tuple[pd.Timestamp, str]]] = field(default_factory=dict)

    def learn(self, typed: pd.DataFrame, cells: pd.DataFrame) -> None:
        """Take in a sheet that names clinics. `typed` needs clinic, treatment_id and treatment_date."""
        if "clinic" not in cells:
            return
        for treatment, clinic in typed[["treatment_id", "clinic"]].dropna().drop_duplicates().itertuples(index=False):
            self.by_treatment.setdefault(treatment, set()).add(clinic)
        if "patient_key" in cells:
            seen = typed[["treatment_date", "clinic"]].assign(who=_references(cells)).dropna().drop_duplicates()
            for day, clinic, who in seen.itertuples(index=False):
                self.visits.setdefault(who, []).append((day, clinic))

    def of(self, typed: pd.DataFrame, cells: pd.DataFrame) -> pd.Series:
        """The clinic of each event, missing where it cannot be told: by treatment id, by stated date, by the latest visit before."""
        if not self.by_treatment and not self.visits:
            return pd.Series(None, index=cells.index, dtype="str")
        treatments = _ids(cells, "treatment_id", values.reference)
        patients = _references(cells) if "patient_key" in cells else pd.Series(None, index=cells.index, dtype="object")
        anchors = typed["onset_date"].fillna(typed["reported_date"])
        rows = zip(treatments, patients, typed["treatment_date"], anchors, strict=True)
        return pd.Series([self._of(*row) for row in rows], index=cells.index, dtype="str")

    def _of(self, treatment: str | None, patient: str | None, stated: pd.Timestamp, anchor: pd.Timestamp) -> str | None:
        by_treatment = self.by_treatment.get(treatment or "", set())
        if len(by_treatment) == 1:
            return next(iter(by_treatment))
        visits = self.visits.get(patient, []) if isinstance(patient, str) else []
        on_the_day = [clinic for day, clinic in visits if day == stated]
        before = [(day, clinic) for day, clinic in visits if pd.notna(anchor) and day <= anchor]
        latest = max((day for day, _ in before), default=_NO_DAY)
        return (
            _only(on_the_day) or _only(clinic for _, clinic in visits) or _only(c for day, c in before if day == latest)
        )


def _ids(cells: pd.DataFrame, column: str, read: Callable[[str], str]) -> pd.Series:
    """One column of ids as compared; missing where the column is not there or the cell names nobody."""
    if column not in cells:
        return pd.Series(None, index=cells.index, dtype="object")
    return distinct(cells[column], lambda t: None if values.names_nobody(t) else read(t)).astype("object")


def _references(cells: pd.DataFrame) -> pd.Series:
    return _ids(cells, "patient_key", values.patient_reference)


def _only(clinics: Iterable[str]) -> str | None:
    found = set(clinics)
    return found.pop() if len(found) == 1 else None

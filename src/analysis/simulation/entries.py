"""One row of a clinic's log, before a dialect spells it."""

from dataclasses import dataclass, field
from datetime import date

from analysis.simulation.happenings import Happening
from analysis.simulation.people import Session
from analysis.simulation.records import Clinic
from analysis.taxonomy import TRIAGE

BULBAR = {"S2", "S3", "S5", "F1"}
"""Two of these together are triage `now`, whatever each is alone."""


@dataclass(slots=True)
class Entry:
    """One row of a clinic's log. `status` is what a reader should make of the text about `subcodes`."""

    clinic: Clinic
    session: Session
    what: str
    reported: date
    happenings: list[Happening] = field(default_factory=list)
    status: str = "asserted"
    subcodes: list[str] = field(default_factory=list)
    triage: str = ""
    text: str = ""
    term: str = ""
    severity: str = ""
    outcome: str = ""
    side: str = ""
    serious: str = ""
    onset: date | None = None
    onset_written: str = ""
    event_id: str = ""
    area: str = ""
    dirt: set[str] = field(default_factory=set)

    @property
    def is_in_window(self) -> bool:
        """The gap from session to onset as written, else to the report, is within the window of every sub-code told."""
        onset = None if "onset_before_treatment" in self.dirt else self.onset
        gap = ((onset or self.reported) - self.session.day).days
        return all(gap <= happening.concept.window_days for happening in self.happenings)


def triage_of(happenings: list[Happening]) -> str:
    """Most pressing level of the episodes told in one row."""
    subcodes = {happening.concept.subcode for happening in happenings}
    if len(subcodes & BULBAR) > 1 or any(happening.serious for happening in happenings):
        return "now"
    return min((happening.concept.triage for happening in happenings), key=TRIAGE.index)

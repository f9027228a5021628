"""What the dialects share: a session or log entry as a row with its truth, and the words of a clinic."""

from dataclasses import dataclass
from datetime import date, timedelta

from analysis.periods import last_day
from analysis.simulation.dirt import Spoiler
from analysis.simulation.entries import Entry
from analysis.simulation.people import Session
from analysis.simulation.records import Injector, Parameters
from analysis.simulation.sheets import Row
from analysis.xlsx import Cell


@dataclass(frozen=True)
class World:
    """Everything a dialect writes from."""

    parameters: Parameters
    sessions: list[Session]
    entries: list[Entry]
    spoiler: Spoiler

    def sessions_of(self, *clinics: str) -> list[Session]:
        """Sessions of these clinics in order of date."""
        return sorted((s for s in self.sessions if s.clinic.name in clinics), key=lambda s: (s.day, s.key))

    def entries_of(self, *clinics: str) -> list[Entry]:
        """Log entries of these clinics in order of reporting."""
        return sorted((e for e in self.entries if e.clinic.name in clinics), key=lambda e: (e.reported, e.event_id))

    def log_months(self) -> list[str]:
        """Months in which entries can have been made: those of treatment and the one of the data cut."""
        return [*self.parameters.months, f"{self.parameters.data_cut:%Y-%m}"]


def session_row(cells: list[Cell], session: Session, dirt: set[str]) -> Row:
    """A treatments row of a true session."""
    session.dirt |= dirt
    disposition = "quarantined" if session.hidden_by else "accepted"
    return Row(cells, "session", session.clinic.name, session.key, dirt=set(dirt), disposition=disposition)


def entry_row(cells: list[Cell], entry: Entry, *, visit: str = "") -> Row:
    """An events row of a log entry. A visit id links whatever the dates say."""
    return Row(
        cells=cells,
        what=entry.what,
        clinic=entry.clinic.name,
        session_key=entry.session.key,
        event_id=entry.event_id,
        episodes=";".join(str(happening.number) for happening in entry.happenings),
        status=entry.status,
        subcodes=";".join(entry.subcodes),
        triage=entry.triage,
        dirt=set(entry.dirt),
        in_window=bool(visit) or entry.is_in_window,
    )


def nil_row(cells: list[Cell], clinic: str) -> Row:
    """The line with which a clinic says that it has nothing to report for a month."""
    return Row(cells, "nil_return", clinic, status="none", disposition="ignored")


def written_onset(entry: Entry) -> tuple[date | None, str]:
    """Onset as a date, or as relative text; a planted impossible onset lies three weeks before the treatment."""
    if "onset_before_treatment" in entry.dirt:
        return entry.session.day - timedelta(days=21), ""
    return (None, entry.onset_written) if entry.onset_written else (entry.onset, "")


def written_treatment_date(entry: Entry) -> date | None:
    """Treatment date as the log states it; now and then left blank."""
    return None if "no_treatment_date" in entry.dirt else entry.session.day


def written_patient(entry: Entry) -> str:
    """Patient reference as the log states it; now and then left blank."""
    return "" if "no_patient" in entry.dirt else entry.session.patient.reference


def written_injector(entry: Entry, world: World) -> str:
    """Injector as the log states it: respelled now and then, once somebody else's name."""
    injector: Injector = entry.session.injector
    if "wrong_injector" in entry.dirt:
        colleagues = [i for i in world.parameters.injectors if i.clinic == injector.clinic and i is not injector]
        return colleagues[0].name
    return world.spoiler.injector(injector, entry.dirt)


def yes_no(value: bool | None) -> str:
    """`Yes`, `No`, or blank when nobody filled it in."""
    return "" if value is None else "Yes" if value else "No"


def nil_day(month: str, world: World) -> date:
    """Day on which a nil return of a month is entered."""
    return min(last_day(month), world.parameters.data_cut)

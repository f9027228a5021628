"""Harbour: CSV exports, one treatments file a quarter with a line per area, one events file a month, ISO dates."""

from datetime import date

from analysis.simulation.dialect import (
    World,
    entry_row,
    nil_day,
    nil_row,
    session_row,
    written_injector,
    written_onset,
    written_patient,
    written_treatment_date,
    yes_no,
)
from analysis.simulation.entries import Entry
from analysis.simulation.people import Line, Session
from analysis.simulation.sheets import Row, Sheet
from analysis.xlsx import Cell, excel_serial

FOLDER = "sim-harbour"
DAY_FIRST_QUARTER = "2026-Q1"
SERIAL_QUARTER = "2026-Q2"
SERIAL_MONTHS = ("2025-09", "2025-10")
DAY_FIRST_MONTH = "2026-05"
TREATMENTS = [
    "Visit ID", "Treatment date", "Patient ID", "Sex", "Age", "Injector", "Role", "Treatment type", "Area", "Product", "Lot",
    "Vial", "Expiry", "Units", "Blood thinner", "Stopped 7 days", "Previous toxin", "Follow-up",
]  # fmt: skip
EVENTS = [
    "Event ID", "Date reported", "Visit ID", "Patient ID", "Treatment date", "Onset date", "Injector", "Area", "Product", "Lot",
    "Description", "AE type", "Severity", "Serious?", "Outcome", "Side",
]  # fmt: skip
CLINIC_TOML = """\
# Simulated clinic: invented data, no real patients or staff.
[clinic]
name = "Harbour"
country = "GB"
simulated = true
as_of = {as_of}

[[file]]
match = "events_2026-05.csv"
date_order = "dmy"

[values.injector]
"A. Reyes" = "Dr Ana Reyes"
"""


def harbour_sheets(world: World) -> list[Sheet]:
    """Every file of the Harbour folder."""
    return _treatments(world) + _events(world)


def missing_month(world: World) -> str:
    """The month whose events file is not delivered; empty without dirt."""
    return str(world.spoiler.rates["missing_log"]) if world.spoiler.on else ""


def _quarter(day: date) -> str:
    return f"{day.year}-Q{(day.month + 2) // 3}"


def _treatments(world: World) -> list[Sheet]:
    quarters: dict[str, list[Session]] = {}
    for session in world.sessions_of("Harbour"):
        quarters.setdefault(_quarter(session.day), []).append(session)
    sheets = []
    for number, (quarter, sessions) in enumerate(quarters.items()):
        rows = [row for session in sessions for row in _session_rows(session, quarter, world)]
        rows = world.spoiler.repeat(rows)
        if world.spoiler.on:
            tests = ["TEST", "ZZZ Test"] if number == 0 else ["TEST"] if number == 2 else []
            rows += [world.spoiler.test_patient(rows[0], name, TREATMENTS.index("Patient ID")) for name in tests]
            rows = world.spoiler.blanks(rows, len(TREATMENTS), 1)
            rows.append(_total(sessions))
        sheets.append(Sheet(f"{FOLDER}/treatments_{quarter}.csv", "", "treatments", TREATMENTS, rows))
    return sheets


def _total(sessions: list[Session]) -> Row:
    units: list[Cell] = [""] * len(TREATMENTS)
    units[0], units[TREATMENTS.index("Units")] = "Total", sum(session.units for session in sessions)
    return Row(units, "total", dirt={"total"}, disposition="ignored")


def _session_rows(session: Session, quarter: str, world: World) -> list[Row]:
    dirt: set[str] = set()
    injector = world.spoiler.injector(session.injector, dirt)
    day = _treatment_date(session, quarter, world, dirt)
    return [_line_row(session, line, injector, day, world, set(dirt)) for line in session.lines]


def _treatment_date(session: Session, quarter: str, world: World, dirt: set[str]) -> str:
    if session.hidden_by:
        dirt.add("impossible_date")
        return "31/02/2026" if quarter == DAY_FIRST_QUARTER else "2026-02-31"
    if world.spoiler.on and quarter == DAY_FIRST_QUARTER:
        dirt.add("day_first_date")
        return f"{session.day:%d/%m/%Y}"
    if quarter == SERIAL_QUARTER and world.spoiler.chance("excel_serial"):
        dirt.add("excel_serial")
        return str(excel_serial(session.day))
    return session.day.isoformat()


def _line_row(session: Session, line: Line, injector: str, day: str, world: World, dirt: set[str]) -> Row:
    words, patient = world.parameters.words, session.patient
    cells: list[Cell] = [
        session.visit,
        day,
        patient.reference,
        patient.sex,
        patient.age,
        injector,
        words["roles"][session.injector.role],
        words["harbour"]["type"][line.indication],
        world.parameters.areas[line.area]["english"],
        world.spoiler.brand(session, dirt),
        session.lot,
        session.vial,
        f"{session.expiry:%m/%Y}",
        world.spoiler.units(line.units, dirt),
        yes_no(None if session.thinner is None else bool(session.thinner)),
        yes_no(session.stopped),
        yes_no(not session.new_patient),
        words["follow_up"][session.follow_up],
    ]
    return session_row(cells, session, dirt)


def _events(world: World) -> list[Sheet]:
    by_month: dict[str, list[Entry]] = {month: [] for month in world.log_months()}
    for entry in world.entries_of("Harbour"):
        by_month[f"{entry.reported:%Y-%m}"].append(entry)
    sheets = []
    for month, entries in by_month.items():
        if month == missing_month(world):
            continue
        rows = world.spoiler.repeat([_event_row(entry, month, world) for entry in entries])
        rows = world.spoiler.blanks(rows, len(EVENTS), int(month.endswith(("-07", "-12"))))
        if not rows:
            rows = [_nil(month, world)]
        elif world.spoiler.on and month == "2025-06":
            rows.append(world.spoiler.test_patient(rows[0], "TEST", EVENTS.index("Patient ID")))
            rows[-1].cells[0], rows[-1].cells[2] = "HB-AE-TEST", ""
        sheets.append(Sheet(f"{FOLDER}/events_{month}.csv", "", "events", EVENTS, rows))
    return sheets


def _nil(month: str, world: World) -> Row:
    cells: list[Cell] = [""] * len(EVENTS)
    cells[1] = nil_day(month, world).isoformat()
    cells[EVENTS.index("Description")] = "Nil return"
    return nil_row(cells, "Harbour")


def _event_row(entry: Entry, month: str, world: World) -> Row:
    words, session = world.parameters.words["harbour"], entry.session
    visit = session.visit if world.spoiler.draw.chance(0.6) or "no_patient" in entry.dirt else ""
    injector = written_injector(entry, world)
    onset, relative = written_onset(entry)
    cells: list[Cell] = [
        entry.event_id,
        _date(entry.reported, month, world, entry.dirt),
        visit,
        written_patient(entry),
        _date(written_treatment_date(entry), month, world, entry.dirt, serial=False),
        relative or _date(onset, month, world, entry.dirt, serial=False),
        injector,
        world.parameters.areas[entry.area]["english"],
        session.product.brands[FOLDER],
        session.lot,
        entry.text,
        entry.term,
        words["severity"].get(entry.severity, ""),
        "Hospitalised" if entry.serious else world.spoiler.draw.pick(("No", "")),
        words["outcome"].get(entry.outcome, ""),
        words["side"].get(entry.side, ""),
    ]
    return entry_row(cells, entry, visit=visit)


def _date(day: date | None, month: str, world: World, dirt: set[str], *, serial: bool = True) -> str:
    if day is None:
        return ""
    if world.spoiler.on and serial and month in SERIAL_MONTHS:
        dirt.add("excel_serial")
        return str(excel_serial(day))
    if world.spoiler.on and month == DAY_FIRST_MONTH:
        dirt.add("day_first_date")
        return f"{day:%d/%m/%Y}"
    return day.isoformat()

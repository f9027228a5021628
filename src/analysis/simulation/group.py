"""Northgate and Willow: one workbook with a clinic column; the treatments are an export of invoice lines."""

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
)
from analysis.simulation.entries import Entry
from analysis.simulation.invoices import other_lines
from analysis.simulation.people import Line, Session
from analysis.simulation.sheets import Row, Sheet
from analysis.xlsx import Cell

FOLDER = "sim-group"
FILE = f"{FOLDER}/northgate_willow_export.xlsx"
CLINICS = ("Northgate", "Willow")
TREATMENTS = [
    "Invoice No", "Clinic", "Tx Date", "Client ID", "Client name", "Practitioner", "Service", "Status", "Area treated", "Brand",
    "Batch", "Exp", "Units", "Meds", "2wk review", "Price",
]  # fmt: skip
EVENTS = [
    "Incident No", "Clinic", "Logged on", "Client ID", "Tx Date", "Practitioner", "Area treated", "Brand", "Batch",
    "Date of onset", "AE details", "Complication type", "Grade", "SAE", "Side", "Outcome",
]  # fmt: skip
MEDS = {"anticoagulant": "Apixaban", "aspirin": "Aspirin", "supplement": "Fish oil", "": "None"}
CLINIC_TOML = """\
# Simulated clinics: invented data, no real patients or staff. The clinic column of the workbook tells them apart.
[clinic]
name = "Northgate and Willow"
country = "GB"
simulated = true
as_of = {as_of}
patient_ids = "group"

[values.injector]
"E. Fableton" = "Dr Edwin Fableton"

[values.treatment_type]
"Masseter slimming" = "cosmetic"
"Lower face toxin" = "cosmetic"
"Neck bands toxin" = "cosmetic"
"Scalp toxin" = "hair"
"""


def group_sheets(world: World) -> list[Sheet]:
    """Both sheets of the group workbook."""
    return [_treatments(world), _events(world)]


def _treatments(world: World) -> Sheet:
    dated = [(s.day, s.key, row) for s in world.sessions_of(*CLINICS) for row in _session_rows(s, world)]
    dated += [(day, "~", row) for day, row in other_lines(world, TREATMENTS, CLINICS)]
    rows = world.spoiler.repeat([row for _, _, row in sorted(dated, key=lambda item: item[:2])])
    if world.spoiler.on:
        place, name = TREATMENTS.index("Client ID"), TREATMENTS.index("Client name")
        first = next(row for row in rows if row.what == "session")
        for reference in ("TEST", "ZZZ Test"):
            rows.append(world.spoiler.test_patient(first, reference, place))
            rows[-1].cells[name] = "ZZZ Test"
        rows = world.spoiler.blanks(rows, len(TREATMENTS), world.spoiler.rates["blank_rows"])
        total: list[Cell] = [""] * len(TREATMENTS)
        total[0], total[-1] = "TOTAL", float(len(rows) * 100)
        rows.append(Row(total, "total", dirt={"total"}, disposition="ignored"))
    titles: list[list[Cell]] = [["SIMULATED DATA - Northgate and Willow - invoice lines, not real patients"], []]
    return Sheet(FILE, "Treatments", "treatments", TREATMENTS, rows, titles)


def _session_rows(session: Session, world: World) -> list[Row]:
    """One invoice line per service: the areas of a service stand together in one cell."""
    dirt: set[str] = set()
    injector = world.spoiler.injector(session.injector, dirt)
    services = [session.treatment] + ([session.added] if session.added and not session.touch_up else [])
    rows = []
    for treatment in services:
        lines = [line for line in session.lines if line.indication == treatment.type]
        rows.append(_service_row(session, treatment.service, lines, injector, world, set(dirt)))
    return rows


def _service_row(session: Session, service: str, lines: list[Line], injector: str, world: World, dirt: set[str]) -> Row:
    if session.hidden_by:
        dirt.add("impossible_date")
    areas = [world.parameters.areas[line.area]["english"] for line in lines]
    cells: list[Cell] = [
        session.visit,
        session.clinic.name,
        "31/02/2026" if session.hidden_by else session.day,
        session.patient.reference,
        session.patient.name,
        injector,
        service,
        "Completed",
        " + ".join(areas),
        world.spoiler.brand(session, dirt),
        session.lot,
        f"{session.expiry:%m/%Y}",
        world.spoiler.units(sum(line.units for line in lines), dirt),
        "" if session.thinner is None else MEDS[session.thinner],
        world.parameters.words["follow_up"][session.follow_up],
        0.0 if session.touch_up else float(60 + 60 * len(lines)),
    ]
    return session_row(cells, session, dirt)


def _events(world: World) -> Sheet:
    rows = [_event_row(entry, world) for entry in world.entries_of(*CLINICS)]
    rows = world.spoiler.repeat(rows)
    if world.spoiler.on and rows:
        rows.append(world.spoiler.test_patient(rows[0], "TEST", EVENTS.index("Client ID")))
        rows[-1].cells[0] = "NG-AE-TEST"
    rows = world.spoiler.blanks(rows, len(EVENTS), 2)
    told = {(e.clinic.name, f"{e.reported:%Y-%m}") for e in world.entries_of(*CLINICS)}
    for clinic in CLINICS:
        rows += [_nil(clinic, month, world) for month in world.parameters.months if (clinic, month) not in told]
    titles: list[list[Cell]] = [["SIMULATED DATA - adverse event log - Northgate and Willow"]]
    return Sheet(FILE, "Adverse events", "events", EVENTS, rows, titles)


def _nil(clinic: str, month: str, world: World) -> Row:
    cells: list[Cell] = [""] * len(EVENTS)
    cells[1], cells[2] = clinic, nil_day(month, world)
    cells[EVENTS.index("AE details")] = "Nil return"
    return nil_row(cells, clinic)


def _event_row(entry: Entry, world: World) -> Row:
    words, session = world.parameters.words["group"], entry.session
    treated, (onset, relative) = written_treatment_date(entry), written_onset(entry)
    injector = written_injector(entry, world)
    cells: list[Cell] = [
        entry.event_id,
        entry.clinic.name,
        entry.reported,
        written_patient(entry),
        f"{treated:%d/%m/%Y}" if treated else "",
        injector,
        world.parameters.areas[entry.area]["english"],
        session.product.brands[FOLDER],
        session.lot,
        relative or (f"{onset:%d/%m/%Y}" if onset else ""),
        entry.text,
        entry.term,
        words["severity"].get(entry.severity, ""),
        "Hospitalised" if entry.serious else world.spoiler.draw.pick(("No", "")),
        words["side"].get(entry.side, ""),
        words["outcome"].get(entry.outcome, ""),
    ]
    return entry_row(cells, entry)

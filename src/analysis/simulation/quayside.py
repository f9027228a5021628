"""Quayside: monthly totals instead of a treatments log, and an events log with Spanish headers and dotted dates."""

from collections import Counter
from dataclasses import replace
from datetime import date

from analysis.simulation.dialect import (
    World,
    entry_row,
    nil_day,
    nil_row,
    written_injector,
    written_onset,
    written_patient,
    written_treatment_date,
)
from analysis.simulation.entries import Entry
from analysis.simulation.sheets import Row, Sheet, units_text
from analysis.xlsx import Cell

FOLDER = "sim-quayside"
TOTALS = ["Mes", "Tipo de tratamiento", "Profesional", "Sesiones"]
EVENTS = [
    "Asiento", "Fecha registro", "Paciente", "Fecha tto", "Fecha inicio", "Profesional", "Tratamiento", "Zona", "Lado",
    "Producto", "Lote", "Unidades", "Descripción", "Tipo", "Gravedad", "Evolución",
]  # fmt: skip
CLINIC_TOML = """\
# Simulated clinic: invented data, no real patients or staff.
[clinic]
name = "Quayside"
country = "ES"
simulated = true
as_of = {as_of}

[[file]]
match = "totales*.csv"
kind = "totals"

[[file]]
match = "efectos*.csv"
[file.columns]
"Asiento" = "event_id"

[values.injector]
"I. Cuento" = "Dra. Inés Cuento"

[values.treatment_type]
"Cuero cabelludo" = "hair"
"""


def quayside_sheets(world: World) -> list[Sheet]:
    """Both files of the Quayside folder."""
    return [_totals(world), _events(world)]


def _totals(world: World) -> Sheet:
    words = world.parameters.words["quayside"]["type"]
    counts = Counter((s.month, s.treatment.type, s.injector.name) for s in world.sessions_of("Quayside"))
    rows = [
        Row([month, words[kind], name, count], "totals", "Quayside")
        for (month, kind, name), count in sorted(counts.items())
    ]
    if world.spoiler.on:
        middle = len(rows) // 2
        copy = replace(rows[middle], what="duplicate", disposition="duplicate", dirt={"duplicate"})
        rows.insert(middle + 1, copy)
        rows = world.spoiler.blanks(rows, len(TOTALS), 1)
        rows.append(Row(["Total", "", "", sum(counts.values())], "total", dirt={"total"}, disposition="ignored"))
    return Sheet(f"{FOLDER}/totales_sesiones.csv", "", "totals", TOTALS, rows, delimiter=";", encoding="utf-8-sig")


def _events(world: World) -> Sheet:
    entries = world.entries_of("Quayside")
    rows = world.spoiler.repeat([_event_row(entry, world) for entry in entries])
    rows = world.spoiler.blanks(rows, len(EVENTS), 1)
    told = {f"{entry.reported:%Y-%m}" for entry in entries}
    rows += [_nil(month, world) for month in world.parameters.months if month not in told]
    return Sheet(f"{FOLDER}/efectos_adversos.csv", "", "events", EVENTS, rows, delimiter=";", encoding="utf-8-sig")


def _nil(month: str, world: World) -> Row:
    cells: list[Cell] = [""] * len(EVENTS)
    cells[1], cells[EVENTS.index("Descripción")] = _date(nil_day(month, world)), "Nil return"
    return nil_row(cells, "Quayside")


def _date(day: date | None) -> str:
    return f"{day:%d.%m.%Y}" if day else ""


def _event_row(entry: Entry, world: World) -> Row:
    words, session = world.parameters.words["quayside"], entry.session
    onset, relative = written_onset(entry)
    injector = written_injector(entry, world)
    cells: list[Cell] = [
        entry.event_id,
        _date(entry.reported),
        written_patient(entry),
        _date(written_treatment_date(entry)),
        relative or _date(onset),
        injector,
        words["type"][session.treatment.type],
        world.parameters.areas[entry.area]["spanish"],
        words["side"].get(entry.side, ""),
        session.product.brands[FOLDER],
        session.lot,
        units_text(session.units),
        entry.text,
        entry.term,
        words["severity"].get(entry.severity, ""),
        words["outcome"].get(entry.outcome, ""),
    ]
    return entry_row(cells, entry)

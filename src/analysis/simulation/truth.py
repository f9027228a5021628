"""The truth behind the delivered files, for tests. The pipeline never reads it."""

import csv
from collections.abc import Iterable
from pathlib import Path

from analysis.simulation.dialect import World
from analysis.simulation.happenings import Happening
from analysis.simulation.harbour import missing_month
from analysis.simulation.people import Session
from analysis.simulation.sheets import Row, Sheet, units_text
from analysis.simulation.shelf import planted_lot
from analysis.taxonomy import TRIAGE


def write_truth(folder: Path, world: World, happenings: list[Happening], sheets: list[Sheet]) -> None:
    """Write sessions, episodes, rows, coverage and planted as CSV below `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = [(sheet, number, row) for sheet in sheets for number, row in sheet.numbered()]
    tables: dict[str, tuple[list[str], Iterable[list[str]]]] = {
        "sessions": (_SESSIONS, [_session(session, world) for session in world.sessions]),
        "episodes": (_EPISODES, _episodes(world, happenings, rows)),
        "rows": (_ROWS, [_row(sheet, number, row) for sheet, number, row in rows]),
        "coverage": (["clinic", "month", "treatments", "events"], _coverage(world)),
        "planted": (["what", "clinic", "count", "detail"], _planted(world, happenings, rows)),
    }
    for name, (header, lines) in tables.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as handle:
            writer = csv.writer(handle, lineterminator="\n")
            writer.writerow(header)
            writer.writerows(lines)


_SESSIONS = [
    "clinic", "session_key", "visit_id", "patient_id", "treatment_date", "month", "treatment_type", "indications", "areas",
    "injector", "product", "dose_units", "lot", "touch_up", "followup_kind", "delivered_as", "dirt", "hidden_by",
]  # fmt: skip


def _session(session: Session, world: World) -> list[str]:
    lines = session.lines
    areas = sorted({world.parameters.areas[line.area]["stored_as"] for line in lines})
    indications = sorted({line.indication for line in lines})
    main = next((kind for kind in session.types if kind in indications), indications[0])
    return [
        session.clinic.name, session.key, session.visit, session.patient.reference, session.day.isoformat(), session.month,
        main, ";".join(indications), ";".join(areas), session.injector.name, session.product.name, units_text(session.units),
        session.lot, str(session.touch_up), session.follow_up, "totals" if session.clinic.name == "Quayside" else "rows",
        ";".join(sorted(session.dirt)), session.hidden_by,
    ]  # fmt: skip


_EPISODES = [
    "episode", "clinic", "session_key", "patient_id", "treatment_date", "treatment_type", "injector", "concept", "subcode",
    "category", "onset_date", "occurred", "logged", "delivered", "readable", "hidden_by", "event_ids", "reported_date",
    "triage", "severity", "laterality", "seriousness",
]  # fmt: skip


def _episodes(world: World, happenings: list[Happening], rows: list[tuple[Sheet, int, Row]]) -> Iterable[list[str]]:
    delivered: dict[str, list[Row]] = {}
    for _, _, row in rows:
        if row.episodes and row.what in ("event", "followup"):
            for number in row.episodes.split(";"):
                delivered.setdefault(number, []).append(row)
    for happening in happenings:
        yield _episode(happening, delivered.get(str(happening.number), []))


def _episode(happening: Happening, found: list[Row]) -> list[str]:
    session, concept = happening.session, happening.concept
    readable = [row for row in found if "unreadable_text" not in row.dirt]
    hidden = happening.why_not_logged or ("" if found else "undelivered log") or ("" if readable else "unreadable text")
    if not hidden and not any(row.in_window for row in readable):
        hidden = "outside the link window as written"
    triage = min([concept.triage, *(row.triage for row in found)], key=TRIAGE.index)
    return [
        str(happening.number), session.clinic.name, session.key, session.patient.reference, session.day.isoformat(),
        session.types[0], session.injector.name, concept.name, concept.subcode, concept.category, happening.onset.isoformat(),
        "True", str(happening.reported is not None), str(bool(found)), str(bool(readable)), hidden,
        ";".join(happening.event_ids), happening.reported.isoformat() if happening.reported else "", triage,
        happening.severity, happening.side, happening.serious,
    ]  # fmt: skip


_ROWS = [
    "path", "sheet", "row", "kind", "clinic", "what", "disposition", "session_key", "event_id", "episodes", "status",
    "subcodes", "triage", "dirt",
]  # fmt: skip


def _row(sheet: Sheet, number: int, row: Row) -> list[str]:
    return [
        sheet.path, sheet.sheet, str(number), sheet.kind, row.clinic, row.what, row.disposition, row.session_key, row.event_id,
        row.episodes, row.status, row.subcodes, row.triage, ";".join(sorted(row.dirt)),
    ]  # fmt: skip


def _coverage(world: World) -> Iterable[list[str]]:
    told = {(entry.clinic.name, f"{entry.reported:%Y-%m}") for entry in world.entries}
    for clinic in world.parameters.clinics:
        for month in world.parameters.months:
            events = "received" if (clinic.name, month) in told else "nil_return"
            if clinic.name == "Harbour" and month == missing_month(world):
                events = "missing"
            yield [clinic.name, month, "received", events]


def _planted(world: World, happenings: list[Happening], rows: list[tuple[Sheet, int, Row]]) -> Iterable[list[str]]:
    rules = world.parameters.rules
    if droop := rules.get("droop"):
        yield [
            "droop",
            "",
            "1",
            f"{droop['injector']}: {droop['concept']} x {droop['times']:g} from {droop['from_month']}",
        ]
    if silence := rules.get("silence"):
        lost = sum(happening.why_not_logged == "planted silence" for happening in happenings)
        yield ["silence", "", str(lost), f"{silence['injector']}: nothing logged from {silence['from_month']}"]
    if lot := rules.get("lot"):
        code = planted_lot(world.sessions, world.parameters)
        sessions = sum(session.lot == code for session in world.sessions)
        detail = f"lot {code}: {lot['infections']} infections, lack of effect x {lot['times']:g}"
        yield ["lot", lot["clinic"], str(sessions), detail]
    if month := rules.get("nil_month"):
        yield ["nil_month", "Quayside", "1", f"nothing logged in {month}"]
    if missing_month(world):
        yield ["missing_events_log", "Harbour", "1", missing_month(world)]
    counts: dict[tuple[str, str], int] = {}
    for sheet, _, row in rows:
        for code in row.dirt:
            place = (code, row.clinic or sheet.path.split("/")[0])
            counts[place] = counts.get(place, 0) + 1
    for (code, clinic), count in sorted(counts.items()):
        yield [code, clinic, str(count), "rows; see rows.csv"]

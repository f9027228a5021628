"""Invoice lines that are no session: appointments not kept, fillers, retail. A reader must leave them out."""

from datetime import date

from analysis.simulation.dialect import World
from analysis.simulation.people import Session
from analysis.simulation.sheets import Row
from analysis.xlsx import Cell


def other_lines(world: World, header: list[str], clinics: tuple[str, ...]) -> list[tuple[date, Row]]:
    """No-shows, cancellations, filler and retail lines of these clinics, each with its date; none without dirt."""
    sessions = world.sessions_of(*clinics)
    taken = {(session.patient.reference, session.day) for session in sessions}
    made: list[tuple[date, Row]] = []
    for position, session in enumerate(sessions):
        # The day of another session a little earlier, so that lines fall on working days all through the period.
        day = sessions[max(position - 25, 0)].day
        elsewhere = (session.patient.reference, day) not in taken
        for what, rate in (("no_show", "no_shows"), ("cancelled", "cancellations")):
            if elsewhere and world.spoiler.chance(rate):
                made.append((day, _not_kept(session, day, what, header)))
        if world.spoiler.chance("fillers"):
            same_visit = world.spoiler.draw.chance(0.6) or not elsewhere
            made.append(
                (session.day if same_visit else day, _filler(session, day, header, world, same_visit=same_visit))
            )
        if world.spoiler.chance("retail"):
            made.append((session.day, _retail(session, header, world)))
    return made


def _line(session: Session, day: date, header: list[str], what: str, filled: dict[str, Cell]) -> Row:
    common: dict[str, Cell] = {
        "Clinic": session.clinic.name,
        "Tx Date": day,
        "Client ID": session.patient.reference,
        "Client name": session.patient.name,
        "Status": "Completed",
    }
    cells = [(common | filled).get(name, "") for name in header]
    return Row(cells, what, session.clinic.name, dirt={what}, disposition="ignored")


def _not_kept(session: Session, day: date, what: str, header: list[str]) -> Row:
    status = "No show" if what == "no_show" else "Cancelled"
    filled: dict[str, Cell] = {
        "Invoice No": f"{session.visit}-{'N' if what == 'no_show' else 'C'}",
        "Practitioner": session.injector.name,
        "Service": session.treatment.service,
        "Status": status,
        "Units": session.units if what == "cancelled" else "",
    }
    return _line(session, day, header, what, filled)


def _filler(session: Session, day: date, header: list[str], world: World, *, same_visit: bool) -> Row:
    words = world.parameters.words["lines"]
    filled: dict[str, Cell] = {
        "Invoice No": f"{session.visit}-F",
        "Practitioner": session.injector.name,
        "Service": world.spoiler.draw.pick(words["filler"]),
        "Area treated": "",
        "Brand": words["filler_brand"],
        "Units": 1.0,
        "Price": 250.0,
    }
    return _line(session, session.day if same_visit else day, header, "filler", filled)


def _retail(session: Session, header: list[str], world: World) -> Row:
    filled: dict[str, Cell] = {
        "Invoice No": f"{session.visit}-R",
        "Service": world.spoiler.draw.pick(world.parameters.words["lines"]["retail"]),
        "Units": 1.0,
        "Price": 24.0,
    }
    return _line(session, session.day, header, "retail", filled)

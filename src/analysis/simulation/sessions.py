"""The clean sessions of the group: who, when, where, what, from which vial, and whether anybody asked afterwards."""

from collections import defaultdict
from datetime import timedelta

from analysis.simulation.draw import Draw
from analysis.simulation.people import Line, Session
from analysis.simulation.records import AreaDose, Parameters
from analysis.simulation.shelf import stock
from analysis.simulation.visits import Diary
from analysis.simulation.volumes import monthly_sessions


def make_sessions(parameters: Parameters, *, seed: int, sessions: int) -> list[Session]:
    """Exactly `sessions` sessions in order of clinic and date, complete with doses, lots, covariates and follow-up."""
    counts = monthly_sessions(parameters, seed=seed, sessions=sessions)
    made: list[Session] = []
    for clinic in parameters.clinics:
        diary = Diary(parameters, clinic, seed)
        for month in parameters.months:
            diary.fill(month, counts[month])
        made += sorted(diary.sessions, key=lambda s: (s.day, s.patient.number, s.injector.name))
    doses, details = Draw(seed, "doses"), Draw(seed, "details")
    numbers: dict[str, int] = defaultdict(int)
    for session in made:
        numbers[session.clinic.name] += 1
        session.key = f"{session.clinic.prefix}-S{numbers[session.clinic.name]:05d}"
        session.visit = f"{session.clinic.prefix}{numbers[session.clinic.name] + 10000}"
        session.lines = _lines(session, parameters, doses)
        _details(session, parameters, details)
    stock(made, parameters, seed=seed)
    return made


def _lines(session: Session, parameters: Parameters, draw: Draw) -> list[Line]:
    treatments = [session.treatment] + ([session.added] if session.added else [])
    lines = [
        _line(dose, treatment.type, session, parameters, draw) for treatment in treatments for dose in treatment.areas
    ]
    return lines[: 1 if session.touch_up else None]


def _line(dose: AreaDose, indication: str, session: Session, parameters: Parameters, draw: Draw) -> Line:
    share = parameters.settings["visits"]["touch_up_dose"] if session.touch_up else 1.0
    habit = session.injector.dose_factor if parameters.rules["injector_doses"] else 1.0
    wanted = (dose.low + (dose.high - dose.low) * draw.uniform()) * habit * share
    step = 2.5 if session.product.factor > 2 else 1.0
    units = max(round(wanted * session.product.factor / step), 1) * step
    return Line(dose.area, indication, units, units / session.product.factor / dose.label)


def _details(session: Session, parameters: Parameters, draw: Draw) -> None:
    patients, follow_up = parameters.settings["patients"], parameters.settings["follow_up"]
    session.thinner = None if draw.chance(patients["thinner_blank"]) else session.patient.thinner
    if session.thinner and draw.chance(patients["stopped_recorded"]):
        session.stopped = draw.chance(0.5) and session.thinner != "anticoagulant"
    telephoned = parameters.rules["clinic_follow_up"] and session.clinic.telephones and session.injector.telephoned
    asked_on = session.day + timedelta(days=draw.between(*follow_up["call_days"]))
    reached = draw.chance(follow_up["reached"] if telephoned else follow_up["otherwise"])
    if asked_on > parameters.data_cut:
        session.follow_up = "unknown"
    elif reached:
        session.follow_up, session.asked_on = "scheduled", asked_on
    elif draw.chance(follow_up["patient_initiated"]):
        session.follow_up = "patient_initiated"
    else:
        session.follow_up = "none" if telephoned or draw.chance(0.6) else "unknown"

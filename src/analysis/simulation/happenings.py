"""What truly happened after each session, logged or not."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby

import numpy as np

from analysis.simulation.draw import Draw
from analysis.simulation.people import Session
from analysis.simulation.records import Concept, Parameters
from analysis.simulation.shelf import planted_lot
from analysis.taxonomy import SEVERITIES, TRIAGE

NOVICE_BELOW = 300


@dataclass(slots=True)
class Happening:
    """One true episode: one session × sub-code. `why_not_logged` is empty when the clinic wrote it down."""

    number: int
    session: Session
    concept: Concept
    onset: date
    severity: str
    side: str
    area: str
    forced: bool = False
    serious: str = ""
    reported: date | None = None
    why_not_logged: str = ""
    event_ids: list[str] = field(default_factory=list)

    @property
    def ends(self) -> date:
        """Day on which it was over: the usual duration, so that a later entry can say so."""
        return self.onset + timedelta(days=round(self.concept.duration))


def true_risks(sessions: list[Session], parameters: Parameters) -> dict[str, np.ndarray]:
    """Risk of each concept in each session, with every effect of the scenario in it."""
    rules = parameters.rules
    touch_up = np.array([parameters.settings["visits"]["touch_up_risk"] if s.touch_up else 1.0 for s in sessions])
    novice = np.array([rules["novice_odds"] if s.injector.lifetime < NOVICE_BELOW else 1.0 for s in sessions])
    over = np.array([max(max(line.ratio for line in s.lines) - 1.0, 0.0) for s in sessions])
    dose = rules["dose_odds"] ** (over / 0.5)
    thinner = np.array([rules["blood_thinner_odds"] if s.patient.thinner else 1.0 for s in sessions])
    risks = {}
    for concept in parameters.concepts:
        risk = touch_up * np.array([_base(s, concept.name, parameters) for s in sessions])
        odds = (novice if concept.novice else 1.0) * (dose if concept.dose else 1.0)
        odds = odds * (thinner if concept.category == "bruise" else 1.0)
        with_odds = risk * odds / (1 - risk + risk * odds)
        risks[concept.name] = _planted(with_odds, concept, sessions, parameters)
    return risks


def _base(session: Session, concept: str, parameters: Parameters) -> float:
    risk = parameters.risks.get((concept, session.treatment.name), 0.0)
    if session.added:
        risk = max(risk, parameters.risks.get((concept, session.added.name), 0.0))
    return risk


def _planted(risk: np.ndarray, concept: Concept, sessions: list[Session], parameters: Parameters) -> np.ndarray:
    droop, lot = parameters.rules.get("droop", {}), parameters.rules.get("lot", {})
    if droop and concept.name == droop["concept"]:
        hit = [s.injector.name == droop["injector"] and s.month >= droop["from_month"] for s in sessions]
        risk = np.where(hit, risk * droop["times"], risk)
    if lot and concept.name == lot["lack"]:
        code = planted_lot(sessions, parameters)
        risk = np.where([s.lot == code for s in sessions], risk * lot["times"], risk)
    return np.minimum(risk, 0.95)


def make_happenings(sessions: list[Session], parameters: Parameters, *, seed: int) -> list[Happening]:
    """Every true episode, in order of session and onset; at most one per session and sub-code."""
    risks = true_risks(sessions, parameters)
    draw = Draw(seed, "happenings")
    chosen: dict[tuple[int, str], Concept] = {}
    for concept in parameters.concepts:
        # A stream of its own per concept: a changed risk of one leaves the others as they were.
        luck = Draw(seed, f"happenings {concept.name}").generator.random(len(sessions))
        for position in np.flatnonzero(luck < risks[concept.name]).tolist():
            place = (position, concept.subcode)
            if place not in chosen or _is_more_pressing(concept, chosen[place]):
                chosen[place] = concept
    forced = _forced(sessions, parameters, draw, chosen)
    made = [
        _happening(sessions[position], concept, parameters, draw, forced=(position, subcode) in forced)
        for (position, subcode), concept in sorted(chosen.items(), key=lambda item: item[0])
    ]
    made = [h for _, group in groupby(made, lambda h: h.session.key) for h in sorted(group, key=lambda h: h.onset)]
    for number, happening in enumerate(made, start=1):
        happening.number = number
    return made


def _is_more_pressing(one: Concept, other: Concept) -> bool:
    return TRIAGE.index(one.triage) < TRIAGE.index(other.triage)


def _forced(
    sessions: list[Session], parameters: Parameters, draw: Draw, chosen: dict[tuple[int, str], Concept]
) -> set[tuple[int, str]]:
    """The infections of the planted lot: exactly as many as the scenario says, none by chance beside them."""
    lot = parameters.rules.get("lot")
    if not lot:
        return set()
    code = planted_lot(sessions, parameters)
    members = [position for position, session in enumerate(sessions) if session.lot == code]
    infection = next(concept for concept in parameters.concepts if concept.name == lot["infection"])
    for position in members:
        chosen.pop((position, infection.subcode), None)
    # The first half of the lot, so that both are reported well before the data cut and within 90 days of each other.
    places = {(position, infection.subcode) for position in draw.sample(members[:30], int(lot["infections"]))}
    chosen.update(dict.fromkeys(sorted(places), infection))
    return places


def _happening(session: Session, concept: Concept, parameters: Parameters, draw: Draw, *, forced: bool) -> Happening:
    area = draw.pick(session.lines).area
    return Happening(
        number=0,
        session=session,
        concept=concept,
        onset=session.day + timedelta(days=draw.triangle(*concept.onset)),
        severity=draw.weighted(SEVERITIES, concept.severities) if concept.has_course else "",
        side=draw.weighted(("L", "R", "bilateral"), (0.43, 0.42, 0.15)) if concept.sided else "",
        area=area,
        forced=forced,
        serious="hospitalisation" if concept.triage == "now" and draw.chance(0.08) else "",
    )

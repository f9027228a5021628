"""Lots and vials: each clinic opens one lot of a product after another, and one vial of a lot after another."""

from dataclasses import dataclass
from datetime import date

from analysis.periods import last_day, shift
from analysis.simulation.draw import Draw
from analysis.simulation.people import Session
from analysis.simulation.records import Parameters


@dataclass(slots=True)
class Lot:
    """A lot in use: how many sessions are left and how many units have gone."""

    code: str
    expiry: date
    opened: str
    left: int
    used: float = 0.0


def stock(sessions: list[Session], parameters: Parameters, *, seed: int) -> None:
    """Give every session its lot, expiry and vial; the sessions come in order of date within each clinic."""
    draw = Draw(seed, "lots")
    plan = parameters.rules.get("lot", {})
    shelf: dict[tuple[str, str], Lot] = {}
    for session in sessions:
        place = (session.clinic.name, session.product.name)
        planned = bool(plan) and place == (plan["clinic"], plan["product"])
        lot = shelf.get(place)
        begins = planned and session.month >= plan["month"] and (lot is None or lot.opened < plan["month"])
        if lot is None or lot.left <= 0 or begins:
            size = int(plan["sessions"]) if begins else draw.between(40, 110)
            lot = shelf[place] = _open(session, size, draw)
        lot.left -= 1
        lot.used += session.units
        session.lot, session.expiry = lot.code, lot.expiry
        session.vial = f"{lot.code}/{int((lot.used - 0.5) // session.product.vials[0]) + 1:03d}"


def planted_lot(sessions: list[Session], parameters: Parameters) -> str:
    """Code of the lot that the planted scenario spoils; empty in the other scenarios."""
    plan = parameters.rules.get("lot", {})
    for session in sessions:
        place = (session.clinic.name, session.product.name)
        if plan and place == (plan["clinic"], plan["product"]) and session.month >= plan["month"]:
            return session.lot
    return ""


def _open(session: Session, size: int, draw: Draw) -> Lot:
    code = f"{session.product.letter}{draw.between(1000, 9999)}{draw.pick('ABCDEFGH')}"
    return Lot(code, last_day(shift(session.month, draw.between(10, 26))), session.month, size)

"""What a row's decision means: the old and the new state in codes, or what is missing for it."""

from collections.abc import Callable, Mapping
from typing import Any

from analysis.review.decisions import LEAVE
from analysis.review.known import Known
from analysis.review.readings import Wanted, parse_proposal, resolved, said

Told = dict[str, Any]
Cells = Mapping[str, str]
SayFault = Callable[[str, str, str], None]


def judge(base: Told, cells: Cells, known: Known, fault: SayFault) -> Told:
    """`base` with `old`, `new` and `outcome`; faults are said through `fault(column key, problem, how to mend)`."""
    return {"coding": _coding, "link": _link, "merge": _merge, "entry": _entry}[base["kind"]](base, cells, known, fault)


def _coding(base: Told, cells: Cells, known: Known, fault: SayFault) -> Told:
    proposed = parse_proposal(cells["proposal"])
    old: Any = [list(one) for one in proposed] or cells["proposal"].strip()
    if base["decision"] != "change":
        _must_be_empty(("subcode", "status", "severity"), cells, base, fault)
    if base["decision"] == LEAVE:
        return base | {"old": old, "new": None}
    if base["decision"] == "accept" and cells["proposal"].strip() == "unknown":
        fault("decision", "accepts a proposal that is 'unknown'.", "Say change, or not an event.")
    wanted = _wanted(cells, fault) if base["decision"] == "change" else proposed if base["decision"] == "accept" else []
    new = resolved(wanted, known.findings_of(base["clinic"], base["event_id"]))
    return base | {"old": old, "new": new, "reading": said(new)}


def _wanted(cells: Cells, fault: SayFault) -> list[Wanted]:
    codes, statuses, severities = (_list(cells[name]) for name in ("subcode", "status", "severity"))
    if not codes:
        fault("subcode", "is empty.", "Choose what it is; several with a semicolon: F1; B1")
    if not statuses:
        fault("status", "is empty.", "Choose the status.")
    for name, values in (("status", statuses), ("severity", severities)):
        if len(values) not in (0, 1, len(codes)):
            fault(
                name, f"holds {len(values)} values for {len(codes)} sub-codes.", "Give one, or one for each sub-code."
            )
            return []
    if len(set(codes)) < len(codes):
        fault("subcode", "names a sub-code twice.", "Name each once.")
    every = len(codes)
    filled = statuses * every if len(statuses) == 1 else statuses
    grades: list[str | None] = [*severities] * every if len(severities) == 1 else [*severities] or [None] * every
    return [Wanted(*one) for one in zip(codes, filled, grades, strict=False)]


def _link(base: Told, cells: Cells, known: Known, fault: SayFault) -> Told:
    now = cells["now"].split(maxsplit=1)[0] if cells["now"] else "none"
    old = None if now == "none" else now
    if base["decision"] != "link to session":
        _must_be_empty(("session",), cells, base, fault)
    new = None if base["decision"] in (LEAVE, "unlink") else old
    if base["decision"] == "link to session":
        new = cells["session"].split(maxsplit=1)[0] if cells["session"] else None
        if new is None:
            fault("session", "is empty.", "Choose the session, or type its number.")
        elif not known.has_session(base["clinic"], new):
            fault(
                "session",
                "names no stored session of this clinic.",
                "Choose one from the list, or type its number (S-…).",
            )
    return base | {"old": old, "new": new}


def _merge(base: Told, cells: Cells, known: Known, fault: SayFault) -> Told:
    old = cells["now"]
    if base["decision"] != "join":
        _must_be_empty(("join",), cells, base, fault)
        return base | {"old": old, "new": None}
    other = known.named(base["clinic"], cells["join"]) if cells["join"] else None
    if other is None:
        fault(
            "join", "is empty, or names no entry of this clinic.", "Write the entry that tells of the same happening."
        )
    elif other == base["event_id"]:
        fault("join", "names the entry itself.", "Write the other entry.")
    elif not (known.findings_of(base["clinic"], other)["subcode"] == base["part"]).any():
        fault("join", f"names an entry without a finding {base['part']}.", "Code that entry first, or choose another.")
    return base | {"old": old, "new": other}


def _entry(base: Told, cells: Cells, known: Known, fault: SayFault) -> Told:
    if base["decision"] == LEAVE:
        return base | {"old": "open", "new": "open"}
    if not cells["outcome"]:
        fault("outcome", "is empty.", "Choose how it is now; it is needed to close an entry.")
    if cells["safe"] != "yes" and cells["outcome"] != "fatal":
        fault("safe", "does not say yes.", "Close an entry only when the patient is safe; else leave it open.")
    return base | {"old": "open", "new": "closed", "outcome": cells["outcome"] or None, "safe": cells["safe"] or None}


def _must_be_empty(names: tuple[str, ...], cells: Cells, base: Told, fault: SayFault) -> None:
    for name in names:
        if cells[name]:
            fault(name, f"is filled in, but the decision is {base['decision']!r}.", "Empty it, or change the decision.")


def _list(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(";") if part.strip()]

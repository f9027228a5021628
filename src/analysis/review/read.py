"""A filled-in review file to decisions: every cell is checked, every fault is named, and with one fault nothing is taken."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from analysis.review.content import unsealed
from analysis.review.decisions import LEAVE, identity
from analysis.review.fault import Fault
from analysis.review.judge import judge
from analysis.review.known import Known
from analysis.review.sheets import PLANS, Col, SheetPlan

_WHO = ("why", "reviewer", "decided")
_LONGEST = {"reviewer": 60, "why": 500}
_FREE = ("accept", LEAVE)
"""Decisions that need no reason."""


@dataclass
class Filled:
    """What a file holds: decisions in the order of its rows, and faults; `older` counts those on a content that has changed since."""

    decisions: list[dict[str, Any]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    older: int = 0
    sheets: int = 0


def read_decisions(sheets: Iterable[tuple[str, Sequence[Sequence[str]]]], known: Known, *, today: date) -> Filled:
    """Decisions of the sheets (name and rows of text, the first with the headers); rows without a decision are passed over."""
    filled = Filled()
    by_name = {plan.name.casefold(): plan for plan in PLANS}
    for name, rows in sheets:
        plan = by_name.get(name.strip().casefold())
        if plan is not None:
            filled.sheets += 1
            _read_sheet(plan, rows, known, today, filled)
    return filled


def _read_sheet(plan: SheetPlan, rows: Sequence[Sequence[str]], known: Known, today: date, filled: Filled) -> None:
    head = [cell.strip().casefold() for cell in rows[0]] if rows else []
    at = {col.key: head.index(col.header.casefold()) for col in plan.columns if col.header.casefold() in head}
    needed = [c for c in plan.columns if c.fill or c.key in ("clinic", "entry", "check", "part", plan.proposal)]
    missing = [col.header for col in needed if col.key not in at]
    if missing:
        mend = "Put the column back, with its header in row 1, or export again."
        filled.faults.append(Fault(plan.name, 1, missing[0], "the column is not there.", mend))
        return
    seen: dict[str, tuple[int, str]] = {}
    for number, row in enumerate(rows[1:], start=2):
        cells = {key: row[position].strip() if position < len(row) else "" for key, position in at.items()}
        told = _read_row(plan, number, cells, known, today, filled)
        if told is not None:
            _once(plan, number, told, seen, filled)


def _read_row(
    plan: SheetPlan, number: int, cells: dict[str, str], known: Known, today: date, filled: Filled
) -> dict[str, Any] | None:
    """The decision of one row, or a fault, or neither when nothing was decided."""

    def fault(key: str, problem: str, mend: str) -> None:
        header = next((col.header for col in plan.columns if col.key == key), key)
        filled.faults.append(Fault(plan.name, number, header, problem, mend))

    if not cells["decision"]:
        begun = [col for col in plan.inputs if col.key not in _WHO and cells[col.key]]
        if begun:
            fault(
                "decision",
                f"is empty, but {begun[0].header!r} is filled in.",
                f"{_allowed(_column(plan, 'decision'))} Or empty the row.",
            )
        return None
    before = len(filled.faults)
    cells["decision"] = cells["decision"].casefold()
    for col in plan.inputs:
        if col.choices and cells[col.key]:
            _check_choice(col, cells, fault)
    content = _check_key(plan, cells, known, fault)
    decided = _check_who(cells, today, fault)
    if len(filled.faults) > before or content is None or decided is None:
        return None
    base = {
        "kind": plan.kind, "clinic": known.clinic(cells), "event_id": known.entry(cells, plan.kind, content), "part": cells.get("part", ""),
        "content": content, "decision": cells["decision"], "reviewer": " ".join(cells["reviewer"].split()),
        "decided": decided.isoformat(), "why": " ".join(cells["why"].split()) or None, "outcome": None,
    }  # fmt: skip
    began = known.began(str(base["clinic"]), str(base["event_id"]))
    if began and decided < began:
        fault(
            "decided",
            f"holds {decided.isoformat()}, but the entry is of {began.isoformat()}.",
            "Write the day of the decision.",
        )
    told = judge(base, cells, known, fault)
    if len(filled.faults) > before:
        return None
    filled.older += content != known.content(told)
    return told


def _check_choice(col: Col, cells: dict[str, str], fault: Any) -> None:
    """The cell in the spelling of the list; drop-downs that show a label take the code alone too."""
    wanted = [part.strip() for part in cells[col.key].split(";")] if col.several else [cells[col.key]]
    by_word = {choice.casefold(): choice for choice in col.choices}
    by_word |= (
        {choice.split()[0].casefold(): choice.split()[0] for choice in col.choices} if col.key == "subcode" else {}
    )
    found = [by_word.get(part.casefold()) for part in wanted]
    if None in found:
        value = wanted[found.index(None)]
        fault(col.key, f"holds {_quoted(value)}.", _allowed(col))
        return
    codes = [str(one).split()[0] if col.key == "subcode" else str(one) for one in found]
    cells[col.key] = "; ".join(codes)


def _check_key(plan: SheetPlan, cells: Mapping[str, str], known: Known, fault: Any) -> str | None:
    """The content hash that the decision was made on; a fault when the key was edited or the entry is not there."""
    part, told = cells.get("part", ""), cells[plan.proposal] if plan.proposal else ""
    content = unsealed(
        cells["check"], kind=plan.kind, clinic=cells["clinic"], entry=cells["entry"], part=part, proposal=told
    )
    if content is None:
        mend = "Take the row again from the file as it was exported, or export again."
        told_by = [_column(plan, plan.proposal).header] if plan.proposal else []
        others = " or ".join(repr(name) for name in ["Clinic", "Entry", *told_by])
        fault("check", f"does not fit its row: it was changed, or {others} was.", mend)
        return None
    if not known.has(cells, plan.kind, content):
        fault(
            "entry",
            "is not in the stored logs of that clinic.",
            "Delete the row, or run `ae ingest` on the logs that hold it.",
        )
        return None
    return content


def _check_who(cells: Mapping[str, str], today: date, fault: Any) -> date | None:
    for key, longest in _LONGEST.items():
        if len(cells[key]) > longest:
            fault(key, f"holds more than {longest} characters.", "Shorten it.")
        if not all(c.isprintable() or c in "\n\t" for c in cells[key]):
            fault(key, "holds characters that cannot be shown.", "Type it again.")
    if not cells["reviewer"]:
        fault("reviewer", "is empty.", "Write who decided.")
    if not cells["why"] and cells["decision"] not in _FREE:
        fault("why", "is empty.", "Write why, in a few words and without names.")
    try:
        decided = date.fromisoformat(cells["decided"].removesuffix(" 00:00:00"))
    except ValueError:
        value = f"holds {_quoted(cells['decided'])}, which is no date." if cells["decided"] else "is empty."
        fault("decided", value, "Write the day of the decision as YYYY-MM-DD, for example 2026-10-31.")
        return None
    if decided > today:
        fault("decided", f"holds {decided.isoformat()}, which is after today.", "Write the day of the decision.")
    return decided


def _once(plan: SheetPlan, number: int, told: dict[str, Any], seen: dict[str, tuple[int, str]], filled: Filled) -> None:
    """A row that stands twice counts once; two decisions of one reviewer and day on one entry cannot both be meant."""
    names = ("clinic", "event_id", "part", "content", "decided")
    key = "\0".join([*(str(told[name]) for name in names), told["reviewer"].casefold()])
    first, same = seen.setdefault(key, (number, identity(told)))
    if first == number:
        filled.decisions.append(told)
    elif same != identity(told):
        problem = f"decides differently from row {first} on the same entry, by the same reviewer on the same day."
        filled.faults.append(Fault(plan.name, number, "Decision", problem, "Keep one of the two rows."))


def _column(plan: SheetPlan, key: str | None) -> Col:
    return next(col for col in plan.columns if col.key == key)


def _allowed(col: Col) -> str:
    words = [choice.split()[0] for choice in col.choices] if col.key == "subcode" else list(col.choices)
    return f"Allowed: {', '.join(words)}."


def _quoted(value: str) -> str:
    plain = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in value)
    return repr(plain[:40]) if len(plain) <= 40 else repr(plain[:40]) + " …"

"""Every choice of a drop-down is taken as it stands, and a proposal comes back as it was."""

from datetime import date

import pandas as pd
import pytest

from analysis import taxonomy
from analysis.review.apply import TOLD
from analysis.review.content import content_hashes, sealed
from analysis.review.known import Known
from analysis.review.queue import reasons
from analysis.review.read import read_decisions
from analysis.review.readings import Wanted, parse_proposal, proposal, resolved
from analysis.review.sheets import BY_KIND, PLANS
from analysis.schemas import empty

SUBCODES = list(taxonomy.load_taxonomy())


@pytest.fixture(scope="module")
def known() -> Known:
    event = {"clinic": "Elm", "event_id": "E1", "text": "as discussed", "coded": "unknown", "link_method": "none"}
    events = pd.concat([empty("events"), pd.DataFrame([event])], ignore_index=True).astype(
        empty("events").dtypes.to_dict() | {"simulated": "object"}
    )
    return Known(events, empty("findings"), empty("treatments"), empty("set_aside"))


def row(known: Known, kind: str, **cells: str) -> tuple[str, list[list[str]]]:
    plan = BY_KIND[kind]
    key = {"clinic": "Elm", "entry": "E1", "part": "", "proposal": "unknown", "now": "none"}
    told = key | {"reviewer": "Lee", "decided": "2026-06-01", "why": "seen"} | cells
    content = str(content_hashes(known.events, kind)[0])
    shown = told[plan.proposal] if plan.proposal else ""
    told["check"] = sealed(content, kind=kind, clinic="Elm", entry="E1", part="", proposal=shown)
    return plan.name, [[col.header for col in plan.columns], [told.get(col.key, "") for col in plan.columns]]


@pytest.mark.parametrize(
    "choice", [choice for col in PLANS[0].columns if col.key == "subcode" for choice in col.choices]
)
def test_every_sub_code_of_the_list_is_taken_with_its_label_or_without(known: Known, choice: str) -> None:
    for cell in (choice, choice.split()[0], choice.casefold(), f" {choice} ; "):
        sheet = row(known, "coding", decision="change", subcode=cell.strip(" ;"), status="asserted")
        filled = read_decisions([sheet], known, today=date(2026, 7, 1))
        assert filled.faults == []
        assert [one["subcode"] for one in filled.decisions[0]["new"]] == [choice.split()[0]]


@pytest.mark.parametrize(
    ("plan", "decision"), [(plan, decision) for plan in PLANS for decision in next(c for c in plan.columns if c.key == "decision").choices]
)  # fmt: skip
def test_every_decision_of_the_list_is_known(known: Known, plan: object, decision: str) -> None:
    extra = {"subcode": "F1", "status": "asserted"} if decision == "change" else {}
    extra |= {"safe": "yes", "outcome": "recovered"} if decision == "close entry" else {}
    filled = read_decisions([row(known, plan.kind, decision=decision, **extra)], known, today=date(2026, 7, 1))  # type: ignore[attr-defined]
    assert not [fault for fault in filled.faults if fault.column == "Decision" and "unknown" not in fault.problem]


@pytest.mark.parametrize("cell", ["2026-06-01x", "1 June", "2026-13-01", "46000"])
def test_a_day_is_a_day(known: Known, cell: str) -> None:
    filled = read_decisions([row(known, "entry", decision="leave open", decided=cell)], known, today=date(2026, 7, 1))
    assert [fault.column for fault in filled.faults] == ["Date"]


def findings(*rows: dict) -> pd.DataFrame:
    base = dict.fromkeys(TOLD) | {
        "status": "asserted",
        "urgent": False,
        "red_flag": False,
        "triage": "routine",
        "final": True,
    }
    return pd.DataFrame([base | one for one in rows], columns=[*TOLD, "final"])


def test_a_proposal_comes_back_as_it_was() -> None:
    own = findings(
        {"subcode": "F1", "severity": "mild"},
        {"subcode": "O12", "status": "resolved"},
        {"subcode": "B1", "final": False},
    )
    assert parse_proposal(proposal(own, "findings")) == [
        Wanted("F1", "asserted", "mild"),
        Wanted("O12", "resolved", None),
    ]
    for coded in ("none", "unknown"):
        assert parse_proposal(proposal(own.iloc[:0], coded)) == []


def test_flags_come_from_the_finding_else_from_the_taxonomy_and_severe_can_raise() -> None:
    own = findings({"subcode": "O6", "triage": "now", "urgent": True, "start": 3, "end": 9})
    (kept,) = resolved([Wanted("O6", "resolved", None)], own)
    assert (kept["triage"], kept["urgent"], kept["start"], kept["status"]) == ("now", True, 3, "resolved")
    (new,) = resolved([Wanted("S1", "asserted", None)], own)
    known = taxonomy.load_taxonomy()["S1"]
    assert (new["triage"], new["urgent"], new["red_flag"], new["start"]) == (
        known.triage,
        known.urgent,
        known.red_flag,
        None,
    )
    mild, severe = (resolved([Wanted("O4", "asserted", grade)], own)[0] for grade in ("mild", "severe"))
    assert (mild["triage"], mild["urgent"]) == ("routine", False)
    assert (severe["triage"], severe["urgent"]) == ("today", True)


def test_the_reasons_of_the_queue_are_data_that_the_program_knows() -> None:
    from analysis.review.queue import _FINDERS

    assert {reason for reason, *_ in reasons()} == set(_FINDERS)
    assert {sheet for _, sheet, *_ in reasons()} <= set(BY_KIND)
    order = [reason for reason, *_ in reasons()]
    assert (
        order.index("pressing_unsure")
        < order.index("pressing_disagree")
        < order.index("rule_asks")
        < order.index("unknown")
    )

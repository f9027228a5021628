"""What a page says of its own sign-off follows from the ledger alone."""

from pathlib import Path
from typing import Any

import pytest

from analysis import ledger
from analysis.pipeline.sign_state import name_of, sign_state

REPORT = "group/2026-10.director"
MADE = {"snapshot": "s1", "code_sha256": "c1", "data_cut": "2026-11-06", "parameters": {"names": False}}
SIGNED: dict[str, Any] = {"report": REPORT, "sha256": "aa", "reviewer": "Dr A", "month": "2026-10"}


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "ledger.jsonl"
    ledger.append(path, "report published", {"report": REPORT, "sha256": "aa", **MADE})
    return path


def test_nobody_signed(book: Path, tmp_path: Path) -> None:
    for path in (book, tmp_path / "none.jsonl"):
        assert sign_state(path, REPORT, MADE)["state"] == "unsigned"


def test_signed_and_made_again_from_the_same(book: Path) -> None:
    ledger.append(book, "sign-off", SIGNED)
    ledger.append(book, "report published", {"report": REPORT, "sha256": "bb", **MADE})
    said = sign_state(book, REPORT, MADE)
    assert (said["state"], said["by"], said["current"]) == ("signed", "Dr A", True)
    assert len(said["on"]) == 10
    assert sign_state(book, "group/2026-09.director", MADE)["state"] == "unsigned"


@pytest.mark.parametrize("name", MADE)
def test_signed_and_something_changed_since(book: Path, name: str) -> None:
    ledger.append(book, "sign-off", SIGNED)
    said = sign_state(book, REPORT, {**MADE, name: "other"})
    assert (said["state"], said["current"]) == ("signed", False)


def test_a_decision_after_the_signature_stands_on_the_page(book: Path) -> None:
    ledger.append(book, "sign-off", SIGNED)
    ledger.append(book, "decision", {"signal_id": "G-1"})
    assert not sign_state(book, REPORT, MADE)["current"]
    ledger.append(book, "sign-off", SIGNED)
    assert sign_state(book, REPORT, MADE)["current"]


def test_the_newest_word_counts(book: Path) -> None:
    ledger.append(book, "sign-off", SIGNED)
    ledger.append(book, "changes wanted", {**SIGNED, "said": "explain the gap"})
    said = sign_state(book, REPORT, MADE)
    assert (said["state"], said["said"]) == ("changes wanted", "explain the gap")
    ledger.append(book, "sign-off", SIGNED)
    assert sign_state(book, REPORT, MADE)["state"] == "signed"


def test_a_damaged_ledger_signs_nothing(book: Path) -> None:
    ledger.append(book, "sign-off", SIGNED)
    book.write_bytes(b"{\n" + book.read_bytes())
    assert sign_state(book, REPORT, MADE) == {
        "state": "unsigned",
        "by": None,
        "on": None,
        "said": None,
        "current": False,
    }


def test_names_are_of_a_fixed_pattern() -> None:
    assert name_of("2026-10", None, "director") == REPORT
    assert name_of("2026-10", "Old Town!", "injector:J-AB23") == "old-town/2026-10.injector-J-AB23"

"""What a page says of the sign-off of earlier versions follows from the ledger alone."""

from pathlib import Path
from typing import Any

import pytest

from analysis import ledger
from analysis.pipeline.sign_state import sign_state
from analysis.report.names import report_name

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
        assert sign_state(path, REPORT, MADE)["state"] == "none"


def test_a_signature_on_the_same_version_changes_nothing_on_it(book: Path) -> None:
    before = sign_state(book, REPORT, MADE)
    ledger.append(book, "sign-off", SIGNED)
    ledger.append(book, "report published", {"report": REPORT, "sha256": "bb", **MADE})
    ledger.append(book, "changes wanted", {**SIGNED, "sha256": "bb", "said": "explain"})
    assert sign_state(book, REPORT, MADE) == before


@pytest.mark.parametrize("name", MADE)
def test_an_earlier_version_was_signed(book: Path, name: str) -> None:
    ledger.append(book, "sign-off", SIGNED)
    now = {**MADE, name: "other"}
    said = sign_state(book, REPORT, now)
    assert (said["state"], said["by"], len(said["on"])) == ("signed", "Dr A", 10)
    assert sign_state(book, "group/2026-09.director", now)["state"] == "none"
    ledger.append(book, "report published", {"report": REPORT, "sha256": "bb", **now})
    ledger.append(book, "sign-off", {**SIGNED, "sha256": "bb", "reviewer": "Dr B"})
    assert sign_state(book, REPORT, now) == said


def test_a_decision_after_the_signature_stands_on_the_page(book: Path) -> None:
    ledger.append(book, "sign-off", SIGNED)
    ledger.append(book, "decision", {"signal_id": "G-1"})
    said = sign_state(book, REPORT, MADE)
    assert said["state"] == "signed"
    ledger.append(book, "sign-off", {**SIGNED, "reviewer": "Dr B"})
    assert sign_state(book, REPORT, MADE) == said


def test_the_newest_word_counts(book: Path) -> None:
    ledger.append(book, "sign-off", SIGNED)
    ledger.append(book, "changes wanted", {**SIGNED, "said": "explain the gap"})
    said = sign_state(book, REPORT, {**MADE, "snapshot": "s2"})
    assert (said["state"], said["said"]) == ("changes wanted", "explain the gap")


def test_a_damaged_ledger_signs_nothing(book: Path) -> None:
    ledger.append(book, "sign-off", SIGNED)
    book.write_bytes(b"{\n" + book.read_bytes())
    assert sign_state(book, REPORT, {**MADE, "snapshot": "s2"})["state"] == "none"


def test_names_are_of_a_fixed_pattern() -> None:
    assert report_name(month="2026-10", clinic=None, audience="director") == REPORT
    named = report_name(month="2026-10", clinic="Old Town!", audience="injector:J-AB23")
    assert named == "old-town/2026-10.injector-J-AB23"

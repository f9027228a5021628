"""What the audit sees of a ledger: an edited entry, a cut or torn end, a removed last entry; and what retention takes out of it."""

import json
from datetime import date
from pathlib import Path

import pytest

from analysis import ledger
from analysis.errors import CheckFailed, UsageError

OLD = "2020-01-05T10:00:00+00:00"


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "data" / "ledger" / "ledger.jsonl"
    for number in range(3):
        ledger.append(path, "test", {"number": number})
    return path


def test_every_entry_says_who_when_what_and_by_which_program(book: Path) -> None:
    for entry in ledger.entries(book):
        assert entry.keys() == {"n", "when", "by", "program", "kind", "data", "before"}
        assert entry["by"]
        assert entry["program"]


def test_a_whole_ledger_passes(book: Path) -> None:
    assert ledger.audit(book) == 3


@pytest.mark.parametrize("taken", [1, 2, 3])
def test_entries_taken_from_the_end_are_missed(book: Path, taken: int) -> None:
    lines = book.read_bytes().splitlines(keepends=True)
    book.write_bytes(b"".join(lines[:-taken]))
    assert ledger.verify(book) == 3 - taken  # the chain alone says nothing
    with pytest.raises(CheckFailed, match=f"has {3 - taken} entries and had 3"):
        ledger.audit(book)


def test_a_ledger_that_is_gone_is_missed(book: Path) -> None:
    book.unlink()
    with pytest.raises(CheckFailed, match="has 0 entries and had 3"):
        ledger.audit(book)


@pytest.mark.parametrize("bytes_cut", [1, 2, 40])
def test_a_cut_last_line_is_seen(book: Path, bytes_cut: int) -> None:
    book.write_bytes(book.read_bytes()[:-bytes_cut])
    with pytest.raises(CheckFailed, match="taken away or changed"):
        ledger.audit(book)


def test_a_line_begun_and_not_finished_is_seen_and_the_next_entry_takes_it_away(book: Path) -> None:
    book.write_bytes(book.read_bytes() + b'{"before": "ab')
    with pytest.raises(CheckFailed, match="line 4 was begun and not finished"):
        ledger.audit(book)
    ledger.append(book, "test", {})
    assert ledger.audit(book) == 4


@pytest.mark.parametrize("line", [0, 1, 2])
def test_an_edited_entry_is_seen_the_last_one_too(book: Path, line: int) -> None:
    lines = book.read_bytes().splitlines(keepends=True)
    lines[line] = lines[line].replace(b'"number": ', b'"number": 9')
    book.write_bytes(b"".join(lines))
    with pytest.raises(CheckFailed):
        ledger.audit(book)


def test_what_is_written_after_a_cut_does_not_hide_it_until_somebody_says_he_knows(book: Path) -> None:
    lines = book.read_bytes().splitlines(keepends=True)
    book.write_bytes(b"".join(lines[:1]))
    ledger.append(book, "test", {"number": 9})
    said = list(ledger.entries(book))[1]
    assert (said["kind"], said["data"]["known"], said["data"]["found"]) == (ledger.CUT, 3, 1)
    with pytest.raises(CheckFailed, match="missing when entry 2"):
        ledger.audit(book)
    with pytest.raises(UsageError, match="--reviewer"):
        ledger.accept_cut(book, reviewer=None, reason="x")
    ledger.accept_cut(book, reviewer="Dr A", reason="older backup")
    assert ledger.audit(book) == 4
    with pytest.raises(UsageError, match="No entry"):
        ledger.accept_cut(book, reviewer="Dr A", reason="again")


def test_a_head_that_lags_behind_is_no_fault(book: Path) -> None:
    head = book.parent.parent / ".ledger-head"
    before = head.read_bytes()
    ledger.append(book, "test", {})
    head.write_bytes(before)  # as after a run that died between entry and head
    assert ledger.audit(book) == 4


def aged(path: Path, entries: list[tuple[str, dict]]) -> None:
    """A ledger whose entries were written in 2020, with a chain that holds."""
    for kind, data in entries:
        ledger.append(path, kind, data)
    lines, before = [], "0" * 64
    for line in path.read_bytes().splitlines():
        entry = json.loads(line) | {"when": OLD, "before": before}
        lines.append(json.dumps(entry, ensure_ascii=True, sort_keys=True).encode())
        before = ledger.lines.digest(lines[-1])
    path.write_bytes(b"".join(line + b"\n" for line in lines))
    ledger.head.remember(path, lines)


def test_retention_empties_what_nothing_needs_and_keeps_the_chain(tmp_path: Path) -> None:
    book = tmp_path / "data" / "ledger" / "ledger.jsonl"
    period = {"first": "2019-01", "last": "2019-03"}
    aged(
        book,
        [
            ("ingest prepared", {"snapshot": "a"}),
            ("ingest published", {"snapshot": "a"}),
            ("ingest published", {"snapshot": "b"}),  # the newest stays
            ("decision", {"signal_id": "closed", "action": "x", "reply": "secret words"}),
            ("decision", {"signal_id": "closed", "effect": "y"}),
            ("decision", {"signal_id": "open", "action": "x"}),  # an open action stays
            ("case summary", {"month": "2019-02", "summary": "told words", "simulated": False}),
            ("monitor re-based", {"measure": "m", "month": "2019-01"}),  # stays
            ("review decisions", {"decisions": []}),  # stays: ingest reads it
            ("report published", {"report": "g/1", "sha256": "s", "shared_period": period}),  # stays: given out
            ("report published", {"report": "g/2", "sha256": "t"}),
            ("report published", {"report": "g/2", "sha256": "u"}),  # stays: the newest
            ("report published", {"report": "g/3", "sha256": "v"}),
            ("sign-off", {"report": "g/3", "sha256": "v", "reviewer": "Dr A"}),  # both stay
            ("report published", {"report": "g/3", "sha256": "w"}),
        ],
    )
    assert ledger.audit(book) == 15
    with pytest.raises(UsageError, match="--reviewer"):
        ledger.retain(book, before=date(2025, 1, 1), reviewer=None, months=60)
    emptied = ledger.retain(book, before=date(2025, 1, 1), reviewer="Dr A", months=60)
    assert emptied == [1, 2, 4, 5, 7, 11]
    text = book.read_text()
    assert "secret words" not in text
    assert "told words" not in text
    assert ledger.audit(book) == 16
    assert [entry["n"] for entry in ledger.entries(book)] == [3, 6, 8, 9, 10, 12, 13, 14, 15, 16]
    newest = list(ledger.entries(book))[-1]
    assert (newest["kind"], newest["data"]["emptied"], newest["data"]["reviewer"]) == (ledger.RETAINED, emptied, "Dr A")
    assert ledger.retain(book, before=date(2025, 1, 1), reviewer="Dr A", months=60) == []
    ledger.append(book, "test", {})
    assert ledger.audit(book) == 17


def test_an_entry_emptied_without_a_word_is_seen(book: Path) -> None:
    lines = book.read_bytes().splitlines()
    lines[1] = ledger.retention._empty(lines[1])
    book.write_bytes(b"".join(line + b"\n" for line in lines))
    assert ledger.verify(book) == 3
    with pytest.raises(CheckFailed, match="line 2: its data was taken away"):
        ledger.audit(book)


def test_nothing_is_emptied_where_the_settings_say_nothing(tmp_path: Path) -> None:
    from analysis.pipeline import auditing

    processed = tmp_path / "data" / "processed"
    ledger.append(ledger.ledger_path(processed), "test", {})
    with pytest.raises(UsageError, match="ledger_months"):
        auditing.retain(processed, reviewer="Dr A", quiet=True)
    (tmp_path / "data" / "config").mkdir()
    (tmp_path / "data" / "config" / "group.toml").write_text("[retention]\nledger_months = 24\n")
    auditing.retain(processed, reviewer="Dr A", quiet=True)
    assert ledger.audit(ledger.ledger_path(processed)) == 1

import hashlib
import json
import multiprocessing
from pathlib import Path

import pytest

from analysis import ledger
from analysis.errors import CheckFailed


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "ledger" / "ledger.jsonl"
    for number in range(3):
        ledger.append(path, "test", {"number": number})
    return path


def test_it_lies_beside_the_processed_folder() -> None:
    assert ledger.ledger_path(Path("data/processed")) == Path("data/ledger/ledger.jsonl")


def test_each_line_holds_the_hash_of_the_line_before(book: Path) -> None:
    lines = book.read_bytes().splitlines()
    entries = [json.loads(line) for line in lines]
    assert [entry["n"] for entry in entries] == [1, 2, 3]
    assert [entry["before"] for entry in entries] == [
        "0" * 64,
        *(hashlib.sha256(line).hexdigest() for line in lines[:2]),
    ]
    assert ledger.verify(book) == 3
    assert [entry["data"] for entry in ledger.entries(book)] == [{"number": n} for n in range(3)]


def test_no_ledger_yet_is_an_empty_one(tmp_path: Path) -> None:
    assert ledger.verify(tmp_path / "none.jsonl") == 0
    assert list(ledger.entries(tmp_path / "none.jsonl")) == []


@pytest.mark.parametrize("line", [1, 2])
def test_a_changed_line_is_found_by_the_next(book: Path, line: int) -> None:
    lines = book.read_bytes().splitlines(keepends=True)
    lines[line - 1] = lines[line - 1].replace(b'"kind": "test"', b'"kind": "tset"')
    book.write_bytes(b"".join(lines))
    with pytest.raises(CheckFailed, match=f"line {line + 1}"):
        ledger.verify(book)


@pytest.mark.parametrize(
    "keep", [[0, 2], [1, 0, 2], [1, 2], [0, 1, 1, 2]], ids=["removed", "swapped", "first", "twice"]
)
def test_lines_removed_swapped_or_repeated_are_found(book: Path, keep: list[int]) -> None:
    lines = book.read_bytes().splitlines(keepends=True)
    book.write_bytes(b"".join(lines[n] for n in keep))
    with pytest.raises(CheckFailed, match="chain does not hold"):
        ledger.verify(book)


def test_a_line_that_a_killed_run_left_unfinished_was_never_said(book: Path) -> None:
    whole = book.read_bytes()
    book.write_bytes(whole + b'{"before": "ab')
    assert ledger.verify(book) == 3
    ledger.append(book, "test", {"number": 3})
    assert book.read_bytes().startswith(whole)
    assert ledger.verify(book) == 4


def test_a_damaged_last_line_is_not_built_upon(book: Path) -> None:
    book.write_bytes(book.read_bytes() + b"damaged\n")
    with pytest.raises(CheckFailed, match="backup"):
        ledger.append(book, "test", {})
    with pytest.raises(CheckFailed, match="line 4"):
        list(ledger.entries(book))


def test_a_line_break_in_a_value_stays_one_line(book: Path) -> None:
    ledger.append(book, "test\n{", {"name": "a\u2028b\r\nc\x85d"})
    assert ledger.verify(book) == 4
    assert list(ledger.entries(book))[-1]["data"] == {"name": "a\u2028b\r\nc\x85d"}


def _append_many(path: Path) -> None:
    for _ in range(20):
        ledger.append(path, "many", {})


def test_runs_at_once_do_not_break_the_chain(book: Path) -> None:
    context = multiprocessing.get_context("spawn")
    runs = [context.Process(target=_append_many, args=(book,)) for _ in range(2)]
    for run in runs:
        run.start()
    for run in runs:
        run.join(60)
    assert ledger.verify(book) == 43

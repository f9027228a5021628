"""Review files as they come back: sorted, filtered, edited, broken. With one fault nothing is taken, and each fault is named."""

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from review_file import CLOSE, ENTRIES, fill, rows_of, write_logs

from analysis.pipeline.ingest import ingest

pytestmark = pytest.mark.thorough

Run = Callable[..., Any]
RAW, PROCESSED = Path("raw"), Path("data/processed")
BOOK = Path("data/ledger/ledger.jsonl")
FILE = Path("review.xlsx")
ACCEPT = {"Codings": {"E1": {"Decision": "accept"}}}


@pytest.fixture
def waiting(ae: Run) -> Path:
    write_logs(RAW)
    ingest(RAW, PROCESSED)
    assert ae("review", "export", FILE).code == 0
    return FILE


def edit(change: Callable[[Any], object], sheet: str = "Codings") -> None:
    book = openpyxl.load_workbook(FILE, rich_text=True)
    change(book[sheet])
    book.save(FILE)


def at(page: Any, header: str) -> int:
    return next(cell.column for cell in page[1] if cell.value == header)


def refused(ae: Run, *words: str) -> None:
    before = BOOK.read_bytes()
    said = ae("review", "import", FILE)
    assert said.code == 3
    for word in words:
        assert word in said.err
    assert "nothing was recorded" in said.err
    assert said.out == ""
    assert "\x1b" not in said.err
    assert BOOK.read_bytes() == before


@pytest.mark.parametrize(
    ("sheet", "entry", "cells", "words"),
    [
        ("Codings", "E1", {"Decision": "maybe"}, ["column 'Decision'", "'maybe'", "Allowed: accept, change"]),
        ("Codings", "E2", {"Decision": "accept"}, ["column 'Decision'", "'unknown'", "Say change"]),
        ("Codings", "E1", {"Decision": "change", "New status": "asserted"}, ["column 'New sub-code'", "is empty"]),
        ("Codings", "E1", {"Decision": "change", "New sub-code": "F1"}, ["column 'New status'", "is empty"]),
        ("Codings", "E1", {"Decision": "change", "New sub-code": "Z9", "New status": "asserted"}, ["'Z9'", "Allowed: B1, B2"]),
        (
            "Codings", "E1", {"Decision": "change", "New sub-code": "F1; B1; O1", "New status": "asserted; resolved"},
            ["column 'New status'", "2 values for 3 sub-codes"],
        ),
        ("Codings", "E1", {"Decision": "change", "New sub-code": "F1; F1", "New status": "asserted"}, ["names a sub-code twice"]),
        ("Codings", "E1", {"Decision": "accept", "New sub-code": "F1"}, ["is filled in, but the decision is 'accept'"]),
        ("Codings", "E1", {"New status": "asserted", "Decision": None}, ["column 'Decision'", "is empty, but 'New status'"]),
        ("Codings", "E1", {"Decision": "not an event", "Reason": None}, ["column 'Reason'", "is empty"]),
        ("Codings", "E1", {"Decision": "accept", "Reviewer": None}, ["column 'Reviewer'", "Write who decided"]),
        ("Codings", "E1", {"Decision": "accept", "Reviewer": "x" * 61}, ["column 'Reviewer'", "more than 60"]),
        ("Codings", "E1", {"Decision": "accept", "Date": None}, ["column 'Date'", "is empty"]),
        ("Codings", "E1", {"Decision": "accept", "Date": "20/06/2026"}, ["'20/06/2026'", "YYYY-MM-DD"]),
        ("Codings", "E1", {"Decision": "accept", "Date": "2999-01-01"}, ["after today"]),
        ("Links", "E7", {"Decision": "link to session"}, ["column 'Session'", "is empty"]),
        ("Links", "E7", {"Decision": "link to session", "Session": "S-00"}, ["no stored session of this clinic"]),
        ("Open entries", "E4", {"Decision": "close entry"}, ["column 'Outcome'", "column 'Patient is safe'"]),
        ("Open entries", "E4", CLOSE | {"Patient is safe": "no"}, ["Close an entry only when the patient is safe"]),
        ("Open entries", "E4", CLOSE | {"Outcome": "fine"}, ["'fine'", "Allowed: recovered"]),
    ],
)  # fmt: skip
def test_a_cell_that_does_not_fit_is_named_with_what_is_allowed(
    ae: Run, waiting: Path, sheet: str, entry: str, cells: dict[str, Any], words: list[str]
) -> None:
    row = next(number for number, name in enumerate(rows_of(waiting, sheet), start=2) if name == entry)
    fill(FILE, ACCEPT)  # a good decision beside it is not taken either
    fill(FILE, {sheet: {entry: cells}})
    refused(ae, f"sheet '{sheet}', row {row}", *words)


@pytest.mark.parametrize("header", ["Clinic", "Entry", "Check", "Proposal"])
@pytest.mark.parametrize("value", ["another", None, "\u202e\x9b31m"])
def test_an_edited_key_cell_is_noticed(ae: Run, waiting: Path, header: str, value: str | None) -> None:
    fill(FILE, ACCEPT)
    edit(lambda page: setattr(page.cell(2, at(page, header)), "value", value))
    refused(ae, "sheet 'Codings', row 2, column 'Check'", "does not fit its row")


def test_a_key_copied_from_another_row_is_noticed(ae: Run, waiting: Path) -> None:
    fill(FILE, ACCEPT)
    edit(lambda page: page.cell(2, at(page, "Check"), page.cell(3, at(page, "Check")).value))
    refused(ae, "does not fit its row")


@pytest.mark.parametrize("header", ["Check", "Proposal", "New status", "Reviewer", "Decision"])
def test_a_deleted_column_is_named(ae: Run, waiting: Path, header: str) -> None:
    fill(FILE, ACCEPT)
    edit(lambda page: page.delete_cols(at(page, header)))
    refused(ae, f"sheet 'Codings', row 1, column '{header}'", "the column is not there")


def test_columns_nobody_needs_may_go_and_others_may_come(ae: Run, waiting: Path) -> None:
    fill(FILE, ACCEPT)
    edit(lambda page: page.delete_cols(at(page, "Words")))
    edit(lambda page: page.insert_cols(1))
    assert ae("review", "import", FILE).out.startswith("1 decisions recorded")


def test_sorted_filtered_and_deleted_rows_find_their_entries(ae: Run, waiting: Path) -> None:
    fill(FILE, {"Codings": {"E1": {"Decision": "accept"}, "E8": {"Decision": "not an event"}}})

    def shuffle(page: Any) -> None:
        cells = [[cell.value for cell in row] for row in page.iter_rows(min_row=2)]
        page.delete_rows(2, len(cells))
        for row in [cells[1], cells[0]]:  # the third is gone
            page.append(row)
        page.row_dimensions[2].hidden = True  # filtered away, and decided all the same

    edit(shuffle)
    assert ae("review", "import", FILE).out.startswith("2 decisions recorded")


def test_a_row_that_stands_twice_is_one_and_two_minds_of_one_person_are_none(ae: Run, waiting: Path) -> None:
    fill(FILE, ACCEPT)
    edit(lambda page: page.append([cell.value for cell in page[2]]))
    assert ae("review", "import", FILE).out.startswith("1 decisions recorded")
    edit(lambda page: page.cell(page.max_row, at(page, "Decision"), "not an event"))
    refused(ae, "decides differently from row 2", "Keep one of the two rows")


def test_another_clinics_entries_are_refused(ae: Run, waiting: Path) -> None:
    fill(FILE, ACCEPT)
    (RAW / "harbour").rename(RAW / "elm")
    ingest(RAW, PROCESSED)
    refused(ae, "column 'Entry'", "not in the stored logs of that clinic")


def test_a_link_to_another_clinics_session_is_refused(ae: Run, waiting: Path) -> None:
    from analysis.store import open_store

    FILE.unlink()
    write_logs(RAW / "other")
    ingest(RAW, PROCESSED)
    store = open_store(PROCESSED)
    clinics = sorted(set(store.treatments["clinic"]))
    assert len(clinics) == 2
    theirs = store.treatments.groupby("clinic")["session_id"].first()
    ae("review", "export", FILE, "--clinic", clinics[0])
    fill(FILE, {"Links": {"E7": {"Decision": "link to session", "Session": theirs[clinics[1]]}}})
    refused(ae, "names no stored session of this clinic")


def test_many_faults_are_cut_short_and_counted(ae: Run, waiting: Path) -> None:
    fill(FILE, ACCEPT)

    def spoil(page: Any) -> None:
        for number in range(40):
            page.append([None] * (at(page, "Decision") - 1) + [f"wrong {number}"])

    edit(spoil)
    refused(ae, "cells are to be mended", "more.")


def test_hostile_texts_reach_the_file_as_text_only(ae: Run) -> None:
    nasty = {
        "=HYPERLINK(1)": (*ENTRIES["E1"][:5], "=cmd|' /C calc'!A0 possible double vision", ""),
        "N2": (*ENTRIES["E1"][:5], "possible double vision \x1b[31m <script>alert(1)</script>", "@SUM(1)"),
        "N3": (*ENTRIES["E1"][:5], "possible double vision " + "x" * 60_000, ""),
        "N4": (*ENTRIES["E1"][:5], "-2+3 possible double vision \u202egnp.exe", ""),
    }
    write_logs(RAW, nasty)
    ingest(RAW, PROCESSED)
    assert ae("review", "export", FILE).code == 0
    book = openpyxl.load_workbook(FILE)
    cells = [cell for page in book for row in page.iter_rows() for cell in row if cell.value is not None]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert not [cell for cell in cells if "\x1b" in str(cell.value) or "\u202e" in str(cell.value)]
    assert max(len(str(cell.value)) for cell in cells) < 32_767
    with zipfile.ZipFile(FILE) as archive:
        told = b"".join(archive.read(name) for name in archive.namelist() if "sheet" in name)
    assert b"'=cmd|" in told
    assert b"'-2+3" in told
    assert b"<script>" not in told
    assert b"<f>" not in told
    fill(FILE, {"Codings": {row: {"Decision": "accept"} for row in rows_of(FILE, "Codings")}})
    said = ae("review", "import", FILE)
    assert said.out.startswith("4 decisions recorded"), said.err
    ingest(RAW, PROCESSED)
    assert ae("audit", "show").code == 0


def test_a_reason_with_control_characters_is_refused_and_one_in_markup_is_kept_as_text(ae: Run, waiting: Path) -> None:
    fill(FILE, ACCEPT, Reason="a\u202eb")
    refused(ae, "column 'Reason'", "cannot be shown")
    fill(FILE, ACCEPT, Reason="<b>=1+1</b>")
    assert ae("review", "import", FILE).code == 0


def test_no_message_quotes_an_entry(ae: Run, waiting: Path) -> None:
    fill(FILE, {"Codings": {"E1": {"Decision": "accept"}, "E8": {"Decision": "x"}}})
    refused(ae, "'x'")
    said = ae("review", "import", FILE)
    assert not any(word in said.err for word in ("vision", "headache", "swallowing", "E8"))

"""Entries that likely name somebody are noted by their place; no word of theirs is."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from analysis.pipeline.naming import CODE
from analysis.store import open_store

Run = Callable[..., Any]


def test_likely_identifiers_are_noted_by_place_and_kind(ae: Run, small_raw: Path) -> None:
    events = small_raw / "harbour" / "events.csv"
    events.write_text(
        events.read_text() + "3,2026-05-30,2026-05-16,P2,Ana Reyes,Mrs Thistlewood tel 07700 900456 brow droop\n"
    )
    ae("ingest", "--raw", small_raw)
    notes = open_store("data/processed").notes
    own = notes[notes["code"] == CODE]
    assert list(own[["row", "column", "new"]].itertuples(index=False, name=None)) == [
        (4, "text", "a name and a telephone number")
    ]
    assert "Thistlewood" not in str(notes.to_dict())
    assert "900456" not in str(notes.to_dict())
    said = ae("decide", "--case-summary", "Mrs Thistlewood is well", "--month", "2026-05", "--reviewer", "Dr A")
    assert said.code == 2
    assert "Thistlewood" not in said.err

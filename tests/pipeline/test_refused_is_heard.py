"""A file that is refused is counted nowhere, and who needs a clinician is seen all the same."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from analysis.store import open_store

Run = Callable[..., Any]
FORM = "Field,Value\nPatient ID,P1\nTreatment date,2026-03-03\nDescription,trouble breathing since the injection\n"
OPEN_DATES = (
    "Event ID,Patient ID,Treatment date,Date reported,Description\nE1,P1,03/04/2026,05/04/2026,bruise\n"
    "E2,P2,03/04/2026,05/04/2026,cannot swallow\n"
)
CALM = OPEN_DATES.replace("cannot swallow", "bruise too")


@pytest.mark.parametrize(("log", "row"), [(FORM, 4), (OPEN_DATES, 3)], ids=["no headers", "dates of two readings"])
def test_pressing_words_of_a_refused_file_are_on_every_first_screen(
    ae: Run, tmp_path: Path, log: str, row: int
) -> None:
    folder = tmp_path / "raw" / "elm"
    folder.mkdir(parents=True)
    (folder / "log.csv").write_text(log, encoding="utf-8")
    said = ae("ingest", "--raw", "raw")
    assert said.code == 3
    assert said.out.splitlines()[0] == "1 entries need a clinician (1 now, 0 today)"
    assert f"elm/log.csv, row {row}" in said.out
    assert "Row of a refused file; its words are pressing" in Path("reports/today.html").read_text(encoding="utf-8")
    store = open_store("data/processed")
    assert store.events.empty
    assert store.notes["code"].tolist() == ["pressing_remark"]
    for place in (said.out, said.err, store.notes.to_csv()):
        assert "breathing" not in place
        assert "swallow" not in place


def test_a_refused_file_without_pressing_words_lists_nobody(ae: Run, tmp_path: Path) -> None:
    folder = tmp_path / "raw" / "elm"
    folder.mkdir(parents=True)
    (folder / "log.csv").write_text(CALM, encoding="utf-8")
    said = ae("ingest", "--raw", "raw")
    assert said.code == 3
    assert said.out.splitlines()[0] == "0 entries need a clinician (0 now, 0 today)"
    assert open_store("data/processed").notes.empty

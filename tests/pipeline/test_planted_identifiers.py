"""Identifiers planted wherever a clinic can put them are nowhere in what the copies leave behind, whatever goes wrong."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from planting import PLANTED, found_in, plant

pytestmark = pytest.mark.thorough

Run = Callable[..., Any]
PHASES = {
    "select": "analysis.pipeline.context.selected",
    "frames": "analysis.pipeline.context.copy_frames",
    "disclosure": "analysis.pipeline.context.disclose",
    "page": "analysis.pipeline.page.copy_page",
    "summary": "analysis.pipeline.publish.summary_of",
    "list": "analysis.pipeline.publish.index_of",
    "publication": "analysis.pipeline.publication.put",
    "ledger": "analysis.ledger.append",
}


@pytest.fixture
def planted(ae: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A store of hostile logs; copies go to `copies`, everything a process might write elsewhere below `home` and `temporary`."""
    for name in ("home", "temporary"):
        (tmp_path / name).mkdir()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    monkeypatch.setattr("tempfile.tempdir", None)
    plant(tmp_path / "raw")
    assert ae("ingest", "--raw", tmp_path / "raw", "--out", tmp_path / "today").code == 0
    yield tmp_path
    monkeypatch.setattr("tempfile.tempdir", None)


def copies(folder: Path) -> list[str]:
    from analysis.store import open_store

    injectors = open_store(folder / "data" / "processed").injectors
    assert len(injectors) == 1
    return ["committee", "shared", f"injector:{injectors['code'].iloc[0]}"]


def test_the_planted_words_are_found_where_they_may_be(planted: Path) -> None:
    """The store keeps the words of an entry, so the search below is able to find something."""
    from analysis.store import open_store

    store = open_store(planted / "data" / "processed")
    assert store.events["text"].str.contains(PLANTED["name in text"]).any()
    assert found_in(planted, str(store.events["text"].iloc[0]))
    assert not any(
        PLANTED["extra column"] in str(store.frame(name).to_dict()) for name in ("events", "treatments", "set_aside")
    )


def test_no_copy_and_no_message_holds_a_planted_identifier(planted: Path, ae: Run) -> None:
    for audience in copies(planted):
        said = ae("report", "--audience", audience, "--month", "2026-09", "--out", planted / "copies")
        assert said.code == 0, said.err
        assert found_in(planted, said.out, said.err) == []
    assert len(list((planted / "copies" / "group").glob("*.html"))) == 3


@pytest.mark.parametrize("phase", PHASES)
def test_no_error_holds_a_planted_identifier_wherever_it_happens(
    planted: Path, ae: Run, monkeypatch: pytest.MonkeyPatch, phase: str
) -> None:
    def fail(*_: Any, **__: Any) -> Any:
        raise RuntimeError(" ".join(PLANTED.values()))

    asked = copies(planted)
    monkeypatch.setattr(PHASES[phase], fail)
    for audience in asked:
        said = ae("report", "--audience", audience, "--month", "2026-09", "--out", planted / "copies")
        assert said.code == 1
        assert "RuntimeError" in said.err
        assert found_in(planted, said.out, said.err) == []
    assert not list((planted / "copies").rglob("*.html"))
    assert any(os.scandir(planted / "home")), "the place of the error is in the log"


INGEST_PHASES = {
    "files found": "analysis.pipeline.ingest.find_files",
    "files read": "analysis.pipeline.site.read_folder",
    "rows combined": "analysis.pipeline.site.combine",
    "frames": "analysis.pipeline.ingest.build",
    "rows to mend": "analysis.pipeline.building.set_aside_workbook",
    "snapshot": "analysis.pipeline.ingest.write_snapshot",
    "ledger": "analysis.ledger.append",
    "first screen": "analysis.pipeline.today.publish_today",
}


def test_no_error_of_ingest_holds_one_either(planted: Path, ae: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> Any:
        raise RuntimeError(" ".join(PLANTED.values()))

    for phase, place in INGEST_PHASES.items():
        with monkeypatch.context() as patch:
            patch.setattr(place, fail)
            said = ae("ingest", "--raw", planted / "raw", "--out", planted / "copies")
        assert said.code == 1, phase
        assert "RuntimeError" in said.err
        assert found_in(planted, said.out, said.err) == [], phase

"""Shares that wait on disk, and frames made into Parquet beside other work, make the same snapshot as those held in memory."""

import shutil
from pathlib import Path

import pytest

from analysis.pipeline import building, early, site
from analysis.pipeline.engine import Here
from analysis.pipeline.ingest import ingest

TREATED = "Treatment ID,Patient ID,Treatment date,Injector,Area,Units\nT1,P1,2025-03-04,Dr A,Glabella,20\n"
LOGGED = "Event ID,Patient ID,Treatment date,Onset date,Description\nE1,P1,2025-03-04,2025-03-06,lid droop\n"


def two_clinics(raw: Path) -> None:
    for clinic in ("North", "South"):
        folder = raw / clinic
        folder.mkdir(parents=True)
        (folder / "treatments.csv").write_text(TREATED)
        (folder / "events.csv").write_text(LOGGED)


def test_much_is_built_clinic_by_clinic_and_spooled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    two_clinics(tmp_path / "raw")
    held = ingest(tmp_path / "raw", tmp_path / "processed", cache=False).snapshot
    spooled: list[str] = []
    made = building.Spooled.__getitem__

    def seen(self: building.Spooled, name: str) -> object:
        spooled.append(name)
        return made(self, name)

    monkeypatch.setattr(building, "_AT_ONCE", 0)
    monkeypatch.setattr(building.Spooled, "__getitem__", seen)
    for engine in (None, Here()):
        shutil.rmtree(tmp_path / "processed")
        assert ingest(tmp_path / "raw", tmp_path / "processed", cache=False, engine=engine).snapshot == held
        assert "treatments" in spooled
        spooled.clear()


def test_sessions_are_stored_the_same_beside_other_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    two_clinics(tmp_path / "raw")
    usual = ingest(tmp_path / "raw", tmp_path / "processed", cache=False).snapshot
    encoded: list[int] = []
    made = early._encoded
    monkeypatch.setattr(early, "_encoded", lambda frame: (encoded.append(1), made(frame))[1])
    monkeypatch.setattr(site, "_MANY_LINES", 0)
    for engine, times in ((None, 2), (Here(), 0)):  # as one site; one by one, when no share is the whole
        shutil.rmtree(tmp_path / "processed")
        encoded.clear()
        assert ingest(tmp_path / "raw", tmp_path / "processed", cache=False, engine=engine).snapshot == usual
        assert len(encoded) == times

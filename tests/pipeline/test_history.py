"""What changed since a month was published: a late entry, a correction and a reviewer's decision, told apart and counted."""

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from review_file import fill

from analysis import ledger
from analysis.counting.revisions import CHANGES
from analysis.pipeline.context import build_month
from analysis.pipeline.history import revised_reports
from analysis.store import open_store

Run = Callable[..., Any]
EVENTS = "Event id,Updated at,Date reported,Onset date,Treatment date,Patient,Injector,Description"
FIRST = [
    "1,2026-05-20,2026-05-19,2026-05-18,2026-05-14,P1,Ana Reyes,left eyelid droop",
    "2,2026-05-20,2026-05-20,2026-05-18,2026-05-14,P2,Ana Reyes,bruise at the injection site",
    "3,2026-05-21,2026-05-21,2026-05-18,2026-05-15,P3,Ana Reyes,bruise on the forehead",
    "4,2026-05-22,2026-05-22,2026-05-18,2026-05-15,P4,Ana Reyes,brow droop",
]
LATE = "5,2026-09-02,2026-09-02,2026-05-18,2026-05-15,P5,Ana Reyes,right eyelid droop"
CORRECTED = "2,2026-09-01,2026-05-20,2026-05-18,2026-05-14,P2,Ana Reyes,lid droop of the left eye; no bruise"
ANOTHER_INJECTOR = "4,2026-09-01,2026-05-22,2026-05-18,2026-05-15,P4,A Reyes,brow droop"


@dataclass(frozen=True)
class Clinic:
    """One clinic of thirty sessions in May, and how to deliver its log again."""

    folder: Path
    ae: Run

    def deliver(self, *rows: str, name: str = "events.csv") -> None:
        text = "\n".join([EVENTS, *rows]) + "\n"
        (self.folder / "data" / "raw" / "harbour" / name).write_text(text, encoding="utf-8")
        assert self.ae("ingest", "--as-of", "2026-09-30", "-q").code == 0

    def publish(self, month: str = "2026-09") -> Path:
        assert self.ae("report", "--month", month, "-q").code == 0
        return self.folder / "reports" / "group" / f"{month}.director.html"

    def index(self) -> str:
        return (self.folder / "reports" / "index.html").read_text(encoding="utf-8")

    def revisions(self) -> pd.DataFrame:
        """What counts otherwise than in the report of May."""
        found = revised_reports(self.folder / "data" / "processed")
        return found.get("group/2026-05.director", pd.DataFrame(columns=CHANGES))


@pytest.fixture
def clinic(tmp_path: Path, ae: Run, monkeypatch: pytest.MonkeyPatch) -> Clinic:
    raw = tmp_path / "data" / "raw" / "harbour"
    raw.mkdir(parents=True)
    (raw / "clinic.toml").write_text('[clinic]\nname = "Harbour"\ncountry = "GB"\n')
    days = [(month, day) for month in range(5, 10) for day in (14, 15)]
    sessions = [
        f"2026-{month:02}-{day},P{n + (0 if day == 14 else 3)},Ana Reyes,glabella,Botox,20"
        for month, day in days
        for n in range(1, 4)
    ]
    sessions = [row.replace(",P3,", ",P9,") if "-14," in row else row.replace(",P6,", ",P3,") for row in sessions]
    text = "Visit date,Patient,Injector,Area,Product,Units\n" + "\n".join(sessions) + "\n"
    (raw / "treatments.csv").write_text(text)
    # the page itself is not looked at here: the notebook of every month would take most of the time
    monkeypatch.setattr(
        "analysis.pipeline.publish.page_and_data", lambda context, **_: ("<!DOCTYPE html><html>x</html>", context)
    )
    monkeypatch.setattr("analysis.pipeline.publish.check_counts", lambda *_: None)
    return Clinic(tmp_path, ae)


def told(frame: pd.DataFrame) -> dict[str, tuple[int, ...]]:
    """Numerators then and now, and entries by reason, by measure."""
    columns = ["numerator_before", "numerator", "late", "corrected", "read_anew", "sessions_changed"]
    return {row["measure"]: tuple(row[name] for name in columns) for row in frame.to_dict("records")}


def affected(folder: Path, subcodes: set[str]) -> int:
    """May's sessions with a counted finding, from the stored frames by hand."""
    store = open_store(folder / "data" / "processed")
    sessions = {row.session_id for row in store.treatments.itertuples() if f"{row.treatment_date:%Y-%m}" == "2026-05"}
    hit = {
        (row.event_id)
        for row in store.findings.itertuples()
        if row.final and row.in_window and row.status in ("asserted", "resolved") and row.subcode in subcodes
    }
    return len({row.session_id for row in store.events.itertuples() if row.event_id in hit} & sessions)


def test_a_late_entry_a_correction_and_a_decision_are_told_apart(clinic: Clinic) -> None:
    clinic.deliver(*FIRST)
    clinic.publish("2026-05")
    lids, bruises = affected(clinic.folder, {"F1"}), affected(clinic.folder, {"B1", "B2"})
    others = affected(clinic.folder, {"F2", "F3", "F4", "F6"})
    assert (lids, bruises, others) == (1, 2, 1)
    assert clinic.revisions().empty, "nothing has changed"
    assert "revised" not in clinic.index()

    clinic.deliver(*FIRST, CORRECTED, LATE, ANOTHER_INJECTOR)
    assert "revised since published" in clinic.index(), "the list says so as soon as the log is read"
    found = told(clinic.revisions())
    assert found["lid_droop"] == (1, 3, 1, 1, 0, 0)
    assert found["lid_droop"][1] == affected(clinic.folder, {"F1"})
    assert "other_facial" not in found, "a spelling of the injector changes no figure"

    decide(clinic, "3", {"Decision": "not an event"})
    clinic.deliver(*FIRST, CORRECTED, LATE, ANOTHER_INJECTOR)
    found = told(clinic.revisions())
    assert found["lid_droop"] == (1, 3, 1, 1, 0, 0)
    assert found["bruise"] == (2, affected(clinic.folder, {"B1", "B2"}), 0, 1, 1, 0)
    assert found["bruise"][1] == 0
    assert affected(clinic.folder, {"F1", "F2", "B1", "B2"}) == 4
    assert "any_reaction" not in found, "one came and one went: the figure is as it was published"
    assert (
        "lid droop, May 2026, 1 of 6 to 3 of 6 (1 reported late and 1 corrected); and 1 more figure" in clinic.index()
    )
    assert "eyelid" not in clinic.index()


def decide(clinic: Clinic, entry: str, cells: dict[str, str]) -> None:
    """A reviewer's decision on one entry, through the spreadsheet as a person would."""
    file = clinic.folder / "review.xlsx"
    assert clinic.ae("review", "export", file, "--all").code == 0
    fill(file, {"Codings": {entry: cells}})
    said = clinic.ae("review", "import", file)
    assert said.code == 0, said.err


def test_the_month_after_tells_it_too_and_links_back(clinic: Clinic) -> None:
    clinic.deliver(*FIRST)
    clinic.publish("2026-05")
    clinic.deliver(*FIRST, LATE)
    store = open_store(clinic.folder / "data" / "processed")
    after = build_month(store, month="2026-06")
    assert after.facts["month_before"] == "2026-05"
    assert set(after.frames["revisions"]["report_month"]) == {"2026-05"}
    from analysis.report.history import since_published

    html = since_published(after).html
    assert 'href="2026-05.director.html"' in html
    assert "1 of 6" in html
    assert "2 of 6" in html
    assert "1 reported late" in html
    clinic.publish("2026-06")
    again = build_month(store, month="2026-06")
    pd.testing.assert_frame_equal(again.frames["revisions"], after.frames["revisions"])
    assert since_published(again).html == html, "publishing changes nothing on the page"


def test_copies_for_others_hold_no_revision(clinic: Clinic) -> None:
    clinic.deliver(*FIRST)
    clinic.publish("2026-05")
    clinic.deliver(*FIRST, LATE)
    store = open_store(clinic.folder / "data" / "processed")
    code = store.injectors["code"].iloc[0]
    for audience in ("committee", f"injector:{code}"):
        copy = build_month(store, month="2026-06", audience=audience)
        assert not {"revisions", "kept_counts", "kept_entries"} & set(copy.frames)
        assert "month_before" not in copy.facts
        assert clinic.ae("report", "--month", "2026-06", "--audience", audience, "-q").code == 0
    last = [entry["data"] for entry in ledger.entries(clinic.folder / "data" / "ledger" / "ledger.jsonl")]
    for data in last:
        if data.get("audience", "director") != "director":
            assert "kept" not in data
            assert "month_before" not in json.dumps(data)


def test_a_session_list_that_comes_later_is_no_entrys_doing(clinic: Clinic) -> None:
    raw = clinic.folder / "data" / "raw" / "harbour"
    shutil.copy(raw / "treatments.csv", clinic.folder / "all.csv")
    lines = (raw / "treatments.csv").read_text().splitlines()
    (raw / "treatments.csv").write_text("\n".join([line for line in lines if "2026-05-14,P9" not in line]) + "\n")
    clinic.deliver(*FIRST)
    clinic.publish("2026-05")
    shutil.copy(clinic.folder / "all.csv", raw / "treatments.csv")
    clinic.deliver(*FIRST)
    found = clinic.revisions()
    row = found[found["measure"] == "any_reaction"].iloc[0]
    assert (row["denominator_before"], row["denominator"]) == (5, 6)
    assert row[["late", "corrected", "read_anew", "sessions_changed"]].sum() == 0

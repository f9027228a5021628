"""The day of the follow-up contact is read where a log gives it, and never decides how the log is read."""

from pathlib import Path

import pandas as pd

from analysis.pipeline.ingest import ingest
from analysis.store import open_store

HEAD = "Visit date,Patient,Injector,Area,Product,Units,Follow-up,Follow-up date\n"


def treatments(tmp_path: Path, *rows: str, head: str = HEAD) -> pd.DataFrame:
    folder = tmp_path / "raw" / "harbour"
    folder.mkdir(parents=True)
    (folder / "treatments.csv").write_text(head + "\n".join(rows) + "\n", encoding="utf-8")
    ingest(tmp_path / "raw", tmp_path / "processed")
    return open_store(tmp_path / "processed").treatments.sort_values("treatment_date")


def test_the_day_of_contact_is_read_and_a_booking_or_a_scribble_is_missing(tmp_path: Path) -> None:
    found = treatments(
        tmp_path,
        "2026-05-14,P1,Ana Reyes,glabella,Botox,20,done,2026-05-28",
        "2026-05-15,P2,Ana Reyes,glabella,Botox,20,done,soon",
        "2026-05-16,P3,Ana Reyes,glabella,Botox,20,done,2099-05-28",
        "2026-05-17,P4,Ana Reyes,glabella,Botox,20,done,",
    )
    assert found["contact_date"].notna().tolist() == [True, False, False, False]
    assert found["contact_date"].iloc[0] == pd.Timestamp("2026-05-28")
    assert found["followup_kind"].eq("scheduled").all()
    notes = open_store(tmp_path / "processed").notes
    said = notes[notes["column"] == "contact_date"]
    assert (said["row"].tolist(), said["old"].tolist()) == ([3], ["soon"])


def test_days_of_contact_follow_the_order_of_the_dates_of_treatment(tmp_path: Path) -> None:
    found = treatments(tmp_path, "25/05/2026,P1,Ana Reyes,glabella,Botox,20,done,08/06/2026")
    assert found["contact_date"].iloc[0] == pd.Timestamp("2026-06-08")

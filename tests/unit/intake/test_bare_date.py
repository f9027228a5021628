"""An events log with one date that is called no more than `Date`: the day of the entry, unless its other columns say otherwise."""

from pathlib import Path

import pandas as pd
import pytest
from deliver import deliver

from analysis.pipeline.ingest import ingest
from analysis.store import open_store

SESSIONS = (
    "Treatment date,Patient ID,Injector,Area,Product,Units\n"
    "2026-03-02,P1,Ann,Glabella,Botox,20\n2026-03-05,P2,Ann,Forehead,Botox,10\n"
)


@pytest.mark.parametrize(
    ("head", "days"),
    [
        ("Date,Patient ID,What happened", ("2026-03-12", "2026-03-20")),
        ("Fecha,Paciente,Descripción", ("2026-03-12", "2026-03-20")),
        ("Date,Patient ID,What happened", ("2026-03-02", "2026-03-05")),  # they meant the day of treatment
    ],
)
def test_a_bare_date_finds_the_session_before_it(
    tmp_path: Path, head: str, days: tuple[str, str], own_key: Path
) -> None:
    raw = tmp_path / "raw" / "c"
    raw.mkdir(parents=True)
    (raw / "treatments.csv").write_text(SESSIONS, encoding="utf-8")
    (raw / "events.csv").write_text(f"{head}\n{days[0]},P1,Lid droop\n{days[1]},P2,Bruise\n", encoding="utf-8")
    ingest(tmp_path / "raw", tmp_path / "processed")
    found = open_store(tmp_path / "processed")
    events = found.events.sort_values("text", ascending=False)
    assert events["reported_date"].dt.strftime("%Y-%m-%d").tolist() == list(days)
    assert events["treatment_date"].isna().all()
    treated = found.treatments.set_index("session_id")["treatment_date"]
    assert treated[events["session_id"]].dt.strftime("%Y-%m-%d").tolist() == ["2026-03-02", "2026-03-05"]


@pytest.mark.parametrize(
    ("head", "column"),
    [
        ("Date,Patient ID,Onset date,What happened", "treatment_date"),
        ("Date,Patient ID,Date reported,What happened", "treatment_date"),
        ("Date,Patient ID,Area,What happened", "treatment_date"),
        ("Date,Patient ID,Treatment date,What happened", "reported_date"),
    ],
)
def test_other_columns_say_what_the_bare_date_is(tmp_path: Path, head: str, column: str) -> None:
    third = "Glabella" if "Area" in head else "2026-03-04" if "Treatment" in head else "2026-03-10"
    found = deliver(tmp_path, {"C/events.csv": f"{head}\n2026-03-08,P1,{third},Lid droop\n".encode()})
    assert found.events[column].tolist() == [pd.Timestamp("2026-03-08")]

"""A real adverse-event log in somebody else's shape, without treatments: every row accounted for, counts, no rate."""

import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from analysis.pipeline.context import build_month
from analysis.pipeline.ingest import ingest
from analysis.schemas import MonthContext
from analysis.store import Store, open_store

pytestmark = pytest.mark.thorough

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT.parent / "shared" / "data" / "vaers_1990"
REPORTS = 2102
Run = Callable[..., Any]


@pytest.fixture(scope="module")
def processed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not FOLDER.is_dir():
        pytest.skip("needs the VAERS files of 1990 in ../shared/data/vaers_1990")
    folder = tmp_path_factory.mktemp("vaers")
    own = folder / "raw" / "vaers"
    own.mkdir(parents=True)
    for path in [*FOLDER.glob("*.csv"), ROOT / "docs" / "examples" / "vaers" / "clinic.toml"]:
        shutil.copy(path, own / path.name)
    ingest(folder / "raw", folder / "data" / "processed")
    return folder / "data" / "processed"


@pytest.fixture(scope="module")
def store(processed: Path) -> Store:
    return open_store(processed)


@pytest.fixture(scope="module")
def month(store: Store) -> MonthContext:
    busiest = store.events["reported_date"].dt.strftime("%Y-%m").value_counts().idxmax()
    return build_month(store, month=busiest)


def test_every_report_is_accounted_for(store: Store) -> None:
    own = store.files[store.files["path"].str.contains("DATA")].iloc[0]
    parts = ["accepted", "duplicate", "superseded", "quarantined", "ignored"]
    assert own["rows_read"] == REPORTS
    assert own[parts].sum() == REPORTS
    assert own["accepted"] > 0.95 * REPORTS
    assert len(store.events) == own["accepted"]
    assert len(store.set_aside[store.set_aside["path"] == own["path"]]) == REPORTS - own["accepted"]


def test_no_report_is_read_twice_and_none_of_the_clinics_ids_is_lost(store: Store) -> None:
    import csv

    with next(FOLDER.glob("*DATA.csv")).open(encoding="latin-1", newline="") as handle:
        told = Counter(row["VAERS_ID"] for row in csv.DictReader(handle))
    assert sum(told.values()) == REPORTS
    found = Counter(store.events["event_id"])
    assert found - told == Counter()
    assert sum((told - found).values()) == len(store.set_aside[store.set_aside["path"].str.contains("DATA")])


def test_narratives_are_coded_and_those_not_understood_go_to_a_person(store: Store) -> None:
    coded = store.events["coded"].value_counts()
    assert coded["findings"] > 500
    assert coded.sum() == len(store.events)
    for row in store.findings[store.findings["source"] == "rule"].head(300).itertuples():
        text = store.events.loc[store.events["event_id"] == row.event_id, "text"].iloc[0]
        assert text[row.start : row.end] == row.evidence


def test_there_are_counts_and_no_rate(month: MonthContext, store: Store) -> None:
    assert month.facts["counts_only"] is True
    assert month.facts["events_reported_month"] > 100
    assert month.frames["counts_by_category"]["episodes"].sum() > 0
    for name, frame in month.frames.items():
        for column in {"rate", "lower", "upper", "denominator", "sessions"} & set(frame.columns):
            assert frame[column].isna().all(), f"{name}.{column}"


def test_a_national_log_is_not_called_simulated(month: MonthContext) -> None:
    assert month.facts["simulated"] is False


@pytest.mark.slow
def test_the_page_is_made_of_counts(ae: Run, processed: Path) -> None:
    said = ae("report", "--processed", processed, "--month", "1990-11")
    assert said.code == 0
    page = Path(said.out.strip()).read_text(encoding="utf-8")
    assert page.rstrip().endswith("</html>")
    assert "per 1,000" not in page.split("<main")[1].split("Limits")[0] or "no rate" in page.casefold()

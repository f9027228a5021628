"""An entry of level now is a signal from the month that dates it until a named person closes it."""

from datetime import date

import pandas as pd
import pytest

from analysis.pipeline.ingest import ingest
from analysis.pipeline.signals import Watcher, month_signals
from analysis.store import open_store

pytestmark = pytest.mark.thorough

SESSIONS = "Treatment ID,Patient ID,Treatment date,Injector,Area,Product,Units\n" + "".join(
    f"T{n},P{n},2026-{month:02d}-03,Dr Lee,glabella,Botox,20\n" for n, month in enumerate((8, 9, 10, 11))
)
EVENTS = "Event ID,Treatment ID,Patient ID,Treatment date,Onset date,Date reported,Description\n"
WORSE = (
    "E1,T0,P0,2026-08-03,2026-08-04,2026-08-05,severe swelling of the cheek\n"
    "E2,T0,P0,2026-08-03,2026-08-05,2026-10-10,severe swelling of tongue and throat\n"
)
LAST = "E9,T3,P3,2026-11-03,2026-11-04,2026-11-30,bruise\n"


@pytest.fixture
def watcher(tmp_path):
    def watch(events: str) -> Watcher:
        raw = tmp_path / "raw" / "elm"
        raw.mkdir(parents=True)
        (raw / "treatments.csv").write_text(SESSIONS)
        (raw / "events.csv").write_text(EVENTS + events + LAST)
        ingest(tmp_path / "raw", tmp_path / "processed")
        return Watcher(open_store(tmp_path / "processed"), None, date(2026, 11, 30))

    return watch


def told(watcher: Watcher, month: str) -> dict[str, tuple[str, str]]:
    found = month_signals(watcher, month=month, clinic=None, names=False)[0]["signals"]
    own = found[found["rule"] == "level_now"]
    assert own["signal_id"].is_unique
    return {row.unit: (row.state, row.first_seen) for row in own.itertuples()}


def test_an_entry_that_makes_an_episode_worse_is_new_in_its_own_month(watcher):
    seen = watcher(WORSE)
    assert told(seen, "2026-08") == told(seen, "2026-09") == {}
    assert told(seen, "2026-10") == {"E2": ("new", "2026-10")}
    assert told(seen, "2026-11") == {"E2": ("persisting", "2026-10")}


def test_an_entry_of_the_end_of_a_month_is_not_new_in_the_next(watcher):
    seen = watcher("E1,T0,P0,2026-08-03,2026-08-30,2026-08-31,trouble swallowing\n")
    assert told(seen, "2026-08") == {"E1": ("new", "2026-08")}
    assert told(seen, "2026-09") == {"E1": ("persisting", "2026-08")}
    assert told(seen, "2026-11") == {"E1": ("persisting", "2026-08")}


def test_without_a_day_of_report_onset_or_treatment_dates_it(watcher):
    seen = watcher("E1,T0,P0,2026-08-03,2026-08-30,,trouble swallowing\nE2,T1,P1,2026-09-03,,,trouble swallowing\n")
    assert told(seen, "2026-08") == {"E1": ("new", "2026-08")}
    assert told(seen, "2026-09") == {"E1": ("persisting", "2026-08"), "E2": ("new", "2026-09")}


def test_a_row_set_aside_is_a_signal_too(watcher):
    seen = watcher(
        "E1,T0,P0,2026-08-03,,30.13.2026,trouble swallowing\nE1,T0,P0,2026-08-03,,31.13.2026,cannot breathe\n"
    )
    assert any("row 3" in unit for unit in told(seen, "2026-08"))


def test_it_is_there_until_a_person_closes_it(watcher):
    seen = watcher("E1,T0,P0,2026-08-03,2026-08-30,2026-08-31,trouble swallowing\n")
    closing = {"kind": "entry", "clinic": "elm", "event_id": "E1", "state": "applied", "decision": "close",
               "reviewer": "A", "decided": pd.Timestamp("2026-10-02"), "outcome": "recovered"}  # fmt: skip
    reviews = seen.store.reviews
    seen.store._frames["reviews"] = pd.DataFrame([closing]).reindex(columns=reviews.columns)
    assert told(seen, "2026-08") == {"E1": ("new", "2026-08")}
    assert told(seen, "2026-09") == {"E1": ("persisting", "2026-08")}
    assert told(seen, "2026-10") == {"E1": ("resolved", "2026-08")}
    assert told(seen, "2026-11") == {}

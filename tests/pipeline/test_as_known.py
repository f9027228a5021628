"""What was known on a day: the same as if nothing had been written after it."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from analysis.pipeline.as_known import cut_to
from analysis.pipeline.context import build_month
from analysis.pipeline.ingest import ingest
from analysis.pipeline.selection import select
from analysis.schemas import FRAMES
from analysis.schemas.conform import check
from analysis.store import Store, open_store

SESSIONS = "Treatment ID,Patient ID,Treatment date,Injector,Area,Product,Units\n" + "".join(
    f"T{n},P{n},2026-{month:02d}-03,Dr Lee,glabella,Botox,20\n" for n, month in enumerate((8, 9, 10, 11))
)
HEAD = "Event ID,Treatment ID,Patient ID,Treatment date,Onset date,Date reported,Date resolved,Outcome,Description\n"
ENTRIES = [
    ("2026-08-05", "E1,T0,P0,2026-08-03,2026-08-04,2026-08-05,2026-10-20,recovered,severe swelling of the cheek\n"),
    ("2026-10-10", "E2,T0,P0,2026-08-03,2026-08-05,2026-10-10,,,severe swelling of tongue and throat\n"),
    ("2026-08-09", "E3,,X1,,2026-08-09,,,,trouble swallowing\n"),
    ("2026-11-06", "E4,,X1,,2026-08-01,2026-11-06,,,trouble swallowing\n"),
    ("2026-09-12", "E5,,X2,2026-09-12,,,,,bruise\n"),
    ("2026-11-05", "E6,T3,P3,2026-11-03,2026-11-04,2026-11-05,,,bruise\n"),
]


def opened(folder: Path, until: str = "2026-11-30") -> Store:
    raw = folder / "raw" / "elm"
    raw.mkdir(parents=True)
    (raw / "treatments.csv").write_text(SESSIONS)
    (raw / "events.csv").write_text(HEAD + "".join(line for day, line in ENTRIES if day <= until))
    ingest(folder / "raw", folder / "processed")
    return open_store(folder / "processed")


def reviews(*rows: dict[str, str]) -> pd.DataFrame:
    """Decisions in force."""
    usual = {"clinic": "elm", "state": "applied", "reviewer": "A", "decided": pd.Timestamp("2026-11-20")}
    return pd.DataFrame([usual | row for row in rows]).reindex(columns=list(FRAMES["reviews"].schema.columns))


@pytest.mark.parametrize("day", [date(2026, 8, 31), date(2026, 9, 30), date(2026, 10, 31)])
def test_episodes_of_a_day_are_those_of_a_log_that_ended_then(tmp_path, day):
    chosen = select(opened(tmp_path / "whole"), "elm", until=day).frames
    ended = opened(tmp_path / "ended", day.isoformat())
    assert sorted(chosen["events"]["event_id"]) == sorted(ended.events["event_id"])
    left_out = [
        "state",
        "next_contact_due",
        "status",
        "resolved_date",
    ]  # these follow the recovery that E1 was given later
    shown = chosen["episodes"].drop(columns=left_out)
    pd.testing.assert_frame_equal(shown, ended.episodes.drop(columns=left_out))
    assert not (chosen["episodes"]["resolved_date"] > pd.Timestamp(day)).any()
    for name in ("episodes", "findings"):  # made anew without a look at every value
        check(FRAMES[name], chosen[name])


def test_as_of_a_day_nothing_later_is_listed(tmp_path):
    store = opened(tmp_path)
    before = build_month(store, month="2026-08", as_of=date(2026, 8, 31))
    swelling = before.frames["look_today"].set_index("entry").loc["E1"]
    assert tuple(swelling[["triage", "reported_date"]]) == ("today", "2026-08-05")
    assert before.facts["look_now"] == 1  # the swallowing, known from its onset on
    assert set(before.frames["look_today"]["entry"]) == {"E1", "E3"}
    after = build_month(store, month="2026-10", as_of=date(2026, 10, 31))
    assert ("E2", "now") in set(
        zip(after.frames["look_today"]["entry"], after.frames["look_today"]["triage"], strict=True)
    )


def test_what_a_person_decided_holds_on_every_day(tmp_path):
    store = opened(tmp_path)
    joined = {"kind": "merge", "event_id": "E3", "part": "S2", "decision": "join", "new": '"E4"'}
    apart = {"kind": "merge", "event_id": "E2", "part": "U2", "decision": "split episode", "new": "null"}
    closed = {"kind": "entry", "event_id": "E3", "decision": "close", "outcome": "recovered"}
    frames = {name: store.frame(name) for name in FRAMES} | {"reviews": reviews(joined, apart, closed)}
    later = dict(frames)
    cut_to(later, date(2026, 10, 31), built_on=store.data_cut)
    assert sorted(later["episodes"]["subcode"]) == ["B1", "S2", "U2", "U2"]
    swallowing = later["episodes"].set_index("subcode").loc["S2"]
    assert swallowing["state"] == "closed"
    assert pd.isna(swallowing["next_contact_due"])

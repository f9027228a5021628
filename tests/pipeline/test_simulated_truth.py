"""What the simulation planted is found again, where nothing was planted to hide it."""

import csv
import re
import shutil
import unicodedata
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest

from analysis.counting.attention import open_entries
from analysis.counting.exposure import grid
from analysis.counting.rates import rates
from analysis.measures import load_measures
from analysis.pipeline.ingest import ingest
from analysis.pipeline.selection import select
from analysis.simulation import write_demo
from analysis.store import Store, open_store

TITLES = {"dr", "dra", "ms", "mr", "mrs", "sr", "sra"}
SESSIONS = 3000


@dataclass(frozen=True)
class World:
    """A simulated group: the store made of it, and the truth by table."""

    raw: Path
    store: Store
    truth: dict[str, list[dict[str, str]]]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    folder = tmp_path_factory.mktemp("world")
    write_demo(folder, seed=1, sessions=SESSIONS)
    ingest(folder / "raw", folder / "processed")
    truth = {path.stem: read(path) for path in (folder / "truth").glob("*.csv")}
    return World(folder / "raw", open_store(folder / "processed"), truth)


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def person(name: str) -> tuple[str, ...]:
    """A name without case, accents, order or title: two spellings of one person are the same."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    return tuple(sorted(word for word in re.findall(r"[a-z]+", plain) if word not in TITLES))


def visible_sessions(world: World) -> list[dict[str, str]]:
    return [s for s in world.truth["sessions"] if s["delivered_as"] == "rows" and not s["hidden_by"]]


def test_sessions_are_exact_by_clinic_month_type_and_injector(world: World) -> None:
    told = Counter(
        (s["clinic"], s["month"], s["treatment_type"], person(s["injector"])) for s in visible_sessions(world)
    )
    frame = world.store.treatments
    months = frame["treatment_date"].dt.strftime("%Y-%m")
    found = Counter(zip(frame["clinic"], months, frame["treatment_type"], map(person, frame["injector"]), strict=True))
    assert sum(told.values()) > SESSIONS / 2
    assert found - told == Counter()
    assert told - found == Counter()


def test_totals_are_exact_by_month_type_and_injector(world: World) -> None:
    told = Counter(
        (s["clinic"], s["month"], s["treatment_type"], person(s["injector"]))
        for s in world.truth["sessions"] if s["delivered_as"] == "totals" and not s["hidden_by"]
    )  # fmt: skip
    found: Counter[tuple[object, ...]] = Counter()
    for row in world.store.exposure_totals.itertuples():
        found[row.clinic, row.month, row.treatment_type, person(row.injector)] += row.sessions
    assert told
    assert +found == told


def test_areas_and_days_are_those_given(world: World) -> None:
    told = Counter((s["clinic"], s["treatment_date"], s["areas"]) for s in visible_sessions(world))
    frame = world.store.treatments
    days = frame["treatment_date"].dt.strftime("%Y-%m-%d")
    assert Counter(zip(frame["clinic"], days, frame["areas"], strict=True)) == told


def test_touch_ups_are_those_made_unless_the_session_before_was_hidden(world: World) -> None:
    told = sum(s["touch_up"] == "True" for s in visible_sessions(world))
    hidden = sum(s["delivered_as"] == "rows" and bool(s["hidden_by"]) for s in world.truth["sessions"])
    found = int(world.store.treatments["touch_up"].sum())
    assert told > 50
    assert told - hidden <= found <= told


def test_every_row_is_disposed_of_as_the_truth_says(world: World) -> None:
    aside = world.store.set_aside
    kept = {(r.path, r.sheet, r.row): r.disposition for r in aside.itertuples()}
    wrong = [
        (row["path"], row["sheet"], row["row"], row["disposition"], found)
        for row in world.truth["rows"]
        if (found := kept.get((row["path"], row["sheet"], int(row["row"])), "accepted")) != row["disposition"]
    ]
    assert wrong == []


def test_the_row_account_adds_up_for_every_file(world: World) -> None:
    files = world.store.files
    parts = files[["accepted", "duplicate", "superseded", "quarantined", "ignored"]].sum(axis=1)
    assert len(files) > 20
    assert (files["rows_read"] == parts).all()
    aside = world.store.set_aside.groupby(["path", "sheet"]).size()
    held = files.set_index(["path", "sheet"])[["duplicate", "superseded", "quarantined", "ignored"]].sum(axis=1)
    assert (held == aside.reindex(held.index).fillna(0)).all()


def test_counted_episodes_are_within_one_percent_of_the_visible_ones(world: World) -> None:
    told = [e for e in world.truth["episodes"] if e["logged"] == "True" and not e["hidden_by"]]
    counted = int(world.store.episodes["counted"].sum())
    assert len(told) > 200
    assert abs(counted - len(told)) <= max(0.01 * len(told), 3)


def test_each_visible_episode_is_counted_under_its_own_sub_code(world: World) -> None:
    counted = set(world.store.episodes.query("counted")["episode_id"])
    findings = world.store.findings
    own = findings[findings["episode_id"].isin(counted)]
    found = set(zip(own["clinic"], own["event_id"], own["subcode"], strict=True))
    told = [e for e in world.truth["episodes"] if e["logged"] == "True" and not e["hidden_by"]]
    missed = [
        e["episode"]
        for e in told
        if not any((e["clinic"], i, e["subcode"]) in found for i in e["event_ids"].split(";"))
    ]
    assert len(missed) <= max(0.01 * len(told), 3)


def test_every_pressing_episode_stands_on_the_first_screen(world: World) -> None:
    store = world.store
    listed = open_entries(
        store.episodes, store.findings, store.events, store.set_aside, store.injectors, until=store.data_cut
    )
    # an entry is listed once for each episode, under the first row of the log that told of it
    episodes = store.findings.dropna(subset=["episode_id"])
    together = episodes.groupby(["clinic", "episode_id"])["event_id"].agg(set)
    listed_ids = set(zip(listed["clinic"], listed["entry"], strict=True))
    shown = set(listed_ids)
    for (clinic, _), ids in together.items():
        if any((clinic, i) in listed_ids for i in ids):
            shown |= {(clinic, i) for i in ids}
    pressing = [e for e in world.truth["episodes"] if e["triage"] in ("now", "today") and not e["hidden_by"]]
    missed = [e for e in pressing if not any((e["clinic"], i) in shown for i in e["event_ids"].split(";"))]
    assert len(pressing) >= 10
    assert missed == []


def test_a_clinic_month_without_its_events_log_has_no_rate_and_no_zero(world: World, tmp_path: Path) -> None:
    raw, month = tmp_path / "raw", "2026-06"
    shutil.copytree(world.raw, raw)
    (raw / "sim-harbour" / f"events_{month}.csv").unlink()
    ingest(raw, tmp_path / "processed")
    before = _rates(world.store, "Harbour")
    after = _rates(open_store(tmp_path / "processed"), "Harbour")
    assert before[before["month"] == month]["rate"].notna().any()
    own = after[after["month"] == month]
    assert len(own)
    assert own[["rate", "lower", "upper", "numerator", "denominator"]].isna().all(axis=None)
    assert set(own["reason"]) == {"logs not received"}
    others = after["month"] != month
    pd.testing.assert_series_equal(
        after[others]["denominator"].reset_index(drop=True),
        before[before["month"] != month]["denominator"].reset_index(drop=True),
    )


def test_without_that_log_the_group_counts_the_other_clinics_only(world: World, tmp_path: Path) -> None:
    told = [e["month"] for e in world.truth["coverage"] if e["events"] == "missing"]
    assert told == ["2026-02"]
    everyone = _rates(world.store, None).query("measure == 'any_reaction' and month == '2026-02'").iloc[0]
    others = sum(
        s["clinic"] != "Harbour" and s["month"] == "2026-02" and not s["hidden_by"] for s in world.truth["sessions"]
    )
    assert everyone["denominator"] == others


def _rates(store: Store, clinic: str | None) -> pd.DataFrame:
    measures = load_measures()
    return rates(grid(select(store, clinic).counted(), measures.values()), measures, by=["month"])

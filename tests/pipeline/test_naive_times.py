"""Onset, recovery, severity and follow-up of a month's page against plain loops over the store's records."""

import statistics
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

import pandas as pd
import pytest

from analysis import taxonomy
from analysis.schemas import MonthContext
from analysis.store import Store

Record = dict[str, Any]
TABLE = taxonomy.load_taxonomy()
GRADES = {"mild": 0, "moderate": 1, "severe": 2}


@pytest.fixture(scope="module")
def store(larger_store: Store) -> Store:
    return larger_store


@pytest.fixture(scope="module")
def month(larger_month: MonthContext) -> MonthContext:
    return larger_month


def records(frame: pd.DataFrame) -> Iterator[Record]:
    yield from frame.astype(object).where(frame.notna(), None).to_dict("records")


def window_of(month: MonthContext) -> set[str]:
    first, last = month.facts["window_first"], month.facts["window_last"]
    names = {row["month"] for row in records(month.frames["coverage"])}
    return {name for name in names if first <= name <= last}


def sessions_in(store: Store, months: set[str]) -> dict[tuple[str, str], Record]:
    covered = {
        (c["clinic"], c["month"])
        for c in records(store.coverage)
        if c["treatments"] == "received" and c["events"] in ("received", "nil_return")
    }
    return {
        (s["clinic"], s["session_id"]): s
        for s in records(store.treatments)
        if (when := s["treatment_date"].strftime("%Y-%m")) in months and (s["clinic"], when) in covered
    }


@pytest.fixture(scope="module")
def told(store: Store, month: MonthContext) -> dict[str, list[Record]]:
    """Counted linked reactions of the window by category, each with what its entries say."""
    months = window_of(month)
    hair = {
        row["month"]
        for row in records(month.frames["rates_by_month"])
        if row["measure"] == "hair" and not row["provisional"]
    }
    sessions, late = sessions_in(store, months), sessions_in(store, months & hair)
    events = {(e["clinic"], e["event_id"]): e for e in records(store.events)}
    entries: dict[tuple[str, str], set[str]] = defaultdict(set)
    tells_of: dict[tuple[str, str], set[str]] = defaultdict(set)
    for f in records(store.findings):
        if f["final"] and f["episode_id"]:
            entries[f["clinic"], f["episode_id"]].add(f["event_id"])
            tells_of[f["clinic"], f["event_id"]].add(f["episode_id"])
    found: dict[str, list[Record]] = {name: [] for name in taxonomy.CATEGORIES}
    for e in records(store.episodes):
        own = (late if e["category"] == "hair_skin" else sessions).get((e["clinic"], e["session_id"]))
        if not e["counted"] or own is None or TABLE[e["subcode"]].event_class != "reaction":
            continue
        said = [events[e["clinic"], name] for name in entries[e["clinic"], e["episode_id"]]]
        alone = [s for s in said if len(tells_of[s["clinic"], s["event_id"]]) == 1 and s["severity"]]
        field = max((s["severity"] for s in alone), key=GRADES.__getitem__, default=None)
        over = e["status"] == "resolved"
        last = max((s["reported_date"] for s in said if s["reported_date"]), default=e["reported_date"])
        end = (e["resolved_date"] if over else None) or last
        start = e["onset_date"] or own["treatment_date"]
        outcome = any(s["outcome"] not in (None, "unknown") for s in said)
        found[e["category"]].append({
            "onset": (e["onset_date"] - own["treatment_date"]).days if e["onset_date"] else None,
            "grade": e["severity"] or field or "not stated", "over": over, "known": over or outcome,
            "days": max(0, (end - start).days) if end else None,
        })  # fmt: skip
    assert sum(map(len, found.values())) > 25
    return found


def test_onset_is_that_of_plain_loops(month: MonthContext, told: dict[str, list[Record]]) -> None:
    single = defaultdict(Counter)
    for row in records(month.frames["onset_days_by_category"]):
        single[row["category"]][row["day"]] = row["episodes"]
    medians = 0
    for row in records(month.frames["onset_by_category"]):
        own = told[row["category"]]
        days = sorted(e["onset"] for e in own if e["onset"] is not None and e["onset"] >= 0)
        assert (row["episodes"], row["dated"]) == (len(own), len(days))
        assert single[row["category"]] == Counter(days)
        if len(days) < 5:
            assert row["median"] is None
            assert row["reason"]
            continue
        q1, middle, q3 = statistics.quantiles(days, n=4, method="inclusive")
        assert (row["q1"], row["median"], row["q3"], row["latest"]) == pytest.approx((q1, middle, q3, days[-1]))
        medians += 1
    assert medians >= 2


def recovered_by(own: list[Record], day: int) -> float | None:
    """1 less the product over days of recovery of the share still not over, by definition."""
    followed = [e for e in own if e["days"] is not None]
    last = max(e["days"] for e in followed)
    if last < day and not all(e["over"] for e in followed if e["days"] == last):
        return None
    left = 1.0
    for d in range(day + 1):
        at_risk = sum(e["days"] >= d for e in followed)
        ends = sum(e["over"] and e["days"] == d for e in followed)
        left *= 1 - ends / at_risk if at_risk else 1.0
    return 1 - left


def test_recovery_is_that_of_plain_loops(month: MonthContext, told: dict[str, list[Record]]) -> None:
    shares = 0
    for row in records(month.frames["recovery_by_category"]):
        own = [e for e in told[row["category"]] if e["days"] is not None]
        assert row["episodes"] == len(own)
        assert row["recovered"] == sum(e["over"] for e in own)
        assert row["known"] == sum(e["known"] for e in own)
        assert row["followed"] == sum(e["over"] or e["days"] >= row["day"] for e in own)
        wanted = recovered_by(own, row["day"]) if len(own) >= 5 else None
        if wanted is None:
            assert row["share"] is row["lower"] is row["upper"] is None
            assert row["reason"]
            continue
        assert row["share"] == pytest.approx(wanted, abs=1e-12)
        assert row["lower"] <= row["share"] <= row["upper"]
        shares += 0 < row["share"] < 1
    assert shares >= 3


def test_severity_is_that_of_plain_loops_and_adds_up(month: MonthContext, told: dict[str, list[Record]]) -> None:
    for row in records(month.frames["severity_by_category"]):
        assert row["episodes"] == sum(e["grade"] == row["grade"] for e in told[row["category"]])
    table = month.frames["severity_by_category"]
    assert table["episodes"].sum() == sum(map(len, told.values()))
    assert table["episodes"].sum() == month.frames["onset_by_category"]["episodes"].sum()


def test_the_mix_of_follow_up_is_that_of_plain_loops_and_of_page_one(store: Store, month: MonthContext) -> None:
    wanted: Counter[tuple[str, str]] = Counter()
    for (clinic, _), s in sessions_in(store, window_of(month)).items():
        kind = s["followup_kind"]
        if kind == "scheduled" and s["contact_date"] is not None:
            days = (s["contact_date"] - s["treatment_date"]).days
            kind = "scheduled" if 10 <= days <= 28 else "other_days"
        wanted[clinic, kind] += 1
    table = month.frames["followup_mix_by_clinic"]
    found = {(row["clinic"], row["kind"]): row["sessions"] for row in records(table)}
    assert {key: n for key, n in found.items() if n} == dict(wanted)
    assert table["sessions"].sum() == month.facts["followup_sessions"]
    assert found
    assert sum(n for (_, kind), n in found.items() if kind == "scheduled") == month.facts["followup_scheduled"]


def test_counts_and_units_by_area_are_those_of_plain_loops(store: Store, month: MonthContext) -> None:
    sessions = sessions_in(store, window_of(month))
    areas, units = defaultdict(set), Counter()
    for line in records(store.treatment_lines):
        if (key := (line["clinic"], line["session_id"])) in sessions:
            areas[line["area"]].add(key)
            if line["dose_units"] is not None:
                units[line["area"], line["product"] or "unknown"] += line["dose_units"]
    reactions = {
        code for code, entry in TABLE.items() if entry.event_class == "reaction" and entry.category != "hair_skin"
    }
    affected = {
        (e["clinic"], e["session_id"]) for e in records(store.episodes) if e["counted"] and e["subcode"] in reactions
    }
    table = month.frames["rates_by_area"]
    own = [row for row in records(table[table["measure"] == "any_reaction"]) if row["area"] != "unknown"]
    assert len(own) > 8
    for row in own:
        assert (row["denominator"], row["numerator"]) == (len(areas[row["area"]]), len(areas[row["area"]] & affected))
    found = {(row["area"], row["product"]): row["units"] for row in records(month.frames["units_by_area"])}
    assert found == pytest.approx({(area or "unknown", product): n for (area, product), n in units.items()})

"""The frozen expectation against plain loops, and what it does where there is little or nothing."""

from collections import Counter, defaultdict
from pathlib import Path

import pandas as pd
import pytest

from analysis.counting.clinics import Clinics
from analysis.counting.expected import APPLIED, TABLE, apply_expected, expected_table
from analysis.measures import load_measures
from analysis.pipeline.selection import select
from analysis.resources import read_rows, resource
from analysis.store import open_store

MEASURES = load_measures()


@pytest.fixture(scope="module")
def counted(demo_store: Path) -> Clinics:
    return select(open_store(demo_store), None).counted()


@pytest.fixture(scope="module")
def months(counted: Clinics) -> list[str]:
    return sorted(set(counted.coverage["month"]))[:12]


def courses(counted: Clinics) -> list[dict]:
    """One record per course by plain loops: clinic, injector, month, type, areas, groups, asked, sessions."""
    group = {row["area"]: row["group"] for row in read_rows(resource("intake/areas.csv"))}
    areas = defaultdict(set)
    for line in counted.treatment_lines.to_dict("records"):
        if isinstance(line["area"], str):
            areas[line["clinic"], line["session_id"]].add(line["area"])
    found: dict = {}
    for row in sorted(counted.treatments.to_dict("records"), key=lambda r: (r["treatment_date"], r["session_id"])):
        course = found.setdefault((row["clinic"], row["course_id"]), {
            "clinic": row["clinic"], "injector": row["injector"], "month": f"{row['treatment_date']:%Y-%m}",
            "type": row["treatment_type"], "areas": set(), "asked": False, "sessions": set(),
        })  # fmt: skip
        course["areas"] |= areas[row["clinic"], row["session_id"]]
        course["asked"] |= row["followup_kind"] == "scheduled"
        course["sessions"].add(row["session_id"])
    for course in found.values():
        course["group"] = "+".join(sorted({group[area] for area in course["areas"]})) or "unknown"
    return list(found.values())


def naive(counted: Clinics, measure, months: list[str]) -> tuple[dict, dict]:
    """Observed and expected by clinic, injector, month; baseline risk by the finest rung that holds."""
    covered = {
        (c["clinic"], c["month"]) for c in counted.coverage.to_dict("records")
        if c["treatments"] == "received" and c["events"] in ("received", "nil_return")
    }  # fmt: skip
    hits = {
        (e["clinic"], e["session_id"]) for e in counted.episodes.to_dict("records")
        if e["counted"] and e["subcode"] in measure.subcodes
    }  # fmt: skip
    own = [
        c for c in courses(counted)
        if (c["clinic"], c["month"]) in covered and (not measure.areas or measure.areas & c["areas"])
    ]  # fmt: skip
    for c in own:
        c["hit"] = any((c["clinic"], s) in hits for s in c["sessions"])
        asked = c["asked"] and measure.asks
        base = (c["clinic"], asked)
        c["rungs"] = [(*base, c["group"], c["type"]), (*base, c["group"]), base]
    n, k = Counter(), Counter()
    for c in own:
        if c["month"] in months:
            for rung in c["rungs"]:
                n[rung] += 1
                k[rung] += c["hit"]
    observed, expected = Counter(), Counter()
    for c in own:
        rung = next((r for r in c["rungs"] if n[r] >= 30 and k[r] >= 5), None)
        if rung:
            observed[c["clinic"], c["injector"], c["month"]] += c["hit"]
            expected[c["clinic"], c["injector"], c["month"]] += k[rung] / n[rung]
    return observed, expected


def test_observed_and_expected_are_those_of_plain_loops(counted: Clinics, months: list[str]) -> None:
    logged = Clinics(**{**counted.__dict__, "exposure_totals": counted.exposure_totals[:0]})
    table = expected_table(logged, MEASURES, months=months)
    found = apply_expected(logged, table, MEASURES)
    compared = 0
    for name in ("any_reaction", "bruise", "lid_droop", "chewing"):
        observed, expected = naive(logged, MEASURES[name], months)
        own = found[found["measure"] == name]
        for row in own.itertuples():
            key = (row.clinic, row.injector, row.month)
            assert row.observed == observed[key]
            assert row.expected == pytest.approx(expected[key], rel=1e-9, abs=1e-12)
            compared += expected[key] > 0
    assert compared > 20


def test_columns_and_one_row_per_measure_clinic_injector_and_covered_month(counted: Clinics, months: list[str]) -> None:
    table = expected_table(counted, MEASURES, months=months)
    found = apply_expected(counted, table, MEASURES)
    assert list(table.columns) == TABLE
    assert list(found.columns) == APPLIED
    assert not found.duplicated(APPLIED[:4]).any()
    assert not table.duplicated(TABLE[:6]).any()
    assert (table["sessions"] >= 30).all()
    assert (table["events"] >= 5).all()
    assert {"Quayside"} <= set(found["clinic"])


def test_without_a_baseline_nothing_is_expected_and_every_session_is_without_comparator(counted: Clinics) -> None:
    found = apply_expected(counted, expected_table(counted, MEASURES, months=[]), MEASURES)
    assert found["expected"].eq(0).all()
    assert found["observed"].eq(0).all()
    assert found["without_comparator"].sum() > 0


def test_no_sessions_give_empty_frames(counted: Clinics) -> None:
    nothing = Clinics(**{name: frame[:0] for name, frame in counted.__dict__.items()})
    table = expected_table(nothing, MEASURES, months=["2026-01"])
    found = apply_expected(nothing, table, MEASURES)
    assert (len(table), len(found)) == (0, 0)
    assert list(found.columns) == APPLIED


def test_order_of_rows_changes_nothing(counted: Clinics, months: list[str]) -> None:
    turned = Clinics(**{name: frame[::-1].reset_index(drop=True) for name, frame in counted.__dict__.items()})
    table = expected_table(counted, MEASURES, months=months)
    pd.testing.assert_frame_equal(expected_table(turned, MEASURES, months=months), table)
    pd.testing.assert_frame_equal(apply_expected(turned, table, MEASURES), apply_expected(counted, table, MEASURES))

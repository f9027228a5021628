"""Injectors against their colleagues: a naive second implementation, what must never change anything, and next to nothing."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_groups import MONTHS, group, session

from analysis.counting.casemix import CASE_REVIEW, COLUMNS, NO_COMPARATOR, observed_expected
from analysis.counting.clinics import Clinics
from analysis.counting.clustering import chance_seen, design_effect, ratio_limits
from analysis.counting.followup import comparable, completeness
from analysis.counting.intervals import rate_interval
from analysis.measures import load_measures
from analysis.pipeline.ingest import ingest
from analysis.pipeline.selection import select
from analysis.resources import read_rows, resource
from analysis.simulation import write_demo
from analysis.store import open_store

MEASURES = load_measures()
DROOP = {"lid_droop": MEASURES["lid_droop"]}
KEYS = ["measure", "clinic", "injector"]


@pytest.fixture(scope="module")
def counted(tmp_path_factory: pytest.TempPathFactory) -> Clinics:
    folder: Path = tmp_path_factory.mktemp("casemix")
    write_demo(folder, seed=5, sessions=2500)
    ingest(folder / "raw", folder / "processed")
    return select(open_store(folder / "processed"), None).counted()


@pytest.fixture(scope="module")
def months(counted: Clinics) -> list[str]:
    return sorted(set(counted.coverage["month"]))[:14]


def naive(counted: Clinics, measure, months) -> dict:
    """(clinic, injector) → courses, observed, expected, colleagues; plain loops, each course looked up among the colleagues."""
    area_group = {row["area"]: row["group"] for row in read_rows(resource("intake/areas.csv"))}
    covered = {
        (c["clinic"], c["month"]) for c in counted.coverage.to_dict("records")
        if c["treatments"] == "received" and c["events"] in ("received", "nil_return") and c["month"] in months
    }  # fmt: skip
    areas: dict = {}
    for line in counted.treatment_lines.dropna(subset=["area"]).to_dict("records"):
        areas.setdefault((line["clinic"], line["session_id"]), set()).add(line["area"])
    hits = {
        (e["clinic"], e["session_id"]) for e in counted.episodes.to_dict("records")
        if e["counted"] and e["subcode"] in measure.subcodes
    }  # fmt: skip
    courses: dict = {}
    asked, everyone = Counter(), Counter()
    for s in sorted(counted.treatments.to_dict("records"), key=lambda r: (r["treatment_date"], r["session_id"])):
        key, who = (s["clinic"], s["session_id"]), (s["clinic"], s["injector"])
        month = f"{s['treatment_date']:%Y-%m}"
        if (s["clinic"], month) in covered:
            everyone[who] += 1
            asked[who] += s["followup_kind"] == "scheduled"
        course = courses.setdefault(
            (s["clinic"], s["course_id"]),
            {"who": who, "month": month, "type": s["treatment_type"], "areas": set(), "asked": False, "hit": False},
        )
        course["areas"] |= areas.get(key, set())
        course["asked"] |= s["followup_kind"] == "scheduled"
        course["hit"] |= key in hits
    own = [
        c for c in courses.values()
        if (c["who"][0], c["month"]) in covered and (not measure.areas or measure.areas & c["areas"])
    ]  # fmt: skip
    share = {who: asked[who] / everyone[who] for who in everyone}
    answer = {}
    for who in sorted({c["who"] for c in own}):
        beside = {
            o for o in share
            if o != who and o[0] == who[0] and min(share[o], share[who]) >= 0.6 and abs(share[o] - share[who]) <= 0.15
        }  # fmt: skip
        beside &= {c["who"] for c in own}
        n, k = Counter(), Counter()
        for c in own:
            for rung in rungs(c, area_group, measure) if c["who"] in beside else []:
                n[rung] += 1
                k[rung] += c["hit"]
        total = [0, 0, 0.0]
        for c in own:
            rung = next((r for r in rungs(c, area_group, measure) if n[r] >= 30 and k[r] >= 5), None)
            if c["who"] == who and rung:
                total = [total[0] + 1, total[1] + c["hit"], total[2] + k[rung] / n[rung]]
        answer[who] = (*total, len(beside))
    return answer


def rungs(course: dict, area_group: dict, measure) -> list[tuple]:
    groups = "+".join(sorted({area_group[a] for a in course["areas"]})) or "unknown"
    base = (course["who"][0], course["asked"] and measure.asks)
    return [(*base, groups, course["type"]), (*base, groups), base]


@pytest.mark.parametrize("name", ["any_reaction", "bruise", "lid_droop", "headache"])
def test_observed_and_expected_are_those_of_plain_loops(counted: Clinics, months: list[str], name: str) -> None:
    logged = replace(counted, exposure_totals=counted.exposure_totals[:0])
    found = observed_expected(logged, {name: MEASURES[name]}, months=months)
    told = naive(logged, MEASURES[name], months)
    compared = 0
    assert len(found) == len(told)
    for row in found.itertuples():
        courses, observed, expected, beside = told[row.clinic, row.injector]
        assert (row.courses, row.observed, row.compared_with) == (courses, observed, beside)
        if pd.notna(row.expected):
            assert row.expected == pytest.approx(expected, rel=1e-9)
            compared += 1
        if pd.notna(row.ratio):
            assert expected >= 5
            assert row.ratio == pytest.approx(observed / expected, rel=1e-9)
            assert row.lower < row.ratio < row.upper
    assert compared


def test_a_row_has_a_ratio_or_a_reason_and_no_infinite_number(counted: Clinics, months: list[str]) -> None:
    found = observed_expected(counted, MEASURES, months=months)
    assert list(found.columns) == COLUMNS
    assert not found.duplicated(KEYS).any()
    assert (found["ratio"].isna() == found["reason"].notna()).all()
    assert not np.isinf(found.select_dtypes("number").to_numpy(dtype=float)).any()
    thin = found[found["followup"] < 0.6]
    assert len(thin)
    assert thin[["ratio", "expected"]].isna().all(axis=None)
    assert thin["reason"].str.match(r"withheld: .*\d+ % here, \d+ % with the colleagues").all()
    totals = found[found["clinic"] == "Quayside"]
    assert totals["reason"].str.contains("not recorded").all()


def test_order_names_and_injectors_without_sessions_change_nothing(counted: Clinics, months: list[str]) -> None:
    found = observed_expected(counted, MEASURES, months=months).set_index(KEYS)
    turned = Clinics(**{name: frame.sample(frac=1, random_state=2) for name, frame in counted.__dict__.items()})
    again = observed_expected(turned, MEASURES, months=months).set_index(KEYS)
    pd.testing.assert_frame_equal(again, found, rtol=1e-12)
    names = {name: f"n{n}" for n, name in enumerate(sorted(set(counted.treatments["injector"]), reverse=True))}
    called = replace(counted, treatments=counted.treatments.assign(injector=counted.treatments["injector"].map(names)))
    called = observed_expected(replace(called, exposure_totals=counted.exposure_totals[:0]), MEASURES, months=months)
    back = called.assign(injector=called["injector"].map({new: old for old, new in names.items()})).set_index(KEYS)
    plain = observed_expected(replace(counted, exposure_totals=counted.exposure_totals[:0]), MEASURES, months=months)
    pd.testing.assert_frame_equal(back.sort_index(), plain.set_index(KEYS).sort_index(), rtol=1e-12)
    before = counted.treatments["treatment_date"].min() - pd.Timedelta(days=900)
    newcomer = counted.treatments.head(1).assign(
        injector="nobody", session_id="S-x", course_id="S-x", treatment_date=before
    )
    more = replace(counted, treatments=pd.concat([counted.treatments, newcomer], ignore_index=True))
    pd.testing.assert_frame_equal(observed_expected(more, MEASURES, months=months).set_index(KEYS), found)


def many(injector: str, n: int, hits: int, **more) -> list[dict]:
    first = {"x": 0, "y": 10_000, "z": 20_000}[injector]
    return [session(first + i, injector=injector, hit=("F1",) if i < hits else (), **more) for i in range(n)]


def test_a_doubled_rate_beside_two_colleagues_and_its_power() -> None:
    sessions = many("x", 600, 18) + many("y", 600, 9) + many("z", 600, 9)
    row = observed_expected(group(sessions), DROOP, months=MONTHS).set_index("injector").loc["x"]
    assert row["observed"] == 18
    assert (row["expected"], row["ratio"]) == pytest.approx((9, 2))
    assert row["reference_events"] == pytest.approx(18)
    assert row["case_mix_ratio"] == pytest.approx(1)
    assert 0 < row["power_doubled"] < row["power_tripled"] < 1


def test_under_five_expected_is_case_review() -> None:
    found = observed_expected(group(many("x", 100, 4) + many("y", 300, 6)), DROOP, months=MONTHS).set_index("injector")
    assert found.loc["x", "reason"] == CASE_REVIEW
    assert found.loc["x", "expected"] == pytest.approx(2)
    assert found.loc["y", "reason"] == NO_COMPARATOR
    assert np.isnan(found.loc["x", "ratio"])


def test_one_who_asks_and_one_who_does_not_are_not_compared() -> None:
    sessions = many("x", 200, 10) + many("y", 200, 2, followup_kind="none")
    found = observed_expected(group(sessions), DROOP, months=MONTHS).set_index("injector")
    assert found.loc["y", "reason"] == "withheld: scheduled follow-up under 60 % (0 % here, 100 % with the colleagues)"
    assert "more than 15 points apart" in found.loc["x", "reason"]
    assert found["expected"].isna().all()


def test_contact_on_another_day_is_no_follow_up() -> None:
    early = many("x", 10, 0, contact_date=pd.Timestamp("2026-01-13"))
    in_time = many("y", 10, 0, contact_date=pd.Timestamp("2026-01-24"))
    shares = completeness(group(early + in_time + many("z", 10, 0)), months=MONTHS).set_index("injector")["share"]
    assert shares.to_dict() == {"x": 0, "y": 1, "z": 1}


def test_comparable_needs_both_enough_and_alike() -> None:
    beside = comparable(np.array([0.9, 0.76, 0.6, 0.59, np.nan]))
    assert [(i, j) for i, j in zip(*beside.nonzero(), strict=True) if i < j] == [(0, 1), (0, 2)][:1]
    assert not comparable(np.array([0.74, 0.59]))[0, 1]


@pytest.mark.parametrize(
    "sessions",
    [[], many("x", 1, 0), many("x", 50, 0), many("x", 40, 0) + many("y", 40, 0), many("x", 1, 1), many("x", 40, 40) + many("y", 40, 40)],
    ids=["none", "one session", "one injector", "all zero", "one event", "all affected"],
)  # fmt: skip
def test_next_to_nothing(sessions: list[dict]) -> None:
    for clinics in (group(sessions), group(sessions, linked=False), group(sessions, covered=False)):
        found = observed_expected(clinics, MEASURES, months=MONTHS)
        assert (found["ratio"].isna() == found["reason"].notna()).all()
        assert not np.isinf(found.select_dtypes("number").to_numpy(dtype=float)).any()


# Patients who come again


@settings(deadline=None, max_examples=60)
@given(
    hits=st.lists(st.booleans(), min_size=12, max_size=60), risks=st.floats(0.01, 0.6), again=st.integers(2, 10),
    reference=st.floats(5, 500),
)  # fmt: skip
def test_a_patient_with_ten_sessions_widens_and_never_narrows(hits, risks, again, reference) -> None:
    observed = np.array(hits, dtype=float)
    expected = np.full(len(observed), risks)
    alone = np.arange(len(observed))
    together = np.where(alone < again, 0, alone)
    limits = []
    for patients in (alone, together):
        effect = design_effect(np.zeros(len(observed)), patients, observed, expected).iloc[0]
        assert effect >= 1
        limits.append(ratio_limits(observed.sum(), expected.sum(), reference, effect))
    assert limits[1][0] <= limits[0][0] + 1e-9
    assert limits[1][1] >= limits[0][1] - 1e-9


def test_without_repeats_the_design_effect_is_one_and_a_patient_of_two_cases_has_more() -> None:
    observed, expected = [1, 1, 0, 0, 0, 0], [0.2] * 6
    assert design_effect([0] * 6, range(6), observed, expected).iloc[0] == 1
    squares = 2 * (1 - 1 / 3) ** 2 + 4 / 9
    wanted = ((2 * (1 - 1 / 3)) ** 2 + 4 / 9) / squares
    assert design_effect([0] * 6, [0, 0, 2, 3, 4, 5], observed, expected).iloc[0] == pytest.approx(wanted)


def test_with_a_large_reference_the_limits_are_garwoods() -> None:
    assert np.allclose(ratio_limits(7, 5.0, 1e9, 1.0), rate_interval(7, 5.0), rtol=1e-5)
    assert ratio_limits(7, 5.0, 20, 1.0)[0] < rate_interval(7, 5.0)[0]
    assert np.isnan(ratio_limits(7, 0.0, 20, 1.0)).all()


def test_power_is_the_share_of_simulated_counts_whose_lower_limit_is_above_one() -> None:
    told = chance_seen(12.0, 60.0, 1.0, ratio=2.0)[0]
    drawn = np.random.default_rng(3).poisson(24, 40_000)
    assert told == pytest.approx((ratio_limits(drawn, 12.0, 60.0, 1.0)[0] > 1).mean(), abs=0.01)
    assert np.isnan(chance_seen(np.nan, 60.0, 1.0, ratio=2.0)).all()

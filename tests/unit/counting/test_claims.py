"""The article's statements: made-up groups where the answer is known, published figures, and the gates before a verdict."""

import numpy as np
import pandas as pd
import pytest
from small_groups import MONTHS, group, session

from analysis.counting.claims import COLUMNS, VERDICTS, article_claims
from analysis.counting.claims.contrasts import mantel_haenszel, ratio_of_rates
from analysis.counting.claims.evidence import Evidence
from analysis.counting.claims.shares import recovered_by
from analysis.resources import read_toml, resource


def bruised(
    n: int, hits: int, *, start: int = 0, mild: int = 0, graded: bool = True, over: bool = True, **more
) -> list[dict]:
    """Sessions of which `hits` have a bruise, `mild` of them mild; recovered on day 7 of the bruise, or left open."""
    day = pd.Timestamp("2026-01-10")
    found = []
    for i in range(n):
        end = {"status": "resolved", "resolved": day + pd.Timedelta(days=9)} if over else {}
        grade = {"severity": "mild" if i < mild else "moderate"} if graded else {}
        bad = {"hit": ("B1",), "category": "bruise", **grade, **end} if i < hits else {}
        found.append(session(start + i, treatment_date=day, **bad, **more))
    return found


def claims(sessions: list[dict], **more) -> pd.DataFrame:
    return article_claims(group(sessions, **more), months=MONTHS).set_index("claim")


def test_twenty_one_rows_in_the_articles_order_whatever_there_is() -> None:
    for sessions in ([], bruised(1, 0), bruised(1, 1), bruised(40, 0), bruised(40, 40)):
        for more in ({}, {"linked": False}, {"covered": False}):
            found = article_claims(group(sessions, **more), months=MONTHS)
            assert list(found.columns) == COLUMNS
            assert found["claim"].tolist() == list(range(1, 22))
            assert set(found["verdict"]) <= set(VERDICTS)
            assert found["why"].notna().all()
            assert not np.isinf(found.select_dtypes("number").to_numpy(dtype=float, na_value=np.nan)).any()
            refused = found["verdict"] == "not estimable"
            assert found.loc[refused, "claim"].tolist() == [7, 9, 16, 17, 19, 21]


def test_a_clear_case_is_supported_and_its_mirror_contradicted() -> None:
    found = claims(bruised(900, 90, mild=88))
    assert found.loc[[1, 2, 3, 4], "verdict"].tolist() == ["supported"] * 4
    assert found.loc[1, "effect"] == pytest.approx(0.1)
    assert found.loc[2, "effect"] == pytest.approx(88 / 90)
    assert found.loc[3, "effect"] == 1
    worse = claims(bruised(900, 90, mild=2))
    assert worse.loc[2, "verdict"] == "contradicted"


def test_without_follow_up_there_is_no_verdict_and_the_figure_is_named() -> None:
    found = claims(bruised(700, 70, mild=69) + bruised(300, 30, start=5000, mild=30, followup_kind="none"))
    tested = found[~found["verdict"].eq("not estimable")]
    assert tested["verdict"].eq("cannot tell").all()
    assert tested.loc[2, "why"].endswith("no verdict: scheduled follow-up 70 %, needed 80 %")
    assert found.loc[2, "effect"] == pytest.approx(0.99)


def test_a_field_that_is_mostly_blank_forbids_the_verdict() -> None:
    found = claims(bruised(900, 60, mild=60) + bruised(300, 30, start=5000, graded=False))
    assert found.loc[2, "verdict"] == "cannot tell"
    assert "filled in 67 %, needed 70 %" in found.loc[2, "why"]


def test_open_cases_are_censored_and_neither_recovered_nor_failures() -> None:
    found = claims(bruised(900, 60, mild=60) + bruised(300, 15, start=5000, mild=15, over=False))
    assert found.loc[3, "effect"] == 1
    assert found.loc[3, "filled"] == pytest.approx(0.8)
    none = claims(bruised(300, 15, mild=15, over=False))
    assert np.isnan(none.loc[3, "effect"])
    assert none.loc[3, "lower"] == 0
    assert none.loc[3, "verdict"] == "cannot tell"


def test_a_share_by_an_earlier_day_is_not_printed_as_that_of_the_day_asked_for() -> None:
    found = claims(bruised(900, 30, mild=30) + bruised(300, 30, start=5000, mild=30, over=False, lag=39))
    assert found.loc[3, "effect"] == pytest.approx(0.5)
    early = claims(bruised(900, 30, mild=30) + bruised(300, 30, start=5000, mild=30, over=False, lag=12)).loc[3]
    assert np.isnan(early["effect"])
    assert 0 < early["lower"] < 0.5
    assert "none followed beyond day 10, by when 50 % had recovered: at least so many by day 14" in early["why"]


def test_rare_is_judged_on_the_upper_limit() -> None:
    few = claims(bruised(4000, 0))
    assert few.loc[11, "effect"] == 0
    assert few.loc[11, "verdict"] == "cannot tell"
    assert "6,394 sessions without a case would be needed" in few.loc[11, "why"]
    assert claims(bruised(6500, 0)).loc[11, "verdict"] == "supported"
    often = bruised(500, 0) + [session(90_000 + i, hit=("S2",), category="systemic") for i in range(20)]
    assert claims(often).loc[11, "verdict"] == "contradicted"


def test_blood_thinners_within_strata_and_never_advice_to_stop_one() -> None:
    rows = [
        *bruised(400, 60, blood_thinner=True), *bruised(400, 20, start=5000, blood_thinner=False),
        *bruised(300, 15, start=10_000, blood_thinner=True, clinic="B"), *bruised(300, 5, start=15_000, blood_thinner=False, clinic="B"),
    ]  # fmt: skip
    found = claims(rows)
    assert found.loc[5, "effect"] == pytest.approx(3)
    assert found.loc[5, "verdict"] == "supported"
    assert found.loc[[5, 6], "note"].eq("Not a reason to stop a prescribed medicine.").all()


def test_a_trend_with_dose_needs_cases_where_doses_differ() -> None:
    rows = []
    for k, (ratio, hits) in enumerate([(0.8, 4), (1.0, 12), (1.2, 36)]):
        rows += [
            session(1000 * k + i, dose_ratio=ratio, product="p", hit=("F1",) if i < hits else ()) for i in range(400)
        ]
    found = claims(rows)
    assert found.loc[8, "verdict"] == "supported"
    assert found.loc[8, "effect"] > 1.3
    same = claims([{**row, "dose_ratio": 1.0} for row in rows])
    assert "under 10" in same.loc[8, "why"]
    assert np.isnan(same.loc[8, "effect"])


def test_medical_against_cosmetic_use() -> None:
    rows = [
        session(k * 10_000 + i, treatment_type=kind, hit=("S2",) if i < hits else (), category="systemic")
        for k, (kind, n, hits) in enumerate([("cosmetic", 1000, 2), ("migraine", 500, 15)]) for i in range(n)
    ]  # fmt: skip
    found = claims(rows)
    assert found.loc[12, "effect"] == pytest.approx(15)
    assert found.loc[12, "verdict"] == "supported"
    none = claims([row if row["treatment_type"] == "migraine" else {**row, "hit": ()} for row in rows])
    assert none.loc[12, "verdict"] == "supported"
    assert np.isnan(none.loc[12, "effect"])
    assert "no upper limit" in none.loc[12, "why"]


def repeated(people: int, visits: int, ill: int, *, kind: str, start: int) -> list[dict]:
    """Patients who come often, of whom `ill` have trouble at every second visit."""
    return [
        session(
            start + 100 * p + v, patient_key=f"P{start}-{p}", treatment_type=kind, category="systemic",
            hit=("S2",) if p < ill and v % 2 else (),
        )
        for p in range(people) for v in range(visits)
    ]  # fmt: skip


def test_a_few_patients_who_come_often_decide_nothing_between_uses() -> None:
    # 8 patients of 60 against 2 of 60, at every second of eight visits: 32 against 8 cases, but 10 people
    rows = repeated(60, 8, 8, kind="migraine", start=0) + repeated(60, 8, 2, kind="cosmetic", start=50_000)
    found = claims(rows).loc[12]
    assert found["effect"] == pytest.approx(4)
    assert found["verdict"] == "cannot tell"
    assert found["lower"] < 1
    apart = claims([{**row, "patient_key": row["session_id"]} for row in rows]).loc[12]
    assert (apart["verdict"], apart["effect"]) == ("supported", found["effect"])


def test_uses_that_are_alike_are_seldom_told_apart_when_patients_differ() -> None:
    draw, decided = np.random.default_rng(1), 0
    for _ in range(60):
        sessions, ill = [], []
        for kind in ("cosmetic", "migraine"):
            for p in range(60):
                risk = 0.5 if draw.random() < 0.1 else 0.0
                for v in range(8):
                    sessions.append({"clinic": "A", "session_id": f"{kind}{p}-{v}", "patient": f"{kind}{p}", "asked": True,
                                     "treatment_type": kind, "areas": "glabella", "area_group": "a"})  # fmt: skip
                    sessions[-1]["number"] = len(sessions) - 1
                    if draw.random() < risk:
                        ill.append({**sessions[-1], "subcode": "S2"})
        evidence = Evidence(pd.DataFrame(sessions), pd.DataFrame(ill), 0.95, 0.001)
        answer = ratio_of_rates(evidence, {"split": "medical", "category": "systemic"})
        decided += answer.points is not None
    assert decided <= 6  # 24 when every session counted as a patient of its own


def test_shares_of_a_patients_many_episodes_are_less_certain() -> None:
    # twelve patients with eight bruises each; those of a patient are alike
    rows = [
        {**row, "patient_key": f"P{n // 8}", "session_id": f"S{n:05}", "severity": "mild" if n // 8 < 8 else "moderate"}
        for n, row in enumerate(bruised(96, 96))
    ]  # fmt: skip
    for row in rows[72:]:
        row["resolved"] = row["resolved"] + pd.Timedelta(days=60)
    together, apart = claims(rows), claims([{**row, "patient_key": row["session_id"]} for row in rows])
    for claim in (2, 3):
        assert together.loc[claim, "effect"] == apart.loc[claim, "effect"]
        wide, narrow = (table.loc[claim, "upper"] - table.loc[claim, "lower"] for table in (together, apart))
        assert 2 < wide / narrow < np.sqrt(8) + 0.1, claim


def test_order_of_rows_changes_nothing() -> None:
    clinics = group(
        bruised(300, 30, mild=20, blood_thinner=True) + bruised(300, 12, start=5000, mild=6, blood_thinner=False)
    )
    turned = type(clinics)(**{name: frame[::-1].reset_index(drop=True) for name, frame in clinics.__dict__.items()})
    first, second = (article_claims(frames, months=MONTHS) for frames in (clinics, turned))
    pd.testing.assert_frame_equal(first, second, rtol=1e-10)


# Estimators against published figures


def test_kaplan_meier_of_the_leukaemia_trial() -> None:
    # Freireich et al. (1963), 21 patients on 6-mercaptopurine, weeks of remission; S(10) = 0.753, S(22) = 0.538 (Kalbfleisch, Prentice)
    weeks = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
    ended = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]
    for week, share in ((10, 0.753), (22, 0.538)):
        told, lower, upper = recovered_by(pd.Series(weeks), pd.Series(ended).astype(bool), week)
        assert told == pytest.approx(1 - share, abs=0.0005)
        assert lower < told < upper


def test_recovered_by_without_censoring_is_a_plain_share_with_exact_limits() -> None:
    told, lower, upper = recovered_by(pd.Series([1, 2, 3, 30]), pd.Series([True] * 4), 10)
    assert told == pytest.approx(0.75)
    assert (lower, upper) == pytest.approx((0.1941204496, 0.9936905367), rel=1e-6)
    assert np.isnan(recovered_by(pd.Series([1, 2]), pd.Series([True, False]), 10)[0])


def test_recovery_with_everybody_twice_is_that_of_half_as_many() -> None:
    days, over = pd.Series([1, 2, 3, 30, 8, 9, 20, 12]), pd.Series([True, True, True, False, True, False, True, True])
    once = recovered_by(days, over, 10)
    twice = recovered_by(pd.concat([days, days]), pd.concat([over, over]), 10, patients=[*range(8), *range(8)])
    assert twice == pytest.approx(once, rel=1e-9)


def test_mantel_haenszel_by_hand() -> None:
    # two strata: 10/100 against 5/100, and 8/50 against 10/100
    parts = [("A", True, 10, 100), ("A", False, 5, 100), ("B", True, 8, 50), ("B", False, 10, 100)]
    rows = pd.DataFrame(
        [
            {"clinic": c, "asked": True, "area_group": "a", "exposed": e, "hit": float(i < k)}
            for c, e, k, n in parts
            for i in range(n)
        ]
    )
    ratio, _ = mantel_haenszel(rows)
    assert ratio == pytest.approx((10 * 100 / 200 + 8 * 100 / 150) / (5 * 100 / 200 + 10 * 50 / 150), rel=1e-12)
    assert np.isnan(mantel_haenszel(rows.assign(hit=0.0))[1])


def test_statements_are_data_with_a_known_kind_and_no_advice() -> None:
    table = read_toml(resource("claims.toml"))["claim"]
    assert [claim["n"] for claim in table] == list(range(1, 22))
    words = " ".join(str(value) for claim in table for value in claim.values()).lower()
    assert "should stop" not in words
    assert "must stop" not in words

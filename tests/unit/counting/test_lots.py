"""Lots and injectors told apart on made-up groups where one of the two is the cause."""

import numpy as np
import pytest
from small_groups import MONTHS, group, session

from analysis.counting.lots import CASE_REVIEW, COLUMNS, NO_COMPARATOR, lots
from analysis.measures import load_measures, lot_measures

DROOP = {"lid_droop": load_measures()["lid_droop"]}


def made(rate: dict[tuple[str, str], int], n: int = 100) -> list[dict]:
    """`n` sessions of each injector with each lot, so many of them with lid droop."""
    found = []
    for k, ((injector, lot), hits) in enumerate(rate.items()):
        found += [
            session(1000 * k + i, injector=injector, lot=lot, product="p", hit=("F1",) if i < hits else ())
            for i in range(n)
        ]
    return found


def test_a_lot_shows_beside_the_same_injectors_and_not_beside_the_same_lot() -> None:
    cells = {(who, lot): 24 if lot == "L3" else 6 for who in "xyz" for lot in ("L1", "L2", "L3")}
    found = lots(group(made(cells)), DROOP, months=MONTHS).set_index(["lot", "injector"])
    assert found.loc[("L3", "all"), "ratio"] == pytest.approx(4)
    assert found.loc[("L3", "all"), "lower"] > 1
    assert found.loc[("all", "x"), "ratio"] == pytest.approx(1)
    assert found.loc[("L3", "x"), ["observed", "expected_lot", "expected_injector"]].tolist() == pytest.approx(
        [24, 6, 24]
    )


def test_an_injector_shows_the_other_way_round() -> None:
    cells = {(who, lot): 24 if who == "x" else 6 for who in "xyz" for lot in ("L1", "L2", "L3")}
    found = lots(group(made(cells)), DROOP, months=MONTHS).set_index(["lot", "injector"])
    assert found.loc[("all", "x"), "ratio"] == pytest.approx(4)
    assert found.loc[("L3", "all"), "ratio"] == pytest.approx(1)


def test_who_is_not_asked_is_not_held_against_who_is() -> None:
    cells = made({(who, "L1"): 24 if who == "x" else 6 for who in "xy"})
    told = [{**s, "followup_kind": "none"} if s["injector"] == "y" else s for s in cells]
    found = lots(group(told), DROOP, months=MONTHS).set_index(["lot", "injector"])
    assert found.loc[("all", "x"), "reason"] == NO_COMPARATOR


def test_the_ratio_is_of_the_cases_printed_beside_it() -> None:
    # z works with one lot only, so that nobody's other lots speak for her sessions
    cells = {("x", "L1"): 12, ("x", "L2"): 6, ("z", "L1"): 9}
    found = lots(group(made(cells)), DROOP, months=MONTHS).set_index(["lot", "injector"])
    row = found.loc[("L1", "all")]
    assert (row["sessions"], row["observed"], row["judged"], row["observed_judged"]) == (200, 21, 100, 12)
    assert row["ratio"] == pytest.approx(row["observed_judged"] / row["expected_lot"])
    assert found.loc[("L1", "x"), ["judged", "observed_judged"]].isna().all()


def test_next_to_nothing() -> None:
    assert list(lots(group([]), lot_measures(), months=MONTHS).columns) == COLUMNS
    few = lots(group(made({("x", "L1"): 1, ("x", "L2"): 30})), DROOP, months=MONTHS).set_index(["lot", "injector"])
    assert few.loc[("L2", "all"), "reason"] == NO_COMPARATOR
    under = lots(group(made({("x", "L1"): 1, ("x", "L2"): 9}, n=50)), DROOP, months=MONTHS).set_index(
        ["lot", "injector"]
    )
    assert under.loc[("L1", "all"), "ratio"] == pytest.approx(1 / 9)
    small = made({("x", "L2"): 9}, n=300) + [session(90_000 + i, lot="L9", product="p") for i in range(10)]
    row = lots(group(small), DROOP, months=MONTHS).set_index(["lot", "injector"]).loc[("L9", "all")]
    assert (row["reason"], np.isnan(row["ratio"])) == (CASE_REVIEW, True)
    for clinics in (group(made({("x", "L1"): 3}), linked=False), group(made({("x", "L1"): 3}), covered=False)):
        found = lots(clinics, lot_measures(), months=MONTHS)
        assert found["ratio"].isna().all()

"""Units of the monitor: what must not change them, and what they say where there is little or nothing."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from analysis.monitoring.monitors import ALONE, COLUMNS, LEARNING, NONE_THERE, TOO_RARE, logs_alike, monitor_units
from analysis.monitoring.settings import load_watch
from analysis.periods import month_range

WATCH = load_watch()
MONTHS = list(month_range("2025-01", "2026-06"))
MEASURES = list(dict.fromkeys(line.measure for line in WATCH.monitors))
LAST, STARTS = dict.fromkeys(MEASURES, "2026-04"), dict.fromkeys(MEASURES, "2025-01")
SHARES = {"North": 0.5, "South": 0.55}
KEYS = ["measure", "clinic", "injector", "month"]


def group(seed=1, people=(("North", "a"), ("North", "b"), ("South", "c"), ("South", "d")), rate=0.02, times=None):
    rng, rows = np.random.default_rng(seed), []
    for measure in MEASURES:
        for clinic, injector in people:
            for month in MONTHS:
                sessions = int(rng.poisson(50))
                raised = (times or {}).get((measure, injector), 1.0)
                rows.append(
                    (
                        measure,
                        clinic,
                        injector,
                        month,
                        sessions,
                        int(rng.poisson(sessions * rate * raised)),
                        sessions * rate,
                    )
                )
    frame = pd.DataFrame(rows, columns=[*KEYS, "sessions", "observed", "expected"])
    return frame.astype(dict.fromkeys(KEYS, "str"))


def units(frame, shares=SHARES, power=False, starts=STARTS):
    return monitor_units(frame, shares, WATCH, last=LAST, starts=starts, power=power)


def test_a_tripled_rate_is_found_and_nobody_else():
    found = units(group(times={("lid_droop", "a"): 4.0}), power=True)
    fired = found[found["signal"]]
    assert fired[["line", "clinic", "injector"]].to_numpy().tolist() == [["lid_droop more injector", "North", "a"]]
    row = fired.iloc[0]
    assert row["lower"] > 1
    assert row["lower"] < row["size"] < row["upper"]
    assert row["observed"] > row["expected"] > 0
    assert 0 <= row["power_2"] <= row["power_3"] <= 1
    assert (row["from_month"], row["to_month"]) == ("2025-07", "2026-06")


def test_silence_is_found_in_closed_months():
    frame = group(rate=0.06)
    quiet = (frame["measure"] == "any_reaction") & (frame["injector"] == "c") & (frame["month"] >= "2025-10")
    found = units(frame.assign(observed=frame["observed"].mask(quiet, 0)))
    fired = found[found["signal"]]
    assert fired[["line", "injector"]].to_numpy().tolist() == [["any_reaction few injector", "c"]]
    assert set(fired["to_month"]) == {"2026-04"}
    assert fired["upper"].tolist() < [1.0]


def by_unit(found):
    return found.sort_values(["line", "clinic", "injector"], ignore_index=True)


@settings(max_examples=5, deadline=None)
@given(seed=st.integers(0, 50), order=st.randoms())
def test_order_and_splitting_of_rows_change_nothing(seed, order):
    frame = group(seed)
    whole = units(frame)
    rows = list(frame.index)
    order.shuffle(rows)
    pd.testing.assert_frame_equal(units(frame.loc[rows]), whole, rtol=1e-9)
    halves = [
        frame.assign(**{name: part(frame[name]) for name in ("sessions", "observed", "expected")})
        for part in (lambda v: v // 2, lambda v: v - v // 2)
    ]
    pd.testing.assert_frame_equal(units(pd.concat(halves)), whole, rtol=1e-9)


@settings(max_examples=4, deadline=None)
@given(seed=st.integers(0, 50))
def test_names_do_not_matter(seed):
    frame = group(seed, times={("lid_droop", "a"): 3.0})
    names = {"a": "z", "b": "y", "c": "x", "d": "w"}
    renamed = units(frame.assign(injector=frame["injector"].map(names).astype("str")))
    back = {new: old for old, new in names.items()}
    renamed = renamed.assign(injector=renamed["injector"].map(back).astype("str"))
    pd.testing.assert_frame_equal(by_unit(renamed), by_unit(units(frame)), rtol=1e-9)


@settings(max_examples=4, deadline=None)
@given(seed=st.integers(0, 50))
def test_an_injector_without_sessions_changes_nothing(seed):
    frame = group(seed)
    idle = frame[frame["injector"] == "a"].assign(injector="idle", sessions=0, observed=0, expected=0.0)
    idle["injector"] = idle["injector"].astype("str")
    found = units(pd.concat([frame, idle]), power=True)
    own = found[found["injector"] == "idle"]
    assert own["reason"].eq("no sessions").all()
    assert not own["signal"].any()
    assert own[["expected", "size", "lower", "upper", "e_value", "power_2", "power_3"]].isna().all(axis=None)
    rest = found[found["injector"] != "idle"].reset_index(drop=True)
    pd.testing.assert_frame_equal(rest, units(frame, power=True), rtol=1e-9)


def test_clinics_with_unlike_follow_up_are_not_compared():
    alone = units(group(people=(("North", "a"), ("South", "c"))), shares={"North": 0.9, "South": 0.2})
    assert alone["reason"].eq(ALONE).all()
    unknown = units(group(people=(("North", "a"), ("South", "c"))), shares={})
    assert unknown["reason"].eq(ALONE).all()
    alike = units(group(people=(("North", "a"), ("South", "c"))), shares={"North": 0.35, "South": 0.2})
    assert alike["reason"].isna().all()


@pytest.mark.parametrize(
    ("frame", "reason"),
    [
        (group().assign(observed=0), NONE_THERE),
        (group().assign(observed=0, expected=0.0), TOO_RARE),
        (group(people=(("North", "a"),)), ALONE),
    ],
    ids=["no event", "never expected", "one injector"],
)
def test_where_nothing_can_be_said_the_row_stays_and_says_why(frame, reason):
    found = units(frame, power=True)
    assert set(found["reason"]) == {reason}
    assert not found["signal"].any()
    numbers = found.select_dtypes("float64")
    assert not np.isinf(numbers.to_numpy()).any()


def test_learning_empty_and_one_month():
    learning = units(group(), starts=dict.fromkeys(MEASURES))
    assert learning["reason"].eq(LEARNING).all()
    assert learning["size"].isna().all()
    nothing = units(group().iloc[:0])
    assert list(nothing.columns) == COLUMNS
    assert nothing.empty
    one = units(group()[lambda rows: rows["month"] == "2026-03"], power=True)
    assert one["reason"].isna().any()
    assert not one["signal"].any()


def test_missing_months_are_said_nothing_about():
    frame = group()
    gone = frame[~((frame["clinic"] == "South") & (frame["month"] == "2026-01"))]
    found = units(gone)
    assert (found["sessions"].fillna(0) <= units(frame)["sessions"].fillna(0)).all()
    assert found["reason"].isna().all()


def test_a_clinic_that_logs_more_is_compared_with_itself_alone():
    frame = group(rate=0.06)
    south = frame["clinic"] == "South"
    halved = frame.assign(observed=frame["observed"].where(~south, frame["observed"] // 2))
    assert not units(halved)["signal"].any()
    one_each = units(halved[halved["injector"].isin(["a", "c"])])
    assert one_each["reason"].eq(ALONE).all()


@pytest.mark.parametrize(
    ("seen", "alike"), [((100, 100), True), ((100, 130), True), ((100, 200), False), ((0, 2), True)]
)
def test_logging_alike_by_an_exact_test(seen, alike):
    found = logs_alike(np.array(seen, dtype=float), np.array([100.0, 100.0]), level=0.01)
    p = stats.binomtest(seen[0], sum(seen), 0.5).pvalue
    assert found[0, 1] == found[1, 0] == alike == (p >= 0.01)
    assert found.diagonal().all()
    assert logs_alike(np.array([5.0, 0.0]), np.array([1.0, 0.0]), level=0.01).all()

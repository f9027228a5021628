import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from analysis.monitoring.spc import control_chart

# Simulated months, two of them without sessions, and what qicharts2 0.8.1 makes of them (3-sigma limits of month 1).
EVENTS = [2, 1, 0, 3, 1, 0, 2, 4, 1, 0, 0, 2, 1, 3, 0, 6, 1, 2, 0, 1]
SESSIONS = [40, 35, 0, 42, 38, 21, 30, 44, 25, 18, 0, 36, 28, 41, 12, 39, 33, 40, 15, 22]
QICHARTS2 = {
    "u": (0.05366726296958855, 0, 0.16355417833332703),
    "p": (0.05366726296958855, 0, 0.16056485306104876),
    "up": (0.05366726296958855, 0, 0.16937591778140976),
    "pp": (0.05366726296958855, 0, 0.16937591778140973),
    "c": (1.5, 0, 5.174234614174766),
    "run": (0.042727272727272725, np.nan, np.nan),
}


@pytest.mark.parametrize("kind", QICHARTS2)
def test_small_series(kind):
    found = control_chart(pd.DataFrame({"events": EVENTS, "exposure": SESSIONS}), kind=kind)
    assert_allclose(found.loc[0, ["centre", "lower", "upper"]].astype(float), QICHARTS2[kind], rtol=1e-9, atol=1e-12)
    assert len(found) == 20
    if kind != "c":
        assert found["value"].isna().to_numpy().nonzero()[0].tolist() == [2, 10]


def test_g_chart_centre_is_the_median_and_limits_come_from_the_mean():
    found = control_chart(pd.DataFrame({"between": [0, 10, 23, 23, 100]}), kind="g").iloc[0]
    mean = 156 / 5
    assert_allclose([found["centre"], found["lower"], found["upper"]], [23, 0, mean + 3 * np.sqrt(mean * (mean + 1))])


def test_t_chart_counts_two_on_one_day_as_two():
    days = [3, 0, 12, 40, 7]
    found = control_chart(pd.DataFrame({"between": days}), kind="t")
    rooted = np.maximum(days, 0.5) ** (1 / 3.6)
    reach = 3 * np.abs(np.diff(rooted)).mean() / 1.128
    assert_allclose(found["upper"], (rooted.mean() + reach) ** 3.6)
    assert_allclose(found["lower"], max(rooted.mean() - reach, 0) ** 3.6)
    assert found["value"].tolist() == [3, 0.5, 12, 40, 7]


def test_sigma_z_below_one_is_kept():
    # Rates far steadier than chance: limits must come out narrower than those of the u chart.
    frame = pd.DataFrame({"events": [10, 11, 10, 9, 10, 11, 10, 9], "exposure": [100] * 8})
    assert (control_chart(frame, kind="up")["upper"] < control_chart(frame, kind="u")["upper"]).all()


def test_rare_events_carry_a_caution():
    frame = pd.DataFrame({"events": [0] * 9 + [1] + [0] * 5, "exposure": [20, 25, 18, 30, 22] * 3})
    for kind in ("u", "up", "p", "pp", "c", "run"):
        found = control_chart(frame, kind=kind)
        assert "g or t chart" in found.attrs["caution"]
        assert found["signal"].sum() <= 1


def _groups(reference):
    keys = ["dataset", "chart", "screened_mr", "freeze", "variant"]
    points = reference("06_spc_charts/expected_points.csv")
    points = points[points["chart"].isin(["run", "u", "p", "up", "pp", "c", "g", "t"])]
    return points.groupby(keys, dropna=False)


def _given(reference, dataset, chart, variant):
    if chart not in ("g", "t"):
        counts = reference("06_spc_charts/input_counts.csv").query("dataset == @dataset")
        return counts.rename(columns={"y": "events", "n": "exposure"})
    column = {"days": "days", "excl_event": "opportunities_excl_event", "incl_event": "opportunities_incl_event"}[
        variant
    ]
    return (
        reference("06_spc_charts/input_between_events.csv")
        .query("dataset == @dataset")
        .rename(columns={column: "between"})
    )


def test_reference_set(reference):
    seen = 0
    for (dataset, chart, screened, freeze, variant), points in _groups(reference):
        found = control_chart(
            _given(reference, dataset, chart, variant),
            kind=chart,
            baseline=None if pd.isna(freeze) else int(freeze),
            screened=str(screened).lower() == "true",
        )
        for ours, theirs in {"value": "value", "centre": "cl", "lower": "lcl", "upper": "ucl"}.items():
            assert_allclose(
                found[ours],
                points[theirs],
                rtol=1e-9,
                atol=1e-12,
                err_msg=f"{dataset} {chart} {screened} {variant} {ours}",
            )
        if chart != "run":
            assert (found["signal"].to_numpy() == points["signal"].astype(bool).to_numpy()).all(), (dataset, chart)
        seen += 1
    assert seen == 87

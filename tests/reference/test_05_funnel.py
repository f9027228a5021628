import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from analysis.monitoring.funnel import funnel

LIMITS = {"lower95": "lcl95", "upper95": "ucl95", "lower998": "lcl998", "upper998": "ucl998"}
DATA = ["medpar", "uti_hospital_quarter"]

# Interpolated Poisson limits at an expected count (Spiegelhalter 2005, Stat Med 24:1185-1202, appendix), evaluated with R's
# qpois, ppois and dpois: expected, lower95, upper95, lower998, upper998
INTERPOLATED = [
    (1.0, 0, 2.901948696485415, 0, 4.867625595670334),
    (5.0, 0.10841315910257658, 1.8753117175325542, 0, 2.554270756327973),
    (50.0, 0.7224344700191486, 1.276609833754678, 0.5824563298296314, 1.4550281703123857),
    (1000.0, 0.93799914431638, 1.0619495993502104, 0.9032107675775349, 1.0986423564826102),
]


def test_interpolated_limits_by_expected():
    table = pd.DataFrame(INTERPOLATED, columns=["expected", *LIMITS])
    found = funnel(table[["expected"]].assign(observed=table["expected"]), overdispersion="none")
    assert_allclose(found[list(LIMITS)], table[list(LIMITS)], rtol=1e-9, atol=1e-12)


def test_additive_limits_in_a_case_worked_by_hand():
    # Two units, z = +-4, nothing drawn in: phi = 16; w = 400 each; tau2 = (2 x 16 - 1) / (800 - 400) = 0.0775
    frame = pd.DataFrame({"observed": [144.0, 64.0], "expected": [100.0, 100.0]})
    found = funnel(frame, overdispersion="additive", winsorise=0)
    assert_allclose([found.attrs["phi"], found.attrs["tau2"]], [16, 0.0775], rtol=1e-12)
    reach = 1.959963984540054 * np.sqrt(1 / 400 + 0.0775)
    assert_allclose(found["upper95"], (1 + reach) ** 2, rtol=1e-12)
    assert_allclose(found["lower95"], (1 - reach) ** 2, rtol=1e-12)


def test_reference_interpolated_limits(reference):
    table = reference("05_funnel/expected_poisson_limits_by_E.csv")
    found = funnel(table[["expected"]].assign(observed=1), overdispersion="none")
    for ours, theirs in LIMITS.items():
        assert_allclose(found[ours], table[f"{theirs}_interp"], rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("data", DATA)
def test_reference_additive(reference, data):
    found = funnel(reference(f"05_funnel/input_{data}.csv"), overdispersion="additive").set_index("unit")
    units = reference("05_funnel/expected_units.csv").query("dataset == @data and sr_method == 'CQC'").set_index("unit")
    summary = reference("05_funnel/expected_summary.csv").query("dataset == @data and sr_method == 'CQC'").iloc[0]
    powerbi = reference(f"05_funnel/expected_powerbi_funnels_SR_{data}.csv").set_index("unit").loc[found.index]
    units = units.loc[found.index]
    assert_allclose([found.attrs["phi"], found.attrs["tau2"]], [summary["phi"], summary["tau2"]], rtol=1e-9)
    for ours, theirs in LIMITS.items():
        assert_allclose(found[ours], powerbi[f"od_{theirs}"], rtol=1e-9, atol=1e-12)
        assert_allclose(found[ours], units[f"od_{theirs}_backtransformed"], rtol=1e-6, atol=1e-12)  # rounded z there
    outside = ~found["position"].eq("inside")
    assert (outside == units["od_flag95_backtransformed"].astype(bool)).all()
    far = found["position"].isin(["high998", "low998"])
    assert (far == units["od_flag998_backtransformed"].astype(bool)).all()


@pytest.mark.parametrize("data", DATA)
def test_auto_is_additive_from_twenty_units_on(reference, data):
    frame = reference(f"05_funnel/input_{data}.csv")
    pd.testing.assert_frame_equal(funnel(frame), funnel(frame, overdispersion="additive"))
    pd.testing.assert_frame_equal(funnel(frame.head(19)), funnel(frame.head(19), overdispersion="none"))

import numpy as np
from numpy.testing import assert_allclose

from analysis.monitoring.multiplicity import benjamini_hochberg

# Benjamini and Hochberg (1995), J R Stat Soc B 57:289-300, section 3.2: at q = 0.05 the first four are rejected
BH_1995 = [
    0.0001,
    0.0004,
    0.0019,
    0.0095,
    0.0201,
    0.0278,
    0.0298,
    0.0344,
    0.0459,
    0.3240,
    0.4262,
    0.5719,
    0.6528,
    0.7590,
    1.0,
]


def test_published_example():
    adjusted = benjamini_hochberg(BH_1995)
    assert (adjusted <= 0.05).sum() == 4
    assert_allclose(adjusted[:4], [0.0015, 0.003, 0.0095, 0.035625], rtol=1e-12)


def test_missing_is_kept_and_not_counted():
    assert_allclose(benjamini_hochberg([np.nan, 0.04, 0.01]), [np.nan, 0.04, 0.02], rtol=1e-12)


def test_reference_set(reference):
    for _, rows in reference("11_multiplicity/expected.csv").groupby("set"):
        assert_allclose(benjamini_hochberg(rows["p"]), rows["bh"], rtol=1e-9, atol=1e-12)

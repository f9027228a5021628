"""The spread printed beside a ratio allows for the chance in the colleagues' counts, as the ratio's own interval does."""

import numpy as np
import pandas as pd

from analysis.pipeline.injectors import described


def rows(cases: float, effect: float = 1.0) -> pd.DataFrame:
    """Two injectors of ten expected each, resting on so many cases of the colleagues."""
    return pd.DataFrame(
        {"measure": "any_reaction", "clinic": "A", "injector": ["x", "y"], "observed": [4, 12], "expected": 10.0, "ratio": [0.4, 1.2],
         "reference_events": cases, "design_effect": effect}
    )  # fmt: skip


def test_few_cases_of_the_colleagues_and_repeat_patients_widen_the_spread_and_the_chance_of_so_few():
    many, few, again = described(rows(1e6)), described(rows(10.0)), described(rows(10.0, effect=2.0))
    width = [(table["upper95"] - table["lower95"]).iloc[0] for table in (many, few, again)]
    assert width[0] + 0.3 < width[1] < width[2]
    assert many["so_few"].iloc[0] < 0.03 < few["so_few"].iloc[0] < again["so_few"].iloc[0]


def test_without_a_ratio_there_is_no_spread():
    table = described(rows(10.0).assign(ratio=np.nan))
    assert table[["lower95", "upper95", "so_few"]].isna().all(axis=None)
    assert {"lower95", "upper95", "so_few", "shrunken"} <= set(described(rows(10.0)[:0]).columns)

"""Disproportionality: which reactions are reported unusually often with a product, where nobody knows how many were treated.

Second best, for pooled registries without denominators: the ratios compare shares of reports, depend on what else is reported, and
are never a risk or a rate. Wherever sessions are known use rates instead.
"""

import numpy as np
import pandas as pd
from scipy import stats

from analysis.counting.inversion import Floats

COLUMNS = [
    "expected", "prr", "prr_lower", "prr_upper", "ror", "ror_lower", "ror_upper", "ic", "ic_lower", "ic_upper", "chi2_yates", "method",
]  # fmt: skip


def disproportionality(
    frame: pd.DataFrame,
    *,
    together: str = "n11",
    product: str = "n_drug",
    reaction: str = "n_event",
    total: str = "n_total",
    level: float = 0.95,
) -> pd.DataFrame:
    """Reporting ratios of pairs of product and reaction; one row per row of `frame`, in its order and under its index.

    `together` counts reports that name both, `product` and `reaction` those that name either, `total` all; reports, not pairs.

    - `prr`: share of the product's reports with the reaction over that share among all other reports. Evans, Waller and Davis
      (2001), Pharmacoepidemiol Drug Saf 10:483-486.
    - `ror`: odds instead of shares. Rothman, Lanes and Sacks (2004), Pharmacoepidemiol Drug Saf 13:519-523. Both with normal limits of
      the logarithm and nothing added to an empty cell.
    - `ic`: log2 of (together + 1/2) ÷ (`expected` + 1/2), `expected` = product × reaction ÷ total (the pair itself included); limits from
      Gamma(together + 1/2, expected + 1/2). Norén, Hopstadius and Bate (2013), Stat Methods Med Res 22:57-69.
    - `chi2_yates`: chi-square of the table, drawn in by the smaller of 1/2 and |observed - expected|.

    No units. As R gives them: 0 where nothing is over something, infinite (lower limit missing) where something is over an empty
    cell, missing where nothing is over nothing, a margin is empty or an argument is missing. ValueError for counts that are
    negative or do not fit into one another.
    """
    if not 0 < level < 1:
        raise ValueError(f"level must lie between 0 and 1, not {level}")
    a, drug, event, n = (
        frame[name].to_numpy(dtype=np.float64, na_value=np.nan) for name in (together, product, reaction, total)
    )
    b, c = drug - a, event - a
    d = n - a - b - c
    if any(np.any(cell < 0) for cell in (a, b, c, d)):
        raise ValueError(f"{together}, {product}, {reaction} and {total} do not fit into one another")
    z = float(stats.norm.isf((1 - level) / 2))
    with np.errstate(divide="ignore", invalid="ignore"):
        expected = drug * event / n
        prr = _with_limits((a / drug) / (c / (c + d)), np.sqrt(1 / a - 1 / drug + 1 / c - 1 / (c + d)), z)
        ror = _with_limits(a * d / (b * c), np.sqrt(1 / a + 1 / b + 1 / c + 1 / d), z)
        drawn = np.minimum(0.5, np.abs(a - expected))
        others = (drug * (n - event) / n, (n - drug) * event / n, (n - drug) * (n - event) / n)
        chi2 = (np.abs(a - expected) - drawn) ** 2 * sum(1 / cell for cell in (expected, *others))
    tails = ((1 - level) / 2, (1 + level) / 2)
    ic = [
        np.log2((a + 0.5) / (expected + 0.5)),
        *(np.log2(stats.gamma.ppf(p, a + 0.5, scale=1 / (expected + 0.5))) for p in tails),
    ]
    values = [expected, *prr, *ror, *ic, chi2]
    found = pd.DataFrame(dict(zip(COLUMNS, values, strict=False)), index=frame.index)
    return found.assign(method="disproportionality")[COLUMNS]


def _with_limits(ratio: Floats, error: Floats, z: float) -> tuple[Floats, Floats, Floats]:
    return ratio, ratio * np.exp(-z * error), ratio * np.exp(z * error)

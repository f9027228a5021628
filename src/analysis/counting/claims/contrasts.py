"""One group of sessions against another: ratios within strata, exact ratios, and the trend with dose."""

from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from analysis.columnar.coded import coded
from analysis.counting.claims.evidence import Answer, Evidence
from analysis.counting.clustering import design_effect
from analysis.counting.intervals import rate_ratio

STRATA = ["clinic", "asked", "area_group"]
FEWEST = 10
"""Cases below which no slope is fitted."""


def risk_ratio(found: Evidence, claim: dict[str, Any]) -> Answer:
    """Mantel-Haenszel risk ratio of exposed over not exposed sessions within clinic, follow-up and area.

    Limits on the log scale by Greenland and Robins (1985), Biometrics 41:55-68, the variance times the design effect of repeat
    patients. Sessions whose exposure is blank are left out and lower the share that is filled.
    """
    rows = found.sessions
    if "among" in claim:
        rows = rows[rows[claim["among"]].eq(True).fillna(False)]
    known = rows[rows[claim["exposure"]].notna()]
    filled = len(known) / len(rows) if len(rows) else np.nan
    known = known.assign(exposed=known[claim["exposure"]].astype(bool), hit=found.hits(claim, known).astype(float))
    cases = known.groupby("exposed")["hit"].agg(["sum", "size"]).reindex([True, False], fill_value=0)
    why = "{:.0f} of {:.0f} against {:.0f} of {:.0f} sessions".format(*cases.to_numpy().ravel().tolist())
    ratio, variance = mantel_haenszel(known)
    if np.isnan(variance):
        return Answer(len(known), filled=filled, why=f"{why}: no ratio can be formed")
    effect = design_effect(
        np.zeros(len(known)), known["patient"], known["hit"], np.full(len(known), known["hit"].mean())
    )
    reach = float(stats.norm.isf((1 - found.level) / 2)) * float(np.sqrt(variance * effect.iloc[0]))
    lower, upper = ratio * np.exp(-reach), ratio * np.exp(reach)
    points = _direction(lower, upper, wanted_above=not claim.get("protects", False))
    return Answer(len(known), ratio, lower, upper, "mantel_haenszel", points, filled, why)


def mantel_haenszel(rows: pd.DataFrame) -> tuple[float, float]:
    """Risk ratio over strata and the variance of its logarithm; both missing when a group has no session or no case."""
    table = rows.groupby([*STRATA, "exposed"])["hit"].agg(["sum", "size"]).unstack("exposed", fill_value=0)
    table = table.reindex(columns=pd.MultiIndex.from_product([["sum", "size"], [True, False]]), fill_value=0)
    a, b = table["sum", True].to_numpy(float), table["sum", False].to_numpy(float)
    n1, n0 = table["size", True].to_numpy(float), table["size", False].to_numpy(float)
    total = n1 + n0
    above, below = (a * n0 / total).sum(), (b * n1 / total).sum()
    if above <= 0 or below <= 0:
        return np.nan, np.nan
    spread = (((a + b) * n1 * n0 - a * b * total) / total**2).sum()
    return float(above / below), float(spread / (above * below))


def ratio_of_rates(found: Evidence, claim: dict[str, Any]) -> Answer:
    """Exact ratio of the rates of two kinds of sessions, crude; the ratio within clinic and follow-up is said beside it.

    The counts of each kind are divided by the larger of the two kinds' design effects of repeat patients.
    """
    rows, mask = _split(found, claim["split"])
    filled = float((found.sessions["treatment_type"] != "unknown").mean()) if len(found.sessions) else np.nan
    rows = rows.assign(exposed=mask, hit=found.hits(claim, rows).astype(float))
    k1, n1, k0, n0 = (float(x) for x in (rows["hit"][mask].sum(), mask.sum(), rows["hit"][~mask].sum(), (~mask).sum()))
    why = f"{k1:.0f} of {n1:.0f} against {k0:.0f} of {n0:.0f} sessions"
    effect = _larger_effect(rows)
    counts = (value / effect for value in (k1, n1, k0, n0))
    ratio, lower, upper = (float(x) for x in rate_ratio(*counts, level=found.level))
    if np.isnan(ratio):
        return Answer(len(rows), filled=filled, why=f"{why}: no case or no session in a group")
    adjusted, _ = mantel_haenszel(rows.assign(area_group="all"))
    if not np.isnan(adjusted):
        why += f"; within clinic and follow-up the ratio is {adjusted:.1f}; dose and site go with the use and are not taken out"
    if np.isinf(ratio):
        # no case in the second group: the data set no upper limit, and an infinite number is not printed
        return Answer(
            len(rows), np.nan, lower, np.nan, "exact", _direction(lower, np.inf), filled, f"{why}; no upper limit"
        )
    return Answer(
        len(rows), ratio, lower, upper if np.isfinite(upper) else np.nan, "exact", _direction(lower, upper), filled, why
    )


def _larger_effect(rows: pd.DataFrame) -> float:
    """The larger design effect of the two groups: a group without a case has none of its own to show."""
    mean = rows.groupby("exposed")["hit"].transform("mean")
    effects = design_effect(rows["exposed"], rows["patient"], rows["hit"], mean)
    return float(effects.max()) if len(effects) else 1.0


def dose_trend(found: Evidence, claim: dict[str, Any]) -> Answer:
    """Odds ratio per 10 % of the label dose within clinic, product and areas: one step from no effect (score ÷ information).

    Patients are clusters. Doses of products are never pooled in units: each is a multiple of its own label dose. Under 10 cases in
    strata where doses differ nothing is fitted. Yusuf, Peto et al. (1985), Prog Cardiovasc Dis 27:335-371.
    """
    rows = found.sessions
    known = rows[rows["dose_ratio"].notna()]
    filled = len(known) / len(rows) if len(rows) else np.nan
    known = known.assign(hit=found.hits(claim, known).astype(float))
    keys = ["clinic", "product", "areas", "asked"]
    groups = known.groupby(keys, dropna=False)
    x = known["dose_ratio"] - groups["dose_ratio"].transform("mean")
    risk, size = groups["hit"].transform("mean"), groups["hit"].transform("size")
    informative = (risk > 0) & (risk < 1) & (groups["dose_ratio"].transform("nunique") > 1)
    cases = int(known["hit"][informative].sum())
    if cases < FEWEST:
        return Answer(
            len(known), filled=filled, why=f"{cases} cases where doses differ: under {FEWEST}, no slope is fitted"
        )
    score = (x * (known["hit"] - risk))[informative]
    information = float((x**2 * risk * (1 - risk) * size / (size - 1))[informative].sum())
    people = score.groupby(known["person"]).sum()
    variance = max(float((people**2).sum()), information) / information**2
    slope, reach = float(score.sum()) / information, float(stats.norm.isf((1 - found.level) / 2)) * np.sqrt(variance)
    effect, lower, upper = (float(np.exp(0.1 * value)) for value in (slope, slope - reach, slope + reach))
    return Answer(
        len(known),
        effect,
        lower,
        upper,
        "one_step",
        _direction(lower, upper),
        filled,
        f"{cases} cases where doses differ",
    )


def _split(found: Evidence, split: str) -> tuple[pd.DataFrame, pd.Series]:
    rows = found.sessions
    if split == "scalp":
        of = coded(rows["areas"])
        scalp = np.array([*("scalp" in str(areas) for areas in of.values), False], dtype=bool)[of.codes]
        return rows, pd.Series(scalp, index=rows.index)
    rows = rows[rows["treatment_type"].isin(["cosmetic", "tmj", "migraine", "hyperhidrosis", "other_medical"])]
    return rows, rows["treatment_type"] != "cosmetic"


def _direction(lower: float, upper: float, *, wanted_above: bool = True) -> str | None:
    if lower > 1:
        return "supported" if wanted_above else "contradicted"
    if upper < 1:
        return "contradicted" if wanted_above else "supported"
    return None

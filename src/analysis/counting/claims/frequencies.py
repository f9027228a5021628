"""How often per session: whether a kind occurs, is rare, or is the most frequent one."""

from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from analysis import taxonomy
from analysis.columnar.coded import coded
from analysis.counting.claims.evidence import Answer, Evidence, subcodes
from analysis.counting.clustering import design_effect
from analysis.counting.intervals import proportion_interval

ARTICLE = ("facial", "systemic", "hair_skin", "severe_local")
"""The article's other kinds. What it does not name (headache, pain …) is held against bruises sub-code by sub-code."""


def most_frequent(found: Evidence, claim: dict[str, Any]) -> Answer:
    """Sessions with the kind minus sessions with the next one, in the same sessions; limits for all kinds together.

    Paired difference of shares with a variance from per-patient sums (never below that of independent sessions), normal limits
    at a level shared among the kinds (Bonferroni). Supported when it exceeds every kind, contradicted when one exceeds it.
    """
    rows = found.sessions
    if rows.empty:
        return Answer(0, why="no session")
    own, table = found.hits(claim), taxonomy.load_taxonomy()
    others = {name: taxonomy.CATEGORY_LABELS[name] for name in ARTICLE}
    others |= {code: table[code].label for code in sorted(subcodes("other"))}
    each = {name: _paired(rows, own, found.hits({"category": name})) for name in others}
    z = float(stats.norm.isf((1 - found.level) / 2 / len(each)))
    lower = {name: mean - z * error for name, (mean, error) in each.items()}
    upper = {name: mean + z * error for name, (mean, error) in each.items()}
    next_one = min(each, key=lambda name: each[name][0])
    points = "supported" if min(lower.values()) > 0 else "contradicted" if min(upper.values()) < 0 else None
    alone = (
        "more than every other kind"
        if min(lower[name] for name in ARTICLE) > 0
        else "not shown to be more than every other kind"
    )
    why = f"next most frequent: {others[next_one]}; among the article's own kinds bruises are {alone}"
    return Answer(len(rows), each[next_one][0], lower[next_one], upper[next_one], "paired_difference", points, why=why)


def rare(found: Evidence, claim: dict[str, Any]) -> Answer:
    """Share of sessions (of the claim's areas), exact limits; rare when the upper one is below the threshold."""
    rows = found.sessions
    if "areas" in claim:
        of = coded(rows["areas"])
        named = [bool(set(claim["areas"]) & set(areas.split(";"))) for areas in of.values]
        rows = rows[np.array([*named, False])[of.codes]]
    if rows.empty:
        return Answer(0, why="no session")
    k, n, lower, upper = _share(found, claim, rows)
    points = "supported" if upper < found.rare else "contradicted" if lower > found.rare else None
    why = f"{k} of {n} sessions; up to {upper * 1000:.1f} per 1,000"
    if points is None and k == 0:
        why += f"; at least {_sessions_needed(found):,} sessions without a case would be needed"
    return Answer(n, k / n, lower, upper, "clopper_pearson", points, why=why)


def occurs(found: Evidence, claim: dict[str, Any]) -> Answer:
    """How many sessions had it, with the upper limit of the share: that it can occur is never refuted by none."""
    rows = found.sessions
    if rows.empty:
        return Answer(0, why="no session")
    k, n, lower, upper = _share(found, claim, rows)
    own = found.of(claim)
    filled = float(own["severity"].notna().mean()) if "severities" in claim and len(own) else np.nan
    why = f"{k} of {n} sessions" + ("" if k else f"; none seen, which still allows {upper * 1000:.1f} per 1,000")
    return Answer(n, k / n, lower, upper, "clopper_pearson", "supported" if k else None, filled, why)


def _share(found: Evidence, claim: dict[str, Any], rows: pd.DataFrame) -> tuple[int, int, float, float]:
    """Affected of all sessions with exact limits, both counts divided by the design effect of repeat patients."""
    hit = found.hits(claim, rows).astype("float64")
    effect = design_effect(np.zeros(len(rows)), rows["patient"], hit, np.full(len(rows), max(hit.mean(), 1e-12))).iloc[
        0
    ]
    lower, upper = proportion_interval(hit.sum() / effect, len(rows) / effect, level=found.level)
    return int(hit.sum()), len(rows), float(lower), float(upper)


def _paired(rows: pd.DataFrame, own: pd.Series, other: pd.Series) -> tuple[float, float]:
    """Mean difference per session and its standard error, patients as clusters."""
    difference = own.astype("float64") - other.astype("float64")
    mean = float(difference.mean())
    residual = (difference - mean).to_numpy()
    person = rows["person"].to_numpy()
    clustered = np.maximum(np.bincount(person, residual) ** 2, np.bincount(person, residual**2)).sum()
    return mean, float(np.sqrt(clustered)) / len(rows)


def _sessions_needed(found: Evidence) -> int:
    """Sessions without a case from which the upper limit would be below the threshold."""
    return int(np.ceil(np.log((1 - found.level) / 2) / np.log1p(-found.rare)))

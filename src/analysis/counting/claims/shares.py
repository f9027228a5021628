"""Shares of episodes: how many were mild, and how many had recovered by a day (Kaplan-Meier, open cases censored)."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.counting.claims.evidence import Answer, Evidence, plain_share
from analysis.counting.clustering import design_effect
from analysis.counting.intervals import proportion_interval
from analysis.counting.inversion import Floats


def share_mild(found: Evidence, claim: dict[str, Any]) -> Answer:
    """Mild among graded episodes, exact limits, both counts divided by the design effect of patients with several.

    An ungraded episode is not mild: it only lowers the share that is filled.
    """
    own = found.of(claim)
    graded = own[own["severity"].notna()]
    if graded.empty:
        return Answer(len(own), filled=_filled(own, graded), why="no episode is graded")
    mild, n = int((graded["severity"] == "mild").sum()), len(graded)
    hit = (graded["severity"] == "mild").to_numpy(dtype=np.float64)
    effect = design_effect(np.zeros(n), graded["patient"], hit, np.full(n, max(mild / n, 1e-12))).iloc[0]
    lower, upper = (float(limit) for limit in proportion_interval(mild / effect, n / effect, level=found.level))
    worst, kindest = mild / len(own), (mild + len(own) - n) / len(own)
    why = f"{mild} of {n} graded were mild; with the ungraded between {plain_share(worst)} and {plain_share(kindest)}"
    return Answer(n, mild / n, lower, upper, "clopper_pearson", _above(lower, upper, claim), _filled(own, graded), why)


def recovered(found: Evidence, claim: dict[str, Any]) -> Answer:
    """Share recovered by a day, by Kaplan and Meier; the known outcome is the field that must be filled.

    Where none was followed to that day the effect is missing; the share by the last day is said and gives the lower limit.
    """
    own = found.of(claim).dropna(subset=["days"])
    filled = _filled(own, own[own["known"]])
    if own.empty:
        return Answer(0, why="no episode")
    why = f"{len(own)} {'episode' if len(own) == 1 else 'episodes'}, {plain_share(filled)} with known outcome"
    seen = (own["days"], own["recovered"])
    share, lower, upper = recovered_by(*seen, claim["days"], patients=own["patient"], level=found.level)
    if np.isnan(share):
        # none was followed so long: what had recovered by the last day is the least that had by the day asked for
        last = float(own["days"].max())
        least, lower, _ = recovered_by(*seen, last, patients=own["patient"], level=found.level)
        upper, said = 1.0, f"by when {plain_share(least)} had recovered: at least so many by day {claim['days']}"
        why = f"{why}; none followed beyond day {last:.0f}, {said}"
    return Answer(len(own), share, lower, upper, "kaplan_meier", _above(lower, upper, claim), filled, why)


def mild_and_recovered(found: Evidence, claim: dict[str, Any]) -> Answer:
    """Both shares; the smaller one is the effect, and both must lie above the comparison."""
    parts = [share_mild(found, claim), recovered(found, claim)]
    why = "; ".join(part.why for part in parts)
    points = {part.points for part in parts}
    verdict = "contradicted" if "contradicted" in points else "supported" if points == {"supported"} else None
    if any(np.isnan(part.effect) for part in parts):
        return Answer(parts[1].n, points=verdict, filled=_least(parts), why=why)
    least = min(parts, key=lambda part: part.effect)
    return Answer(least.n, least.effect, least.lower, least.upper, least.method, verdict, _least(parts), why)


def recovered_by(
    days: pd.Series, over: pd.Series, day: float, *, patients: npt.ArrayLike | None = None, level: float = 0.95
) -> tuple[float, float, float]:
    """Share recovered by `day` (0-1) and its limits, from days under observation and whether it ended in recovery.

    1 - the Kaplan-Meier estimate (statsmodels). Limits: Clopper-Pearson for the effective number of cases, share × (1 - share) ÷
    Greenwood's variance; where the share is 0 or 1 the number not censored before. With `patients` that number is divided by the
    design effect of patients with several episodes. Missing when nothing was followed to `day` and
    not all had recovered. Kaplan and Meier (1958), J Am Stat Assoc 53:457-481; Dorey and Korn (1987), Stat Med 6:679-687.
    """
    time, ended = days.to_numpy(dtype=np.float64), over.to_numpy(dtype=bool)
    if not len(time) or (time.max() < day and not ended[time == time.max()].all()):
        return np.nan, np.nan, np.nan
    from statsmodels.duration.survfunc import SurvfuncRight  # late: a page is shown without it

    curve = SurvfuncRight(
        time + 1.0, ended.astype(int)
    )  # a day later, because recovery on day 0 is an end like any other
    before = curve.surv_times <= day + 1.0
    if not before.any():
        share, variance = 0.0, 0.0
    else:
        share, variance = 1 - float(curve.surv_prob[before][-1]), float(curve.surv_prob_se[before][-1]) ** 2
    inside = 1e-12 < share < 1 - 1e-12 and variance > 0
    size = share * (1 - share) / variance if inside else float(((time >= day) | ended).sum())
    if inside and patients is not None:
        size /= _effect(time, ended, day, patients)
    lower, upper = proportion_interval(min(share * size, size), size, level=level)
    return share, float(lower), float(upper)


def _effect(time: Floats, ended: npt.NDArray[np.bool_], day: float, patients: npt.ArrayLike) -> float:
    """How much a patient's episodes going together widen the limits; at least 1, as `clustering.design_effect`.

    An episode's part in the curve: 1 ÷ number under observation at its recovery, less the sum of recoveries ÷ that number squared
    up to its end. Ying and Wei (1994), J Multivar Anal 50:17-29.
    """
    days, ends = np.unique(time[ended & (time <= day)], return_counts=True)
    watched = (time[None, :] >= days[:, None]).sum(axis=1)
    expected = np.concatenate([[0.0], np.cumsum(ends / watched**2)])[np.searchsorted(days, time, side="right")]
    recoveries = np.where(
        ended & (time <= day), 1 / watched[np.minimum(np.searchsorted(days, time), len(days) - 1)], 0.0
    )
    part = recoveries - expected
    person = pd.factorize(np.asarray(patients))[0]
    alone = np.bincount(person, part**2)
    return float(np.maximum(np.bincount(person, part) ** 2, alone).sum() / alone.sum())


def _above(lower: float, upper: float, claim: dict[str, Any]) -> str | None:
    return "supported" if lower > claim["above"] else "contradicted" if upper < claim["above"] else None


def _filled(own: pd.DataFrame, filled: pd.DataFrame) -> float:
    return len(filled) / len(own) if len(own) else float("nan")


def _least(parts: list[Answer]) -> float:
    return float(np.min([part.filled for part in parts]))

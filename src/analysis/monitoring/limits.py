"""Centre lines and three-standard-deviation limits of the control charts."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analysis.monitoring.points import Floats

Mask = npt.NDArray[np.bool_]

_SIGMAS = 3.0
_RANGE_PER_SIGMA = 1.128  # mean distance of two independent normal values, in standard deviations
_SCREEN = 3.267  # a distance above this many times the mean distance is a jump, not spread
_T_POWER = 3.6  # makes exponential times between events nearly normal (Nelson 1994)
_SAME_DAY = 0.5  # days between two events entered for one day: two on one day are two
_FEW = 1.0  # events per point below which a chart of counts is mostly zeros


@dataclass(frozen=True)
class Chart:
    """Numbers of a chart; a single number stands for every point. `caution` is empty, or says why not to rely on it."""

    value: Floats
    centre: Floats
    lower: Floats
    upper: Floats
    caution: str = ""


def chart_median(count: Floats, amount: Floats | None, member: Mask) -> Chart:
    """Run chart: values about the median of the baseline, without limits."""
    value = count if amount is None else _per(count, amount)
    centre = _middle(value[member], np.median)
    caution = "the median is 0, so no point can lie below it: read a g or t chart instead" if centre == 0 else ""
    return Chart(value, centre, np.array(np.nan), np.array(np.nan), caution)


def chart_counts(count: Floats, member: Mask) -> Chart:
    """C chart: counts from equally large opportunities."""
    centre = _middle(count[member], np.mean)
    reach = _SIGMAS * np.sqrt(centre)
    return Chart(count, centre, np.maximum(centre - reach, 0), centre + reach, _caution(count[member]))


def chart_rates(count: Floats, amount: Floats, member: Mask, *, kind: str, screened: bool) -> Chart:
    """U and p charts, and their primed versions whose limits follow the spread seen between neighbouring points."""
    shares, primed = kind in ("p", "pp"), kind in ("up", "pp")
    if shares and np.any((count > amount) & (amount > 0)):
        raise ValueError(f"kind {kind!r} needs events not larger than exposure")
    value = _per(count, amount)
    usable = member & ~np.isnan(value)
    centre = np.array(count[usable].sum() / amount[usable].sum() if usable.any() else np.nan)
    variance = centre * (1 - centre) if shares else centre
    sigma = np.sqrt(variance / np.where(np.isnan(value), np.nan, amount))
    scale, caution = 1.0, _caution(count[usable])
    if primed:
        scale = _spread(
            np.where(member, (value - centre) / np.where(sigma > 0, sigma, np.nan), np.nan), screened=screened
        )
        caution = caution or ("" if scale > 0 else "the points show no spread to set limits by")
    upper = centre + _SIGMAS * sigma * scale
    return Chart(
        value,
        centre,
        np.maximum(centre - _SIGMAS * sigma * scale, 0),
        np.minimum(upper, 1) if shares else upper,
        caution,
    )


def chart_between(between: Floats, member: Mask, *, kind: str, screened: bool) -> Chart:
    """G chart (cases between events) and t chart (days between events)."""
    if kind == "g":
        mean = _middle(between[member], np.mean)
        upper = mean + _SIGMAS * np.sqrt(mean * (mean + 1))
        return Chart(between, _middle(between[member], np.median), np.where(np.isnan(mean), np.nan, 0.0), upper)
    value = np.where(between == 0, _SAME_DAY, between)
    rooted = value ** (1 / _T_POWER)
    centre = _middle(rooted[member], np.mean)
    reach = _SIGMAS * _spread(np.where(member, rooted, np.nan), screened=screened)
    caution = "" if reach > 0 else "the points show no spread to set limits by"
    return Chart(
        value, centre**_T_POWER, np.maximum(centre - reach, 0) ** _T_POWER, (centre + reach) ** _T_POWER, caution
    )


def _spread(points: Floats, *, screened: bool) -> float:
    """Standard deviation from the distances of neighbouring points; missing when there is none or all are alike.

    A missing point drops both of its distances.
    """
    distances = np.abs(np.diff(points))
    distances = distances[~np.isnan(distances)]
    if screened and len(distances):
        distances = distances[distances < _SCREEN * distances.mean()]
    return float(distances.mean() / _RANGE_PER_SIGMA) if distances.sum() > 0 else float("nan")


def _per(count: Floats, amount: Floats) -> Floats:
    return np.asarray(count / np.where(amount > 0, amount, np.nan))


def _middle(values: Floats, of: Callable[[Floats], object]) -> Floats:
    """The mean or median of the values that are there; missing if none is."""
    there = values[~np.isnan(values)]
    return np.array(of(there) if len(there) else np.nan, dtype=np.float64)


def _caution(count: Floats) -> str:
    """Why a chart of counts should not be relied on for events as rare as these."""
    there = count[~np.isnan(count)]
    if len(there) == 0:
        return "no usable point in the baseline"
    if there.sum() == 0:
        return "no event in the baseline: limits mean nothing"
    if there.mean() < _FEW:
        return "under one event per point: read a g or t chart instead"
    return ""

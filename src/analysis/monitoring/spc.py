"""Charts over time: a run chart with Anhoej's rules, and control charts with limits at three standard deviations."""

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from analysis.monitoring.limits import Chart, chart_between, chart_counts, chart_median, chart_rates
from analysis.monitoring.points import Floats

ChartKind = Literal["run", "u", "p", "up", "pp", "c", "g", "t"]


def control_chart(
    frame: pd.DataFrame,
    *,
    kind: ChartKind,
    events: str = "events",
    exposure: str = "exposure",
    baseline: int | npt.ArrayLike | None = None,
    screened: bool = False,
) -> pd.DataFrame:
    """One row per point, in the order given: `value, centre, lower, upper, signal`.

    | kind | value | centre | limits, at three standard deviations |
    |---|---|---|---|
    | `run` | events / exposure (without an exposure column: events) | median | none |
    | `u` | events / exposure | sum / sum | centre -+ 3 sqrt(centre / exposure), not below 0 |
    | `p` | events / exposure | sum / sum | centre -+ 3 sqrt(centre (1 - centre) / exposure), within 0-1 |
    | `up`, `pp` | as `u`, `p` | as `u`, `p` | as `u`, `p`, but 3 sigma_z instead of 3 |
    | `c` | events | mean | centre -+ 3 sqrt(centre), not below 0 |
    | `g` | `between`: sessions without the event between two events | median | mean + 3 sqrt(mean (mean + 1)), lower 0 |
    | `t` | `between`: days between two events, 0 counted as 0.5 | mean | individuals chart of days ^ (1 / 3.6) |

    sigma_z is the mean distance of neighbouring standardised points / 1.128 and may be below 1. `baseline` (a number of
    first points, or true for the points that belong) fixes centre and spread; all points are drawn. `screened` drops
    distances above 3.267 times their mean once, in `up`, `pp` and `t`: not for rare events, where it drops the very
    spread there is. `signal`: outside the limits; never for `run`.

    A missing point, or exposure 0, keeps its row with a missing value and no signal, and breaks no other. Limits that
    cannot be had (no event, no two neighbours, no spread) are missing. `.attrs["caution"]` says when the chart should
    not be relied on, and why. Units: those of events per exposure, or of `between`. Laney (2002), Qual Eng 14:531-537
    (u', p'); Nelson (1994), J Qual Technol 26:239-241 (t); Benneyan (2001), Health Care Manag Sci 4:305-318 (g);
    Provost and Murray (2011), The Health Care Data Guide.
    """
    if kind not in get_args(ChartKind):
        raise ValueError(f"unknown kind {kind!r}; use {', '.join(get_args(ChartKind))}")
    member = _members(baseline, len(frame))
    if kind in ("g", "t"):
        chart = chart_between(_numbers(frame, "between"), member, kind=kind, screened=screened)
    elif kind == "c":
        chart = chart_counts(_numbers(frame, events), member)
    elif kind == "run":
        chart = chart_median(_numbers(frame, events), _numbers(frame, exposure) if exposure in frame else None, member)
    else:
        chart = chart_rates(_numbers(frame, events), _numbers(frame, exposure), member, kind=kind, screened=screened)
    return _drawn(frame, chart)


@dataclass(frozen=True)
class Runs:
    """Anhoej's run test of one series; the four figures are None when no point lies off the centre line."""

    n_useful: int
    longest_run: int | None
    longest_run_max: int | None
    crossings: int | None
    crossings_min: int | None
    signal: bool


def anhoej(values: npt.ArrayLike, centre: npt.ArrayLike) -> Runs:
    """Whether a series about its centre line shows an unusually long run or unusually few crossings.

    Points on the centre line and missing points are left out (they neither break nor extend a run); of the n left, the
    longest run on one side may be round(log2(n)) + 3, and the crossings must be at least the 5 % quantile of a
    binomial(n - 1, 1/2). `signal` when either fails: about 3 % of steady series of 12 points, 5 to 8 % of longer ones.
    Meant for 12 points or more about a median; a median of 0 has no lower side, so a chart of mostly zeros must not be
    read so. `centre` is one number, or one for each point (a chart in phases). No useful point: no figures and no
    signal. Anhoej and Olesen (2014), PLoS One 9:e113825; Anhoej (2015), PLoS One 10:e0121349.
    """
    series = np.atleast_1d(np.asarray(values, dtype=np.float64))
    middle = np.broadcast_to(np.asarray(centre, dtype=np.float64), series.shape)
    useful = ~np.isnan(series) & ~np.isnan(middle) & (series != middle)
    above = series[useful] > middle[useful]
    n = len(above)
    if n == 0:
        return Runs(0, None, None, None, None, False)
    turns = np.flatnonzero(np.diff(above))
    longest = int(np.diff(np.concatenate(([-1], turns, [n - 1]))).max())
    longest_max = round(float(np.log2(n))) + 3
    crossings_min = int(stats.binom.ppf(0.05, n - 1, 0.5)) if n > 1 else 0
    signal = longest > longest_max or len(turns) < crossings_min
    return Runs(n, longest, longest_max, len(turns), crossings_min, signal)


def _members(baseline: int | npt.ArrayLike | None, points: int) -> npt.NDArray[np.bool_]:
    """Which points fix centre and spread."""
    if baseline is None:
        return np.ones(points, dtype=bool)
    if isinstance(baseline, (int, np.integer)) and not isinstance(baseline, (bool, np.bool_)):
        if baseline < 1:
            raise ValueError("baseline must be at least 1 point")
        return np.arange(points) < baseline
    mask = np.asarray(baseline, dtype=bool)
    if mask.shape != (points,):
        raise ValueError("baseline must be a number of points, or true or false for every point")
    return mask


def _numbers(frame: pd.DataFrame, column: str) -> Floats:
    series = frame[column]
    if pd.api.types.is_timedelta64_dtype(series):  # `between` as a difference of two dates
        series = series / pd.Timedelta(days=1)
    values: Floats = series.to_numpy(dtype=np.float64, na_value=np.nan)
    if np.any(values < 0):
        raise ValueError(f"{column} must not be negative")
    return values


def _drawn(frame: pd.DataFrame, chart: Chart) -> pd.DataFrame:
    """The chart beside the columns of its frame, with the points outside the limits marked."""
    columns = {"value": chart.value, "centre": chart.centre, "lower": chart.lower, "upper": chart.upper}
    result = frame.assign(**{name: np.broadcast_to(numbers, len(frame)) for name, numbers in columns.items()})
    result["signal"] = ((chart.value > chart.upper) | (chart.value < chart.lower)).astype(bool)
    result.attrs = {**frame.attrs, "caution": chart.caution}
    return result

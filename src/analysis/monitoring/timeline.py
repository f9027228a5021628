"""Each measure over the months: a run chart about a frozen median, and days since the last one for what is rare."""

from collections.abc import Mapping
from datetime import date

import numpy as np
import pandas as pd
from scipy.stats import binom

from analysis.monitoring.spc import anhoej, control_chart

ENOUGH_MONTHS = 12
ENOUGH_BETWEEN = 10
"""Gaps between events from which a t chart has limits."""
POINTS = [
    "measure", "label", "month", "numerator", "denominator", "rate", "centre", "spread_lower", "spread_upper", "provisional", "in_baseline",
    "reason",
]  # fmt: skip
SPREAD = 0.95
"""Share of months within the expected spread if every session had the chance of the centre."""
RUNS = [
    "measure", "label", "months", "baseline_first", "baseline_last", "centre", "n_useful", "longest_run", "longest_run_max", "crossings",
    "crossings_min", "unusual", "reason",
]  # fmt: skip
SINCE = [
    "measure", "label", "events", "last_day", "days_since", "median_between", "upper_between", "longer_than_usual", "reason",
]  # fmt: skip
_TEXT = dict.fromkeys(("measure", "label", "month", "baseline_first", "baseline_last", "last_day", "reason"), "str")
_WHOLE = dict.fromkeys(
    ("numerator", "denominator", "months", "n_useful", "longest_run", "longest_run_max", "crossings", "crossings_min", "events",
     "days_since"),
    "Int64",
)  # fmt: skip
_NUMBERS = dict.fromkeys(
    ("rate", "centre", "spread_lower", "spread_upper", "median_between", "upper_between"), "float64"
)
_TRUTH = dict.fromkeys(("unusual", "longer_than_usual"), "boolean") | dict.fromkeys(
    ("provisional", "in_baseline"), "bool"
)


def run_charts(monthly: pd.DataFrame, *, month: str, starts: Mapping[str, str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Points of each measure's run chart up to `month`, and one row per measure with Anhoej's rules.

    `monthly`: measure, label, month, numerator, denominator, rate, provisional. The centre is the median of the first twelve closed
    months with sessions from `starts[measure]` on (else from the first), and stays that until it is re-based. The rules look at
    closed months only; months without sessions keep their point without a rate. They are not applied, with the reason, under
    twelve closed months, with a median of 0 (no point can lie below it) and without a point off the centre. `spread_lower` and
    `spread_upper` (0-1) are the 2.5th and 97.5th percentile of the binomial distribution at the centre and the month's sessions: a
    description of chance, not a limit. They are missing without a centre, with a centre of 0 and without sessions.
    """
    points, tests = [], []
    for measure, rows in monthly[monthly["month"] <= month].groupby("measure", sort=False):
        own = rows.sort_values("month", ignore_index=True)
        settled = own[(own["month"] >= starts.get(str(measure), "")) & ~own["provisional"] & own["rate"].notna()]
        baseline = settled.head(ENOUGH_MONTHS)
        member = own["month"].isin(baseline["month"])
        counts = {
            "events": own["numerator"].astype("float64"), "exposure": own["denominator"].astype("float64").where(own["rate"].notna())
        }  # fmt: skip
        drawn = control_chart(pd.DataFrame(counts), kind="run", baseline=member)
        enough = len(baseline) == ENOUGH_MONTHS
        centre = float(drawn["centre"].iloc[0]) if enough else np.nan
        low, high = _spread(counts["exposure"].to_numpy(dtype="float64"), centre)
        points.append(own.assign(centre=centre, in_baseline=member & enough, spread_lower=low, spread_upper=high))
        tests.append({**_test(settled, baseline, centre), "measure": measure, "label": own["label"].iloc[0]})
    return _typed(pd.concat(points) if points else pd.DataFrame(), POINTS), _typed(pd.DataFrame(tests), RUNS)


def _spread(sessions: np.ndarray, centre: float) -> tuple[np.ndarray, np.ndarray]:
    """Percentiles of the share of sessions with one, in each month; missing where nothing can be said."""
    n = np.where(sessions > 0, sessions, np.nan)
    if not centre > 0:
        return np.full(len(n), np.nan), np.full(len(n), np.nan)
    tail = (1 - SPREAD) / 2
    return binom.ppf(tail, n, centre) / n, binom.ppf(1 - tail, n, centre) / n


def _test(settled: pd.DataFrame, baseline: pd.DataFrame, centre: float) -> dict[str, object]:
    found: dict[str, object] = {"months": len(settled), "centre": centre}
    if len(baseline) < ENOUGH_MONTHS:
        return {**found, "reason": f"{len(settled)} closed months with sessions; twelve are needed"}
    found |= {"baseline_first": baseline["month"].iloc[0], "baseline_last": baseline["month"].iloc[-1]}
    if centre == 0:
        return {**found, "reason": "the usual month has none, so none can lie below it: see days since the last one"}
    runs = anhoej(settled["rate"], centre)
    if runs.n_useful == 0:
        return {**found, "n_useful": 0, "reason": "every month lies on the centre line"}
    return {
        **found, "n_useful": runs.n_useful, "longest_run": runs.longest_run, "longest_run_max": runs.longest_run_max,
        "crossings": runs.crossings, "crossings_min": runs.crossings_min, "unusual": runs.signal,
    }  # fmt: skip


def days_since_last(days: pd.DataFrame, labels: Mapping[str, str], *, until: date) -> pd.DataFrame:
    """One row per measure of `labels`: days from its last event to `until`, beside the usual time between two events.

    `days`: measure and day of each event. `median_between` and `upper_between` (upper limit of a t chart, from ten gaps on) are days;
    two on one day are half a day apart. `longer_than_usual`: no event for longer than the limit. A measure without an event keeps
    its row with a reason.
    """
    rows = []
    for measure, label in labels.items():
        own = np.sort(days.loc[days["measure"] == measure, "day"].dropna().to_numpy())
        own = own[own <= np.datetime64(until)]
        rows.append({"measure": measure, "label": label, "events": len(own), **_since(own, until)})
    return _typed(pd.DataFrame(rows), SINCE)


def _since(days: np.ndarray, until: date) -> dict[str, object]:
    if len(days) == 0:
        return {"reason": "none reported, which does not mean that none occurred"}
    since = int((np.datetime64(until) - days[-1].astype("datetime64[D]")).astype(int))
    found: dict[str, object] = {"last_day": str(days[-1].astype("datetime64[D]")), "days_since": since}
    between = np.diff(days.astype("datetime64[D]")).astype(float)
    if len(between) == 0:
        return {**found, "reason": "one event: there is no time between two"}
    chart = control_chart(pd.DataFrame({"between": between}), kind="t")
    found["median_between"] = float(np.median(chart["value"]))
    upper = float(chart["upper"].iloc[0])
    if len(between) < ENOUGH_BETWEEN or np.isnan(upper):
        return {**found, "reason": f"{len(between)} gaps; a limit needs {ENOUGH_BETWEEN} that differ"}
    return {**found, "upper_between": upper, "longer_than_usual": since > upper}


def _typed(frame: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    kinds = _TEXT | _WHOLE | _NUMBERS | _TRUTH
    return frame.reindex(columns=columns).astype({column: kinds[column] for column in columns}).reset_index(drop=True)

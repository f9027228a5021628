"""How long reports take to arrive, what has arrived of a month by now, and what is still to come for the group."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from analysis.columnar.calendar import month_names
from analysis.counting.attribution import are_of
from analysis.counting.clinics import Clinics, at_risk, of_episodes
from analysis.counting.covered import covered
from analysis.counting.inversion import Floats
from analysis.counting.once import once
from analysis.measures import Measure
from analysis.periods import is_provisional
from analysis.schemas.order import firsts, groups

FEWEST_EXPECTED = 10.0
"""Below this many expected cases nothing is estimated: the share that has usually arrived by now is all that is said."""
LONGEST = 400
"""Days over which a linked report can arrive at all."""


@dataclass(frozen=True)
class Arrival:
    """Share of the reports that arrive within each number of days: `cumulative[d]`, 0-1, for d = 0 … its last index.

    `events` is how many reports it rests on. Beyond the longest delay that could have been seen nothing is known: the share is of
    the reports that arrive within it.
    """

    cumulative: Floats
    events: int

    def by(self, days: npt.ArrayLike) -> Floats:
        """Share arrived within `days`; 0 before, the last share after; missing without any report."""
        index = np.asarray(days, dtype=np.int64)
        if not self.events:
            return np.full(index.shape, np.nan)
        return np.where(index < 0, 0.0, self.cumulative[np.clip(index, 0, len(self.cumulative) - 1)])

    def quantile(self, share: float) -> float:
        """Fewest days within which `share` of the reports arrive; missing without any report."""
        return float(np.argmax(self.cumulative >= share - 1e-12)) if self.events else float("nan")


def arrival(delays: npt.ArrayLike, seen_for: npt.ArrayLike, *, longest: int = LONGEST) -> Arrival:
    """Distribution of delays in days, when only delays up to `seen_for` days could have been seen yet.

    Recent cases are seen only if they were reported quickly, so the plain distribution is too short. Reverse-time product limit:
    of the reports that could have taken d days or more to be seen (`seen_for` >= d) and took at most d, the share that took
    exactly d is g(d); the share within d is the product of 1 - g over all longer delays. Lagakos, Barraj and De Gruttola (1988),
    Biometrika 75:515-523; Kalbfleisch and Lawless (1989), J Am Stat Assoc 84:360-372. Delays below 0, above `longest` or above
    `seen_for` are left out.
    """
    delay, seen = np.broadcast_arrays(np.asarray(delays, dtype=np.float64), np.asarray(seen_for, dtype=np.float64))
    kept = (delay >= 0) & (delay <= longest) & (delay <= seen)
    delay, seen = delay[kept].astype(np.int64), np.minimum(seen[kept], longest).astype(np.int64)
    if not len(delay):
        return Arrival(np.zeros(1), 0)
    days = np.arange(delay.max() + 1)
    exactly = np.bincount(delay, minlength=len(days))
    # at risk in reverse time at d: delay <= d <= seen_for
    started = np.cumsum(exactly)
    gone = np.cumsum(np.bincount(np.minimum(seen, len(days)), minlength=len(days) + 1))[:-1]
    at_risk = started - np.concatenate([[0], gone[:-1]])
    with np.errstate(invalid="ignore", divide="ignore"):
        stays = np.where(at_risk > 0, 1 - exactly / at_risk, 1.0)
    after = np.cumprod(stays[::-1])[::-1]
    return Arrival(np.concatenate([after[1:], [1.0]]), len(delay))


@once
def reports(clinics: Clinics, measure: Measure, *, cut: date) -> pd.DataFrame:
    """Linked counted episodes of a measure: clinic, month of treatment, `delay` (treatment to first report) and `seen_for`, in days.

    Of sessions at risk only, where the measure names areas.
    """
    place, days = of_episodes(clinics), clinics.treatments["treatment_date"]
    own = clinics.episodes[["clinic", "reported_date"]].assign(
        session=place, treated=days.array.take(place, allow_fill=True)
    )
    there = np.append(at_risk(clinics, measure.areas), False)[place] & clinics.episodes["counted"].to_numpy(dtype=bool)
    own = own[there & are_of(clinics.episodes, measure)].dropna(subset=["reported_date"])
    own = own.sort_values("reported_date").drop_duplicates("session")
    return own.assign(
        month=month_names(own["treated"]),
        delay=(own["reported_date"] - own["treated"]).dt.days,
        seen_for=(pd.Timestamp(cut) - own["treated"]).dt.days,
    )[["clinic", "month", "delay", "seen_for"]]


def lag_by_clinic(clinics: Clinics, measures: Mapping[str, Measure], *, cut: date) -> pd.DataFrame:
    """Days from treatment to first report by clinic and measure: `reports`, `median`, `p90`, allowing for those still to come.

    Missing days and a `reason` under five reports.
    """
    return _lag_by_clinic(clinics, tuple(measures.values()), cut)


@once
def _lag_by_clinic(clinics: Clinics, measures: tuple[Measure, ...], cut: date) -> pd.DataFrame:
    rows = []
    for measure in measures:
        told = reports(clinics, measure, cut=cut)
        for clinic in sorted(set(clinics.coverage["clinic"])):
            own = told[told["clinic"] == clinic]
            found = arrival(own["delay"], own["seen_for"])
            enough = found.events >= 5
            rows.append({
                "measure": measure.id, "label": measure.label, "clinic": clinic, "reports": found.events,
                "median": found.quantile(0.5) if enough else np.nan, "p90": found.quantile(0.9) if enough else np.nan,
                "reason": None if enough else "under five linked reports",
            })  # fmt: skip
    columns = ["measure", "label", "clinic", "reports", "median", "p90", "reason"]
    return pd.DataFrame(rows, columns=columns).astype({"reason": "str", "reports": "int64"})


def provisional_months(
    clinics: Clinics, measures: Mapping[str, Measure], *, months: Iterable[str], cut: date, level: float = 0.95
) -> pd.DataFrame:
    """Months × measures whose follow-up is not over: what has arrived of each, and for the group what is to be expected in all.

    `sessions` of covered clinic-months, `affected` so far, `arrived` (share of reports that usually have by now, mean over the
    sessions), and with at least 10 expected in all `estimate`, `lower`, `upper`: affected + expected still to come, with the range in
    which the total will lie. Otherwise these are missing with a `reason`. See `still_to_come`.
    """
    rows = []
    for measure in measures.values():
        open_months = [m for m in months if is_provisional(m, follow_up_days=measure.follow_up_days, data_cut=cut)]
        if not open_months:
            continue
        by_day, cells = _sessions(clinics, measure.areas)
        told = reports(clinics, measure, cut=cut).merge(cells, on=["clinic", "month"])
        pattern = arrival(told["delay"], told["seen_for"])
        by_month = _by_month(by_day, told, pattern, cut)
        for month in (m for m in open_months if m in by_month.index):
            found = still_to_come(by_month, month, level=level)
            rows.append({"measure": measure.id, "label": measure.label, "month": month, **found})
    columns = [
        "measure",
        "label",
        "month",
        "sessions",
        "affected",
        "arrived",
        "expected",
        "estimate",
        "lower",
        "upper",
        "reason",
    ]
    table = pd.DataFrame(rows, columns=columns).astype({"reason": "str"})
    return table.astype(dict.fromkeys(("sessions", "affected"), "int64"))


def still_to_come(by_month: pd.DataFrame, month: str, *, level: float = 0.95) -> dict[str, object]:
    """One open month by Cape Cod and Bornhuetter-Ferguson: affected so far + sessions × rate × share still to come.

    The rate is that of all months together, each with the part of its sessions that has had time to report (Cape Cod): sum of
    affected ÷ sum of sessions × share arrived. What is to come is negative binomial: Poisson about a rate that is itself known
    from so many cases only. `by_month` has sessions, affected, arrived by month. Bornhuetter and Ferguson (1972), Proc Casualty
    Actuar Soc 59:181-195; Stanard (1985), same, 72:124-148.
    """
    own = by_month.loc[month]
    known = by_month[by_month["arrived"].notna()]
    used = float((known["sessions"] * known["arrived"]).sum())
    cases = float(known["affected"].sum())
    base = {"sessions": int(own["sessions"]), "affected": int(own["affected"]), "arrived": float(own["arrived"])}
    missing = dict.fromkeys(("estimate", "lower", "upper"), np.nan)
    if used <= 0 or cases == 0 or np.isnan(base["arrived"]):
        return {
            **base,
            "expected": np.nan,
            **missing,
            "arrived": np.nan,
            "reason": "no linked reports yet to learn the delay from",
        }
    expected = base["sessions"] * cases / used
    if expected < FEWEST_EXPECTED:
        return {**base, "expected": expected, **missing, "reason": "under 10 expected: nothing is estimated"}
    weight = base["sessions"] * (1 - base["arrived"]) / used
    to_come = stats.nbinom(cases + 0.5, 1 / (1 + weight))
    lower, upper = (base["affected"] + float(to_come.ppf(tail)) for tail in ((1 - level) / 2, (1 + level) / 2))
    return {
        **base, "expected": expected, "estimate": base["affected"] + weight * cases, "lower": lower, "upper": upper, "reason": None,
    }  # fmt: skip


@once
def _sessions(clinics: Clinics, areas: frozenset[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Sessions at risk in clinic-months whose logs were received: how many (`sessions`) by month and day; and which clinic-months."""
    own = clinics.treatments[["clinic", "treatment_date"]].take(np.flatnonzero(at_risk(clinics, areas)))
    own = own.assign(month=month_names(own["treatment_date"]))
    # the newest month's logs may be there in part; its sessions have had their share of time like all others
    there = covered(clinics.coverage[clinics.coverage["events"] != "missing"].assign(treatments="received"))
    group = groups(own, ["clinic", "month"])
    cells = own[["clinic", "month"]].take(firsts(group))
    kept = pd.MultiIndex.from_frame(cells).isin(there)
    by_day = own[kept[group]].groupby(["month", "treatment_date"]).size().rename("sessions").reset_index()
    return by_day, cells[kept].reset_index(drop=True)


def _by_month(by_day: pd.DataFrame, told: pd.DataFrame, pattern: Arrival, cut: date) -> pd.DataFrame:
    share = pattern.by((pd.Timestamp(cut) - by_day["treatment_date"]).dt.days.to_numpy())
    of_month = by_day.assign(arrived=share * by_day["sessions"]).groupby("month")
    sessions = of_month["sessions"].sum()
    arrived = of_month["arrived"].sum(min_count=1) / sessions  # without any report no share is known of any day
    affected = told.groupby("month").size().reindex(sessions.index, fill_value=0)
    return pd.DataFrame({"sessions": sessions, "arrived": arrived, "affected": affected})

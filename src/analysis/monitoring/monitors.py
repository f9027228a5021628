"""Every unit of every line of the monitor at the end of one month: its evidence, its size and what would have been noticed."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from analysis.counting.intervals import rate_ratio
from analysis.measures import POOLED
from analysis.monitoring.detector import comparators, evidence, other_clinics, starting_mass
from analysis.monitoring.points import Floats
from analysis.monitoring.power import FACTORS, YEAR, chance_noticed
from analysis.monitoring.settings import Monitor, Watch
from analysis.periods import shift

COLUMNS = [
    "line", "measure", "tail", "unit_kind", "clinic", "injector", "from_month", "to_month", "sessions", "observed", "expected",
    "size", "lower", "upper", "e_value", "limit", "signal", "power_2", "power_3", "method", "reason",
]  # fmt: skip
WAIT = 2
"""Months of a year that a line which waits for closed months has not seen at the year's end."""
METHOD = "e-detector"
LEARNING, TOO_RARE, ALONE = "learning", "too few events in the baseline", "nobody to compare with"
NONE_THERE = "no event among those compared with"


def monitor_units(
    applied: pd.DataFrame, asked_share: Mapping[str, float], watch: Watch, *, last: Mapping[str, str], starts: Mapping[str, str | None],
    power: bool = True,
) -> pd.DataFrame:  # fmt: skip
    """One row per line x unit, at the end of the last month of `applied`.

    `applied`: measure, clinic, injector, month, sessions, observed, expected (by one frozen table for the whole group) of covered
    clinic-months. `asked_share`: share of sessions with scheduled follow-up by clinic; missing means not recorded, and such a
    clinic is compared with itself alone, as is one that does not log like the others in the baseline (`logs_alike`). `last`: newest
    closed month by measure, for lines that wait for it. `starts`: first month of the measure's monitor; None while it is learning.

    `observed`, `expected` (what the comparators' rate makes of the unit's case mix) and `size` with exact 95 % limits are those of
    the newest twelve months; `e_value` is the evidence of all months since the start and signals at `limit`. `power_2`, `power_3`: chance
    that a doubled or tripled rate (for few: a half, a third) would be noticed within a year at this volume; left out without `power`.
    What cannot be had is missing and `reason` says why.
    """
    pooled = _baseline(applied[applied["measure"] == POOLED], watch.learning_months, starts.get(POOLED))
    found = [
        _line(
            applied[applied["measure"] == line.measure], asked_share, pooled, watch, line,
            last.get(line.measure), starts.get(line.measure), power,
        )
        for line in watch.monitors
    ]  # fmt: skip
    kept = [part for part in found if len(part)]
    table = pd.concat(kept, ignore_index=True) if kept else pd.DataFrame(columns=COLUMNS)
    return table.reindex(columns=COLUMNS).astype(_KINDS)


_KINDS = (
    dict.fromkeys(("line", "measure", "tail", "unit_kind", "clinic", "injector", "from_month", "to_month", "method", "reason"), "str")
    | dict.fromkeys(("sessions", "observed"), "Int64")
    | dict.fromkeys(("expected", "size", "lower", "upper", "e_value", "limit", "power_2", "power_3"), "float64")
    | {"signal": "bool"}
)  # fmt: skip


def _line(
    own: pd.DataFrame,
    asked_share: Mapping[str, float],
    pooled: pd.DataFrame,
    watch: Watch,
    line: Monitor,
    last: str | None,
    start: str | None,
    power: bool,
) -> pd.DataFrame:
    if line.closed:
        own = own[own["month"] <= (last or "")]
    units = own[["clinic", "injector"]].drop_duplicates().sort_values(["clinic", "injector"], ignore_index=True)
    if line.unit == "clinic":
        units = units[["clinic"]].drop_duplicates(ignore_index=True)
    base = units.assign(
        line=line.id, measure=line.measure, tail=line.tail, unit_kind=line.unit, limit=watch.limit, method=METHOD, signal=False
    )  # fmt: skip
    if start is None or own.empty:
        return base.assign(reason=LEARNING)
    own = own[own["month"] >= start]
    months = np.sort(np.asarray(own["month"].unique(), dtype=object))
    if len(months) == 0:
        return base.assign(reason=LEARNING)
    counts = _matrices(own, units, months)
    names = np.unique(units["clinic"].astype(str))
    place = np.searchsorted(names, units["clinic"].astype(str))
    similar = comparable(np.array([asked_share.get(name, np.nan) for name in names]), watch.comparable_points)
    level = pooled.reindex(names).fillna(0.0)
    similar &= logs_alike(
        level["observed"].to_numpy(float), level["expected"].to_numpy(float), level=watch.logging_level
    )
    others = {name: others_of(line, counts[name], place, similar) for name in ("observed", "expected")}
    return _judged(base, line, watch, counts, others, months, power)


def _matrices(own: pd.DataFrame, units: pd.DataFrame, months: npt.NDArray) -> dict[str, Floats]:
    """Units x months; a month that is not there (not covered) is 0 in everything and says nothing."""
    one = units.shape[1] == 1
    index = pd.Index(units["clinic"]) if one else pd.MultiIndex.from_frame(units)
    row = index.get_indexer(own["clinic"] if one else pd.MultiIndex.from_frame(own[list(units.columns)]))
    place = row * len(months) + pd.Index(months).get_indexer(own["month"])
    shape = len(units), len(months)
    size = shape[0] * shape[1]
    return {
        name: np.asarray(np.bincount(place, own[name].to_numpy(dtype=np.float64), size), dtype=np.float64).reshape(
            shape
        )
        for name in ("sessions", "observed", "expected")
    }


def _baseline(own: pd.DataFrame, months: int, start: str | None) -> pd.DataFrame:
    """Observed and expected pooled reactions of each clinic in the first months."""
    own = own[own["month"] >= (start or "")]
    first = np.sort(np.asarray(own["month"].unique(), dtype=object))[:months]
    return own[own["month"].isin(first)].groupby("clinic")[["observed", "expected"]].sum()


def logs_alike(observed: Floats, expected: Floats, *, level: float) -> npt.NDArray[np.bool_]:
    """Clinics x clinics: whose pooled reactions differ no more than chance, by case mix (two-sided exact binomial p >= `level`).

    A clinic that logs everything makes its injectors stand out beside one that logs little, whatever they do. A clinic with
    nothing expected is alike to all.
    """
    both, due = observed[:, None] + observed[None, :], expected[:, None] + expected[None, :]
    known = (expected[:, None] > 0) & (expected[None, :] > 0)
    part = np.where(known, expected[:, None] / np.where(due > 0, due, 1.0), 0.5)
    own = np.broadcast_to(observed[:, None], both.shape)
    tail = np.minimum(stats.binom.cdf(own, both, part), stats.binom.sf(own - 1, both, part))
    return np.asarray((2 * tail >= level) | ~known | np.eye(len(observed), dtype=bool))


def comparable(share: Floats, points: float) -> npt.NDArray[np.bool_]:
    """Clinics x clinics: which clinics may be compared: follow-up alike; a clinic that does not record it stands alone."""
    near = np.abs(share[:, None] - share[None, :]) <= points / 100 + 1e-12
    return np.asarray(near | np.eye(len(share), dtype=bool))


def others_of(line: Monitor, values: Floats, place: npt.NDArray, similar: npt.NDArray[np.bool_]) -> Floats:
    """Units x months of those each unit is compared with; `place` is the number of each unit's clinic."""
    return other_clinics(values, similar) if line.unit == "clinic" else comparators(values, place, similar)


def _judged(
    base: pd.DataFrame, line: Monitor, watch: Watch, counts: dict[str, Floats], others: dict[str, Floats], months: npt.NDArray,
    power: bool,
) -> pd.DataFrame:  # fmt: skip
    capital = starting_mass(counts["expected"], share=line.share)
    path = evidence(
        counts["observed"], counts["expected"], others["observed"], others["expected"], mass=capital, ratio=line.ratio
    )
    since = shift(str(months[-1]), 1 - YEAR)
    year = months >= since
    seen, due, n = (counts[name][:, year].sum(axis=1) for name in ("observed", "expected", "sessions"))
    around, around_due = (others[name][:, year].sum(axis=1) for name in ("observed", "expected"))
    reason = _reasons(due, around, around_due, never=counts["expected"].sum() == 0)
    known = np.array([not why or why == NONE_THERE for why in reason])
    due_here, due_there = np.where(known, due, np.nan), np.where(known, around_due, np.nan)
    size, lower, upper = (
        np.where(np.isfinite(one), one, np.nan) for one in rate_ratio(seen, due_here, around, due_there)
    )
    found = base.assign(
        from_month=str(max(months[0], since)), to_month=str(months[-1]), sessions=n, observed=seen,
        expected=due_here * around / due_there, size=size, lower=lower, upper=upper, e_value=np.where(known, path[:, -1], np.nan),
        signal=path[:, -1] >= watch.limit, reason=reason,
    )  # fmt: skip
    if not power:
        return found
    active = max(int(year.sum()), 1)
    both = due + around_due
    level = (
        np.nan_to_num((seen + around) / np.where(both > 0, both, np.nan)) / active
    )  # present level of all, per month
    for factor in FACTORS:
        found[f"power_{factor:.0f}"] = chance_noticed(
            np.where(known, due * level, 0.0), np.where(known, around_due * level, 0.0), capital[:, year].sum(axis=1) / active,
            factor=factor if line.tail == "more" else 1 / factor, ratio=line.ratio, limit=watch.limit,
            months=YEAR - WAIT if line.closed else YEAR,
        )  # fmt: skip
    return found


def _reasons(due: Floats, around: Floats, around_due: Floats, *, never: bool) -> npt.NDArray:
    cases = [
        (np.full(len(due), never), TOO_RARE), (due == 0, "no sessions"), (around_due == 0, ALONE), (around == 0, NONE_THERE),
    ]  # fmt: skip
    words = np.full(len(due), None, dtype=object)
    for test, word in reversed(cases):
        words[test] = word
    return words

"""Every unit of every line of the monitor at the end of one month: its evidence, its size and what would have been noticed."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.counting.intervals import rate_ratio
from analysis.monitoring.detector import comparators, evidence, other_clinics, starting_mass
from analysis.monitoring.points import Floats
from analysis.monitoring.power import FACTORS, YEAR, chance_noticed
from analysis.monitoring.settings import Monitor, Watch
from analysis.periods import shift

COLUMNS = [
    "line", "measure", "tail", "unit_kind", "clinic", "injector", "from_month", "to_month", "sessions", "observed", "expected",
    "size", "lower", "upper", "evidence", "limit", "signal", "power_2", "power_3", "method", "reason",
]  # fmt: skip
METHOD = "e-detector"
LEARNING, TOO_RARE, ALONE = "learning", "too few events in the baseline", "nobody to compare with"


def monitor_units(
    applied: pd.DataFrame, asked_share: Mapping[str, float], watch: Watch, *, last: Mapping[str, str], starts: Mapping[str, str | None],
) -> pd.DataFrame:  # fmt: skip
    """One row per line x unit, at the end of the last month of `applied`.

    `applied`: measure, clinic, injector, month, sessions, observed, expected (by one frozen table for the whole group) of covered
    clinic-months. `asked_share`: share of sessions with scheduled follow-up by clinic; missing means not recorded, and such a
    clinic is compared with itself alone. `last`: newest closed month by measure, for lines that wait for it. `starts`: first month
    of the measure's monitor; None while it is learning.

    `observed`, `expected` (what the comparators' rate makes of the unit's case mix) and `size` with exact 95 % limits are those of
    the newest twelve months; `evidence` is of all months since the start and signals at `limit`. `power_2`, `power_3`: chance that
    a doubled or tripled rate (for few: a half, a third) would be noticed within a year at this volume. What cannot be had is
    missing and `reason` says why.
    """
    found = [
        _line(applied[applied["measure"] == line.measure], asked_share, watch, line, last.get(line.measure), starts.get(line.measure))
        for line in watch.monitors
    ]  # fmt: skip
    kept = [part for part in found if len(part)]
    table = pd.concat(kept, ignore_index=True) if kept else pd.DataFrame(columns=COLUMNS)
    return table.reindex(columns=COLUMNS).astype(_KINDS)


_KINDS = (
    dict.fromkeys(("line", "measure", "tail", "unit_kind", "clinic", "injector", "from_month", "to_month", "method", "reason"), "str")
    | dict.fromkeys(("sessions", "observed"), "Int64")
    | dict.fromkeys(("expected", "size", "lower", "upper", "evidence", "limit", "power_2", "power_3"), "float64")
    | {"signal": "bool"}
)  # fmt: skip


def _line(
    own: pd.DataFrame, asked_share: Mapping[str, float], watch: Watch, line: Monitor, last: str | None, start: str | None
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
    similar = _comparable(np.array([asked_share.get(name, np.nan) for name in names]), watch.comparable_points)
    others = {name: _others(line, counts[name], place, similar) for name in ("observed", "expected")}
    return _judged(base, line, watch, counts, others, months)


def _matrices(own: pd.DataFrame, units: pd.DataFrame, months: npt.NDArray) -> dict[str, Floats]:
    """Units x months; a month that is not there (not covered) is 0 in everything and says nothing."""
    one = units.shape[1] == 1
    index = pd.Index(units["clinic"]) if one else pd.MultiIndex.from_frame(units)
    row = index.get_indexer(own["clinic"] if one else pd.MultiIndex.from_frame(own[list(units.columns)]))
    place = row * len(months) + pd.Index(months).get_indexer(own["month"])
    size = len(units) * len(months)
    return {
        name: np.bincount(place, own[name].to_numpy(dtype=np.float64), size).reshape(len(units), len(months))
        for name in ("sessions", "observed", "expected")
    }


def _comparable(share: Floats, points: float) -> npt.NDArray[np.bool_]:
    """Which clinics may be compared: follow-up alike; a clinic that does not record it stands alone."""
    near = np.abs(share[:, None] - share[None, :]) <= points / 100 + 1e-12
    return np.asarray(near | np.eye(len(share), dtype=bool))


def _others(line: Monitor, values: Floats, place: npt.NDArray, similar: npt.NDArray[np.bool_]) -> Floats:
    return other_clinics(values, similar) if line.unit == "clinic" else comparators(values, place, similar)


def _judged(
    base: pd.DataFrame, line: Monitor, watch: Watch, counts: dict[str, Floats], others: dict[str, Floats], months: npt.NDArray
) -> pd.DataFrame:
    capital = starting_mass(counts["expected"], share=line.share)
    path = evidence(
        counts["observed"], counts["expected"], others["observed"], others["expected"], mass=capital, ratio=line.ratio
    )
    since = shift(str(months[-1]), 1 - YEAR)
    year = months >= since
    seen, due, n = (counts[name][:, year].sum(axis=1) for name in ("observed", "expected", "sessions"))
    around, around_due = (others[name][:, year].sum(axis=1) for name in ("observed", "expected"))
    known = (due > 0) & (around_due > 0)
    due_here = np.where(known, due, np.nan)
    size, lower, upper = rate_ratio(seen, due_here, around, np.where(known, around_due, np.nan))
    finite = np.isfinite(size)
    level = np.where(known, around / np.where(known, around_due, 1.0), 1.0)  # how far the present lies from the baseline
    found = base.assign(
        from_month=str(max(months[0], since)), to_month=str(months[-1]), sessions=n, observed=seen,
        expected=np.where(known, due_here * level, np.nan), size=np.where(finite, size, np.nan),
        lower=np.where(np.isfinite(lower), lower, np.nan), upper=np.where(np.isfinite(upper), upper, np.nan),
        evidence=np.where(known | (path[:, -1] > 0), path[:, -1], np.nan), signal=path[:, -1] >= watch.limit,
    )  # fmt: skip
    active = max(int(year.sum()), 1)
    pooled = (seen + around) / np.where(due + around_due > 0, due + around_due, np.nan)  # the level of all of them together
    for factor in FACTORS:
        found[f"power_{factor:.0f}"] = chance_noticed(
            np.nan_to_num(due * pooled) / active, np.nan_to_num(around_due * pooled) / active, capital[:, year].sum(axis=1) / active,
            factor=factor if line.tail == "more" else 1 / factor, ratio=line.ratio, limit=watch.limit,
        )  # fmt: skip
    rare = counts["expected"].sum() == 0
    return found.assign(reason=np.where(known, None, np.where(rare | (due == 0), TOO_RARE if rare else "no sessions", ALONE)))

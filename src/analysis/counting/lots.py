"""Lots and injectors told apart: each lot against the same injectors' other lots, each injector against others with the same lot."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.counting.clinics import Clinics
from analysis.counting.clustering import design_effect, ratio_limits
from analysis.counting.courses import in_covered, of_measure, units
from analysis.measures import Measure

FEWEST_EXPECTED = 5.0
CASE_REVIEW = "under 5 expected: case review, no verdict"
NO_COMPARATOR = "nothing to compare with: case review, no verdict"
ALL = "all"
COLUMNS = [
    "measure", "label", "lot", "clinic", "injector", "sessions", "observed", "judged", "observed_judged", "expected_lot",
    "expected_injector", "ratio", "lower", "upper", "method", "reason",
]  # fmt: skip
_TABLE = ["place", "clinic"]
"""What is compared with each other: the sessions of one measure (by its place) in one clinic."""
_WITHIN_INJECTOR = (("injector", "asked", "area_group"), ("injector", "asked"))
_WITHIN_LOT = (("lot", "asked", "area_group"), ("lot", "asked"))


def lots(
    counted: Clinics, measures: Mapping[str, Measure], *, months: Iterable[str], level: float = 0.95
) -> pd.DataFrame:
    """Table of lot × injector with both margins, per measure and clinic, over covered `months`.

    `expected_lot`: what the same injector's sessions with other lots lead to expect, asked and not asked apart (by area group,
    then over all areas); `expected_injector`: what other injectors' sessions with the same lot do. A lot or its dilution shows
    in many observed beside the first and not the second, an injector the other way round. Rows with injector 'all' are lots,
    with lot 'all' injectors; only these carry `ratio`, `lower`, `upper` (observed over the expectation of their own kind,
    `clustering.ratio_limits`) or the `reason` why not. A session of several lots stands under each. Expected counts only
    sessions that have a comparator, and is missing where none has. A rung holds with 30 sessions and 5 affected ones outside
    the unit. `judged` sessions have the comparator of the row's own kind, `observed_judged` of them were affected: the ratio is of
    these; both are missing for a lot × injector.
    """
    chosen, parts = frozenset(months), []
    lot = counted.treatment_lines[["clinic", "session_id", "lot"]].dropna().drop_duplicates()
    for place, measure in enumerate(measures.values()):
        rows = of_measure(counted, replace(measure, asks=True))  # asked and not asked apart, whatever is counted
        kept = rows["month"].isin(chosen)
        kept &= in_covered(counted, rows)
        rows = rows[kept].merge(lot.rename(columns={"session_id": "unit_id"}), on=["clinic", "unit_id"])
        parts.append(rows.assign(place=place))
    rows = pd.concat(parts, ignore_index=True) if parts else units(counted, "sessions")[:0]
    if rows.empty:
        return pd.DataFrame(columns=COLUMNS)
    table = _of_all(rows.sort_values([*_TABLE, "lot", "injector", "unit_id"], ignore_index=True), measures, level)
    texts = ("measure", "label", "lot", "clinic", "injector", "method", "reason")
    whole = dict.fromkeys(("sessions", "observed"), "int64") | dict.fromkeys(("judged", "observed_judged"), "Int64")
    return table.astype(dict.fromkeys(texts, "str") | whole)


def _of_all(rows: pd.DataFrame, measures: Mapping[str, Measure], level: float) -> pd.DataFrame:
    """The tables of all measures (by their `place`) and clinics, worked out together: lots, injectors, then lot × injector of each."""
    chosen = list(measures.values())
    fewest = tuple(
        np.array([getattr(measure, name) for measure in chosen])[rows["place"]]
        for name in ("rung_sessions", "rung_events")
    )
    rows = rows.assign(hit=rows["affected"].astype("float64"))
    rows[["by_lot", "cases_lot"]] = others_risk(rows, unit="lot", ladder=_WITHIN_INJECTOR, fewest=fewest)
    rows[["by_injector", "cases_injector"]] = others_risk(rows, unit="injector", ladder=_WITHIN_LOT, fewest=fewest)
    kinds = [
        _margin(rows, "lot", "by_lot", "cases_lot", level).assign(injector=ALL),
        _margin(rows, "injector", "by_injector", "cases_injector", level).assign(lot=ALL),
        _sums(rows, ["lot", "injector"]),
    ]
    table = pd.concat([kind.assign(kind=n) for n, kind in enumerate(kinds)], ignore_index=True)
    table = table.sort_values([*_TABLE, "kind"], kind="stable", ignore_index=True)
    named = {
        name: [getattr(chosen[at], of) for at in table["place"]] for name, of in (("measure", "id"), ("label", "label"))
    }
    return table.assign(**named).reindex(columns=COLUMNS)


def others_risk(
    rows: pd.DataFrame, *, unit: str, ladder: Sequence[Sequence[str]], fewest: tuple[npt.NDArray, npt.NDArray]
) -> pd.DataFrame:
    """Risk of each row's stratum outside its own `unit`, on the first rung that holds, and the cases it rests on.

    Columns `risk` and `cases`; both missing where no rung has the `fewest` rows and events (of each row's measure) outside the
    unit. `rows` has `place` (of its measure), `clinic`, `hit` (0 or 1), `unit` and the columns of the rungs.
    """
    hit = rows["hit"].to_numpy(dtype=np.float64)
    risk, known = np.full(len(rows), np.nan), np.full(len(rows), np.nan)
    for rung in ladder:
        sums = []
        for keys in ([*_TABLE, *rung], [*_TABLE, *rung, unit]):
            group = rows.groupby(keys, sort=False).ngroup().to_numpy()
            sums.append((np.bincount(group)[group], np.bincount(group, hit)[group]))
        sessions, cases = sums[0][0] - sums[1][0], sums[0][1] - sums[1][1]
        holds = np.isnan(risk) & (sessions >= fewest[0]) & (cases >= fewest[1])
        risk[holds], known[holds] = cases[holds] / sessions[holds], cases[holds]
    return pd.DataFrame({"risk": risk, "cases": known}, index=rows.index)


def _sums(rows: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    groups = rows.groupby([*_TABLE, *keys], sort=True)
    table = groups.agg(sessions=("hit", "size"), observed=("hit", "sum"))
    expected = groups[["by_lot", "by_injector"]].sum(min_count=1)
    return table.assign(expected_lot=expected["by_lot"], expected_injector=expected["by_injector"]).reset_index()


def _margin(rows: pd.DataFrame, unit: str, risk: str, cases: str, level: float) -> pd.DataFrame:
    keys = [*_TABLE, unit]
    table = _sums(rows, [unit]).set_index(keys)
    judged = rows[rows[risk].notna()]
    sums = judged.groupby(keys, sort=True).agg(
        judged=("hit", "size"), observed=("hit", "sum"), expected=(risk, "sum"), reference=(cases, "mean")
    )
    sums = sums.reindex(table.index)
    place = table.index.get_indexer(pd.MultiIndex.from_frame(judged[keys]))
    effect = design_effect(place, judged["patient"], judged["hit"], judged[risk])
    effect = effect.reindex(range(len(table))).fillna(1.0).set_axis(table.index)
    alone, few = sums["expected"].isna(), sums["expected"] < FEWEST_EXPECTED
    expected = sums["expected"].mask(alone | few)
    lower, upper = ratio_limits(sums["observed"], expected, sums["reference"], effect, level=level)
    reason = pd.Series("", index=table.index, dtype="str").mask(few, CASE_REVIEW).mask(alone, NO_COMPARATOR)
    return table.assign(
        judged=sums["judged"].fillna(0), observed_judged=sums["observed"].fillna(0),
        ratio=sums["observed"] / expected, lower=lower, upper=upper, reason=reason.replace("", None),
        method=pd.Series("exact_ratio", index=table.index, dtype="str").where(expected.notna()),
    ).reset_index()  # fmt: skip

"""Lots and injectors told apart: each lot against the same injectors' other lots, each injector against others with the same lot."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.counting.clustering import design_effect, ratio_limits
from analysis.counting.courses import covered_of, of_measure, units
from analysis.counting.exposure import Clinics
from analysis.measures import Measure

FEWEST_EXPECTED = 5.0
CASE_REVIEW = "under 5 expected: case review, no verdict"
NO_COMPARATOR = "nothing to compare with: case review, no verdict"
ALL = "all"
COLUMNS = [
    "measure", "label", "lot", "clinic", "injector", "sessions", "observed", "judged", "observed_judged", "expected_lot",
    "expected_injector", "ratio", "lower", "upper", "method", "reason",
]  # fmt: skip
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
    laid = units(counted, "sessions")
    lot = counted.treatment_lines[["clinic", "session_id", "lot"]].dropna().drop_duplicates()
    for measure in measures.values():
        rows = of_measure(counted, replace(measure, asks=True), laid)  # asked and not asked apart, whatever is counted
        kept = rows["month"].isin(chosen)
        kept &= pd.MultiIndex.from_frame(rows[["clinic", "month"]]).isin(covered_of(counted))
        rows = rows[kept].merge(lot.rename(columns={"session_id": "unit_id"}), on=["clinic", "unit_id"])
        for clinic, own in rows.groupby("clinic", sort=True):
            found = _of_clinic(own.sort_values(["lot", "injector", "unit_id"], ignore_index=True), measure, level)
            parts.append(found.assign(measure=measure.id, label=measure.label, clinic=clinic))
    if not parts:
        return pd.DataFrame(columns=COLUMNS)
    table = pd.concat(parts, ignore_index=True)[COLUMNS]
    texts = ("measure", "label", "lot", "clinic", "injector", "method", "reason")
    whole = dict.fromkeys(("sessions", "observed"), "int64") | dict.fromkeys(("judged", "observed_judged"), "Int64")
    return table.astype(dict.fromkeys(texts, "str") | whole)


def _of_clinic(rows: pd.DataFrame, measure: Measure, level: float) -> pd.DataFrame:
    rows = rows.assign(hit=rows["affected"].astype("float64"))
    rows[["by_lot", "cases_lot"]] = others_risk(rows, unit="lot", ladder=_WITHIN_INJECTOR, measure=measure)
    rows[["by_injector", "cases_injector"]] = others_risk(rows, unit="injector", ladder=_WITHIN_LOT, measure=measure)
    cells = _sums(rows, ["lot", "injector"])
    of_lots = _margin(rows, "lot", "by_lot", "cases_lot", level).assign(injector=ALL)
    of_injectors = _margin(rows, "injector", "by_injector", "cases_injector", level).assign(lot=ALL)
    return pd.concat([of_lots, of_injectors, cells], ignore_index=True).reindex(columns=COLUMNS)


def others_risk(rows: pd.DataFrame, *, unit: str, ladder: Sequence[Sequence[str]], measure: Measure) -> pd.DataFrame:
    """Risk of each row's stratum outside its own `unit`, on the first rung that holds, and the cases it rests on.

    Columns `risk` and `cases`; both missing where no rung has `rung_sessions` rows and `rung_events` events outside the unit.
    `rows` has `hit` (0 or 1), `unit` and the columns of the rungs.
    """
    hit = rows["hit"].to_numpy(dtype=np.float64)
    risk, known = np.full(len(rows), np.nan), np.full(len(rows), np.nan)
    for rung in ladder:
        sums = []
        for keys in (list(rung), [*rung, unit]):
            group = rows.groupby(keys, sort=False).ngroup().to_numpy()
            sums.append((np.bincount(group)[group], np.bincount(group, hit)[group]))
        sessions, cases = sums[0][0] - sums[1][0], sums[0][1] - sums[1][1]
        holds = np.isnan(risk) & (sessions >= measure.rung_sessions) & (cases >= measure.rung_events)
        risk[holds], known[holds] = cases[holds] / sessions[holds], cases[holds]
    return pd.DataFrame({"risk": risk, "cases": known}, index=rows.index)


def _sums(rows: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    groups = rows.groupby(keys, sort=True)
    table = groups.agg(sessions=("hit", "size"), observed=("hit", "sum"))
    expected = groups[["by_lot", "by_injector"]].sum(min_count=1)
    return table.assign(expected_lot=expected["by_lot"], expected_injector=expected["by_injector"]).reset_index()


def _margin(rows: pd.DataFrame, unit: str, risk: str, cases: str, level: float) -> pd.DataFrame:
    table = _sums(rows, [unit]).set_index(unit)
    judged = rows[rows[risk].notna()]
    sums = judged.groupby(unit, sort=True).agg(
        judged=("hit", "size"), observed=("hit", "sum"), expected=(risk, "sum"), reference=(cases, "mean")
    )
    sums = sums.reindex(table.index)
    effect = (
        design_effect(judged[unit], judged["patient"], judged["hit"], judged[risk]).reindex(table.index).fillna(1.0)
    )
    alone, few = sums["expected"].isna(), sums["expected"] < FEWEST_EXPECTED
    expected = sums["expected"].mask(alone | few)
    lower, upper = ratio_limits(sums["observed"], expected, sums["reference"], effect, level=level)
    reason = pd.Series("", index=table.index, dtype="str").mask(few, CASE_REVIEW).mask(alone, NO_COMPARATOR)
    return table.assign(
        judged=sums["judged"].fillna(0), observed_judged=sums["observed"].fillna(0),
        ratio=sums["observed"] / expected, lower=lower, upper=upper, reason=reason.replace("", None),
        method=pd.Series("exact_ratio", index=table.index, dtype="str").where(expected.notna()),
    ).reset_index()  # fmt: skip

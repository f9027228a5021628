"""Injectors against their colleagues: what the same patients and areas would have counted with the others of their clinic."""

from collections.abc import Iterable, Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.columnar.coded import coded
from analysis.columnar.taking import taken
from analysis.counting.clinics import Clinics
from analysis.counting.clustering import chance_seen, design_effect, ratio_limits
from analysis.counting.courses import in_covered, of_measure, totals_rows, units
from analysis.counting.followup import APART, ENOUGH, comparable, completeness
from analysis.counting.inversion import Floats
from analysis.measures import Measure
from analysis.schemas.order import firsts, groups, order_of

FEWEST_EXPECTED = 5.0
"""Below this expected count cases are reviewed one by one and no ratio is given."""
CASE_REVIEW = "under 5 expected: case review, no verdict"
NO_COMPARATOR = "the colleagues have too few cases to compare with: case review, no verdict"
COLUMNS = [
    "measure", "clinic", "injector", "courses", "observed", "expected", "ratio", "lower", "upper", "method", "reason",
    "design_effect", "collapsed_share", "without_comparator", "observed_without_comparator", "crude_observed", "crude_courses",
    "crude_rate", "reference_events", "crude_ratio", "case_mix_ratio", "followup", "followup_others", "compared_with", "not_comparable",
    "power_doubled", "power_tripled",
]  # fmt: skip
_UNIT = ["clinic", "injector"]
_COUNTS = ("courses", "observed", "without_comparator", "observed_without_comparator", "crude_observed", "crude_courses",
           "compared_with", "not_comparable")  # fmt: skip


def observed_expected(
    counted: Clinics, measures: Mapping[str, Measure], *, months: Iterable[str], level: float = 0.95
) -> pd.DataFrame:
    """Observed and expected of each measure × clinic × injector over covered `months`, with the reason where there is no ratio.

    Expected: for each course the risk among the colleagues of the same clinic (never the injector's own), in the finest rung
    of the measure's ladder where they have at least 30 courses and 5 affected ones; measures that depend on asking within
    asked and not asked. Colleagues are those whose follow-up is alike (`followup.comparable`). Courses no rung speaks for leave
    `courses`, `observed` and `expected`, and are in `without_comparator`. `ratio` = observed / expected, `lower` and `upper`
    exact, with the chance in the colleagues' counts and the `design_effect` of repeat patients (`clustering.ratio_limits`); they are
    missing, with `reason`, where follow-up is too thin or unlike that of every colleague (then `expected` too), and below 5
    expected. `collapsed_share`: of the judged courses, those above the finest rung. `reference_events`: how many cases of the
    colleagues the expectation is worth.
    `crude_ratio` = the injector's rate over that of the same colleagues; it is `ratio` × `case_mix_ratio`, when every course has
    a comparator. `power_doubled`, `power_tripled`: the chance that twice or three times the expected count would have lain with
    its lower limit above 1. Rates 0-1.
    """
    chosen = frozenset(months)
    shares = completeness(counted, months=chosen).set_index(_UNIT)["share"]
    parts: list[pd.DataFrame] = []
    for measure in measures.values():
        parts += _of_measure(_rows(counted, measure, chosen), measure, shares)
    if not parts:
        return pd.DataFrame(columns=COLUMNS)
    table = _conclude(pd.concat(parts, ignore_index=True), level)
    return table.astype(dict.fromkeys(("measure", *_UNIT, "method", "reason"), "str") | dict.fromkeys(_COUNTS, "int64"))


def _rows(counted: Clinics, measure: Measure, months: frozenset[str]) -> pd.DataFrame:
    parts = [part for part in (of_measure(counted, measure), totals_rows(counted, measure)) if len(part)]
    rows = pd.concat(parts, ignore_index=True) if parts else units(counted, measure.unit).assign(affected=False)
    own = taken(rows, np.flatnonzero(rows["month"].isin(months).to_numpy() & in_covered(counted, rows)))
    return taken(own, order_of(own, [*_UNIT, "unit_id"]))


def _of_measure(rows: pd.DataFrame, measure: Measure, shares: pd.Series) -> list[pd.DataFrame]:
    edges = np.flatnonzero(np.diff(coded(rows["clinic"]).codes)) + 1  # rows come in order of clinic
    edges = edges if measure.comparator == "clinic" else edges[:0]
    scopes = [rows.iloc[a:b] for a, b in zip([0, *edges], [*edges, len(rows)], strict=True)]
    return [_of_scope(own.reset_index(drop=True), measure, shares) for own in scopes if len(own)]


def _of_scope(rows: pd.DataFrame, measure: Measure, shares: pd.Series) -> pd.DataFrame:
    people = rows[_UNIT].drop_duplicates().sort_values(_UNIT, ignore_index=True)
    index = pd.MultiIndex.from_frame(people)
    group = groups(rows, _UNIT)
    who = index.get_indexer(pd.MultiIndex.from_frame(rows[_UNIT].take(firsts(group))))[group]
    share = shares.reindex(index).to_numpy(dtype=np.float64)
    beside = comparable(share)
    risk = _risks(rows, who, beside, measure)
    judged = risk["risk"].notna().to_numpy()
    hit = rows["affected"].to_numpy(dtype=np.float64)
    n = len(people)

    def add(values: npt.NDArray) -> Floats:
        return np.bincount(who, weights=values, minlength=n).astype(np.float64)

    table = people.assign(
        measure=measure.id, courses=add(judged), observed=add(hit * judged), expected=add(risk["risk"].fillna(0.0).to_numpy()),
        without_comparator=add(~judged), observed_without_comparator=add(hit * ~judged), crude_observed=add(hit),
        crude_courses=add(np.ones(len(rows))), collapsed_share=_share(add(risk["rung"].to_numpy() > 0), add(judged)),
        followup=share, followup_others=_others(share, who, n), compared_with=beside.sum(axis=1),
        not_comparable=n - 1 - beside.sum(axis=1), reference_events=_reference_events(risk, who, n),
    )  # fmt: skip
    effect = design_effect(who[judged], rows["patient"][judged], hit[judged], risk["risk"][judged])
    table["design_effect"] = effect.reindex(range(n)).fillna(1.0).to_numpy()
    return _crude(table, beside)


def _risks(
    rows: pd.DataFrame, who: npt.NDArray[np.intp], beside: npt.NDArray[np.bool_], measure: Measure
) -> pd.DataFrame:
    """Each course's `risk` among the colleagues, the `rung` (0 finest) and `stratum` it comes from and its `cases` and `courses`.

    Risk missing and rung -1 where no rung holds.
    """
    hit = rows["affected"].to_numpy(dtype=np.float64)
    n = len(rows)
    risk, here = np.full(n, np.nan), {"cases": np.zeros(n), "courses": np.zeros(n)}
    place = {"rung": np.full(n, -1), "stratum": np.full(n, -1)}
    for rung, columns in enumerate(measure.ladder):
        stratum = groups(rows, ["asked", *columns])
        sizes = np.zeros((2, len(beside), stratum.max() + 1))
        np.add.at(sizes[0], (who, stratum), 1.0)
        np.add.at(sizes[1], (who, stratum), hit)
        courses, cases = ((beside @ table)[who, stratum] for table in sizes)
        holds = np.isnan(risk) & (courses >= measure.rung_sessions) & (cases >= measure.rung_events)
        risk[holds] = cases[holds] / courses[holds]
        here["cases"][holds], here["courses"][holds] = cases[holds], courses[holds]
        place["rung"][holds], place["stratum"][holds] = rung, stratum[holds]
    return pd.DataFrame({"risk": risk, **place, **here}, index=rows.index)


def _reference_events(risk: pd.DataFrame, who: npt.NDArray[np.intp], n: int) -> Floats:
    """Expected squared over its variance, the colleagues' cases being Poisson: a reference of as many cases is as uncertain."""
    judged = risk["risk"].notna().to_numpy()
    own = risk[judged]
    cell = pd.MultiIndex.from_arrays([who[judged], own["rung"], own["stratum"]]).factorize()[0]
    cells = int(cell.max()) + 1 if len(cell) else 0
    cases, unit = np.zeros(cells), np.zeros(cells, dtype=np.intp)
    cases[cell], unit[cell] = own["cases"], who[judged]
    weight = np.bincount(cell, 1 / own["courses"].to_numpy(), cells)  # own courses over those of the colleagues
    mean, variance = np.bincount(unit, weight * cases, n), np.bincount(unit, weight**2 * cases, n)
    return _share(mean**2, variance)


def _crude(table: pd.DataFrame, beside: npt.NDArray[np.bool_]) -> pd.DataFrame:
    """The rate as it stands, over that of the colleagues; and how much of it the case mix alone would make."""
    courses, hits = table["crude_courses"].to_numpy(), table["crude_observed"].to_numpy()
    others = _share(beside @ hits.astype(np.float64), beside @ courses.astype(np.float64))
    rate = _share(hits, courses)
    mix = _share(table["expected"].to_numpy(), others * table["courses"].to_numpy())
    return table.assign(crude_rate=rate, crude_ratio=_share(rate, others), case_mix_ratio=mix)


def _conclude(table: pd.DataFrame, level: float) -> pd.DataFrame:
    thin = ~(table["followup"] >= ENOUGH) | (table["compared_with"] == 0)
    few = ~thin & (table["expected"] < FEWEST_EXPECTED)
    shown = ~thin & ~few
    alone = few & (table["courses"] == 0)
    reason = pd.Series("", index=table.index, dtype="str").mask(few, CASE_REVIEW).mask(alone, NO_COMPARATOR)
    table["reason"] = reason.mask(thin, _why(table)).replace("", None)
    table["expected"] = table["expected"].mask(thin | alone)
    known = table["expected"].where(shown).to_numpy()
    reference, effect = table["reference_events"].to_numpy(), table["design_effect"].to_numpy()
    lower, upper = ratio_limits(table["observed"].to_numpy(), known, reference, effect, level=level)
    table = table.assign(ratio=table["observed"] / known, lower=lower, upper=upper)
    table["method"] = pd.Series("exact_ratio", index=table.index, dtype="str").where(shown)
    for column in ("crude_ratio", "case_mix_ratio"):
        table[column] = table[column].where(shown)
    for column, ratio in (("power_doubled", 2.0), ("power_tripled", 3.0)):
        table[column] = chance_seen(known, reference, effect, ratio=ratio, level=level)
    return table[COLUMNS]


def _why(table: pd.DataFrame) -> pd.Series:
    own, others = (table[column].map(_percent) for column in ("followup", "followup_others"))
    both = own + " here, " + others + " with the colleagues"
    return pd.Series(
        np.select(
            [table["followup"].isna(), table["compared_with"] + table["not_comparable"] == 0, table["followup"] < ENOUGH],
            [
                "withheld: scheduled follow-up not recorded",
                "withheld: no colleague at this clinic",
                f"withheld: scheduled follow-up under {ENOUGH * 100:.0f} % (" + both + ")",
            ],
            default=f"withheld: scheduled follow-up more than {APART * 100:.0f} points apart, or too thin (" + both + ")",
        ),
        index=table.index, dtype="str",
    )  # fmt: skip


def _percent(share: float) -> str:
    return "not recorded" if np.isnan(share) else f"{share * 100:.0f} %"


def _others(share: Floats, who: npt.NDArray[np.intp], n: int) -> Floats:
    """Mean share of the others of the clinic, weighted by courses; those without a record leave it."""
    courses = np.bincount(who, minlength=n).astype(np.float64) * ~np.isnan(share)
    asked = courses * np.nan_to_num(share)
    return _share(asked.sum() - asked, courses.sum() - courses)


def _share(part: npt.NDArray, whole: npt.NDArray) -> Floats:
    return np.divide(part, whole, out=np.full(len(whole), np.nan), where=np.asarray(whole) > 0)

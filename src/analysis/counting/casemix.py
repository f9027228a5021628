"""Injectors against their colleagues: what the same patients and areas would have counted with the others of their clinic."""

from collections.abc import Iterable, Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.counting.clinics import Clinics
from analysis.counting.clustering import chance_seen, design_effect, ratio_limits
from analysis.counting.colleagues import UNIT, Courses, compared, reference_events, risks, scopes, share_of
from analysis.counting.followup import APART, ENOUGH, comparable, completeness
from analysis.counting.inversion import Floats
from analysis.measures import Measure

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
    followed = completeness(counted, months=chosen)
    shares = dict(zip(zip(*(followed[key] for key in UNIT), strict=True), followed["share"], strict=True))
    parts = []
    for measure in measures.values():
        found = compared(counted, measure)
        own = found.within(chosen)
        parts += [_of_scope(one, found.people, measure, shares) for one in scopes(own, measure)]
    if not parts:
        return pd.DataFrame(columns=COLUMNS)
    table = pd.DataFrame({name: np.concatenate([part[name] for part in parts]) for name in parts[0]})
    table = _conclude(_crude(table), level)
    return table.astype(dict.fromkeys(("measure", *UNIT, "method", "reason"), "str") | dict.fromkeys(_COUNTS, "int64"))


def _of_scope(
    rows: Courses, people: list[tuple[str, str]], measure: Measure, shares: Mapping[tuple[str, str], float]
) -> dict[str, npt.NDArray]:
    here, who = np.unique(rows.who, return_inverse=True)
    names = [people[one] for one in here]
    share = np.array([shares.get(name, np.nan) for name in names], dtype=np.float64)
    beside = comparable(share)
    risk = risks(rows, who, beside, measure)
    judged = ~np.isnan(risk.risk)
    n = len(names)

    def add(values: npt.NDArray) -> Floats:
        return np.bincount(who, weights=values, minlength=n).astype(np.float64)

    effect = np.ones(n)
    found = design_effect(who[judged], rows.patient[judged], rows.hit[judged], risk.risk[judged])
    effect[found.index.to_numpy(dtype=np.intp)] = found.to_numpy()
    hits, courses = add(rows.hit), add(np.ones(len(who)))
    others = share_of(beside @ hits, beside @ courses)
    return {
        "clinic": np.array([clinic for clinic, _ in names], dtype=object), "injector": np.array([one for _, one in names], dtype=object),
        "measure": np.full(n, measure.id, dtype=object), "courses": add(judged), "observed": add(rows.hit * judged),
        "expected": add(np.where(judged, risk.risk, 0.0)), "without_comparator": add(~judged),
        "observed_without_comparator": add(rows.hit * ~judged), "crude_observed": hits, "crude_courses": courses,
        "collapsed_share": share_of(add(risk.rung > 0), add(judged)), "followup": share, "followup_others": _others(share, who, n),
        "compared_with": beside.sum(axis=1), "not_comparable": n - 1 - beside.sum(axis=1),
        "reference_events": reference_events(risk, who, n), "design_effect": effect, "others_rate": others,
    }  # fmt: skip


def _crude(table: pd.DataFrame) -> pd.DataFrame:
    """The rate as it stands, over that of the colleagues; and how much of it the case mix alone would make."""
    others = table["others_rate"].to_numpy()
    rate = share_of(table["crude_observed"].to_numpy(), table["crude_courses"].to_numpy())
    mix = share_of(table["expected"].to_numpy(), others * table["courses"].to_numpy())
    return table.assign(crude_rate=rate, crude_ratio=share_of(rate, others), case_mix_ratio=mix)


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
    return share_of(asked.sum() - asked, courses.sum() - courses)

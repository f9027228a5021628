"""How far two readings of the same entries agree beyond chance: Cohen's kappa, over all and label by label."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

COLUMNS = ["label", "n", "first", "second", "both", "agreed", "kappa", "lower", "upper"]

_NO_VARIANCE = 1e-12


@dataclass(frozen=True)
class Agreement:
    """`n` entries, `agreed` read alike, kappa with limits; kappa is missing without entries or without any variation."""

    n: int
    agreed: int
    kappa: float
    lower: float
    upper: float


def cohens_kappa(first: Sequence[Hashable], second: Sequence[Hashable], *, level: float = 0.95) -> Agreement:
    """Cohen's kappa of two readings of the same entries, one label each.

    kappa = (share agreed - share agreed by chance) / (1 - share agreed by chance), chance from the two margins; two-sided limits
    by the large-sample variance (Fleiss, Cohen and Everitt 1969), rough below some 30 entries and missing where it is 0.
    At no entry, or where both used one and the same label throughout, kappa is missing: there is nothing to agree on beyond chance.
    Source: Cohen (1960), Educ Psychol Meas 20:37-46; computed by statsmodels.
    """
    from statsmodels.stats.inter_rater import cohens_kappa as computed

    labels = sorted({*first, *second}, key=str)
    at = {label: number for number, label in enumerate(labels)}
    table = np.zeros((len(labels), len(labels)))
    for one, other in zip(first, second, strict=True):
        table[at[one], at[other]] += 1
    agreed = int(np.trace(table))
    if len(labels) < 2:
        return Agreement(len(first), agreed, np.nan, np.nan, np.nan)
    with np.errstate(invalid="ignore", divide="ignore"):  # the test of kappa = 0, which is not used here
        found = computed(table, return_results=True)
    lower, upper = _limits(float(found.kappa), float(found.var_kappa), level)
    return Agreement(len(first), agreed, float(found.kappa), lower, upper)


def _limits(kappa: float, variance: float, level: float) -> tuple[float, float]:
    from scipy.stats import norm

    if (
        variance < _NO_VARIANCE
    ):  # perfect agreement, or a label that one side never used: the formula has nothing to say
        return np.nan, np.nan
    half = float(norm.ppf(0.5 + level / 2)) * float(np.sqrt(variance))
    return max(kappa - half, -1.0), min(kappa + half, 1.0)


def agreement_by_label(
    first: Sequence[frozenset[str]], second: Sequence[frozenset[str]], labels: Iterable[str], *, level: float = 0.95
) -> pd.DataFrame:
    """One row per label: how many entries have it in the first, the second and both readings, and kappa for having it.

    Readings are sets of labels, because one entry may tell of several things. The row `all` compares whole sets.
    """
    rows = [_row("all", first, second, level)]
    for label in labels:
        ours, theirs = ([label in one for one in readings] for readings in (first, second))
        rows.append(_row(label, ours, theirs, level) | {
            "first": sum(ours), "second": sum(theirs), "both": sum(a and b for a, b in zip(ours, theirs, strict=True)),
        })  # fmt: skip
    frame = pd.DataFrame(rows, columns=COLUMNS)
    return frame.astype(dict.fromkeys(["first", "second", "both"], "Int64"))


def _row(label: str, first: Sequence[Hashable], second: Sequence[Hashable], level: float) -> dict[str, object]:
    # sets are compared by their sorted words, so that labels have an order of their own
    ours, theirs = (
        [";".join(sorted(one)) if isinstance(one, frozenset) else one for one in r] for r in (first, second)
    )
    found = cohens_kappa(ours, theirs, level=level)
    return {
        "label": label,
        "n": found.n,
        "agreed": found.agreed,
        "kappa": found.kappa,
        "lower": found.lower,
        "upper": found.upper,
    }

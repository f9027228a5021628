"""Coverage of the intervals: exact by summation for proportions and rates, by simulation for O/E and open months."""

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from analysis.counting.clustering import chance_seen, design_effect, ratio_limits
from analysis.counting.intervals import proportion_interval, rate_interval
from analysis.counting.lag import arrival, still_to_come

SIZES = (20, 50, 100, 200, 300, 500, 1000, 2000, 5000)
SHARES: npt.NDArray[np.float64] = np.geomspace(0.001, 0.1, 400)
MEANS: npt.NDArray[np.float64] = np.geomspace(0.05, 100, 2000)


def proportions(method: str, n: int) -> npt.NDArray[np.float64]:
    """Probability that the interval holds the true share, for every share of `SHARES`: summed over all counts."""
    counts = np.arange(n + 1)
    lower, upper = pair(method, counts, n)
    inside = (lower[:, None] <= SHARES) & (upper[:, None] >= SHARES)
    return np.asarray((stats.binom.pmf(counts[:, None], n, SHARES) * inside).sum(axis=0))


def pair(method: str, counts: npt.NDArray[np.int64], n: int) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Limits for every count; `page` is the rule of the pages: exact under 10 events or non-events, else Wilson."""
    if method != "page":
        return proportion_interval(counts, n, method=method)  # type: ignore[arg-type]
    few = (counts < 10) | (n - counts < 10)
    exact, wilson = (proportion_interval(counts, n, method=name) for name in ("clopper_pearson", "wilson"))
    return np.where(few, exact[0], wilson[0]), np.where(few, exact[1], wilson[1])


def rates(method: str) -> npt.NDArray[np.float64]:
    """Probability that the interval of a Poisson count holds its mean, for every mean of `MEANS`."""
    counts = np.arange(int(MEANS.max() + 12 * np.sqrt(MEANS.max()) + 20))
    lower, upper = rate_interval(counts, 1.0, method=method)  # type: ignore[arg-type]
    lower = np.nan_to_num(lower)
    inside = (lower[:, None] <= MEANS) & (upper[:, None] >= MEANS)
    return np.asarray((stats.poisson.pmf(counts[:, None], MEANS) * inside).sum(axis=0))


def observed_over_expected(*, runs: int = 4000, seed: int = 11) -> pd.DataFrame:
    """Coverage of O/E for an injector like the colleagues, whose patients come again and share a risk of their own.

    For each expectation, size of the colleagues' evidence (times the expectation) and sessions per patient; `garwood` takes the
    expectation as known and sessions as independent, `ours` is `ratio_limits` with the design effect. `power_told` is the mean
    stated chance of seeing a doubled rate, `power_seen` how often it was.
    """
    draw = np.random.default_rng(seed)
    rows = []
    for mean in (5.0, 10.0, 30.0):
        for ratio in (1.0, 3.0, 10.0):
            for visits in (1, 3):
                rows.append(
                    {
                        "expected": mean,
                        "colleagues": ratio,
                        "visits": visits,
                        **_coverage(draw, mean, ratio, visits, runs),
                    }
                )
    return pd.DataFrame(rows)


def _coverage(draw: np.random.Generator, mean: float, ratio: float, visits: int, runs: int) -> dict[str, float]:
    risk, shape = 0.03, 2.0
    people = round(mean / risk / visits)
    sizes = (people, round(people * ratio))
    inside, plain, told, seen, wide = 0, 0, 0.0, 0, 0
    for _ in range(runs):
        own, others = (_hits(draw, size, visits, risk, shape) for size in sizes)
        doubled = _hits(draw, people, visits, 2 * risk, shape)
        cases = int(others.sum())
        if cases < 5:
            continue
        expected = cases / others.size
        limits, known, effect = _limits(own, expected, cases)
        inside += limits[0] <= 1 <= limits[1]
        plain += known[0] <= 1 <= known[1]
        told += float(chance_seen(expected * own.size, cases, effect, ratio=2.0)[0]) if wide < 200 else 0.0
        seen += _limits(doubled, expected, cases)[0][0] > 1
        wide += 1
    return {
        "runs": wide, "ours": inside / wide, "garwood": plain / wide, "power_told": told / min(wide, 200), "power_seen": seen / wide
    }  # fmt: skip


def _hits(draw: np.random.Generator, people: int, visits: int, risk: float, shape: float) -> npt.NDArray[np.bool_]:
    own = draw.gamma(shape, risk / shape, (people, 1)) if visits > 1 else np.full((people, 1), risk)
    return draw.random((people, visits)) < own


def _limits(
    hits: npt.NDArray[np.bool_], expected: float, cases: int
) -> tuple[tuple[float, float], tuple[float, float], float]:
    patients = np.repeat(np.arange(hits.shape[0]), hits.shape[1])
    effect = float(design_effect(np.zeros(hits.size), patients, hits.ravel(), np.full(hits.size, expected)).iloc[0])
    low, high = ratio_limits(hits.sum(), expected * hits.size, cases, effect)
    known = rate_interval(hits.sum(), expected * hits.size)
    return (float(low), float(high)), (float(known[0]), float(known[1])), effect


def open_months(*, runs: int = 1500, seed: int = 12) -> pd.DataFrame:
    """Coverage of the range of an open month: 18 months of sessions, delays geometric with a mean of 14 days, cut in the last month."""
    draw = np.random.default_rng(seed)
    rows = []
    for per_month, rate, age in ((500, 0.03, 10), (500, 0.03, 25), (500, 0.1, 10), (1500, 0.03, 25), (300, 0.05, 5)):
        inside, estimated, bias = 0, 0, 0.0
        for _ in range(runs):
            truth, found = _one_group(draw, per_month, rate, age)
            if found["reason"] is None:
                estimated += 1
                inside += bool(found["lower"] <= truth <= found["upper"])
                bias += float(found["estimate"]) - truth
        rows.append({
            "sessions": per_month, "rate": rate, "days since month began": age + 15, "estimated": estimated / runs,
            "coverage": inside / estimated, "bias": bias / estimated,
        })  # fmt: skip
    return pd.DataFrame(rows)


def _one_group(draw: np.random.Generator, per_month: int, rate: float, age: int) -> tuple[int, dict[str, object]]:
    months = 18
    month = np.repeat(np.arange(months), per_month)
    day = month * 30 + draw.integers(0, 30, month.size)
    seen_for = months * 30 - 15 + age - day  # the newest month began 15 + age days before the cut
    treated = seen_for >= 0
    month, seen_for = month[treated], seen_for[treated]
    hit = draw.random(month.size) < rate
    delay = draw.geometric(1 / 15, month.size) - 1
    there = hit & (delay <= seen_for)
    pattern = arrival(delay[there], seen_for[there])
    arrived = pattern.by(seen_for)
    by_month = pd.DataFrame({"month": month, "arrived": arrived, "there": there}).groupby("month").agg(
        sessions=("arrived", "size"), arrived=("arrived", "mean"), affected=("there", "sum")
    )  # fmt: skip
    newest = months - 1
    by_month.index = by_month.index.astype("str")
    return int((hit & (month == newest)).sum()), still_to_come(by_month, str(newest))


def main() -> None:
    print("Proportions, level 0.95, true share 0.001 to 0.1 (exact, by summation)")
    print(f"{'method':18}{'least':>8}{'mean':>8}   at n =", *SIZES)
    for method in ("clopper_pearson", "wilson", "mid_p", "jeffreys", "page"):
        each = {n: proportions(method, n) for n in SIZES}
        whole = np.concatenate(list(each.values()))
        means = " ".join(f"{values.mean():.3f}" for values in each.values())
        print(f"{method:18}{whole.min():8.4f}{whole.mean():8.4f}   mean {means}")
        print(f"{'':34}   least {' '.join(f'{values.min():.3f}' for values in each.values())}")
    print("\nRates, level 0.95, mean count 0.05 to 100 (exact, by summation)")
    for method in ("garwood", "mid_p", "byar"):
        found = rates(method)
        print(f"{method:18}{found.min():8.4f}{found.mean():8.4f}   mean from 1 on {found[MEANS >= 1].mean():.4f}")
    print("\nObserved over expected, level 0.95 (simulated)")
    print(observed_over_expected().round(3).to_string(index=False))
    print("\nOpen months, level 0.95 (simulated)")
    print(open_months().round(3).to_string(index=False))

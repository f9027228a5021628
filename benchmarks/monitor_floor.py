"""Every signal of a large group against the same number of Poisson quantiles, in processor time of this process."""

import time

import numpy as np
import pandas as pd
from scipy import stats

from analysis.monitoring.monitors import monitor_units
from analysis.monitoring.settings import load_watch
from analysis.periods import month_range, shift


def group(*, clinics: int, injectors: int, months: int, seed: int = 1) -> pd.DataFrame:
    """Observed and expected of every measure the monitor watches, clinic, injector and month; simulated."""
    rng, names = np.random.default_rng(seed), list(month_range("2020-01", shift("2020-01", months - 1)))
    people = pd.MultiIndex.from_product(
        [_measures(), [f"c{n:02d}" for n in range(clinics)], [f"i{n:02d}" for n in range(injectors)], names],
        names=["measure", "clinic", "injector", "month"],
    )  # fmt: skip
    frame = people.to_frame(index=False).astype("str")
    sessions = rng.poisson(45, len(frame))
    return frame.assign(sessions=sessions, observed=rng.poisson(sessions * 0.01), expected=sessions * 0.01)


def _measures() -> list[str]:
    return list(dict.fromkeys(line.measure for line in load_watch().monitors))


def ours(frame: pd.DataFrame) -> float:
    """Processor seconds for evidence, size, limits and power of every unit of every line."""
    newest = frame["month"].max()
    names = _measures()
    asked = dict.fromkeys(frame["clinic"].unique(), 0.15)
    last, starts = dict.fromkeys(names, shift(newest, -2)), dict.fromkeys(names, frame["month"].min())
    begin = time.process_time()
    monitor_units(frame, asked, load_watch(), last=last, starts=starts)
    return time.process_time() - begin


def floor(frame: pd.DataFrame, *, one_by_one: int = 2000) -> tuple[float, float]:
    """Processor seconds of one quantile per row: in one call over the column, and (from a sample) in a call for each."""
    means = frame["expected"].to_numpy()
    begin = time.process_time()
    stats.poisson.ppf(0.975, means)
    column = time.process_time() - begin
    begin = time.process_time()
    for mean in means[:one_by_one]:
        stats.poisson.ppf(0.975, mean)
    return column, (time.process_time() - begin) * len(means) / one_by_one


def main() -> None:
    """Print the ratio, and the cost at a half and at a quarter of the months and of the units."""
    for clinics, injectors, months in ((50, 20, 60), (50, 20, 30), (25, 20, 60), (50, 20, 15)):
        frame = group(clinics=clinics, injectors=injectors, months=months)
        ours(frame)
        taken = float(np.median([ours(frame) for _ in range(3)]))
        column, single = floor(frame)
        print(
            f"signals, {clinics} clinics x {injectors} injectors x {months} months x {len(_measures())} measures: {taken:.2f} s of "
            f"processor, {taken / column:.2f} of a column of quantiles, {taken / single:.3f} of as many calls"
        )


if __name__ == "__main__":
    main()

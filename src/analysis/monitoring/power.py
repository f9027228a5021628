"""What a monitor would have noticed: the other half of every verdict."""

from functools import lru_cache

import numpy as np

from analysis.monitoring.detector import evidence
from analysis.monitoring.points import Floats

YEAR = 12
FACTORS = (2.0, 3.0)
"""Changes that power is given for: doubled and tripled, or for few reports a half and a third."""
_STEP = 0.1  # volumes within about 10 % of one another share one simulation


def chance_noticed(
    own: Floats, others: Floats, mass: Floats, *, factor: float, ratio: float, limit: float, months: int = YEAR,
    draws: int = 400, seed: int = 20261,
) -> Floats:  # fmt: skip
    """Chance that a unit whose rate changes to `factor` times the others' reaches `limit` within `months` monthly looks.

    `own` and `others` are monthly expected counts of unit and comparators at the present level, `mass` the monthly capital;
    one value per unit. By simulation with a fixed seed (standard error at most 2.5 points at 400 draws); volumes are rounded
    to steps of 10 %, so that units of one size share a simulation. Unit: a probability, 0-1; missing without comparators or with
    nothing expected. The change comes after a year in which the unit did not differ, as the monitor has seen one at least: it
    meets the evidence that chance leaves there. A draw that has already reached the limit then is not counted.
    """
    found = np.full(len(own), np.nan)
    usable = (own > 0) & (others > 0)
    if not usable.any():
        return found
    sizes = np.column_stack([own, others, np.maximum(mass, 1e-300)])[usable]
    steps = np.round(np.log(sizes) / _STEP).astype(np.int64)
    kinds, which = np.unique(steps, axis=0, return_inverse=True)
    chances = [
        _simulated((int(own), int(around), int(held)), factor, ratio, limit, months, draws, seed)
        for own, around, held in kinds
    ]
    found[usable] = np.array(chances)[which.ravel()]
    return found


@lru_cache(maxsize=10_000)
def _simulated(
    steps: tuple[int, int, int], factor: float, ratio: float, limit: float, months: int, draws: int, seed: int
) -> float:
    own, others, mass = np.exp(np.array(steps) * _STEP)  # units of other months, too, are of these sizes
    rng = np.random.default_rng(seed)
    shape = (draws, YEAR + months)
    rate = own * np.where(np.arange(YEAR + months) < YEAR, 1.0, factor)
    events, elsewhere = rng.poisson(rate, shape).astype(float), rng.poisson(others, shape).astype(float)
    path = evidence(
        events, np.full(shape, own), elsewhere, np.full(shape, others), mass=np.full(shape, mass), ratio=ratio
    )
    quiet = path[:, YEAR - 1] < limit
    return float((path[quiet, YEAR:].max(axis=1) >= limit).mean()) if quiet.any() else float("nan")

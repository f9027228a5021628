"""What would be usual next month, and whether a doubled rate would have been noticed."""

from scipy import stats


def usual_range(events: int, sessions: int, *, next_sessions: int, level: float = 0.95) -> tuple[int, int] | None:
    """Prediction range of the number of affected sessions among `next_sessions`, after `events` of `sessions`.

    Beta-binomial with Jeffreys' prior (Beta(1/2, 1/2)): allows for chance in the past counts and in the next. Equal tails of
    `level`. Missing when either number of sessions is 0. Source: Krishnamoorthy and Peng (2011), J Stat Plan Inference 141.
    """
    if sessions <= 0 or next_sessions <= 0:
        return None
    spread = stats.betabinom(next_sessions, events + 0.5, sessions - events + 0.5)
    tail = (1 - level) / 2
    return int(spread.ppf(tail)), int(spread.ppf(1 - tail))


def chance_noticed(upper: int, *, sessions: int, rate: float, ratio: float) -> float:
    """Chance that a month of `sessions` at `ratio` times `rate` has more affected sessions than `upper` (binomial)."""
    return float(stats.binom.sf(upper, sessions, min(1.0, rate * ratio)))

"""Case mix: what a unit would have counted had its sessions gone as the reference's did (indirect standardisation)."""

from collections.abc import Sequence

import pandas as pd

from analysis.counting.intervals import rate_interval


def indirect(
    frame: pd.DataFrame,
    *,
    unit: str | Sequence[str],
    strata: str | Sequence[str],
    events: str = "events",
    exposure: str = "exposure",
    leave_one_out: bool = False,
    level: float = 0.95,
) -> pd.DataFrame:
    """Observed and expected events of every unit, and their ratio with exact limits.

    Expected = sum over strata of the unit's exposure x the stratum's events per exposure in the reference. The
    reference is the whole frame, or with `leave_one_out` everybody but the unit itself (the whole frame holds the unit
    too and pulls its ratio towards 1). The ratio is observed / expected; its limits are Garwood's for a Poisson count
    with the expected taken as known. Ratios of two units have different weights: compare each with 1, not with one
    another.

    Rows of one unit and stratum are added up. A row whose events or exposure is missing counts on neither side.
    Exposure in a stratum where the reference has none cannot be judged: it leaves expected and observed alike and is
    reported in `exposure_without_comparator` and `events_without_comparator`. Expected 0: ratio and limits are missing,
    the row stays.

    Returns one row per unit in unit order, indexed by unit (which is also a column), with `observed, expected, ratio,
    lower, upper, method`. Units: counts; the ratio has none. Breslow and Day (1987), IARC Sci Publ 82, section 2.3;
    Garwood (1936), Biometrika 28:437-442.
    """
    units, parts = _names(unit), _names(strata)
    if not parts:  # nothing to stratify by: everybody is one stratum
        frame, parts = frame.assign(_everybody=0), ["_everybody"]
    cells = _cells(frame, keys=units + parts, events=events, exposure=exposure)
    reference = cells.groupby(parts, dropna=False, observed=True)[["_events", "_exposure"]].transform("sum")
    if leave_one_out:
        reference = reference - cells[["_events", "_exposure"]]
    known = reference["_exposure"] > 0
    rate = reference["_events"] / reference["_exposure"].where(known)
    cells = cells.assign(
        observed=cells["_events"].where(known, 0),
        expected=(cells["_exposure"] * rate).fillna(0.0),
        exposure_without_comparator=cells["_exposure"].where(~known, 0),
        events_without_comparator=cells["_events"].where(~known, 0),
    )
    sums = ["observed", "expected", "exposure_without_comparator", "events_without_comparator"]
    by_unit = cells.groupby(units, dropna=False, observed=True, sort=True)[sums].sum().reset_index()
    lower, upper = rate_interval(by_unit["observed"], by_unit["expected"], level=level, method="garwood")
    ratio = by_unit["observed"] / by_unit["expected"].where(by_unit["expected"] > 0)
    by_unit = by_unit.assign(ratio=ratio.astype("float64"), lower=lower, upper=upper, method="garwood")
    by_unit = by_unit[[*units, "observed", "expected", "ratio", "lower", "upper", "method", *sums[2:]]]
    # The index repeats the unit without its name, so that the column of that name stays unambiguous.
    return by_unit.set_index(units, drop=False).rename_axis(index=[None] * len(units))


def _cells(frame: pd.DataFrame, *, keys: list[str], events: str, exposure: str) -> pd.DataFrame:
    """Events and exposure added up to one row per unit and stratum; unusable rows keep their unit and count nothing."""
    usable = frame[events].notna() & frame[exposure].notna()
    counted = frame[keys].assign(_events=frame[events].where(usable, 0), _exposure=frame[exposure].where(usable, 0))
    if (counted["_events"] < 0).any() or (counted["_exposure"] < 0).any():
        raise ValueError(f"{events} and {exposure} must not be negative")
    return counted.groupby(keys, dropna=False, observed=True, sort=True)[["_events", "_exposure"]].sum().reset_index()


def _names(given: str | Sequence[str]) -> list[str]:
    return [given] if isinstance(given, str) else list(given)

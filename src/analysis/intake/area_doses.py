"""Units by area: from columns of one area each, or from lists of areas and units that are as long as each other."""

import re
from collections.abc import Mapping

import pandas as pd

from analysis.intake import values
from analysis.intake.distinct import distinct
from analysis.intake.spread import units_of, written_sum

_BETWEEN = re.compile(r"\s*[+/;&|]\s*|,\s+")
"""What stands between the units of several areas. A comma alone may mark thousands or decimals."""


def with_area_doses(cells: pd.DataFrame, *, decimal: str) -> pd.DataFrame:
    """Cells with `area_doses` (`20;10`: units of several areas in alphabetical order of the areas) where a row tells them.

    From columns of one area each come `area` too and, unless the log gives a total, `dose_units`, written as a sum.
    """
    if "area_units" in cells:
        text = cells["area_units"]
        said = {t: units_of(t, decimal=decimal) for t in text.unique()}
        told = cells.assign(
            area=distinct(text, lambda t: ";".join(said[t])), area_doses=distinct(text, lambda t: _in_order(said[t]))
        )
        return told if "dose_units" in cells else told.assign(dose_units=distinct(text, written_sum))
    if not {"area", "dose_units"} <= set(cells):
        return cells
    several = distinct(cells["dose_units"], lambda t: bool(_BETWEEN.search(t.strip())), dtype="bool")
    lists = cells.loc[several, ["area", "dose_units"]]
    pairs = set(zip(lists["area"], lists["dose_units"], strict=True))
    found = {(area, dose): _in_step(area, dose, decimal) for area, dose in pairs}
    lists = lists[[bool(found[pair]) for pair in lists.itertuples(index=False, name=None)]]
    if lists.empty:
        return cells
    own = [found[pair] for pair in lists.itertuples(index=False, name=None)]
    doses, each = cells["dose_units"].copy(), pd.Series("", index=cells.index, dtype="str")
    doses[lists.index] = [f"{sum(units.values()):.10g}" for units in own]
    each[lists.index] = [_in_order(units) for units in own]
    return cells.assign(dose_units=doses, area_doses=each)


def _in_step(area: str, dose: str, decimal: str) -> dict[str, float]:
    """Units by area where as many areas as amounts are listed, and each of them can be read; else nothing."""
    areas = [values.areas(part) for part in values.SPLIT.split(area) if part.strip()]
    units = [values.dose(part, decimal=decimal) for part in _BETWEEN.split(dose.strip())]
    names = [found[0] for found in areas if len(found) == 1]
    known = [u for u in units if u is not None and u > 0]
    if not len(names) == len(areas) == len(units) == len(known) == len(set(names)):
        return {}
    return dict(zip(names, known, strict=True))


def _in_order(units: Mapping[str, float | None]) -> str:
    """One number for each area, as areas are stored; nothing where there are not several."""
    return (
        ";".join("" if units[area] is None else f"{units[area]:.10g}" for area in sorted(units))
        if len(units) > 1
        else ""
    )

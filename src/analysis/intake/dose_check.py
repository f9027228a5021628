"""Doses that look like those of another product: units of different products are no common measure."""

import numpy as np
import pandas as pd

from analysis.intake.values import dose_ratio
from analysis.intake.verdicts import Verdicts
from analysis.intake.words import label_doses, product_labels
from analysis.schemas.order import firsts, groups

_HIGH, _LOW = 2.0, 0.5
"""Dose ÷ own label dose from which a slip of the product is thought of."""
_CLOSE = (0.75, 1.25)
_MOST = 20


def note_foreign_doses(typed: pd.DataFrame, verdicts: Verdicts) -> None:
    """Say of each product, area and dose that is far from its label dose and close to another's, and of how many rows.

    `typed` needs product, area and dose_units (units of that product). Nothing is changed: the dose stands as written.
    """
    told = 0
    for product, area, units, rows in _given(typed).itertuples(index=False):
        other = _closer(product, area.split(";"), units)
        if other and told < _MOST:
            own, whose = other
            told += 1
            verdicts.note(
                None, "dose_of_another_product", f"{rows} row(s) give {units:g} units of {product_labels()[product]} to {area}: {own:.1f} "
                f"times its label dose, and close to that of {' or '.join(product_labels()[p] for p in whose)}. Check the product.",
                column="dose_units", old=f"{units:g}",
            )  # fmt: skip


def _given(typed: pd.DataFrame) -> pd.DataFrame:
    """Each product, area and dose that stand together, in order, with the number of rows."""
    columns = ["product", "area", "dose_units"]
    kind = groups(typed, columns)
    counted = typed[columns].take(firsts(kind)).assign(rows=np.bincount(kind))
    return counted.dropna().sort_values(columns)


def _closer(product: str, areas: list[str], units: float) -> tuple[float, list[str]] | None:
    """The ratio to the own label dose and the products whose label dose fits, where the own does not."""
    own = dose_ratio(units, product, areas)
    if own is None or _LOW < own < _HIGH:
        return None
    ratios = {p: dose_ratio(units, p, areas) for p in sorted({p for p, _ in label_doses()} - {product})}
    fitting = {p: abs(r - 1) for p, r in ratios.items() if r is not None and _CLOSE[0] <= r <= _CLOSE[1]}
    return (own, sorted(fitting, key=lambda p: (fitting[p], p))) if fitting else None

"""What was injected where: units by area and product, never added up over products."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from analysis.columnar.taking import taken
from analysis.counting.clinics import Clinics, of_lines
from analysis.counting.dated import dated
from analysis.counting.once import once
from analysis.resources import read_rows, resource
from analysis.schemas.order import firsts, groups, order_of


def units_by_area(clinics: Clinics, months: Iterable[str]) -> pd.DataFrame:
    """Units injected by area and product in covered clinic-months among `months`: `sessions` with units recorded, `units`, `median`.

    Units of one product each: products are never added up, because their units are not the same.
    """
    every = _doses(clinics)
    of_session = every[dated(clinics).within(months)[every["session"]]].groupby(["area", "product"])["dose_units"]
    table = of_session.agg(["size", "sum", "median"]).set_axis(["sessions", "units", "median"], axis=1).reset_index()
    labels = {row["product"]: row["label"] for row in read_rows(resource("intake/products.csv"))} | {
        "unknown": "Not recorded"
    }
    named = table["product"].map(labels).fillna(table["product"])
    kinds = {
        "area": "str",
        "product": "str",
        "product_label": "str",
        "sessions": "int64",
        "units": "float64",
        "median": "float64",
    }
    return table.assign(product_label=named)[list(kinds)].astype(kinds)


@once
def _doses(clinics: Clinics) -> pd.DataFrame:
    """Units of each session (its row in `treatments`) by area and product, in order of these."""
    session = of_lines(clinics)
    there = np.flatnonzero((session >= 0) & clinics.treatment_lines["dose_units"].notna().to_numpy())
    own = taken(clinics.treatment_lines[["area", "product", "dose_units"]], there).assign(session=session[there])
    own = own.assign(area=own["area"].fillna("unknown"), product=own["product"].fillna("unknown"))
    own = taken(own, order_of(own, ["area", "product", "session"]))
    group = groups(own, ["area", "product", "session"])
    sums = own["dose_units"].groupby(group).sum().to_numpy()
    return taken(own[["area", "product", "session"]], firsts(group)).assign(dose_units=sums)

"""What was injected where: units by area and product, never added up over products."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from analysis.counting.clinics import Clinics, of_lines
from analysis.counting.dated import dated
from analysis.resources import read_rows, resource


def units_by_area(clinics: Clinics, months: Iterable[str]) -> pd.DataFrame:
    """Units injected by area and product in covered clinic-months among `months`: `sessions` with units recorded, `units`, `median`.

    Units of one product each: products are never added up, because their units are not the same.
    """
    there = np.append(dated(clinics).within(months), False)[of_lines(clinics)]
    own = clinics.treatment_lines[there & clinics.treatment_lines["dose_units"].notna().to_numpy()]
    own = own.assign(area=own["area"].fillna("unknown"), product=own["product"].fillna("unknown"))
    of_session = own.groupby(["area", "product", "clinic", "session_id"])["dose_units"].sum()
    table = (
        of_session.groupby(level=["area", "product"]).agg(sessions="size", units="sum", median="median").reset_index()
    )
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

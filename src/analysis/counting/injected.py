"""What was injected where: units by area and product, never added up over products."""

import pandas as pd

from analysis.columnar.calendar import month_names
from analysis.counting.courses import covered
from analysis.resources import read_rows, resource


def units_by_area(
    treatments: pd.DataFrame, lines: pd.DataFrame, coverage: pd.DataFrame, months: list[str]
) -> pd.DataFrame:
    """Units injected by area and product in covered clinic-months among `months`: `sessions` with units recorded, `units`, `median`.

    Units of one product each: products are never added up, because their units are not the same.
    """
    when = month_names(treatments["treatment_date"])
    there = pd.MultiIndex.from_arrays([treatments["clinic"], when]).isin(covered(coverage)) & when.isin(months)
    own = lines[lines["dose_units"].notna()].merge(
        treatments.loc[there, ["clinic", "session_id"]], on=["clinic", "session_id"]
    )
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

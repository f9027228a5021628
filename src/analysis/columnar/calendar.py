"""Days of a whole column as the month they lie in: text is made once for each month, however many days there are."""

import numpy as np
import pandas as pd

from analysis.columnar.coded import Coded


def month_names(days: pd.Series) -> pd.Series:
    """`YYYY-MM` of each day, missing where the day is. `days` are dates without a time zone."""
    whole = days.to_numpy(dtype="datetime64[M]")
    there = ~np.isnat(whole)
    number = whole.astype(np.int64)
    first = int(number[there].min()) if there.any() else 0
    codes = np.where(there, number - first, -1).astype(np.int32)
    last = int(codes.max(initial=-1))
    names = [str(month) for month in np.arange(first, first + last + 1).astype("datetime64[M]")]
    return Coded(codes, pd.Series(names, dtype="str")).column(days.index).rename(days.name)

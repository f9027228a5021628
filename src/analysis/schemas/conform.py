"""Bring a frame into the shape its schema promises, and check it."""

import pandas as pd
import pandera.errors

from analysis.columnar.taking import taken
from analysis.schemas.frames import FRAMES, Frame
from analysis.schemas.order import order_of


def empty(name: str) -> pd.DataFrame:
    """An empty frame with the columns and types of the named schema."""
    schema = FRAMES[name].schema
    return pd.DataFrame({column: pd.Series(dtype=str(spec.dtype)) for column, spec in schema.columns.items()})


def conform(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Return `frame` with exactly the schema's columns and types, sorted by its key, 0-based index, validated.

    Columns that are missing are added as missing values where the schema allows it; others are dropped. A value that does
    not fit is our own bug, because clinics' data is typed before: it raises ValueError naming columns and checks, no values.
    """
    return conform_to(FRAMES[name], frame)


def conform_to(spec: Frame, frame: pd.DataFrame) -> pd.DataFrame:
    """`conform` for a frame that is not stored: a result with a schema of its own."""
    return check(spec, _shaped(spec, frame))


def shaped(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """`conform` without looking at every value: for a frame made anew, many times over, of frames that were looked at."""
    return _shaped(FRAMES[name], frame)


def _shaped(spec: Frame, frame: pd.DataFrame) -> pd.DataFrame:
    columns = {column: _as_type(frame, column, str(part.dtype)) for column, part in spec.schema.columns.items()}
    return _sorted(pd.DataFrame(columns, index=frame.index), list(spec.key))


def check(spec: Frame, frame: pd.DataFrame) -> pd.DataFrame:
    """Validate against the schema; the error names columns and checks and never quotes a value."""
    try:
        return spec.schema.validate(frame, lazy=True)
    except pandera.errors.SchemaErrors as error:
        cases = error.failure_cases[["column", "check"]].drop_duplicates()
        listed = "; ".join(f"{row.column}: {row.check}" for row in cases.itertuples())
        raise ValueError(f"frame {spec.name!r} does not fit its schema: {listed}") from None


def _as_type(frame: pd.DataFrame, column: str, dtype: str) -> pd.Series:
    if column not in frame.columns:
        return pd.Series(pd.NA if dtype != "float64" else float("nan"), index=frame.index, dtype=dtype)
    return frame[column].astype(dtype)  # type: ignore[call-overload,no-any-return]


def _sorted(frame: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    # The remaining columns break ties, so that equal content gives equal bytes whatever order it came in.
    rest = [column for column in frame.columns if column not in key]
    order = order_of(frame, key, then=rest)
    if (order[1:] > order[:-1]).all():
        return frame.reset_index(drop=True)
    return taken(frame, order)

"""Short constructors for pandera columns, so that a frame's definition reads as its documentation."""

from collections.abc import Sequence
from typing import Any

import pandera.pandas as pa

DATE = "datetime64[us]"


def text(description: str, *, allowed: Sequence[str] | None = None, required: bool = False) -> pa.Column:
    """Text (`str`), missing allowed unless `required`; `allowed` lists the vocabulary."""
    checks = [pa.Check.isin(list(allowed))] if allowed else []
    return _column(str, description, checks, required, allowed)


def day(description: str, *, required: bool = False) -> pa.Column:
    """A calendar date without zone (`datetime64[us]` at midnight)."""
    return _column(DATE, description, [], required)


def month(description: str) -> pa.Column:
    """A month as text `YYYY-MM`."""
    return _column(str, description, [pa.Check.str_matches(r"^\d{4}-(0[1-9]|1[0-2])$")], True)


def number(description: str, *, unit: str, minimum: float | None = 0.0) -> pa.Column:
    """A float with a unit, missing allowed."""
    checks = [] if minimum is None else [pa.Check.ge(minimum)]
    return _column(float, f"{description} [{unit}]", checks, False)


def whole(description: str, *, minimum: int | None = None) -> pa.Column:
    """A whole number that may be missing (`Int64`)."""
    checks = [] if minimum is None else [pa.Check.ge(minimum)]
    return _column("Int64", description, checks, False)


def count(description: str) -> pa.Column:
    """A count: whole, never missing, never negative."""
    return _column("int64", description, [pa.Check.ge(0)], True)


def truth(description: str, *, required: bool = False) -> pa.Column:
    """Yes or no: `bool` when required, else nullable `boolean`."""
    return _column("bool" if required else "boolean", description, [], required)


def _column(
    dtype: Any, description: str, checks: list[pa.Check], required: bool, allowed: Sequence[str] | None = None
) -> pa.Column:
    return pa.Column(
        dtype,
        checks=checks,
        nullable=not required,
        description=description,
        metadata={"allowed": list(allowed)} if allowed else None,
    )

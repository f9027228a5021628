"""Shapes of `clinic.toml` (one clinic folder) and `group.toml` (the whole group). An unknown key is refused."""

import tomllib
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from analysis.errors import UsageError

Kind = Literal["events", "treatments", "combined", "totals", "process", "ignore"]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ClinicPart(_Part):
    """`[clinic]`: what holds for every file of the folder."""

    name: str | None = None
    country: str | None = None
    simulated: bool = False
    as_of: date | None = None
    patient_ids: Literal["group", "clinic"] = "clinic"


class FilePart(_Part):
    """One `[[file]]`: how the files whose name fits `match` (a shell pattern) are read."""

    match: str
    kind: Kind | None = None
    sheet: str | None = None
    header_row: int | None = Field(default=None, ge=1)
    delimiter: str | None = Field(default=None, min_length=1, max_length=1)
    encoding: str | None = None
    decimal: Literal[".", ","] | None = None
    date_order: Literal["dmy", "mdy", "ymd"] | None = None
    as_of: date | None = None
    clinic: str | None = None
    columns: dict[str, str] = Field(default_factory=dict)


class ClinicConfig(_Part):
    """A whole `clinic.toml`."""

    clinic: ClinicPart = ClinicPart()
    file: tuple[FilePart, ...] = ()
    values: dict[str, dict[str, str]] = Field(default_factory=dict)


class DisclosurePart(_Part):
    """`[disclosure]` of `group.toml`: for what leaves the group, the smallest count shown, or up to 7 hidden and rounding to 5."""

    threshold: int = Field(default=11, ge=5)
    rounded: bool = False
    period: Literal["quarter", "year"] = "quarter"


class CodingPart(_Part):
    """`[coding]` of `group.toml`: the folder of the group's own MedDRA release in ASCII, relative to `group.toml`."""

    meddra: str | None = None


class RetentionPart(_Part):
    """`[retention]` of `group.toml`: after how many months `ae audit retain` empties what nothing needs; without it nothing is."""

    ledger_months: int | None = Field(default=None, ge=12)


class GroupConfig(_Part):
    """A whole `group.toml`."""

    name: str = "All clinics"
    banner: str = ""
    jurisdictions: tuple[str, ...] = ()
    disclosure: DisclosurePart = DisclosurePart()
    coding: CodingPart = CodingPart()
    retention: RetentionPart = RetentionPart()
    measures: dict[str, dict[str, int]] = Field(default_factory=dict)


_Config = TypeVar("_Config", bound=_Part)


def load_clinic_config(folder: Path) -> ClinicConfig:
    """`clinic.toml` of a folder, or the defaults when there is none. UsageError names file, key and what is allowed."""
    return _load(folder / "clinic.toml", ClinicConfig)


def load_group_config(path: Path) -> GroupConfig:
    """`group.toml`, or the defaults when there is none. UsageError names file, key and what is allowed."""
    return _load(path, GroupConfig)


def _load(path: Path, shape: type[_Config]) -> _Config:
    if not path.is_file():
        return shape()
    try:
        return shape.model_validate(tomllib.loads(path.read_text(encoding="utf-8-sig")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: this is not a TOML file ({error}).") from None
    except ValidationError as error:
        told = "; ".join(_say(part, shape) for part in error.errors(include_input=False))
        raise UsageError(f"{path}: {told}.") from None


def _say(error: Any, shape: type[BaseModel]) -> str:
    """One problem with its key; for an unknown key the ones that are known, the nearest first."""
    place = ".".join(str(step) for step in error["loc"])
    if error["type"] != "extra_forbidden":
        return f"{place}: {error['msg'][:1].lower()}{error['msg'][1:]}"
    known = sorted(_fields(shape, error["loc"][:-1]))
    near = get_close_matches(str(error["loc"][-1]), known, n=1)
    meant = f"; did you mean {near[0]}?" if near else ""
    return f"{place} is no key{meant} Known here: {', '.join(known)}"


def _fields(shape: type[BaseModel], steps: tuple[Any, ...]) -> set[str]:
    """Keys of the part of the file that `steps` lead to."""
    for step in steps:
        if isinstance(step, str) and step in shape.model_fields:
            kind = shape.model_fields[step].annotation
            inner = [part for part in (kind, *get_args(kind)) if isinstance(part, type) and issubclass(part, BaseModel)]
            if not inner:
                return set()
            shape = inner[0]
    return set(shape.model_fields)

"""Words as data: CSV and TOML files that ship with the package, and the two ways they are read. No pandas."""

import csv
import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any


def resource(name: str) -> Path:
    """Path of a file in this folder, for example `lexicon/phrases.toml`."""
    return Path(str(files(__name__))).joinpath(*name.split("/"))


def read_rows(path: Path) -> list[dict[str, str]]:
    """Rows of a CSV resource as dictionaries of text; a header names the columns."""
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def read_toml(path: Path) -> dict[str, Any]:
    """A TOML resource as a dictionary."""
    return tomllib.loads(path.read_text(encoding="utf-8"))

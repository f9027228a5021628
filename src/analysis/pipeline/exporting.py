"""`ae export`: all that is stored as CSV and Parquet, for whoever has to read it without this program."""

import json
from pathlib import Path

import pandas as pd
import typer

from analysis import durable
from analysis.errors import RefusedBeforeWork, UsageError
from analysis.schemas import FRAMES
from analysis.store import open_store, parquet_bytes

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_ABOUT = """Stored data of a clinic group, exported as CSV (UTF-8) and as Parquet.
It holds entries in the words of the log: keep it confidential.
Each file is one frame; the data dictionary of the program's documentation says what a row and a column are.
In the CSV a text that a spreadsheet would take for a formula begins with an apostrophe; in Parquet it is as it was written.
made.json: program and schema version, data cut, the files that were read and their SHA-256.
"""


def export(processed: Path, folder: Path, *, quiet: bool) -> None:
    """Write every stored frame into a new folder, whole or not at all; readable by its owner only. UsageError when it is there."""
    if folder.exists():
        raise UsageError(f"{folder} is there already. Name a new folder.")
    if not folder.parent.is_dir():
        raise RefusedBeforeWork(f"There is no folder {folder.parent}. Make it first.")
    store = open_store(processed)
    with durable.staged(folder.parent) as stage:
        for name in FRAMES:
            frame = store.frame(name)
            stage.write(f"{name}.parquet", parquet_bytes(frame), private=True)
            stage.write(f"{name}.csv", csv_bytes(frame), private=True)
        stage.write("README.txt", _ABOUT.encode(), private=True)
        stage.write(
            "made.json", json.dumps(store.manifest, indent=1, sort_keys=True, ensure_ascii=False).encode(), private=True
        )
        stage.publish_folder(folder.name)
    if not quiet:
        typer.echo(
            f"{len(FRAMES)} frames as CSV and Parquet in {folder}. They hold texts of the log: keep them confidential.",
            err=True,
        )


def csv_bytes(frame: pd.DataFrame) -> bytes:
    """A frame as CSV: dates as YYYY-MM-DD, missing as nothing, texts that look like a formula with an apostrophe before them."""
    shown = frame.copy()
    for column in shown.columns:
        if pd.api.types.is_datetime64_any_dtype(shown[column]):
            shown[column] = shown[column].dt.strftime("%Y-%m-%d")
        elif not pd.api.types.is_numeric_dtype(shown[column]):
            shown[column] = shown[column].map(_inert, na_action="ignore")
    return shown.to_csv(index=False, lineterminator="\n").encode("utf-8-sig")


def _inert(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value

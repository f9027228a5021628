"""How a file is understood, column by column and why, and a `clinic.toml` to start from. Headers are shown, cells never."""

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from analysis.intake.find import RawFile
from analysis.intake.folder import read_folder
from analysis.intake.layout import Layout
from analysis.intake.opening import Opened, open_files
from analysis.intake.part import Part
from analysis.keys import Key
from analysis.schemas.config import load_clinic_config

_NO_KEY = Key(b"\0" * 32)  # nothing read here is kept, so references need no secret

KINDS = {
    "events": "an adverse-event log", "treatments": "a treatments log", "combined": "treatments with an outcome column",
    "totals": "monthly numbers of sessions", "process": "complaints and near misses", "ignore": "not needed",
}  # fmt: skip


@dataclass(frozen=True)
class ColumnRead:
    """One header: what it is read as (missing when it is not read), why, and how many cells are filled."""

    header: str
    read_as: str | None
    why: str
    filled: int


@dataclass(frozen=True)
class SheetRead:
    """One file × sheet: what it is, where its header stands, its columns, and what came of its rows."""

    part: Part
    header_row: int
    columns: tuple[ColumnRead, ...]
    remarks: tuple[str, ...]

    @property
    def title(self) -> str:
        """File and sheet, and what it is read as."""
        name = f"{self.part.file.name} [{self.part.sheet}]" if self.part.sheet else self.part.file.name
        return f"{name}: {KINDS.get(self.part.kind, 'not recognised')}"


def explain_folder(folder: Path, files: list[RawFile], *, today: date) -> list[SheetRead]:
    """Read a folder as ingest would, store nothing, and say how each sheet was understood."""
    config = load_clinic_config(folder)
    parts = {(part.file.name, part.sheet): part for part in read_folder(folder, files, key=_NO_KEY, today=today)}
    opened = open_files(files, config, folder.name)
    return [_sheet(parts[(one.part.file.name, one.part.sheet)], one) for one in opened]


def _sheet(part: Part, opened: Opened) -> SheetRead:
    if opened.table is None:
        return SheetRead(part, 0, (), ())
    layout = opened.table.layout
    told = part.notes[part.notes["row"].isna()] if len(part.notes) else part.notes
    remarks = tuple(
        f"{column}: {message}" if isinstance(column, str) else str(message)
        for code, column, message in zip(told.get("code", ()), told.get("column", ()), told.get("message", ()), strict=True)
        if code not in ("column_unknown", "column_not_used", "column_doubted")
    )  # fmt: skip
    return SheetRead(part, layout.header_row + 1, _columns(layout, opened), remarks)


def _columns(layout: Layout, opened: Opened) -> tuple[ColumnRead, ...]:
    read = {position: name for name, positions in layout.columns.items() for position in positions}
    declared = set(opened.options.columns)
    cells = opened.table.cells if opened.table is not None else None
    found = []
    for position, header in enumerate(layout.headers):
        if not header:
            continue
        name = read.get(position)
        filled = int((cells[name].str.strip() != "").sum()) if cells is not None and name in cells else 0
        found.append(ColumnRead(header, name, _why(position, name, layout, declared), filled))
    return tuple(found)


_BASIS = {
    "areas": "units given in that area",
    "ticked": "a reaction to be ticked, read with the description",
    "words": "understood from its words",
    "cells": "understood from its cells",
    "usual": "a usual header for it",
}


def _why(position: int, name: str | None, layout: Layout, declared: set[str]) -> str:
    header = layout.headers[position]
    if header in declared:
        return "as clinic.toml says"
    if name is None:
        if position in layout.doubted:
            return f"looks like {layout.doubted[position].replace(': ', ', but ', 1)}"
        return "not known" if header in layout.unknown else "not needed for this kind of log"
    why = _BASIS[layout.basis.get(position, "usual")]
    return f"{why}, though it may mean something else" if name in layout.weak else why


def starting_toml(name: str, sheets: list[SheetRead], *, date_orders: dict[str, str] | None = None) -> str:
    """A `clinic.toml` that says what was recognised, to be corrected by hand: one `[[file]]` for each file."""
    lines = ["[clinic]", f"name = {json.dumps(name, ensure_ascii=False)}"]
    for file in dict.fromkeys(sheet.part.file.name for sheet in sheets):
        own = [sheet for sheet in sheets if sheet.part.file.name == file and sheet.columns]
        lines += ["", "[[file]]", f"match = {json.dumps(file.rsplit('/', 1)[-1], ensure_ascii=False)}"]
        kinds = {sheet.part.kind for sheet in own}
        if len(kinds) == 1:
            lines.append(f'kind = "{kinds.pop()}"')
        if date_orders and file in date_orders:
            lines.append(f'date_order = "{date_orders[file]}"')
        headers: dict[str, str | None] = {}
        for sheet in own:
            for column in sheet.columns:
                headers[column.header] = headers.get(column.header) or column.read_as
        if headers:
            lines.append("[file.columns]")
            lines += [_line(header, read_as) for header, read_as in headers.items()]
    return "\n".join(lines) + "\n"


def _line(header: str, read_as: str | None) -> str:
    quoted = json.dumps(header, ensure_ascii=False)
    return f'{quoted} = "{read_as}"' if read_as else f'# {quoted} = "…"  (not read)'

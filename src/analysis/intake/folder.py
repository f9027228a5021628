"""One clinic folder to typed rows: every file read, understood, typed and judged. One bad file never stops the others."""

import json
import re
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fnmatch import fnmatch
from pathlib import Path

import pandas as pd

from analysis.errors import InputRefused, Place
from analysis.intake.dates import choose, read_written
from analysis.intake.find import RawFile
from analysis.intake.judge import judge_events, judge_sessions, judge_totals
from analysis.intake.layout import understand
from analysis.intake.read import read_sheets
from analysis.intake.table import Table, to_table
from analysis.intake.typed import Reading, type_cells
from analysis.intake.typed_dates import column_orders, settle_orders
from analysis.intake.values import month
from analysis.intake.verdicts import Verdicts
from analysis.keys import Key
from analysis.schemas.config import ClinicConfig, FilePart, load_clinic_config

_DATE_IN_NAME = re.compile(r"(?<!\d)(20\d{2})[-_. ]?(0[1-9]|1[0-2])(?:[-_. ]?(0[1-9]|[12]\d|3[01]))?(?!\d)")

_QUARTER_IN_NAME = re.compile(r"(?<!\d)(20\d{2})[-_. ]?[QqTt]([1-4])(?!\d)")


@dataclass
class Part:
    """One file × sheet as understood; `rows` are the typed rows that may be used, the rest is in `aside`.

    `as_of` orders versions (the file's own, else the folder's); `delivered_to` is the folder's, and speaks for its newest file.
    """

    file: RawFile
    sheet: str
    kind: str
    clinic: str
    as_of: date | None
    delivered_to: date | None
    simulated: bool
    rows_read: int = 0
    rows: pd.DataFrame = field(default_factory=pd.DataFrame)
    aside: pd.DataFrame = field(default_factory=pd.DataFrame)
    notes: pd.DataFrame = field(default_factory=pd.DataFrame)
    nil_months: tuple[tuple[str, str], ...] = ()
    """Clinic-months for which the sheet states that there was nothing to report."""
    refused: str | None = None


def read_folder(folder: Path, files: list[RawFile], *, key: Key, today: date) -> list[Part]:
    """Read every file of one clinic folder. `today` only rejects later dates; `key` hashes patient references.

    Raises UsageError when `clinic.toml` cannot be understood; files that cannot be used come back with `refused`.
    """
    config = load_clinic_config(folder)
    opened = [part for file in files for part in _open(file, _options(file, config), config, folder.name)]
    known = _known_orders(opened)
    parts = []
    for part, table, options in opened:
        if table is not None:
            try:
                _fill(part, table, options, config, known.get(part.kind), key=key, today=today)
            except InputRefused as error:
                part.refused, part.rows_read = str(error), 0
        parts.append(part)
    return parts


def _options(file: RawFile, config: ClinicConfig) -> FilePart:
    name = file.name.rsplit("/", 1)[-1]
    return next((part for part in config.file if fnmatch(name, part.match)), FilePart(match="*"))


def _open(
    file: RawFile, options: FilePart, config: ClinicConfig, folder: str
) -> list[tuple[Part, Table | None, FilePart]]:
    clinic = options.clinic or config.clinic.name or folder or "Clinic"
    as_of = options.as_of or _as_of_in_name(file.name) or config.clinic.as_of
    found: list[tuple[Part, Table | None, FilePart]] = []
    try:
        sheets = read_sheets(file, options)
    except InputRefused as error:
        return [
            (
                Part(
                    file, "", "unknown", clinic, as_of, config.clinic.as_of, config.clinic.simulated, refused=str(error)
                ),
                None,
                options,
            )
        ]
    for sheet in sheets:
        place = Place(file.name, sheet.name or None)
        part = Part(file, sheet.name, "unknown", clinic, as_of, config.clinic.as_of, config.clinic.simulated)
        try:
            layout = understand(sheet, place, options)
            if layout.kind == "unknown":
                raise InputRefused(
                    place, f"is neither an events log, a treatments log nor monthly totals by its headers ({_list(layout.headers)}).",
                    "Map its columns under [file.columns] in clinic.toml, or set kind = \"ignore\".",
                )  # fmt: skip
            part.kind = layout.kind
            found.append((part, to_table(sheet, layout), options))
        except InputRefused as error:
            part.refused = str(error)
            found.append((part, None, options))
    return found


def _list(headers: list[str]) -> str:
    shown = [header[:30] for header in headers if header][:8]
    return ", ".join(shown) + (" …" if len(headers) > 8 else "")


def _as_of_in_name(name: str) -> date | None:
    if quarter := _QUARTER_IN_NAME.search(name.rsplit("/", 1)[-1]):
        year, last = int(quarter[1]), int(quarter[2]) * 3
        return date(year, last, monthrange(year, last)[1])
    matches = _DATE_IN_NAME.findall(name.rsplit("/", 1)[-1])
    if not matches:
        return None
    year, month, day = matches[-1]
    try:
        return date(int(year), int(month), int(day) if day else monthrange(int(year), int(month))[1])
    except ValueError:
        return None


def _known_orders(opened: list[tuple[Part, Table | None, FilePart]]) -> dict[str, str]:
    """What the folder's files prove or declare about the date order of each kind of log."""
    proven: dict[str, set[str]] = {}
    for part, table, options in opened:
        if table is not None:
            orders = set(column_orders(table.cells).values()) | {options.date_order}
            proven.setdefault(part.kind, set()).update(order for order in orders if order in ("dmy", "mdy"))
    return {kind: next(iter(orders)) for kind, orders in proven.items() if len(orders) == 1}


def _fill(
    part: Part, table: Table, options: FilePart, config: ClinicConfig, known_order: str | None, *, key: Key, today: date
) -> None:
    place, verdicts = Place(part.file.name, part.sheet or None), Verdicts()
    part.rows_read = table.rows_read
    for header in table.layout.unknown:
        verdicts.note(None, "column_unknown", "This column is not known and was not read.", column=header[:60])
    for header in table.layout.not_used:
        verdicts.note(None, "column_not_used", "This column was not needed for this kind of log.", column=header[:60])
    if part.kind == "ignore":
        part.aside = _ignored_whole(part, table)
        part.notes = _notes(part, verdicts, table.cells)
        return
    orders = settle_orders(
        table.cells,
        column_orders(table.cells),
        declared=options.date_order,
        known=known_order,
        place=place,
        notes=verdicts,
    )
    reading = Reading(
        kind=part.kind, clinic=part.clinic, country=config.clinic.country, group_ids=config.clinic.patient_ids == "group",
        decimal=options.decimal or ".", orders=orders, words=config.values, today=today, key=key,
    )  # fmt: skip
    typed = type_cells(table.cells, reading, verdicts)
    if part.kind in ("treatments", "combined"):
        judge_sessions(typed, table.cells, verdicts)
    elif part.kind == "totals":
        typed = judge_totals(typed, table.cells, verdicts)
    elif part.kind == "events":
        judge_events(typed, verdicts)
    part.nil_months = _nil_months(part, table, orders.get("reported_date") or known_order)
    aside = verdicts.set_aside()
    part.rows = typed.drop(index=aside["position"])
    part.aside = _aside(part, table, typed, aside, reading.words)
    part.notes = _notes(part, verdicts, table.cells)


_NEVER_KEPT = ("row", "person_name")


def _aside(
    part: Part, table: Table, typed: pd.DataFrame, aside: pd.DataFrame, _: Mapping[str, Mapping[str, str]]
) -> pd.DataFrame:
    """Rows not used, with their cells as JSON (patient keyed) and, for triage only, their words."""
    records = []
    for row in aside.itertuples():
        cells = table.cells.loc[row.position]
        kept = {c: cells[c] for c in cells.index if c not in _NEVER_KEPT and cells[c]}
        if "patient_key" in kept:
            kept["patient_key"] = typed.at[row.position, "patient_key"]
        words = " ".join(str(cells[c]) for c in ("text", "event_category", "complaint") if c in cells.index)
        raw = json.dumps(kept, ensure_ascii=False, sort_keys=True)
        clinic = typed.at[row.position, "clinic"]
        records.append(
            (clinic, int(cells["row"]), row.disposition, raw, row.reason, row.column, row.mend, words.strip())
        )
    for line in table.lines.itertuples():
        # the cells of such a line may have slipped out of their columns, so nothing of it is kept but its place
        records.append((part.clinic, line.row, line.disposition, "{}", line.reason, None, line.mend or None, ""))
    columns = ["clinic", "row", "disposition", "raw", "reason", "column", "mend", "words"]
    found = pd.DataFrame(records, columns=columns)
    return found.assign(path=part.file.name, sheet=part.sheet)


def _nil_months(part: Part, table: Table, order: str | None) -> tuple[tuple[str, str], ...]:
    """The month a nil return names or is dated in, else that of the file's as-of."""
    found = []
    for cells in table.lines["nil_return"]:
        if cells:
            days = [day for day in (choose(read_written(cell), order) for cell in cells) if day]
            named = next((name for name in map(month, cells) if name), None) or (f"{days[0]:%Y-%m}" if days else None)
            stated = named or (f"{part.as_of:%Y-%m}" if part.as_of else None)
            clinic = _clinic_named(cells, table) or part.clinic
            if stated:
                found.append((clinic, stated))
    return tuple(found)


def _clinic_named(cells: list[str], table: Table) -> str | None:
    """The clinic of a line in a log that has a clinic column."""
    if "clinic" not in table.cells:
        return None
    known = {" ".join(name.split()) for name in table.cells["clinic"].unique()}
    return next((cell for cell in cells if cell in known), None)


def _ignored_whole(part: Part, table: Table) -> pd.DataFrame:
    rows = [*table.cells["row"], *table.lines["row"]]
    return pd.DataFrame({"row": sorted(rows)}).assign(
        clinic=part.clinic, disposition="ignored", raw="{}", reason="file declared as not needed", column=None, mend=None,
        words="", path=part.file.name, sheet=part.sheet,
    )  # fmt: skip


def _notes(part: Part, verdicts: Verdicts, cells: pd.DataFrame) -> pd.DataFrame:
    columns = ["position", "column", "code", "old", "new", "message"]
    notes = pd.DataFrame(verdicts.noted, columns=columns)
    rows = cells["row"]
    notes["row"] = pd.array([None if pd.isna(p) else int(rows.iloc[int(p)]) for p in notes["position"]], dtype="Int64")
    return notes.drop(columns="position").assign(clinic=part.clinic, path=part.file.name, sheet=part.sheet)

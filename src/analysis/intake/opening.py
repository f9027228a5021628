"""A clinic's files to tables of text cells, each with what clinic.toml and the file's name say about it."""

import re
import traceback
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from fnmatch import fnmatch
from pathlib import PurePath
from typing import TypeVar

from analysis.errors import AnalysisError, InputRefused, Place, is_of_memory
from analysis.intake.content import is_date
from analysis.intake.find import RawFile
from analysis.intake.headers import counts_days
from analysis.intake.layout import Layout, understand
from analysis.intake.mending import Corrected, recognise
from analysis.intake.part import Part
from analysis.intake.read import read_sheets
from analysis.intake.sheet import Sheet
from analysis.intake.table import Table, to_table
from analysis.intake.unread import refused_sheet, unread_remarks
from analysis.intake.words import fold
from analysis.schemas.config import ClinicConfig, FilePart, load_clinic_config

LOOK_UP = "This sheet is a short list beside the log, not a log, and was not read."
_DATE_IN_NAME = re.compile(r"(?<!\d)(20\d{2})[-_. ]?(0[1-9]|1[0-2])(?:[-_. ]?(0[1-9]|[12]\d|3[01]))?(?!\d)")
_QUARTER_IN_NAME = re.compile(r"(?<!\d)(20\d{2})[-_. ]?[QqTt]([1-4])(?!\d)")
_Found = TypeVar("_Found")


@dataclass
class Opened:
    """A part, its table (missing when the part is refused) and the options it was read with."""

    part: Part
    table: Table | None
    options: FilePart
    config: ClinicConfig | None = None
    """That of the clinic whose rows are corrected, where the sheet lies in another folder or beside them."""

    def pass_over(self, sheet: Sheet) -> None:
        """Take a sheet that is no log for a list to look things up in: every row is ignored, none refused."""
        layout = Layout("ignore", 0, sheet.rows[0] if sheet.rows else [], {}, [])
        self.table = to_table(sheet, layout, Place(self.part.file.name, sheet.name or None))
        self.table.remarks.append(("look_up_sheet", LOOK_UP))
        self.part.kind, self.part.refused, self.part.remarks = "ignore", None, {}


def is_look_up(sheet: Sheet) -> bool:
    """A short list of words beside the data: few columns, few rows, no dates and no long text."""
    if len(sheet.rows) > 60:
        return False
    filled = [[cell for cell in row if cell.strip()] for row in sheet.rows]
    widest = max(map(len, filled), default=0)
    cells = [cell for row in filled for cell in row]
    return widest <= 4 and not any(is_date(cell) or len(cell) > 60 for cell in cells)


def open_files(files: list[RawFile], config: ClinicConfig, folder: str) -> list[Opened]:
    """Every file × sheet of a clinic folder. One that cannot be read comes back refused."""
    return [opened for file in files for opened in _open(file, _options(file, config), config, folder)]


def guarded(place: Place, work: Callable[[], _Found]) -> _Found:
    """Run `work`; a mistake of this program in one file becomes a refusal of that file, and the others go on."""
    try:
        return work()
    except AnalysisError:
        raise
    except Exception as error:
        if is_of_memory(error):
            raise InputRefused(
                place, "needs more memory than this machine has free.", "Close other programs, then run again."
            ) from None
        frame = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{type(error).__name__} at {PurePath(frame.filename).name}:{frame.lineno}"
        raise InputRefused(
            place, f"cannot be read because of a mistake in this program ({where}).", "Please report it."
        ) from error


def _options(file: RawFile, config: ClinicConfig) -> FilePart:
    name = file.name.rsplit("/", 1)[-1]
    return next((part for part in config.file if fnmatch(name, part.match)), FilePart(match="*"))


def _open(file: RawFile, options: FilePart, config: ClinicConfig, folder: str) -> list[Opened]:
    clinic = options.clinic or config.clinic.name or folder or "Clinic"
    as_of = options.as_of or as_of_in_name(file.name) or config.clinic.as_of

    def part(sheet: str) -> Part:
        return Part(file, sheet, "unknown", clinic, as_of, config.clinic.as_of, config.clinic.simulated)

    try:
        sheets = guarded(Place(file.name), lambda: read_sheets(file, options))
    except InputRefused as error:
        refused = part("")
        refused.refused = str(error)
        return [Opened(refused, None, options)]
    opened = [
        _open_corrected(sheet, told, file, config, folder)
        if (told := recognise(sheet))
        else _open_sheet(sheet, part(sheet.name), options)
        for sheet in sheets
    ]
    if any(one.table is not None for one in opened):
        for sheet, one in zip(sheets, opened, strict=True):
            if one.table is None and is_look_up(sheet):
                one.pass_over(sheet)
    return opened


def _open_corrected(sheet: Sheet, told: Corrected, file: RawFile, config: ClinicConfig, folder: str) -> Opened:
    """A sheet of corrected rows, read by what holds for the file they were set aside from."""
    root = file.path.parents[file.name.count("/")]
    own, _, _ = told.path.rpartition("/")
    own = own.split("/")[0]
    if own != folder and own not in ("", ".", "..") and (root / own).is_dir():
        config, folder = load_clinic_config(root / own), own
    theirs = next((p for p in config.file if fnmatch(told.path.rsplit("/", 1)[-1], p.match)), FilePart(match="*"))
    clinic = theirs.clinic or config.clinic.name or folder or "Clinic"
    as_of = theirs.as_of or as_of_in_name(told.path) or config.clinic.as_of
    part = Part(
        file,
        sheet.name,
        told.options.kind or "unknown",
        clinic,
        as_of,
        None,
        config.clinic.simulated,
        corrects=told.rows,
    )
    opened = _open_sheet(sheet, part, told.options)
    return replace(opened, config=config)


def _open_sheet(sheet: Sheet, part: Part, options: FilePart) -> Opened:
    place = Place(part.file.name, sheet.name or None)
    try:
        return Opened(part, guarded(place, lambda: _table(sheet, part, place, options)), options)
    except InputRefused as error:
        part.refused, part.remarks = str(error), refused_sheet(sheet)
        return Opened(part, None, options)


def _table(sheet: Sheet, part: Part, place: Place, options: FilePart) -> Table:
    layout = understand(sheet, place, options)
    if layout.kind == "unknown":
        raise InputRefused(
            place, f"is neither an events log, a treatments log nor monthly totals by its headers ({_list(layout.headers)}).",
            "Map its columns under [file.columns] in clinic.toml, or set kind = \"ignore\".",
        )  # fmt: skip
    part.kind = layout.kind
    ignored = frozenset(fold(header) for header, ours in options.columns.items() if ours == "ignore")
    part.remarks = unread_remarks(sheet, layout, ignored)
    table = to_table(sheet, layout, place)
    _count_days(table)
    return table


def _count_days(table: Table) -> None:
    """Under a header that says its numbers are days, `3` is day 3."""
    onset = table.layout.columns.get("onset_date")
    if onset and counts_days(table.layout.headers[onset[0]]):
        cells = table.cells["onset_date"]
        days = cells.str.strip().str.fullmatch(r"\d{1,3}")
        table.cells["onset_date"] = cells.mask(days, "day " + cells.str.strip())


def _list(headers: list[str]) -> str:
    shown = [header[:30] for header in headers if header][:8]
    return ", ".join(shown) + (" …" if len(headers) > 8 else "")


def as_of_in_name(name: str) -> date | None:
    """The last date in a file's name; a month or a quarter stands for its last day."""
    name = name.rsplit("/", 1)[-1]
    if quarter := _QUARTER_IN_NAME.search(name):
        year, last = int(quarter[1]), int(quarter[2]) * 3
        return date(year, last, monthrange(year, last)[1])
    matches = _DATE_IN_NAME.findall(name)
    if not matches:
        return None
    year, month, day = matches[-1]
    try:
        return date(int(year), int(month), int(day) if day else monthrange(int(year), int(month))[1])
    except ValueError:
        return None


def period_in_name(name: str) -> tuple[date, date] | None:
    """First and last day of the month or quarter a file is named after (`events_2025-05.csv`); missing for a full date."""
    end = as_of_in_name(name)
    if end is None:
        return None
    if _QUARTER_IN_NAME.search(name.rsplit("/", 1)[-1]):
        return date(end.year, end.month - 2, 1), end
    named = _DATE_IN_NAME.findall(name.rsplit("/", 1)[-1])
    return None if not named or named[-1][2] else (date(end.year, end.month, 1), end)

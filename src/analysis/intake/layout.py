"""Where the header is, what each column means and what kind of log the sheet is: from headers and cells, never guessed silently."""

import re
import unicodedata
from dataclasses import dataclass, field

from analysis.errors import InputRefused, Place
from analysis.intake.content import is_date
from analysis.intake.headers import meanings
from analysis.intake.kinds import kind_of, treatments_by_cells
from analysis.intake.mapping import SEVERAL, map_columns
from analysis.intake.rows import Row, SomeRows
from analysis.intake.sheet import Sheet
from analysis.intake.spread import absence
from analysis.intake.words import canonical_columns, fold
from analysis.schemas.config import FilePart

__all__ = ["SEVERAL", "Layout", "understand"]

_LOOK_FOR_HEADER = 40


@dataclass(frozen=True)
class Layout:
    """How a sheet is understood. `columns` maps a canonical name to the positions read for it (several only for text)."""

    kind: str
    header_row: int
    headers: Row
    columns: dict[str, list[int]]
    unknown: list[str]
    not_used: list[str] = field(default_factory=list)
    rivals: dict[str, list[int]] = field(default_factory=dict)
    """Positions that may mean a canonical column just as well as the one read for it."""
    weak: frozenset[str] = frozenset()
    """Columns read from a header that often means something else (`Qty`, `Date`)."""
    missing: tuple[str, ...] = ()
    """Headers that clinic.toml maps and the sheet does not have."""
    basis: dict[int, str] = field(default_factory=dict)
    """How a column that is read was understood: `declared`, `usual`, `words` or `cells`, by position."""
    doubted: dict[int, str] = field(default_factory=dict)
    """Why a column with a known header is not read for what the header says, by position."""

    def theirs(self, canonical: str | None) -> str | None:
        """The header read for a canonical column, where it is written otherwise."""
        positions = self.columns.get(canonical or "", [])
        header = self.headers[positions[0]] if positions else ""
        return header[:40] if header and fold(header) != fold(canonical or "") else None


def understand(sheet: Sheet, place: Place, options: FilePart) -> Layout:
    """Find the header row, map the columns and name the kind. Raises InputRefused when there is no usable header."""
    if options.kind == "ignore":
        return Layout("ignore", 0, sheet.rows[0] if sheet.rows else [], {}, [])
    position = _find_header(sheet.rows[:_LOOK_FOR_HEADER], options)
    if position is None or position >= len(sheet.rows):
        raise InputRefused(
            place, "has no row of headers that is recognised.",
            "Name the columns in the first row, or map them under [file.columns] in clinic.toml.",
        )  # fmt: skip
    headers = [cell.strip() for cell in sheet.rows[position]]
    below = sheet.rows[position + 1 :]
    _refuse_two_tables(headers, below, place)
    declared = _declared(headers, options, place)
    _refuse_lookalikes(headers, declared, place)
    kind, by_cells = options.kind or kind_of(headers, declared), {}
    if kind == "unknown" and (by_cells := treatments_by_cells(headers, below)):
        kind = "treatments"
    mapped = map_columns(headers, declared, by_cells, kind, below)
    known = {*declared, *by_cells}
    unknown = [h for i, h in enumerate(headers) if h and not meanings(h) and i not in {*known, *mapped.basis}]
    there = set(map(fold, headers))
    missing = tuple(header for header in options.columns if fold(header) not in there)
    rivals = _rivals(headers, declared, mapped.columns, mapped.doubted)
    return Layout(
        kind, position, headers, mapped.columns, unknown, mapped.not_used, rivals, mapped.weak, missing, mapped.basis, mapped.doubted
    )  # fmt: skip


def _refuse_two_tables(headers: Row, below: SomeRows, place: Place) -> None:
    """Refuse two tables side by side: an empty column with three known headers on both sides, one of them on both."""
    for gap, header in enumerate(headers):
        left, right = ({fold(h) for h in side if h and meanings(h)} for side in (headers[:gap], headers[gap + 1 :]))
        alike = not header and len(left) >= 3 and len(right) >= 3 and left & right
        if alike and not any(cell.strip() for cell in below.column(gap)):
            raise InputRefused(
                place, "holds two tables side by side, with an empty column between them.", "Put each of them on a sheet of its own."
            )  # fmt: skip


_WORD = re.compile(r"[^\W\d_]+")


def _refuse_lookalikes(headers: Row, declared: dict[int, str], place: Place) -> None:
    """Refuse a header that mixes alphabets within a word: a letter that only looks Latin hides the column."""
    for position, header in enumerate(headers):
        if header.isascii() or position in declared:
            continue
        for word in _WORD.findall(header):
            names = {c: unicodedata.name(c, "?") for c in word}
            foreign = [c for c, name in names.items() if name.startswith(("CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE"))]
            if foreign and any(name.startswith("LATIN") for name in names.values()):
                raise InputRefused(
                    Place(place.path, place.sheet, column=header[:40]),
                    f"the header holds U+{ord(foreign[0]):04X} ({names[foreign[0]].capitalize()}), which only looks like a Latin letter.",
                    "Type the header again, or map it under [file.columns] in clinic.toml.",
                )  # fmt: skip


def _rivals(
    headers: Row, declared: dict[int, str], columns: dict[str, list[int]], doubted: dict[int, str]
) -> dict[str, list[int]]:
    used = {position for positions in columns.values() for position in positions}
    found: dict[str, list[int]] = {}
    for canonical, positions in columns.items():
        if canonical in SEVERAL:
            continue
        twins = [p for p in positions[1:] if not absence(headers[p])]  # clinic.toml maps several headers to it
        same = fold(headers[positions[0]])
        twins += [
            p for p, header in enumerate(headers)
            if p not in used and p not in doubted and header and (fold(header) == same or _usually(canonical, header))
        ]  # fmt: skip
        if twins:
            found[canonical] = twins
    return found


def _usually(canonical: str, header: str) -> bool:
    return any(m.canonical == canonical and m.strong and not m.by_words for m in meanings(header))


def _find_header(rows: SomeRows, options: FilePart) -> int | None:
    if options.header_row:
        return options.header_row - 1
    named = {fold(header) for header in options.columns}
    best, best_count = None, 0
    for number, row in enumerate(rows):
        known = _known(row, named)
        filled = sum(1 for cell in row if cell.strip())
        if known > best_count and (known >= 2 or known == filled == 1) and known * 4 >= filled:
            best, best_count = number, known
    return best


def _known(row: Row, named: set[str]) -> int:
    """Cells that are known headers. Beside a date nothing is taken for a header by its words alone: that is a row of data."""
    dated = any(is_date(cell) for cell in row if cell[:1].isdigit())
    return sum(
        1 for cell in row if fold(cell) and (fold(cell) in named or any(not (m.by_words and dated) for m in meanings(cell)))
    )  # fmt: skip


def _declared(headers: Row, options: FilePart, place: Place) -> dict[int, str]:
    wanted = {fold(theirs): ours for theirs, ours in options.columns.items()}
    for ours in wanted.values():
        if ours not in canonical_columns() and ours != "ignore":
            raise InputRefused(
                place, f"is mapped in clinic.toml to a column {ours!r} that does not exist.",
                f"Use one of: {', '.join(sorted(canonical_columns()))}, ignore.",
            )  # fmt: skip
    return {i: wanted[fold(header)] for i, header in enumerate(headers) if fold(header) in wanted}

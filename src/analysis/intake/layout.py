"""Where the header is, what each column means and what kind of log the sheet is: from the headers, never guessed silently."""

import re
import unicodedata
from dataclasses import dataclass, field

from analysis.errors import InputRefused, Place
from analysis.intake.sheet import Row, Sheet
from analysis.intake.words import canonical_columns, fold, header_words
from analysis.schemas.config import FilePart

_LOOK_FOR_HEADER = 40
_EVENT_SIGNS = {
    "event_id",
    "onset_date",
    "reported_date",
    "resolved_date",
    "severity",
    "seriousness",
    "outcome",
    "event_category",
    "causality",
}
_DOSE_SIGNS = {"dose_units", "product", "lot"}
SEVERAL = ("text", "seriousness")
"""Canonical columns that may be read from several columns of a sheet."""


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


def understand(sheet: Sheet, place: Place, options: FilePart) -> Layout:
    """Find the header row, map the columns and name the kind. Raises InputRefused when there is no usable header."""
    if options.kind == "ignore":
        return Layout("ignore", 0, sheet.rows[0] if sheet.rows else [], {}, [])
    position = _find_header(sheet.rows, options)
    if position is None:
        raise InputRefused(
            place, "has no row of headers that is recognised.",
            "Name the columns in the first row, or map them under [file.columns] in clinic.toml.",
        )  # fmt: skip
    headers = [cell.strip() for cell in sheet.rows[position]]
    declared = _declared(headers, options, place)
    _refuse_lookalikes(headers, declared, place)
    kind = options.kind or _kind(headers, declared, sheet.rows[position + 1 :])
    columns, not_used = _map(headers, declared, kind)
    unknown = [h for i, h in enumerate(headers) if h and not _candidates(h) and i not in declared]
    rivals = _rivals(headers, declared, columns)
    weak = frozenset(
        c
        for c, (first, *_) in columns.items()
        if first not in declared and (c, True) not in _candidates(headers[first])
    )
    there = set(map(fold, headers))
    missing = tuple(header for header in options.columns if fold(header) not in there)
    return Layout(kind, position, headers, columns, unknown, not_used, rivals, weak, missing)


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


def _rivals(headers: Row, declared: dict[int, str], columns: dict[str, list[int]]) -> dict[str, list[int]]:
    used = {position for positions in columns.values() for position in positions}
    found: dict[str, list[int]] = {}
    for canonical, positions in columns.items():
        if canonical in SEVERAL:
            continue
        twins = list(positions[1:])  # clinic.toml maps several headers to it
        same = fold(headers[positions[0]])
        twins += [
            p for p, header in enumerate(headers)
            if p not in used and header and (fold(header) == same or (canonical, True) in _candidates(header))
        ]  # fmt: skip
        if twins:
            found[canonical] = twins
    return found


def _find_header(rows: list[Row], options: FilePart) -> int | None:
    if options.header_row:
        return options.header_row - 1 if options.header_row <= len(rows) else None
    named = {fold(header) for header in options.columns}
    best, best_count = None, 0
    for number, row in enumerate(rows[:_LOOK_FOR_HEADER]):
        known = sum(1 for cell in row if fold(cell) and (fold(cell) in named or _candidates(cell)))
        filled = sum(1 for cell in row if cell.strip())
        if known > best_count and (known >= 2 or known == filled == 1) and known * 4 >= filled:
            best, best_count = number, known
    return best


def _declared(headers: Row, options: FilePart, place: Place) -> dict[int, str]:
    wanted = {fold(theirs): ours for theirs, ours in options.columns.items()}
    for ours in wanted.values():
        if ours not in canonical_columns() and ours != "ignore":
            raise InputRefused(
                place, f"is mapped in clinic.toml to a column {ours!r} that does not exist.",
                f"Use one of: {', '.join(sorted(canonical_columns()))}, ignore.",
            )  # fmt: skip
    return {i: wanted[fold(header)] for i, header in enumerate(headers) if fold(header) in wanted}


def _candidates(header: str) -> list[tuple[str, bool]]:
    return header_words().get(fold(header), [])


def _kind(headers: Row, declared: dict[int, str], rows: list[Row]) -> str:
    strong, weak = _signs(headers, declared)
    if "complaint" in strong and "text" not in strong:
        return "process"
    if "sessions" in strong | weak and not ({"patient_key", "text", "event_id", "treatment_id"} & strong):
        if "month" in strong or "treatment_date" in strong | weak:
            return "totals"
    has_text = "text" in strong or "event_category" in strong
    if has_text and not (_EVENT_SIGNS & strong) and "treatment_date" in strong | weak and _DOSE_SIGNS & strong:
        return "combined"
    if has_text or len(_EVENT_SIGNS & strong) >= 2 or ({"event_id", "text"} & weak and _EVENT_SIGNS & strong):
        return "events"
    if "treatment_date" in strong | weak and (_DOSE_SIGNS | {"injector", "treatment_type", "area"}) & (strong | weak):
        return "treatments"
    if "text" in weak and ({"treatment_date", "onset_date", "reported_date"} & (strong | weak)):
        return "events"
    return "unknown"


def _signs(headers: Row, declared: dict[int, str]) -> tuple[set[str], set[str]]:
    strong: set[str] = set(declared.values())
    weak: set[str] = set()
    for position, header in enumerate(headers):
        if position not in declared:
            for canonical, is_strong in _candidates(header):
                (strong if is_strong else weak).add(canonical)
    return strong, weak - strong


_EVENT_COLUMNS = {
    "event_id", "event_version", "updated_at", "patient_key", "treatment_id", "treatment_date", "onset_date", "reported_date",
    "resolved_date", "text", "event_category", "severity", "seriousness", "outcome", "causality", "area", "laterality", "product",
    "lot", "dose_units", "treatment_type", "injector", "clinic", "action_taken", "reported_to", "injector_credential", "person_name",
}  # fmt: skip
_SESSION_COLUMNS = {
    "patient_key", "treatment_id", "treatment_date", "updated_at", "area", "product", "lot", "dose_units", "treatment_type",
    "service_status", "service_category", "injector", "injector_credential", "clinic", "blood_thinner", "stopped_7d",
    "followed_up", "prior_toxin", "person_name",
}  # fmt: skip
_READ = {
    "events": _EVENT_COLUMNS,
    "treatments": _SESSION_COLUMNS,
    "combined": _EVENT_COLUMNS | _SESSION_COLUMNS,
    "totals": {"month", "treatment_date", "treatment_type", "injector", "area", "product", "sessions", "clinic"},
    "process": {"complaint", "text", "reported_date", "treatment_date", "clinic", "event_id"},
    "ignore": set(),
    "unknown": set(),
}
# What a header means first, for each kind, when it could mean several things (`Status`, `Category`, `Location`, `Ref`).
_FIRST = {
    "events": ("event_id", "outcome", "event_category", "severity", "clinic"),
    "treatments": ("service_status", "service_category", "treatment_type", "clinic", "injector_credential"),
    "combined": ("treatment_id", "service_status", "treatment_type", "clinic"),
}


def _map(headers: Row, declared: dict[int, str], kind: str) -> tuple[dict[str, list[int]], list[str]]:
    allowed = _READ[kind]
    columns: dict[str, list[int]] = {}
    for position, ours in declared.items():
        if ours in allowed:
            columns.setdefault(ours, []).append(position)
    open_positions = [i for i in range(len(headers)) if i not in declared]
    for strong_pass in (True, False):
        for position in list(open_positions):
            choices = [c for c, strong in _candidates(headers[position]) if c in allowed and strong == strong_pass]
            choices = [c for c in choices if c == "text" or c not in columns]
            if choices:
                first = next((c for c in _FIRST.get(kind, ()) if c in choices), choices[0])
                if first == "text" and not strong_pass and "text" in columns and kind != "events":
                    continue  # a "Notes" column of a treatments log is no second account of an event
                columns.setdefault(first, []).append(position)
                open_positions.remove(position)
    not_used = [headers[i] for i in open_positions if headers[i] and _candidates(headers[i])]
    return columns, not_used

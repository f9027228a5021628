"""A clinic's own MedDRA release in its ASCII layout: lowest-level term → preferred term. Nothing of MedDRA ships with us.

Fields are separated by "$" and a line ends with one. `llt.asc`: code, name, code of the preferred term, … `pt.asc`: code, name, …
`mdhier.asc`: code of the preferred term first, its name fifth; it serves where there is no `pt.asc`.
(MedDRA Distribution File Format Document, MSSO.)
"""

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from analysis.coding.normalise import term_key
from analysis.errors import UsageError

PREFERRED = (("pt.asc", 1), ("mdhier.asc", 4))
"""Files that name preferred terms by code, and the field their name stands in."""


def preferred_terms(folder: Path) -> dict[str, str]:
    """Name of the preferred term for every known name and code, by spelling-independent key.

    Raises UsageError when the folder holds no release, or a line does not have the fields it should.
    """
    folder = folder.resolve()
    names = ("llt.asc", *(name for name, _ in PREFERRED))
    stamps = tuple((folder / name).stat().st_mtime_ns if (folder / name).is_file() else 0 for name in names)
    return _read(folder, stamps)


@lru_cache(maxsize=2)
def _read(folder: Path, stamps: tuple[int, ...]) -> dict[str, str]:
    present = [(name, place) for name, place in PREFERRED if (folder / name).is_file()]
    if not present:
        raise UsageError(
            f"{folder} holds no MedDRA release: pt.asc or mdhier.asc is needed, and llt.asc for lowest-level terms. "
            "Check [coding] meddra in group.toml."
        )
    found: dict[str, str] = {}
    by_code: dict[str, str] = {}
    for name, place in present[:1]:
        for fields in _lines(folder / name, place + 1):
            by_code[fields[0]] = fields[place]
            found[term_key(fields[place])] = found[fields[0]] = fields[place]
    if (folder / "llt.asc").is_file():
        for fields in _lines(folder / "llt.asc", 3):
            preferred = by_code.get(fields[2])
            if preferred is not None:
                found.setdefault(term_key(fields[1]), preferred)
                found.setdefault(fields[0], preferred)
    return found


def _lines(path: Path, fields: int) -> Iterator[list[str]]:
    with path.open(encoding="utf-8-sig", errors="replace") as handle:
        for number, line in enumerate(handle, start=1):
            parts = [part.strip() for part in line.rstrip("\r\n").split("$")]
            if parts == [""]:
                continue
            if len(parts) < fields or not parts[0].isdigit():
                raise UsageError(
                    f'{path.name}, line {number}: at least {fields} fields separated by "$" and a code first are expected. '
                    "Point [coding] meddra in group.toml at the ASCII files of the release."
                )
            yield parts

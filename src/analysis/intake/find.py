"""Which files there are. Nothing is opened but to hash it; what is no regular file is named, not opened."""

import hashlib
import stat
from dataclasses import dataclass
from pathlib import Path

from analysis.errors import UsageError

TABLES = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls", ".ods")
_OURS = {"clinic.toml", "readme.md", "readme.txt", "thumbs.db", "desktop.ini"}


@dataclass(frozen=True)
class RawFile:
    """A file as received: `name` is its path below the raw folder with forward slashes, `folder` the clinic folder's name."""

    folder: str
    name: str
    path: Path
    sha256: str
    size: int
    unusable: str | None = None
    """Why it cannot be opened at all (a link, a device, no permission)."""


def find_files(raw: Path) -> dict[str, list[RawFile]]:
    """Files by clinic folder, in order of name. Files lying directly in `raw` belong to the folder named ''.

    Hidden files are passed over; links and devices come back as unusable. Raises UsageError when the folder is not there.
    """
    if not raw.is_dir():
        raise UsageError(f"There is no folder {raw}. Make it and put each clinic's files into a folder of its own.")
    found: dict[str, list[RawFile]] = {}
    for path in sorted(raw.rglob("*"), key=lambda p: p.relative_to(raw).as_posix()):
        parts = path.relative_to(raw).parts
        if any(part.startswith((".", "~$")) for part in parts) or path.name.lower() in _OURS:
            continue
        folder, name = parts[0] if len(parts) > 1 else "", "/".join(parts)
        try:
            mode = path.lstat().st_mode
        except FileNotFoundError:  # taken away since the folder was listed: as if it had been a moment before
            continue
        if stat.S_ISREG(mode):
            found.setdefault(folder, []).append(raw_file(path, folder=folder, name=name))
        elif not stat.S_ISDIR(mode):
            what = "is a link, not a file." if stat.S_ISLNK(mode) else "is a device or pipe, not a file."
            found.setdefault(folder, []).append(RawFile(folder, printable(name), path, "", 0, what))
    return found


def raw_file(path: Path, *, folder: str = "", name: str | None = None) -> RawFile:
    """Hash one file. A file that cannot be opened comes back as unusable."""
    name = printable(name or path.name)
    try:
        with path.open("rb") as handle:
            digest = hashlib.file_digest(handle, "sha256").hexdigest()
        return RawFile(folder, name, path, digest, path.stat().st_size)
    except OSError as error:
        return RawFile(folder, name, path, "", 0, f"cannot be opened ({type(error).__name__}).")


def printable(name: str) -> str:
    """A name whose bytes are no text, made storable."""
    return name.encode("utf-8", "backslashreplace").decode("utf-8")

"""Which files there are. Regular files only; nothing is opened but to hash it."""

import hashlib
import stat
from dataclasses import dataclass
from pathlib import Path

from analysis.errors import UsageError

TABLES = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls", ".ods")
_OURS = {"clinic.toml", "readme.md", "readme.txt", "set_aside.xlsx"}


@dataclass(frozen=True)
class RawFile:
    """A file as received: `name` is its path below the raw folder with forward slashes, `folder` the clinic folder's name."""

    folder: str
    name: str
    path: Path
    sha256: str
    size: int


def find_files(raw: Path) -> dict[str, list[RawFile]]:
    """Files by clinic folder, in order of name. Files lying directly in `raw` belong to the folder named ''.

    Links, devices and hidden files are passed over. Raises UsageError when the folder is not there.
    """
    if not raw.is_dir():
        raise UsageError(f"There is no folder {raw}. Make it and put each clinic's files into a folder of its own.")
    found: dict[str, list[RawFile]] = {}
    for path in sorted(raw.rglob("*"), key=lambda p: p.relative_to(raw).as_posix()):
        parts = path.relative_to(raw).parts
        if any(part.startswith((".", "~$")) for part in parts) or path.name.lower() in _OURS:
            continue
        if not stat.S_ISREG(path.lstat().st_mode):
            continue
        folder = parts[0] if len(parts) > 1 else ""
        found.setdefault(folder, []).append(raw_file(path, folder=folder, name="/".join(parts)))
    return found


def raw_file(path: Path, *, folder: str = "", name: str | None = None) -> RawFile:
    """Hash one file."""
    with path.open("rb") as handle:
        digest = hashlib.file_digest(handle, "sha256").hexdigest()
    return RawFile(folder, name or path.name, path, digest, path.stat().st_size)

"""Whether the raw files are still those that were read: where they lay, and what became of them since."""

import contextlib
import os
from pathlib import Path

from analysis import durable
from analysis.intake.find import find_files
from analysis.store import Store

_WHERE = ".raw"


def remember(raw: Path, processed: Path) -> None:
    """Keep, beside the store, how the folder of raw files is reached from it."""
    line = os.fsencode(os.path.relpath(raw.resolve(), processed.resolve())) + b"\n"
    place = processed / _WHERE
    with contextlib.suppress(OSError, ValueError):  # it is only needed to notice changes
        if not place.exists() or place.read_bytes() != line:
            durable.replace_file(place, line)


def raw_folder(processed: Path) -> Path:
    """Where the raw files were read from last, else `raw` beside the store."""
    place = processed / _WHERE
    try:
        return processed / os.fsdecode(place.read_bytes()).rstrip("\n")
    except OSError:
        return processed.parent / "raw"


def changed_since(store: Store, raw: Path) -> str:
    """In words how many raw files were changed, added or taken away since they were read; empty when none, or no folder is there."""
    if not raw.is_dir():
        return ""
    then = {entry["path"]: entry["sha256"] for entry in store.manifest["inputs"]}
    now = {file.name: file.sha256 for files in find_files(raw).values() for file in files}
    changed = sum(now[name] != digest for name, digest in then.items() if name in now)
    counts = {"changed": changed, "new": len(now.keys() - then.keys()), "gone": len(then.keys() - now.keys())}
    if not any(counts.values()):
        return ""
    told = ", ".join(f"{count} {what}" for what, count in counts.items() if count)
    return (
        f"Raw files are not those that were read: {told}. The report is of what was read. To read them again: ae ingest"
    )

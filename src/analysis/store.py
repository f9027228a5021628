"""The only writer of `data/processed`: one snapshot of validated frames, named by `CURRENT`, whole or not at all."""

import hashlib
import io
import json
import os
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd

from analysis.durable import discard_folder, replace_file, staged
from analysis.errors import NothingToReport, StoreDamaged
from analysis.schemas import FRAMES
from analysis.schemas.conform import check
from analysis.schemas.parquet import Stored, held_as_now, parquet_of

Found = TypeVar("Found")

SCHEMA_VERSION = 2
_FEW_ROWS = 200_000
"""In all frames together; words of more rows take less room, and no more time, in columns of their own."""
_WRITERS = 2
"""Frames made into Parquet at once; they are written one after the other."""


@dataclass(frozen=True)
class Store:
    """One snapshot. Each frame is read and checked on first use; `manifest` says how it was made."""

    folder: Path
    manifest: dict[str, Any]

    @property
    def data_cut(self) -> date | None:
        """Largest accepted date, or the declared one; missing for an empty store."""
        text = self.manifest["data_cut"]
        return date.fromisoformat(text) if text else None

    @property
    def snapshot(self) -> str:
        """Name of the snapshot."""
        return str(self.manifest["snapshot"])

    @cached_property
    def _frames(self) -> dict[str, pd.DataFrame]:
        return {}

    def frame(self, name: str) -> pd.DataFrame:
        """A validated frame by name."""
        if name not in self._frames:
            content = (self.folder / f"{name}.parquet").read_bytes()
            if hashlib.sha256(content).hexdigest() != self.manifest["files"][f"{name}.parquet"]["sha256"]:
                raise _damaged(self.folder / f"{name}.parquet")
            self._frames[name] = check(FRAMES[name], pd.read_parquet(io.BytesIO(content)))
        return self._frames[name]

    @cached_property
    def _worked_out(self) -> dict[str, dict[Any, Any]]:
        return {}

    def is_worked_out(self, key: tuple[Any, ...]) -> bool:
        """Whether it is there already."""
        return key in self._worked_out.get(key[0], {})

    def worked_out(self, key: tuple[Any, ...], make: Callable[[], Found], *, most: int = 64) -> Found:
        """What several months of this snapshot need is made once. `key` begins with the name of its kind, of which `most` are kept.

        Nobody changes what comes from here.
        """
        kept: dict[Any, Found] = self._worked_out.setdefault(key[0], {})
        found = kept.pop(key) if key in kept else make()
        while len(kept) >= most:
            del kept[next(iter(kept))]
        kept[key] = found
        return found

    @cached_property
    def at_hand(self) -> "Store":
        """The same frames, with their words held as Python's own where they are few: many small counts take a quarter less time."""
        if sum(len(self.frame(name)) for name in FRAMES) > _FEW_ROWS:
            return self
        held = Store(self.folder, self.manifest)
        with pd.option_context("mode.string_storage", "python"):
            held._frames.update({name: held_as_now(self.frame(name)) for name in FRAMES})
        return held

    def __getattr__(self, name: str) -> pd.DataFrame:
        if name in FRAMES:
            return self.frame(name)
        raise AttributeError(name)


def open_store(path: str | Path) -> Store:
    """Open the current snapshot of a processed folder, or a snapshot folder itself, after checking every file's hash.

    Raises NothingToReport when nothing was ingested yet and StoreDamaged when a file is missing, changed or from a newer
    version.
    """
    folder = Path(path)
    named = (folder / "manifest.json").exists()
    if not named and not (folder / "CURRENT").exists():
        raise NothingToReport(f"Nothing has been read into {folder} yet. Run: ae ingest")
    with reading(folder.parent if named else folder):
        snapshot = folder if named else current_snapshot(folder)
        if snapshot is None:
            raise _damaged(folder / "CURRENT")
        store = Store(snapshot, read_manifest(snapshot))
        for name in FRAMES:
            store.frame(name)
        return store


def current_snapshot(root: Path) -> Path | None:
    """The snapshot folder that `CURRENT` names; missing when there is none."""
    pointer = root / "CURRENT"
    if not pointer.exists():
        return None
    name = pointer.read_text(encoding="ascii", errors="replace").strip()
    if not name.isalnum() or not (root / name / "manifest.json").exists():
        raise _damaged(pointer)
    return root / name


def read_manifest(snapshot: Path) -> dict[str, Any]:
    """The manifest, after checking that this program understands it, that it is as it was written and every file is there."""
    try:
        manifest: dict[str, Any] = json.loads((snapshot / "manifest.json").read_text(encoding="utf-8"))
        version = int(manifest["schema_version"])
        names = set(manifest["files"])
    except (OSError, ValueError, KeyError, TypeError):
        raise _damaged(snapshot / "manifest.json") from None
    if version > SCHEMA_VERSION:
        raise _newer(snapshot)
    if version < SCHEMA_VERSION or names != {f"{name}.parquet" for name in FRAMES}:
        raise StoreDamaged(f"{snapshot} was written by an older version. Read the raw files again with: ae ingest")
    if manifest.pop("snapshot", None) != (name := _name(manifest)):
        raise _damaged(snapshot / "manifest.json")
    manifest["snapshot"] = name
    for file in sorted(names):
        if not (snapshot / file).is_file():
            raise _damaged(snapshot / file)
    return manifest


def stored_fingerprint(root: Path) -> str | None:
    """Fingerprint of the key that the current snapshot was made with; missing when there is none, or none that can be read.

    A damaged or older snapshot does not stand in the way of reading the raw files again; one from a newer version does:
    StoreDamaged.
    """
    try:
        name = (root / "CURRENT").read_text(encoding="ascii").strip()
        manifest = json.loads((root / name / "manifest.json").read_text(encoding="utf-8")) if name.isalnum() else {}
        version, fingerprint = int(manifest.get("schema_version", 0)), manifest.get("key_fingerprint")
    except (OSError, ValueError, TypeError, AttributeError):
        return None
    if version > SCHEMA_VERSION:
        raise _newer(root / name)
    return fingerprint if isinstance(fingerprint, str) else None


def write_snapshot(
    root: Path,
    frames: Mapping[str, Stored],
    facts: dict[str, Any],
    *,
    before_swap: Callable[[str], None],
    beside: dict[str, bytes] | None = None,
) -> Store:
    """Write all frames as a new snapshot and make it the current one; returns it, unread. A frame may come in pieces, or as Parquet.

    The name is a hash of the content, so equal input gives an equal name and equal bytes. `facts` goes into the manifest
    (program version, data cut, key fingerprint, inputs). `beside` are files for people: listed in the manifest and not needed
    to read the snapshot, so that somebody who saves one in its place does no damage. `before_swap` is called with the name
    when everything is on disk. The caller holds the writer's lock (`durable.writing`).
    """
    with staged(root) as stage, ThreadPoolExecutor(_WRITERS) as pool:
        listed = {}
        for name, (content, rows) in zip(FRAMES, pool.map(lambda name: parquet_of(frames[name]), FRAMES), strict=True):
            stage.write(f"{name}.parquet", content)
            listed[f"{name}.parquet"] = {"sha256": hashlib.sha256(content).hexdigest(), "rows": rows}
        for name, content in (beside or {}).items():
            stage.write(name, content)
        copies = {name: hashlib.sha256(content).hexdigest() for name, content in (beside or {}).items()}
        head = {**facts, "schema_version": SCHEMA_VERSION, "files": listed, "beside": copies}
        snapshot = _name(head)
        stage.write("manifest.json", _json({**head, "snapshot": snapshot}))
        store = Store(root / snapshot, {**head, "snapshot": snapshot})
        before_swap(snapshot)
        if not _is_whole(root / snapshot):
            if (root / snapshot).exists():
                discard_folder(root / snapshot)
            stage.publish_folder(snapshot)
    pointer = root / "CURRENT"
    try:
        replace_file(pointer, snapshot.encode() + b"\n")
    except OSError:
        if not pointer.exists() or pointer.read_bytes() != snapshot.encode() + b"\n":
            raise
        return store  # visible, but not certain to outlive a power cut: the older one stays beside it
    with suppress(OSError):  # the new state is visible already; what could not be removed goes with the next run
        _prune(root, keep=snapshot)
    return store


def parquet_bytes(frame: pd.DataFrame) -> bytes:
    """A frame as Parquet with fixed writer options."""
    return parquet_of(frame)[0]


@contextmanager
def reading(root: Path) -> Iterator[None]:
    """Hold a shared lock while reading, so that the snapshot read is not removed meanwhile. No-op where there is no flock."""
    try:
        import fcntl

        handle = os.open(root / ".readers", os.O_RDWR | os.O_CREAT, 0o600)
    except (ImportError, OSError):  # Windows refuses to delete open files by itself; a read-only folder has no writer
        yield
        return
    try:
        fcntl.flock(handle, fcntl.LOCK_SH)
        yield
    finally:
        os.close(handle)


def _prune(root: Path, *, keep: str) -> None:
    """Remove older snapshots unless somebody is reading; then the next run does it."""
    old = [path.parent for path in root.glob("*/manifest.json") if path.parent.name != keep]
    if not old:
        return
    try:
        import fcntl

        handle = os.open(root / ".readers", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(handle)
            return
    except ImportError:
        handle = -1
    try:
        for snapshot in old:
            discard_folder(snapshot)
    finally:
        if handle >= 0:
            os.close(handle)


def _is_whole(snapshot: Path) -> bool:
    try:
        manifest = read_manifest(snapshot)
    except StoreDamaged:
        return False
    if not all((snapshot / name).is_file() for name in manifest.get("beside", {})):
        return False
    return all(
        hashlib.sha256((snapshot / name).read_bytes()).hexdigest() == part["sha256"]
        for name, part in manifest["files"].items()
    )


def _name(head: dict[str, Any]) -> str:
    return hashlib.sha256(_json(head)).hexdigest()[:16]


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True).encode()


def _newer(path: Path) -> StoreDamaged:
    return StoreDamaged(f"{path} was written by a newer version of this program. Update the program.")


def _damaged(path: Path) -> StoreDamaged:
    return StoreDamaged(f"{path} is damaged or missing. Read the raw files again with: ae ingest")

"""Publishing without ever showing half: stage, flush to disk, rename. Used by the store and by the reports alike. No pandas.

A stage is a folder `.stage-<run>` beside what it will replace, on the same file system. Files are flushed to disk before they
take their final name, and the folder holding the names after, so a power cut shows the old state or the new one.
"""

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from analysis.errors import RefusedBeforeWork

STAGE_PREFIX = ".stage-"
_PIECE = 1 << 20
_FLUSHERS = 4
"""Files flushed at once: a disk takes what is asked for together in one go, and four wait hardly longer than one."""


@contextmanager
def writing(root: Path, *, wait_seconds: float = 0.0) -> Iterator[None]:
    """Hold the one writer's lock of `root` (a kernel lock: a dead holder frees it) and clear stages of dead runs.

    Raises RefusedBeforeWork when another run holds the lock or the folder cannot be written. What goes wrong inside the
    block is not touched.
    """
    lock = FileLock(root / ".lock", mode=0o600)
    try:
        root.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=wait_seconds)
    except Timeout:
        raise RefusedBeforeWork(f"Another run is writing to {root}. Wait until it has ended, then try again.") from None
    except (PermissionError, FileExistsError, NotADirectoryError) as error:
        raise RefusedBeforeWork(
            f"{error.filename or root} cannot be written. Check the folder's permissions."
        ) from None
    try:
        for leftover in root.glob(STAGE_PREFIX + "*"):
            shutil.rmtree(leftover, ignore_errors=True)
        yield
    finally:
        lock.release()


class Stage:
    """A folder being filled; nothing in it is visible under its final name until one of the publish calls.

    Each file is flushed to disk in the background while the next is written; publishing waits for all of them first.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = Path(tempfile.mkdtemp(prefix=STAGE_PREFIX, dir=root))
        self._flushers = flushers()
        self._flushes: list[Future[None]] = []

    def write(self, name: str, content: bytes, *, private: bool = False) -> None:
        """Stage one file; `name` may contain forward slashes. A `private` one is readable by its owner only."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if private:
            path.touch(mode=0o600)
        _write(path, content)
        self._flushes.append(self._flushers.submit(_flush, path))

    def publish_folder(self, name: str) -> Path:
        """Give the whole stage its final name in one rename."""
        self._files_on_disk()
        for path in sorted((p for p in self.folder.rglob("*") if p.is_dir()), reverse=True):
            flush_folder(path)
        flush_folder(self.folder)
        target = self.root / name
        os.rename(self.folder, target)
        flush_folder(self.root)
        return target

    def publish_files(self) -> list[Path]:
        """Move every staged file to its place below the root, each replaced in one step, in order of name."""
        self._files_on_disk()
        placed, changed = [], {self.root}
        for source in sorted(path for path in self.folder.rglob("*") if path.is_file()):
            target = self.root / source.relative_to(self.folder)
            target.parent.mkdir(parents=True, exist_ok=True)
            os.replace(source, target)
            placed.append(target)
            changed.add(target.parent)
        for folder in sorted(changed, reverse=True):
            flush_folder(folder)
        return placed

    def close(self) -> None:
        """Begin no further flush, wait for those begun, and remove what is left of the stage."""
        self._flushers.shutdown(cancel_futures=True)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _files_on_disk(self) -> None:
        """Wait until every staged file is on disk; raises what the first that could not be flushed raised."""
        for flush in self._flushes:
            flush.result()


def flushers() -> Executor:
    """What a stage flushes its files with."""
    return ThreadPoolExecutor(_FLUSHERS)


@contextmanager
def staged(root: Path) -> Iterator[Stage]:
    """A stage below `root`, removed at the end whatever happened."""
    root.mkdir(parents=True, exist_ok=True)
    stage = Stage(root)
    try:
        yield stage
    finally:
        stage.close()


def replace_file(path: Path, content: bytes) -> None:
    """Replace one file whole."""
    with staged(path.parent) as stage:
        stage.write(path.name, content)
        stage.publish_files()


def replace_alone(path: Path, content: bytes) -> None:
    """Replace one file whole where no `writing` clears stages: what a killed run leaves has a fixed name and goes with the next call.

    The caller holds a lock of its own. The file is readable by its owner only.
    """
    beside = path.with_name(path.name + ".new")
    beside.unlink(missing_ok=True)
    beside.touch(mode=0o600)
    _write(beside, content)
    _flush(beside)
    os.replace(beside, path)
    flush_folder(path.parent)


def append_lines(path: Path, *lines: bytes) -> None:
    """Append lines and flush them to disk, the folder too when the file is new. A write that fails leaves no part of them.

    A new file is readable by its owner only.
    """
    said = b"".join(line + b"\n" for line in lines)
    new = not path.exists()
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "ab", buffering=0, opener=_private) as handle:
        whole = handle.tell()
        try:
            rest = memoryview(said)
            while rest:
                rest = rest[handle.write(rest) :]
            os.fsync(handle.fileno())
            _check(path, said, start=whole)
        except BaseException:  # Ctrl-C too
            handle.truncate(whole)
            raise
    if new:
        flush_folder(path.parent)


def drop_torn_end(path: Path) -> None:
    """Take away the beginning of a line that a killed run could not finish: what has no line end was never said."""
    content = path.read_bytes() if path.exists() else b""
    whole = content.rfind(b"\n") + 1
    if whole < len(content):
        with path.open("r+b") as handle:
            handle.truncate(whole)
            os.fsync(handle.fileno())


def discard_folder(folder: Path) -> None:
    """Remove a folder as if in one step: it loses its name first; what a killed run leaves is cleared by the next `writing`."""
    stage = Path(tempfile.mkdtemp(prefix=STAGE_PREFIX, dir=folder.parent))
    os.rename(folder, stage / folder.name)
    shutil.rmtree(stage, ignore_errors=True)


def _private(path: str, flags: int) -> int:
    """A file that is made is readable by its owner only."""
    return os.open(path, flags, 0o600)


def _write(path: Path, content: bytes) -> None:
    """Write a file and look at it: a disk or share that says it wrote, and did not, is found before anything rests on it."""
    path.write_bytes(content)
    _check(path, content)


def _check(path: Path, content: bytes, *, start: int = 0) -> None:
    """From `start` on the file holds this content and no more; OSError (EIO) naming the file otherwise."""
    given, place = memoryview(content), 0
    with path.open("rb") as handle:
        handle.seek(start)
        while piece := handle.read(_PIECE):
            if given[place : place + len(piece)] != piece:
                break
            place += len(piece)
    if piece or place != len(given):
        raise OSError(errno.EIO, "was not stored as it was written", str(path))


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def flush_folder(folder: Path) -> None:
    """Flush the names a folder holds to disk."""
    if os.name == "nt":  # Windows has no handle on a folder to flush; the rename itself is journalled there
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

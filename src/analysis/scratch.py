"""Folders for a while, outside the data: for nobody else to read, and gone at the end, that of a killed run with the next. No pandas.

The stored data, the reports and the ledger have stages of their own (`durable`).
"""

import contextlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PREFIX = "clinic-ae-"
_YOUNG, _DAY = 60.0, 86_400.0


@contextmanager
def scratch(kind: str) -> Iterator[Path]:
    """A new folder of mode 0700 in the system's place for temporary files; a kernel lock on it says that it is in use."""
    folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{kind}-"))
    handle = _held(folder)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if handle is not None:
            os.close(handle)


def clear_scratch() -> None:
    """Remove what killed runs of this account left: folders whose lock nobody holds; where there are no such locks, after a day."""
    for folder in Path(tempfile.gettempdir()).glob(PREFIX + "*"):
        with contextlib.suppress(OSError):
            state = folder.lstat()
            age = time.time() - state.st_mtime
            if folder.is_symlink() or not folder.is_dir() or state.st_uid != getattr(os, "getuid", lambda: 0)():
                continue
            if age < _YOUNG:  # perhaps made this moment, its lock not yet taken
                continue
            handle = _held(folder)
            if handle is not None:
                os.close(handle)
            if handle is not None or (age > _DAY and os.name == "nt"):
                shutil.rmtree(folder, ignore_errors=True)


def _held(folder: Path) -> int | None:
    """A handle on the folder with its lock; none where somebody else holds it, or where folders cannot be locked."""
    try:
        import fcntl

        handle = os.open(folder, os.O_RDONLY)
    except (ImportError, OSError):
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        return None
    return handle

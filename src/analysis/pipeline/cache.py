"""Work of earlier runs, beside the store: pieces of bytes by name, sealed under the key. Losing any of it costs time and nothing else."""

import contextlib
import os
import tempfile
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from analysis.keys import Key

_SEAL = 32


@dataclass
class Cache:
    """A folder of sealed pieces. What is missing, damaged or sealed under another key or name is not there."""

    folder: Path
    key: Key
    used: set[str] = field(default_factory=set)
    _waiting: list[Future[None]] = field(default_factory=list)

    def get(self, name: str) -> bytes | None:
        """The piece of this name."""
        try:
            content = (self.folder / name).read_bytes()
        except OSError:
            return None
        self.used.add(name)
        body = memoryview(content)[_SEAL:]
        return bytes(body) if self._sealed(name, body) == content[:_SEAL] else None

    def put(self, name: str, content: bytes) -> None:
        """Keep a piece, whole or not at all. A disk that is full or a folder that cannot be written keeps nothing."""
        self.used.add(name)
        with contextlib.suppress(OSError):
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle, made = tempfile.mkstemp(prefix=".", dir=self.folder)
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(self._sealed(name, memoryview(content)))
                    file.write(content)
                os.replace(made, self.folder / name)
            except OSError:
                Path(made).unlink(missing_ok=True)
                raise

    def later(self, name: str, make: Callable[[], bytes]) -> None:
        """Keep the piece that `make` gives, made while the caller goes on: see `settle`."""
        self.used.add(name)
        pool = ThreadPoolExecutor(max_workers=1)
        self._waiting.append(pool.submit(lambda: self.put(name, make())))
        pool.shutdown(wait=False)

    def settle(self) -> None:
        """Wait until every piece is kept. What went wrong in making one is raised here."""
        while self._waiting:
            self._waiting.pop().result()

    def prune(self, used: set[str]) -> None:
        """Take away every piece but those of this run, so that the folder never holds more than one run needs."""
        with contextlib.suppress(OSError):
            for path in self.folder.iterdir():
                if path.name not in used and path.is_file():
                    path.unlink()

    def _sealed(self, name: str, body: memoryview) -> bytes:
        return self.key.seal(name, body)


def cache_folder(processed: Path) -> Path:
    """Where the cache of a store lies: beside it."""
    return processed.parent / f"{processed.name}.cache"

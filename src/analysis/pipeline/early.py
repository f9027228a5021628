"""Frames that are ready early are put into their schemas and made into Parquet by a thread, beside what goes on.

Most of that is done by NumPy, Arrow and a compressor, which leave the interpreter to others meanwhile.
"""

from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any, TypeVar

import pandas as pd

from analysis.intake.courses import add_courses
from analysis.schemas import conform
from analysis.schemas.parquet import Encoded, parquet_of

Result = TypeVar("Result")


class Early:
    """Frames that nothing waits for but the store. With `beside` a thread makes them, once it is started; else whoever asks does."""

    def __init__(self, makes: Mapping[str, Callable[[], pd.DataFrame]], *, beside: bool) -> None:
        self._makes, self._beside = makes, beside
        self._frames: dict[str, Future[pd.DataFrame]] = {}
        self.encoded: dict[str, Future[Encoded]] = {}
        """The same as Parquet, where it was begun."""

    def __contains__(self, name: str) -> bool:
        return name in self._makes

    def start(self) -> None:
        """Begin."""
        if self._beside and not self._frames:
            pool = ThreadPoolExecutor(max_workers=1)
            self._frames = {name: pool.submit(partial(_made, name, make)) for name, make in self._makes.items()}
            self.encoded = {name: pool.submit(partial(_encoded, frame)) for name, frame in self._frames.items()}
            pool.shutdown(wait=False)

    def frames(self) -> dict[str, pd.DataFrame]:
        """All of them in their schemas. What went wrong in making one is raised here."""
        self.start()
        if not self._beside:
            return {name: _made(name, make) for name, make in self._makes.items()}
        return {name: frame.result() for name, frame in self._frames.items()}


def sessions_early(frames: Mapping[str, pd.DataFrame], *, beside: bool) -> Early:
    """Frames of sessions, once the lines of each are put together. To tell courses apart is left to the last: no link asks for them."""
    lines, sessions = frames["treatment_lines"], frames["treatments"]
    courses = partial(add_courses, sessions) if "person" in sessions else lambda: sessions
    return Early({"treatments": courses, "treatment_lines": lambda: lines}, beside=beside)


def then(work: Callable[..., Result], start: Callable[[], None]) -> Callable[..., Result]:
    """`work`, which starts something when it is done: before, it may need both cores, and a copy is best made of a quiet process."""

    def both(*args: Any, **kwargs: Any) -> Result:
        found = work(*args, **kwargs)
        start()
        return found

    return both


def _made(name: str, make: Callable[[], pd.DataFrame]) -> pd.DataFrame:
    return conform(name, make())


def _encoded(frame: Future[pd.DataFrame]) -> Encoded:
    return Encoded(*parquet_of(frame.result()))

"""Simulated registries of any size: clinics with a log of each month, written line by line; and what reading them costs.

python -m benchmarks.registry FOLDER --clinics 50 --months 60 --sessions 50
python -m benchmarks.registry --measure [--clinics 20 --months 1 --sessions 25000] [--engine embedded|dask]
"""

import argparse
import csv
import os
import random
import resource
import tempfile
import time
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from benchmarks import texts
from benchmarks.ingest_floor import AREAS, EVENT_HEADERS, TREATMENT_HEADERS, floor_of

_MOST_TEXTS = 20_000


def write_registry(
    raw: Path,
    *,
    clinics: int,
    months: int,
    sessions: int,
    seed: int = 1,
    first: int = 0,
    everyday: float = 0.0,
    every: int = 5,
) -> None:
    """`clinics` folders, each with a treatments and an events log for each of `months` months (from month `first` on).

    `sessions` a month and clinic, of two lines each; one event for `every` so many sessions. Nothing is held but one month.
    `everyday`: share of entries (0-1) that say one of a few usual things; the others are of the grammar of `texts`, and many of
    those urgent.
    """
    words = texts.distinct(min(clinics * months * sessions // every, _MOST_TEXTS))
    for number in range(clinics):
        folder = raw / f"clinic-{number:05d}"
        folder.mkdir(parents=True, exist_ok=True)
        name = f'name = "Clinic {number:05d} (simulated)"'
        (folder / "clinic.toml").write_text(f"[clinic]\n{name}\nsimulated = true\n")
        for month in range(first, first + months):
            draw = random.Random(f"{seed} {number} {month}")
            year, of_year = 2020 + month // 12, month % 12 + 1
            treated = list(_sessions(draw, year, of_year, month * sessions, sessions))
            _write(folder / f"treatments_{year}-{of_year:02d}.csv", TREATMENT_HEADERS, _lines(draw, treated))
            entries = _entries(draw, treated, words, everyday, every)
            _write(folder / f"events_{year}-{of_year:02d}.csv", EVENT_HEADERS, entries)


def _write(path: Path, headers: list[str], rows: Iterator[list[Any]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as handle:
        csv.writer(handle).writerows([headers])
        csv.writer(handle).writerows(rows)


def _sessions(
    draw: random.Random, year: int, month: int, before: int, count: int
) -> Iterator[tuple[str, str, date, str]]:
    for n in range(count):
        day = date(year, month, 1) + timedelta(days=draw.randrange(28))
        yield f"T{before + n:09d}", f"P{draw.randrange(count * 8):07d}", day, f"Injector {draw.randrange(8):02d}"


def _lines(draw: random.Random, treated: list[tuple[str, str, date, str]]) -> Iterator[list[Any]]:
    for session, patient, day, injector in treated:
        for area in draw.sample(AREAS, 2):
            product, lot = draw.choice(("Botox", "Xeomin", "Dysport")), f"L{draw.randrange(400):04d}"
            yield [session, patient, day, injector, area, product, draw.randrange(4, 40), lot, "Cosmetic", "Yes"]


_USUAL = (
    "small bruise",
    "bruise for a week",
    "headache since the evening",
    "brow feels heavy",
    "no complaint",
    "redness for an hour",
)


def _entries(
    draw: random.Random, treated: list[tuple[str, str, date, str]], words: list[str], everyday: float, every: int
) -> Iterator[list[Any]]:
    for n in range(len(treated) // every):
        session, patient, day, injector = draw.choice(treated)
        onset = day + timedelta(days=draw.randrange(10))
        told, said = onset + timedelta(days=draw.randrange(20)), draw.choice(words)
        if everyday and draw.random() < everyday:
            said = draw.choice(_USUAL)
        yield [
            f"E{session[1:]}-{n}",
            session,
            patient,
            day,
            onset,
            told,
            injector,
            said,
            draw.choice(("mild", "moderate", "")),
        ]


def measure(folder: Path, *, clinics: int, months: int, sessions: int, engine: str | None) -> None:
    """Print seconds and peak memory of reading a registry anew, again, and with one month more; beside the bare floor."""
    from analysis.pipeline.dask_engine import cluster
    from analysis.pipeline.engine import Here
    from analysis.pipeline.ingest import ingest

    raw, processed = folder / "raw", folder / "processed"
    write_registry(raw, clinics=clinics, months=months, sessions=sessions)
    lines = clinics * months * sessions * 2
    print(f"simulated registry: {clinics} clinics x {months} months, {lines:,} lines and {lines // 10:,} events")
    with cluster() if engine == "dask" else nullcontext(Here() if engine == "here" else None) as chosen:
        _timed("read anew", lambda: ingest(raw, processed, cache=False, engine=chosen))
        _timed("read anew, and kept", lambda: ingest(raw, processed, engine=chosen))
        _timed("read again", lambda: ingest(raw, processed, engine=chosen))
        write_registry(raw, clinics=clinics, months=1, sessions=sessions, first=months)
        _timed("one month more", lambda: ingest(raw, processed, engine=chosen))
    _timed("bare floor", lambda: [floor_of(path, folder / "floor") for path in sorted(raw.glob("*/*.csv"))] and None)


def _timed(what: str, work: Any) -> None:
    before, start = _processor(), time.perf_counter()
    done = work()
    taken, wall = _processor() - before, time.perf_counter() - start
    peaks = [resource.getrusage(who).ru_maxrss / 1024**2 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    snapshot = f", snapshot {done.snapshot}" if done is not None else ""
    print(
        f"{what}: {wall:.1f} s, processor {taken:.1f} s, peak so far {peaks[0]:.2f} GiB, of a child {peaks[1]:.2f}{snapshot}",
        flush=True,
    )


def _processor() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def main() -> None:
    """Write a registry, or measure one."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.registry")
    parser.add_argument("folder", nargs="?", type=Path, help="where to write; not needed with --measure")
    parser.add_argument("--measure", action="store_true")
    parser.add_argument("--engine", choices=["here", "embedded", "dask"])
    for name, default in (("clinics", 20), ("months", 1), ("sessions", 25_000)):
        parser.add_argument(f"--{name}", type=int, default=default)
    chosen = parser.parse_args()
    size = {name: getattr(chosen, name) for name in ("clinics", "months", "sessions")}
    if not chosen.measure:
        if chosen.folder is None:
            parser.error("name a folder, or ask to --measure")
        write_registry(chosen.folder, **size)
        return
    with tempfile.TemporaryDirectory(prefix="ae-registry-") as folder:
        os.environ["AE_KEY_FILE"] = str(Path(folder) / "key")
        measure(Path(folder), **size, engine=chosen.engine)


if __name__ == "__main__":
    main()

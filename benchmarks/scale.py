"""From one clinic to a registry: processes, a cluster, one month more, reports of stores of three sizes, and the start of the program.

python -m benchmarks.scale [--part start|month|engines|reports|report|large ...] [--lines 1000000] [--large 10000000] [--folder FOLDER]
Each piece of work runs in a process of its own. Seconds are of the processor, of all processes together; `longest` is this
program and its busiest worker, which is what the clock would say on cores that have nothing else to do.
"""

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.registry import write_registry

PARTS = ("start", "month", "engines", "reports", "report", "large")
_SESSIONS = 25_000
"""Of each clinic of the registry that engines are compared on, in one month, two lines each."""
_BARE = "import typer\napp = typer.Typer({})\n@app.command()\ndef one(n: int = 1) -> None: 'Do it.'\napp()"


def start() -> None:
    """`ae --help` beside a bare typer program's help."""
    commands = {
        "ae": ["-m", "analysis", "--help"], "a bare typer program": ["-c", _BARE.format(""), "--help"],
        "one without rich": ["-c", _BARE.format("rich_markup_mode=None"), "--help"],
    }  # fmt: skip
    found = {name: statistics.median(_help(command) for _ in range(9)) for name, command in commands.items()}
    for name in list(found)[1:]:
        print(
            f"start: ae --help {found['ae']:.2f} s, {name} {found[name]:.2f} s, {found['ae'] / found[name]:.2f} times"
        )


def _help(command: list[str]) -> float:
    before = _children()
    subprocess.run([sys.executable, *command], check=True, capture_output=True)
    return _children() - before


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def month(folder: Path, *, clinics: int = 50, months: int = 60, sessions: int = 40) -> None:
    """One month more in a history of many clinics, beside reading everything anew."""
    raw, size = folder / "raw", {"clinics": clinics, "sessions": sessions}
    write_registry(raw, months=months, **size)
    kept = _run("ingest", raw, folder / "kept", "embedded", "--cache")
    again = _run("ingest", raw, folder / "kept", "embedded", "--cache")
    write_registry(raw, months=1, first=months, **size)
    more = _run("ingest", raw, folder / "kept", "embedded", "--cache")
    anew = _run("ingest", raw, folder / "anew", "embedded")
    _same(more, anew)
    print(f"history: {clinics} clinics x {months} months, {clinics * months * sessions * 2:,} lines")
    for name, one in (("read, and kept", kept), ("again", again), ("one month more", more), ("all anew", anew)):
        print(f"  {name}: {_said(one)}")
    print(
        f"  one month more: {more['cpu'] / anew['cpu']:.0%} of anew by processor, {more['wall'] / anew['wall']:.0%} by the clock"
    )


def engines(
    folder: Path, *, lines: int, names: tuple[str, ...] = ("here", "embedded", "dask-1", "dask-2", "dask-killed")
) -> None:
    """The same registry in one process, in processes and on a cluster."""
    clinics = lines // (2 * _SESSIONS)
    if not (folder / "raw").exists():
        write_registry(folder / "raw", clinics=clinics, months=1, sessions=_SESSIONS)
    print(f"registry: {clinics} clinics, {lines:,} lines and {lines // 10:,} events", flush=True)
    found: dict[str, dict[str, Any]] = {}
    for name in names:
        found[name] = _run("ingest", folder / "raw", folder / name, name)
        shutil.rmtree(folder / name)
        print(f"  {name}: {_said(found[name])}, snapshot {found[name]['snapshot']}", flush=True)
    _same(*found.values())
    if "dask-killed" in found:
        _compare(found, clinics)


def _compare(found: dict[str, dict[str, Any]], clinics: int) -> None:
    one, two, killed = (found[name] for name in ("dask-1", "dask-2", "dask-killed"))
    best = min((found["here"], found["embedded"]), key=lambda own: own["longest"])
    site = (two["cpu"] - two["own"]) / clinics
    print(
        f"  two workers beside the best without a cluster: {two['longest'] / best['longest']:.2f} times by the longest way; beside one "
        f"process: {two['longest'] / found['here']['longest']:.2f}; "
        f"from one worker to two {one['longest'] / two['longest']:.2f} times as fast; "
        f"a killed worker cost the processor {(killed['cpu'] - two['cpu']) / site:.1f} of {clinics} sites"
    )


def large(folder: Path, *, lines: int, times: int) -> None:
    """As many lines, and `times` as many, by the engine that is chosen when none is named."""
    small = lines // times
    engines(folder / "small", lines=small, names=("embedded",))
    engines(folder / "large", lines=lines, names=("embedded", "here", "dask-2"))


def report(folder: Path, *, stores: tuple[tuple[int, int], ...]) -> None:
    """Months of a page from stores of 5 clinics x 24 months: so many sessions, and one entry for so many of them.

    What more sessions cost is the ratio of two stores with the same number of entries.
    """
    found = []
    for sessions, every in stores:
        raw, processed = folder / "raw", folder / "processed"
        write_registry(raw, clinics=5, months=24, sessions=sessions // 120, everyday=0.99, every=every)
        _run("ingest", raw, processed, "embedded")
        found.append(one := _run("month", processed))
        print(
            f"month of a page: {one['sessions']:,} sessions, {one['events']:,} entries: opening {one['opened']:.1f} s, {_said(one)}, "
            f"a further month {one['further']:.2f} s of processor",
            flush=True,
        )
        shutil.rmtree(raw)
        shutil.rmtree(processed)
    few, many = found[:2]
    print(
        f"  {many['sessions'] / few['sessions']:.1f} times the sessions with as many entries: the first month "
        f"{many['own'] / few['own']:.2f} times, a further month {many['further'] / few['further']:.2f} times by processor (goal: 1.5)"
    )


def reports(folder: Path, *, clinics: int = 3, months: int = 60, sessions: int = 75) -> None:
    """The reports of five years in one run, beside one report: about as many sessions a month as the data that ship."""
    raw, processed = folder / "raw", folder / "processed"
    write_registry(raw, clinics=clinics, months=months, sessions=sessions, everyday=0.99)
    _run("ingest", raw, processed, "embedded")
    _run("reports", processed, folder / "warm", "one")
    one, every = (_run("reports", processed, folder / name, name) for name in ("one", "all"))
    print(f"reports of {clinics} clinics, {clinics * months * sessions:,} sessions in {months} months")
    print(f"  one: {_said(one)}\n  {every['reports']} in one run: {_said(every)}")
    print(
        f"  {every['reports']} are {every['wall'] / one['wall']:.1f} times one by the clock (goal: 18 times for 60), "
        f"{every['cpu'] / one['cpu']:.1f} times by processor"
    )


def _run(*command: object) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.run", *map(str, command)], check=True, stdout=subprocess.PIPE, text=True
    )
    return dict(json.loads(done.stdout.splitlines()[-1]))


def _said(one: dict[str, Any]) -> str:
    return (
        f"processor {one['cpu']:.1f} s (longest {one['longest']:.1f}), wall {one['wall']:.1f} s, peak {one['peak']:.2f} GiB "
        f"(this program {one['peak_own']:.2f}), load {one['load']:.0f}"
    )


def _same(*runs: dict[str, Any]) -> None:
    if len({one["snapshot"] for one in runs}) != 1:
        raise SystemExit("the same files gave different snapshots")


def main() -> None:
    """Run the parts asked for, all of them when none is."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale")
    parser.add_argument("--part", choices=PARTS, action="append")
    parser.add_argument("--lines", type=int, default=1_000_000, help="of the registry on which engines are compared")
    parser.add_argument("--large", type=int, default=10_000_000, help="of the large registry; 0 leaves it out")
    parser.add_argument("--folder", type=Path, help="where the data are written; emptied afterwards")
    chosen = parser.parse_args()
    works = {
        "start": lambda _: start(), "month": month, "engines": lambda at: engines(at, lines=chosen.lines),
        "reports": reports, "report": lambda at: report(at, stores=((100_000, 5), (500_000, 25), (500_000, 5))),
        "large": lambda at: large(at, lines=chosen.large, times=10),
    }  # fmt: skip
    for name in chosen.part or [part for part in PARTS if chosen.large or part != "large"]:
        with tempfile.TemporaryDirectory(prefix="ae-scale-", dir=chosen.folder) as folder:
            os.environ["AE_KEY_FILE"] = str(Path(folder) / "key")
            works[name](Path(folder))


if __name__ == "__main__":
    main()

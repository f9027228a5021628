"""`make bench`: ingest, coding and one report, each as a ratio to the same work done bare.

python -m benchmarks [--lines 100000] [--repeat 3]
"""

import argparse
import os
import statistics
import tempfile
import time
from pathlib import Path

from benchmarks import ingest_floor, monitor_floor, report_floor, texts
from benchmarks.timing import say, timed


def main() -> None:
    """Run all four and print medians and ratios."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("--lines", type=int, default=100_000, help="treatment lines; a tenth as many events")
    parser.add_argument("--repeat", type=int, default=3, help="counted runs of each")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="ae-bench-") as folder:
        os.environ["AE_KEY_FILE"] = str(Path(folder) / "key")
        _ingest(Path(folder), chosen.lines, chosen.repeat)
        _coding(chosen.repeat)
        _report(Path(folder), chosen.repeat)
    monitor_floor.main()


def _ingest(folder: Path, lines: int, repeat: int) -> None:
    raw = ingest_floor.write_logs(folder / "raw", lines=lines)
    ours = timed(lambda n: ingest_floor.ours(raw, folder / f"processed-{n}"), repeat=repeat)
    floor = timed(lambda n: ingest_floor.floor(raw, folder / f"floor-{n}"), repeat=repeat)
    say(f"ingest, {lines:,} treatment lines and {lines // 10:,} events", ours, floor)


def _coding(repeat: int) -> None:
    count = 20_000
    taken = statistics.median(texts.seconds_anew(count) for _ in range(repeat))
    print(
        f"coding: {count:,} distinct short texts, {count / taken:,.0f} texts/s of processor (median of {repeat} processes)"
    )


def _report(folder: Path, repeat: int) -> None:
    processed = report_floor.prepare(folder / "report")
    ours = timed(lambda n: report_floor.ours(processed, folder / f"out-{n}"), repeat=repeat)
    figures, pictures = report_floor.figures_in(folder / "out-0")
    for drawn, what in ((figures, "figures"), (pictures, "pictures, wide and narrow")):
        floor = timed(lambda _, drawn=drawn: report_floor.floor(drawn), repeat=repeat)  # type: ignore[misc]
        say(f"one report against an empty notebook with the same imports and its {drawn} {what}", ours, floor)
    start = time.perf_counter()
    months = report_floor.every_month(processed, folder / "out-all")
    took = time.perf_counter() - start
    print(
        f"{months} monthly group reports in one run: {took:.1f} s, {took / ours.median:.1f} times one (goal: 8 times for 18)"
    )


if __name__ == "__main__":
    main()

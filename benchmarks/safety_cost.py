"""What safety costs: storing and publishing as we do, against plain writes of the same bytes, beside the whole of ingest and report.

python -m benchmarks.safety_cost [--sessions 4000] [--repeat 15]

Plain is one `to_parquet` per frame and one `write_bytes` per file: no hash, no flush, no rename, no ledger, no comparison of counts.
Both write the same in turns; what they differ by (median, wall-clock time) is held against the CPU time of the whole work, so that a
busy machine makes safety look dearer and never cheaper.
"""

import argparse
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

from analysis import durable, ledger
from analysis.pipeline import publication
from analysis.pipeline.agreeing import check_counts
from analysis.pipeline.context import build_month
from analysis.pipeline.ingest import ingest
from analysis.pipeline.page import page_and_data
from analysis.pipeline.publish import summary_of
from analysis.simulation import write_demo
from analysis.store import open_store, write_snapshot


def differ(safe: Callable[[int], Any], plain: Callable[[int], Any], repeat: int) -> tuple[float, float]:
    """Median seconds of each, in turns, after one that does not count."""
    seconds: tuple[list[float], list[float]] = ([], [])
    for number in range(repeat + 1):
        for which, call in enumerate((safe, plain)):
            start = time.perf_counter()
            call(number)
            if number:
                seconds[which].append(time.perf_counter() - start)
    return statistics.median(seconds[0]), statistics.median(seconds[1])


def cpu() -> float:
    """Seconds of CPU of this process and the children that have ended."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def store_plainly(frames: dict[str, pd.DataFrame], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, frame in frames.items():
        frame.to_parquet(folder / f"{name}.parquet", index=False, compression="zstd")


def store_safely(frames: dict[str, pd.DataFrame], processed: Path, number: int) -> None:
    book = ledger.ledger_path(processed)
    with durable.writing(processed):
        facts = {"data_cut": None, "key_fingerprint": "", "inputs": [], "program_version": str(number)}
        write_snapshot(
            processed,
            frames,
            facts,
            before_swap=lambda name: ledger.append(book, "ingest prepared", {"snapshot": name}),
        )
        ledger.append(book, "ingest published", {"number": number})


def say(what: str, safe: float, plain: float, whole: float) -> None:
    ratio = whole / (whole - safe + plain)
    print(
        f"{what}: safe {safe * 1000:.0f} ms, plain {plain * 1000:.0f} ms; whole {whole:.2f} s CPU; ratio {ratio:.3f}",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.safety_cost")
    parser.add_argument("--sessions", type=int, default=4000)
    parser.add_argument("--repeat", type=int, default=15)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="ae-cost-") as name:
        folder = Path(name)
        os.environ["AE_KEY_FILE"] = str(folder / "key")
        made = write_demo(folder, seed=1, sessions=chosen.sessions)
        ingest(made.raw, folder / "data" / "processed")
        start = cpu()
        frames = ingest(made.raw, folder / "data" / "processed").frames
        whole = cpu() - start
        safe, plain = differ(
            lambda n: store_safely(frames, folder / "safe" / "processed", n),
            lambda _: store_plainly(frames, folder / "plain"),
            chosen.repeat,
        )
        say(f"ingest of {chosen.sessions:,} sessions", safe, plain, whole)
        start = cpu()
        store = open_store(folder / "data" / "processed")
        context = build_month(store)
        html, saved = page_and_data(context, banner="")
        whole = cpu() - start
        page, summary = html.encode(), summary_of(context, html, clinics=[])

        def publish_safely(number: int) -> None:
            check_counts(html, saved, summary)
            out = folder / "reports"
            with durable.writing(out):
                publication.settle(out, book := folder / "r" / "ledger" / "ledger.jsonl")
                publication.put(
                    out, book, "group/x", page=page, said=b"{}", index=b"", entry={"report": "x", "sha256": str(number)}
                )

        def publish_plainly(_: int) -> None:
            (folder / "plain").mkdir(exist_ok=True)
            for file, content in (("x.html", page), ("x.json", b"{}"), ("index.html", b"")):
                (folder / "plain" / file).write_bytes(content)

        say("one report", *differ(publish_safely, publish_plainly, chosen.repeat), whole)
        shutil.rmtree(folder / "safe")


if __name__ == "__main__":
    main()

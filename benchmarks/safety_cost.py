"""What safety costs: ingest and a report as they are, against the same with plain writes, in turns.

python -m benchmarks.safety_cost [--sessions 4000] [--repeat 15] [--whole 0]

Plain is one `write_bytes` per file over the one that is there: no hash, no look at what was written, no flush, no rename, no lock, no
ledger, no comparison of counts. What the two differ by (median of the differences, wall-clock time) is held against the CPU time of
the whole work, so that a busy machine makes safety look dearer and never cheaper. `--whole N` runs the whole of ingest N times each
way besides, files read before taken from the cache, and prints the ratio of the medians.
"""

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any
from unittest import mock

from analysis import durable, ledger, store
from analysis.pipeline import ingest as ingesting
from analysis.pipeline import publication
from analysis.pipeline.agreeing import check_counts
from analysis.pipeline.context import build_month
from analysis.pipeline.ingest import ingest
from analysis.pipeline.page import page_and_data
from analysis.pipeline.publish import summary_of
from analysis.schemas import FRAMES
from analysis.schemas.parquet import parquet_of
from analysis.simulation import write_demo


def in_turns(safe: Callable[[int], Any], plain: Callable[[int], Any], repeat: int) -> list[tuple[float, float]]:
    """Seconds of each, in turns (now one, now the other first), after a pair that does not count."""
    pairs = []
    for number in range(repeat + 1):
        taken: list[float] = [0.0, 0.0]
        for which in (0, 1) if number % 2 else (1, 0):
            start = time.perf_counter()
            (safe, plain)[which](number)
            taken[which] = time.perf_counter() - start
        pairs.append((taken[0], taken[1]))
    return pairs[1:]


def cpu() -> float:
    """Seconds of CPU of this process and the children that have ended."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def write_plainly(
    root: Path, frames: Any, facts: dict[str, Any], *, beside: dict[str, bytes] | None = None, **_: Any
) -> Any:
    """In place of `store.write_snapshot`: the same frames made by as many threads, written over those that are there."""
    folder = root / "plain"
    folder.mkdir(parents=True, exist_ok=True)
    files = {}
    with ThreadPoolExecutor(store._WRITERS) as pool:
        for name, (content, rows) in zip(FRAMES, pool.map(lambda name: parquet_of(frames[name]), FRAMES), strict=True):
            (folder / f"{name}.parquet").write_bytes(content)
            files[f"{name}.parquet"] = {"rows": rows, "sha256": ""}
    for name, content in (beside or {}).items():
        (folder / name).write_bytes(content)
    manifest = {**facts, "files": files, "snapshot": "plain"}
    (folder / "manifest.json").write_bytes(store._json(manifest))
    (root / "CURRENT").write_bytes(b"plain\n")
    return store.Store(folder, manifest)


@contextmanager
def plainly() -> Iterator[None]:
    """Ingest with plain writes: neither ledger, lock, hash, look nor flush."""

    def nothing(*_: Any, **__: Any) -> None:
        return None

    with (
        mock.patch.multiple(ingesting, write_snapshot=write_plainly, stored_fingerprint=nothing, _settle=nothing),
        mock.patch.multiple(ledger, append=nothing, append_all=nothing),
        mock.patch.object(durable, "writing", nullcontext),
    ):
        yield


def store_safely(frames: Any, processed: Path, number: int) -> None:
    book = ledger.ledger_path(processed)
    with durable.writing(processed):
        facts = {"data_cut": None, "key_fingerprint": "", "inputs": [], "program_version": str(number)}
        store.write_snapshot(
            processed,
            frames,
            facts,
            before_swap=lambda name: ledger.append(book, "ingest prepared", {"snapshot": name}, intended=True),
        )
        ledger.append(book, "ingest published", {"number": number})


def say(what: str, pairs: list[tuple[float, float]], whole: float) -> None:
    safe, plain = (statistics.median(one) for one in zip(*pairs, strict=True))
    more = statistics.median(one - other for one, other in pairs)
    print(
        f"{what}: safe {safe * 1000:.0f} ms, plain {plain * 1000:.0f} ms, differ by {more * 1000:.0f} ms; "
        f"whole {whole:.2f} s CPU; ratio {whole / (whole - more):.3f}",
        flush=True,
    )


def whole_ingest(raw: Path, folder: Path, repeat: int) -> None:
    def plain(_: int) -> None:
        (folder / "plain" / "processed").mkdir(parents=True, exist_ok=True)
        with plainly():
            ingest(raw, folder / "plain" / "processed")

    pairs = in_turns(lambda _: ingest(raw, folder / "data" / "processed"), plain, repeat)
    safe, bare = (statistics.median(one) for one in zip(*pairs, strict=True))
    print(f"whole ingest, {repeat} each: safe {safe:.3f} s, plain {bare:.3f} s; ratio {safe / bare:.3f}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.safety_cost")
    parser.add_argument("--sessions", type=int, default=4000)
    parser.add_argument("--repeat", type=int, default=15)
    parser.add_argument("--whole", type=int, default=0)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="ae-cost-") as name:
        folder = Path(name)
        os.environ["AE_KEY_FILE"] = str(folder / "key")
        made = write_demo(folder, seed=1, sessions=chosen.sessions)
        ingest(made.raw, folder / "data" / "processed")
        start = cpu()
        frames = dict(ingest(made.raw, folder / "data" / "processed").frames)
        whole = cpu() - start
        pairs = in_turns(
            lambda n: store_safely(frames, folder / "safe" / "processed", n),
            lambda n: write_plainly(folder / "bare", frames, {"program_version": str(n)}),
            chosen.repeat,
        )
        say(f"ingest of {chosen.sessions:,} sessions", pairs, whole)
        if chosen.whole:
            whole_ingest(made.raw, folder, chosen.whole)
        one_report(folder, chosen.repeat)


def one_report(folder: Path, repeat: int) -> None:
    start = cpu()
    context = build_month(store.open_store(folder / "data" / "processed"))
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
        (folder / "bare").mkdir(exist_ok=True)
        for file, content in (("x.html", page), ("x.json", b"{}"), ("index.html", b"")):
            (folder / "bare" / file).write_bytes(content)

    say("one report", in_turns(publish_safely, publish_plainly, repeat), whole)


if __name__ == "__main__":
    main()

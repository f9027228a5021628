"""The sweep of publishing, from pages made before: run as a process of its own that forks one child per fault.

`python publishing.py FOLDER MODE MUTANT` prints one line of JSON per fault. A mutant is the publisher with one protection taken away.
"""

import hashlib
import json
import os
import shutil
import sys
import time
from pathlib import Path
from typing import Any

from striking import in_child, strike

from analysis import durable, ledger
from analysis.pipeline import publication

NAME = "group/2026-10.director"
OLD, NEW = (f"<!DOCTYPE html><p>{word}</p>{'x' * 3000}</html>\n" for word in ("old", "new"))


def publish(root: Path, page: str, name: str = NAME, wait: float = 0.0) -> None:
    out, book = root / "reports", root / "data" / "ledger" / "ledger.jsonl"
    entry = {"report": name, "sha256": hashlib.sha256(page.encode()).hexdigest()}
    with durable.writing(out, wait_seconds=wait):
        publication.settle(out, book)
        publication.put(
            out, book, name, page=page.encode(), said=json.dumps(entry).encode(), index=b"<ul>" + page.encode(), entry=entry
        )  # fmt: skip


def look(root: Path) -> dict[str, Any]:
    """What a reader finds: page, summary and list, the ledger, and what lies about."""
    out, book = root / "reports", root / "data" / "ledger" / "ledger.jsonl"
    ledger.verify(book)
    files = {p.relative_to(out).as_posix(): p.read_text() for p in out.rglob("*.*ml") if ".stage" not in str(p)}
    summary = out / f"{NAME}.json"
    return {
        "page": (out / f"{NAME}.html").read_text(),
        "summary": json.loads(summary.read_text()) if summary.exists() else None,
        "index": (out / "index.html").read_text(),
        "files": sorted(name for name in files if not name.startswith(".")),
        "astray": sorted(p.name for what in (".stage*", ".pending", "*.new") for p in root.rglob(what)),
        "entries": [[e["kind"], e["data"]["report"], e["data"]["sha256"]] for e in ledger.entries(book)],
    }


def _in_place(stage: durable.Stage, name: str) -> Path:
    """Mutant: files are written over those that are there."""
    for path in sorted(stage.folder.rglob("*.*")):
        target = stage.root / path.relative_to(stage.folder)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
    return stage.publish_folder_as_written(name)  # type: ignore[attr-defined]


def _page_first(out: Path, pending: Path, name: str) -> None:
    """Mutant: the page before the old summary is taken away."""
    for file in (f"{name}.html", f"{name}.json", "index.html"):
        if (pending / file).exists():
            os.replace(pending / file, out / file)
    durable.flush_folder(out)


def _no_pending(stage: durable.Stage, name: str) -> Path:
    """Mutant: what is decided is not kept until it is in place: the files go one after the other, from the stage itself."""
    return stage.folder


def mutate(mutant: str) -> None:
    """Take one protection away."""
    if mutant == "written in place":
        durable.Stage.publish_folder_as_written = durable.Stage.publish_folder  # type: ignore[attr-defined]
        durable.Stage.publish_folder = _in_place  # type: ignore[method-assign]
    elif mutant == "steps swapped":
        publication._place = _page_first  # type: ignore[assignment]
    elif mutant == "decision not kept":
        durable.Stage.publish_folder = _no_pending  # type: ignore[method-assign]
    elif mutant == "file not flushed":
        durable._flush = lambda path: None  # type: ignore[assignment]
    elif mutant == "flushes not waited for":
        durable.Stage._files_on_disk = lambda stage: None  # type: ignore[method-assign]
        flush = durable._flush
        durable._flush = lambda path: (time.sleep(0.05), flush(path))[1]  # type: ignore[assignment]
    elif mutant == "folder not flushed":
        durable.flush_folder = lambda folder: None  # type: ignore[assignment]


def sweep(root: Path, mode: str, mutant: str) -> None:
    start = root / "start"
    in_child(lambda: publish(start, OLD))
    whole = root / "whole"
    shutil.copytree(start, whole)
    in_child(lambda: publish(whole, NEW))
    print(json.dumps(look(whole)), flush=True)
    mutate(mutant)
    number, ended = 0, False
    while not ended:
        number += 1
        work = root / "work"
        shutil.copytree(start, work)

        def faulted(work: Path = work, number: int = number) -> int:
            counter = strike(number, mode)
            publish(work, NEW)
            return counter()

        code, said = in_child(faulted)
        after = in_child(lambda work=work: look(work))
        mended = in_child(lambda work=work: (publish(work, OLD, "group/2026-09.director"), look(work))[1])
        again = in_child(lambda work=work: (publish(work, NEW), look(work))[1])
        ended = code == 0 and said < number
        print(json.dumps([number, code, after, mended, again]), flush=True)
        shutil.rmtree(work)


if __name__ == "__main__":
    sweep(Path(sys.argv[1]), sys.argv[2], sys.argv[3])

"""What a run had decided and could not put in place, and what became of it since: a page is put there whole or not at all."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import publishing
import pytest
from publishing import NAME, NEW, OLD

from analysis import ledger
from analysis.pipeline import publication


class Ended(BaseException):
    pass


@pytest.fixture
def pending(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The old report in its place, the new one decided."""
    publishing.publish(tmp_path, OLD)

    def end(*_: Any) -> None:
        raise Ended

    with monkeypatch.context() as patch:
        patch.setattr(publication, "_place", end)
        with pytest.raises(Ended):
            publishing.publish(tmp_path, NEW)
    return tmp_path / "reports" / publication.PENDING


def flipped(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def elsewhere(folder: Path) -> None:
    """An entry that would put files outside the folder of reports."""
    said = json.loads((folder / "entry").read_text())
    (folder / "entry").write_text(json.dumps(said).replace(NAME, "../../outside/page"))


DAMAGE: dict[str, Callable[[Path], None]] = {
    "no entry": lambda folder: (folder / "entry").unlink(),
    "an entry that is no JSON": lambda folder: (folder / "entry").write_bytes(b"{"),
    "an entry of another shape": lambda folder: (folder / "entry").write_text("[]"),
    "an entry for another place": elsewhere,
    "no page": lambda folder: (folder / f"{NAME}.html").unlink(),
    "a changed page": lambda folder: flipped(folder / f"{NAME}.html"),
    "half a page": lambda folder: (folder / f"{NAME}.html").write_bytes(b"<!DOCTYPE html>"),
    "nothing in it": lambda folder: (shutil.rmtree(folder), folder.mkdir())[0],
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_decided_page_that_is_not_whole_any_more_leaves_the_old_one(pending: Path, damage: str) -> None:
    DAMAGE[damage](pending)
    root = pending.parents[1]
    publication.settle(pending.parent, root / "data" / "ledger" / "ledger.jsonl")
    seen = publishing.look(root)
    assert (seen["page"], seen["summary"] is not None, seen["astray"]) == (OLD, True, [])
    assert seen["entries"][-1][0] == publication.ABANDONED
    assert not (root.parent / "outside").exists()
    publishing.publish(root, NEW)
    assert publishing.look(root)["page"] == NEW


@pytest.mark.parametrize("file", [f"{NAME}.json", "index.html"])
def test_what_is_damaged_beside_a_whole_page_is_left_out(pending: Path, file: str) -> None:
    flipped(pending / file)
    root = pending.parents[1]
    publication.settle(pending.parent, root / "data" / "ledger" / "ledger.jsonl")
    seen = publishing.look(root)
    assert (seen["page"], seen["astray"]) == (NEW, [])
    assert seen["entries"][-1][0] == publication.PUBLISHED
    assert (seen["summary"] is None) == file.endswith(".json")
    assert seen["index"][4:] == (OLD if file == "index.html" else NEW)


def test_a_page_that_was_moved_before_the_damage_stays(pending: Path) -> None:
    root, page = pending.parents[1], pending.parent / f"{NAME}.html"
    (pending.parent / f"{NAME}.json").unlink()
    (pending / f"{NAME}.html").replace(page)
    flipped(pending / f"{NAME}.json")
    publication.settle(pending.parent, root / "data" / "ledger" / "ledger.jsonl")
    seen = publishing.look(root)
    assert (seen["page"], seen["summary"], seen["astray"]) == (NEW, None, [])
    assert [entry["kind"] for entry in ledger.entries(root / "data" / "ledger" / "ledger.jsonl")][
        -1
    ] == publication.PUBLISHED

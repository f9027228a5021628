"""The store: one whole snapshot or none, the same for the same input, and any damage is found."""

import hashlib
import json
import shutil
import threading
from pathlib import Path

import pandas as pd
import pytest

from analysis import durable
from analysis.errors import NothingToReport, StoreDamaged
from analysis.pipeline.ingest import ingest
from analysis.schemas import FRAMES, conform, empty
from analysis.schemas.parquet import held_as_now
from analysis.store import (
    SCHEMA_VERSION,
    current_snapshot,
    open_store,
    read_manifest,
    reading,
    stored_fingerprint,
    write_snapshot,
)

FACTS = {"program_version": "0", "data_cut": "2026-10-31", "key_fingerprint": "abc", "inputs": []}


def frames(months: int) -> dict[str, pd.DataFrame]:
    made = {name: empty(name) for name in FRAMES}
    rows = {
        "clinic": "A", "month": [f"2026-{n + 1:02d}" for n in range(months)], "treatments": "received", "events": "received",
        "covered_to": pd.NaT, "basis": "test",
    }  # fmt: skip
    made["coverage"] = conform("coverage", pd.DataFrame(rows))
    return made


def write(root: Path, months: int) -> str:
    with durable.writing(root):
        return write_snapshot(root, frames(months), FACTS, before_swap=lambda _: None).snapshot


def tree(root: Path) -> dict[str, bytes]:
    return {p.relative_to(root).as_posix(): p.read_bytes() for p in root.rglob("*") if p.is_file() and p.name[0] != "."}


def test_the_manifest_names_every_file_with_its_hash_and_rows(tmp_path: Path) -> None:
    name = write(tmp_path, 3)
    assert (tmp_path / "CURRENT").read_bytes() == name.encode() + b"\n"
    manifest = json.loads((tmp_path / name / "manifest.json").read_bytes())
    assert {**FACTS, "snapshot": name, "schema_version": SCHEMA_VERSION}.items() <= manifest.items()
    on_disk = {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in (tmp_path / name).glob("*.parquet")}
    assert on_disk == {file: part["sha256"] for file, part in manifest["files"].items()}
    assert manifest["files"]["coverage.parquet"]["rows"] == 3
    assert not any(path.is_symlink() for path in tmp_path.rglob("*"))


def test_the_same_content_gives_the_same_name_and_bytes(tmp_path: Path) -> None:
    assert write(tmp_path / "a", 2) == write(tmp_path / "b", 2) != write(tmp_path / "c", 3)
    assert tree(tmp_path / "a") == tree(tmp_path / "b")


def test_the_same_logs_give_the_same_snapshot_wherever_they_lie(
    demo_raw: Path, demo_store: Path, tmp_path: Path
) -> None:
    shutil.copytree(demo_raw, tmp_path / "elsewhere", copy_function=shutil.copyfile)
    before = tree(demo_raw)
    done = ingest(tmp_path / "elsewhere", tmp_path / "processed")
    assert tree(tmp_path / "processed") == tree(demo_store)
    assert done.snapshot == open_store(demo_store).snapshot
    assert tree(demo_raw) == before


def test_the_older_snapshot_goes_when_nobody_reads_it(tmp_path: Path) -> None:
    first, second = write(tmp_path, 1), write(tmp_path, 2)
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == [second]
    assert first != second
    assert open_store(tmp_path).coverage["month"].tolist() == ["2026-01", "2026-02"]


def test_a_snapshot_being_read_stays_until_the_next_run(tmp_path: Path) -> None:
    first = write(tmp_path, 1)
    with reading(tmp_path):
        second = write(tmp_path, 2)
        assert (tmp_path / first / "manifest.json").exists()
        assert current_snapshot(tmp_path) == tmp_path / second
    write(tmp_path, 2)
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == [second]


def test_a_snapshot_can_be_opened_by_its_own_folder(tmp_path: Path) -> None:
    name = write(tmp_path, 2)
    assert open_store(tmp_path / name).snapshot == open_store(str(tmp_path)).snapshot == name


def test_a_reader_looping_during_writes_sees_whole_states_only(tmp_path: Path) -> None:
    write(tmp_path, 1)
    stop, seen, failed = threading.Event(), set(), []

    def read() -> None:
        while not stop.is_set():
            try:
                store = open_store(tmp_path)
                seen.add((store.snapshot, len(store.coverage)))
            except Exception as error:
                failed.append(error)

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    written = {(write(tmp_path, n % 3 + 1), n % 3 + 1) for n in range(12)}
    stop.set()
    for reader in readers:
        reader.join()
    assert failed == []
    assert seen <= written
    assert seen


@pytest.mark.parametrize("victim", [*(f"{name}.parquet" for name in sorted(FRAMES)), "manifest.json"])
def test_one_changed_byte_is_found_and_the_file_named(tmp_path: Path, victim: str) -> None:
    path = tmp_path / write(tmp_path, 2) / victim
    content = bytearray(path.read_bytes())
    content[0 if victim == "manifest.json" else len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(StoreDamaged, match=victim):
        open_store(tmp_path)


def test_no_byte_of_the_manifest_can_change_unseen(tmp_path: Path) -> None:
    path = tmp_path / write(tmp_path, 2) / "manifest.json"
    content = path.read_bytes()
    for place in range(len(content)):
        path.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
        with pytest.raises(StoreDamaged):
            read_manifest(path.parent)
    path.write_bytes(content)
    assert read_manifest(path.parent)["data_cut"] == "2026-10-31"


@pytest.mark.parametrize("cut", ["gone", "short", "empty"])
def test_a_file_gone_or_cut_is_found(tmp_path: Path, cut: str) -> None:
    path = tmp_path / write(tmp_path, 2) / "events.parquet"
    content = path.read_bytes()
    path.unlink()
    if cut != "gone":
        path.write_bytes(content[: -9 if cut == "short" else 0])
    with pytest.raises(StoreDamaged, match=r"events\.parquet"):
        open_store(tmp_path)


@pytest.mark.parametrize("pointer", [b"", b"nowhere\n", b"../../etc\n", b"\xff\xfe\n"])
def test_a_pointer_to_nothing_is_damage(tmp_path: Path, pointer: bytes) -> None:
    write(tmp_path, 1)
    (tmp_path / "CURRENT").write_bytes(pointer)
    with pytest.raises(StoreDamaged, match="CURRENT"):
        open_store(tmp_path)


def test_a_newer_store_is_refused_and_an_older_one_is_to_be_read_again(tmp_path: Path) -> None:
    manifest = tmp_path / write(tmp_path, 1) / "manifest.json"
    told = json.loads(manifest.read_bytes())
    manifest.write_text(json.dumps({**told, "schema_version": SCHEMA_VERSION + 1}))
    with pytest.raises(StoreDamaged, match="newer version") as error:
        open_store(tmp_path)
    assert error.value.exit_code == 6
    with pytest.raises(StoreDamaged, match="newer version"):
        stored_fingerprint(tmp_path)
    manifest.write_text(json.dumps({**told, "schema_version": 0}))
    with pytest.raises(StoreDamaged, match="older version"):
        open_store(tmp_path)
    assert stored_fingerprint(tmp_path) == "abc"


def test_writing_over_a_damaged_snapshot_of_the_same_name_mends_it(tmp_path: Path) -> None:
    name = write(tmp_path, 2)
    whole = tree(tmp_path)
    (tmp_path / name / "events.parquet").write_bytes(b"x")
    assert write(tmp_path, 2) == name
    assert tree(tmp_path) == whole


def test_nothing_stored_yet_is_said_and_nothing_is_made(tmp_path: Path) -> None:
    with pytest.raises(NothingToReport, match="ae ingest"):
        open_store(tmp_path / "data" / "processed")
    assert list(tmp_path.iterdir()) == []
    assert stored_fingerprint(tmp_path) is None


def test_no_file_of_the_store_says_where_or_by_whom_it_was_made(demo_store: Path, demo_raw: Path) -> None:
    for content in tree(demo_store).values():
        assert str(demo_raw).encode() not in content
        assert str(Path.home()).encode() + b"/" not in content


def test_words_are_held_as_told_and_nothing_else_changes() -> None:
    frame = pd.DataFrame({
        "plain": pd.Series(["b", None, "ä"], dtype="str"), "stored": pd.Series(["x", pd.NA, ""], dtype="string"), "n": [1, 2, 3]
    })  # fmt: skip
    with pd.option_context("mode.string_storage", "python"):
        held = held_as_now(frame)
    assert [held[name].dtype.storage for name in ("plain", "stored")] == ["python", "python"]
    assert [str(kind) for kind in held.dtypes] == [str(kind) for kind in frame.dtypes] == ["str", "string", "int64"]
    assert held["stored"].isna().tolist() == held["plain"].isna().tolist() == [False, True, False]
    assert held.astype("object").equals(frame.astype("object"))
    pd.testing.assert_frame_equal(held_as_now(held), frame)

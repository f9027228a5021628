import os
from pathlib import Path

import pytest
from filelock import FileLock

from analysis import durable
from analysis.errors import RefusedBeforeWork


def stages(root: Path) -> list[Path]:
    return list(root.glob(durable.STAGE_PREFIX + "*"))


def test_a_staged_folder_appears_whole_under_its_name(tmp_path: Path) -> None:
    with durable.staged(tmp_path) as stage:
        stage.write("a.txt", b"1")
        stage.write("deep/b.txt", b"2")
        assert not (tmp_path / "final").exists()
        assert stage.publish_folder("final") == tmp_path / "final"
    assert (tmp_path / "final" / "deep" / "b.txt").read_bytes() == b"2"
    assert stages(tmp_path) == []


def test_staged_files_replace_those_of_their_name_and_leave_others(tmp_path: Path) -> None:
    (tmp_path / "group").mkdir()
    (tmp_path / "group" / "a.html").write_bytes(b"old")
    (tmp_path / "group" / "b.html").write_bytes(b"other")
    with durable.staged(tmp_path) as stage:
        stage.write("group/a.html", b"new")
        stage.publish_files()
    assert (tmp_path / "group" / "a.html").read_bytes() == b"new"
    assert (tmp_path / "group" / "b.html").read_bytes() == b"other"


def test_an_error_leaves_nothing_of_the_stage(tmp_path: Path) -> None:
    def fail() -> None:
        with durable.staged(tmp_path) as stage:
            stage.write("a.txt", b"1")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert list(tmp_path.iterdir()) == []


def test_files_are_flushed_before_they_take_their_name_and_the_folder_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    sync, rename = os.fsync, os.replace

    def fsync(handle: int) -> None:
        said.append("flush " + Path(os.readlink(f"/proc/self/fd/{handle}")).name)
        sync(handle)

    def replace(source: Path, target: Path) -> None:
        said.append(f"name {Path(target).name}")
        rename(source, target)

    if not Path("/proc/self/fd").is_dir():
        pytest.skip("needs /proc to tell which file is flushed")
    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(os, "replace", replace)
    durable.replace_file(tmp_path / "CURRENT", b"abc")
    assert said.index("flush CURRENT") < said.index("name CURRENT")
    assert said.index("name CURRENT") < max(n for n, word in enumerate(said) if word == f"flush {tmp_path.name}")


def test_one_writer_at_a_time(tmp_path: Path) -> None:
    with durable.writing(tmp_path), pytest.raises(RefusedBeforeWork, match="Another run"), durable.writing(tmp_path):
        pass
    with durable.writing(tmp_path):
        pass


def test_a_lock_file_that_nobody_holds_is_no_lock(tmp_path: Path) -> None:
    (tmp_path / ".lock").write_bytes(b"left behind")
    with durable.writing(tmp_path), pytest.raises(Exception, match="lock"):
        FileLock(tmp_path / ".lock").acquire(timeout=0)


def test_stages_of_dead_runs_are_cleared_by_the_next(tmp_path: Path) -> None:
    durable.Stage(tmp_path).write("half.parquet", b"half")
    assert stages(tmp_path)
    with durable.writing(tmp_path):
        assert stages(tmp_path) == []


def test_the_lock_is_free_again_after_an_error_which_is_passed_on_as_it_is(tmp_path: Path) -> None:
    with pytest.raises(PermissionError, match="a raw file"), durable.writing(tmp_path):
        raise PermissionError(13, "a raw file")
    with durable.writing(tmp_path):
        pass


def test_a_file_in_the_way_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(RefusedBeforeWork, match="cannot be written"), durable.writing(tmp_path / "file"):
        pass


def test_a_line_that_could_not_be_flushed_is_taken_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "ledger.jsonl"
    durable.append_lines(path, b"one")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space"):
            durable.append_lines(path, b"two")
    assert path.read_bytes() == b"one\n"
    durable.append_lines(path, b"three")
    assert path.read_bytes() == b"one\nthree\n"


def test_only_an_unfinished_end_is_dropped(tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    durable.drop_torn_end(path)
    for content, left in ((b"", b""), (b"a\n", b"a\n"), (b"a\nb", b"a\n"), (b"half", b"")):
        path.write_bytes(content)
        durable.drop_torn_end(path)
        assert path.read_bytes() == left


def test_a_discarded_folder_loses_its_name_before_its_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "data").write_bytes(b"1")
    monkeypatch.setattr("analysis.durable.shutil.rmtree", lambda *_, **__: None)
    durable.discard_folder(tmp_path / "old")
    assert not (tmp_path / "old").exists()
    monkeypatch.undo()
    with durable.writing(tmp_path):
        assert [path.name for path in tmp_path.iterdir()] == [".lock"]


def test_a_file_replaced_alone_is_whole_and_leaves_nothing_after_a_second_call(tmp_path: Path) -> None:
    (tmp_path / "x.new").write_bytes(b"left by a killed run")
    durable.replace_alone(tmp_path / "x", b"one")
    durable.replace_alone(tmp_path / "x", b"two")
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("x", b"two")]

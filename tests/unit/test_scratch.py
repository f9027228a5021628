import os
import stat
import tempfile
import time
from pathlib import Path

import pytest

from analysis import scratch as module
from analysis.scratch import clear_scratch, scratch


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The system's place for temporary files, of the test's own."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def aged(folder: Path, seconds: float) -> Path:
    then = time.time() - seconds
    os.utime(folder, (then, then))
    return folder


def test_a_folder_is_for_nobody_else_and_gone_at_the_end(place: Path) -> None:
    with scratch("page") as folder:
        (folder / "words").write_text("droop")
        assert folder.parent == place
        assert os.name == "nt" or stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert list(place.iterdir()) == []


def test_an_error_leaves_nothing(place: Path) -> None:
    def fail() -> None:
        with scratch("page") as folder:
            (folder / "words").write_text("droop")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert list(place.iterdir()) == []


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a run is killed in a fork")
def test_what_a_killed_run_left_goes_with_the_next_and_what_is_in_use_stays(place: Path) -> None:
    child = os.fork()
    if child == 0:
        with scratch("reproduce") as folder:
            (folder / "words").write_text("droop")
            os._exit(9)
    os.waitpid(child, 0)
    (left,) = place.iterdir()
    clear_scratch()
    assert left.exists(), "it could be one that is being made this moment"
    aged(left, module._YOUNG + 1)
    with scratch("page") as folder:
        aged(folder, module._YOUNG + 1)
        clear_scratch()
        assert list(place.iterdir()) == [folder]


@pytest.mark.skipif(os.name == "nt", reason="makes links, and asks who owns a folder")
def test_what_is_not_ours_is_left_alone(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (place / "kept").mkdir()
    others = (
        aged(place / "kept", 10**6),
        aged_folder(place / "ae-page-1"),
        aged_folder(place / f"{module.PREFIX}theirs"),
    )
    (place / f"{module.PREFIX}link").symlink_to(place / "kept")
    (place / f"{module.PREFIX}file").write_text("x")
    monkeypatch.setattr(os, "getuid", lambda: 987_654)
    clear_scratch()
    assert all(folder.is_dir() for folder in others)
    monkeypatch.undo()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    clear_scratch()
    assert [folder.is_dir() for folder in others] == [True, True, False]
    assert (place / f"{module.PREFIX}link").is_symlink()


def aged_folder(path: Path) -> Path:
    path.mkdir()
    return aged(path, 10**6)

"""Places and files that are not as one expects: links, read-only disks, names no terminal shows, files that go or change meanwhile."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import ingesting
import publishing
import pytest

from analysis.errors import InputRefused, RefusedBeforeWork
from analysis.intake.find import find_files
from analysis.intake.read import read_sheets
from analysis.pipeline import publication
from analysis.schemas.config import FilePart
from analysis.store import open_store

Run = Callable[..., Any]
links = pytest.mark.skipif(os.name == "nt", reason="makes links")


@links
def test_reports_may_be_a_link_but_nothing_leads_out_of_them(tmp_path: Path) -> None:
    for name in ("elsewhere", "outside"):
        (tmp_path / name).mkdir()
    (tmp_path / "reports").symlink_to(tmp_path / "elsewhere")
    publishing.publish(tmp_path, publishing.OLD)
    assert (tmp_path / "elsewhere" / f"{publishing.NAME}.html").is_file()
    (tmp_path / "elsewhere" / "harbour").symlink_to(tmp_path / "outside")
    with pytest.raises(RefusedBeforeWork, match="leads out of"):
        publishing.publish(tmp_path, publishing.NEW, "harbour/2026-10.director")
    assert list((tmp_path / "outside").iterdir()) == []
    assert publishing.look(tmp_path)["astray"] == []


@links
def test_a_folder_that_is_a_broken_link_is_refused_before_any_work(ae: Run, small_raw: Path) -> None:
    Path("reports").symlink_to("nowhere")
    said = ae("ingest", "--raw", small_raw)
    assert (said.code, Path("data").exists()) == (5, False)
    assert "reports cannot be written" in said.err


def test_a_file_that_goes_while_the_folder_is_listed_is_not_there(
    small_raw: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Path.lstat

    def gone(path: Path) -> os.stat_result:
        if path.name == "events.csv":
            path.unlink(missing_ok=True)
        return real(path)

    monkeypatch.setattr(Path, "lstat", gone)
    assert [file.name for file in find_files(small_raw)["harbour"]] == ["harbour/treatments.csv"]


@pytest.mark.parametrize(
    ("happens", "words"),
    [
        (lambda path: path.unlink(), "cannot be opened"),
        (
            lambda path: path.write_bytes(path.read_bytes() + b"3,2026-05-31,,P9,Ana Reyes,bruise\n"),
            "was changed while",
        ),
        (lambda path: (path.unlink(), path.mkdir()), "is no longer a file"),
    ],
)
def test_a_file_that_goes_or_changes_before_it_is_read_is_refused_by_name(
    small_raw: Path, happens: Callable[[Path], Any], words: str
) -> None:
    file = next(file for file in find_files(small_raw)["harbour"] if file.name.endswith("events.csv"))
    happens(file.path)
    with pytest.raises(InputRefused, match=words) as refused:
        list(read_sheets(file, FilePart(match="*")))
    assert "harbour/events.csv" in str(refused.value)
    assert "Ana" not in str(refused.value)


@pytest.mark.thorough
def test_a_file_that_goes_meanwhile_stops_no_other(small_raw: Path, ae: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from analysis.pipeline import ingest

    real = ingest.find_files

    def then_gone(raw: Path) -> Any:
        found = real(raw)
        (small_raw / "harbour" / "events.csv").unlink()
        return found

    monkeypatch.setattr(ingest, "find_files", then_gone)
    said = ae("ingest", "--raw", small_raw)
    assert said.code == 3
    assert "harbour/events.csv" in said.out + said.err
    assert len(open_store("data/processed").treatments) == 2


@pytest.mark.thorough
def test_a_name_that_the_terminal_cannot_show_ends_nothing(tmp_path: Path, small_raw: Path) -> None:
    (small_raw / "harbour").rename(small_raw / "港 ł")
    told = {**os.environ, "PYTHONIOENCODING": "latin-1"}
    asked = ingesting.command(small_raw, "ä ö/processed", "ü")
    done = subprocess.run(asked, cwd=tmp_path, env=told, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    assert rb"\u6e2f" in done.stdout
    assert (tmp_path / "ü" / "today.html").is_file()


@pytest.mark.thorough
@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere every name of a folder is text")
def test_a_folder_whose_name_is_no_text_is_a_clinic_like_any_other(ae: Run, small_raw: Path) -> None:
    """As it comes from an old disk: a byte of another alphabet."""
    os.rename(small_raw / "harbour", os.fsencode(small_raw) + b"/h\xe4fen")
    out = os.fsdecode(b"r\xe4/reports")
    assert ae("ingest", "--raw", small_raw, "--out", out).code == 0
    assert open_store("data/processed").treatments["clinic"].unique().tolist() == ["h\\udce4fen"]
    assert ae("report", "--audience", "committee", "--month", "2026-05", "--out", out).code == 0


@pytest.mark.thorough
def test_what_cannot_be_read_back_right_after_it_was_stored_is_stored(
    tmp_path: Path, small_raw: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A read that fails once after the pointer was swapped would make a stored run look like a failed one."""
    from analysis import store
    from analysis.errors import StoreDamaged
    from analysis.pipeline.ingest import ingest

    def fail(snapshot: Path) -> Any:
        raise StoreDamaged(str(snapshot))

    with monkeypatch.context() as patch:
        patch.setattr(store, "read_manifest", fail)
        snapshot = ingest(small_raw, tmp_path / "data" / "processed").snapshot
    assert open_store(tmp_path / "data" / "processed").snapshot == snapshot


@pytest.mark.thorough
def test_on_a_disk_that_is_read_only_everything_is_said_and_nothing_breaks(
    tmp_path: Path, small_raw: Path, ae: Run
) -> None:
    disk, log = tmp_path / "disk", small_raw / "harbour" / "events.csv"
    disk.mkdir()
    with contextlib.suppress(FileNotFoundError):
        if subprocess.run(["mount", "-t", "tmpfs", "tmpfs", disk], capture_output=True, check=False).returncode:
            pytest.skip("mounting a small file system is not allowed here; try as root")
    try:
        told = ("--processed", disk / "data" / "processed")
        assert ae("ingest", "--raw", small_raw, *told, "--out", disk / "reports").code == 0
        subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
        asked = [
            ("ingest", "--raw", small_raw, *told, "--out", disk / "reports"),
            ("report", "--audience", "committee", "--month", "2026-05", *told, "--out", disk / "reports"),
            ("report", "--audience", "committee", "--month", "2026-05", *told, "--out", "elsewhere"),
            ("decide", "--case-summary", "Mild.", "--month", "2026-05", "--reviewer", "A", *told),
            ("code", log, "--text", "Description", "-o", disk / "coded.csv"),
            ("start", log, "--clinic", "Elm", "--no-open", "--raw", disk / "raw", *told, "--out", disk / "reports"),
            ("review", "export", disk / "review.xlsx", "--all", *told),
            ("export", disk / "exported", *told),
            ("key", "export", disk / "key"),
            ("template", "-o", disk / "log.xlsx"),
            ("demo", "--out", disk / "demo", "--sessions", "100"),
        ]
        for command in asked:
            said = ae(*command)
            assert (said.code, len(said.err.splitlines())) == (5, 1), (command, said.err)
        assert not Path("elsewhere").exists()
        assert ae("audit", "verify", *told).code == 0
        assert len(open_store(disk / "data" / "processed").events) == 2
    finally:
        subprocess.run(["umount", disk], check=True)


def test_a_summary_that_was_deleted_is_made_again_with_its_page(tmp_path: Path) -> None:
    publishing.publish(tmp_path, publishing.OLD)
    (tmp_path / "reports" / f"{publishing.NAME}.json").unlink()
    publishing.publish(tmp_path, publishing.OLD)
    assert publishing.look(tmp_path)["summary"] is not None
    assert publication.PUBLISHED in [kind for kind, *_ in publishing.look(tmp_path)["entries"]]

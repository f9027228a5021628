"""What many tests share: a small simulated clinic group, read once; no test uses the key or the logs of the person running it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

Run = Callable[..., "Said"]


@pytest.fixture(scope="session", autouse=True)
def own_key(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A key file and a place for logs of the tests' own."""
    folder = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AE_KEY_FILE", str(folder / "patient.key"))
        patch.setenv("XDG_STATE_HOME", str(folder / "state"))
        yield folder / "patient.key"


@pytest.fixture(scope="session")
def _demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from analysis.simulation import write_demo

    folder = tmp_path_factory.mktemp("demo")
    write_demo(folder, seed=1, sessions=400)
    return folder


@pytest.fixture(scope="session")
def demo_raw(_demo: Path) -> Path:
    """Raw folder of a simulated clinic group of 400 sessions; nobody writes into it."""
    return _demo / "raw"


@pytest.fixture(scope="session")
def demo_truth(_demo: Path) -> Path:
    """Folder of the truth behind `demo_raw`."""
    return _demo / "truth"


@pytest.fixture(scope="session")
def demo_store(_demo: Path, own_key: Path) -> Path:
    """Processed folder made of `demo_raw`, with its ledger beside it; nobody writes into it."""
    from analysis.pipeline.ingest import ingest

    ingest(_demo / "raw", _demo / "data" / "processed")
    return _demo / "data" / "processed"


@pytest.fixture
def small_raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Raw folder of one clinic with two sessions and two entries: read in no time, and a test's own."""
    folder = tmp_path_factory.mktemp("small") / "harbour"
    folder.mkdir()
    (folder / "treatments.csv").write_text(
        "Visit date,Patient,Injector,Area,Product,Units\n"
        "2026-05-14,P1,Ana Reyes,glabella,Botox,20\n2026-05-16,P2,Ana Reyes,forehead,Botox,15\n"
    )
    (folder / "events.csv").write_text(
        "Event id,Date reported,Treatment date,Patient,Injector,Description\n"
        "1,2026-05-19,2026-05-14,P1,Ana Reyes,left eyelid droop\n2,2026-05-31,2026-05-16,P2,Ana Reyes,bruise\n"
    )
    return folder.parent


@dataclass(frozen=True)
class Said:
    """What a command left behind: exit code, standard output and standard error."""

    code: int
    out: str
    err: str


@pytest.fixture
def ae(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command in an empty working folder: `ae("report", "--month", "2026-10").code`."""
    from analysis.cli import main

    monkeypatch.chdir(tmp_path)

    def run(*arguments: object) -> Said:
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        return Said(int(ended.value.code or 0), out, err)

    return run

"""What many tests share: a small simulated clinic group, read once; no test uses the key or the logs of the person running it."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]


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
def ae(tmp_path: Path) -> Run:
    """Runs the command in a process of its own, in an empty folder: `ae("report", "--month", "2026-10")`."""

    def run(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "analysis", *map(str, arguments)], cwd=tmp_path, capture_output=True, text=True,
            check=False, timeout=300, env={**os.environ, "COLUMNS": "120", **environment},
        )  # fmt: skip

    return run

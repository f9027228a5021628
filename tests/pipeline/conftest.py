"""What several tests of the pipeline share."""

from pathlib import Path

import pytest

from analysis.pipeline.context import build_month
from analysis.pipeline.ingest import ingest
from analysis.schemas import MonthContext
from analysis.simulation import write_demo
from analysis.store import Store, open_store


@pytest.fixture(scope="session")
def larger_store(tmp_path_factory: pytest.TempPathFactory, own_key: Path) -> Store:
    """A simulated group of 1,500 sessions, enough for counts in most cells; nobody writes into it."""
    folder = tmp_path_factory.mktemp("naive")
    write_demo(folder, seed=3, sessions=1500)
    ingest(folder / "raw", folder / "processed")
    return open_store(folder / "processed")


@pytest.fixture(scope="session")
def larger_month(larger_store: Store) -> MonthContext:
    """October 2026 of `larger_store`, as the director gets it."""
    return build_month(larger_store, month="2026-10")

import pytest
from simulated_files import Table, read_truth

from analysis.simulation import DemoSummary, write_demo


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory) -> DemoSummary:
    return write_demo(tmp_path_factory.mktemp("base"), sessions=2500)


@pytest.fixture(scope="session")
def truth(base: DemoSummary) -> dict[str, Table]:
    return read_truth(base)

"""A cluster builds the same bits as one process, and goes on when a worker dies."""

import os
import shutil
import signal
from functools import partial
from pathlib import Path

import pytest

from analysis.pipeline.engine import Here
from analysis.pipeline.ingest import ingest

distributed = pytest.importorskip("distributed", reason="Dask is not installed: it is the extra `registry`")

RAW = Path(__file__).parents[2] / "data" / "raw"


def die_once(item: int, *, folder: Path) -> int:
    """Kills its own worker the first time it meets the third item."""
    mark = folder / "died"
    if item == 2 and not mark.exists():
        mark.write_text("")
        os.kill(os.getpid(), signal.SIGKILL)
    return item * item


@pytest.mark.slow
def test_a_cluster_makes_the_same_snapshot_and_survives_a_killed_worker(tmp_path: Path) -> None:
    from analysis.pipeline.dask_engine import cluster

    for name in ("sim-harbour", "sim-quayside"):
        shutil.copytree(RAW / name, tmp_path / "raw" / name)
    alone = ingest(tmp_path / "raw", tmp_path / "alone", engine=Here(), cache=False).snapshot
    with cluster(workers=2) as engine:
        found = dict(engine.map(partial(die_once, folder=tmp_path), range(6)))
        assert found == {n: n * n for n in range(6)}
        assert (tmp_path / "died").exists()
        assert ingest(tmp_path / "raw", tmp_path / "together", engine=engine, cache=False).snapshot == alone

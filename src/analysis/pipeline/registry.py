"""Counts of a store that is larger than memory: each clinic's rows are read by themselves, and whole numbers are added up."""

import hashlib
from functools import partial
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq

from analysis.counting.clinics import Clinics
from analysis.counting.exposure import grid
from analysis.errors import StoreDamaged
from analysis.measures import load_measures
from analysis.pipeline.engine import Engine, Here
from analysis.schemas import FRAMES
from analysis.schemas.conform import check
from analysis.schemas.statistics import merge_counts, no_counts
from analysis.store import current_snapshot, read_manifest

_READ = tuple(Clinics.__dataclass_fields__)


def registry_counts(processed: Path, *, engine: Engine | None = None) -> pd.DataFrame:
    """Counts on the grid (clinic, month, treatment type, injector, measure) of every clinic of the current snapshot.

    Equal to `counting.exposure.grid` of all clinics at once, which `counting.rates.rates` takes as it is. No more than one clinic's
    rows are held for each worker. Real and simulated clinics are told apart by whoever adds clinics up. Raises StoreDamaged.
    """
    snapshot = current_snapshot(processed)
    if snapshot is None:
        return no_counts()
    for name, told in read_manifest(snapshot)["files"].items():
        with (snapshot / name).open("rb") as handle:
            if hashlib.file_digest(handle, "sha256").hexdigest() != told["sha256"]:
                raise StoreDamaged(f"{snapshot / name} is damaged. Read the raw files again with: ae ingest")
    counted = (engine or Here()).reduce(partial(_clinic_counts, snapshot=snapshot), merge_counts, clinics_in(snapshot))
    return no_counts() if counted is None else counted


def clinics_in(snapshot: Path) -> list[str]:
    """Clinics that something is counted of, in order of name."""
    found: set[str] = set()
    for name in ("treatments", "exposure_totals", "events", "coverage"):
        file = pq.ParquetFile(snapshot / f"{name}.parquet")
        for group in range(file.num_row_groups):
            found.update(file.read_row_group(group, columns=["clinic"])["clinic"].unique().to_pylist())
    return sorted(found)


def _clinic_counts(clinic: str, *, snapshot: Path) -> pd.DataFrame:
    own = {
        name: check(FRAMES[name], pd.read_parquet(snapshot / f"{name}.parquet", filters=[("clinic", "==", clinic)]))
        for name in _READ
    }
    return merge_counts(grid(Clinics(**own), load_measures().values()), no_counts())

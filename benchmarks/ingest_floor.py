"""Ingest against the same steps done bare: read as text, validate, code the distinct texts, write Parquet."""

import csv
import random
import shutil
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pandera.pandas as pa

from benchmarks import texts

AREAS = ("Glabella", "Forehead", "Crow's feet", "Masseter", "Lower face")
TREATMENT_HEADERS = [
    "Treatment ID", "Patient ID", "Treatment date", "Injector", "Area", "Product", "Units", "Lot", "Treatment type", "Follow-up",
]  # fmt: skip
EVENT_HEADERS = [
    "Event ID", "Treatment ID", "Patient ID", "Treatment date", "Onset date", "Date reported", "Injector", "Description", "Severity",
]  # fmt: skip


def write_logs(raw: Path, *, lines: int, seed: int = 1) -> Path:
    """One clinic's treatments and events logs as CSV, clean and with ids; simulated."""
    draw = random.Random(seed)
    folder = raw / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "clinic.toml").write_text('[clinic]\nname = "Bench (simulated)"\nsimulated = true\n')
    start = date(2024, 1, 1)
    sessions = []
    with (folder / "treatments.csv").open("w", newline="") as handle:
        write = csv.writer(handle)
        write.writerow(TREATMENT_HEADERS)
        for number in range(lines // 2):
            day = start + timedelta(days=draw.randrange(900))
            session = (
                f"T{number:07d}",
                f"P{draw.randrange(lines // 5):06d}",
                day,
                f"Injector {draw.randrange(24):02d}",
            )
            sessions.append(session)
            for area in draw.sample(AREAS, 2):
                product, lot = draw.choice(("Botox", "Xeomin", "Dysport")), f"L{draw.randrange(400):04d}"
                write.writerow(
                    [
                        *session[:2],
                        day.isoformat(),
                        session[3],
                        area,
                        product,
                        draw.randrange(4, 40),
                        lot,
                        "Cosmetic",
                        "Yes",
                    ]
                )
    described = texts.distinct(min(lines // 10, 20_000))
    with (folder / "events.csv").open("w", newline="") as handle:
        write = csv.writer(handle)
        write.writerow(EVENT_HEADERS)
        for number in range(lines // 10):
            treatment, patient, day, injector = draw.choice(sessions)
            onset = day + timedelta(days=draw.randrange(10))
            told = onset + timedelta(days=draw.randrange(20))
            words = described[draw.randrange(len(described))]
            write.writerow(
                [
                    f"E{number:07d}",
                    treatment,
                    patient,
                    day,
                    onset,
                    told,
                    injector,
                    words,
                    draw.choice(("mild", "moderate", "")),
                ]
            )
    return raw


def ours(raw: Path, processed: Path) -> None:
    """The whole of ingest, from files to a published snapshot."""
    from analysis.pipeline.ingest import ingest

    ingest(raw, processed)
    shutil.rmtree(processed)


_SCHEMA = pa.DataFrameSchema({"Treatment date": pa.Column("datetime64[us]"), "Injector": pa.Column(str)})


def floor(raw: Path, out: Path) -> None:
    """The bare steps on the same files."""
    for name in ("treatments", "events"):
        floor_of(raw / "bench" / f"{name}.csv", out)
    shutil.rmtree(out)


def floor_of(path: Path, out: Path) -> None:
    """The bare steps on one log."""
    out.mkdir(parents=True, exist_ok=True)
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    frame["Treatment date"] = pd.to_datetime(frame["Treatment date"], format="%Y-%m-%d").astype("datetime64[us]")
    _SCHEMA.validate(frame, lazy=True)
    if path.name.startswith("events"):
        texts.code(list(frame["Description"].unique()))
    frame.to_parquet(out / f"{path.stem}.parquet", index=False)

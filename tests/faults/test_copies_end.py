"""A large log is read by copies of the process: when it is ended, none of them stays, and the store is the old one."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import psutil
import pytest

SIGNALS = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT) if os.environ.get("AE_ALL_FAULTS") else (signal.SIGKILL,)
ENTRIES = 7_000
"""More than the number of different texts from which a copy reads half of them."""
pytestmark = [
    pytest.mark.thorough,
    pytest.mark.skipif(sys.platform != "linux" or (os.cpu_count() or 1) < 2, reason="no copies there"),
]


@pytest.fixture(scope="module")
def large_raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    raw = tmp_path_factory.mktemp("large") / "raw"
    (raw / "harbour").mkdir(parents=True)
    draw = random.Random(4)
    said = ["bruise at the left brow", "headache", "right lid droop", "lump beside the nose", "no effect yet"]
    treated = [
        (date(2026, 1, 1) + timedelta(days=draw.randrange(120)), f"P{n:05d}", f"Injector {n % 7}")
        for n in range(ENTRIES)
    ]
    lines = [f"{day},{who},{by},glabella,Botox,20" for day, who, by in treated]
    entries = [
        f"{n},{day + timedelta(days=n % 14)},{day},{who},{by},{draw.choice(said)} since day {n % 30} and visit {n}"
        for n, (day, who, by) in enumerate(treated)
    ]
    head = "Event id,Date reported,Treatment date,Patient,Injector,Description"
    (raw / "harbour" / "treatments.csv").write_text(
        "\n".join(["Visit date,Patient,Injector,Area,Product,Units", *lines])
    )
    (raw / "harbour" / "events.csv").write_text("\n".join([head, *entries]))
    return raw


@pytest.fixture(scope="module")
def undisturbed(large_raw: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    place = tmp_path_factory.mktemp("undisturbed")
    started(large_raw, place).communicate(timeout=300)
    return (place / "data" / "processed" / "CURRENT").read_text()


def started(raw: Path, place: Path) -> "subprocess.Popen[str]":
    told = [sys.executable, "-m", "analysis", "ingest", "--raw", raw, "--quiet"]
    return subprocess.Popen(told, cwd=place, stderr=subprocess.PIPE, text=True)


def copies_of(run: "subprocess.Popen[str]") -> list[psutil.Process]:
    """Once there are any."""
    while run.poll() is None:
        if found := psutil.Process(run.pid).children(recursive=True):
            return found
        time.sleep(0.005)
    raise AssertionError("no copy was made of this ingest")


def within(seconds: float, holds: Callable[[], bool]) -> bool:
    until = time.monotonic() + seconds
    while not holds() and time.monotonic() < until:
        time.sleep(0.05)
    return holds()


@pytest.mark.parametrize("number", SIGNALS)
def test_no_copy_outlives_an_ingest_that_is_ended(
    tmp_path: Path, large_raw: Path, undisturbed: str, number: signal.Signals
) -> None:
    pointer = tmp_path / "data" / "processed" / "CURRENT"
    run = started(large_raw, tmp_path)
    copies = copies_of(run)
    run.send_signal(number)
    said = run.communicate(timeout=60)[1]
    assert run.returncode == (-number if number == signal.SIGKILL else 128 + number), said
    assert within(20, lambda: not any(copy.is_running() and copy.status() != "zombie" for copy in copies))
    assert not pointer.exists()
    started(large_raw, tmp_path).communicate(timeout=300)
    assert pointer.read_text() == undisturbed
    assert not list(pointer.parent.glob(".stage*"))

"""The same input gives the same page for every audience, whatever the clock zone, the language and the seed of hashes."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from analysis.store import open_store

HERE = Path(__file__).parent
SETTINGS = [("0", "UTC", "C.UTF-8"), ("4711", "Pacific/Auckland", "de_DE.UTF-8")]
MAKE = """
import hashlib, json, sys
from pathlib import Path
from analysis.pipeline.context import build_month
from analysis.report.copies import copy_page
from analysis.store import open_store
import in_process
store, found = open_store(Path(sys.argv[1])), {}
for audience in sys.argv[2:]:
    context = build_month(store, month="2026-10", audience=audience)
    page = in_process.page(context) if audience == "director" else copy_page(context)
    found[audience] = hashlib.sha256(page.encode()).hexdigest()
print(json.dumps(found))
"""


def pages(processed: Path, audiences: list[str], setting: tuple[str, str, str]) -> dict[str, str]:
    """SHA-256 of each audience's page, made by a program of its own."""
    settings = dict(zip(("PYTHONHASHSEED", "TZ", "LC_ALL"), setting, strict=True))
    done = subprocess.run(
        [sys.executable, "-c", MAKE, str(processed), *audiences],
        env=os.environ | settings | {"PYTHONPATH": str(HERE)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-500:]
    return {str(audience): str(digest) for audience, digest in json.loads(done.stdout.splitlines()[-1]).items()}


def everybody(processed: Path) -> list[str]:
    code = open_store(processed).injectors["code"].iloc[0]
    return ["committee", "shared", f"injector:{code}"]


@pytest.mark.thorough
def test_copies_are_the_same_bytes_in_other_zones_languages_and_hash_seeds(demo_store: Path) -> None:
    audiences = everybody(demo_store)
    first, second = (pages(demo_store, audiences, setting) for setting in SETTINGS)
    assert set(first) == set(audiences)
    assert len(set(first.values())) == len(audiences), "every audience has a page of its own"
    assert first == second


@pytest.mark.slow
def test_the_directors_page_is_too(demo_store: Path) -> None:
    first, second = (pages(demo_store, ["director"], setting) for setting in SETTINGS)
    assert first == second

"""Everything a run writes, wherever it writes it, by the kernel's own account; and what it says when a process of its own fails."""

import base64
import functools
import gzip
import io
import os
import re
import shutil
import stat
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from planting import PLANTED, found_in, plant, unpacked

RAISING = """
import importlib.abc, importlib.util, os, sys

WHERE, _, WHAT = os.environ.get("RAISE_IN", "").rpartition(".")

class After(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name != WHERE:
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(name)
        run = spec.loader.exec_module
        def and_then(module):
            run(module)
            def fail(*_, **__):
                import multiprocessing
                apart = multiprocessing.parent_process() is not None or "ipykernel" in sys.modules
                with open(os.environ["REACHED"], "a") as file:
                    file.write("apart " if apart else "here ")
                raise RuntimeError(os.environ["PLANTED"])
            setattr(module, WHAT, fail)
        spec.loader.exec_module = and_then
        return spec

if WHERE:
    sys.meta_path.insert(0, After())
"""
"""Run by every Python process that the program starts (not by one with -I): a function that fails and quotes what was planted."""


@functools.cache
def strace_works() -> bool:
    asked = ["strace", "-o", os.devnull, "true"]
    return bool(shutil.which("strace")) and subprocess.run(asked, capture_output=True, check=False).returncode == 0


def program(
    root: Path, *arguments: object, before: tuple[str, ...] = (), **told: str
) -> subprocess.CompletedProcess[str]:
    """Run `ae` in `root` as somebody with an empty home would."""
    for name in ("home", "temporary"):
        (root / name).mkdir(exist_ok=True)
    environment = {
        "PATH": os.environ["PATH"], "LANG": "C.UTF-8", "HOME": str(root / "home"), "TMPDIR": str(root / "temporary"),
        "PYTHONDONTWRITEBYTECODE": "1", **told,
    }  # fmt: skip
    command = [*before, sys.executable, "-m", "analysis", *map(str, arguments)]
    return subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with logs full of identifiers, read."""
    root = tmp_path_factory.mktemp("behind")
    plant(root / "data" / "raw")
    said = program(root, "ingest")
    assert said.returncode == 0, said.stderr
    return root


def in_png(words: bytes) -> bytes:
    chunk = b"Comment\0\0" + zlib.compress(words)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", len(chunk)) + b"zTXt" + chunk + b"\0" * 4


def in_zip(words: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("sheet.xml", words)
    return packed.getvalue()


def in_parquet(words: bytes) -> bytes:
    packed = io.BytesIO()
    told = ["a", *(f"m{n} {words.decode()} {n}" for n in range(500)), "z"]
    pd.DataFrame({"text": told}).to_parquet(packed, compression="gzip")
    return packed.getvalue()


def in_page(words: bytes) -> bytes:
    return b'<img src="data:image/png;base64,' + base64.b64encode(in_png(words)) + b'">'


@pytest.mark.parametrize("packed", [in_png, in_zip, in_parquet, in_page, gzip.compress])
def test_the_search_finds_what_is_packed(packed: Callable[[bytes], bytes]) -> None:
    words = PLANTED["name in text"].encode()
    content = packed(words)
    assert words not in content
    assert any(words in part for part in unpacked(content))


@pytest.mark.slow
@pytest.mark.skipif(not strace_works(), reason="needs strace and the permission to trace a process")
@pytest.mark.parametrize("asked", [("ingest",), ("report", "--month", "2026-09", "--with-text")], ids=" ".join)
def test_a_run_writes_where_it_says_and_names_nobody_in_a_path(
    stored: Path, tmp_path: Path, asked: tuple[str, ...]
) -> None:
    """Files that were removed before the end are seen too: the kernel tells every name that was opened for writing."""
    log = tmp_path / "calls"
    calls = "trace=openat,creat,mkdir,mkdirat,rename,renameat,renameat2,link,linkat,symlink,symlinkat,memfd_create,connect,execve"
    tracer = ("strace", "-f", "-y", "-s", "4096", "-e", "signal=none", "-o", str(log), "-e", calls)
    assert program(stored, *asked, before=tracer).returncode == 0
    outside = []
    lines = log.read_text(errors="replace").splitlines()
    for line in lines:
        made = re.match(
            r"\d+ +(?:\w*(?:mkdir|rename|link|creat)\w*|memfd_create|openat\(.*O_(?:CREAT|WRONLY|RDWR|TMPFILE))", line
        )
        if " execve(" not in line and " connect(" not in line and made is None:
            continue
        told = line.replace(f"{stored}/data/raw/{PLANTED['folder']}", "")  # where they were put
        assert found_in(tmp_path / "nowhere", told) == [], line
        if made is not None and not re.search(r" = -1 |<unfinished|resumed>|/dev/", line):
            path = Path(re.findall(r'"([^"]*)"', line)[-1])
            outside.append(path if path.is_absolute() else stored / path)
        assert "connect(" not in line or "AF_UNIX" in line, line  # nothing is asked of the network
    assert len(outside) > 10
    own = (
        "data/processed", "data/ledger", "data/.ledger-head", "reports", "temporary/clinic-ae-", "home/.config/clinic-adverse-events/",
        "home/.config/matplotlib", "home/.cache/matplotlib", "home/.ipython",
    )  # fmt: skip
    probes = re.compile(r"temporary/[a-z0-9_]{8}$")  # tempfile asks whether it can write there
    relative = [str(path.relative_to(stored)) for path in outside]
    strays = [path for path in relative if not path.startswith(own) and not probes.search(path)]
    strays = [path for path in strays if path not in ("home/.config", "home/.cache")]
    assert strays == []
    assert list((stored / "temporary").iterdir()) == []
    assert found_in(stored, places=("home", "temporary")) == []


@pytest.mark.slow
def test_pages_without_words_hold_none_packed_or_not(stored: Path) -> None:
    """The director's own page too, until --with-text: it names files and sheets, so that rows can be mended, and nobody in them."""
    said = program(stored, "report", "--month", "2026-09", "--out", "copies")
    assert said.returncode == 0, said.stderr
    assert len(list((stored / "copies").rglob("*.html"))) > 0
    named = found_in(stored, said.stdout, said.stderr)
    assert [one for one in named if one.partition(":")[0] not in ("file", "sheet", "folder")] == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("function", "asked", "code"),
    [
        ("analysis.charts.activity.sessions_per_month", ("report", "--month", "2026-09"), 7),
        ("analysis.pipeline.publish.summary_of", ("report", "--all", "--audience", "committee"), 1),
        ("analysis.pipeline.site.combine", ("ingest", "--raw", "many"), 1),
    ],
)
def test_no_process_of_its_own_says_a_word_when_it_fails(
    stored: Path, tmp_path: Path, function: str, asked: tuple[str, ...], code: int
) -> None:
    """The kernel of a page, the processes that make several months, and those that read many files."""
    (tmp_path / "sitecustomize.py").write_text(RAISING)
    if "many" in asked:
        plant(stored / "many")
        (stored / "many" / "elm").mkdir()
        for n in range(100):
            (stored / "many" / "elm" / f"events {n}.csv").write_text("Event id,Date reported,Description\n")
    told = {
        "PYTHONPATH": str(tmp_path), "RAISE_IN": function, "REACHED": str(tmp_path / "reached"), "PLANTED": " ".join(PLANTED.values()),
    }  # fmt: skip
    said = program(stored, *asked, "--out", "failed", **told)
    assert "apart" in (tmp_path / "reached").read_text()
    assert said.returncode == code, said.stderr
    assert "Traceback" not in said.stderr
    assert found_in(stored, said.stdout, said.stderr, places=("failed", "home", "temporary")) == []
    for path in (stored / "temporary").iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o700

"""Imports go down only, and the rooms of floor 3 do not know each other."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def test_import_contracts_hold(tmp_path: Path) -> None:
    tool = Path(sys.executable).with_name("lint-imports" + (".exe" if os.name == "nt" else ""))
    if not tool.exists():
        pytest.skip("import-linter is not installed: it belongs to the development environment")
    done = subprocess.run(
        [tool, "--config", ROOT / "pyproject.toml", "--cache-dir", tmp_path], cwd=ROOT, capture_output=True, text=True,
        check=False, env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout

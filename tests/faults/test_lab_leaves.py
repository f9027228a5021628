"""JupyterLab as `ae lab` starts it: what a notebook showed lies in the notebook's own file and nowhere else, and goes nowhere after."""

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest

WORDS = "left eyelid droop of Quenby Thistlewood"


@pytest.mark.thorough
@pytest.mark.skipif(os.name == "nt", reason="asks the program to end by a signal")
def test_no_checkpoint_with_what_cells_showed_outlives_the_server(tmp_path: Path) -> None:
    for name in ("notebooks", "temporary", "home"):
        (tmp_path / name).mkdir()
    token, port = secrets.token_hex(16), _free_port()
    told = {**os.environ, "TMPDIR": str(tmp_path / "temporary"), "HOME": str(tmp_path / "home"), "JUPYTER_TOKEN": token}
    asked = [sys.executable, "-m", "analysis", "lab", "--no-open", "--port", str(port), "--notebooks", "notebooks"]
    with (tmp_path / "log").open("wb") as log:
        server = subprocess.Popen(asked, cwd=tmp_path, env=told, stdout=log, stderr=log)
        try:
            _ready(f"http://127.0.0.1:{port}", token, server)
            shown = {"output_type": "stream", "name": "stdout", "text": WORDS}
            cell = {
                "cell_type": "code",
                "source": "x",
                "metadata": {},
                "execution_count": 1,
                "outputs": [shown],
                "id": "a",
            }
            node = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
            place = f"http://127.0.0.1:{port}/api/contents/mine.ipynb"
            _ask(place, token, "PUT", {"type": "notebook", "format": "json", "content": node})
            _ask(f"{place}/checkpoints", token, "POST", {})
            assert holding(tmp_path / "temporary") != [], "a checkpoint was made"
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(timeout=60)
    assert holding(tmp_path) == ["mine.ipynb"]
    assert list((tmp_path / "notebooks").iterdir()) == [tmp_path / "notebooks" / "mine.ipynb"]
    with pytest.raises(OSError, match="refused"):
        _ask(f"http://127.0.0.1:{port}/api", token, "GET", None)


def holding(folder: Path) -> list[str]:
    """Files that hold the words."""
    return [path.name for path in sorted(folder.rglob("*")) if path.is_file() and WORDS.encode() in path.read_bytes()]


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _ask(address: str, token: str, method: str, said: Any) -> None:
    content = None if said is None else json.dumps(said).encode()
    asked = urllib.request.Request(address, data=content, method=method, headers={"Authorization": f"token {token}"})
    with urllib.request.urlopen(asked, timeout=60) as answer:
        answer.read()


def _ready(address: str, token: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        assert server.poll() is None, "the server ended by itself"
        try:
            return _ask(f"{address}/api/status", token, "GET", None)
        except OSError:
            time.sleep(0.2)
    pytest.fail("the server did not answer within two minutes")

"""JupyterLab in a real browser, as `ae lab` starts it: every notebook opens, runs from top to bottom, and its controls work."""

import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from analysis.pipeline.notebooks import notebooks_folder

pytestmark = [pytest.mark.browser, pytest.mark.thorough]
NAMES = sorted(path.name for path in notebooks_folder().glob("*.ipynb"))
PATIENCE = 120_000
ONE = "02_frequency_by_treatment_type.ipynb"
"""Milliseconds: a shared machine may be slow, and nothing here measures time."""


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@pytest.fixture(scope="module")
def lab(demo_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a server that `ae lab` started on copies of the notebooks; ended by its own process id."""
    folder = tmp_path_factory.mktemp("lab")
    shutil.copytree(notebooks_folder(), folder / "notebooks", ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    token, port = secrets.token_hex(16), free_port()
    homes = {
        name: str(folder / name.lower()) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")
    }
    homes |= {"IPYTHONDIR": str(folder / "ipython"), "JUPYTER_TOKEN": token}
    command = [
        sys.executable,
        "-m",
        "analysis",
        "lab",
        "--no-open",
        "--port",
        str(port),
        "--processed",
        str(demo_store),
        "--notebooks",
        str(folder / "notebooks"),
    ]
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(
            command, env={**os.environ, **homes}, stdout=log, stderr=log, cwd=folder, start_new_session=True
        )
        try:
            wait_for(f"http://127.0.0.1:{port}/api/status?token={token}", server)
            yield f"http://127.0.0.1:{port}/lab/tree/{{name}}?reset&token={token}"
        finally:
            stop(server)


def wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        assert server.poll() is None, "the server ended by itself"
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    pytest.fail("the server did not answer within two minutes")


def stop(server: subprocess.Popen[bytes]) -> None:
    """End the server and the kernels that are its children: its own process group and no other."""
    import signal

    for sign in (signal.SIGTERM, signal.SIGKILL):
        if server.poll() is None:
            os.killpg(server.pid, sign)
            try:
                server.wait(timeout=20)
            except subprocess.TimeoutExpired:
                continue
    server.wait(timeout=20)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api")
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        if os.environ.get("CI"):
            pytest.fail("CI must have chromium: apt-get install chromium")
        pytest.skip("no chromium on PATH; install it to run the browser tests")
    with playwright.sync_playwright() as running:
        started = running.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield started
        started.close()


@pytest.fixture
def ran(browser: Any, lab: str) -> Iterator[Callable[[str], Any]]:
    """Opens a notebook, runs all cells and waits until the last one has ended."""
    contexts = []

    def run(name: str) -> Any:
        context = browser.new_context(viewport={"width": 1280, "height": 6000})
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        foreign: list[str] = []
        page.on("request", lambda request: None if our_own(request.url) else foreign.append(request.url))
        page.goto(lab.format(name=name))
        page.wait_for_selector(".jp-Notebook .jp-Cell")
        page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()  # before it, there is no kernel to run anything in
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        last = page.locator(".jp-CodeCell").count()
        page.wait_for_function(
            "count => { const all = [...document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')].map(e => e.textContent);"
            " return all.length >= count && all.every(text => /\\[\\d+\\]/.test(text)); }",
            arg=last,
        )
        assert foreign == []
        return page

    yield run
    for context in contexts:
        context.close()


def our_own(url: str) -> bool:
    return url.startswith(("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:"))


def problems(page: Any) -> list[str]:
    return page.locator(
        '.jp-RenderedText[data-mime-type="application/vnd.jupyter.stderr"], [data-mime-type*="error"]'
    ).all_inner_texts()


def test_one_notebook_runs_and_its_controls_change_the_picture(ran: Callable[[str], Any]) -> None:
    page = ran(ONE)
    assert problems(page) == []
    menus = page.locator(".widget-dropdown select")
    menus.first.wait_for()
    assert page.locator(".widget-dropdown label").all_inner_texts() == ["Clinic", "Month", "Treatment type"]
    shown = page.locator(".widget-output .chart")
    assert shown.get_attribute("id") == "chart-any-reaction-by-treatment-type"
    menus.nth(2).select_option(label="Cosmetic")
    page.locator(".widget-output #chart-measures-by-treatment-type").wait_for()
    assert re.search(r"cosmetic", shown.locator("img").get_attribute("alt"), flags=re.IGNORECASE)
    before = shown.locator("img").get_attribute("alt")
    menus.nth(0).select_option(label="Harbour")
    page.wait_for_function("before => document.querySelector('.widget-output .chart img')?.alt !== before", arg=before)
    assert problems(page) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in NAMES if name != ONE])
def test_every_other_notebook_runs_without_an_error(ran: Callable[[str], Any], name: str) -> None:
    page = ran(name)
    assert problems(page) == []
    labels = page.locator(".widget-dropdown label").all_inner_texts()
    assert labels[:2] == ["Clinic", "Month"]
    assert ("Injector code" in labels) == name.startswith("03")

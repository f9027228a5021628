"""A kernel is stopped as a whole, whatever it is at when somebody asks the program to end."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from jupyter_client.manager import AsyncKernelManager

from analysis.errors import CheckFailed, Stopped
from analysis.pipeline.kernel import Kernel

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")


@pytest.fixture(autouse=True)
def listening() -> Iterator[None]:
    def stop(number: int, _: Any) -> None:
        raise Stopped(number)

    before = signal.signal(signal.SIGTERM, stop)
    yield
    signal.signal(signal.SIGTERM, before)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


def ends(kernel: Kernel, source: str) -> None:
    node = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])

    def whole() -> None:
        with kernel:
            kernel.start()
            kernel.run(node, "a notebook")

    with pytest.raises(Stopped) as stopped:
        whole()
    assert stopped.value.args == (signal.SIGTERM,)


@pytest.mark.parametrize("step", ["post_start_kernel", "cleanup_resources"])
def test_a_kernel_that_starts_or_ends_does_so_first(place: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    usual = getattr(AsyncKernelManager, step)
    managers = []

    async def stopped_in_it(self: AsyncKernelManager, *args: Any, **options: Any) -> Any:
        managers.append(self)
        threading.Timer(0.005, os.kill, (os.getpid(), signal.SIGTERM)).start()  # both end with a sleep of a hundredth
        return await usual(self, *args, **options)

    for name in (step, f"_async_{step}"):  # the manager asks for both
        monkeypatch.setattr(AsyncKernelManager, name, stopped_in_it)
    ends(Kernel(), "1")
    assert managers
    assert not managers[0].has_kernel
    assert list(place.iterdir()) == []


def test_a_cell_that_works_is_left(place: Path) -> None:
    def once_it_works() -> None:
        while not (place / "working").exists():
            time.sleep(0.02)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=once_it_works).start()
    begin = time.monotonic()
    ends(Kernel(), f"import pathlib, time\npathlib.Path({str(place / 'working')!r}).touch()\ntime.sleep(200)")
    assert time.monotonic() - begin < 100
    assert [path.name for path in place.iterdir()] == ["working"]


def test_a_kernel_that_dies_as_it_starts_is_no_mistake_of_ours(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def killed(self: AsyncKernelManager, **_: Any) -> None:
        await self.signal_kernel(signal.SIGKILL)

    monkeypatch.setattr(AsyncKernelManager, "post_start_kernel", killed)
    monkeypatch.setattr(AsyncKernelManager, "_async_post_start_kernel", killed)
    node = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1")])
    with pytest.raises(CheckFailed, match="too little free memory"), Kernel() as kernel:
        kernel.run(node, "a notebook")
    assert list(place.iterdir()) == []


def test_in_another_thread_nobody_listens(place: Path) -> None:
    failed: list[BaseException] = []

    def work() -> None:
        try:
            with Kernel() as kernel:
                kernel.run(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1")]), "a notebook")
        except BaseException as error:
            failed.append(error)

    before = signal.getsignal(signal.SIGTERM)
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert failed == []
    assert signal.getsignal(signal.SIGTERM) == before

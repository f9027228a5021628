"""A kernel of our own for our notebooks, on a private socket."""

import contextlib
import signal
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any, Self

from analysis import beside
from analysis.errors import CheckFailed
from analysis.scratch import scratch

_SECONDS = 300


class Kernel:
    """A kernel for several notebooks, one after the other. Each finds it as a new one: no name, no figure of the one before."""

    def __init__(self) -> None:
        self._open = contextlib.ExitStack()
        self._manager: Any = None
        self._client: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(self) -> None:
        """Start the kernel, if there is none, and wait for nothing: it loads what a page needs while the month is built here."""
        if self._manager is None:
            self._start(f"--IPKernelApp.exec_lines={_BEFOREHAND.format(copies=beside.allowed())}")

    def run(self, node: Any, name: str) -> None:
        """Run every cell of a notebook node, in place. After a cell that did not end the next notebook gets a new kernel.

        Raises CheckFailed naming the kind of error when a cell fails or takes longer than five minutes; never the cell's text.
        """
        from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

        try:
            if self._client is not None:
                self._execute(_of_one_cell(_RESET))
            self._execute(node)
        except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
            self.close()
            kind = getattr(error, "ename", "") or type(error).__name__
            raise CheckFailed(
                f"A cell of {name} did not end ({kind}); no report was made and the older one was left as it is."
                + (_PERHAPS_MEMORY if kind in _OF_MEMORY else "")
            ) from None
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """End the kernel, if there is one."""
        from jupyter_core.utils import run_sync

        with _held():
            client, manager, self._client, self._manager = self._client, self._manager, None, None
            with contextlib.suppress(RuntimeError):
                if client is not None:
                    client.stop_channels()
                if manager is not None:
                    run_sync(manager.shutdown_kernel)(now=True)
            self._open.close()

    def _start(self, *arguments: str) -> None:
        from jupyter_client.manager import AsyncKernelManager  # the other kind waits for a dead kernel without end
        from jupyter_core.utils import run_sync

        with _held():
            self._folder = str(self._open.enter_context(scratch("kernel")))
            self._manager = _manager(AsyncKernelManager, self._folder)
            # a kernel that is stopped half-way would print a traceback of its own
            run_sync(self._manager.start_kernel)(
                extra_arguments=["--HistoryManager.hist_file=:memory:", *arguments], cwd=self._folder,
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )  # fmt: skip

    def _execute(self, node: Any) -> None:
        from jupyter_core.utils import ensure_event_loop

        if self._manager is None:
            self._start()
        client = _client(node, km=self._manager, timeout=_SECONDS, resources={"metadata": {"path": self._folder}})
        client.kc = self._client
        loop = ensure_event_loop()
        tasks: list[Any] = []

        def end() -> None:
            for task in tasks:
                loop.call_soon_threadsafe(task.cancel)

        with _held(end):
            try:
                tasks.append(loop.create_task(client.async_execute()))
                loop.run_until_complete(tasks[0])
            finally:
                self._client = client.kc


@contextlib.contextmanager
def _held(end: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Who asks the program to stop is heard when this is done, or has ended as `end` asks it to.

    A kernel that is half started, or half ended, would be lost sight of, and an exception between the steps of a loop breaks what waits
    there. What is ignored stays ignored, for the kernel too.
    """
    came: list[int] = []
    before: dict[int, Any] = {}

    def heard(number: int, _: Any) -> None:
        came.append(number)
        end()

    with contextlib.suppress(ValueError):  # in another thread than the first nobody listens
        for number in (getattr(signal, name, None) for name in ("SIGINT", "SIGTERM", "SIGHUP")):
            if number is not None and callable(listener := signal.getsignal(number)):
                signal.signal(number, heard)
                before[number] = listener
    try:
        yield
    finally:
        for number, listener in before.items():
            signal.signal(number, listener)
        if came:
            signal.raise_signal(came[0])


def _client(node: Any, **options: Any) -> Any:
    """A client that listens to no signal and ends no kernel: we do."""
    from nbclient import NotebookClient
    from nbclient.exceptions import DeadKernelError

    class Client(NotebookClient):
        @contextlib.asynccontextmanager
        async def async_setup_kernel(self, **_: Any) -> AsyncIterator[None]:
            if self.kc is None:
                try:
                    await self.async_start_new_kernel_client()
                except RuntimeError as error:  # it died, or says nothing, as it starts
                    raise DeadKernelError("no answer") from error
            yield

    return Client(node, **options)


_BEFOREHAND = (
    "exec('import gc, matplotlib, analysis.beside, analysis.charts, analysis.pipeline.explore; "
    "gc.collect(); gc.freeze(); gc.set_threshold(200_000, 20, 100); {copies} and analysis.beside.keep_partner()', {{}})"
)
"""Run by a kernel as it starts; it leaves no name behind.

What was loaded stays: no collection of garbage looks at it again. A figure is some ten thousand small objects that refer to each other
and go together: looking for them seldom saves a twentieth of the cells' time.
"""

_OF_MEMORY = ("DeadKernelError", "MemoryError", "ArrowMemoryError", "ArrowException")
"""How it shows that a page found no memory: the system ends its process, or a library says so."""
_PERHAPS_MEMORY = " Perhaps this machine has too little free memory: close other programs, then try again."

_RESET = """
import sys as _sys
if "matplotlib.pyplot" in _sys.modules:
    _sys.modules["matplotlib.pyplot"].close("all")
get_ipython().run_line_magic("reset", "-f")
__import__("gc").freeze()
"""
"""Garbage is looked for as names go. What is left is kept for further months, and no later look for garbage goes through it."""


def _of_one_cell(source: str) -> Any:
    from nbformat.v4 import new_code_cell, new_notebook

    return new_notebook(cells=[new_code_cell(source)])  # type: ignore[no-untyped-call]


def _manager(kind: Any, folder: str) -> Any:
    """A kernel that listens on a private socket file where the system has them, else on the loopback address.

    What a client needs to reach it, its file with a key too, lies in the folder, which goes with it.
    """
    import os
    import sys

    own = {"kernel_name": "python3", "connection_file": os.path.join(folder, "kernel.json")}
    if os.name == "nt":
        manager = kind(**own)
    else:
        manager = kind(**own, transport="ipc", ip=os.path.join(folder, "k"))
    manager.kernel_spec.argv[0] = sys.executable
    return manager

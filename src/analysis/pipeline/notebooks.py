"""Run one of the project's own notebooks with typed parameters, in a kernel of its own on a private socket."""

import contextlib
import signal
import subprocess
from importlib.resources import files
from pathlib import Path
from typing import Any, Self

from analysis import beside
from analysis.errors import CheckFailed, Stopped
from analysis.report.export import LAB_ONLY
from analysis.scratch import scratch

_SECONDS = 300


def notebooks_folder() -> Path:
    """The notebooks inside the installed package, or beside the source tree."""
    packaged = Path(str(files("analysis"))) / "notebooks"
    return packaged if packaged.is_dir() else Path(__file__).parents[3] / "notebooks"


def execute(name: str, parameters: dict[str, str | int | bool | None], *, kernel: "Kernel | None" = None) -> Any:
    """Execute a notebook of ours from top to bottom and return it, without what is only for JupyterLab.

    Parameter names are ours; values are written as literals.

    With `kernel`, in that one, which is there already; else in one of its own.
    """
    import nbformat

    node = nbformat.read(notebooks_folder() / name, as_version=4)  # type: ignore[no-untyped-call]
    node.cells = [cell for cell in node.cells if LAB_ONLY not in cell.metadata.get("tags", ())]
    _inject(node, parameters)
    if kernel is not None:
        kernel.start()
        kernel.run(node, name)
    else:
        run(node, name)
    _every_cell_ended(node, name)
    return node


def run(node: Any, name: str) -> None:
    """Run every cell of a notebook node, in place, in a kernel of its own.

    Raises CheckFailed naming the kind of error when a cell fails or takes longer than five minutes; never the cell's text.
    """
    with Kernel() as kernel:
        kernel.run(node, name)


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
        """See `run`. After a cell that did not end the next notebook gets a new kernel."""
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

        self._folder = str(self._open.enter_context(scratch("kernel")))
        self._manager = _manager(AsyncKernelManager, self._folder)
        # a kernel that is stopped half-way would print a traceback of its own
        run_sync(self._manager.start_kernel)(
            extra_arguments=["--HistoryManager.hist_file=:memory:", *arguments], cwd=self._folder,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def _execute(self, node: Any) -> None:
        import asyncio

        if self._manager is None:
            self._start()
        client = _client(node, km=self._manager, timeout=_SECONDS, resources={"metadata": {"path": self._folder}})
        client.kc = self._client
        listening = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            client.execute(cleanup_kc=False)
        except BaseException as error:
            if client.stopped or isinstance(error, asyncio.CancelledError):
                raise Stopped(signal.SIGINT) from None
            raise
        finally:
            self._client = client.kc
            with contextlib.suppress(ValueError):  # in another thread than the first nobody listens
                for number, listener in listening.items():
                    signal.signal(number, listener)


def _client(node: Any, **options: Any) -> Any:
    """A client that knows whether it was a person, or the system, that ended its kernel: it listens to Ctrl-C while a notebook runs."""
    from nbclient import NotebookClient

    class Client(NotebookClient):
        stopped = False

        async def _async_cleanup_kernel(self) -> None:
            self.stopped = True
            await super()._async_cleanup_kernel()

    return Client(node, **options)


_BEFOREHAND = (
    "exec('import gc, matplotlib, analysis.beside, analysis.charts, analysis.pipeline.explore; "
    "gc.collect(); gc.freeze(); gc.set_threshold(200_000, 20, 100); {copies} and analysis.beside.keep_partner()', {{}})"
)
"""Run by a kernel as it starts; it leaves no name behind.

What was loaded stays: no collection of garbage looks at it again. A figure is some ten thousand small objects that refer to each other
and go together: looking for them seldom saves a twentieth of the cells' time.
"""

_OF_MEMORY = ("DeadKernelError", "MemoryError", "ArrowMemoryError")
"""How it shows that a page found no memory: the system ends its process, or a library says so."""
_PERHAPS_MEMORY = " Perhaps this machine has too little free memory: close other programs, then try again."

_RESET = """
import sys as _sys
if "matplotlib.pyplot" in _sys.modules:
    _sys.modules["matplotlib.pyplot"].close("all")
get_ipython().run_line_magic("reset", "-f")
"""


def _of_one_cell(source: str) -> Any:
    from nbformat.v4 import new_code_cell, new_notebook

    return new_notebook(cells=[new_code_cell(source)])  # type: ignore[no-untyped-call]


def _every_cell_ended(node: Any, name: str) -> None:
    """A runner that stopped half-way leaves cells without a number; no page is made of such a notebook."""
    for place, cell in enumerate(node.cells, start=1):
        failed = any(output.output_type == "error" for output in cell.get("outputs", ()))
        if cell.cell_type == "code" and cell.source.strip() and (cell.execution_count is None or failed):
            raise CheckFailed(
                f"Cell {place} of {name} did not end; no report was made and the older one was left as it is."
            )


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


def _inject(node: Any, parameters: dict[str, str | int | bool | None]) -> None:
    for cell in node.cells:
        if "parameters" in cell.metadata.get("tags", []):
            cell.source += "\n" + "\n".join(f"{name} = {value!r}" for name, value in parameters.items())
            return
    raise CheckFailed("The notebook has no cell tagged 'parameters'; no report was made.")

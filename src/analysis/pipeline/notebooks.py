"""Run one of the project's own notebooks with typed parameters, in a kernel of its own on a private socket."""

import contextlib
import subprocess
import tempfile
from importlib.resources import files
from pathlib import Path
from typing import Any

from analysis.errors import CheckFailed

_SECONDS = 300


def notebooks_folder() -> Path:
    """The notebooks inside the installed package, or beside the source tree."""
    packaged = Path(str(files("analysis"))) / "notebooks"
    return packaged if packaged.is_dir() else Path(__file__).parents[3] / "notebooks"


def execute(name: str, parameters: dict[str, str | int | bool | None]) -> Any:
    """Execute a notebook of ours from top to bottom and return it. Parameter names are ours; values are written as literals."""
    import nbformat

    node = nbformat.read(notebooks_folder() / name, as_version=4)  # type: ignore[no-untyped-call]
    _inject(node, parameters)
    run(node, name)
    _every_cell_ended(node, name)
    return node


def run(node: Any, name: str) -> None:
    """Run every cell of a notebook node, in place.

    Raises CheckFailed naming the kind of error when a cell fails or takes longer than five minutes; never the cell's text.
    """
    from jupyter_client.manager import AsyncKernelManager  # the other kind waits for a dead kernel without end
    from jupyter_core.utils import run_sync
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    with tempfile.TemporaryDirectory(prefix="ae-kernel-", ignore_cleanup_errors=True) as folder:
        manager = _manager(AsyncKernelManager, folder)
        client = NotebookClient(node, km=manager, timeout=_SECONDS, resources={"metadata": {"path": folder}})
        try:
            # a kernel that is stopped half-way would print a traceback of its own
            client.execute(cleanup_kc=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
            raise CheckFailed(
                f"A cell of {name} did not end ({getattr(error, 'ename', '') or type(error).__name__}); no report was made "
                "and the older one was left as it is."
            ) from None
        finally:
            with contextlib.suppress(RuntimeError):
                run_sync(manager.shutdown_kernel)(now=True)


def _every_cell_ended(node: Any, name: str) -> None:
    """A runner that stopped half-way leaves cells without a number; no page is made of such a notebook."""
    for place, cell in enumerate(node.cells, start=1):
        failed = any(output.output_type == "error" for output in cell.get("outputs", ()))
        if cell.cell_type == "code" and cell.source.strip() and (cell.execution_count is None or failed):
            raise CheckFailed(
                f"Cell {place} of {name} did not end; no report was made and the older one was left as it is."
            )


def _manager(kind: Any, folder: str) -> Any:
    """A kernel that listens on a private socket file where the system has them, else on the loopback address."""
    import os
    import sys

    if os.name == "nt":
        manager = kind(kernel_name="python3")
    else:
        manager = kind(kernel_name="python3", transport="ipc", ip=os.path.join(folder, "k"))
    manager.kernel_spec.argv[0] = sys.executable
    return manager


def _inject(node: Any, parameters: dict[str, str | int | bool | None]) -> None:
    for cell in node.cells:
        if "parameters" in cell.metadata.get("tags", []):
            cell.source += "\n" + "\n".join(f"{name} = {value!r}" for name, value in parameters.items())
            return
    raise CheckFailed("The notebook has no cell tagged 'parameters'; no report was made.")

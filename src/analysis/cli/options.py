"""Options that several commands share, and what `--quiet` means."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

Processed = Annotated[Path, typer.Option(help="Folder of the store.")]
Raw = Annotated[Path, typer.Option(help="Folder of the files as received.")]
Out = Annotated[Path, typer.Option(help="Folder of the reports.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no summary on the screen.")]

INPUT_REFUSED = 3
"""Exit code when at least one input file was refused and the rest processed."""


@contextlib.contextmanager
def only_the_exit_code(quiet: bool) -> Iterator[None]:
    """With `quiet`, nothing on the screen: the exit code says it. Errors speak all the same."""
    if not quiet:
        yield
        return
    with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere), contextlib.redirect_stderr(nowhere):
        yield

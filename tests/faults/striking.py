"""Ends or fails a process at its N-th step on disk, in a forked child."""

import errno
import io
import json
import os
from collections.abc import Callable
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any

from analysis import durable

KILLED = 9


class InOrder(Executor):
    """Flushes each file as it is staged, in the thread that stages it, and says what went wrong where it is asked: one order of steps
    out of those that threads may take, and always the same one, so that the N-th can be named."""

    def submit(self, work: Callable[..., Any], /, *arguments: Any, **named: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(work(*arguments, **named))
        except OSError as error:
            future.set_exception(error)
        return future


def strike(number: int, mode: str) -> Callable[[], int]:
    """Let the `number`-th step on disk end the process, or fail for want of space; returns the counter."""
    durable.flushers = InOrder
    count = 0

    def step() -> None:
        nonlocal count
        count += 1
        if count == number:
            if mode == "kill":
                os._exit(KILLED)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def before(module: Any, name: str, counts: Callable[..., bool] = lambda *_: True) -> None:
        original = getattr(module, name)

        def stepped(*arguments: Any, **named: Any) -> Any:
            if counts(*arguments):
                step()
            return original(*arguments, **named)

        setattr(module, name, stepped)

    whole, real_open = Path.write_bytes, io.open

    def half(path: Path, content: bytes) -> int:
        nonlocal count
        if count + 1 == number and mode == "kill":
            with real_open(path, "wb") as file:
                file.write(content[: len(content) // 2])
        step()
        return whole(path, content)

    for name in ("replace", "rename", "fsync", "mkdir", "unlink"):
        before(os, name)
    before(io, "open", lambda path, mode="r", *_: not isinstance(path, int) and any(c in mode for c in "wax+"))
    before(os, "open", lambda path, flags, *_: bool(flags & os.O_WRONLY))
    Path.write_bytes = half  # type: ignore[method-assign,assignment]
    return lambda: count


def in_child(work: Callable[[], Any], hold: Callable[[int], Any] | None = None) -> tuple[int, Any]:
    """Exit code of a forked process that does `work`, and what it returned as JSON; `hold` gets its process id first."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        code = 0
        try:
            said = work()
        except BaseException as error:
            said, code = f"{type(error).__name__}: {error}", 1
        os.writev(write, [json.dumps(said).encode()])  # not `write`: that may be failing from some call on
        os._exit(code)
    os.close(write)
    holder = hold(child) if hold else None
    with os.fdopen(read, "rb") as pipe:
        said = pipe.read()
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if holder is not None:
        holder.communicate(timeout=60)
    return code, json.loads(said) if said else None

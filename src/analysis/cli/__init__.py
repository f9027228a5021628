"""The `ae` command: parse, call, exit code."""

import atexit
import contextlib
import io
import os
import signal
import sys
import threading
from collections.abc import Iterator
from typing import Any, NoReturn

import typer

from analysis.cli import decide, keeping, reviewing
from analysis.cli.daily import app
from analysis.cli.failing import say, stopped, told
from analysis.errors import AnalysisError, Stopped

__all__ = ["app", "decide", "keeping", "main", "reviewing"]


def main(arguments: list[str] | None = None) -> Any:
    """Run the command and leave with the exit code of the command contract. Our own bugs show one line, no traceback."""
    # Where OpenBLAS finds no room for its threads it sends SIGINT to its own process, which then would be told as Ctrl-C; and sums
    # of one thread are the same on every machine. Nothing here multiplies matrices large enough to miss them.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    for stream in (sys.stdout, sys.stderr):  # a name that this terminal cannot show is no reason to end
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        with _guarded():
            result = app(args=arguments, standalone_mode=False)
            code = result if isinstance(result, int) else 0
            sys.stdout.flush()  # a full disk behind standard output shows now, while it can still be said
    except AnalysisError as error:
        for line in (str(error), *error.details):
            say(line)
        code = error.exit_code
    except BrokenPipeError:  # whoever read the results has had enough, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        code = 0
    except (Stopped, KeyboardInterrupt, typer.Abort) as stop:
        code = stopped(stop)
    except Exception as error:
        code = told(error)
    if arguments is None:
        _leave(code)
    sys.exit(code)


def _leave(code: int) -> NoReturn:
    """End the program with this code and nothing after it.

    Threads of libraries may outlive the interpreter and abort it on its way out (apache/arrow issues 34314, 38352, 45017): all was
    done, and the exit code said 134 in about one run of a hundred. Threads of ours and what was registered for the end come first, in
    the interpreter's own order: a pool lets its processes go before they are waited for.
    """
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    os._exit(code)


@contextlib.contextmanager
def _guarded() -> Iterator[None]:
    """Asked to end, clear up and say so; and a crash leaves no memory on disk, which would hold words of the logs."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    usual = (signal.SIG_DFL, signal.default_int_handler)
    before = {}
    with contextlib.suppress(ValueError):  # in another thread than the first nobody listens
        for number in (getattr(signal, name, None) for name in ("SIGINT", "SIGTERM", "SIGHUP")):
            if number is not None and signal.getsignal(number) in usual:
                before[number] = signal.signal(number, _stop)
    usual_hook, sys.unraisablehook = sys.unraisablehook, _unheard
    try:
        yield
    finally:
        sys.unraisablehook = usual_hook
        for number, listener in before.items():
            signal.signal(number, listener)


def _unheard(lost: "sys.UnraisableHookArgs") -> None:
    """A signal that comes while Python clears something away is dropped with a traceback: send it once more, a moment later."""
    if isinstance(lost.exc_value, Stopped):
        again = threading.Timer(0.02, os.kill, (os.getpid(), lost.exc_value.args[0]))
        again.daemon = True
        again.start()
    else:
        sys.__unraisablehook__(lost)


def _stop(number: int, _: Any) -> None:
    raise Stopped(number)

"""What the command says of an error that is not a message of ours, and its exit code. Imports nothing until it is needed."""

import contextlib
import errno
import signal
import sys

from analysis.errors import Stopped, is_of_memory

# EDQUOT is not known on Windows
_OF_THE_DISK = (
    errno.ENOSPC,
    errno.EFBIG,
    errno.EIO,
    errno.EROFS,
    errno.EACCES,
    errno.EPERM,
    getattr(errno, "EDQUOT", -1),
)
_LITTLE_MEMORY = (
    "This machine has too little free memory. Stored data and reports are whole: as they were, or already the new ones. "
    "Close other programs, then try again."
)


def told(error: Exception) -> int:
    """Say what went wrong in one line and return the exit code. Our own bugs show their type alone, no traceback."""
    if (stop := _stop_behind(error)) is not None:
        return stopped(stop)
    show = getattr(error, "show", None)
    if show is not None and hasattr(error, "exit_code"):  # typer's own message for a wrong option
        show()
        return 2
    if is_of_memory(error):
        return _told_little_memory()
    if isinstance(error, TimeoutError) and error.filename is not None:
        say(f"{error.filename}: {error.strerror}. Wait until it has ended, then try again.")
        return 5
    if isinstance(error, OSError) and (error.filename is not None or error.errno in _OF_THE_DISK):
        place = f"{error.filename}: " if error.filename is not None else ""
        say(f"{place}{error.strerror}. Check the path, its permissions and the free space.")
        return 5
    try:
        from analysis.pipeline.keeping import log_bug

        say(f"Something went wrong in this program ({type(error).__name__}). Details without data: {log_bug(error)}")
    except Exception as further:  # nothing can be loaded, or written down, any more
        if is_of_memory(further):
            return _told_little_memory()
        say(f"Something went wrong in this program ({type(error).__name__}). The details could not be written down.")
    return 1


def stopped(stop: BaseException) -> int:
    """Say that the run was ended from outside; the exit code is that of a program that a signal ended."""
    say("Stopped. Stored data and reports are whole: as they were, or already the new ones.")
    return 128 + (stop.args[0] if isinstance(stop, Stopped) else signal.SIGINT)


def _stop_behind(error: BaseException | None) -> Stopped | None:
    """What failed while a stopped run cleared up, in a library say, is no news: that it was stopped is."""
    while error is not None and not isinstance(error, Stopped):
        error = error.__context__
    return error


def say(message: str) -> None:
    """One line for the person at the terminal."""
    import typer

    from analysis.pipeline.plain import plain

    typer.echo(plain(message), err=True)


def _told_little_memory() -> int:
    with contextlib.suppress(Exception):  # words that need nothing to be loaded
        sys.stderr.write(_LITTLE_MEMORY + "\n")
    return 5

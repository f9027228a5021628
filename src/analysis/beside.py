"""Work done by a copy of this process on another core, beside what goes on here. No pandas.

Only where it is allowed (one report that somebody waits for, on a machine with a core to spare) and where the system copies a
running process safely; elsewhere, and when a copy fails or does not answer, the work is done here: the result is the same.
"""

import contextlib
import gc
import os
import pickle
import select
import signal
import struct
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO, NoReturn, TypeVar

Found = TypeVar("Found")
_PATIENCE = 20.0
_LOOK = 0.2
"""Seconds between a copy's looks whether its parent is still there."""
_BLOCK = 1 << 20
_SIZE = struct.Struct("<q")


class _State:
    """Whether this process may copy itself, and the copy that stays for further work, if any."""

    allowed = False
    partner: "_Copy | None" = None


def allowed() -> bool:
    """Whether this process may copy itself, and could."""
    return _State.allowed and sys.platform == "linux" and len(os.sched_getaffinity(0)) > 1


@contextmanager
def allowed_here() -> Iterator[None]:
    """Let this process copy itself while the block runs."""
    before, _State.allowed = _State.allowed, True
    try:
        yield
    finally:
        _State.allowed = before


def keep_partner() -> None:
    """Allow it for good, with one copy that stays until this process ends: for many small works, each of which is sent to it."""
    _State.allowed = True
    if allowed() and _State.partner is None:
        _State.partner = _Copy.of(None)


@contextmanager
def beside(call: Callable[[], Found], *, worth: bool = True) -> Iterator[Callable[[], Found]]:
    """Start `call` in a copy of this process, where it is `worth` one; gives the function that fetches its result, or makes it here.

    `call` must be pure, and what it returns picklable; so must `call` itself where a partner is kept. What it raises is raised here.
    A copy is given up 20 seconds after it was asked, or as many as it had been at work by then, whichever is more.
    """
    if not (worth and allowed()):
        yield call
    elif _State.partner is not None:
        partner = _State.partner
        try:
            yield _asked(partner, call)
        finally:
            if partner.owes:  # nobody fetched it: the next answer would be that of this call
                _give_up(partner)
    else:
        copy = _Copy.of(call)
        try:
            yield call if copy is None else lambda: _fetched(copy, call)
        finally:
            if copy is not None:
                copy.end()


def _asked(partner: "_Copy", call: Callable[[], Found]) -> Callable[[], Found]:
    """The partner is at work on `call`, or it is not up to it."""
    try:
        partner.send(pickle.dumps(call, protocol=pickle.HIGHEST_PROTOCOL))
    except Exception:  # what cannot be sent is made here
        return call
    return lambda: _fetched(partner, call)


def _fetched(copy: "_Copy", call: Callable[[], Found]) -> Found:
    answer = copy.answer()
    if answer:
        found: Found = pickle.loads(answer)
        return found
    if answer is None:
        _give_up(copy)
    return call()


def _give_up(copy: "_Copy") -> None:
    copy.end()
    if copy is _State.partner:
        _State.partner, _State.allowed = None, False


class _Copy:
    """A copy of this process: at work on one call, or waiting for calls."""

    def __init__(self, process: int, requests: int, answers: int) -> None:
        self._process, self._requests, self._answers = process, requests, answers
        self._began = time.monotonic()
        self.owes = False

    @classmethod
    def of(cls, call: Callable[[], Any] | None) -> "_Copy | None":
        """A copy that makes `call` and ends, or (None) makes what is sent; none where the system has no room for one."""
        here, there, this = os.pipe(), os.pipe(), os.getpid()
        try:
            with warnings.catch_warnings():
                # Python warns of threads that a copy does not have: the calls take no lock of any that runs here
                warnings.simplefilter("ignore", DeprecationWarning)
                process = os.fork()
        except OSError:
            for end in (*here, *there):
                os.close(end)
            return None
        if process == 0:
            _live(call, there[0], here[1], parent=this, unused=(there[1], here[0]))
        os.close(there[0])
        os.close(here[1])
        return cls(process, there[1], here[0])

    def send(self, request: bytes) -> None:
        """Ask for one more work."""
        self._began, self.owes = time.monotonic(), True
        _write(self._requests, request)

    def answer(self) -> bytes | None:
        """The pickled result; empty when the call failed there, None when no answer came."""
        until = time.monotonic() + max(_PATIENCE, time.monotonic() - self._began)
        parts, missing = bytearray(), _SIZE.size
        while missing:
            ready, _, _ = select.select([self._answers], [], [], max(0.0, until - time.monotonic()))
            block = os.read(self._answers, _BLOCK) if ready else b""
            if not block:
                return None
            parts += block
            if len(parts) >= _SIZE.size:
                missing = _SIZE.size + _SIZE.unpack_from(parts)[0] - len(parts)
        self.owes = False
        return bytes(memoryview(parts)[_SIZE.size :])

    def end(self) -> None:
        """Leave nothing behind, neither process nor pipes."""
        if self._process:
            with contextlib.suppress(ProcessLookupError, ChildProcessError):
                os.kill(self._process, signal.SIGKILL)
                os.waitpid(self._process, 0)
            os.close(self._requests)
            os.close(self._answers)
            self._process, self.owes = 0, False


def _write(pipe: int, content: bytes) -> None:
    whole = memoryview(_SIZE.pack(len(content)) + content)
    while whole:
        whole = whole[os.write(pipe, whole) :]


def _live(
    call: Callable[[], Any] | None, requests: int, answers: int, *, parent: int, unused: tuple[int, ...]
) -> NoReturn:
    """In the copy: work, answer, print nothing, and be gone without any of what a process does at its end."""
    try:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        silent = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(silent, stream)
        sys.stdout = sys.stderr = open(silent, "w", closefd=False)  # noqa: SIM115
        for end in unused:
            os.close(end)
        _State.allowed = False
        threading.Thread(target=_leave_with, args=[parent], daemon=True).start()
        if call is not None:
            gc.disable()  # looking for garbage would touch, and so copy, all that was here before
            _write(answers, _made(call))
        else:
            _serve(open(requests, "rb"), answers)  # noqa: SIM115
    finally:
        os._exit(0)


def _leave_with(parent: int) -> None:
    """A copy whose parent was killed would keep the parent's locks."""
    while os.getppid() == parent:
        time.sleep(_LOOK)
    os._exit(1)


def _serve(requests: BinaryIO, answers: int) -> None:
    """Until the other process closes the pipe, or ends."""
    while size := requests.read(_SIZE.size):
        _write(answers, _made(lambda size=size: pickle.loads(requests.read(*_SIZE.unpack(size)))()))  # type: ignore[misc]


def _made(call: Callable[[], Any]) -> bytes:
    try:
        return pickle.dumps(call(), protocol=pickle.HIGHEST_PROTOCOL)
    except BaseException:
        return b""

import functools
import operator
import os
import signal
import subprocess
import sys
import time

import pytest

from analysis import beside as room
from analysis.beside import allowed_here, beside

copies = pytest.mark.skipif(sys.platform != "linux", reason="a process is copied on Linux only")
THIS = os.getpid()


@pytest.fixture
def allowed(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1})
    with allowed_here():
        yield
    if room._State.partner is not None:
        room._State.partner.end()
        room._State.partner = None


@pytest.fixture(params=["one copy for each", "a partner"])
def either(request: pytest.FixtureRequest, allowed: None, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "a partner":
        room.keep_partner()
    return request.param


def place(word: str) -> tuple[str, bool]:
    return word, os.getpid() == THIS


def big() -> bytes:
    return bytes(range(256)) * 20_000


def fails_in_a_copy(here: int) -> str:
    if os.getpid() != here:
        raise ValueError("in the copy")
    return "made here"


def dies_in_a_copy(here: int) -> str:
    if os.getpid() != here:
        os.kill(os.getpid(), signal.SIGKILL)
    return "made here"


def sleeps_in_a_copy(here: int) -> str:
    if os.getpid() != here:
        time.sleep(60)
    return "made here"


def no_child_left() -> bool:
    try:
        os.waitpid(-1, os.WNOHANG)
    except ChildProcessError:
        return True
    return False


def test_without_leave_all_is_made_here() -> None:
    with beside(functools.partial(place, "a")) as found:
        assert found() == ("a", True)


@copies
def test_a_copy_makes_it_and_the_result_is_the_same(either: str) -> None:
    for word in ("a", "b", "c"):
        with beside(functools.partial(place, word)) as found:
            assert found() == (word, False)
    with beside(big) as whole:
        assert whole() == big()


@copies
@pytest.mark.parametrize("call", [fails_in_a_copy, dies_in_a_copy])
def test_what_fails_in_a_copy_is_made_here(either: str, call) -> None:
    with beside(functools.partial(call, THIS)) as found:
        assert found() == "made here"
    with beside(functools.partial(place, "after it")) as found:
        assert found()[0] == "after it"


@copies
def test_a_copy_that_does_not_answer_is_given_up(either: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "_PATIENCE", 0.1)
    with beside(functools.partial(sleeps_in_a_copy, THIS)) as found:
        assert found() == "made here"
    assert no_child_left()


@copies
def test_an_error_is_raised_here(either: str) -> None:
    with beside(functools.partial(operator.truediv, 1, 0)) as found, pytest.raises(ZeroDivisionError):
        found()


@copies
def test_what_cannot_be_sent_is_made_here(allowed: None) -> None:
    room.keep_partner()
    with beside(lambda: place("b")) as found:
        assert found() == ("b", True)


@copies
def test_nothing_is_left_when_the_result_is_not_fetched(allowed: None, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(KeyError), beside(lambda: print("never seen") or time.sleep(60)):
        raise KeyError
    assert no_child_left()
    assert capfd.readouterr() == ("", "")


@copies
def test_a_partner_whose_answer_nobody_fetched_is_asked_no_more(allowed: None) -> None:
    room.keep_partner()
    with pytest.raises(KeyError), beside(functools.partial(place, "a")):
        raise KeyError
    with beside(functools.partial(place, "b")) as found:
        assert found()[0] == "b"
    assert no_child_left()


@copies
def test_on_one_core_all_is_made_here(allowed: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0})
    with beside(functools.partial(place, "a")) as found:
        assert found() == ("a", True)


@copies
def test_what_is_not_worth_a_copy_is_made_here(allowed: None) -> None:
    with beside(functools.partial(place, "a"), worth=False) as found:
        assert found() == ("a", True)


ORPHAN = """
import os, signal, sys, time
from analysis.beside import allowed_here, beside
os.sched_getaffinity = lambda _: {0, 1}
def work():
    sys.__stdout__ and os.write(int(sys.argv[1]), b"%d " % os.getpid())
    time.sleep(60)
with allowed_here(), beside(work):
    time.sleep(0.3)
    os.kill(os.getpid(), signal.SIGKILL)
"""


@copies
def test_a_copy_ends_with_its_parent_even_one_that_was_killed() -> None:
    told, tell = os.pipe()
    done = subprocess.run([sys.executable, "-c", ORPHAN, str(tell)], pass_fds=[tell])
    assert done.returncode == -signal.SIGKILL
    os.close(tell)
    with open(told, "rb") as pipe:  # is closed once the last process that holds its other end is gone
        assert len(pipe.read().split()) == 1

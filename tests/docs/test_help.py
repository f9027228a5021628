"""Every command explains itself: `--help` with a sentence, an example that parses, and a word on every option."""

import os
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.main import get_command

from analysis.cli import app


def commands(group: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    for name, command in sorted(group.commands.items()):
        if hasattr(command, "commands"):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name), command


ALL = dict(commands(get_command(app)))
FOUND = pytest.mark.parametrize("path", ALL, ids=" ".join)


def test_there_are_commands() -> None:
    wanted = {
        "ingest",
        "report",
        "start",
        "template",
        "code",
        "decide",
        "lot",
        "explain",
        "doctor",
        "demo",
        "lab",
        "reproduce",
    }
    assert wanted <= {path[0] for path in ALL}
    assert len(ALL) > 15


@FOUND
def test_help_has_a_sentence_an_example_and_a_word_on_every_option(
    path: tuple[str, ...], ae: Callable[..., Any]
) -> None:
    said = ae(*path, "--help")
    assert said.code == 0
    assert "Example: ae " in said.out
    command = ALL[path]
    for option in command.params:
        if "--help" in option.opts:
            continue
        assert getattr(option, "help", None), f"{' '.join(path)}: {option.name} says nothing"
        assert max(option.opts, key=len).split("/")[0] in said.out or option.param_type_name == "argument"


@FOUND
def test_the_example_is_a_command_line_that_parses(path: tuple[str, ...]) -> None:
    doc = ALL[path].help or ""
    (line,) = [line.strip() for line in doc.splitlines() if line.strip().startswith("Example: ")]
    first = line.removeprefix("Example: ").split(" && ")[0]
    program, *arguments = shlex.split(first)
    assert program == "ae"
    assert tuple(arguments[: len(path)]) == path
    context = ALL[path].make_context(path[-1], list(arguments[len(path) :]))
    assert isinstance(context, typer.Context | type(context))


def test_the_shell_completes_commands() -> None:
    asked = {"_AE_COMPLETE": "complete_bash", "COMP_WORDS": "ae re", "COMP_CWORD": "1"}
    program = Path(sys.executable).parent / "ae"
    if not program.exists():
        pytest.skip("the command is not installed beside this Python")
    done = subprocess.run([program], env=os.environ | asked, capture_output=True, text=True, check=True)
    assert {"report", "reproduce", "review"} <= set(done.stdout.split())

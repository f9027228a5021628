"""README and docs are true: every link leads somewhere, every block of code is run, or says above it why not."""

import io
import re
import shlex
import shutil
import tomllib
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
FENCE = re.compile(r"(?:^<!-- not run: (?P<why>[^>]+?) -->\n)?^```(?P<kind>\w*)\n(?P<text>.*?)^```$", re.M | re.S)
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)|!\[[^\]]*\]\(([^)\s]+)\)")
RUN = ("sh", "python", "toml")
SHOWN = ("", "bat", "text", "csv")
"""Kinds of blocks that are no command of this system: what a file looks like, and Windows."""


@dataclass(frozen=True)
class Block:
    """A fenced block: where it stands, what it is, and why it is not run."""

    where: str
    kind: str
    text: str
    why: str | None


def blocks() -> list[Block]:
    found = []
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for match in FENCE.finditer(text):
            line = text[: match.start("kind")].count("\n") + 1
            found.append(Block(f"{page.relative_to(ROOT)}:{line}", match["kind"], match["text"], match["why"]))
    return found


BLOCKS = blocks()


def test_every_block_is_run_or_says_why_not() -> None:
    assert len(BLOCKS) > 8
    assert {block.kind for block in BLOCKS} <= {*RUN, *SHOWN}
    assert not [block.where for block in BLOCKS if block.why is not None and len(block.why) < 15], "a reason, please"
    assert any(block.kind == "python" and block.why is None for block in BLOCKS)


@pytest.mark.thorough
@pytest.mark.parametrize(
    "block", [b for b in BLOCKS if b.kind in RUN and b.why is None], ids=lambda block: f"{block.where} {block.kind}"
)
def test_the_block_does_what_it_says(block: Block, ae: Callable[..., Any], tmp_path: Path) -> None:
    shutil.copytree(ROOT / "docs" / "examples", tmp_path / "docs" / "examples")
    if block.kind == "toml":
        assert tomllib.loads(block.text)
    elif block.kind == "python":
        with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
            exec(compile(block.text, block.where, "exec"), {})
    else:
        commands = [shlex.split(line, comments=True) for line in block.text.splitlines()]
        for program, *arguments in filter(None, commands):
            assert program == "ae", f"{block.where}: only our own command is run here"
            said = ae(*arguments)
            assert said.code == 0, (block.where, said.err)


def anchors(page: Path) -> set[str]:
    """Ids of a page's headings as code hosts make them."""
    heads = re.findall(r"^#+\s+(.+?)\s*$", re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.S), re.M)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    for match in LINK.finditer(page.read_text(encoding="utf-8")):
        target = match[1] or match[2]
        if re.match(r"https?://|mailto:", target):
            continue
        file, _, anchor = unquote(target).partition("#")
        there = (page.parent / file).resolve() if file else page
        assert there.exists(), target
        assert not anchor or anchor in anchors(there), target


def test_every_page_of_docs_is_named_in_the_readme_or_on_a_page_that_is() -> None:
    whole = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    names = [page.stem for page in (ROOT / "docs").glob("*.md")]
    assert [name for name in names if f"{name}.md" not in whole and name.replace("_", " ") not in whole] == []

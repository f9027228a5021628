"""Cells of a workbook out of hostile text: no control character, no formula, never longer than a cell holds, evidence marked."""

from collections.abc import Sequence
from typing import Any

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
LONGEST = 3000
_AROUND = 400
_MOST = 30_000
Span = tuple[int, int]


def printable(text: str) -> str:
    """Text that cannot move a cursor or break the file; line ends stay."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join("".join(_mark(c) for c in line) for line in lines)


def _mark(character: str) -> str:
    if character.isprintable():
        return character
    return " " if character.isspace() else character.encode("unicode_escape").decode()


def shown(value: Any) -> str:
    """A cell of plain text; one that a spreadsheet could take for a formula gets an apostrophe in front. Missing is empty."""
    if not isinstance(value, str):
        return ""
    text = printable(value)[:LONGEST].strip()
    return f"'{text}" if text.startswith(_FORMULA) else text


def marked(text: Any, spans: Sequence[Span]) -> list[tuple[str, bool]]:
    """Pieces of a text, each with whether it is evidence. Long texts are cut between the places that matter."""
    if not isinstance(text, str) or not text.strip():
        return []
    joined = _joined([(a, b) for a, b in spans if 0 <= a < b <= len(text)])
    pieces: list[tuple[str, bool]] = []
    at = 0
    for start, end in joined:
        pieces += [(_gap(text[at:start], first=at == 0, last=False), False), (text[start:end], True)]
        at = end
    pieces.append((_gap(text[at:], first=at == 0, last=True), False))
    kept = [(printable(piece), evidence) for piece, evidence in pieces if piece]
    if kept[0][0].lstrip().startswith(_FORMULA):
        kept[0] = ("'" + kept[0][0].lstrip(), kept[0][1])
    return _within(kept)


def _joined(spans: list[Span]) -> list[Span]:
    out: list[Span] = []
    for start, end in sorted(spans):
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], max(end, out[-1][1]))
        else:
            out.append((start, end))
    return out


def _gap(text: str, *, first: bool, last: bool) -> str:
    if len(text) <= 2 * _AROUND:
        return text
    if first and last:
        return text if len(text) <= LONGEST else text[:LONGEST] + " …"
    head = "" if first else text[:_AROUND]
    tail = "" if last else text[-_AROUND:]
    return f"{head} … {tail}"


def _within(pieces: list[tuple[str, bool]]) -> list[tuple[str, bool]]:
    """Never more than a cell may hold."""
    out: list[tuple[str, bool]] = []
    left = _MOST
    for piece, evidence in pieces:
        if left <= 0:
            return [*out, (" …", False)]
        out.append((piece[:left], evidence))
        left -= len(piece)
    return out

"""Anatomy + finding patterns: a tiny language of word sets with bounded gaps.

    @lid & @droop        both, in either order, at most 5 words between; the last element is the finding
    @cannot > @swallow   in this order, at most 3 words between
    @hair >6 clumps      in this order, at most 6 words between
    @fall >6, hence      and one comma may lie between (two elements only)

`@name` is a word set of the lexicon, anything else literal words. No part of it is a regular
expression, so no lexicon can make matching slow.
"""

from dataclasses import dataclass
from typing import Any

from analysis.errors import UsageError

GAP_ANY_ORDER = 5
GAP_IN_ORDER = 3
WIDEST = 12


@dataclass(frozen=True, slots=True)
class Element:
    """A word set by name, or a literal as "=word"."""

    key: str


@dataclass(frozen=True, slots=True)
class Pattern:
    """Elements with the widest gap between neighbours; `target` is what a match stands for, `number` its place in the
    lexicon; `crosses`: one comma may lie between its two elements."""

    elements: tuple[Element, ...]
    gaps: tuple[int, ...]
    ordered: bool
    target: tuple[str, Any]
    rule: str
    number: int = 0
    crosses: bool = False


def parse_pattern(line: str, target: tuple[str, Any], rule: str) -> Pattern:
    """Parse one line; raises UsageError when it is not element, operator, element, …"""
    operators, elements = _split(line)
    if len(elements) != len(operators) + 1 or not operators or not all(elements):
        raise UsageError(f"pattern {line!r}: expected elements joined by & or >.")
    ordered = all(op[0] == ">" for op in operators)
    if not ordered and (len(operators) > 1 or operators[0][0] != "&"):
        raise UsageError(f"pattern {line!r}: & joins exactly two elements.")
    crosses = any(op[-1] == "," for op in operators)
    if crosses and (not ordered or len(operators) > 1):
        raise UsageError(f"pattern {line!r}: a comma may only lie between two elements in order.")
    operators = [op.rstrip(",") for op in operators]
    default = GAP_IN_ORDER if ordered else GAP_ANY_ORDER
    try:
        gaps = tuple(min(int(op[1:] or default), WIDEST) for op in operators)
    except ValueError:
        raise UsageError(f"pattern {line!r}: a gap is a whole number.") from None
    return Pattern(tuple(Element(part) for part in elements), gaps, ordered, target, rule, crosses=crosses)


def _split(line: str) -> tuple[list[str], list[str]]:
    """Operators and the words between them."""
    operators: list[str] = []
    elements: list[list[str]] = [[]]
    for part in line.split():
        if part[0] in "&>":
            operators.append(part)
            elements.append([])
        else:
            elements[-1].append(part)
    return operators, [" ".join(words) for words in elements]


def is_pattern(line: str) -> bool:
    """A line with an operator or a word set is a pattern, any other is a plain phrase."""
    return any(part[0] in "&>@" for part in line.split())

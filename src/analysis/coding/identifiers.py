"""What in a text likely tells who somebody is: a name after a title, a telephone number, a mail, a date of birth, a record number.

These marks say which entries to look at; they are not a filter. No pattern finds a bare first name, so what is promised is that texts
are not printed, never that names are removed. Every pattern is bounded; recall and false alarms on our own sentences are measured by
`tests/sentences/test_identifiers.py` and stand in docs/reliability.md.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import cache

from analysis.resources import resource

KINDS = ("name", "phone", "email", "birth", "record")
_OLDEST, _YOUNGEST = 1900, 2012
"""Years that no log of treatments speaks of but dates of birth do."""
_DATE = r"(?:\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2})|\d{4}-\d{2}-\d{2}|\d{1,2}\.? (?:de )?[^\W\d_]{3,10}\.? (?:de )?\d{4}|\d{4})"
_NAME = r"(?:(?:van|von|de|den|der|del|la|di)\s){0,3}[^\W\d_a-z][\w'’-]{1,30}"
_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")
_FULL_DATE = re.compile(r"(?<!\d)(?:\d{1,2}[./-]\d{1,2}[./-](\d{4})|(\d{4})-\d{2}-\d{2})(?!\d)")
_NUMBER = re.compile(r"(?<![\w.,/-])\+?\(?\d[\d ().-]{5,18}\d(?![\w/])")
_SECURITY = re.compile(r"(?<!\d)\d{3}-\d{2}-\d{4}(?!\d)")
_SOME_NUMBER = re.compile(r"\d{4}|\d[\d ().-]{2}|\d[./-]\d{1,2}[./-]\d")
_CAPITAL = re.compile(r"[^\W\d_a-z]")
"""What every number, and every name, that is looked for holds: most texts have neither."""
_FEWEST_DIGITS, _MOST_DIGITS, _WITH_WORD = 9, 15, 6


@dataclass(frozen=True)
class Mark:
    """A likely identifier: its kind and where it stands (code points, half-open)."""

    kind: str
    start: int
    end: int


def likely_identifiers(text: str) -> list[Mark]:
    """Every likely identifier of a text, in order of place; of what overlaps in one kind the first."""
    found = [Mark("email", *hit.span()) for hit in _EMAIL.finditer(text)] if "@" in text else []
    words = _words()
    if _SOME_NUMBER.search(text):
        found += [Mark("birth", *hit.span()) for hit in words["birth"].finditer(text)]
        found += [Mark("birth", *hit.span()) for hit in _FULL_DATE.finditer(text) if _of_birth(hit)]
        found += [Mark("record", *hit.span()) for hit in words["record"].finditer(text)]
        found += [Mark("record", *hit.span()) for hit in _SECURITY.finditer(text)]
        found += _phones(text, words["phone"], [mark for mark in found if mark.kind in ("birth", "record")])
    if _CAPITAL.search(text):
        found += _names(text, words)
    return sorted(found, key=lambda mark: (mark.start, mark.kind))


def _of_birth(hit: re.Match[str]) -> bool:
    return _OLDEST <= int(hit[1] or hit[2]) <= _YOUNGEST


def _phones(text: str, word: re.Pattern[str], others: list[Mark]) -> list[Mark]:
    found = []
    for hit in _NUMBER.finditer(text):
        digits = sum(letter.isdigit() for letter in hit[0])
        told = word.search(text[max(0, hit.start() - 20) : hit.start()])
        enough = digits >= (_WITH_WORD if told else _FEWEST_DIGITS)
        if enough and digits <= _MOST_DIGITS and not _FULL_DATE.search(hit[0]) and not _SECURITY.search(hit[0]):
            if told or not any(mark.start < hit.end() and hit.start() < mark.end for mark in others):
                found.append(Mark("phone", *hit.span()))
    return found


def _names(text: str, words: dict[str, re.Pattern[str]]) -> list[Mark]:
    return [
        Mark("name", *hit.span())
        for hit in (*words["title"].finditer(text), *words["people"].finditer(text))
        if not words["no_name"].match(hit[1])
    ]


@cache
def _words() -> dict[str, re.Pattern[str]]:
    with resource("privacy/identifiers.toml").open("rb") as file:
        lists: dict[str, list[str]] = tomllib.load(file)

    def one_of(name: str) -> str:
        return "|".join(re.escape(word) for word in sorted(lists[name], key=len, reverse=True))

    return {
        "title": re.compile(rf"\b(?:{one_of('titles')})\.?\s({_NAME})"),
        "people": re.compile(rf"\b(?i:{one_of('people')}):?\s({_NAME})"),
        "no_name": re.compile(rf"(?:{one_of('no_names')})\b"),
        "phone": re.compile(rf"\b(?:{one_of('phone')})\b[^\d]{{0,15}}\Z", re.IGNORECASE),
        "birth": re.compile(rf"(?<!\w)(?:{one_of('birth')})\.?[\s:,(]{{0,3}}(?:el |on |in )?{_DATE}", re.IGNORECASE),
        "record": re.compile(
            rf"(?<!\w)(?:{one_of('record')})\b[\s.:#-]{{0,3}}(?:no|number|nr|id)?[\s.:#-]{{0,3}}"
            r"[A-Z]{0,3}-?\d[\d -]{2,14}\d", re.IGNORECASE,
        ),
    }  # fmt: skip

"""Dates as clinics write them, read without guessing: one order per column, proven or declared, never by a guessing library."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from analysis.intake.words import fold, visible, vocabulary

_TIME = r"(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s?(?:[ap]m)?(?:Z|\s?(?:GMT|UTC))?(?:[+-]\d{1,2}(?::?\d{2})?)?)?"
_ISO = re.compile(rf"(\d{{4}})[-/.](\d{{1,2}})[-/.](\d{{1,2}}){_TIME}\Z", re.IGNORECASE)
_COMPACT = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})\Z")
_NUMERIC = re.compile(rf"(\d{{1,2}})([/.-])(\d{{1,2}})\2(\d{{4}}|\d{{2}}){_TIME}\Z", re.IGNORECASE)
_DAY_NAME = re.compile(
    rf"(\d{{1,2}})(?:st|nd|rd|th)?[ ./-]*(?:de |of )?([a-z]{{3,10}})\.?[ ./,-]*(?:de )?(\d{{4}}|\d{{2}}){_TIME}\Z",
    re.IGNORECASE,
)
_NAME_DAY = re.compile(rf"([a-z]{{3,10}})\.?[ .-]*(\d{{1,2}})(?:st|nd|rd|th)?,?[ .-]*(\d{{4}}){_TIME}\Z", re.IGNORECASE)
_WEEKDAY = re.compile(
    r"(?:mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun|lun|mar|mie|mié|jue|vie|sab|sáb|dom)[a-zé]*\.?,? ",
    re.IGNORECASE,
)
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?\Z")
_EPOCH = date(1899, 12, 30)  # day 0 of Excel's 1900 system for every serial after 60
_FIRST_SERIAL, _LAST_SERIAL = 32_874, 73_050  # 1 January 1990 to 31 December 2099
_OLDEST = date(1980, 1, 1)


@dataclass(frozen=True)
class Written:
    """One way a cell can be read. Day-first and month-first readings are missing where that order makes no date."""

    day_first: date | None
    month_first: date | None
    short_year: bool = False
    serial: bool = False
    named: bool = False
    """The month is written as a word, so that only the century is open."""

    @property
    def is_open(self) -> bool:
        """The two orders give different dates."""
        return self.day_first != self.month_first and self.day_first is not None and self.month_first is not None


def read_written(text: str) -> Written | None:
    """Every reading of one cell; missing when it is no date at all (30 February, "last Tuesday", a year alone)."""
    text = visible(text)
    found = _read(text)
    if found is None and (match := _WEEKDAY.match(text)):
        found = _read(text[match.end() :])
    return found


def _read(text: str) -> Written | None:
    if match := _ISO.match(text) or _COMPACT.match(text):
        year, month, day = (int(part) for part in match.groups()[:3])
        return _certain(_make(year, month, day))
    if match := _NUMERIC.match(text):
        first, second, year = int(match[1]), int(match[3]), _year(match[4])
        short = len(match[4]) == 2
        day_first, month_first = _make(year, second, first), _make(year, first, second)
        if match[2] == ".":  # dots are written day first wherever they are written
            month_first = day_first
        if day_first is None and month_first is None:
            return None
        return Written(day_first, month_first, short_year=short)
    if match := _DAY_NAME.match(text):
        made = _make(_year(match[3]), _month(match[2]), int(match[1]))
        return Written(made, made, short_year=len(match[3]) == 2, named=True) if made else None
    if match := _NAME_DAY.match(text):
        return _certain(_make(int(match[3]), _month(match[1]), int(match[2])))
    if _SERIAL.match(text) and _FIRST_SERIAL <= int(float(text)) <= _LAST_SERIAL:
        found = _EPOCH + timedelta(days=int(float(text)))
        return Written(found, found, serial=True)
    return None


def _certain(found: date | None) -> Written | None:
    return Written(found, found) if found else None


def _month(name: str) -> int:
    return int(vocabulary("month").get(fold(name), 0))


def _year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)


def _make(year: int, month: int, day: int) -> date | None:
    try:
        made = date(year, month, day)
    except ValueError:
        return None
    return made if made >= _OLDEST else None


def proven_order(cells: Iterable[str]) -> str | None:
    """`dmy` or `mdy` when some cell can only be read that way, `mixed` when both are proven, missing when neither is."""
    proven = set()
    for cell in cells:
        written = read_written(cell)
        if written and written.day_first != written.month_first:
            if written.month_first is None:
                proven.add("dmy")
            elif written.day_first is None:
                proven.add("mdy")
    return "mixed" if len(proven) == 2 else next(iter(proven), None)


def has_open_cells(cells: Iterable[str]) -> bool:
    """Some cell reads as two different dates."""
    return any(written.is_open for written in map(read_written, cells) if written)


def choose(written: Written | None, order: str | None) -> date | None:
    """The date under an order; a cell that reads the same both ways needs none."""
    if written is None:
        return None
    if written.day_first == written.month_first:
        return written.day_first
    if order == "dmy":
        return written.day_first
    if order == "mdy":
        return written.month_first
    if order == "mixed" and not written.is_open:
        return written.day_first or written.month_first
    return None


def from_1904(text: str) -> str:
    """A serial number of the 1904 system as one of the 1900 system; any other text as it is."""
    plain = visible(text)
    if not re.match(r"\d{5}(?:\.\d+)?\Z", plain):
        return text
    return str(int(float(plain)) + 1462)

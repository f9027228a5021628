"""Dates as clinics write them, read without guessing: one order per column, proven or declared, never by a guessing library."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from analysis.intake.words import fold, visible

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan enero ene", "february feb febrero", "march mar marzo", "april apr abril abr", "may mayo",
            "june jun junio", "july jul julio", "august aug agosto ago", "september sep sept septiembre setiembre set",
            "october oct octubre", "november nov noviembre", "december dec diciembre dic",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
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
        month = _MONTHS.get(fold(match[2]), 0)
        made = _make(_year(match[3]), month, int(match[1]))
        return Written(made, made, short_year=len(match[3]) == 2, named=True) if made else None
    if match := _NAME_DAY.match(text):
        return _certain(_make(int(match[3]), _MONTHS.get(fold(match[1]), 0), int(match[2])))
    if _SERIAL.match(text) and _FIRST_SERIAL <= int(float(text)) <= _LAST_SERIAL:
        found = _EPOCH + timedelta(days=int(float(text)))
        return Written(found, found, serial=True)
    return None


def _certain(found: date | None) -> Written | None:
    return Written(found, found) if found else None


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


_UNITS = {"d": 1, "day": 1, "days": 1, "dia": 1, "dias": 1, "w": 7, "wk": 7, "wks": 7, "week": 7, "weeks": 7, "semana": 7,
          "semanas": 7, "sem": 7, "mth": 30, "mo": 30, "month": 30, "months": 30, "mes": 30, "meses": 30}  # fmt: skip
_PER_DAY = {"h": 24, "hr": 24, "hrs": 24, "hour": 24, "hours": 24, "hora": 24, "horas": 24, "min": 1440, "mins": 1440, "minutes": 1440,
            "minutos": 1440}  # fmt: skip
_NUMBERS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
            "ten": 10, "un": 1, "una": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7, "diez": 10}  # fmt: skip
_OVER = {"7": 1, "52": 7, "12": 30}
_SAME = {"same day", "day of treatment", "immediate", "immediately", "at once", "day 0", "mismo dia", "on the day", "during injection",
         "during treatment", "inmediato", "same evening", "that evening", "that night", "next day", "day after", "the next day",
         "next morning",
         "the next morning", "following day", "the following day", "following morning", "al dia siguiente"}  # fmt: skip
_NEXT = {same for same in _SAME if "next" in same or "following" in same or same in ("day after", "al dia siguiente")}
_COUNTED = re.compile(
    r"(?:after |at |~|approx |\+ ?)?(\d{1,3}) ?([a-z]+)(?: (?:later|after|post|post tx|after treatment|post treatment|despues))?\Z"
)
_NAMED = re.compile(r"(?:on )?(day|d|wk|week|dia|semana) ?\+? ?(\d{1,3})\Z")
_FRACTION = re.compile(r"(\d{1,2})/(7|52|12)\Z")


def relative_days(text: str) -> int | None:
    """Days after treatment for a relative onset ("day 3", "2/52", "1 wk", "same day"); missing when it is none."""
    plain = fold(text)
    first, _, rest = plain.partition(" ")
    if rest and first in _NUMBERS:
        plain = f"{_NUMBERS[first]} {rest}"
    if plain in _SAME:
        return 1 if plain in _NEXT else 0
    if match := _FRACTION.match(plain):
        return int(match[1]) * _OVER[match[2]]
    if match := _NAMED.match(plain):
        return int(match[2]) * _UNITS[match[1]]
    if (match := _COUNTED.match(plain)) is None:
        return None
    if match[2] in _PER_DAY:
        return int(match[1]) // _PER_DAY[match[2]]
    return int(match[1]) * _UNITS[match[2]] if match[2] in _UNITS else None

"""Onsets told in days, weeks or hours after treatment ("day 3", "2/52", "next morning"), as whole days."""

import re

from analysis.intake.words import fold, vocabulary

_DAYS = {"day": 1, "week": 7, "month": 30}
_PER_DAY = {"hour": 24, "minute": 1440}
_OVER = {"7": 1, "52": 7, "12": 30}
"""What a clinician's fraction counts: days, weeks, months."""
_COUNTED = re.compile(
    r"(?:after |at |~|approx |\+ ?)?(\d{1,3}) ?([a-z]+)(?: (?:later|after|post|post tx|after treatment|post treatment|despues))?\Z"
)
_NAMED = re.compile(r"(?:on )?(day|d|wk|week|dia|semana) ?\+? ?(\d{1,3})\Z")
_FRACTION = re.compile(r"(\d{1,2})/(7|52|12)\Z")


def relative_days(text: str) -> int | None:
    """Days after treatment for a relative onset ("day 3", "2/52", "1 wk", "same day"); missing when it is none."""
    plain = fold(text)
    first, _, rest = plain.partition(" ")
    if rest and first in vocabulary("number"):
        plain = f"{vocabulary('number')[first]} {rest}"
    if told := vocabulary("onset").get(plain):
        return 1 if told == "next_day" else 0
    if match := _FRACTION.match(plain):
        return int(match[1]) * _OVER[match[2]]
    if match := _NAMED.match(plain):
        return int(match[2]) * _DAYS[vocabulary("span")[match[1]]]
    return _counted(int(match[1]), match[2]) if (match := _COUNTED.match(plain)) else None


def _counted(many: int, word: str) -> int | None:
    span = vocabulary("span").get(word, "")
    if span in _PER_DAY:
        return many // _PER_DAY[span]
    return many * _DAYS[span] if span in _DAYS else None

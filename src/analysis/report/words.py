"""Words of the page: plain English from coded values, and the words a page never uses."""

import re
from collections.abc import Sequence
from typing import Any

from analysis.report.numbers import count, is_missing
from analysis.tables import plain

NEVER_USED = ("worst", "best", "bad", "outlier", "offender", "rank", "guilty")
NO_FAULT = "A difference in counts is a question, not a finding of fault."
NOT_VALIDATED = "Text reading: not clinician-validated."

STATUS = {
    "asserted": "reported",
    "resolved": "resolved",
    "uncertain": "uncertain",
    "other_cause": "other cause",
    "not coded": "not coded",
}
LEVEL = {"now": "Now", "today": "Today", "unread": "Unread"}
AUDIENCE = {"director": "Medical director’s copy", "committee": "Committee copy", "shared": "Copy to share"}


def plural(number: Any, one: str, many: str | None = None) -> str:
    """`1 entry`, `2 entries`, `[x] entries`."""
    word = one if not is_missing(number) and int(number) == 1 else (many or one + "s")
    return f"{count(number)} {word}"


def joined(parts: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def status(value: Any, *, linked: Any = True) -> str:
    """Status of a finding in words; entries without a session say so."""
    said = "not readable" if is_missing(value) else STATUS.get(str(value), plain(str(value)))
    return said if is_missing(linked) or bool(linked) else f"{said}, no session"


def level(value: Any) -> str:
    """A triage level as it is printed."""
    return "[x]" if is_missing(value) else LEVEL.get(str(value), plain(str(value)))


def lower_first(text: str) -> str:
    """`Lid droop` inside a sentence; abbreviations stay."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def short_label(text: Any) -> str:
    """A label without what it says in brackets, for axes and sentences: `Away from the face`."""
    return plain(re.sub(r"\s*\([^()]*\)\s*\Z", "", str(text)) or str(text))


def audience(value: str) -> str:
    """Whose copy this is."""
    if value.startswith("injector:"):
        return f"Copy for injector {plain(value.removeprefix('injector:'))}"
    return AUDIENCE.get(value, plain(value))

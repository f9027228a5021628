"""A finding as it is written down, made of the mentions of one sub-code and status: the gravest gives concept and words."""

from typing import NamedTuple

from analysis import taxonomy
from analysis.coding.concepts import Lexicon
from analysis.coding.mentions import Matched, Mention

BULBAR = frozenset({"S2", "S3", "S5", "F1"})
CONFUSED = {"now": 0, "today": 1, "routine": 2}
UNSURE = ("uncertain", "other_cause")


class Finding(NamedTuple):
    """One sub-code × status of a text; `start` and `end` are code points of the original text."""

    category: str
    subcode: str | None
    status: str | None
    urgent: bool
    red_flag: bool
    triage: str | None
    severity: str | None
    laterality: str | None
    site: str | None
    start: int | None
    end: int | None
    evidence: str | None
    rule: str | None
    needs_review: bool
    event_class: str | None
    pattern: str | None
    confirmed: str | None
    concept: str | None = None


PLACED = Finding._fields.index("start")
"""Where the places stand among the fields: start, end and evidence."""


def joined(group: list[Mention], found: Matched, lexicon: Lexicon) -> Finding:
    """Join mentions of one sub-code and status: the gravest gives concept and words, sides are united."""
    lead = group[0] if len(group) == 1 else min(group, key=lambda m: _gravity(m, lexicon))
    words, concept = found.words, lead.concept
    start, end = words.starts[lead.first], words.ends[lead.last - 1]
    level = concept.triage if concept.triage != "now" else _level(lead, lexicon)
    stated = concept.urgent, concept.red_flag, lead.severity, lead.laterality, lead.site
    if len(group) > 1:
        stated = _of_several(group, lead)
    return Finding._make((
        concept.category, concept.subcode, lead.status, stated[0], stated[1], level, stated[2], stated[3], stated[4],
        start, end, words.text[start:end], f"{lead.rule} [{lead.cue}]" if lead.cue else lead.rule, _needs_review(lead),
        concept.event_class, lead.pattern, lead.confirmed, concept.id,
    ))  # fmt: skip


Stated = tuple[bool, bool, str | None, str | None, str | None]
"""Urgent, red flag, severity, side and site."""


def _of_several(group: list[Mention], lead: Mention) -> Stated:
    return (
        any(m.concept.urgent for m in group),
        any(m.concept.red_flag for m in group),
        _highest([m.severity for m in group]),
        _union([m.laterality for m in group]),
        lead.site or next((m.site for m in group if m.site), None),
    )


def _gravity(mention: Mention, lexicon: Lexicon) -> tuple[int, bool, bool, int]:
    concept = mention.concept
    return CONFUSED[_level(mention, lexicon)], not concept.urgent, not concept.red_flag, mention.first


def _level(mention: Mention, lexicon: Lexicon) -> str:
    level = mention.concept.triage
    if (
        level == "now"
        and mention.pattern == "local"
        and mention.concept.subcode in lexicon.rules.get("local_is_today", ())
    ):
        return "today"
    return level


def _needs_review(mention: Mention) -> bool:
    grave = mention.concept.triage != "routine"
    return mention.concept.review or (grave and (mention.weak or mention.status in UNSURE))


def _highest(levels: list[str | None]) -> str | None:
    stated = [level for level in levels if level]
    return max(stated, key=taxonomy.SEVERITIES.index) if stated else None


def _union(sides: list[str | None]) -> str | None:
    stated = {side for side in sides if side}
    if not stated:
        return None
    return stated.pop() if len(stated) == 1 else "bilateral"


def combined(findings: list[Finding], found: Matched, lexicon: Lexicon) -> list[Finding]:
    """Combinations that change the level: bulbar pairs, and serious outcomes told in the text."""
    watched = [finding for finding in findings if finding.status in taxonomy.WATCHED]
    pair = {finding.subcode for finding in watched} & frozenset(lexicon.rules.get("bulbar", BULBAR))
    serious = bool(found.attributes.get("serious"))
    out = []
    for finding in findings:
        bulbar = len(pair) > 1 and finding.subcode in pair
        if finding.status in taxonomy.WATCHED and (bulbar or (serious and finding.event_class == "reaction")):
            finding = finding._replace(triage="now", red_flag=finding.red_flag or bulbar)
        out.append(finding)
    return out

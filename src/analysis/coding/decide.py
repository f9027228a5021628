"""From mentions to findings: severity upgrades, local or distant weakness, chronology, triage combinations, one row per
sub-code and status, and what to say of a text in which nothing was found."""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from analysis import taxonomy
from analysis.coding.concepts import WORD, Lexicon
from analysis.coding.mentions import Matched, Mention
from analysis.coding.nothing import said_nothing
from analysis.coding.place import set_pattern, treated_places

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


class Asked(NamedTuple):
    """What is known of a text besides its words: areas and treatment type of its session, and the clinic's own severity field."""

    area: str | None = None
    treatment_type: str | None = None
    severity: str | None = None


def decide(found: Matched, lexicon: Lexicon, asked: Asked) -> list[Finding]:
    """Findings of one text, in order of position; a single `none` or `unknown` when there is none."""
    area, treatment_type = asked.area, asked.treatment_type
    mentions = _supported(_alone(found))
    if asked.severity:
        _graded_by_field(mentions, asked.severity)
    for mention in mentions:
        if mention.severity == "severe":
            _upgrade(mention, lexicon)
    if len(mentions) > 1:
        mentions = _with_consequences(mentions, lexicon)
        _chronology(mentions, lexicon)
    if treatment_type:
        _indications(mentions, found, treatment_type)
    away = [mention for mention in mentions if mention.concept.category == "systemic"]
    if away:
        places = treated_places(found, lexicon, area, treatment_type)
        for mention in away:
            set_pattern(mention, found, places, lexicon)
    shown = [mention for mention in mentions if not mention.concept.mention_only]
    if not shown:
        return [_nothing(found, lexicon)]
    findings = [_finding(group, found, lexicon) for group in (_groups(shown, lexicon) if len(shown) > 1 else [shown])]
    if len(findings) > 1 or "serious" in found.attributes:
        findings = _combine(findings, found, lexicon)
        findings.sort(key=_order)
    return findings


def _groups(mentions: list[Mention], lexicon: Lexicon) -> Iterable[list[Mention]]:
    """Mentions by what they are and their status, in order of the first of each."""
    groups: dict[tuple[str, str], list[Mention]] = {}
    for mention in mentions:
        own = mention.concept.id if lexicon.apart else mention.concept.subcode
        groups.setdefault((own, mention.status), []).append(mention)
    return groups.values()


def _order(finding: Finding) -> tuple[int, int, str]:
    return finding.start or 0, finding.end or 0, finding.subcode or ""


def _alone(found: Matched) -> list[Mention]:
    """Leave out words that tell of a finding only where nothing else is spoken of ("faint", but not "faint mark on the cheek")."""
    other = [mention for mention in found.mentions if not mention.concept.alone]
    if len(other) == len(found.mentions):
        return found.mentions
    if other or "site" in found.attributes:
        return other
    kinds = ("filler", "immediate", "terminator")
    hits = [*found.cues, *(hit for kind in kinds for hit in found.attributes.get(kind, ()))]
    told = {index for hit in hits for index in hit.words()}
    words = found.words.words
    return [m for m in found.mentions if m.last - m.first > 1 or m.last in told or not _is_word(words[m.last])]


def _is_word(word: str) -> bool:
    return word == WORD or word[0].isalpha()


def _supported(mentions: list[Mention]) -> list[Mention]:
    """Leave out helper mentions whose companions are missing, and indefinite ones beside a definite one."""
    for mention in mentions:
        if mention.concept.needs:
            break
    else:
        return mentions
    present = {mention.concept.id for mention in mentions if mention.status in taxonomy.WATCHED}
    return [m for m in mentions if not m.concept.needs or m.concept.needs & present]


def _graded_by_field(mentions: list[Mention], severity: str) -> None:
    """The clinic's severity field grades what the text states without a grade, if the text speaks of one thing only."""
    present = [
        mention for mention in mentions if mention.status in taxonomy.WATCHED and not mention.concept.mention_only
    ]
    if len({mention.concept.subcode for mention in present}) == 1:
        for mention in present:
            mention.severity = mention.severity or severity


def _upgrade(mention: Mention, lexicon: Lexicon) -> None:
    better = mention.concept.when_severe
    if better and better in lexicon.concepts:
        mention.rule = f"{mention.rule} + severe"
        mention.concept = lexicon.concepts[better]


def _with_consequences(mentions: list[Mention], lexicon: Lexicon) -> list[Mention]:
    """Rules of the lexicon that turn companions into a graver concept ("swelling" + adrenaline given)."""
    for rule in lexicon.rules.get("together", []):
        asserted = {m.concept.id for m in mentions if m.status in taxonomy.HAPPENED}
        if rule["helper"] in asserted and asserted & set(rule["with"]):
            for mention in mentions:
                if mention.concept.id == rule["helper"] and mention.status in taxonomy.HAPPENED:
                    mention.concept = lexicon.concepts[rule["becomes"]]
                    mention.rule = f"{mention.rule} + {rule['becomes']}"
                    mention.severity = mention.severity or rule.get("severity")
    return mentions


def _chronology(mentions: list[Mention], lexicon: Lexicon) -> None:
    """Several mentions of one sub-code: recovery closes the bare ones, a fresh or lasting one stays asserted."""
    groups: dict[str, list[Mention]] = defaultdict(list)
    for mention in mentions:
        groups[mention.concept.id if lexicon.apart else mention.concept.subcode].append(mention)
    for group in groups.values():
        if len(group) < 2:
            continue
        over = [m for m in group if m.status == "resolved"]
        latest = {m.laterality: m.first for m in over}
        same = {(m.laterality, m.concept.id) for m in over}
        _examined_away(group)
        for m in group:
            if m.status == "asserted" and not m.explicit and _answered(m, latest, same):
                m.status, m.cue = "resolved", over[-1].cue


def _examined_away(group: list[Mention]) -> None:
    """A complaint that the examiner says is not there is negated; other negations leave it standing."""
    denied = [m.first for m in group if m.status == "negated" and m.examined]
    for m in group:
        if denied and m.status == "asserted" and not m.explicit and m.first < denied[-1]:
            m.status, m.cue = "negated", "not found on examination"


def _answered(mention: Mention, latest: dict[str | None, int], same: set[tuple[str | None, str]]) -> bool:
    """Does a recovery speak of this mention: not of the other side, and told after it or of the very same thing?"""
    for side, first in latest.items():
        if {mention.laterality, side} == {"L", "R"}:
            continue
        if first > mention.first or (side, mention.concept.id) in same:
            return True
    return False


def _indications(mentions: list[Mention], found: Matched, treatment_type: str) -> None:
    """What the treatment is for is an event only when new, worse or different."""
    changed = bool(found.attributes.get("nothing")) is False and any(
        hit.value == "changed" for hit in found.attributes.get("filler", ())
    )
    for mention in mentions:
        named = mention.concept.indication
        if named and treatment_type in named.split() and mention.status == "asserted" and not changed:
            if mention.concept.triage != "now" and mention.severity != "severe":
                mention.status, mention.cue = "historical", "indication of the treatment"
                mention.rule = f"{mention.rule} + indication"


def _finding(group: list[Mention], found: Matched, lexicon: Lexicon) -> Finding:
    """Join mentions of one sub-code and status: the gravest gives concept and words, sides are united."""
    lead = group[0] if len(group) == 1 else min(group, key=lambda m: _gravity(m, lexicon))
    words, concept = found.words, lead.concept
    start, end = words.starts[lead.first], words.ends[lead.last - 1]
    urgent, red_flag, severity, laterality, site = _of_one(lead) if len(group) == 1 else _of_several(group, lead)
    return Finding._make((
        concept.category, concept.subcode, lead.status, urgent, red_flag, _level(lead, lexicon), severity, laterality, site,
        start, end, words.text[start:end], f"{lead.rule} [{lead.cue}]" if lead.cue else lead.rule, _needs_review(lead),
        concept.event_class, lead.pattern, lead.confirmed, concept.id,
    ))  # fmt: skip


Stated = tuple[bool, bool, str | None, str | None, str | None]
"""Urgent, red flag, severity, side and site."""


def _of_one(mention: Mention) -> Stated:
    concept = mention.concept
    return concept.urgent, concept.red_flag, mention.severity, mention.laterality, mention.site


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


def _combine(findings: list[Finding], found: Matched, lexicon: Lexicon) -> list[Finding]:
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


def _nothing(found: Matched, lexicon: Lexicon) -> Finding:
    """`none` when the text says so, else `unknown`, which goes to review."""
    category, said = said_nothing(found, lexicon)
    return Finding(
        category, None, None, False, False, None, None, None, None, None, None, None,
        f"nothing: {said}" if said else None, category == "unknown", None, None, None,
    )  # fmt: skip

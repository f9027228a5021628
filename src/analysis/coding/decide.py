"""From mentions to findings: severity upgrades, local or distant weakness, chronology, triage combinations, one row per
sub-code and status, and what to say of a text in which nothing was found."""

from collections.abc import Iterable
from typing import NamedTuple

from analysis import taxonomy
from analysis.coding.chronology import set_in_order
from analysis.coding.companions import set_by_the_way, without_companions
from analysis.coding.concepts import Lexicon
from analysis.coding.findings import Finding, combined, joined
from analysis.coding.letters import WORD
from analysis.coding.mentions import Matched, Mention
from analysis.coding.nothing import said_nothing
from analysis.coding.place import set_pattern, treated_places
from analysis.coding.suffering import grade_by_suffering


class Asked(NamedTuple):
    """What is known of a text besides its words: areas and treatment type of its session, and the clinic's own severity field."""

    area: str | None = None
    treatment_type: str | None = None
    severity: str | None = None


def decide(found: Matched, lexicon: Lexicon, asked: Asked) -> list[Finding]:
    """Findings of one text, in order of position; a single `none` or `unknown` when there is none."""
    area, treatment_type = asked.area, asked.treatment_type
    mentions = found.mentions
    if not lexicon.conditional.isdisjoint([mention.concept.id for mention in mentions]):
        mentions = _supported(_alone(found, _firm(found, lexicon)))
    if asked.severity:
        _graded_by_field(mentions, asked.severity)
    codes = {mention.concept.subcode for mention in mentions}
    if not lexicon.pains.isdisjoint(codes):
        grade_by_suffering(found, mentions, lexicon.logic.bystander)
    for mention in mentions:
        if mention.severity == "severe":
            _upgrade(mention, lexicon)
    if len(mentions) > 1:
        mentions = _with_consequences(mentions, lexicon)
        set_in_order(mentions, lexicon)
        if not lexicon.lesser.isdisjoint(codes):
            mentions = without_companions(found, mentions, lexicon.gravers)
    if not lexicon.told_by_the_way.isdisjoint(codes):
        set_by_the_way(found, mentions, lexicon.by_the_way)
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
    if len(shown) == 1:
        findings = [joined(shown, found, lexicon)]
    else:
        findings = [joined(group, found, lexicon) for group in _groups(shown, lexicon)]
    if len(findings) > 1 or "serious" in found.attributes:
        findings = combined(findings, found, lexicon)
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


def _firm(found: Matched, lexicon: Lexicon) -> list[Mention]:
    """Leave out hints beside what is named; hints that are denied or somebody else's; proposals in a text that tells of nobody."""
    firm = [mention for mention in found.mentions if not mention.concept.hint]
    if len(firm) == len(found.mentions) or not lexicon.hints.beside.issuperset([m.concept.id for m in firm]):
        return firm
    tells = bool(found.told("telling"))
    cues = [hit.first for hit in found.cues if lexicon.cues[hit.value].status in taxonomy.STATUSES]
    return [
        m for m in found.mentions
        if not m.concept.hint or ((m.concept.review or not firm)
        and (tells or not m.concept.review)
        and m.status == "asserted" and not any(m.first <= place < m.last for place in cues))
    ]  # fmt: skip


def _alone(found: Matched, mentions: list[Mention]) -> list[Mention]:
    """Leave out words that tell of a finding only where nothing else is spoken of ("faint", but not "faint mark on the cheek")."""
    other = [mention for mention in mentions if not mention.concept.alone]
    if len(other) == len(mentions):
        return mentions
    if other or "site" in found.attributes:
        return other
    kinds = ("filler", "immediate", "terminator")
    hits = [*found.cues, *(hit for kind in kinds for hit in found.told(kind))]
    told = {index for hit in hits for index in hit.words()}
    words = found.words.words
    return [m for m in mentions if m.last - m.first > 1 or m.last in told or not _is_word(words[m.last])]


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
    if lexicon.helpers.isdisjoint([mention.concept.id for mention in mentions]):
        return mentions
    for rule in lexicon.rules.get("together", []):
        asserted = {m.concept.id for m in mentions if m.status in taxonomy.HAPPENED}
        if rule["helper"] in asserted and not asserted.isdisjoint(rule["with"]):
            for mention in mentions:
                if mention.concept.id == rule["helper"] and mention.status in taxonomy.HAPPENED:
                    mention.concept = lexicon.concepts[rule["becomes"]]
                    mention.rule = f"{mention.rule} + {rule['becomes']}"
                    mention.severity = mention.severity or rule.get("severity")
    return mentions


def _indications(mentions: list[Mention], found: Matched, treatment_type: str) -> None:
    """What the treatment is for is an event only when new, worse or different."""
    changed = bool(found.attributes.get("nothing")) is False and any(
        hit.value == "changed" for hit in found.told("filler")
    )
    for mention in mentions:
        named = mention.concept.indication
        if named and treatment_type in named.split() and mention.status == "asserted" and not changed:
            if mention.concept.triage != "now" and mention.severity != "severe":
                mention.status, mention.cue = "historical", "indication of the treatment"
                mention.rule = f"{mention.rule} + indication"


def _nothing(found: Matched, lexicon: Lexicon) -> Finding:
    """`none` when the text says so, else `unknown`, which goes to review."""
    category, said = said_nothing(found, lexicon)
    return Finding(
        category, None, None, False, False, None, None, None, None, None, None, None,
        f"nothing: {said}" if said else None, category == "unknown", None, None, None,
    )  # fmt: skip

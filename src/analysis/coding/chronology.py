"""What several mentions of one sub-code say of each other: recovery, and what an examiner did not find."""

from collections import defaultdict

from analysis.coding.concepts import Lexicon
from analysis.coding.mentions import Mention


def set_in_order(mentions: list[Mention], lexicon: Lexicon) -> None:
    """Several mentions of one sub-code: recovery closes the bare ones, a fresh or lasting one stays asserted."""
    groups: dict[str, list[Mention]] = defaultdict(list)
    for mention in mentions:
        groups[mention.concept.id if lexicon.apart else mention.concept.subcode].append(mention)
    for group in groups.values():
        if len(group) < 2:
            continue
        over = [m for m in group if m.status == "resolved"]
        latest = {m.laterality: m.last for m in over}
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
    for side, last in latest.items():
        if {mention.laterality, side} == {"L", "R"}:
            continue
        if last > mention.last or (side, mention.concept.id) in same:
            return True
    return False

"""Words that the rules of context ask for by what they tell."""

from typing import NamedTuple


class Logic(NamedTuple):
    """Words the rules of context ask for, as the lexicon writes them: what tells of earlier, of worse, of accidents, of now and
    of then; what a treatment is to take away, what only goes, how a finding is called again, and who suffers as well; then
    those by which whose.py follows who is meant, and earlier.py when.
    """

    earlier: frozenset[str] = frozenset()
    worse: frozenset[str] = frozenset()
    accident: frozenset[str] = frozenset()
    now: frozenset[str] = frozenset()
    then: frozenset[str] = frozenset()
    wished: frozenset[str] = frozenset()
    going: frozenset[str] = frozenset()
    it: frozenset[str] = frozenset()
    again: frozenset[str] = frozenset()
    bystander: frozenset[str] = frozenset()
    speaker: frozenset[str] = frozenset()
    owner: frozenset[str] = frozenset()
    patient: frozenset[str] = frozenset()
    she: frozenset[str] = frozenset()
    he: frozenset[str] = frozenset()
    determiner: frozenset[str] = frozenset()
    indefinite: frozenset[str] = frozenset()
    relating: frozenset[str] = frozenset()
    reporting: frozenset[str] = frozenset()
    seeing: frozenset[str] = frozenset()
    clinical: frozenset[str] = frozenset()
    opening: frozenset[str] = frozenset()
    verb: frozenset[str] = frozenset()
    kin: frozenset[str] = frozenset()
    treated: frozenset[str] = frozenset()
    own: frozenset[str] = frozenset()
    bygone: frozenset[str] = frozenset()
    having: frozenset[str] = frozenset()
    put_into: frozenset[str] = frozenset()
    asking: frozenset[str] = frozenset()
    cancelling: frozenset[str] = frozenset()
    lived: frozenset[str] = frozenset()
    past: frozenset[str] = frozenset()
    present: frozenset[str] = frozenset()
    pointing: frozenset[str] = frozenset()
    contrast: frozenset[str] = frozenset()

"""The sheets of a review file: their columns, what may be chosen, and the words beside each cell."""

from dataclasses import dataclass

from analysis import taxonomy
from analysis.review.decisions import DECISIONS
from analysis.schemas.vocabulary import OUTCOMES

SAFE = ("yes", "no")
NOTHING = ("none", "unknown")
"""Proposals that hold no finding."""


@dataclass(frozen=True)
class Col:
    """One column; `fill` marks those that the reviewer fills in, `choices` their drop-down."""

    key: str
    header: str
    width: int
    fill: bool = False
    help: str = ""
    choices: tuple[str, ...] = ()
    several: bool = False
    """Several values may stand in one cell, with a semicolon between them."""


@dataclass(frozen=True)
class SheetPlan:
    """One sheet: the kind of decision, its name, its columns, and the column that shows what stands now."""

    kind: str
    name: str
    columns: tuple[Col, ...]
    proposal: str | None

    @property
    def inputs(self) -> tuple[Col, ...]:
        """Columns to be filled in."""
        return tuple(col for col in self.columns if col.fill)


def subcode_choices() -> tuple[str, ...]:
    """`F1 Upper-eyelid ptosis / lid heaviness` and so on, in the order of the taxonomy; semicolons divide values."""
    return tuple(f"{code} {entry.label}".replace(";", ",") for code, entry in taxonomy.load_taxonomy().items())


_KEY = (
    Col("clinic", "Clinic", 14),
    Col("entry", "Entry", 16),
    Col("check", "Check", 12),
)
_PLACE = (Col("label", "Why here", 30), Col("reported", "Reported", 12), Col("words", "Words", 60))
_READ = (Col("evidence", "Evidence", 34), Col("rule", "Rule", 34))
_WHO = (
    Col(
        "why",
        "Reason",
        36,
        fill=True,
        help="Why, in your own words and without names. Needed unless you accept or leave open.",
    ),
    Col("reviewer", "Reviewer", 16, fill=True, help="Who decides: your name or initials, always the same."),
    Col("decided", "Date", 12, fill=True, help="The day you decide, as YYYY-MM-DD."),
)


def _decision(kind: str, help_text: str) -> Col:
    return Col("decision", "Decision", 18, fill=True, choices=DECISIONS[kind], help=help_text)


PLANS = (
    SheetPlan(
        "coding", "Codings",
        (
            *_KEY, *_PLACE, Col("own_code", "Clinic's own code", 18), Col("proposal", "Proposal", 44), *_READ,
            _decision(
                "coding",
                "accept: the proposal is right. change: fill in what it is instead. not an event: nothing happened. "
                "leave open: take back what was decided. An entry of level now or today stays listed until it is closed.",
            ),
            Col(
                "subcode", "New sub-code", 30, fill=True, choices=subcode_choices(), several=True,
                help="For change: the whole reading of the entry. Several with a semicolon: F1; B1",
            ),
            Col(
                "status", "New status", 16, fill=True, choices=taxonomy.STATUSES, several=True,
                help="One status, or one for each sub-code in the same order: asserted; resolved",
            ),
            Col(
                "severity", "New severity", 14, fill=True, choices=taxonomy.SEVERITIES, several=True,
                help="May stay empty. One, or one for each sub-code.",
            ),
            *_WHO,
        ),
        "proposal",
    ),
    SheetPlan(
        "link", "Links",
        (
            *_KEY, *_PLACE, Col("says", "The entry says", 34), Col("now", "Linked now", 44),
            _decision(
                "link", "accept: as it is linked now. link to session: choose one. unlink: it belongs to no session we know."
            ),
            Col("session", "Session", 44, fill=True, help="For link to session: choose, or type the number of a session of this clinic."),
            *_WHO,
        ),
        "now",
    ),
    SheetPlan(
        "merge", "Merges",
        (
            *_KEY, Col("part", "Sub-code", 10), *_PLACE, Col("beside", "Beside entry", 18), Col("now", "Counted now", 22),
            _decision("merge", "accept: as it is counted now. split episode: another happening. join: the same as another entry."),
            Col("join", "Join with entry", 18, fill=True, help="For join: the entry that tells of the same happening."),
            *_WHO,
        ),
        "now",
    ),
    SheetPlan(
        "entry", "Open entries",
        (
            *_KEY, Col("look", "Look", 8), Col("what", "What", 34), Col("status", "Status", 14), Col("reported", "Reported", 12),
            Col("due", "Contact due", 12), Col("words", "Words", 60), *_READ,
            _decision("entry", "close entry: the patient has been seen to; it leaves the first screen and stays in the history."),
            Col("safe", "Patient is safe", 14, fill=True, choices=SAFE, help="Needed to close: yes, unless the outcome is fatal."),
            Col("outcome", "Outcome", 16, fill=True, choices=OUTCOMES, help="Needed to close."),
            *_WHO,
        ),
        None,
    ),
)  # fmt: skip
BY_KIND = {plan.kind: plan for plan in PLANS}

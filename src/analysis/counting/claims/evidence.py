"""What the statements are held against: sessions with their exposures, and the episodes that were counted among them."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from analysis import taxonomy
from analysis.columnar.coded import Coded, coded
from analysis.columnar.taking import taken
from analysis.counting.clinics import Clinics, Places, marked, of_episodes
from analysis.counting.courses import session_rows, units
from analysis.counting.dated import dated
from analysis.counting.once import once
from analysis.schemas.order import groups

RECOVERED = ("recovered", "sequelae", "fatal")


@dataclass(frozen=True)
class Answer:
    """What one estimator found: effect with limits (missing where there is none), of how many, and which way it points.

    `filled`: share of rows in which the field it needs is filled (missing when it needs none). `points`: `supported` or
    `contradicted` when the limits decide; the follow-up and the field may still forbid the verdict. `why` says it in words.
    """

    n: int
    effect: float = np.nan
    lower: float = np.nan
    upper: float = np.nan
    method: str | None = None
    points: str | None = None
    filled: float = np.nan
    why: str = ""


@dataclass(frozen=True)
class Evidence:
    """`sessions`: one row per session of covered closed months; `episodes`: counted and linked ones of them, with times.

    `number` is the row of a session in `sessions`, `patient` a number, and `person` one for each patient of a clinic.

    `level` is the level of a single statement's limits, so that all of them hold together.
    """

    sessions: pd.DataFrame
    episodes: pd.DataFrame
    level: float
    rare: float

    def hits(self, claim: dict[str, Any], sessions: pd.DataFrame | None = None) -> pd.Series:
        """For each session: does it have a counted episode of the claim's category (and severities)."""
        subcode, number = self._numbers
        own = subcode.values.isin(subcodes(claim["category"])).to_numpy(dtype=bool)[subcode.codes]
        if "severities" in claim:
            own = own & self.episodes["severity"].isin(claim["severities"]).to_numpy(dtype=bool)
        rows = self.sessions if sessions is None else sessions
        there = marked(number[own], len(self.sessions))
        return pd.Series(there[rows["number"].to_numpy()], index=rows.index)

    @cached_property
    def _numbers(self) -> tuple[Coded, np.ndarray]:
        """Sub-code and session of each episode, looked at once for all statements."""
        return coded(self.episodes["subcode"]), self.episodes["number"].to_numpy()

    def of(self, claim: dict[str, Any]) -> pd.DataFrame:
        """Episodes of the claim's category; expected effects and effect complaints are no reactions."""
        return self.episodes[self.episodes["subcode"].isin(subcodes(claim["category"]))]


def plain_share(value: float) -> str:
    """A share as `52 %`."""
    return f"{value * 100:.0f} %"


def subcodes(category: str) -> frozenset[str]:
    """Sub-codes of a category of the taxonomy, of every `reaction`, or of the `skin`; a sub-code stands for itself."""
    table = taxonomy.load_taxonomy()
    if category in table:
        return frozenset([category])
    if category == "reaction":
        return frozenset(code for code, sub in table.items() if sub.event_class == "reaction")
    if category == "skin":
        return frozenset(code for code, sub in table.items() if sub.skin_related)
    return frozenset(code for code, sub in table.items() if sub.category == category and sub.event_class == "reaction")


def gather(counted: Clinics, *, months: Iterable[str], level: float, rare: float) -> Evidence:
    """The evidence of covered clinic-months among `months`."""
    every = _sessions(counted)
    kept = np.flatnonzero(dated(counted).within(months)[session_rows(counted)])
    own = every.take(kept).reset_index(drop=True)
    sessions = own.assign(number=np.arange(len(own)), person=pd.factorize(own["person"])[0])
    there, number = _linked_to(counted, kept)
    return Evidence(sessions, taken(_episodes(counted)[0], there).assign(number=number), level, rare)


def episodes_of(counted: Clinics, *, months: Iterable[str]) -> pd.DataFrame:
    """The episodes alone of `gather`."""
    kept = np.flatnonzero(dated(counted).within(months)[session_rows(counted)])
    there, number = _linked_to(counted, kept)
    return taken(_episodes(counted)[0], there).assign(number=number)


def _linked_to(counted: Clinics, kept: Places) -> tuple[Places, Places]:
    """The rows of `_episodes` whose session is among those kept, and its place there."""
    place = np.full(len(counted.treatments) + 1, -1, dtype=np.intp)
    place[session_rows(counted)[kept]] = np.arange(len(kept))
    number = place[_episodes(counted)[1]]
    there = np.flatnonzero(number >= 0)
    return there, number[there]


_WORDS = ("clinic", "area_group", "treatment_type", "areas", "product")


@once
def _sessions(counted: Clinics) -> pd.DataFrame:
    """All sessions in order of `units`, words as categories; `patient` is a number, `person` one for each patient of a clinic."""
    laid, row = units(counted, "sessions"), session_rows(counted)
    facts = ["blood_thinner", "stopped_7d", "dose_ratio", "areas", "product"]
    own = laid[["clinic", "asked", "area_group", "treatment_type"]].join(taken(counted.treatments[facts], row))
    own = own.assign(product=own["product"].fillna("unknown"))
    person = groups(laid, ["clinic", "patient"])
    return own.assign(
        **{name: _categories(own[name]) for name in _WORDS}, patient=coded(laid["patient"]).codes, person=person
    )


def _categories(words: pd.Series) -> pd.Series:
    """The same words as categories in their order."""
    of = coded(words)
    order = np.argsort(of.values.to_numpy(dtype=object), kind="stable")
    place = np.full(len(order) + 1, -1, dtype=np.int32)
    place[order] = np.arange(len(order))
    return pd.Series(pd.Categorical.from_codes(place[of.codes], of.values.take(order)), index=words.index)


@once
def _episodes(counted: Clinics) -> tuple[pd.DataFrame, Places]:
    """Counted linked episodes with `days` under observation, `recovered` and `known` (an outcome was written down); each one's session.

    Days run from onset (else treatment) to recovery, else to the last entry that says it was still there: nothing is known after it.
    """
    linked = of_episodes(counted)
    there = np.flatnonzero(counted.episodes["counted"].to_numpy() & (linked >= 0))
    laid, unit = units(counted, "sessions"), np.argsort(session_rows(counted))
    days, patient = (
        taken(counted.treatments[["treatment_date"]], linked[there]),
        taken(laid[["patient"]], unit[linked[there]]),
    )
    own = pd.concat([taken(counted.episodes, there), days, patient], axis=1)
    tagged = (
        counted.findings[counted.findings["final"]][["clinic", "episode_id", "event_id"]].dropna().drop_duplicates()
    )
    told = tagged.merge(
        counted.events[["clinic", "event_id", "reported_date", "outcome", "severity"]], on=["clinic", "event_id"]
    )
    own["severity"] = _graded(own, told)
    last = told.groupby(["clinic", "episode_id"])["reported_date"].max().rename("last_entry").reset_index()
    own = own.merge(last, on=["clinic", "episode_id"], how="left")
    start = own["onset_date"].fillna(own["treatment_date"])
    over = own["status"] == "resolved"
    end = own["resolved_date"].where(over).fillna(own["last_entry"]).fillna(own["reported_date"])
    stated = told[told["outcome"].notna() & (told["outcome"] != "unknown")][["clinic", "episode_id"]].drop_duplicates()
    known = over | pd.MultiIndex.from_frame(own[["clinic", "episode_id"]]).isin(pd.MultiIndex.from_frame(stated))
    return own.assign(days=(end - start).dt.days.clip(lower=0), recovered=over, known=known), linked[there]


def _graded(own: pd.DataFrame, told: pd.DataFrame) -> pd.Series:
    """Severity read from the words; else the entry's own field, where the entry tells of this one episode only."""
    order = {word: rank for rank, word in enumerate(taxonomy.SEVERITIES)}
    alone = told[~told.duplicated(["clinic", "event_id"], keep=False)]
    field = alone.assign(rank=alone["severity"].map(order)).groupby(["clinic", "episode_id"])["rank"].max()
    stated = field.reindex(pd.MultiIndex.from_frame(own[["clinic", "episode_id"]])).map(
        dict(enumerate(taxonomy.SEVERITIES))
    )
    return own["severity"].fillna(pd.Series(stated.to_numpy(), index=own.index, dtype="str"))

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

    `number` is the row of a session in `sessions`, `person` a number for each patient of a clinic.

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
    laid = units(counted, "sessions")
    kept = np.flatnonzero(dated(counted).within(months)[session_rows(counted)])
    own = taken(laid, kept).rename(columns={"unit_id": "session_id"})
    facts = ["blood_thinner", "stopped_7d", "dose_ratio", "product", "treatment_date", "areas"]
    sessions = pd.concat([own, taken(counted.treatments[facts], session_rows(counted)[kept])], axis=1)
    sessions = sessions.assign(number=np.arange(len(sessions)), person=groups(sessions, ["clinic", "patient"]))
    place = np.full(len(counted.treatments) + 1, -1, dtype=np.intp)
    place[session_rows(counted)[kept]] = np.arange(len(kept))
    episodes, linked = _episodes(counted)
    number = place[linked]
    there = np.flatnonzero(number >= 0)
    return Evidence(sessions, taken(episodes, there).assign(number=number[there]), level, rare)


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

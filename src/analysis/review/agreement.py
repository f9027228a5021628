"""Readings of the same entries by two reviewers, side by side."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import pandas as pd

from analysis import taxonomy
from analysis.review.decisions import LEAVE

_ON = ["clinic", "event_id", "content"]


@dataclass(frozen=True)
class Pair:
    """Two reviewers, and one row per entry that both read: clinic, event_id, and each one's readings as codes."""

    first: str
    second: str
    entries: pd.DataFrame

    def categories(self, who: str) -> list[frozenset[str]]:
        """Categories that happened, by the reading of `first` or `second`; `none` where nothing did."""
        table = taxonomy.load_taxonomy()
        sets = [
            frozenset(table[one["subcode"]].category for one in told if one["status"] in taxonomy.HAPPENED)
            for told in self.entries[who]
        ]
        return [one or frozenset({"none"}) for one in sets]

    def statuses(self, who: str) -> list[frozenset[str]]:
        """Statuses in the reading of `first` or `second`; empty where nothing was read."""
        return [frozenset(one["status"] for one in told) for told in self.entries[who]]

    def disagreements(self) -> pd.DataFrame:
        """Entries read differently: clinic, event_id, first, second (sub-codes with status, no words)."""
        codes = self.entries.assign(first=self.entries["first"].map(_codes), second=self.entries["second"].map(_codes))
        return codes.loc[codes["first"] != codes["second"], ["clinic", "event_id", "first", "second"]]


def reviewer_pairs(decisions: pd.DataFrame) -> Iterator[Pair]:
    """Every two reviewers who read the same content of the same entries, each by their own latest reading."""
    own = decisions[(decisions["kind"] == "coding") & (decisions["decision"] != LEAVE)]
    own = own.assign(who=own["reviewer"].str.casefold())
    own = own.sort_values(["decided", "number", "position"]).drop_duplicates([*_ON, "who"], keep="last")
    names = own.drop_duplicates("who").set_index("who")["reviewer"]
    for first, second in combinations(sorted(names.index), 2):
        one, other = (own.loc[own["who"] == who, [*_ON, "new"]] for who in (first, second))
        both = one.merge(other, on=_ON, suffixes=("_first", "_second"))
        if len(both):
            entries = both[["clinic", "event_id"]].assign(
                first=both["new_first"].map(json.loads), second=both["new_second"].map(json.loads)
            )
            yield Pair(str(names[first]), str(names[second]), entries)


def _codes(told: list[dict[str, str]]) -> str:
    return "; ".join(sorted(f"{one['subcode']} {one['status']}" for one in told)) or "none"

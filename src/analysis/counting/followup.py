"""Follow-up before comparison: how many patients were asked, and whose counts may stand beside whose."""

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.counting.clinics import Clinics
from analysis.counting.covered import in_covered
from analysis.counting.tallies import contacts_by_month

ENOUGH = 0.60
"""Below this share of sessions with a scheduled contact on days 10-28 no comparison is made."""
APART = 0.15
"""Two whose shares differ by more than this are not compared."""


def completeness(
    counted: Clinics, *, months: Iterable[str], by: Sequence[str] = ("clinic", "injector")
) -> pd.DataFrame:
    """Sessions of covered months, and how many have a documented scheduled contact on days 10-28, by `by`.

    Columns of `by`, `sessions`, `asked`, `share` (0-1) and `reason`. The share is missing where nothing about follow-up is
    recorded, or where only monthly totals are known: that says nothing about whether patients were asked.
    """
    chosen, every = frozenset(months), contacts_by_month(counted)
    own = every[every["covered"] & every["month"].isin(chosen)]
    kinds = {"asked": own["kind"] == "scheduled", "known": own["kind"] != "unknown"}
    counts = own[[*by, "sessions"]].assign(**{name: own["sessions"].where(kind, 0) for name, kind in kinds.items()})
    totals = counted.exposure_totals[[*dict.fromkeys((*by, "clinic", "month")), "sessions"]]
    totals = totals[in_covered(counted, totals) & totals["month"].isin(chosen)]
    both = pd.concat([counts, totals[[*by, "sessions"]].assign(asked=0, known=0)], ignore_index=True)
    table = both.groupby(list(by), sort=True)[["sessions", "asked", "known"]].sum().reset_index()
    recorded = table["known"] > 0
    reason = pd.Series("follow-up not recorded", index=table.index, dtype="str").mask(recorded)
    table = table.assign(share=(table["asked"] / table["sessions"]).where(recorded).astype("float64"), reason=reason)
    return table.astype({"sessions": "int64", "asked": "int64"})[[*by, "sessions", "asked", "share", "reason"]]


KINDS = ("scheduled", "other_days", "patient_initiated", "none", "unknown")
"""What is recorded about a session: a scheduled contact on days 10-28, one on other days, the patient came by herself, none, nothing."""


def mix(counted: Clinics, *, months: Iterable[str]) -> pd.DataFrame:
    """Sessions of covered months by clinic and kind of follow-up, in the order of `KINDS`: `sessions`.

    Of clinics with a list of sessions: who sends monthly totals records no follow-up and has no row. `scheduled` is what
    `courses.asked` calls asked, so that the shares of pages and comparisons are the same.
    """
    every = contacts_by_month(counted)
    own = every[every["covered"] & every["month"].isin(frozenset(months))]
    counts = own.groupby(["clinic", "kind"])["sessions"].sum()
    wanted = pd.MultiIndex.from_product([sorted(set(own["clinic"])), KINDS], names=["clinic", "kind"])
    table = counts.reindex(wanted, fill_value=0).reset_index()
    return table.astype({"clinic": "str", "kind": "str", "sessions": "int64"})


def comparable(shares: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    """Who may stand beside whom: both shares at least `ENOUGH`, at most `APART` apart, and nobody beside himself."""
    enough = shares >= ENOUGH
    close = np.abs(shares[:, None] - shares[None, :]) <= APART + 1e-9
    both = enough[:, None] & enough[None, :] & close
    np.fill_diagonal(both, False)
    return both

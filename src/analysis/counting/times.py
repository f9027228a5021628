"""When reactions begin, how long they last and how severe they are said to be, by category of the taxonomy."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from analysis import taxonomy
from analysis.counting.claims.evidence import episodes_of, subcodes
from analysis.counting.claims.shares import recovered_by
from analysis.counting.clinics import Clinics

DAYS = (7, 14, 28, 56, 84)
"""Days after onset at which the share recovered is said."""
FEWEST = 5
"""Under this many episodes a category has counts and neither median nor share."""
GRADES = (*taxonomy.SEVERITIES, "not stated")
LEVEL = 0.95
_TOO_FEW = f"under {FEWEST} episodes"


def evidence_by_category(counted: Clinics, months_of: Mapping[str, Sequence[str]]) -> dict[str, pd.DataFrame]:
    """For each category its counted, linked reactions of covered sessions in the months given for it (closed ones, for whoever calls).

    Rows as `claims.evidence` lays them: with `treatment_date`, `days` under observation since onset, `recovered`, `known` (an
    outcome was written down) and `severity`.
    """
    found: dict[tuple[str, ...], pd.DataFrame] = {}
    episodes = {}
    for category, months in months_of.items():
        key = tuple(months)
        if key not in found:
            found[key] = episodes_of(counted, months=key)
        own = found[key]
        episodes[category] = own[own["subcode"].isin(subcodes(category))].reset_index(drop=True)
    return episodes


def onset_by_category(episodes: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Days from treatment to onset by category: `episodes`, `dated` (onset recorded, not before treatment), `median`, `q1`, `q3`, `latest`.

    Quartiles by linear interpolation; missing with a `reason` under five dated episodes.
    """
    rows = []
    for category, own in episodes.items():
        days = _onset(own)
        enough = len(days) >= FEWEST
        q1, median, q3 = np.quantile(days, [0.25, 0.5, 0.75]) if enough else (np.nan,) * 3
        rows.append({
            **_head(category), "episodes": len(own), "dated": len(days), "median": median, "q1": q1, "q3": q3,
            "latest": float(days.max()) if enough else np.nan,
            "reason": None if enough else f"{_TOO_FEW} with a day of onset",
        })  # fmt: skip
    return _typed(rows, ("episodes", "dated"), ("median", "q1", "q3", "latest"))


def onset_days_by_category(episodes: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """How many episodes began on each day after treatment, by category: `day`, `episodes`."""
    rows = [
        {**_head(category), "day": int(day), "episodes": int(n)}
        for category, own in episodes.items()
        for day, n in _onset(own).value_counts().sort_index().items()
    ]
    return _typed(rows, ("day", "episodes"), (), reason=False)


def recovery_by_category(episodes: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Share recovered by each of `DAYS` after onset (else treatment) by category: `share`, `lower`, `upper`, 0-1, two-sided 95 %.

    Kaplan-Meier, patients as clusters (`claims.shares.recovered_by`); an open case is under observation until the last entry that
    says it was still there. `episodes`, `recovered` and `known` (an outcome was written down) count all of the category, `followed`
    those under observation on the day or recovered, on whatever day. The share is missing with a `reason` under five episodes and
    beyond the last day anybody was followed.
    """
    rows = []
    for category, own in episodes.items():
        timed = own.dropna(subset=["days"])
        for day in DAYS:
            share = lower = upper = np.nan
            if enough := len(timed) >= FEWEST:
                share, lower, upper = recovered_by(
                    timed["days"], timed["recovered"], day, patients=timed["patient"], level=LEVEL
                )
            rows.append({
                **_head(category), "day": day, "episodes": len(timed), "recovered": int(timed["recovered"].sum()),
                "known": int(timed["known"].sum()), "followed": int((timed["recovered"] | (timed["days"] >= day)).sum()),
                "share": share, "lower": lower, "upper": upper,
                "reason": _TOO_FEW if not enough else "nobody followed so long" if np.isnan(share) else None,
            })  # fmt: skip
    return _typed(rows, ("day", "episodes", "recovered", "known", "followed"), ("share", "lower", "upper"))


def severity_by_category(episodes: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Episodes by category and severity, `grade` in the order of `GRADES`; what nobody graded is not mild, it is not stated."""
    rows = [
        {**_head(category), "grade": grade, "episodes": int((own["severity"].fillna(GRADES[-1]) == grade).sum())}
        for category, own in episodes.items()
        for grade in GRADES
    ]
    return _typed(rows, ("episodes",), (), reason=False, texts=("grade",))


def _onset(own: pd.DataFrame) -> pd.Series:
    days = (own["onset_date"] - own["treatment_date"]).dt.days.dropna()
    return days[days >= 0].astype("int64")


def _head(category: str) -> dict[str, object]:
    return {"category": category, "label": taxonomy.CATEGORY_LABELS[category]}


def _typed(
    rows: list[dict[str, object]], whole: Sequence[str], numbers: Sequence[str], *, reason: bool = True, texts: Sequence[str] = ()
) -> pd.DataFrame:  # fmt: skip
    named = ("category", "label", *texts, *(["reason"] if reason else []))
    kinds = dict.fromkeys(named, "str") | dict.fromkeys(whole, "int64") | dict.fromkeys(numbers, "float64")
    return pd.DataFrame(rows, columns=list(rows[0]) if rows else list(kinds)).astype(kinds)

"""Page one's table: each measure's newest closed month beside what is usual and the same month last year."""

from collections.abc import Mapping

import pandas as pd

from analysis.counting.prediction import chance_noticed, usual_range
from analysis.measures import Measure
from analysis.periods import shift

SHOWN = ("any_reaction", "lid_droop", "other_facial", "away_from_face", "severe_local", "bruise")
ENOUGH_ASKED = 0.8


def headline(
    monthly: pd.DataFrame,
    measures: Mapping[str, Measure],
    *,
    month: str,
    usual_months: int,
    followed: float | None,
    covered: Mapping[str, frozenset[str]],
) -> pd.DataFrame:
    """One row per measure of page one: its rate in the newest closed month up to `month`, and the range that would be usual.

    `monthly` are the rates by month. The usual range is the 95 % prediction range from the `usual_months` closed months before
    with data; missing with fewer than that. A measure that depends on asking is hidden where `followed`, the share of sessions
    with scheduled follow-up, is under 0.8. `covered` names the clinics that count in each month: the same month last year is
    given only where they are the same.
    """
    rows = []
    for name in SHOWN:
        measure = measures[name]
        own = monthly[(monthly["measure"] == name) & (monthly["month"] <= month)]
        closed = own[~own["provisional"]]
        hidden = measure.asks and (followed is None or followed < ENOUGH_ASKED)
        newest = closed["month"].max() if len(closed) else None
        rows.append(
            {
                **(closed[closed["month"] == newest].iloc[0].to_dict() if newest else {"measure": name, "label": measure.label}),
                "sessions_label": f"of {measure.denominator}", "shown": not hidden,
                "hidden_reason": f"shown from {100 * ENOUGH_ASKED:.0f} % scheduled follow-up" if hidden else None,
                **(_usual(closed, newest, usual_months) if newest else {}), **(_year_before(own, newest, covered) if newest else {}),
            }
        )  # fmt: skip
    columns = [*monthly.columns, "sessions_label", "usual_lower", "usual_upper", "before_month", "before_numerator",
               "before_denominator", "shown", "hidden_reason"]  # fmt: skip
    return pd.DataFrame(rows).reindex(columns=columns)


def usual_counts(closed: pd.DataFrame, newest: str, usual_months: int) -> tuple[int, int] | None:
    """Events and sessions of the `usual_months` closed months with data before `newest`; missing with fewer."""
    before = closed[(closed["month"] < newest) & closed["rate"].notna()].sort_values("month").tail(usual_months)
    if len(before) < usual_months:
        return None
    return int(before["numerator"].sum()), int(before["denominator"].sum())


def _usual(closed: pd.DataFrame, newest: str, usual_months: int) -> dict[str, int]:
    counts = usual_counts(closed, newest, usual_months)
    sessions = closed.loc[closed["month"] == newest, "denominator"].iloc[0]
    if counts is None or pd.isna(sessions):
        return {}
    limits = usual_range(*counts, next_sessions=int(sessions))
    return dict(zip(("usual_lower", "usual_upper"), limits, strict=True)) if limits else {}


def _year_before(own: pd.DataFrame, newest: str, covered: Mapping[str, frozenset[str]]) -> dict[str, object]:
    month = shift(newest, -12)
    row = own[own["month"] == month]
    if row.empty or covered.get(month) != covered.get(newest):
        return {"before_month": month}
    return {
        "before_month": month,
        "before_numerator": row["numerator"].iloc[0],
        "before_denominator": row["denominator"].iloc[0],
    }


def power(
    table: pd.DataFrame, monthly: pd.DataFrame, *, measure: str, ratio: float, usual_months: int
) -> dict[str, object] | None:
    """Chance that a month at `ratio` times the usual rate would have stood out; missing where nothing is usual yet."""
    row = table[table["measure"] == measure]
    if row.empty or row["usual_upper"].isna().all():
        return None
    newest, sessions = row["month"].iloc[0], int(row["denominator"].iloc[0])
    own = monthly[(monthly["measure"] == measure) & ~monthly["provisional"]]
    counts = usual_counts(own, newest, usual_months)
    if counts is None or counts[0] == 0:
        return None
    rate = counts[0] / counts[1]
    chance = chance_noticed(int(row["usual_upper"].iloc[0]), sessions=sessions, rate=rate, ratio=ratio)
    return {
        "measure": measure, "label": row["label"].iloc[0], "sessions": sessions, "usual_rate": rate, "ratio": ratio, "chance": chance
    }  # fmt: skip

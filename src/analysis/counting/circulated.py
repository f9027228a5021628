"""What leaves the director's desk, in frames: counts of a closed period for everybody, counts by clinic and O/E by code for a committee.

Nothing here hides a count that a reader of one table alone could see; what is hidden, and why, is in each docstring.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

import pandas as pd

from analysis import periods, taxonomy
from analysis.columnar.calendar import month_names
from analysis.counting.attribution import unlinked_episodes
from analysis.counting.clinics import Clinics
from analysis.counting.covered import covered_of
from analysis.counting.summaries import TYPE_LABELS
from analysis.resources import read_rows, resource

FEWEST_PEOPLE = 3
"""No figure of fewer injectors than this, and none beside which fewer others stand."""
FEWEST_EXPECTED = 5.0
LONGEST_FOLLOW_UP = 150
OTHER_CLINICS, GROUP = "Other clinics together", "All clinics"
_SEVERAL, _UNKNOWN = "several", "unknown"


def closed_period(month: str, *, of: str, data_cut: date) -> tuple[str, str] | None:
    """First and last month of the newest quarter or year up to `month` of which no entry can arrive any more (hair: 150 days)."""
    size = {"quarter": 3, "year": 12}[of]
    last = month
    while int(last[5:]) % size or periods.is_provisional(last, follow_up_days=LONGEST_FOLLOW_UP, data_cut=data_cut):
        last = periods.shift(last, -1)
        if last < "1990-01":
            return None
    return periods.shift(last, 1 - size), last


def period_tables(clinics: Clinics, *, first: str, last: str) -> dict[str, dict[str, int]]:
    """Counted reactions of a period by category, treatment type and area: three partitions of the same episodes, fixed rows.

    A session of several areas is under `several`. Clinic-months without both logs are left out.
    """
    episodes = clinics.episodes[clinics.episodes["counted"] & (clinics.episodes["class"] == "reaction")]
    sessions = clinics.treatments.assign(month=month_names(clinics.treatments["treatment_date"]))
    linked = episodes.merge(
        sessions[["clinic", "session_id", "month", "treatment_type", "areas"]], on=["clinic", "session_id"]
    )
    loose = unlinked_episodes(episodes, clinics.findings, clinics.events).rename(columns={"area": "areas"})
    loose = loose.merge(episodes[["clinic", "episode_id", "category"]], on=["clinic", "episode_id"])
    columns = ["clinic", "month", "category", "treatment_type", "areas"]
    cases = pd.concat([linked[columns], loose[columns]], ignore_index=True)
    whole = pd.MultiIndex.from_frame(cases[["clinic", "month"]]).isin(covered_of(clinics))
    cases = cases[whole & cases["month"].between(first, last)]
    areas = cases["areas"].fillna(_UNKNOWN).map(lambda text: _SEVERAL if ";" in text else text)
    return {
        "category": _counts(cases["category"], taxonomy.CATEGORIES),
        "treatment_type": _counts(cases["treatment_type"].fillna(_UNKNOWN), TYPE_LABELS),
        "area": _counts(areas, area_labels()),
    }


def area_labels() -> dict[str, str]:
    """Areas in their fixed order, then several and not recorded."""
    known = {row["area"]: row["label"] for row in read_rows(resource("intake/areas.csv"))}
    return {**known, _SEVERAL: "Several areas", _UNKNOWN: "Not recorded"}


def _counts(values: pd.Series, fixed: Iterable[str]) -> dict[str, int]:
    names = list(fixed)
    counts = values.where(values.isin(names), _UNKNOWN).value_counts()
    return {name: int(counts.get(name, 0)) for name in names}


def clinic_counts(table: pd.DataFrame, people: Mapping[str, int]) -> pd.DataFrame:
    """Counts (measure, label, clinic, numerator, denominator) of the group and of each clinic of three injectors or more.

    The others stand together, with the smallest of the rest beside them while they are fewer than three: a clinic's counts must
    not be those of one or two people, nor be what is left when the others are taken from the group.
    """
    order = sorted(set(table["clinic"]), key=lambda name: (people.get(name, 0), name))
    together = [name for name in order if people.get(name, 0) < FEWEST_PEOPLE]
    rest = [name for name in order if name not in together]
    while together and rest and sum(people.get(name, 0) for name in together) < FEWEST_PEOPLE:
        together.append(rest.pop(0))
    if not rest:
        together = order
    named = table.assign(clinic=table["clinic"].where(~table["clinic"].isin(together), OTHER_CLINICS))
    keys, counts = ["measure", "label", "clinic"], ["numerator", "denominator"]
    parts = [named if rest else named.iloc[:0], table.assign(clinic=GROUP)]
    summed = pd.concat(parts).groupby(keys, sort=False)[counts].sum(min_count=1).reset_index()
    place = {name: n for n, name in enumerate([*sorted(rest), OTHER_CLINICS, GROUP])}
    measures = {name: n for n, name in enumerate(dict.fromkeys(table["measure"]))}
    by = summed.assign(_m=summed["measure"].map(measures), _c=summed["clinic"].map(place)).sort_values(["_m", "_c"])
    return by[[*keys, *counts]].reset_index(drop=True)


def ratios_by_code(
    oe: pd.DataFrame, codes: Sequence[str], *, shares: Callable[[str, int], Sequence[float]]
) -> pd.DataFrame:
    """`code`, `observed`, `expected`, `ratio` of units with at least 5 expected, in order of code; none where under three are left.

    `oe` has observed and expected, one row per unit. As they stand, both are as large as somebody's list is long, and a ratio of few
    cases strays farther from 1: a rota would tell whose each is. So everybody is brought to the same number expected, the smallest
    of those listed (whole cases), by counting a sample of the cases: each is taken with probability least ÷ expected. A Poisson
    count thinned like this is one with `least` expected times the same true ratio, so beyond that ratio nothing is told; it is as
    uncertain as the shortest list's. `shares` gives numbers from 0 to 1 for a code, the same each time, so that one year's files agree.
    """
    kept = oe.assign(code=list(codes))
    kept = kept[(kept["expected"] >= FEWEST_EXPECTED) & kept["ratio"].notna()]
    if len(kept) < FEWEST_PEOPLE:
        kept = kept.iloc[:0]
    least = int(kept["expected"].min()) if len(kept) else 0
    counted = [
        sum(share < least / expected for share in shares(code, int(observed)))
        for code, observed, expected in kept[["code", "observed", "expected"]].itertuples(index=False)
    ]
    shown = pd.DataFrame(
        {"code": kept["code"].astype("str"), "observed": pd.Series(counted, index=kept.index, dtype="int64"), "expected": least}
    )  # fmt: skip
    shown["ratio"] = (shown["observed"] / shown["expected"]).astype("float64")
    return shown.sort_values("code", ignore_index=True)

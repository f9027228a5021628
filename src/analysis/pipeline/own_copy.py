"""What an injector gets of a month: own sessions, cases, follow-up and O/E beside one figure of the group."""

import pandas as pd

from analysis import periods, taxonomy
from analysis.counting import circulated
from analysis.counting.attribution import unlinked_episodes
from analysis.counting.casemix import observed_expected
from analysis.counting.exposure import grid
from analysis.counting.followup import completeness
from analysis.counting.rates import rates
from analysis.errors import UsageError
from analysis.measures import POOLED, load_measures, window_months
from analysis.pipeline.asked import Asked, Found


def own_copy(asked: Asked) -> Found:
    """Frames and facts for the injector named in the audience.

    Raises `UsageError` where no such code is known.
    """
    code = asked.audience.partition(":")[2]
    injectors = asked.chosen.frames["injectors"]
    own = injectors[injectors["code"] == code]
    if own.empty:
        raise UsageError(f"There is no injector {code} here. The director's report lists the codes.")
    clinic, name = own.iloc[0][["clinic", "injector"]]
    window, measures, counted = asked.closed()[-window_months() :], load_measures(), asked.chosen.counted()

    def mine(frame: pd.DataFrame) -> pd.DataFrame:
        return frame[(frame["clinic"] == clinic) & (frame["injector"] == name)]

    base = grid(counted, measures.values())
    total = base[(base["measure"] == POOLED) & (base["month"] <= asked.month)]
    sessions = mine(total).groupby("month")["sessions"].sum().reset_index()
    compared = {id: measure for id, measure in measures.items() if measure.compared}
    oe = mine(observed_expected(counted, compared, months=window))
    # what is expected, and how often is asked, is what the colleagues saw and did: of one or two of them it would tell each
    few = oe["compared_with"] + oe["not_comparable"] < circulated.FEWEST_PEOPLE
    few |= (oe["compared_with"] < circulated.FEWEST_PEOPLE) & oe["expected"].notna()
    for column in ("expected", "ratio", "lower", "upper"):
        oe[column] = oe[column].mask(few)
    # own courses and cases are the injector's to know, whether or not they can be compared
    oe = oe.assign(
        courses=oe["crude_courses"], observed=oe["observed"].where(oe["expected"].notna(), oe["crude_observed"])
    )
    oe["reason"] = oe["reason"].mask(few, f"withheld: fewer than {circulated.FEWEST_PEOPLE} colleagues to compare with")
    oe = oe.assign(label=[measures[id].label for id in oe["measure"]])
    people = total.loc[
        (total["sessions"] > 0) & (total["injector"] != "unknown"), ["clinic", "injector"]
    ].drop_duplicates()
    enough = len(people) - len(mine(people)) >= circulated.FEWEST_PEOPLE
    figure = rates(total[total["month"].isin(window)].assign(all="group"), {POOLED: measures[POOLED]}, by=["all"])
    return (
        {
            "own_sessions": sessions[sessions["month"] >= (window[0] if window else "")],
            "own_cases": _cases(asked, clinic, name),
            "own_followup": mine(completeness(counted, months=window)),
            "own_ratios": oe,
            "group_figure": figure if enough else figure.iloc[:0],
        },
        {
            "code": code,
            "period_first": window[0] if window else None,
            "period_last": window[-1] if window else None,
        },
    )


def _cases(asked: Asked, clinic: str, name: str) -> pd.DataFrame:
    """The injector's own counted episodes of the last twelve months and this one, newest first: no patient, no words.

    Own are those linked to a session of the injector and those without a session whose first entry names the injector.
    """
    frames = asked.chosen.frames
    episodes = frames["episodes"][frames["episodes"]["counted"]]
    sessions = frames["treatments"][["clinic", "session_id", "treatment_date", "injector"]]
    linked = episodes.merge(sessions, on=["clinic", "session_id"])
    free = unlinked_episodes(episodes, frames["findings"], frames["events"])
    free = episodes.merge(free[["clinic", "episode_id", "treatment_date", "injector"]], on=["clinic", "episode_id"])
    cases = pd.concat([linked, free], ignore_index=True)
    cases = cases[(cases["clinic"] == clinic) & (cases["injector"] == name)]
    month = cases["reported_date"].fillna(cases["onset_date"]).dt.strftime("%Y-%m")
    cases = cases[month.between(periods.shift(asked.month, -window_months()), asked.month)]
    labels = {code: entry.label for code, entry in taxonomy.load_taxonomy().items()}
    cases = cases.assign(
        treatment_month=cases["treatment_date"].dt.strftime("%Y-%m"), label=cases["subcode"].map(labels),
        reported_date=cases["reported_date"].dt.strftime("%Y-%m-%d"),
    )  # fmt: skip
    return cases.sort_values(["reported_date", "label"], ascending=[False, True], ignore_index=True)

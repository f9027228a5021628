"""One spelling per injector and clinic, whatever order or how often the files came in."""

import pandas as pd

from analysis.columnar.coded import Coded
from analysis.intake.values import injector_key
from analysis.schemas.order import firsts, groups

_NAMED = ["clinic", "injector"]
_Best = dict[tuple[str, str], str]


def one_spelling(events: pd.DataFrame, *logs: pd.DataFrame) -> None:
    """Give each (clinic, folded name) one spelling, in place: the treatment logs' most usual one, else the events'.

    Usual is what stands on most different days, so that a file delivered twice does not count twice; ties by alphabet.
    """
    best = _best([(log, "month" if "month" in log else "treatment_date") for log in logs])
    dated = events.assign(_day=events["reported_date"].fillna(events["onset_date"]).fillna(events["treatment_date"]))
    best = _best([(dated, "_day")]) | best
    for frame in (events, *logs):
        _respell(frame, best)


def _best(sources: list[tuple[pd.DataFrame, str]]) -> _Best:
    days = [frame[_NAMED].take(firsts(groups(frame, [*_NAMED, day]))) for frame, day in sources]
    counted = pd.concat(days).value_counts().reset_index(name="n")
    counted["key"] = counted["injector"].map(injector_key)
    counted = counted.sort_values(["n", "injector"], ascending=[False, True], kind="stable")
    return counted.drop_duplicates(["clinic", "key"]).set_index(["clinic", "key"])["injector"].to_dict()


def _respell(frame: pd.DataFrame, best: _Best) -> None:
    named = groups(frame, _NAMED)
    pairs = frame[_NAMED].take(firsts(named))
    spelled = [best.get((c, injector_key(n)), n) if n != "unknown" else n for c, n in pairs.itertuples(index=False)]
    frame["injector"] = Coded(named, pairs["injector"]).spread(pd.Series(spelled, dtype="str")).column(frame.index)

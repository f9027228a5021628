"""What a month's page and notebooks hold beyond rates: the article's statements, how long reports take, and lots."""

from collections.abc import Mapping, Sequence
from datetime import date

import pandas as pd

from analysis.counting.claims import article_claims
from analysis.counting.lag import lag_by_clinic, provisional_months
from analysis.counting.lots import lots
from analysis.measures import Measure, lot_measures
from analysis.pipeline.selection import Selection


def answer_frames(
    chosen: Selection,
    measures: Mapping[str, Measure],
    *,
    closed: Mapping[str, Sequence[str]],
    window: Sequence[str],
    month: str,
    cut: date,
) -> dict[str, pd.DataFrame]:
    """`article_claims` of every month `closed` for the measure of a statement (else any reaction), `lag_by_clinic`,
    , `provisional_months` up to `month`, and `lots` of the closed window.

     Injectors stand as their codes in `lots`; a lot's row has 'all' there.
    """
    counted = chosen.counted()
    months = sorted(own for own in set(chosen.frames["coverage"]["month"]) if own <= month)
    table = lots(counted, lot_measures(), months=window)
    codes = chosen.frames["injectors"].set_index(["clinic", "injector"])["code"]
    coded = codes.reindex(pd.MultiIndex.from_frame(table[["clinic", "injector"]])).to_numpy()
    everyone = table["injector"] == "all"
    table = table.assign(injector=table["injector"].where(everyone, pd.Series(coded, index=table.index, dtype="str")))
    return {
        "article_claims": article_claims(counted, months=closed["any_reaction"], months_of=closed),
        "lag_by_clinic": lag_by_clinic(counted, measures, cut=cut),
        "provisional_months": provisional_months(counted, measures, months=months, cut=cut),
        "lots": table[table["injector"].notna()].rename(columns={"injector": "code"}).reset_index(drop=True),
    }

"""Whether clinics follow up alike is told by sessions whose days 10-28 are over."""

from datetime import date

import pandas as pd
import pytest

from analysis.pipeline.signals import asked_share


def test_sessions_that_could_not_have_been_followed_up_yet_lower_no_share():
    days = pd.to_datetime(["2026-02-01", "2026-03-03", "2026-03-04", "2026-03-30"])
    kinds = ["scheduled", "none", "none", "none"]
    asked = [kind == "scheduled" for kind in kinds]
    by_day = pd.DataFrame({"clinic": "A", "treatment_date": days, "sessions": 1, "asked": asked, "recorded": 1})
    assert asked_share(by_day, "2026-03", until=date(2026, 3, 31)) == {"A": pytest.approx(0.5)}
    assert asked_share(by_day, "2026-03", until=date(2026, 4, 30)) == {"A": pytest.approx(0.25)}

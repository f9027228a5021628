"""What a month's page holds about onset, recovery, severity and follow-up, over the closed window."""

from collections.abc import Mapping, Sequence

import pandas as pd

from analysis import taxonomy
from analysis.counting import times
from analysis.counting.followup import mix
from analysis.pipeline.selection import Selection


def time_frames(
    chosen: Selection, *, window: Sequence[str], closed: Mapping[str, Sequence[str]]
) -> dict[str, pd.DataFrame]:
    """Frames by category and `followup_mix_by_clinic`. Hair changes come late: theirs are of the months that are `closed` for them."""
    counted = chosen.counted()
    months_of = {name: list(window) for name in taxonomy.CATEGORIES}
    months_of["hair_skin"] = [month for month in window if month in set(closed["hair"])]
    episodes = times.evidence_by_category(counted, months_of)
    return {
        "onset_by_category": times.onset_by_category(episodes),
        "onset_days_by_category": times.onset_days_by_category(episodes),
        "recovery_by_category": times.recovery_by_category(episodes),
        "severity_by_category": times.severity_by_category(episodes),
        "followup_mix_by_clinic": mix(counted, months=window),
    }

"""Sessions to courses: a patient's index session and its touch-ups."""

import numpy as np
import pandas as pd

from analysis.schemas.order import groups

COURSE_DAYS = 28


def add_courses(sessions: pd.DataFrame) -> pd.DataFrame:
    """Add `course_id` and `touch_up`: sessions of one patient and type within 28 days of the course's first session.

    `sessions` come by clinic and session id, so that of two on one day the same one always leads. `person` numbers patients.
    """
    who = groups(sessions, ["clinic", "person", "treatment_type"])
    days = sessions["treatment_date"].to_numpy().astype("datetime64[D]").astype(np.int64)
    order = np.lexsort([days, who])
    leads = _leads(who[order], days[order], sessions["patient_key"].notna().to_numpy()[order])
    began = np.empty(len(order), dtype=np.int64)
    began[order] = order[leads]
    course = sessions["session_id"].array.take(began)
    return sessions.assign(course_id=course, touch_up=began != np.arange(len(order)))


def _leads(who: np.ndarray, days: np.ndarray, known: np.ndarray) -> np.ndarray:
    """For sessions by patient and day the position of the one that each one's course began with.

    Only a session that follows another of its patient within 28 days needs a look; every other one begins a course.
    """
    leads = np.arange(len(who))
    near = (who[1:] == who[:-1]) & known[1:] & (np.diff(days) <= COURSE_DAYS)
    last = start = -1
    for n in (1 + np.flatnonzero(near)).tolist():
        if last != n - 1:
            start = n - 1
        last, after = n, days[n] - days[start]
        if 0 < after <= COURSE_DAYS:
            leads[n] = start
        elif after:
            start = n
    return leads

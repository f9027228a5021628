"""Findings to episodes: what happened once to one patient. Every count of events is a count of episodes."""

from datetime import date

import numpy as np
import pandas as pd

from analysis import taxonomy
from analysis.columnar.hashed import hashed, ids_of
from analysis.columnar.runs import Runs
from analysis.counting.merges import corrected_ids
from analysis.resources import read_rows, resource
from analysis.schemas.order import groups, looked_up, order_of

_RECOVERED = ("recovered", "sequelae")
_USED = [
    "clinic", "event_id", "session_id", "category", "subcode", "class", "status", "severity", "laterality", "triage", "urgent", "red_flag",
    "in_window", "treatment_date", "onset_date", "reported_date", "resolved_date", "outcome",
]  # fmt: skip
_RANK = {"triage": taxonomy.TRIAGE, "severity": taxonomy.SEVERITIES[::-1], "status": taxonomy.WATCHED}


def build_episodes(
    findings: pd.DataFrame, events: pd.DataFrame, *, data_cut: date, merges: pd.DataFrame | None = None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Episodes, and the findings with their `episode_id`.

    Final findings of one linked session and sub-code are one episode. Unlinked ones join by patient and sub-code when their
    treatment (else onset, else report) lies within the sub-code's window of the episode's first; without a patient by clinic,
    date and injector; an entry with neither stands alone. Onset is the earliest, recovery the last with nothing asserted after.
    `pressing_event_id` and `pressing_since` name the first entry that reached the episode's level and its day, so that an entry
    that makes things worse is listed under its own name and date.
    `merges` are a person's corrections (clinic, event_id, subcode, with_event): that finding is held apart, or joined with the same
    finding of another entry.
    Statuses that make no episode (negated, historical, hypothetical, other person) keep a missing `episode_id`.
    """
    facts = events[
        ["clinic", "event_id", "session_id", "patient_key", "treatment_date", "injector", "onset_date", "reported_date",
         "resolved_date", "outcome"]
    ]  # fmt: skip
    rows = findings.reset_index(drop=True).merge(facts, on=["clinic", "event_id"], how="left", validate="many_to_one")
    makes = rows["final"] & rows["status"].isin(taxonomy.WATCHED)
    ids = _episode_ids(rows)
    if merges is not None and len(merges):
        ids = corrected_ids(rows, ids, merges)
    tagged = findings.reset_index(drop=True).assign(episode_id=ids.where(makes))
    if not makes.any():
        return pd.DataFrame(columns=["clinic", "episode_id"]), tagged
    return _summarise(rows.loc[makes, _USED].assign(episode_id=ids[makes]), data_cut), tagged


def _episode_ids(rows: pd.DataFrame) -> pd.Series:
    linked = rows["session_id"]
    by_patient = "patient " + rows["patient_key"] + " " + _first_of_run(rows)
    by_date = "date " + rows["treatment_date"].dt.strftime("%Y-%m-%d").astype("str") + " " + rows["injector"]
    who = linked.fillna(by_patient).fillna(by_date).fillna("entry " + rows["event_id"])
    return ids_of("P", hashed([rows["clinic"], who, rows["subcode"]])).set_axis(rows.index)


def _first_of_run(rows: pd.DataFrame) -> pd.Series:
    """For unlinked rows of a patient: the day of the first row of the run they belong to, by the sub-code's window."""
    windows = {code: entry.window_days for code, entry in taxonomy.load_taxonomy().items()}
    day = rows["treatment_date"].fillna(rows["onset_date"]).fillna(rows["reported_date"])
    found = pd.Series("undated", index=rows.index, dtype="str")
    loose = rows.assign(_day=day)[rows["session_id"].isna() & rows["patient_key"].notna() & day.notna()]
    for (_, _, subcode), own in loose.sort_values("_day").groupby(["clinic", "patient_key", "subcode"], sort=True):
        start = None
        for position, when in own["_day"].items():
            if start is None or (when - start).days > windows[subcode]:
                start = when
            found[position] = start.strftime("%Y-%m-%d")
    return found


def _summarise(rows: pd.DataFrame, data_cut: date) -> pd.DataFrame:
    rows = _order_in_time(rows)
    each, runs = rows.groupby("episode"), Runs.of(rows["episode"].to_numpy())
    one = rows[["clinic", "episode_id", "category", "subcode", "class"]].take(runs.first).reset_index(drop=True)
    one["session_id"] = each["session_id"].first()
    one[["onset_date", "reported_date"]] = each[["onset_date", "reported_date"]].min()
    one["entries"] = each["event_id"].nunique()
    one[["urgent", "red_flag"]] = each[["urgent", "red_flag"]].any()
    for column, order in _RANK.items():
        one[column] = _first_in(rows[column], order, runs)
    last = _last_said(rows)
    one["status"] = _status(last, one["status"])
    one["laterality"] = _union(rows)
    happened = rows["status"].isin(taxonomy.HAPPENED) & (rows["in_window"] | rows["session_id"].isna())
    one["counted"] = happened.groupby(rows["episode"]).any()
    one["resolved_date"] = _resolved(last).reindex(one.index)
    one[["pressing_event_id", "pressing_since"]] = _pressing(rows, one["triage"])
    _state(one, rows, data_cut)
    return one


def _order_in_time(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows by episode and, within one, by time; `episode` numbers the episodes."""
    when = rows["reported_date"].fillna(rows["onset_date"]).fillna(rows["treatment_date"])
    rows = rows.assign(_when=when)
    rows = rows.take(order_of(rows, ["clinic", "episode_id", "_when"], then=["event_id"])).reset_index(drop=True)
    return rows.assign(episode=groups(rows, ["clinic", "episode_id"]))


def _pressing(rows: pd.DataFrame, level: pd.Series) -> pd.DataFrame:
    """The first entry that reached the episode's level, and when it was reported (else began)."""
    told = rows[["episode", "event_id", "reported_date", "onset_date"]]
    reached = (
        told[rows["triage"].array == level.array.take(rows["episode"])].drop_duplicates("episode").set_index("episode")
    )
    since = reached["reported_date"].fillna(reached["onset_date"])
    found = pd.DataFrame({"pressing_event_id": reached["event_id"], "pressing_since": since})
    return found.reindex(level.index)


def _first_in(values: pd.Series, order: tuple[str, ...], runs: Runs) -> pd.Series:
    """The first of the words that any row of an episode has; missing without any."""
    best = runs.least(looked_up(values, {word: n for n, word in enumerate(order)}, len(order)))
    return pd.Series(pd.array([*order, None], dtype="str").take(best))


def _last_said(rows: pd.DataFrame) -> pd.DataFrame:
    """The last entry of each episode that says it happened, by number of the episode."""
    said = rows.loc[
        rows["status"].isin(taxonomy.HAPPENED), ["episode", "status", "outcome", "resolved_date", "reported_date"]
    ]
    return said.drop_duplicates("episode", keep="last").set_index("episode")


def _is_over(last: pd.DataFrame) -> pd.Series:
    return (last["status"] == "resolved") | last["outcome"].isin(_RECOVERED)


def _status(last: pd.DataFrame, best: pd.Series) -> pd.Series:
    """Resolved when the last entry that says it happened says it is over."""
    final = pd.Series(np.where(_is_over(last), "resolved", "asserted"), index=last.index)
    return final.reindex(best.index).fillna(best).astype("str")


def _union(rows: pd.DataFrame) -> pd.Series:
    """Left and right make bilateral."""
    both = rows["laterality"].eq("bilateral")
    left, right = ((rows["laterality"].eq(side) | both).groupby(rows["episode"]).any() for side in ("L", "R"))
    sides = np.select([left & right, left, right], ["bilateral", "L", "R"], default="")
    return pd.Series(sides, index=left.index, dtype="str").replace("", None).astype("str")


def _resolved(last: pd.DataFrame) -> pd.Series:
    over = last[_is_over(last)]
    return over["resolved_date"].fillna(over["reported_date"])


def _state(one: pd.DataFrame, rows: pd.DataFrame, data_cut: date) -> None:
    """`closed` when over, `recurred` when asserted again after it was over, `new` within the month of the data cut, else ongoing."""
    over = rows["status"] == "resolved"
    was_over = over.groupby(rows["episode"]).cummax() & (rows["status"] == "asserted")
    recurred = was_over.groupby(rows["episode"]).any()
    closed = one["status"] == "resolved"
    one["state"] = np.select([closed, recurred], ["closed", "recurred"], default="ongoing")
    one["state"] = with_state_on(one, data_cut)["state"]
    # an entry of level now or today is closed by a named person, not by the log's own outcome
    done = (closed & (one["triage"] == "routine")) | (one["class"] == "process")
    one["next_contact_due"] = _contact_due(one).mask(done)


def with_state_on(episodes: pd.DataFrame, data_cut: date) -> pd.DataFrame:
    """Episodes neither closed nor recurred as they are on the data cut: `new` when reported in its month, else `ongoing`."""
    first = pd.Timestamp(data_cut).replace(day=1)
    new = (episodes["reported_date"] >= first).fillna(False)
    state = episodes["state"].where(episodes["state"].isin(["closed", "recurred"]), np.where(new, "new", "ongoing"))
    return episodes.assign(state=state.astype(episodes["state"].dtype))


def _contact_due(one: pd.DataFrame) -> pd.Series:
    """First contact by the follow-up rules: days after the entry that reached the level was reported (else began)."""
    rules = {row["applies_to"]: int(row["first_contact_days"]) for row in read_rows(resource("followup_rules.csv"))}
    days = pd.Series(
        looked_up(one["triage"], {level: rules[level] for level in taxonomy.TRIAGE if level in rules}, np.nan)
    )
    days = days.mask(one["triage"] == "routine", pd.Series(looked_up(one["subcode"], rules, np.nan)))
    days = days.fillna(rules["other"])
    return one["pressing_since"] + pd.to_timedelta(days, unit="D")

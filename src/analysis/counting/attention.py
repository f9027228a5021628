"""What needs a clinician: every open entry of level now or today, in every status, and every entry nobody could read."""

from datetime import date

import numpy as np
import pandas as pd

from analysis import taxonomy
from analysis.counting.closing import still_open

COLUMNS = [
    "clinic", "entry", "source", "label", "subcode", "category", "status", "triage", "linked", "reported_date", "onset_date",
    "injector_code", "contact_due", "state",
]  # fmt: skip
_PRESSING = ("now", "today")


def open_entries(
    episodes: pd.DataFrame, findings: pd.DataFrame, events: pd.DataFrame, set_aside: pd.DataFrame, injectors: pd.DataFrame, *,
    until: date, closed: pd.DataFrame | None = None, notes: pd.DataFrame | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Entries of level now or today, and unreadable ones, known by `until`; now first, then by date of report, newest first.

    One row per entry: what it says is joined, the most pressing level stands. Rows set aside with pressing words and
    entries that could not be read are among them, and with `notes` cells that are coded nowhere. Dates are ISO text; a
    pressing entry without a date is due at once.
    An entry stays until a named person closes it (`closed`: clinic, event_id), whatever the log says of its outcome.
    """
    if closed is not None and len(closed):
        episodes = still_open(episodes, findings, events, closed)
    listed = _episodes(episodes, events, injectors)
    # an entry that grew worse later is listed from its first report on
    parts = [listed, _other_reading(findings, events, injectors, listed), _aside(set_aside), _unread(events, injectors)]
    if notes is not None:
        parts.append(_remarks(notes))
    columns = [*COLUMNS, "known_since"]
    found = pd.concat([part.reindex(columns=columns) for part in parts if len(part)] or [pd.DataFrame(columns=columns)])
    dates = ["known_since", "reported_date", "onset_date", "contact_due"]
    if closed is not None:
        done = pd.MultiIndex.from_frame(closed[["clinic", "event_id"]])
        found = found[~pd.MultiIndex.from_frame(found[["clinic", "entry"]].astype("str")).isin(done)]
    found = found.astype(dict.fromkeys(dates, "str"))  # a part without any date would make the column a number
    known = found["known_since"].fillna(found["reported_date"]).fillna(found["onset_date"])
    found = found[known.isna() | (known <= until.isoformat())]
    rank = found["triage"].map({"now": 0, "today": 1}).fillna(2)
    newest_first = pd.to_datetime(found["reported_date"].fillna(found["onset_date"])).rank(
        ascending=False, method="dense"
    )
    order = found.assign(_rank=rank, _new=newest_first.fillna(0)).sort_values(
        ["_rank", "_new", "clinic", "entry", "subcode"]
    )
    return _one_per_entry(order[COLUMNS].reset_index(drop=True), until)


def _one_per_entry(rows: pd.DataFrame, until: date) -> pd.DataFrame:
    """Join the findings of one entry; the rows come most pressing first, so the first row leads."""
    groups = rows.groupby(["clinic", "entry"], sort=False, dropna=False)
    one = groups.first().reset_index()
    number = groups.ngroup().to_numpy()
    several = np.flatnonzero(np.bincount(number, minlength=1) > 1)
    of_several = rows[np.isin(number, several)].assign(number=number[np.isin(number, several)])
    for column, sign in (("label", "; "), ("subcode", ";")):
        texts = of_several.groupby("number")[column].agg(
            lambda parts, sign=sign: sign.join(dict.fromkeys(parts.dropna()))
        )
        alone = one[column].astype("str").fillna("").astype(object)
        alone.iloc[several] = texts.to_numpy()
        one[column] = alone
    one["subcode"] = one["subcode"].replace("", None)
    undated = one["contact_due"].isna() & one["triage"].isin(_PRESSING)
    one["contact_due"] = one["contact_due"].mask(undated, until.isoformat())
    texts = [column for column in COLUMNS if column != "linked"]
    return one[COLUMNS].astype(dict.fromkeys(texts, "str") | {"linked": "bool"})


def _episodes(episodes: pd.DataFrame, events: pd.DataFrame, injectors: pd.DataFrame) -> pd.DataFrame:
    pressing = episodes[episodes["triage"].isin(_PRESSING)]
    joined = pressing.assign(event_id=pressing["pressing_event_id"]).merge(
        events[["clinic", "event_id", "injector"]], on=["clinic", "event_id"], how="left"
    )
    joined = joined.merge(injectors[["clinic", "injector", "code"]], on=["clinic", "injector"], how="left")
    labels = {code: entry.label for code, entry in taxonomy.load_taxonomy().items()}
    return joined.assign(
        entry=joined["event_id"], source="episode", label=joined["subcode"].map(labels), linked=joined["session_id"].notna(),
        reported_date=_iso(joined["pressing_since"]), onset_date=_iso(joined["onset_date"]), injector_code=joined["code"],
        contact_due=_iso(joined["next_contact_due"]), known_since=_iso(joined["reported_date"]),
    )  # fmt: skip


def _other_reading(
    findings: pd.DataFrame, events: pd.DataFrame, injectors: pd.DataFrame, listed: pd.DataFrame
) -> pd.DataFrame:
    """A pressing reading that does not count is listed too.

    That is the clinic's own code where the text says something else, or what text and code say where a reviewer differs.
    """
    own = findings[~findings["final"] & findings["status"].isin(taxonomy.WATCHED) & findings["triage"].isin(_PRESSING)]
    there = set(zip(listed["clinic"], listed["entry"], listed["subcode"], strict=True))
    new = [key not in there for key in zip(own["clinic"], own["event_id"], own["subcode"], strict=True)]
    own = own[pd.Series(new, index=own.index, dtype=bool)].drop_duplicates(["clinic", "event_id", "subcode"])
    dates = ["clinic", "event_id", "injector", "session_id", "onset_date", "reported_date"]
    joined = own.merge(events[dates], on=["clinic", "event_id"]).merge(
        injectors[["clinic", "injector", "code"]], on=["clinic", "injector"], how="left"
    )
    labels = {code: entry.label for code, entry in taxonomy.load_taxonomy().items()}
    return joined.assign(
        entry=joined["event_id"], label=joined["subcode"].map(labels), linked=joined["session_id"].notna(),
        reported_date=_iso(joined["reported_date"]), onset_date=_iso(joined["onset_date"]), injector_code=joined["code"],
        state="open",
    )  # fmt: skip


def _aside(set_aside: pd.DataFrame) -> pd.DataFrame:
    # also a version that lost in a conflict, a no-show with a complaint, a line taken for a title: only repeats have been read
    rows = set_aside[set_aside["triage"].isin(_PRESSING) & (set_aside["disposition"] != "duplicate")]
    return rows.assign(
        entry=_place(rows), source="set_aside", label="Row set aside; its words are pressing", status="not coded", linked=False,
        state="open",
    )  # fmt: skip


def _remarks(notes: pd.DataFrame) -> pd.DataFrame:
    """Cells of a log of events or complaints that are coded nowhere and whose words are pressing."""
    rows = notes[(notes["code"] == "pressing_remark") & notes["new"].isin(_PRESSING)]
    return rows.assign(
        entry=_place(rows), source="remark", status="not coded", linked=False,
        label=np.where(rows["column"].isna(), "Row of a refused file; its words are pressing", "Words in a column that is not coded"),
        triage=rows["new"], state="open",
    )  # fmt: skip


def _place(rows: pd.DataFrame) -> pd.Series:
    sheet = rows["sheet"].map(lambda sheet: f", sheet {sheet}" if sheet else "")
    return rows["path"] + sheet + ", row " + rows["row"].astype(str)


def _unread(events: pd.DataFrame, injectors: pd.DataFrame) -> pd.DataFrame:
    rows = events[events["coded"] == "unknown"].merge(
        injectors[["clinic", "injector", "code"]], on=["clinic", "injector"], how="left"
    )
    return rows.assign(
        entry=rows["event_id"], source="uncoded", label="Entry that could not be read", status="not coded", triage="unread",
        linked=rows["session_id"].notna(), reported_date=_iso(rows["reported_date"]), onset_date=_iso(rows["onset_date"]),
        injector_code=rows["code"], state="open",
    )  # fmt: skip


def _iso(days: pd.Series) -> pd.Series:
    return days.dt.strftime("%Y-%m-%d").astype("str")

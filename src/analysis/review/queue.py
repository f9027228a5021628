"""What waits for a person: which entries, on which sheet, why, and in what order. The reasons are data: `review/queue.toml`."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import pandas as pd

from analysis import taxonomy
from analysis.columnar.coded import coded
from analysis.resources import read_toml, resource
from analysis.review.decisions import LEAVE, in_force
from analysis.review.merging import MERGE_REASONS

_KEY = ["clinic", "event_id"]
_ROW = ["clinic", "event_id", "kind", "part"]
_PRESSING = ("now", "today")
COLUMNS = [*_ROW, "reason", "label", "rank", "reported_date", "beside"]


@dataclass(frozen=True)
class Read:
    """What the reasons look at; the stored frames of the same names."""

    events: pd.DataFrame
    findings: pd.DataFrame
    episodes: pd.DataFrame
    treatments: pd.DataFrame
    reviews: pd.DataFrame


def queue(read: Read, *, everything: bool = False) -> pd.DataFrame:
    """One row per entry and kind of decision (for merges: and sub-code) that waits, most pressing first, then newest.

    Columns: clinic, event_id, kind, part, reason and label (several joined), rank (position of the most pressing reason, from 0),
    reported_date, beside (for merges: the other entry). What is settled is left out unless `everything`.
    """
    parts = []
    for rank, (reason, sheet, label, with_all) in enumerate(reasons()):
        if with_all and not everything:
            continue
        found = _FINDERS[reason](read).drop_duplicates()
        texts = dict.fromkeys([*_ROW, "beside"], "str")
        found = found.reindex(columns=[*_ROW, "beside"]).astype(texts).fillna({"kind": sheet, "part": ""})
        parts.append(found.assign(reason=reason, label=label, rank=rank))
    waiting = pd.concat(parts, ignore_index=True)
    if not everything:
        waiting = waiting[~_settled(waiting, read.reviews)]
    waiting = waiting.sort_values("rank", kind="stable")
    groups = waiting.groupby(_ROW, sort=False)
    one = groups.agg(
        reason=("reason", ";".join), label=("label", "; ".join), rank=("rank", "min"), beside=("beside", "first")
    ).reset_index()
    one = one.merge(read.events[[*_KEY, "reported_date"]], on=_KEY, how="left")
    order = one.assign(_old=-one["reported_date"].astype("int64"))
    return order.sort_values(["rank", "_old", *_ROW], ignore_index=True)[COLUMNS]


def waiting_entries(waiting: pd.DataFrame) -> int:
    """How many entries ask for a decision: merges are listed and can be undone, but ask for nothing."""
    return len(waiting.loc[waiting["kind"] != "merge", _KEY].drop_duplicates())


@cache
def reasons() -> tuple[tuple[str, str, str, bool], ...]:
    """Id, sheet, label, and whether it is listed with `everything` only, of each reason, most pressing first."""
    rows = read_toml(resource("review/queue.toml"))["reason"]
    return tuple((row["id"], row["sheet"], row["label"], row.get("listed_with_all", False)) for row in rows)


def _settled(waiting: pd.DataFrame, reviews: pd.DataFrame) -> pd.Series:
    done = pd.concat([in_force(reviews, kind) for kind in ("coding", "link", "merge")])
    keys = pd.MultiIndex.from_frame(done[_ROW])
    return pd.Series(pd.MultiIndex.from_frame(waiting[_ROW]).isin(keys), index=waiting.index)


def _changed(read: Read) -> pd.DataFrame:
    """A decision was made on an older content, and nobody has decided on the new one."""
    stale = (read.reviews["state"] == "stale") & (read.reviews["decision"] != LEAVE)
    return read.reviews.loc[
        stale & (read.reviews["kind"] != "entry"), _ROW
    ]  # an entry that changed is open again anyway


def _watched(read: Read) -> pd.DataFrame:
    return read.findings[read.findings["status"].isin(taxonomy.WATCHED)]


def _pressing(read: Read) -> pd.DataFrame:
    watched = _watched(read)
    return watched[watched["triage"].isin(_PRESSING)]


def _pressing_unsure(read: Read) -> pd.DataFrame:
    own = _pressing(read)
    return own.loc[own["needs_review"], _KEY]


def _rule_asks(read: Read) -> pd.DataFrame:
    own = read.findings
    return own.loc[own["needs_review"] & (own["source"] == "rule") & ~own["triage"].isin(_PRESSING), _KEY]


def _unknown(read: Read) -> pd.DataFrame:
    return read.events.loc[read.events["coded"] == "unknown", _KEY]


def _disagree(read: Read) -> pd.DataFrame:
    """The clinic's own category is not among those the text tells, or one of the two says that nothing happened."""
    events = read.events[read.events["text"].notna() & read.events["event_category"].notna()]
    rule = read.findings[(read.findings["source"] == "rule") & read.findings["status"].isin(taxonomy.HAPPENED)]
    keys = pd.MultiIndex.from_frame(events[_KEY])
    happened = keys.isin(pd.MultiIndex.from_frame(rule[_KEY]))
    own = pd.MultiIndex.from_frame(events[[*_KEY, "event_category"]])
    same = own.isin(pd.MultiIndex.from_frame(rule[[*_KEY, "category"]]))
    says_none = events["event_category"].eq("none").to_numpy(dtype=bool)
    apart = (says_none & happened) | (~says_none & ~same)
    return events.loc[apart, _KEY]


def _pressing_disagree(read: Read) -> pd.DataFrame:
    return _disagree(read).merge(_pressing(read)[_KEY].drop_duplicates(), on=_KEY)


def _serious_disagree(read: Read) -> pd.DataFrame:
    """Serious by the field and nothing grave in the words (flags are not raised by the field), or now by the words and not serious."""
    events, watched = read.events, _watched(read)
    grave = watched.loc[(watched["source"] == "rule") & (watched["urgent"] | watched["red_flag"]), _KEY]
    keys = pd.MultiIndex.from_frame(events[_KEY])
    by_words = keys.isin(pd.MultiIndex.from_frame(grave))
    says_serious = events["seriousness"].notna() & (events["seriousness"] != "none")
    now = keys.isin(pd.MultiIndex.from_frame(watched.loc[watched["final"] & (watched["triage"] == "now"), _KEY]))
    only_field = says_serious & events["text"].notna() & ~by_words
    return events.loc[only_field | ((events["seriousness"] == "none") & now), _KEY]


def _severity_disagree(read: Read) -> pd.DataFrame:
    rule = read.findings[(read.findings["source"] == "rule") & read.findings["status"].isin(taxonomy.HAPPENED)]
    both = rule[[*_KEY, "severity"]].merge(
        read.events[[*_KEY, "severity"]].rename(columns={"severity": "by_field"}), on=_KEY
    )
    ends = {("mild", "severe"), ("severe", "mild")}
    far = [pair in ends for pair in zip(both["severity"], both["by_field"], strict=True)]
    return both.loc[far, _KEY]


def _pressing_unlinked(read: Read) -> pd.DataFrame:
    """Only where the clinic's sessions are listed one by one: monthly totals have none to link to."""
    linkable = read.events["clinic"].isin(coded(read.treatments["clinic"]).values)
    loose = read.events.loc[read.events["session_id"].isna() & linkable, _KEY]
    return loose.merge(_pressing(read)[_KEY].drop_duplicates(), on=_KEY)


def _every_entry(read: Read) -> pd.DataFrame:
    return read.events[_KEY]


def _by_method(method: str) -> Callable[[Read], pd.DataFrame]:
    return lambda read: read.events.loc[read.events["link_method"] == method, _KEY]


_FINDERS: dict[str, Callable[[Read], pd.DataFrame]] = {
    "changed": _changed,
    "pressing_unsure": _pressing_unsure,
    "pressing_disagree": _pressing_disagree,
    "serious_disagree": _serious_disagree,
    "unknown": _unknown,
    "disagree": _disagree,
    "severity_disagree": _severity_disagree,
    "rule_asks": _rule_asks,
    "pressing_unlinked": _pressing_unlinked,
    "other": _every_entry,
    "linked": _every_entry,
    "ambiguous": _by_method("ambiguous"),
    "probable": _by_method("probable"),
    **{
        reason: lambda read, find=find: find(read.events, read.findings, read.episodes, read.treatments)  # type: ignore[misc]
        for reason, find in MERGE_REASONS.items()
    },
}

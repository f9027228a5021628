"""A person's corrections of what was counted once: findings held apart, and findings joined with another entry's."""

import hashlib

import pandas as pd

_Finding = tuple[str, str, str]


def episode_id(clinic: str, who: str, subcode: str) -> str:
    """The id of an episode: a hash of clinic, session (or patient, or entry) and sub-code."""
    return "P-" + hashlib.sha256("\0".join((clinic, who, subcode)).encode()).hexdigest()[:20]


def corrected_ids(rows: pd.DataFrame, ids: pd.Series, merges: pd.DataFrame) -> pd.Series:
    """Episode ids after `merges` (clinic, event_id, subcode, with_event; missing `with_event`: held apart).

    A finding that is joined takes the id of the finding at the end of its chain; in a circle all take that of the first entry by
    name. A join with an entry that has no such finding changes nothing. The order of `merges` does not matter.
    """
    keys = list(zip(rows["clinic"].tolist(), rows["event_id"].tolist(), rows["subcode"].tolist(), strict=True))
    own = dict(zip(keys, ids.tolist(), strict=True))
    apart = merges[merges["with_event"].isna()]
    for clinic, event, subcode in zip(apart["clinic"], apart["event_id"], apart["subcode"], strict=True):
        if (clinic, event, subcode) in own:
            own[clinic, event, subcode] = episode_id(clinic, f"apart {event}", subcode)
    joins = merges[merges["with_event"].notna()]
    columns = (joins[name] for name in ("clinic", "event_id", "subcode", "with_event"))
    target = {(c, e, s): (c, w, s) for c, e, s, w in zip(*columns, strict=True) if (c, w, s) in own}
    ends = {key: _end(key, target) for key in target}
    found = [own[ends.get(key, key)] for key in keys]
    return pd.Series(found, index=rows.index, dtype="str")


def _end(key: _Finding, target: dict[_Finding, _Finding]) -> _Finding:
    seen = [key]
    while (following := target.get(seen[-1])) is not None:
        if following in seen:
            return min(seen[seen.index(following) :])
        seen.append(following)
    return seen[-1]

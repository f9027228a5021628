"""What is new, what persists and what is gone: the signals of one month against those of the months before."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from analysis.columnar.calendar import month_names
from analysis.monitoring.settings import load_triggers

_ID = 8


@dataclass(frozen=True)
class Look:
    """What the monitor and the triggers said at the end of one month, from nothing but rows reported by then.

    `units` is the frame of `monitor_units`, `triggers` that of `triggered`.
    """

    month: str
    units: pd.DataFrame
    triggers: pd.DataFrame


def signals(looks: Sequence[Look], injectors: pd.DataFrame, *, names: bool = False) -> pd.DataFrame:
    """One row per signal of the newest look, and of the one before it that is gone (`resolved`); see schemas/signals.py.

    `looks` are of consecutive months, oldest first. `injectors`: clinic, injector, code. A signal whose unit has no code keeps the
    clinic alone. An entry was first seen in the month that dates it.
    """
    rows = [_rows(look, injectors) for look in looks]
    now, before = rows[-1], rows[-2] if len(rows) > 1 else rows[-1].iloc[:0]
    gone = before[~before["signal_id"].isin(now["signal_id"])].assign(state="resolved")
    there = set(before["signal_id"])
    now = now.assign(state=["persisting" if one in there else "new" for one in now["signal_id"]])
    found = pd.concat([part for part in (now, gone) if len(part)] or [now], ignore_index=True)
    known = [set(own["signal_id"]) for own in rows]
    seen = [
        looks[_first_seen(one, known[: -1 if state == "resolved" else None])].month
        for one, state in zip(found["signal_id"], found["state"], strict=True)
    ]
    dated = found["from_month"].where(found["unit_kind"] == "episode")
    return found.assign(
        first_seen=dated.astype("str").fillna(pd.Series(seen, index=found.index, dtype="str")),
        name=found["injector"] if names else None,
    )


def _first_seen(signal: str, known: Sequence[set[str]]) -> int:
    """Going back from the newest look, which had the signal, the place of the last one that still had it."""
    first = len(known) - 1
    while first > 0 and signal in known[first - 1]:
        first -= 1
    return first


def unbroken(looks: Sequence[Look]) -> frozenset[str]:
    """Measures of monitor signals that go back from the newest look to the oldest: older looks may show when they were first seen.

    Triggers look back over their own days, so for them the oldest look at hand is asked and no older one.
    """
    newest, oldest = (_fired(look) for look in (looks[-1], looks[0]))
    return frozenset(measure for measure, *_ in newest & oldest)


def _fired(look: Look) -> set[tuple[str, ...]]:
    fired = look.units.loc[look.units["signal"], ["measure", "tail", "unit_kind", "clinic", "injector"]]
    return {tuple(map(str, key)) for key in fired.itertuples(index=False)}


def _rows(look: Look, injectors: pd.DataFrame) -> pd.DataFrame:
    fired = look.units[look.units["signal"]]
    monitors = fired.assign(kind="monitor", rule=fired["line"], lot=None, entry=None)
    met = look.triggers
    rules = {rule.id: rule.label for rule in load_triggers()}
    triggers = met.assign(
        kind="trigger", observed=met["episodes"].astype("Int64"), method=met["rule"].map(rules),
        from_month=month_names(met["first_reported"]),
        to_month=month_names(met["last_reported"]),
        size=(met["episodes"] / met["expected"].where(met["expected"] > 0)),
    )  # fmt: skip
    both = [part for part in (monitors, triggers) if len(part)]
    rows = pd.concat(both, ignore_index=True) if both else pd.DataFrame(columns=[*monitors.columns, *triggers.columns])
    rows = rows.loc[:, ~rows.columns.duplicated()].astype(dict.fromkeys(_TEXT, "str"))
    rows = rows.merge(injectors[["clinic", "injector", "code"]], on=["clinic", "injector"], how="left")
    unit = rows["code"].fillna(rows["lot"]).fillna(rows["entry"]).fillna(rows["clinic"]).fillna("unknown")
    ids = [_identity(*key) for key in zip(rows["rule"], rows["unit_kind"], rows["clinic"], unit, strict=True)]
    return rows.assign(unit=unit.astype("str"), signal_id=pd.Series(ids, index=rows.index, dtype="str"))


_TEXT = ("kind", "rule", "unit_kind", "clinic", "injector", "lot", "entry")


def _identity(rule: str, unit_kind: str, clinic: object, unit: str) -> str:
    place = "" if pd.isna(clinic) else str(clinic)
    return "G-" + hashlib.sha256("\0".join((rule, unit_kind, place, unit)).encode()).hexdigest()[:_ID]

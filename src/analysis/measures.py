"""Measures as data: which episodes are counted over which sessions, and what they are compared with. No pandas."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from typing import Any

from analysis.errors import UsageError
from analysis.resources import read_toml, resource
from analysis.taxonomy import CLASSES, HAPPENED, SEVERITIES, load_taxonomy

POOLED = "any_reaction"
"""All reactions together: by it is told whether clinics log alike, and few of them are a question about reporting."""
UNITS = ("courses", "sessions")
COMPARATORS = ("clinic", "group")
INTERVALS = ("clopper_pearson_or_wilson", "clopper_pearson")
STRATA = ("area_group", "treatment_type")
PER = ("session", "patient")
CHANGEABLE = ("follow_up_days", "rung_sessions", "rung_events", "baseline_months")
"""What a group may set for a measure of its own (`[measures.ID]` of `group.toml`)."""

_Changes = tuple[tuple[str, tuple[tuple[str, int], ...]], ...]
_changes: ContextVar[_Changes] = ContextVar("changes", default=())


@dataclass(frozen=True)
class Measure:
    """One measure. `subcodes` is the numerator (of `severities` and `statuses`, when given); `areas` are those at risk.

    No areas: every session is at risk. `asks`: found mostly where patients are asked. `unit`: what injectors are compared by,
    when `compared`. `ladder`: columns of each rung of case mix, finest first; a rung holds with `rung_sessions` sessions and
    `rung_events` events.
    """

    id: str
    label: str
    subcodes: frozenset[str]
    areas: frozenset[str]
    follow_up_days: int
    asks: bool
    severities: frozenset[str] = frozenset()
    statuses: frozenset[str] = frozenset()
    unit: str = "courses"
    ladder: tuple[tuple[str, ...], ...] = (("area_group", "treatment_type"), ("area_group",), ())
    rung_sessions: int = 30
    rung_events: int = 5
    comparator: str = "clinic"
    interval: str = "clopper_pearson_or_wilson"
    baseline_months: int = 12
    compared: bool = True

    @property
    def denominator(self) -> str:
        """The denominator in words."""
        return "sessions at risk" if self.areas else "sessions"


@dataclass(frozen=True)
class ReferenceLine:
    """A published percentage beside a measure: never without what it is of, per what it counts, and where it comes from."""

    measure: str
    percent: float
    per: str
    what: str
    source: str
    events: int | None = None
    of: int | None = None


def load_measures() -> dict[str, Measure]:
    """Measures by id, in the order of the file, with what the group has changed while `changed_measures` holds.

    UsageError names a sub-code, class, severity or choice that does not exist.
    """
    return _loaded(_changes.get())


@contextmanager
def changed_measures(changes: Mapping[str, Mapping[str, int]]) -> Iterator[None]:
    """While it holds, `load_measures` gives the group's own numbers (`CHANGEABLE`). UsageError names what does not exist."""
    for name, numbers in changes.items():
        if name not in load_measures():
            raise UsageError(
                f"group.toml, measures.{name}: there is no such measure; use {', '.join(load_measures())}."
            )
        if unknown := set(numbers) - set(CHANGEABLE):
            raise UsageError(
                f"group.toml, measures.{name}: {', '.join(sorted(unknown))} cannot be set; use {', '.join(CHANGEABLE)}."
            )
        if low := sorted(key for key, value in numbers.items() if value < 1):
            raise UsageError(f"group.toml, measures.{name}.{low[0]}: write a whole number of 1 or more.")
    token = _changes.set(tuple((name, tuple(sorted(numbers.items()))) for name, numbers in sorted(changes.items())))
    try:
        yield
    finally:
        _changes.reset(token)


@cache
def _loaded(changes: _Changes) -> dict[str, Measure]:
    data, own = read_toml(resource("measures.toml")), dict(changes)
    default = data.get("default", {})
    entries = [{**default, **entry, **dict(own.get(entry["id"], ()))} for entry in data["measure"]]
    return {entry["id"]: _measure(entry) for entry in entries}


@cache
def lot_measures() -> dict[str, Measure]:
    """What is looked at by lot: any reaction, and the measures that a lot or its dilution can show in. Sessions, not courses."""
    data = read_toml(resource("measures.toml"))
    default = data.get("default", {})
    own = [entry for entry in data["measure"] if entry["id"] == POOLED]
    entries = [{**default, **entry, "unit": "sessions"} for entry in (*own, *data.get("lot_measure", ()))]
    return {entry["id"]: _measure(entry) for entry in entries}


@cache
def reference_lines(*, per: str = "session") -> tuple[ReferenceLine, ...]:
    """Published percentages counted per `per`: those per patient have no place on an axis of sessions."""
    lines = [ReferenceLine(**entry) for entry in read_toml(resource("measures.toml")).get("reference", ())]
    for line in lines:
        _known(line.measure, "per", {line.per}, PER)
    return tuple(line for line in lines if line.per == per)


def window_months() -> int:
    """How many closed months the tables by treatment type, area and injector look back."""
    return int(read_toml(resource("measures.toml"))["window_months"])


def usual_months() -> int:
    """How many closed months the usual range rests on."""
    return int(read_toml(resource("measures.toml"))["usual_months"])


def _measure(entry: Mapping[str, Any]) -> Measure:
    name = entry["id"]
    ladder = tuple(tuple(rung) for rung in entry.get("ladder", Measure.ladder))
    for key, given, allowed in (
        ("severity", set(entry.get("severities", ())), SEVERITIES),
        ("status", set(entry.get("statuses", ())), HAPPENED),
        ("unit", {entry.get("unit", Measure.unit)}, UNITS),
        ("comparator", {entry.get("comparator", Measure.comparator)}, COMPARATORS),
        ("interval", {entry.get("interval", Measure.interval)}, INTERVALS),
        ("ladder", {column for rung in ladder for column in rung}, STRATA),
    ):
        _known(name, key, given, allowed)
    plain = ("unit", "rung_sessions", "rung_events", "comparator", "interval", "baseline_months", "compared")
    return Measure(
        id=name, label=entry["label"], subcodes=_subcodes(entry), areas=frozenset(entry.get("areas", ())),
        follow_up_days=entry["follow_up_days"], asks=entry["asks"], ladder=ladder,
        severities=frozenset(entry.get("severities", ())), statuses=frozenset(entry.get("statuses", ())),
        **{key: entry[key] for key in plain if key in entry},
    )  # fmt: skip


def _known(name: str, key: str, given: set[str], allowed: tuple[str, ...]) -> None:
    if unknown := given - set(allowed):
        raise UsageError(
            f"measures.toml, {name}: {key} {', '.join(sorted(unknown))} is not known; use {', '.join(allowed)}."
        )


def _subcodes(entry: Mapping[str, Any]) -> frozenset[str]:
    table = load_taxonomy()
    named = set(entry.get("subcodes", ()))
    if unknown := named - set(table) or set(entry.get("classes", ())) - set(CLASSES):
        raise UsageError(f"measures.toml, {entry['id']}: {', '.join(sorted(unknown))} is not in the taxonomy.")
    classes, left_out = set(entry.get("classes", ())), set(entry.get("leave_out", ()))
    named |= {code for code, sub in table.items() if sub.event_class in classes and sub.category not in left_out}
    return frozenset(named)

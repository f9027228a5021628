"""What the monitor watches and which case triggers there are, read from `resources/monitoring`."""

from dataclasses import dataclass
from functools import cache
from math import isclose
from typing import Any, Literal

from analysis.errors import UsageError
from analysis.measures import load_measures
from analysis.resources import read_toml, resource
from analysis.taxonomy import TRIAGE, load_taxonomy

Tail = Literal["more", "few"]


@dataclass(frozen=True)
class Monitor:
    """One line of the monitor. `share` is its part of the budget, `ratio` the change it looks for."""

    measure: str
    tail: Tail
    unit: Literal["injector", "clinic"]
    share: float
    ratio: float
    closed: bool

    @property
    def id(self) -> str:
        """Measure, tail and unit: no two lines share them."""
        return f"{self.measure} {self.tail} {self.unit}"


@dataclass(frozen=True)
class Watch:
    """All lines, the chance of a false alarm they share per group-year, the limit that keeps it, and what they rest on."""

    monitors: tuple[Monitor, ...]
    budget: float
    limit: float
    learning_months: int
    comparable_points: float
    logging_level: float


@dataclass(frozen=True)
class Trigger:
    """A written rule: an entry of one of the levels, or `least` episodes of one lot or injector reported within `days` days."""

    id: str
    short: str
    label: str
    unit: Literal["episode", "lot", "injector"]
    least: int = 1
    days: int = 0
    triage: tuple[str, ...] = ()
    subcodes: tuple[str, ...] = ()
    red_flag: bool = False
    chance_below: float | None = None


@cache
def load_watch() -> Watch:
    """The monitor's lines. UsageError names a measure, a tail, a ratio or shares that cannot be."""
    data = read_toml(resource("monitoring/monitors.toml"))
    monitors = tuple(_monitor(entry) for entry in data["monitor"])
    if len({monitor.id for monitor in monitors}) < len(monitors):
        raise UsageError("monitors.toml: two lines have the same measure, tail and unit.")
    if not isclose(sum(monitor.share for monitor in monitors), 1.0, abs_tol=1e-9):
        raise UsageError("monitors.toml: the shares do not add up to 1.")
    if not 0 < data["budget"] < 1:
        raise UsageError(f"monitors.toml: the budget {data['budget']} is not between 0 and 1.")
    if not data["limit"] > 1:
        raise UsageError(f"monitors.toml: the limit {data['limit']} is not above 1.")
    rest = ("budget", "limit", "learning_months", "comparable_points", "logging_level")
    return Watch(monitors, **{key: data[key] for key in rest})


@cache
def load_triggers() -> tuple[Trigger, ...]:
    """The case triggers. UsageError names a unit, sub-code or level that does not exist, or what a rule lacks or cannot have."""
    found = []
    for entry in read_toml(resource("monitoring/triggers.toml"))["trigger"]:
        name = f"triggers.toml, {entry['id']}"
        if entry["unit"] not in ("episode", "lot", "injector"):
            raise UsageError(f"{name}: {entry['unit']!r} is no unit; use episode, lot or injector.")
        unknown = set(entry.get("subcodes", ())) - set(load_taxonomy()) | set(entry.get("triage", ())) - set(TRIAGE)
        if unknown:
            raise UsageError(f"{name}: {', '.join(sorted(unknown))} is neither a sub-code nor a level.")
        alone = entry["unit"] == "episode"
        if alone and (set(entry) - {"id", "short", "label", "unit", "triage"} or "routine" in entry.get("triage", ())):
            raise UsageError(f"{name}: a rule on single episodes names levels, now or today, and nothing else.")
        if not alone and not (entry.get("least", 0) > 0 and entry.get("days", 0) > 0):
            raise UsageError(f"{name}: a rule on lots or injectors says how many (least) and in how many days (days).")
        lists = {key: tuple(entry.get(key, ())) for key in ("triage", "subcodes")}
        found.append(Trigger(**{**entry, **lists}))
    return tuple(found)


def _monitor(entry: dict[str, Any]) -> Monitor:
    line = Monitor(**entry)
    if line.measure not in load_measures():
        raise UsageError(f"monitors.toml: there is no measure {line.measure!r}.")
    if line.tail not in ("more", "few") or line.unit not in ("injector", "clinic"):
        raise UsageError(f"monitors.toml, {line.id}: tail is more or few, unit is injector or clinic.")
    if not line.ratio > 0 or (line.ratio > 1) != (line.tail == "more") or not 0 <= line.share <= 1:
        raise UsageError(f"monitors.toml, {line.id}: ratio above 1 for more, below 1 for few; share from 0 to 1.")
    return line

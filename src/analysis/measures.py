"""Measures as data: which episodes are counted over which sessions. No pandas."""

from dataclasses import dataclass
from functools import cache

from analysis.errors import UsageError
from analysis.resources import read_toml, resource
from analysis.taxonomy import CLASSES, load_taxonomy


@dataclass(frozen=True)
class Measure:
    """One measure. `subcodes` is the numerator; `areas` are those at risk (none: every session is)."""

    id: str
    label: str
    subcodes: frozenset[str]
    areas: frozenset[str]
    follow_up_days: int
    asks: bool

    @property
    def denominator(self) -> str:
        """The denominator in words."""
        return "sessions at risk" if self.areas else "sessions"


@cache
def load_measures() -> dict[str, Measure]:
    """Measures by id, in the order of the file. UsageError names a sub-code, class or key that does not exist."""
    found = {}
    for entry in read_toml(resource("measures.toml"))["measure"]:
        found[entry["id"]] = Measure(
            id=entry["id"],
            label=entry["label"],
            subcodes=_subcodes(entry),
            areas=frozenset(entry.get("areas", ())),
            follow_up_days=entry["follow_up_days"],
            asks=entry["asks"],
        )
    return found


def window_months() -> int:
    """How many closed months the tables by treatment type, area and injector look back."""
    return int(read_toml(resource("measures.toml"))["window_months"])


def _subcodes(entry: dict[str, list[str]]) -> frozenset[str]:
    table = load_taxonomy()
    named = set(entry.get("subcodes", ()))
    if unknown := named - set(table) or set(entry.get("classes", ())) - set(CLASSES):
        raise UsageError(f"measures.toml, {entry['id']}: {', '.join(sorted(unknown))} is not in the taxonomy.")
    classes, left_out = set(entry.get("classes", ())), set(entry.get("leave_out", ()))
    named |= {code for code, sub in table.items() if sub.event_class in classes and sub.category not in left_out}
    return frozenset(named)


def usual_months() -> int:
    """How many closed months the usual range rests on."""
    return int(read_toml(resource("measures.toml"))["usual_months"])

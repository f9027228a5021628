"""Which column of a sheet is read for what: usual headers first, then headers understood from their words, each against its cells."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from analysis.intake.content import looks_like_names, misfit, sample
from analysis.intake.header_words import is_case_work, is_closing
from analysis.intake.headers import Meaning, meanings
from analysis.intake.rows import Row, SomeRows
from analysis.intake.spread import OTHER, absence, area_of, hold_units, holds_ticks, reaction
from analysis.intake.words import fold

SEVERAL = ("text", "seriousness", "person_name", "area_units")
"""Canonical columns that may be read from several columns of a sheet."""
_TOGETHER = ("text", "person_name")
"""Those of which every column with a fitting header is read; the others need clinic.toml to say so."""

_EVENT_COLUMNS = {
    "event_id", "event_version", "updated_at", "patient_key", "treatment_id", "treatment_date", "onset_date", "reported_date",
    "resolved_date", "text", "event_category", "severity", "seriousness", "outcome", "causality", "area", "laterality", "product",
    "lot", "dose_units", "treatment_type", "injector", "clinic", "action_taken", "reported_to", "injector_credential", "person_name",
}  # fmt: skip
_SESSION_COLUMNS = {
    "patient_key", "treatment_id", "treatment_date", "updated_at", "area", "product", "lot", "dose_units", "treatment_type",
    "service_status", "service_category", "injector", "injector_credential", "clinic", "area_units", "blood_thinner", "stopped_7d",
    "followed_up", "contact_date", "prior_toxin", "person_name",
}  # fmt: skip
_READ: dict[str, set[str]] = {
    "events": _EVENT_COLUMNS,
    "treatments": _SESSION_COLUMNS,
    "combined": _EVENT_COLUMNS | _SESSION_COLUMNS,
    "totals": {"month", "treatment_date", "treatment_type", "injector", "area", "product", "sessions", "clinic"},
    "process": {"complaint", "text", "reported_date", "treatment_date", "clinic", "event_id"},
    "ignore": set(),
    "unknown": set(),
}
# What a header means first, for each kind, when it could mean several things (`Status`, `Category`, `Location`, `Ref`).
_FIRST = {
    "events": ("event_id", "outcome", "event_category", "severity", "clinic"),
    "treatments": ("service_status", "service_category", "treatment_type", "clinic", "injector_credential"),
    "combined": ("treatment_id", "service_status", "treatment_type", "clinic"),
}


_TREATED = {"onset_date", "reported_date", "area", "product", "lot", "dose_units"}
"""Beside these a bare `Date` of an events log is the day of treatment; without them the day of the entry, which fits either: a patient
treated that day is found by it too, as the last one treated before."""


# Usual headers before those understood from their words, sure ones before unsure ones.
_PASSES = ((True, False), (True, True), (False, False), (False, True))


@dataclass
class Mapped:
    """Columns read, by canonical name, with how each was understood; `doubted` says why a known header was not believed."""

    columns: dict[str, list[int]] = field(default_factory=dict)
    basis: dict[int, str] = field(default_factory=dict)
    doubted: dict[int, str] = field(default_factory=dict)
    not_used: list[str] = field(default_factory=list)
    weak: frozenset[str] = frozenset()


def map_columns(headers: Row, declared: dict[int, str], by_cells: dict[int, str], kind: str, rows: SomeRows) -> Mapped:
    """Give each column of a sheet of this kind its meaning. `declared` and `by_cells` are positions settled before."""
    return _Mapper(headers, kind, rows).run(declared, by_cells)


class _Mapper:
    def __init__(self, headers: Row, kind: str, rows: SomeRows) -> None:
        self.headers, self.kind, self.rows = headers, kind, rows
        self.allowed = _READ[kind]
        self.found = Mapped()
        self.unsure: set[str] = set()
        self.cells: dict[int, list[str]] = {}
        self.case_work = any(is_case_work(header) for header in headers)

    def run(self, declared: dict[int, str], by_cells: dict[int, str]) -> Mapped:
        for basis, settled in (("declared", declared), ("cells", by_cells)):
            for position, ours in settled.items():
                if ours in self.allowed:
                    self._take(position, ours, basis)
        self.open = [p for p in range(len(self.headers)) if p not in declared and p not in by_cells and self.headers[p]]
        self._patients()
        for strong, by_words in _PASSES:
            for position in list(self.open):
                self._settle(position, strong, by_words)
        if "text" in self.allowed and self.kind in ("events", "combined"):
            self._reactions()
        if "area_units" in self.allowed:
            self._areas()
        self.found.not_used = [
            self.headers[p] for p in self.open if meanings(self.headers[p]) and p not in self.found.doubted
        ]
        for position in set(self.found.doubted) - set(self.open):
            del self.found.doubted[position]
        self.found.weak = frozenset(self.unsure)
        return self.found

    def _take(self, position: int, canonical: str, basis: str) -> None:
        self.found.columns.setdefault(canonical, []).append(position)
        self.found.basis[position] = basis

    def _settle(self, position: int, strong: bool, by_words: bool) -> None:
        """Read a column for the likeliest of its meanings that is free and that its cells bear out."""
        for meaning in self._choices(position, strong, by_words):
            canonical = meaning.canonical
            if canonical == "text" and not strong and "text" in self.found.columns and self.kind != "events":
                return  # a "Notes" column of a treatments log is no second account of an event
            why = self._misfit(position, meaning)
            if why is None:
                if not strong and canonical not in self.found.columns:
                    self.unsure.add(canonical)
                self._take(position, canonical, "words" if by_words else "usual")
                self.open.remove(position)
                return
            self.found.doubted.setdefault(position, f"{canonical}: {why}")

    def _choices(self, position: int, strong: bool, by_words: bool) -> Iterator[Meaning]:
        fitting = [
            m for m in meanings(self.headers[position])
            if m.strong == strong and m.by_words == by_words and m.canonical in self.allowed
            and (not m.kinds or self.kind in m.kinds)
            and not (m.canonical == "event_id" and self.kind == "combined" and not m.strong)  # the number of a line
            and (strong or not self._told_apart(position, m.canonical))
            and (m.canonical in _TOGETHER or m.canonical not in self.found.columns or absence(self.headers[position]))
        ]  # fmt: skip
        first = _FIRST.get(self.kind, ())
        if self.kind == "events" and not _TREATED & set(self.found.columns):
            first = ("reported_date", *first)
        rank = {canonical: n for n, canonical in enumerate(first)}
        yield from sorted(fitting, key=lambda m: rank.get(m.canonical, len(first)))

    def _told_apart(self, position: int, canonical: str) -> bool:
        """A column of the same header is read for something else: nothing says which of them is which."""
        same = fold(self.headers[position])
        taken = ((ours, p) for ours, places in self.found.columns.items() for p in places)
        return any(ours != canonical and fold(self.headers[p]) == same for ours, p in taken)

    def _misfit(self, position: int, meaning: Meaning) -> str | None:
        if meaning.canonical == "resolved_date" and self.case_work and is_closing(self.headers[position]):
            return "it closes the report, beside columns of case handling, and may not be the day of recovery"
        return misfit(meaning.canonical, self._sample(position), usual=meaning.strong and not meaning.by_words)

    def _reactions(self) -> None:
        """Columns of one reaction each, to be ticked, are part of the description; so is `Other` beside them."""
        named = {p: reaction(self.headers[p]) for p in self.open}
        ticked = [p for p, what in named.items() if what not in (None, OTHER) and holds_ticks(self._sample(p))]
        if ticked:
            for position in (*ticked, *(p for p, what in named.items() if what == OTHER)):
                self._take(position, "text", "ticked")
                self.found.doubted.pop(position, None)
                self.open.remove(position)

    def _areas(self) -> None:
        """Columns of one area each, with the units given there: two of them, or one that says so, in a log without an area column."""
        if "area" in self.found.columns:
            return
        doses = self.found.columns.get("dose_units", [])
        told = {p: found for p in (*self.open, *doses) if (found := area_of(self.headers[p]))}
        named = [p for p, (_, of_units) in told.items() if of_units or hold_units(self._sample(p))]
        if len(named) < 2 and not any(told[p][1] for p in named):
            return
        for position in sorted(named):
            if position in doses:
                del self.found.columns["dose_units"]
            else:
                self.open.remove(position)
            self._take(position, "area_units", "areas")
            self.found.doubted.pop(position, None)

    def _patients(self) -> None:
        """A column of names is no patient reference where another column holds references."""
        if "patient_key" in self.found.columns:
            return
        may = {
            p: m for p in self.open for m in meanings(self.headers[p])
            if m.canonical == "patient_key" and "patient_key" in self.allowed
        }  # fmt: skip
        named = {p for p in may if looks_like_names(self._sample(p))}
        sure = [p for p in may if p not in named and self._sample(p)]
        if not named or not sure:
            return
        best = min(sure, key=lambda p: (_PASSES.index((may[p].strong, may[p].by_words)), p))
        if not may[best].strong:
            self.unsure.add("patient_key")
        self._take(best, "patient_key", "words" if may[best].by_words else "usual")
        self.open.remove(best)

    def _sample(self, position: int) -> list[str]:
        if position not in self.cells:
            self.cells[position] = sample(self.rows, position)
        return self.cells[position]

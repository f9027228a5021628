"""Dirt as real clinics deliver it, planted so that the truth knows where it lies."""

from dataclasses import replace

from analysis.simulation.draw import Draw
from analysis.simulation.entries import Entry
from analysis.simulation.grammar import Writer
from analysis.simulation.people import Session
from analysis.simulation.records import Injector, Parameters
from analysis.simulation.sheets import Row, units_text
from analysis.xlsx import Cell


class Spoiler:
    """Plants dirt at the rates of `group.toml`; does nothing when `on` is false."""

    def __init__(self, parameters: Parameters, seed: int, *, on: bool) -> None:
        self.parameters, self.rates, self.on = parameters, parameters.settings["dirt"], on
        self.draw, self.writer = Draw(seed, "dirt"), Writer(parameters, seed + 1)

    def chance(self, name: str) -> bool:
        """True at the named rate, never when dirt is off."""
        return self.on and self.draw.chance(self.rates[name])

    def injector(self, injector: Injector, dirt: set[str]) -> str:
        """The name as somebody at the desk happened to write it."""
        if injector.declared and self.chance("injector_declared"):
            dirt.add("injector_declared")
            return injector.declared
        if self.chance("injector_respelled"):
            dirt.add("injector_respelled")
            return self.draw.pick(injector.respelled)
        return injector.name

    def units(self, units: float, dirt: set[str]) -> Cell:
        """Units as a number, or now and then as "20u", "20 units", "10+10" or a volume."""
        if not self.chance("odd_dose"):
            return units
        dirt.add("odd_dose")
        text = units_text(units)
        forms = [f"{text}u", f"{text} units", f"{text} U", "0.5 mL"]
        if units % 2 == 0:
            forms.append(f"{units_text(units / 2)}+{units_text(units / 2)}")
        return self.draw.pick(forms)

    def brand(self, session: Session, dirt: set[str]) -> str:
        """The brand name; now and then the Botox column holds units that only make sense for Dysport."""
        if session.product.name == "Dysport" and self.chance("dysport_in_botox"):
            dirt.add("dysport_units_in_botox_row")
            return "Botox"
        return session.product.brands[session.clinic.folder]

    def repeat(self, rows: list[Row]) -> list[Row]:
        """The rows with about 3 % of them delivered twice: some right after the original, some at the end."""
        if not self.on:
            return rows
        made: list[Row] = []
        late: list[Row] = []
        for row in rows:
            made.append(row)
            if (
                row.disposition == "accepted"
                and row.what != "nil_return"
                and self.draw.chance(self.rates["duplicates"])
            ):
                copy = replace(row, what="duplicate", disposition="duplicate", dirt=row.dirt | {"duplicate"})
                (made if self.draw.chance(0.6) else late).append(copy)
        return made + late

    def blanks(self, rows: list[Row], width: int, number: int) -> list[Row]:
        """The rows with `number` empty ones among them."""
        if not self.on or not rows:
            return rows
        made = list(rows)
        for _ in range(number):
            made.insert(
                self.draw.below(len(made)) + 1, Row([""] * width, "blank", dirt={"blank"}, disposition="ignored")
            )
        return made

    def test_patient(self, row: Row, reference: str, position: int) -> Row:
        """A copy of a row as the staff enter it to try the software out."""
        cells = list(row.cells)
        cells[position] = reference
        return Row(cells, "test_patient", row.clinic, dirt={"test_patient"}, disposition="ignored")

    def entries(self, entries: list[Entry]) -> None:
        """Plant the dirt of single log entries: names, unreadable texts, a wrong injector, impossible onsets, blanks."""
        if not self.on:
            return
        plain = [
            e for e in entries if e.what == "event" and len(e.happenings) == 1 and e.text and e.triage == "routine"
        ]
        once = [e for e in plain if len(e.happenings[0].event_ids) == 1 and not e.happenings[0].forced]
        for entry in self.draw.sample(once, self.rates["not_readable"]):
            entry.text, entry.term = self.writer.shared("unreadable"), ""
            entry.dirt.add("unreadable_text")
        readable = [e for e in plain if "unreadable_text" not in e.dirt]
        for entry in self.draw.sample(readable, self.rates["names_in_text"]):
            entry.text = self.writer.shared("named") + entry.text
            entry.dirt.add("name_in_text")
        for entry in self.draw.sample(
            [e for e in readable if _report_in_window(e)], self.rates["onset_before_treatment"]
        ):
            entry.dirt.add("onset_before_treatment")
        for entry in self.draw.sample([e for e in readable if not e.dirt], self.rates["wrong_injector"]):
            entry.dirt.add("wrong_injector")
        for entry in entries:
            if _can_lose_date(entry) and self.chance("no_treatment_date"):
                entry.dirt.add("no_treatment_date")
            elif _can_lose_patient(entry) and self.chance("no_patient"):
                entry.dirt.add("no_patient")


def _report_in_window(entry: Entry) -> bool:
    """Without a usable onset the report stands for it: it must lie within the window of the sub-code."""
    window = min(happening.concept.window_days for happening in entry.happenings)
    return (entry.reported - entry.session.day).days <= window


def _can_lose_date(entry: Entry) -> bool:
    """The patient's latest session before a written onset is still the right one: no touch-up comes within ten days."""
    if entry.dirt or entry.onset is None or entry.onset_written or entry.clinic.folder == "sim-quayside":
        return False
    return (entry.onset - entry.session.day).days < 10


def _can_lose_patient(entry: Entry) -> bool:
    """No later row is about the same episode: without a patient the two could not be known for one."""
    return not entry.dirt and entry.what == "event" and all(len(h.event_ids) == 1 for h in entry.happenings)

"""Sentences of the log entries, drawn from the grammar in `texts.toml`."""

import re
from typing import Any

from analysis.simulation.draw import Draw
from analysis.simulation.happenings import Happening
from analysis.simulation.records import Parameters

_CHOICE = re.compile(r"\[([^\[\]]*)\]")
_SLOT = re.compile(r"\{(\w+)\}")
_EYE = {"L": "OS", "R": "OD", "bilateral": "OU"}


class Writer:
    """Writes what a clinic's staff would write about a case."""

    def __init__(self, parameters: Parameters, seed: int) -> None:
        self.texts, self.words, self.areas = parameters.texts, parameters.words, parameters.areas
        self.share = parameters.settings["entries"]["severity_in_text"]
        self.draw = Draw(seed, "texts")

    def asserts(self, happenings: list[Happening]) -> str:
        """One entry that says each of the episodes happened."""
        return self._write(happenings, "says")

    def resolved(self, happening: Happening) -> str:
        """An entry that says the episode is over."""
        return self._write([happening], "resolved")

    def improving(self, happening: Happening) -> str:
        """A later entry that says the episode is getting better."""
        return self._write([happening], "improving")

    def denies(self, status: str, concept: str, clinic: str) -> tuple[str, list[str]]:
        """A sentence that tells of no event of this patient, and the concepts it names: `concept`, another, or none."""
        form = self.draw.pick(self.texts["shared"][status])
        other = self.draw.pick([name for name in self.texts["negated_with"]["concepts"] if name != concept])
        nouns = {"noun": self.texts["concept"][concept]["noun"], "noun2": self.texts["concept"][other]["noun"]}
        text = self._fill(form, nouns)
        named = [name for name, slot in ((concept, "{noun}"), (other, "{noun2}")) if slot in form]
        return (text if status == "none" else self._case(text, clinic)), named

    def shared(self, name: str) -> str:
        """A sentence of the shared list of this name."""
        return self._fill(self.draw.pick(self.texts["shared"][name]), {"digits": [f"{self.draw.between(1, 99):02d}"]})

    def _write(self, happenings: list[Happening], form: str) -> str:
        clinic = happenings[0].session.clinic.name
        style: dict[str, Any] = self.texts["style"][clinic]
        parts, tails = [], []
        for happening in happenings:
            known = self.texts["concept"][happening.concept.name]
            forms = known["says"] if form == "says" else self.texts["shared"][form]
            parts.append(self._fill(self.draw.pick(forms), self._slots(happening, known)))
            tails += known.get("tail", [])
        before = style["before"] if form == "says" else self.texts["shared"]["before_later"]
        text = self.draw.pick(before) + self.draw.pick(self.texts["shared"]["also"]).join(parts)
        if form == "says":
            own = tails and len(happenings) == 1 and self.draw.chance(0.35)
            text += self.draw.pick(tails if own else style["after"])
        return self._case(text, clinic)

    def _slots(self, happening: Happening, known: dict[str, Any]) -> dict[str, list[str]]:
        clinic, severity = happening.session.clinic.name, happening.severity
        days = (happening.onset - happening.session.day).days
        said = severity and self.draw.chance(self.share)
        return {
            "noun": known["noun"],
            "side": self.words["side"][clinic][happening.side] if happening.side else [""],
            "od": [_EYE.get(happening.side, "")],
            "site": self.areas[happening.area]["words"].split("|"),
            "sev": self.words["severity_in_text"][severity] if said else [""],
            "when": _when(days),
            "late": [f"wk {max((happening.ends - happening.session.day).days // 7, 1)}"],
        }

    def _fill(self, template: str, slots: dict[str, list[str]]) -> str:
        while match := _CHOICE.search(template):
            template = template[: match.start()] + self.draw.pick(match[1].split("|")) + template[match.end() :]
        text = _SLOT.sub(lambda slot: self.draw.pick(slots.get(slot[1], [""])), template)
        return _tidy(text)

    def _case(self, text: str, clinic: str) -> str:
        style, luck = self.texts["style"][clinic], self.draw.uniform()
        if luck < style["upper"]:
            return text.upper()
        if luck < style["upper"] + style["lower"]:
            return text
        return text[:1].upper() + text[1:]


def _when(days: int) -> list[str]:
    if days == 0:
        return ["same day", "day 0"]
    if days < 10:
        return [f"day {days}", f"d{days}"]
    weeks = round(days / 7)
    return [f"wk {weeks}", f"{weeks}/52", f"{weeks} wks post"]


def _tidy(text: str) -> str:
    """Take out what empty slots leave behind: double spaces, spaces before commas, a dangling dash."""
    text = " ".join(text.split())
    text = re.sub(r"\s+([,.;])", r"\1", text)
    text = re.sub(r"- -", "-", text)
    return text.strip(" ,-") or text

"""The adverse-event logs as the staff keep them: which episodes are written down, when, and in which rows."""

from datetime import date, timedelta

from analysis.simulation.draw import Draw
from analysis.simulation.entries import Entry, triage_of
from analysis.simulation.grammar import Writer
from analysis.simulation.happenings import Happening
from analysis.simulation.people import Session
from analysis.simulation.records import Clinic, Concept, Parameters


def decide_logging(happenings: list[Happening], parameters: Parameters, *, seed: int) -> None:
    """Set for every episode when it was logged, or why it was not."""
    draw = Draw(seed, "logging")
    silence, nil_month = parameters.rules.get("silence", {}), parameters.rules.get("nil_month")
    for happening in happenings:
        session, concept = happening.session, happening.concept
        asked = session.asked_on is not None and happening.onset <= session.asked_on
        logged = draw.chance(concept.asked if asked else concept.unasked) or happening.forced
        lag = min(
            round(draw.lognormal(concept.lag_median, parameters.settings["entries"]["lag_log_sd"])), concept.lag_max
        )
        reported = happening.onset + timedelta(days=lag)
        if asked and session.asked_on is not None:
            reported = min(reported, session.asked_on)
        reported += timedelta(days=reported.weekday() == 6)
        silent = silence and session.injector.name == silence["injector"] and session.month >= silence["from_month"]
        nil = session.clinic.name == "Quayside" and f"{reported:%Y-%m}" == nil_month
        if not logged:
            happening.why_not_logged = "not logged"
        elif silent or (nil and concept.triage == "routine"):
            happening.why_not_logged = "planted silence" if silent else "nil return"
        elif reported > parameters.data_cut:
            happening.why_not_logged = "after the data cut"
        else:
            happening.reported = reported + timedelta(days=31 if nil else 0)
        if happening.reported and session.follow_up in ("none", "unknown"):
            session.follow_up = "patient_initiated"


def keep_logs(
    sessions: list[Session], happenings: list[Happening], parameters: Parameters, *, seed: int
) -> list[Entry]:
    """Every row of every clinic's log, in order of clinic and reporting date, with event ids."""
    keeper = _Keeper(parameters, seed)
    entries = keeper.first_entries([h for h in happenings if h.reported])
    entries += keeper.follow_ups(entries)
    entries += keeper.non_events(sessions, happenings, number=round(len(entries) * keeper.rules["non_events"]))
    order = {clinic.name: position for position, clinic in enumerate(parameters.clinics)}
    entries.sort(key=lambda e: (order[e.clinic.name], e.reported, e.session.key, e.what, e.subcodes, e.text))
    _number(entries)
    return entries


def _number(entries: list[Entry]) -> None:
    counts: dict[str, int] = {}
    for entry in entries:
        counts[entry.clinic.name] = number = counts.get(entry.clinic.name, 0) + 1
        entry.event_id = f"{entry.clinic.prefix}-AE-{number:04d}"
        for happening in entry.happenings:
            happening.event_ids.append(entry.event_id)


class _Keeper:
    def __init__(self, parameters: Parameters, seed: int) -> None:
        self.parameters, self.rules = parameters, parameters.settings["entries"]
        self.draw, self.writer = Draw(seed, "entries"), Writer(parameters, seed)
        self.concepts = {concept.name: concept for concept in parameters.concepts}

    def first_entries(self, logged: list[Happening]) -> list[Entry]:
        """The first row of each logged episode; some rows tell two episodes of one session."""
        entries: list[Entry] = []
        for happening in logged:
            last = entries[-1] if entries else None
            same = last is not None and last.session is happening.session and len(last.happenings) == 1
            assert happening.reported is not None
            near = same and last is not None and abs((happening.reported - last.reported).days) <= 10
            if near and last is not None and self.draw.chance(self.rules["two_in_one_row"]):
                last.happenings.append(happening)
                last.reported = max(last.reported, happening.reported)
            else:
                entries.append(
                    Entry(happening.session.clinic, happening.session, "event", happening.reported, [happening])
                )
        for entry in entries:
            self._word(entry)
        return entries

    def _word(self, entry: Entry) -> None:
        first, alone = entry.happenings[0], len(entry.happenings) == 1
        entry.subcodes = [happening.concept.subcode for happening in entry.happenings]
        entry.triage = triage_of(entry.happenings)
        over = first.ends <= entry.reported and first.concept.triage == "routine" and first.concept.has_course
        if alone and first.concept.terms and self.draw.chance(self.rules["coded_only"]):
            entry.term = self.draw.pick(first.concept.terms)
        elif alone and over and self.draw.chance(self.rules["written_as_resolved"] * 2):
            entry.status, entry.text = "resolved", self.writer.resolved(first)
        else:
            entry.text = self.writer.asserts(entry.happenings)
            if not alone:
                entry.dirt.add("two_events_in_one_row")
        if entry.text and alone and self.draw.chance(self.rules["local_category_filled"]):
            entry.term = first.concept.local
        self._fields(entry, first, alone=alone)

    def _fields(self, entry: Entry, first: Happening, *, alone: bool) -> None:
        if alone and first.severity and self.draw.chance(self.rules["severity_filled"]):
            entry.severity = first.severity
        if alone and first.side and self.draw.chance(self.rules["side_filled"]):
            entry.side = first.side
        if self.draw.chance(self.rules["outcome_filled"]):
            over = first.ends <= entry.reported or entry.status == "resolved"
            entry.outcome = "recovered" if over else self.draw.pick(("recovering", "not_recovered", "unknown"))
            if over and not entry.text:
                entry.status = "resolved"  # a coded term says that it happened, the outcome that it is over
        entry.serious = next((h.serious for h in entry.happenings if h.serious), "")
        entry.area = first.area
        self._onset(entry, min(h.onset for h in entry.happenings))

    def _onset(self, entry: Entry, onset: date) -> None:
        days, luck = (onset - entry.session.day).days, self.draw.uniform()
        window = min((h.concept.window_days for h in entry.happenings), default=0)
        blank_is_safe = (entry.reported - entry.session.day).days <= window
        if luck < self.rules["onset_blank"] and blank_is_safe:
            return  # otherwise the gap to the report would stand for the onset and lie outside the window
        entry.onset = onset
        if luck > 1 - self.rules["onset_relative"]:
            weeks = days // 7
            exact_week = weeks > 0 and days % 7 == 0
            entry.onset_written = self.draw.pick((f"{weeks}/52", f"{weeks} wk")) if exact_week else f"day {days}"

    def follow_ups(self, entries: list[Entry]) -> list[Entry]:
        """Later rows about the same episode, each with its own event id, as busy staff enter them."""
        made = []
        for first in entries:
            happening = first.happenings[0]
            single = len(first.happenings) == 1 and happening.concept.has_course
            if not single or not self.draw.chance(self.rules["follow_up_rows"] * 1.3):
                continue
            reported = first.reported + timedelta(days=self.draw.between(5, 35))
            reported += timedelta(days=reported.weekday() == 6)
            over = happening.ends <= reported
            if reported > self.parameters.data_cut or f"{reported:%Y-%m}" == self._nil_month(first.clinic):
                continue
            text = self.writer.resolved(happening) if over else self.writer.improving(happening)
            entry = Entry(first.clinic, first.session, "followup", reported, [happening], area=first.area, text=text)
            entry.status, entry.subcodes = "resolved" if over else "asserted", list(first.subcodes)
            entry.triage, entry.side = first.triage, first.side
            entry.outcome = "recovered" if over else "recovering"
            entry.onset = happening.onset if self.draw.chance(0.7) else None
            made.append(entry)
        return made

    def _nil_month(self, clinic: Clinic) -> str | None:
        return self.parameters.rules.get("nil_month") if clinic.name == "Quayside" else None

    def non_events(self, sessions: list[Session], happenings: list[Happening], *, number: int) -> list[Entry]:
        """Rows that tell of no event: routine reviews, warnings, history, doubts that came to nothing."""
        touched = {happening.session.key for happening in happenings}
        silence = self.parameters.rules.get("silence", {}).get("injector")
        quiet = [s for s in sessions if s.key not in touched and s.injector.name != silence]
        chosen = self.draw.sample(quiet, number)
        shares = self.parameters.settings["status_of_non_events"]
        made = []
        for session in chosen:
            reported = session.day + timedelta(days=self.draw.between(10, 18))
            reported += timedelta(days=reported.weekday() == 6)
            if reported > self.parameters.data_cut or f"{reported:%Y-%m}" == self._nil_month(session.clinic):
                continue
            status = self.draw.weighted(list(shares), list(shares.values()))
            concept = self._plausible(session)
            entry = Entry(session.clinic, session, "non_event", reported, status=status, area=session.lines[0].area)
            entry.text, named = self.writer.denies(status, concept.name, session.clinic.name)
            entry.subcodes = [self.concepts[name].subcode for name in named]
            entry.triage = concept.triage if status == "uncertain" else ""
            made.append(entry)
        return made

    def _plausible(self, session: Session) -> Concept:
        names = self.parameters.texts["negated_with"]["concepts"]
        return self.concepts[self.draw.pick(names)]

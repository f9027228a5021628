"""Who comes when: new patients, returns after about 14 weeks and touch-ups within four weeks."""

from collections import defaultdict
from datetime import date, timedelta

from analysis.periods import first_day, last_day, month_of, shift
from analysis.simulation.draw import Draw
from analysis.simulation.people import Patient, Session
from analysis.simulation.records import Clinic, Injector, Parameters, Product, Treatment


class Diary:
    """Appointment book of one clinic. `due` and `touch_ups` hold what is still to come, by month."""

    def __init__(self, parameters: Parameters, clinic: Clinic, seed: int) -> None:
        self.parameters, self.clinic = parameters, clinic
        self.draw = Draw(seed, f"visits {clinic.name}")
        self.injectors = {i.name: i for i in parameters.injectors if i.clinic == clinic.name}
        self.rules = parameters.settings["visits"]
        self.patients = 0
        self.due: dict[str, list[tuple[date, Patient, Injector]]] = defaultdict(list)
        self.touch_ups: dict[str, list[tuple[date, Session, Injector]]] = defaultdict(list)
        self.sessions: list[Session] = []

    def fill(self, month: str, counts: dict[str, int]) -> None:
        """Book every session of a month: touch-ups first, then returning patients, then new ones."""
        free = {name: count for name, count in counts.items() if name in self.injectors}
        for day, index, injector in self.touch_ups.pop(month, []):
            if free.get(injector.name, 0):
                self._touch_up(day, index, injector, free)
        for day, patient, usual in sorted(self.due.pop(month, []), key=lambda entry: (entry[0], entry[1].number)):
            self._return(month, day, patient, usual, free)
        for name in self.injectors:
            while free.get(name, 0) > 0:
                injector = self.injectors[name]
                self._book(self._new_patient(injector), injector, self._any_day(month), free, new=True)

    def _return(self, month: str, day: date, patient: Patient, usual: Injector, free: dict[str, int]) -> None:
        others = [name for name, left in free.items() if left > 0 and name != usual.name]
        stays = free.get(usual.name, 0) > 0 and (not others or self.draw.chance(self.rules["same_injector"]))
        if stays:
            self._book(patient, usual, self._open_day(max(day, first_day(month)), month), free)
        elif others:
            injector = self.injectors[self.draw.weighted(others, [free[name] for name in others])]
            self._book(patient, injector, self._open_day(max(day, first_day(month)), month), free)
        elif self.draw.chance(0.5):
            later = shift(month, 1)
            self.due[later].append((self._any_day(later), patient, usual))

    def _book(
        self, patient: Patient, injector: Injector, day: date, free: dict[str, int], *, new: bool = False
    ) -> None:
        free[injector.name] -= 1
        if not new:
            self._change_of_mind(patient, injector)
        patient.visits += 1
        session = Session(self.clinic, injector, patient, day, patient.treatment, patient.product, touch_up=False)
        session.new_patient = new and not patient.prior_toxin
        session.added = self._added(session)
        self.sessions.append(session)
        if self.draw.chance(self.rules["touch_up_probability"]):
            self._plan_touch_up(session, free)
        if self.draw.chance(self.rules["return_probability"]):
            wait = self.draw.lognormal(self.rules["return_median_days"], self.rules["return_log_sd"])
            again = day + timedelta(days=max(round(wait), self.rules["return_minimum_days"]))
            again = self._open_day(again, month_of(again))
            self.due[month_of(again)].append((again, patient, injector))

    def _plan_touch_up(self, index: Session, free: dict[str, int]) -> None:
        day = index.day + timedelta(days=self.draw.between(*self.rules["touch_up_days"]))
        day += timedelta(days=day.weekday() == 6)
        others = [i for i in self.injectors.values() if i is not index.injector and i.monthly > 10]
        other = others and self.draw.chance(self.rules["touch_up_other_injector"])
        injector = self.draw.pick(others) if other else index.injector
        if month_of(day) == index.month and free.get(injector.name, 0) > 0:
            self._touch_up(day, index, injector, free)
        elif month_of(day) != index.month:
            self.touch_ups[month_of(day)].append((day, index, injector))

    def _touch_up(self, day: date, index: Session, injector: Injector, free: dict[str, int]) -> None:
        free[injector.name] -= 1
        index.patient.visits += 1
        self.sessions.append(
            Session(self.clinic, injector, index.patient, day, index.treatment, index.product, touch_up=True)
        )

    def _new_patient(self, injector: Injector) -> Patient:
        self.patients += 1
        draw, settings = self.draw, self.parameters.settings["patients"]
        names = self.parameters.words["names"]
        mean, spread = settings["age"]
        return Patient(
            number=self.patients,
            reference=_reference(self.clinic, self.patients),
            name=f"{draw.pick(names['first'])} {draw.pick(names['last'])}",
            sex="F" if draw.chance(settings["female"]) else "M",
            age=min(max(round(mean + spread * draw.normal()), 19), 84),
            prior_toxin=draw.chance(settings["prior_toxin"]),
            thinner=self._thinner(),
            product=self._product(),
            treatment=self._treatment(injector),
        )

    def _change_of_mind(self, patient: Patient, injector: Injector) -> None:
        if not self.draw.chance(self.rules["same_treatment"]) or not patient.treatment.mix[injector.role]:
            patient.treatment = self._treatment(injector)
        if not self.draw.chance(self.rules["same_product"]):
            patient.product = self._product()

    def _added(self, session: Session) -> Treatment | None:
        # Totals count a session once per type, so a clinic that sends totals has no mixed sessions to disagree about.
        plain = session.treatment.name in ("glabella", "forehead_glabella", "upper_face")
        if not self.draw.chance(self.rules["mixed_probability"]) or not plain or self.clinic.name == "Quayside":
            return None
        return next(treatment for treatment in self.parameters.treatments if treatment.name == "tmj")

    def _treatment(self, injector: Injector) -> Treatment:
        choices = self.parameters.treatments
        return self.draw.weighted(choices, [choice.mix[injector.role] for choice in choices])

    def _product(self) -> Product:
        choices = self.parameters.products
        return self.draw.weighted(choices, [choice.share for choice in choices])

    def _thinner(self) -> str:
        settings = self.parameters.settings["patients"]
        for name in ("anticoagulant", "aspirin", "supplement"):
            if self.draw.chance(settings[name]):
                return name
        return ""

    def _any_day(self, month: str) -> date:
        return self._open_day(first_day(month) + timedelta(days=self.draw.below(last_day(month).day)), month)

    def _open_day(self, day: date, month: str) -> date:
        """The day itself, or the Monday after a Sunday (the Saturday before it at the end of a month)."""
        day = min(day, last_day(month))
        if day.weekday() != 6:
            return day
        later = day + timedelta(days=1)
        return later if month_of(later) == month else day - timedelta(days=1)


def _reference(clinic: Clinic, number: int) -> str:
    """Patient reference as the clinic writes it; Harbour's have leading zeros that must survive."""
    if clinic.name == "Harbour":
        return f"{number:06d}"
    if clinic.folder == "sim-group":
        return f"C{'1' if clinic.name == 'Northgate' else '2'}{number:05d}"
    return f"Q-{number:04d}"

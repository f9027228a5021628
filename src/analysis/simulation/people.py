"""Patients and sessions: the clean world before anybody writes anything down."""

from dataclasses import dataclass, field
from datetime import date

from analysis.simulation.records import Clinic, Injector, Product, Treatment


@dataclass(slots=True)
class Patient:
    """One invented patient of one clinic."""

    number: int
    reference: str
    name: str
    sex: str
    age: int
    prior_toxin: bool
    thinner: str
    product: Product
    treatment: Treatment
    visits: int = 0


@dataclass(slots=True)
class Line:
    """One area of a session: indication, dose in the product's own units and dose over label."""

    area: str
    indication: str
    units: float
    ratio: float


@dataclass(slots=True)
class Session:
    """One patient × one date × one injector."""

    clinic: Clinic
    injector: Injector
    patient: Patient
    day: date
    treatment: Treatment
    product: Product
    touch_up: bool
    added: Treatment | None = None
    key: str = ""
    visit: str = ""
    lot: str = ""
    vial: str = ""
    expiry: date | None = None
    lines: list[Line] = field(default_factory=list)
    follow_up: str = "none"
    asked_on: date | None = None
    thinner: str | None = None
    stopped: bool | None = None
    new_patient: bool = False
    dirt: set[str] = field(default_factory=set)
    hidden_by: str = ""

    @property
    def month(self) -> str:
        """Month of treatment."""
        return f"{self.day.year:04d}-{self.day.month:02d}"

    @property
    def types(self) -> list[str]:
        """Treatment types of the session, medical before cosmetic."""
        return [self.added.type, self.treatment.type] if self.added else [self.treatment.type]

    @property
    def units(self) -> float:
        """Units injected, all areas."""
        return sum(line.units for line in self.lines)

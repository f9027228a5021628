"""The records that the parameters of the simulation are read into."""

from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Clinic:
    """One simulated clinic."""

    name: str
    folder: str
    country: str
    telephones: bool
    prefix: str


@dataclass(frozen=True)
class Injector:
    """One injector: volume a month, when she joined or left, experience, and how the clinic's staff spell the name."""

    name: str
    clinic: str
    role: str
    monthly: float
    first_month: str
    last_month: str
    lifetime: int
    dose_factor: float
    telephoned: bool
    respelled: tuple[str, ...]
    declared: str


@dataclass(frozen=True)
class AreaDose:
    """Usual onabotulinum-equivalent dose of one area within a treatment, and the label's."""

    area: str
    low: float
    high: float
    label: float


@dataclass(frozen=True)
class Treatment:
    """One way of treating: what it is recorded as, how common it is by role, which areas."""

    name: str
    type: str
    service: str
    mix: dict[str, float]
    areas: tuple[AreaDose, ...]


@dataclass(frozen=True)
class Product:
    """A toxin: share, units per onabotulinum unit, vial sizes and its brand name in each folder."""

    name: str
    share: float
    factor: float
    vials: tuple[int, ...]
    letter: str
    brands: dict[str, str]


@dataclass(frozen=True)
class Concept:
    """One thing that can happen: its sub-code, urgency, how it starts, is logged and ends."""

    name: str
    subcode: str
    category: str
    triage: str
    unasked: float
    asked: float
    onset: tuple[int, int, int]
    lag_median: float
    lag_max: int
    duration: float
    sided: bool
    severities: tuple[float, float, float]
    novice: bool
    dose: bool
    terms: tuple[str, ...]
    local: str
    window_days: int

    @property
    def has_course(self) -> bool:
        """It has a severity and passes; an effect complaint or a wrong dose does not."""
        return sum(self.severities) > 0


@dataclass(frozen=True)
class Parameters:
    """Everything the simulation needs to know, for one scenario."""

    scenario: str
    settings: dict[str, Any]
    rules: dict[str, Any]
    clinics: tuple[Clinic, ...]
    injectors: tuple[Injector, ...]
    treatments: tuple[Treatment, ...]
    products: tuple[Product, ...]
    concepts: tuple[Concept, ...]
    risks: dict[tuple[str, str], float]
    areas: dict[str, dict[str, str]]
    words: dict[str, Any]
    texts: dict[str, Any]
    months: tuple[str, ...]
    data_cut: date

    def clinic(self, name: str) -> Clinic:
        """The clinic of this name."""
        return next(clinic for clinic in self.clinics if clinic.name == name)

"""Parameters of the simulation, read from `resources/simulation` into frozen records."""

from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from analysis.periods import month_range
from analysis.resources import read_rows, read_toml, resource
from analysis.taxonomy import load_taxonomy


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
    months: tuple[str, ...] = field(default=())
    data_cut: date = field(default=date(2026, 11, 6))

    def clinic(self, name: str) -> Clinic:
        """The clinic of this name."""
        return next(clinic for clinic in self.clinics if clinic.name == name)


@cache
def load_parameters(scenario: str) -> Parameters:
    """Parameters of a scenario (`base`, `null`, `planted`)."""
    settings = read_toml(_path("group.toml"))
    period = settings["period"]
    return Parameters(
        scenario=scenario,
        settings=settings,
        rules=settings["scenario"][scenario],
        clinics=tuple(_clinic(row) for row in read_rows(_path("clinics.csv"))),
        injectors=tuple(_injector(row, period) for row in read_rows(_path("injectors.csv"))),
        treatments=_treatments(),
        products=tuple(_product(row) for row in read_rows(_path("products.csv"))),
        concepts=tuple(_concept(row) for row in read_rows(_path("concepts.csv"))),
        risks=_risks(),
        areas={row["area"]: row for row in read_rows(_path("areas.csv"))},
        words=read_toml(_path("words.toml")),
        texts=read_toml(_path("texts.toml")),
        months=tuple(month_range(period["first_month"], period["last_month"])),
        data_cut=period["data_cut"],
    )


def _path(name: str) -> Any:
    return resource(f"simulation/{name}")


def _clinic(row: dict[str, str]) -> Clinic:
    return Clinic(row["clinic"], row["folder"], row["country"], row["telephones"] == "1", row["prefix"])


def _injector(row: dict[str, str], period: dict[str, Any]) -> Injector:
    return Injector(
        name=row["name"],
        clinic=row["clinic"],
        role=row["role"],
        monthly=float(row["monthly"]),
        first_month=row["first_month"] or period["first_month"],
        last_month=row["last_month"] or period["last_month"],
        lifetime=int(row["lifetime_sessions"]),
        dose_factor=float(row["dose_factor"]),
        telephoned=row["telephoned"] == "1",
        respelled=tuple(row["respelled"].split("|")),
        declared=row["declared"],
    )


def _treatments() -> tuple[Treatment, ...]:
    doses: dict[str, list[AreaDose]] = {}
    for row in read_rows(_path("doses.csv")):
        dose = AreaDose(row["area"], float(row["low"]), float(row["high"]), float(row["label"]))
        doses.setdefault(row["treatment"], []).append(dose)
    roles = ("physician", "nurse", "pa", "dentist")
    return tuple(
        Treatment(
            name=row["treatment"],
            type=row["type"],
            service=row["service"],
            mix={role: float(row["mix"]) * float(row[role]) for role in roles},
            areas=tuple(doses[row["treatment"]]),
        )
        for row in read_rows(_path("treatments.csv"))
    )


def _product(row: dict[str, str]) -> Product:
    vials = tuple(int(size) for size in row["vials"].split("|"))
    brands = {f"sim-{folder}": row[folder] for folder in ("harbour", "group", "quayside")}
    return Product(row["product"], float(row["share"]), float(row["factor"]), vials, row["lot_letter"], brands)


def _concept(row: dict[str, str]) -> Concept:
    subcode = load_taxonomy()[row["subcode"]]
    return Concept(
        name=row["concept"],
        subcode=row["subcode"],
        category=subcode.category,
        triage=row["triage"],
        unasked=float(row["unasked"]),
        asked=float(row["asked"]),
        onset=(int(row["onset_min"]), int(row["onset_mode"]), int(row["onset_max"])),
        lag_median=float(row["lag_median"]),
        lag_max=int(row["lag_max"]),
        duration=float(row["duration"]),
        sided=row["sided"] == "1",
        severities=(float(row["mild"]), float(row["moderate"]), float(row["severe"])),
        novice=row["novice"] == "1",
        dose=row["dose"] == "1",
        terms=tuple(term for term in row["terms"].split("|") if term),
        local=row["local"],
        window_days=subcode.window_days,
    )


def _risks() -> dict[tuple[str, str], float]:
    """(concept, treatment) → risk per session; `*` stands for every treatment that has no row of its own."""
    treatments = [row["treatment"] for row in read_rows(_path("treatments.csv"))]
    table: dict[tuple[str, str], float] = {}
    for row in read_rows(_path("risks.csv")):
        risk = float(row["percent"]) / 100
        for treatment in treatments if row["treatments"] == "*" else row["treatments"].split(";"):
            table[row["concept"], treatment] = risk
    return table

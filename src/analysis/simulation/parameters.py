"""Parameters of the simulation, read from `resources/simulation` into frozen records."""

from functools import cache
from typing import Any

from analysis.periods import month_range
from analysis.resources import read_rows, read_toml, resource
from analysis.simulation.records import AreaDose, Clinic, Concept, Injector, Parameters, Product, Treatment
from analysis.taxonomy import load_taxonomy


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

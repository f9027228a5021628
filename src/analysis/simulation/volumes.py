"""How many sessions each injector does in each month."""

from math import exp

from analysis.simulation.draw import Draw
from analysis.simulation.records import Injector, Parameters


def monthly_sessions(parameters: Parameters, *, seed: int, sessions: int) -> dict[str, dict[str, int]]:
    """Sessions by month and injector name, adding up to exactly `sessions` (largest remainders)."""
    draw = Draw(seed, "volumes")
    weights = {
        (month, injector.name): _weight(parameters, injector, month, draw)
        for month in parameters.months
        for injector in parameters.injectors
    }
    total = sum(weights.values())
    exact = {cell: weight * sessions / total for cell, weight in weights.items()}
    counts = {cell: int(value) for cell, value in exact.items()}
    by_remainder = sorted(exact, key=lambda cell: (counts[cell] - exact[cell], cell))
    for cell in by_remainder[: sessions - sum(counts.values())]:
        counts[cell] += 1
    table: dict[str, dict[str, int]] = {month: {} for month in parameters.months}
    for (month, name), count in counts.items():
        if count:
            table[month][name] = count
    return table


def _weight(parameters: Parameters, injector: Injector, month: str, draw: Draw) -> float:
    noise = exp(parameters.settings["season"]["spread"] * draw.normal())
    if not injector.first_month <= month <= injector.last_month:
        return 0.0
    season = parameters.settings["season"].get(month[5:], 1.0)
    planted = [parameters.rules.get(name, {}) for name in ("droop", "silence")]
    volume = next((float(plant["volume"]) for plant in planted if plant.get("injector") == injector.name), 1.0)
    if volume != 1.0:  # the planted effects are promised at a volume: no month may fall below it by chance
        noise = max(noise, 1.0)
        season = max(season, 0.97)
    return float(injector.monthly * season * noise * volume)

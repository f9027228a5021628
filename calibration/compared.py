"""What the monitor was chosen over, measured in the same simulated groups; and the lot of the planted scenario."""

from dataclasses import replace
from datetime import timedelta
from functools import cache

import numpy as np
import pandas as pd

from analysis.monitoring.cusum import poisson_cusum, poisson_limit
from analysis.monitoring.sequential import poisson_eprocess
from analysis.monitoring.settings import Monitor, load_triggers, load_watch
from analysis.monitoring.triggers import triggered
from analysis.periods import first_day, last_day, month_range, shift
from calibration.scenarios import DROOP, NULL, PLANTED, VOLUMES, share
from calibration.world import FIRST, World, counts, draw

BASELINE = 12
_STEPS = 10


def main(groups: int) -> None:
    """False alarms and what is found with the classical choices, over the lines that watch for more."""
    groups = min(groups, 60)
    print(f"\nThe same with a frozen expected table alone, from month 13 on, {groups} groups; lines for more only")
    for name, fires in (("Poisson CUSUM, limits by run length", _cusum), ("gamma-mixture e-process", _eprocess)):
        for scenario in ("as the simulation", "one telephones everybody, the others nobody"):
            worlds = (draw(NULL[scenario], seed) for seed in range(1, groups + 1))
            print(
                f"  {name}, false alarms in a year, {scenario}: {share([_any(world, fires, 25) for world in worlds])}"
            )
        planted = replace(PLANTED, volume=VOLUMES)
        hit = [_droop(draw(planted, seed), fires) for seed in range(1, groups + 1)]
        print(f"  {name}, planted lid droop found by month 18: {share(hit)}")


def _lines() -> list[Monitor]:
    return [line for line in load_watch().monitors if line.tail == "more"]


def _any(world: World, fires, end: int) -> bool:
    return any(fires(world, line, end).any() for line in _lines())


def _droop(world: World, fires) -> bool:
    line = next(one for one in _lines() if one.measure == "lid_droop")
    return bool(fires(world, line, 17)[world.injectors.index(DROOP)])


def _after(world: World, line: Monitor, end: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Observed and expected after the baseline, and each unit's part of the error budget."""
    known = counts(world, line.measure, BASELINE).known(end)
    due = known["expected"][:, :BASELINE].sum(axis=1)
    part = due / max(due.sum(), 1e-12) * line.share * load_watch().budget
    return known["observed"][:, BASELINE:], known["expected"][:, BASELINE:], part


def _cusum(world: World, line: Monitor, end: int) -> np.ndarray:
    """Each unit with a limit whose run length at its mean expected count is a year over its part of the budget."""
    seen, due, part = _after(world, line, end)
    found = np.zeros(len(seen), dtype=bool)
    for row in np.flatnonzero((due.mean(axis=1) > 0.02) & (part > 0)):
        limit = _limit(round(float(np.log(due[row].mean())), 1), round(float(np.log(part[row])), 1), line.ratio)
        found[row] = poisson_cusum(seen[row], due[row], ratio=line.ratio, limit=limit)["signal"].any()
    return found


@cache
def _limit(log_mean: float, log_part: float, ratio: float) -> float:
    mean = float(np.exp(log_mean))
    on_counts = poisson_limit(
        mean, reference_value=mean * (ratio - 1) / np.log(ratio), run_length=12 / float(np.exp(log_part)), steps=_STEPS
    )  # fmt: skip
    return on_counts * float(np.log(ratio))


def _eprocess(world: World, line: Monitor, end: int) -> np.ndarray:
    seen, due, part = _after(world, line, end)
    found = np.zeros(len(seen), dtype=bool)
    for row in np.flatnonzero((due.sum(axis=1) > 0) & (part > 0)):
        log_e = poisson_eprocess(seen[row], due[row])["log_e"]
        above = np.cumsum(seen[row]) > np.cumsum(due[row])
        found[row] = bool(((log_e >= -np.log(part[row])) & above).any())
    return found


# Lots: 40-110 sessions each; one lot of 60 with two infections and lack of effect x 8. Logged as the simulation logs.
_LACK, _RED, _SESSIONS, _MONTHS = 0.03 * 0.32, 0.005, 9500, 18


def injectors(seeds: range) -> None:
    """How often the rules on injectors are met in a year in which nobody differs: three in each of four clinics."""
    rules = [rule for rule in load_triggers() if rule.unit == "injector"]
    named: dict[str, list[int]] = {rule.id: [] for rule in rules}
    for seed in seeds:
        episodes, exposure, opened = _lot_world(seed)
        apart = (frame[frame["lot"] != "PLANTED"] for frame in (episodes, exposure))
        episodes, exposure = apart
        met = pd.concat([triggered(episodes, exposure, rules, until=last_day(shift(opened, n))) for n in range(-6, 6)])
        for rule in rules:
            named[rule.id].append(met.loc[met["rule"] == rule.id, "injector"].nunique())
    print(f"\nRules on injectors when nobody differs, {len(seeds)} group-years, seeds {seeds[0]}-{seeds[-1]}")
    for rule in rules:
        some = share([count > 0 for count in named[rule.id]])
        print(f"  {rule.id}: injectors named a year {np.mean(named[rule.id]):.2f}; years with any {some}")


def lots(groups: int) -> None:
    """The planted lot by each rule, and how often the rules are met by chance."""
    rules = [rule for rule in load_triggers() if rule.unit == "lot"]
    found: dict[str, list[bool]] = {rule.id: [] for rule in rules}
    chance: dict[str, list[float]] = {rule.id: [] for rule in rules}
    for seed in range(1, groups + 1):
        episodes, exposure, opened = _lot_world(seed)
        met = [triggered(episodes, exposure, rules, until=last_day(shift(opened, n))) for n in range(4)]
        both = pd.concat(met)
        for rule in rules:
            own = both[both["rule"] == rule.id]
            found[rule.id].append(bool((own["lot"] == "PLANTED").any()))
            chance[rule.id].append(own.loc[own["lot"] != "PLANTED", "lot"].nunique() * 12 / 4)
    print("  lot, by the end of the third month after it was opened")
    for rule in rules:
        print(f"    {rule.id}: {share(found[rule.id])}; other lots by chance, a year: {np.mean(chance[rule.id]):.1f}")
    print(f"    either: {share([a or b for a, b in zip(*found.values(), strict=True)])}")


def _lot_world(seed: int) -> tuple[pd.DataFrame, pd.DataFrame, str]:
    """Sessions in lots over 18 months, their lack of effect and red flags, and the month the planted lot was opened in."""
    rng = np.random.default_rng([seed, 5])
    months = list(month_range(FIRST, shift(FIRST, _MONTHS - 1)))
    opened = months[11]
    sizes = rng.integers(40, 111, 400)
    sizes = sizes[: int(np.searchsorted(np.cumsum(sizes), _SESSIONS)) + 1]
    days = (last_day(months[-1]) - first_day(months[0])).days
    begins, lasts = np.sort(rng.uniform(0, days - 30, len(sizes))), rng.uniform(30, 90, len(sizes))
    lot = np.repeat([f"L{n:03d}" for n in range(len(sizes))], sizes)
    day = np.concatenate(
        [start + rng.uniform(0, long, size) for start, long, size in zip(begins, lasts, sizes, strict=True)]
    )
    planted = (first_day(opened) - first_day(months[0])).days + rng.uniform(0, 45, 60)
    lot, day = np.concatenate([lot, np.repeat("PLANTED", 60)]), np.concatenate([day, planted])
    spoiled = lot == "PLANTED"
    lack = rng.random(len(lot)) < np.where(spoiled, 8, 1) * _LACK
    red = rng.random(len(lot)) < np.where(spoiled, 0.0, _RED)
    red[rng.choice(np.flatnonzero(spoiled)[:60], 2, replace=False)] = True
    start = pd.Timestamp(first_day(months[0]))
    who = rng.integers(0, 12, len(lot))
    exposure = pd.DataFrame(
        {
            "clinic": [f"C{n // 3}" for n in who],
            "lot": lot,
            "injector": [f"I{n:02d}" for n in who],
            "session_id": [f"S{n}" for n in range(len(lot))],
            "treatment_date": start + pd.to_timedelta(day.astype(int), unit="D"),
        }
    )
    parts = []
    for subcode, hit, low, high in (("O12", lack, 12, 28), ("O5", red, 2, 9)):
        own = exposure[hit].assign(subcode=subcode, triage="routine", red_flag=subcode == "O5", counted=True)
        late = rng.uniform(low, high, len(own)) + 5 * np.exp(0.8 * rng.normal(size=len(own)))
        parts.append(own.assign(reported_date=own["treatment_date"] + [timedelta(days=int(one)) for one in late]))
    episodes = pd.concat(parts, ignore_index=True)
    return episodes.assign(whose=episodes["session_id"]), exposure, opened

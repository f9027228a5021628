"""The monitor's promises: false alarms when nothing has changed, what is found when something has, and the power it prints.

Every group is drawn anew from its seed as counts (`calibration.world`); what judges them is the code that judges real months. A
group-year is the first year in which the monitor may speak: twelve ends of months, the first of which looks back on fourteen months.
"""

import sys
from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from analysis.monitoring.detector import evidence, starting_mass
from analysis.monitoring.monitors import POOLED, comparable, logs_alike, others_of
from analysis.monitoring.power import chance_noticed
from analysis.monitoring.settings import load_watch
from calibration import compared
from calibration.scenarios import DROOP, NULL, PLANTED, SILENT, SILENT_CLINIC, VOLUMES, share
from calibration.world import Change, Scenario, World, asked_share, counts, draw

LEARNED = 13
"""Month (0 is the first) at whose end twelve months are closed for every measure."""
LIMITS = (8, 10, 12, 15, 20)
LINE = {"droop": "lid_droop more injector", "silence": "any_reaction few injector"}


def main(groups: int = 200, first: int = 1) -> None:
    """Run everything and print it; `groups` simulated groups per line of a table, seeds from `first` on."""
    seeds = range(first, first + groups)
    _null(seeds)
    _planted(seeds)
    compared.lots(groups)
    compared.injectors(seeds)
    _detection(seeds)
    compared.main(groups)


def highest(world: World, ends: Iterable[int], only: str | None = None) -> dict[tuple[str, str], float]:
    """The most evidence that any of the ends of months has for each line (or one) and unit."""
    watch, found = load_watch(), {}
    lines = [line for line in watch.monitors if only in (None, line.id)]
    table = {name: counts(world, name, watch.learning_months) for name in {line.measure for line in lines}}
    clinics, place = np.unique(world.clinics, return_inverse=True)
    alike = _alike(world, place, len(clinics))
    for end in ends:
        similar = alike & comparable(asked_share(world, end), watch.comparable_points)
        for line in lines:
            until = end - (1 if line.measure == "bruise" else 2) if line.closed else end  # newest closed month
            own = {name: values[:, : until + 1] for name, values in table[line.measure].known(end).items()}
            if line.unit == "clinic":
                own = {
                    name: np.array([values[place == n].sum(axis=0) for n in range(len(clinics))])
                    for name, values in own.items()
                }
            others = {name: others_of(line, values, place, similar) for name, values in own.items()}
            mass = starting_mass(own["expected"], share=line.share)
            path = evidence(
                own["observed"], own["expected"], others["observed"], others["expected"], mass=mass, ratio=line.ratio
            )
            for unit, value in zip(clinics if line.unit == "clinic" else world.injectors, path[:, -1], strict=True):
                key = (line.id, str(unit))
                found[key] = max(found.get(key, 0.0), float(value))
    return found


def _alike(world: World, place: np.ndarray, clinics: int) -> np.ndarray:
    """Clinics that log alike in the baseline, as it is known when its last month closed."""
    learned = load_watch().learning_months
    known = counts(world, POOLED, learned).known(LEARNED)
    sums = {name: np.bincount(place, values[:, :learned].sum(axis=1), clinics) for name, values in known.items()}
    return logs_alike(sums["observed"], sums["expected"], level=load_watch().logging_level)


def _null(seeds: range) -> None:
    print(
        f"\nFalse alarms, {len(seeds)} group-years each, seeds {seeds[0]}-{seeds[-1]}: "
        "any alarm over every injector, clinic, measure and tail, by limit"
    )
    for name, scenario in NULL.items():
        ends = range(LEARNED, LEARNED + 12)
        most = np.array([max(highest(draw(scenario, seed), ends).values()) for seed in seeds])
        curve = ", ".join(f"{limit}: {np.mean(most >= limit):.1%}" for limit in LIMITS)
        print(f"  {name}: {share(list(most >= load_watch().limit))}; {curve}", flush=True)


def _planted(seeds: range) -> None:
    found: dict[str, list[float]] = {"droop": [], "silence": [], "other": []}
    for seed in seeds:
        told = highest(draw(replace(PLANTED, volume=VOLUMES), seed), range(LEARNED, 18))
        found["droop"].append(told[LINE["droop"], DROOP])
        found["silence"].append(told[LINE["silence"], SILENT])
        # what the same change does to other lines of the same person, or to her clinic, is no other alarm
        found["other"].append(
            max(value for (_, unit), value in told.items() if unit not in (DROOP, SILENT, SILENT_CLINIC))
        )
    print(
        f"\nPlanted scenario, seeds {seeds[0]}-{seeds[-1]}, by month 18, "
        f"at {VOLUMES[DROOP]:.0f} and {VOLUMES[SILENT]:.0f} sessions a month, by limit"
    )
    for name, most in found.items():
        curve = ", ".join(f"{limit}: {np.mean(np.array(most) >= limit):.1%}" for limit in LIMITS)
        print(f"  {name}: {share([value >= load_watch().limit for value in most])}; {curve}", flush=True)


def _detection(seeds: range) -> None:
    print(f"\nFound within a year of the change, {len(seeds)} groups each: lid droop; power as printed beside it")
    for volume in (20, 45, 80, 120, 200):
        for times in (1.5, 2.0, 3.0, 5.0):
            print(
                f"  {volume} sessions a month, x {times:g}: {_found('droop', DROOP, volume, times, 'lid_droop', seeds)}"
            )
    print("Few reports (any reaction), found within a year of the change")
    for volume in (20, 45, 60, 120):
        for times in (0.0, 1 / 3, 0.5):
            print(
                f"  {volume} sessions a month, x {times:.2f}: {_found('silence', SILENT, volume, times, None, seeds)}"
            )


def _found(line: str, who: str, volume: float, times: float, part: str | None, seeds: range) -> str:
    scenario = Scenario(months=26, volume={who: volume}, changes=(Change(who, 14, times, part),))
    hit, printed = [], []
    for seed in seeds:
        world = draw(scenario, seed)
        # lines that wait for closed months have seen two months fewer
        hit.append(highest(world, range(14, 26), LINE[line])[LINE[line], who] >= load_watch().limit)
        if seed < seeds[0] + 20 and times in (2.0, 3.0, 0.5, 1 / 3):
            printed.append(_printed(world, line, who, times))
    return share(hit) + (f"; printed {np.mean(printed):.0%}" if printed else "")


def _printed(world: World, line: str, who: str, times: float) -> float:
    """The power a page would print before the change, at the end of month 14."""
    rule = next(one for one in load_watch().monitors if one.id == LINE[line])
    known = {name: values[:, :12] for name, values in counts(world, rule.measure, 12).known(LEARNED).items()}
    row = world.injectors.index(who)
    level = known["observed"].sum() / known["expected"].sum() / 12
    own, everybody = known["expected"][row].sum() * level, known["expected"].sum() * level
    mass = starting_mass(known["expected"], share=rule.share)[row].mean()
    return float(chance_noticed(
        np.array([own]), np.array([everybody - own]), np.array([mass]), factor=times, ratio=rule.ratio,
        limit=load_watch().limit, months=10 if rule.closed else 12,
    )[0])  # fmt: skip


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))

"""A simulated clinic group as counts: sessions and logged episodes by injector, treatment, follow-up, month and delay.

Volumes, mixes, risks, logging and delays are the parameters of `ae demo`; only the counts are drawn, no rows and no files.
"""

from dataclasses import dataclass, field
from functools import cache

import numpy as np

from analysis.measures import load_measures
from analysis.periods import month_range, shift
from analysis.simulation.parameters import load_parameters
from analysis.simulation.records import Concept, Parameters
from analysis.simulation.volumes import monthly_sessions

FIRST = "2025-05"
DELAYS = 5
"""Months of delay that are told apart; the last takes in everything later."""
PARTS = ("lid_droop", "other_facial", "away_from_face", "severe_local", "bruise", "chewing", "headache", "rest")
"""Measures that share no sub-code, and the remaining reactions."""


@dataclass(frozen=True)
class Change:
    """What is planted: from a month (0 is the first) on, an injector's risk of a part (or of all) is multiplied."""

    injector: str
    month: int
    times: float
    part: str | None = None


@dataclass(frozen=True)
class Scenario:
    """A group for `months` months. `asked`: share with scheduled follow-up by clinic, else 0.15. `volume`: sessions a month."""

    months: int = 18
    asked: dict[str, float] = field(default_factory=dict)
    logging: dict[str, float] = field(default_factory=dict)
    volume: dict[str, float] = field(default_factory=dict)
    changes: tuple[Change, ...] = ()
    sessions: int = 9500
    copies: int = 1
    frailty: float = 0.0


@dataclass(frozen=True)
class World:
    """What happened. `sessions`: injector x treatment x asked x month; `episodes[part]` has a last axis more, the delay."""

    clinics: list[str]
    injectors: list[str]
    treatments: list[str]
    months: list[str]
    sessions: np.ndarray
    episodes: dict[str, np.ndarray]


@cache
def parameters() -> Parameters:
    """Parameters of the simulation with nothing planted and nobody different."""
    return load_parameters("null")


@cache
def part_of() -> dict[str, str]:
    """Part of each sub-code that is a reaction, and chewing."""
    measures = load_measures()
    named = {code: name for name in PARTS[:-1] for code in measures[name].subcodes}
    return dict.fromkeys(measures["any_reaction"].subcodes, "rest") | named


@cache
def logged_risk() -> dict[str, np.ndarray]:
    """Chance per session that an episode of the part happens and is logged: treatments x (not asked, asked)."""
    found = {part: np.zeros((len(parameters().treatments), 2)) for part in PARTS}
    for row, treatment in enumerate(parameters().treatments):
        for concept in _counted():
            risk = parameters().risks.get((concept.name, treatment.name), 0.0)
            in_time = concept.onset[1] < parameters().settings["follow_up"]["call_days"][0]
            found[part_of()[concept.subcode]][row] += [
                risk * concept.unasked,
                risk * (concept.asked if in_time else concept.unasked),
            ]
    return found


def _counted() -> list[Concept]:
    return [concept for concept in parameters().concepts if concept.subcode in part_of()]


@cache
def delay() -> dict[str, np.ndarray]:
    """Share of a part's entries that arrive in the month of treatment, the next one, and so on."""
    rng, found = np.random.default_rng(1), {}
    for part in PARTS:
        shares, weights = [], []
        for concept in [one for one in _counted() if part_of()[one.subcode] == part]:
            low, mode, high = concept.onset
            days = rng.uniform(0, 30.4, 20_000) + np.maximum(rng.triangular(low - 0.5, mode, high + 0.5, 20_000), 0)
            days += np.minimum(concept.lag_median * np.exp(0.8 * rng.normal(size=20_000)), concept.lag_max)
            shares.append(np.bincount(np.minimum(days // 30.4, DELAYS - 1).astype(int), minlength=DELAYS) / 20_000)
            weights.append(
                sum(
                    parameters().risks.get((concept.name, t.name), 0.0) * t.mix["nurse"]
                    for t in parameters().treatments
                )
            )
        found[part] = np.average(shares, axis=0, weights=weights)
    return found


def draw(scenario: Scenario, seed: int) -> World:
    """One group, fixed by the seed."""
    rng = np.random.default_rng([seed, 77])
    people = [(f"{one.name} {copy}".removesuffix(" 0"), f"{one.clinic} {copy}".removesuffix(" 0"), one)
              for copy in range(scenario.copies) for one in parameters().injectors]  # fmt: skip
    volumes = _volumes(scenario, people, seed)
    sessions = np.zeros((len(people), len(parameters().treatments), 2, scenario.months), dtype=np.int64)
    for row, (_, clinic, person) in enumerate(people):
        mix = np.array([treatment.mix[person.role] for treatment in parameters().treatments])
        by = rng.multinomial(volumes[row], mix / mix.sum())
        asked = rng.binomial(by, scenario.asked.get(clinic, parameters().settings["follow_up"]["otherwise"]))
        sessions[row, :, 1, :], sessions[row, :, 0, :] = asked.T, (by - asked).T
    names, clinics = [name for name, _, _ in people], [clinic for _, clinic, _ in people]
    factor = np.array([scenario.logging.get(clinic, 1.0) for clinic in clinics])
    episodes = {part: _episodes(rng, scenario, part, sessions, names, factor) for part in PARTS}
    months = list(month_range(FIRST, shift(FIRST, scenario.months - 1)))
    return World(clinics, names, [t.name for t in parameters().treatments], months, sessions, episodes)


def _volumes(scenario: Scenario, people: list, seed: int) -> np.ndarray:
    """Sessions by injector and month; the 18 months of the simulation repeat."""
    tables = [
        monthly_sessions(parameters(), seed=seed + copy, sessions=scenario.sessions) for copy in range(scenario.copies)
    ]
    per = len(parameters().injectors)
    found = np.array(
        [
            [tables[row // per][month].get(one.name, 0) for month in parameters().months]
            for row, (_, _, one) in enumerate(people)
        ]
    )
    found = np.tile(found, -(-scenario.months // found.shape[1]))[:, : scenario.months]
    for row, (name, _, _) in enumerate(people):
        if name in scenario.volume:
            found[row] = np.random.default_rng([seed, row]).poisson(scenario.volume[name], scenario.months)
    return found


def _episodes(
    rng: np.random.Generator, scenario: Scenario, part: str, sessions: np.ndarray, names: list[str], factor: np.ndarray
) -> np.ndarray:
    risk = np.broadcast_to(logged_risk()[part][None, :, :, None], sessions.shape) * factor[:, None, None, None]
    for change in scenario.changes:
        if change.part in (None, part):
            risk = risk.copy()
            risk[names.index(change.injector), :, :, change.month :] *= change.times
    if scenario.frailty:  # patients of one injector and month share luck: more spread than chance
        shape = 1 / scenario.frailty
        risk = risk * rng.gamma(shape, 1 / shape, (sessions.shape[0], 1, 1, sessions.shape[3]))
    left, rest, found = rng.binomial(sessions, np.minimum(risk, 0.95)), 1.0, []
    for share in delay()[part][:-1]:
        found.append(rng.binomial(left, min(max(share / rest, 0.0), 1.0) if rest > 1e-12 else 1.0))
        left, rest = left - found[-1], rest - share
    return np.stack([*found, left], axis=-1)


def at_risk(measure: str) -> np.ndarray:
    """Which treatments are at risk of a measure."""
    areas = load_measures()[measure].areas
    return np.array([not areas or bool({d.area for d in t.areas} & areas) for t in parameters().treatments])


@dataclass(frozen=True)
class Counts:
    """A measure of a world by its frozen table: `expected` injector x month, `episodes` injector x month of treatment x delay."""

    expected: np.ndarray
    episodes: np.ndarray

    def known(self, month: int) -> dict[str, np.ndarray]:
        """Observed and expected of the months up to `month`, as entered by its end."""
        arrives = np.arange(month + 1)[:, None] + np.arange(DELAYS)[None, :]
        seen = (self.episodes[:, : month + 1] * (arrives <= month)).sum(axis=-1)
        return {"observed": seen.astype(float), "expected": self.expected[:, : month + 1]}


def counts(world: World, measure: str, baseline: int) -> Counts:
    """Counts of a measure by a table of the first `baseline` months, as known when the last of them closed."""
    risk = at_risk(measure)[None, :, None, None]
    parts = [measure] if measure != "any_reaction" else [part for part in PARTS if part != "chewing"]
    episodes = sum(world.episodes[part] for part in parts) * risk[..., None]
    sessions = world.sessions * risk
    first = np.asarray(episodes)[:, :, :, :baseline]
    closed = np.arange(baseline)[:, None] + np.arange(DELAYS)[None, :] <= baseline + 1
    table = frozen_table(sessions[..., :baseline], (first * closed).sum(axis=-1))[None, :, :, None]
    return Counts((sessions * table).sum(axis=(1, 2)), (episodes * (table > 0)[..., None]).sum(axis=(1, 2)))


def frozen_table(sessions: np.ndarray, seen: np.ndarray) -> np.ndarray:
    """Risk by treatment and follow-up in the baseline, by the ladder of the measures: treatment, then all; 30 sessions, 5 events."""
    n, k = sessions.sum(axis=(0, 3)).astype(float), seen.sum(axis=(0, 3)).astype(float)
    holds = (n >= 30) & (k >= 5)
    every_n, every_k = n.sum(axis=0), k.sum(axis=0)
    enough = (every_n >= 30) & (every_k >= 5)
    coarse = np.where(enough, every_k / np.maximum(every_n, 1), 0.0)  # no rung: not judged, which is 0 expected
    return np.where(holds, k / np.maximum(n, 1), coarse[None, :])


def asked_share(world: World, month: int) -> np.ndarray:
    """Share of sessions with scheduled follow-up by clinic, in the order of their names, over the last twelve months.

    Without the newest month: days 10-28 of its sessions are not over at its end.
    """
    recent = world.sessions[..., max(month - 11, 0) : month].sum(axis=(1, 3)).astype(float)
    place = np.unique(world.clinics, return_inverse=True)[1]
    return np.asarray(np.bincount(place, recent[:, 1]) / np.bincount(place, recent.sum(axis=1)))

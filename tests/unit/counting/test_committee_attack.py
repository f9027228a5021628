"""Somebody with last month's rota and the committee's file names nobody by it; the same numbers as they stand would name many."""

import functools
import os
from collections.abc import Callable
from functools import partial

import numpy as np
import pandas as pd
import pytest

from analysis.counting.circulated import GROUP, OTHER_CLINICS, clinic_counts, ratios_by_code
from analysis.keys import Key

pytestmark = pytest.mark.thorough

GROUPS, MANY = 500, 3000
KEY = Key(b"k" * 32)
SHARES = partial(KEY.shares, "2026")


def one_group(random: np.random.Generator) -> tuple[pd.DataFrame, list[str], np.ndarray]:
    """A year of twelve injectors with equal risks, their persistent codes, and how much each worked last month."""
    volume = random.lognormal(5.6, 0.6, 12)
    expected = volume * 0.05
    observed = random.poisson(expected)
    oe = pd.DataFrame({"observed": observed, "expected": expected, "ratio": observed / expected})
    return oe, [f"J-{n:04d}" for n in range(12)], random.poisson(volume / 12)


@functools.cache
def files(tried: int, kind: str) -> list[tuple[pd.DataFrame, list[str], np.ndarray]]:
    """What is printed of each group that has a file, its codes in the order of the persons, and the rota.

    `kind` is `printed`, or what a file would be: `ratios` (the true ratio, whatever it is scaled to) or `exact` (all as it stands).
    """
    found = []
    for seed in range(tried):
        oe, persons, rota = one_group(np.random.default_rng(seed))
        codes = KEY.yearly("2026", persons)
        shown = ratios_by_code(oe, codes, shares=partial(KEY.shares, str(seed)))
        true = oe.assign(code=codes).set_index("code").loc[shown["code"]].reset_index()
        if kind == "ratios":
            shown = shown.assign(ratio=true["ratio"])
        elif kind == "exact":
            shown = true
        if len(shown):
            found.append((shown, codes, rota))
    return found


def named(
    guess: Callable[[pd.DataFrame], pd.Series], *, kind: str = "printed", tried: int | None = None
) -> tuple[float, int]:
    """Names found per file by giving the code with the n-th largest guess the name with the n-th longest list; how many files."""
    found, every, random = 0, files(tried or GROUPS, kind), np.random.default_rng(1)
    for shown, codes, rota in every:
        # generous: the attacker knows who is in the file, and only has to say which code is whose
        inside = set(shown["code"])
        by_rota = sorted((n for n, code in enumerate(codes) if code in inside), key=lambda n: (rota[n], n))
        order = guess(shown).to_numpy() + random.uniform(0, 1e-6, len(shown))
        by_guess = shown["code"].to_numpy()[np.argsort(order)]
        found += sum(codes[n] == code for n, code in zip(by_rota, by_guess, strict=True))
    return found / len(every), len(every)


BY = {
    "expected": lambda shown: shown["expected"].astype(float),
    "observed": lambda shown: shown["observed"].astype(float),
    "order of the list": lambda shown: pd.Series(np.arange(len(shown), dtype=float)),
    "how far from 1": lambda shown: -(shown["ratio"] - 1).abs(),
}


@pytest.mark.parametrize("guess", BY)
def test_the_rota_names_no_code_above_chance(guess: str) -> None:
    """By chance one name is found per group, whatever its size, with variance 1."""
    tried = MANY if os.environ.get("AE_ALL_FAULTS") else GROUPS
    found, groups = named(BY[guess], tried=tried)
    assert groups > tried * 0.9
    assert found < 1 + 3 / np.sqrt(groups), found


def test_true_ratios_would_name_some() -> None:
    """A short list strays farther from 1 by chance: that is what the samples of equal size take away."""
    found, groups = named(BY["how far from 1"], kind="ratios")
    assert found > 1 + 3 / np.sqrt(groups), found


def test_samples_of_equal_size_keep_the_true_ratio_on_average() -> None:
    """Half, once and twice as many as expected, at lists of very different length: the mean of what is printed is the true ratio."""
    expected = np.array([6.0, 12.0, 40.0])
    for true in (0.5, 1.0, 2.0):
        sums = np.zeros(3)
        for seed in range(150):
            observed = np.random.default_rng(seed).poisson(expected * true)
            oe = pd.DataFrame({"observed": observed, "expected": expected, "ratio": observed / expected})
            shown = ratios_by_code(oe, list("abc"), shares=partial(KEY.shares, str(seed)))
            assert set(shown["expected"]) == {6}
            sums += shown["observed"] / 6
        assert np.abs(sums / 150 - true).max() < 4 * np.sqrt(true / 6 / 150)


def test_exact_expected_counts_would_name_many() -> None:
    found, _ = named(BY["expected"], kind="exact")
    assert found > 2


def test_codes_are_others_every_year_and_differ_within_one() -> None:
    persons = [f"J-{n:04d}" for n in range(400)]
    years = [KEY.yearly(year, persons) for year in ("2025", "2026")]
    assert all(len(set(codes)) == 400 for codes in years)
    assert not set(years[0]) & set(years[1])
    assert KEY.yearly("2026", persons) == years[1]


def test_under_five_expected_or_under_three_injectors_nothing_is_listed() -> None:
    oe = pd.DataFrame({"observed": [4, 9, 8, 7], "expected": [4.99, 5.0, 8.0, 7.0], "ratio": [0.8, 1.8, 1.0, 1.0]})
    assert list(ratios_by_code(oe, list("abcd"), shares=SHARES)["code"]) == ["b", "c", "d"]
    assert ratios_by_code(oe.head(3), list("abc"), shares=SHARES).empty
    assert list(ratios_by_code(oe, list("abcd"), shares=SHARES).columns) == ["code", "observed", "expected", "ratio"]


def test_no_clinic_of_one_or_two_injectors_can_be_told_from_the_others() -> None:
    table = pd.DataFrame(
        {
            "measure": "m",
            "label": "M",
            "clinic": ["A", "B", "C", "D"],
            "numerator": [1, 2, 4, 8],
            "denominator": [10, 20, 40, 80],
        }
    )
    found = clinic_counts(table, {"A": 2, "B": 3, "C": 5, "D": 4})
    assert dict(zip(found["clinic"], found["numerator"], strict=True)) == {"C": 4, "D": 8, OTHER_CLINICS: 3, GROUP: 15}
    alone = clinic_counts(table.head(2), {"A": 2, "B": 3})
    assert dict(zip(alone["clinic"], alone["numerator"], strict=True)) == {GROUP: 3}
    every = clinic_counts(table, {"A": 3, "B": 3, "C": 5, "D": 4})
    assert list(every["clinic"]) == ["A", "B", "C", "D", GROUP]

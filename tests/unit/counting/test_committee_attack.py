"""Somebody with last month's rota and the committee's file names nobody by it; the same numbers as they stand would name many."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from analysis.counting.circulated import GROUP, OTHER_CLINICS, clinic_counts, ratios_by_code
from analysis.keys import Key

GROUPS = 500
KEY = Key(b"k" * 32)


def one_group(random: np.random.Generator) -> tuple[pd.DataFrame, list[str], np.ndarray]:
    """A year of twelve injectors with equal risks, their persistent codes, and how much each worked last month."""
    volume = random.lognormal(5.6, 0.6, 12)
    expected = volume * 0.05
    observed = random.poisson(expected)
    oe = pd.DataFrame({"observed": observed, "expected": expected, "ratio": observed / expected})
    return oe, [f"J-{n:04d}" for n in range(12)], random.poisson(volume / 12)


def named(guess: Callable[[pd.DataFrame], pd.Series], *, exact: bool) -> tuple[float, int]:
    """Names found per group by giving the code with the n-th largest guess the name with the n-th longest list; groups with a file."""
    found, groups = 0, 0
    for seed in range(GROUPS):
        random = np.random.default_rng(seed)
        oe, persons, rota = one_group(random)
        codes = KEY.yearly("2026", persons)
        shown = ratios_by_code(oe, codes)
        if shown.empty:
            continue
        if exact:
            shown = oe.assign(code=codes)[oe["expected"] >= 5].sort_values("code")
        groups += 1
        # generous: the attacker knows who is in the file, and only has to say which code is whose
        listed = [n for n, code in enumerate(codes) if code in set(shown["code"])]
        by_rota = sorted(listed, key=lambda n: (rota[n], n))
        order = guess(shown).to_numpy() + random.uniform(0, 1e-6, len(shown))
        by_guess = shown["code"].iloc[np.argsort(order)]
        found += sum(codes[n] == code for n, code in zip(by_rota, by_guess, strict=True))
    return found / groups, groups


@pytest.mark.parametrize(
    "guess",
    [
        lambda shown: shown["expected"].astype(float),
        lambda shown: shown["observed"].astype(float),
        lambda shown: pd.Series(np.arange(len(shown), dtype=float)),
    ],
    ids=["expected", "observed", "order of the list"],
)
def test_the_rota_names_no_code_above_chance(guess: Callable[[pd.DataFrame], pd.Series]) -> None:
    """By chance one name is found per group, whatever its size, with variance 1."""
    found, groups = named(guess, exact=False)
    assert groups > GROUPS * 0.9
    assert found < 1 + 3 / np.sqrt(groups), found


def test_what_a_ratio_still_tells_is_little() -> None:
    """A short list strays farther from 1 by chance: that much any true ratio tells. It is measured and held, not denied."""
    found, _ = named(lambda shown: -(shown["ratio"] - 1).abs(), exact=False)
    assert found < 1.5


def test_exact_expected_counts_would_name_many() -> None:
    found, _ = named(lambda shown: shown["expected"], exact=True)
    assert found > 2


def test_codes_are_others_every_year_and_differ_within_one() -> None:
    persons = [f"J-{n:04d}" for n in range(400)]
    years = [KEY.yearly(year, persons) for year in ("2025", "2026")]
    assert all(len(set(codes)) == 400 for codes in years)
    assert not set(years[0]) & set(years[1])
    assert KEY.yearly("2026", persons) == years[1]


def test_under_five_expected_or_under_three_injectors_nothing_is_listed() -> None:
    oe = pd.DataFrame({"observed": [4, 9, 8, 7], "expected": [4.99, 5.0, 8.0, 7.0], "ratio": [0.8, 1.8, 1.0, 1.0]})
    assert list(ratios_by_code(oe, list("abcd"))["code"]) == ["b", "c", "d"]
    assert ratios_by_code(oe.head(3), list("abc")).empty
    assert list(ratios_by_code(oe, list("abcd")).columns) == ["code", "observed", "expected", "ratio"]


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

"""One list of dependencies, told three times: pyproject.toml, environment.yml and the lock agree."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
REQUIREMENT = re.compile(r"^\s*([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^\]]*\])?\s*(.*?)\s*(?:#.*)?$")
OTHER_NAMES = {"seaborn-base": "seaborn", "matplotlib-base": "matplotlib"}
LOCKS = ["requirements.lock", "requirements-uv.lock"]


def parts(line: str) -> tuple[str, str]:
    """Name and lower bound of a requirement."""
    name, rest = REQUIREMENT.match(line).groups()
    bound = re.search(r">=\s*([0-9][0-9.]*)", rest) or re.search(r"==?\s*([0-9][0-9.]*)", rest)
    plain = re.sub(r"[-_.]+", "-", name).lower()
    return OTHER_NAMES.get(plain, plain), bound[1] if bound else ""


def declared() -> dict[str, str]:
    return dict(parts(line) for line in PROJECT["project"]["dependencies"])


def conda() -> dict[str, str]:
    text = (ROOT / "environment.yml").read_text(encoding="utf-8")
    section = text.split("\ndependencies:", 1)[1]
    lines = [line.strip()[2:].strip(" \"'") for line in section.splitlines() if line.strip().startswith("- ")]
    return dict(parts(line) for line in lines if not line.endswith(":") and not line.startswith(("-e", "--", ".")))


def test_conda_has_the_same_names_and_lower_bounds() -> None:
    found = conda()
    assert found.pop("python") == PROJECT["project"]["requires-python"].removeprefix(">=")
    own = {name: bound for name, bound in found.items() if name not in ("pip", "make", "git")}
    development = {parts(line)[0] for line in PROJECT["dependency-groups"]["dev"]}
    wanted = declared()
    assert {name: own.get(name) for name in wanted} == wanted
    assert set(own) - set(wanted) <= development


def locked(name: str) -> list[list[str]]:
    """Requirements of a lock, each with its hashes."""
    text = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ")
    return [line.split() for line in text.splitlines() if line.strip() and not line.startswith("#")]


@pytest.mark.parametrize("name", LOCKS)
def test_every_line_of_the_lock_is_pinned_and_hashed(name: str) -> None:
    lines = locked(name)
    assert lines
    for requirement, *rest in lines:
        assert re.fullmatch(r"[a-z0-9._-]+==[0-9][A-Za-z0-9.+!]*", requirement), requirement
        hashes = [word for word in rest if word.startswith("--hash=")]
        assert hashes, requirement
        assert all(re.fullmatch(r"--hash=sha256:[0-9a-f]{64}", word) for word in hashes), requirement


@pytest.mark.parametrize("name", LOCKS)
def test_the_lock_names_no_place_on_any_network(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(r"--(index-url|extra-index-url|find-links|trusted-host)|(?<!\S)@(?!\S)", text)


def test_the_lock_holds_every_dependency_at_or_above_its_lower_bound() -> None:
    versions = dict(line[0].split("==") for line in locked("requirements.lock"))
    wanted = declared() | {parts(line)[0]: parts(line)[1] for line in PROJECT["dependency-groups"]["dev"]}
    for name, bound in wanted.items():
        found = tuple(map(int, re.findall(r"\d+", versions[name])))
        assert found >= tuple(map(int, re.findall(r"\d+", bound))), name

"""medspaCy's ConText beside our reading: the same phrases, the same texts, its own interpreter (`make peers`)."""

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path

from analysis.coding.evaluate import LEFT_OUT
from analysis.resources import read_rows, read_toml, resource
from analysis.taxonomy import load_taxonomy

PYTHON = Path(__file__).parents[1] / ".peers" / "bin" / "python"


def available() -> bool:
    """Has `make peers` been run?"""
    return PYTHON.exists()


def phrases() -> list[list[str]]:
    """Every plain phrase and coded term of the lexicon with "category|urgent" as its label."""
    table = load_taxonomy()
    found: dict[str, str] = {}
    for concept in read_toml(resource("lexicon/phrases.toml"))["concept"]:
        base = table[concept["subcode"]]
        urgent = concept.get("urgent", base.urgent)
        for phrase in concept.get("phrases", []):
            found.setdefault(phrase, f"{base.category}|{int(urgent)}")
    for row in read_rows(resource("lexicon/terms.csv")):
        if row["subcode"] in table:
            found.setdefault(row["term"].lower(), f"{row['category']}|{row.get('urgent') or 0}")
    return [[phrase, label] for phrase, label in found.items()]


def run(texts: Sequence[str], speed: Sequence[str], listed: list[list[str]]) -> tuple[list[frozenset[str]], float]:
    """Labels of each of `texts`, and texts per second of processor time on `speed`."""
    given = json.dumps({"texts": list(texts), "phrases": listed, "speed": list(speed)})
    script = Path(__file__).with_name("peer_context.py")
    done = subprocess.run([PYTHON, script], input=given, capture_output=True, text=True, check=True)
    answer = json.loads(done.stdout)
    return [_labels(found) for found in answer["found"]], float(answer["per_second"])


def _labels(found: list[str]) -> frozenset[str]:
    pairs = [label.split("|") for label in found]
    labels = {category for category, _ in pairs} - LEFT_OUT | {"urgent" for _, urgent in pairs if urgent == "1"}
    return frozenset(labels) or frozenset({"none"})

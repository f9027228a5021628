"""Reading back what the simulation wrote."""

import csv
from pathlib import Path

from analysis.simulation import DemoSummary

Table = list[dict[str, str]]


def read_truth(summary: DemoSummary) -> dict[str, Table]:
    tables = {}
    for path in sorted(summary.truth.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as handle:
            tables[path.stem] = list(csv.DictReader(handle))
    return tables


def read_csv(path: Path) -> list[list[str]]:
    text = path.read_text(encoding="utf-8-sig")
    first = text.partition("\n")[0]
    return list(csv.reader(text.splitlines(), delimiter=";" if first.count(";") > first.count(",") else ","))

"""Deliver files to intake and look at what becomes of every row. Shared by the tests of intake."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from analysis.intake.account import account, set_aside
from analysis.intake.combine import Rows, combine
from analysis.intake.find import find_files
from analysis.intake.folder import Part, read_folder
from analysis.intake.mended import mend
from analysis.keys import Key

KEY = Key(b"k" * 32)
TODAY = date(2026, 11, 20)


@dataclass
class Delivered:
    parts: list[Part]
    rows: Rows
    aside: pd.DataFrame
    files: pd.DataFrame

    @property
    def events(self) -> pd.DataFrame:
        return self.rows.events

    @property
    def lines(self) -> pd.DataFrame:
        return self.rows.lines

    @property
    def notes(self) -> pd.DataFrame:
        notes = [part.notes for part in self.parts if len(part.notes)]
        return pd.concat(notes, ignore_index=True) if notes else pd.DataFrame(columns=["code", "message", "column"])

    @property
    def refused(self) -> str:
        return "\n".join(self.files["refused_reason"].dropna())

    def account(self) -> dict[str, int]:
        names = ("rows_read", "accepted", "duplicate", "superseded", "quarantined", "ignored")
        return {name: int(self.files[name].sum()) for name in names}

    def why(self, disposition: str) -> list[str]:
        return self.aside.loc[self.aside["disposition"] == disposition, "reason"].tolist()


def read(raw: Path, *, today: date = TODAY) -> Delivered:
    parts: list[Part] = []
    for folder, found in sorted(find_files(raw).items()):
        parts += read_folder(raw / folder if folder else raw, found, key=KEY, today=today)
    mend(parts, KEY.fingerprint)
    rows = combine(parts)
    aside = set_aside(parts, rows.others)
    result = Delivered(parts, rows, aside, account(parts, aside))
    check(result)
    return result


def deliver(raw: Path, files: Mapping[str, str | bytes], *, today: date = TODAY) -> Delivered:
    """Write `files` (path below raw → content) and read them."""
    for name, content in files.items():
        path = raw / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    raw.mkdir(parents=True, exist_ok=True)
    return read(raw, today=today)


def check(result: Delivered) -> None:
    """The law of accounting, for every file × sheet, and each row set aside exactly once."""
    f = result.files
    if f.empty:
        return
    parts = f[["accepted", "duplicate", "superseded", "quarantined", "ignored"]].sum(axis=1)
    assert (f["rows_read"] == parts).all(), f.to_dict("records")
    assert not result.aside.duplicated(["path", "sheet", "row"]).any()
    counted = result.aside.groupby(["path", "sheet"]).size().sum() if len(result.aside) else 0
    assert counted == (f["rows_read"] - f["accepted"]).sum()
    assert "mistake in this program" not in result.refused
    used = pd.concat([result.rows.events, result.rows.lines, result.rows.totals])[
        ["path", "sheet", "row"]
    ].drop_duplicates()
    both = used.merge(result.aside[["path", "sheet", "row"]], on=["path", "sheet", "row"])
    assert both.empty
    kept = f.loc[f["kind"] != "process", "accepted"].sum()
    assert len(used) == kept

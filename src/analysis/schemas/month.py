"""The frozen month: everything a page or notebook may show, already disclosed. Saved as Parquet and JSON."""

import json
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq

from analysis.schemas.parquet import parquet_of


@dataclass(frozen=True)
class MonthContext:
    """What is known of one month for one audience.

    month, clinic (missing for the group) and audience say what it is of; `facts` holds plain values (numbers, text, ISO dates);
    `frames` holds result frames named by their grain, already through disclosure; `meta` says how it was made.
    """

    month: str
    clinic: str | None
    audience: str
    facts: dict[str, Any] = field(default_factory=dict)
    frames: dict[str, pd.DataFrame] = field(default_factory=dict)
    meta: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def encoded(self) -> dict[str, bytes]:
        """Each frame as the Parquet file that `save` writes, made once; the same frame gives the same bytes."""
        return {name: parquet_of(frame)[0] for name, frame in sorted(self.frames.items())}

    def save(self, folder: Path) -> None:
        """Write `context.json` and one Parquet file per frame into an existing or new folder."""
        folder.mkdir(parents=True, exist_ok=True)
        head = {name: getattr(self, name) for name in ("month", "clinic", "audience", "facts", "meta")}
        head["frames"] = sorted(self.frames)
        text = json.dumps(head, ensure_ascii=False, indent=1, sort_keys=True)
        (folder / "context.json").write_text(text, encoding="utf-8")
        for name, content in self.encoded.items():
            (folder / f"{name}.parquet").write_bytes(content)

    @classmethod
    def load(cls, folder: Path) -> "MonthContext":
        """Read back what `save` wrote."""
        head = json.loads((folder / "context.json").read_text(encoding="utf-8"))
        names = head.pop("frames")
        # pandas' own reader looks for folders of files, and takes twice as long for a frame of a page
        tables = {name: pq.ParquetFile(folder / f"{name}.parquet").read(use_threads=False) for name in names}
        return cls(**head, frames={name: table.to_pandas(use_threads=False) for name, table in tables.items()})

"""The data dictionary in docs/ is what the schemas say."""

from pathlib import Path

from analysis.schemas import FRAMES
from analysis.schemas.dictionary import dictionary

DOCUMENT = Path(__file__).parents[2] / "docs" / "data_dictionary.md"


def test_the_document_is_current():
    assert DOCUMENT.read_text(encoding="utf-8") == dictionary(), "run: make dictionary"


def test_every_column_of_every_frame_has_a_meaning():
    text = dictionary()
    for name, frame in FRAMES.items():
        section = text.split(f"\n## {name}\n")[1].split("\n## ")[0]
        for column, schema in frame.schema.columns.items():
            (row,) = [line for line in section.splitlines() if line.startswith(f"| `{column}` |")]
            assert schema.description
            assert row.count(" | ") >= 4

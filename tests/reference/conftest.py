"""Values computed by mature R packages, read from the folder beside the checkout when it is there."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

FOLDER = Path(__file__).resolve().parents[2].parent / "shared" / "reference"

Reader = Callable[[str], pd.DataFrame]


@pytest.fixture(scope="session")
def reference() -> Reader:
    """Reads one file of the reference sets, or skips the test in a checkout that stands without them."""

    def read(name: str) -> pd.DataFrame:
        path = FOLDER / name
        if not path.is_file():
            pytest.skip(
                f"needs the reference sets ({name}) in ../shared/reference; the small tables here are still tested"
            )
        return pd.read_csv(path, dtype={"unit": "str"})

    return read

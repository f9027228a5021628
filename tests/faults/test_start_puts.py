"""`ae start` puts exports among the raw files: ended or failing at any step, each is there whole or not at all."""

import os
from pathlib import Path

import pytest
from striking import in_child, strike

from analysis.intake.find import find_files
from analysis.pipeline import start

WHOLE = {"a.csv": b"one\n" * 4000, "b.csv": b"two\n" * 9000}


@pytest.mark.thorough
@pytest.mark.skipif(not hasattr(os, "fork"), reason="a run is ended in a fork")
@pytest.mark.parametrize("mode", ["kill", "full"])
def test_a_log_is_put_in_place_whole_or_not_at_all(tmp_path: Path, mode: str) -> None:
    given = [tmp_path / name for name in WHOLE]
    for file in given:
        file.write_bytes(WHOLE[file.name])
    number, ended, seen = 0, False, set()
    while not ended:
        number += 1
        raw = tmp_path / str(number)

        def put(raw: Path = raw) -> str:
            return str(start._put(raw, "Elm Street", given, [], {}))

        def faulted(raw: Path = raw, number: int = number) -> int:
            counter = strike(number, mode)
            start._put(raw, "Elm Street", given, [], {})
            return counter()

        code, said = in_child(faulted)
        there = (
            {file.path.name: file.path.read_bytes() for files in find_files(raw).values() for file in files}
            if raw.is_dir()
            else {}
        )
        assert there.items() <= WHOLE.items(), number
        seen.add(len(there))
        assert in_child(put)[0] == 0, number
        again = {file.path.name: file.path.read_bytes() for file in find_files(raw)["elm-street"]}
        assert again == WHOLE, number
        assert [path.name for path in sorted(raw.iterdir())] == [".lock", "elm-street"], number
        ended = code == 0 and said < number
        assert number < 200
    assert seen == {0, 1, 2}

"""Cells that hostile text cannot break, and keys that notice an edit."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.review.cells import marked, printable, shown
from analysis.review.content import FIELDS, content_hashes, digest, sealed, unsealed

KEY = {"kind": "coding", "clinic": "Elm", "entry": "E1", "part": "", "proposal": "F1 Lid | asserted | mild"}
COLUMNS = sorted({name for names in FIELDS.values() for name in names if name != "_grave"} | {"outcome"})


def events(**cells: object) -> pd.DataFrame:
    row = dict.fromkeys(COLUMNS) | {"clinic": "Elm", "event_id": "E1", "text": "bruise"} | cells
    frame = pd.DataFrame([row])
    dates = [name for name in COLUMNS if name.endswith("_date")]
    return frame.astype(dict.fromkeys(dates, "datetime64[us]") | {name: "str" for name in COLUMNS if name not in dates})


def test_a_seal_opens_only_with_the_cells_it_was_made_with() -> None:
    check = sealed("abc", **KEY)
    assert unsealed(check, **KEY) == "abc"
    assert unsealed(f" {check}\n", **KEY | {"proposal": "F1 Lid  |\r\nasserted | mild "}) == "abc"
    for name in KEY:
        assert unsealed(check, **KEY | {name: "other"}) is None
    for broken in ("", "abc", "abc-", check[1:], check + "0", "abd" + check[3:]):
        assert unsealed(broken, **KEY) is None


def test_no_two_lists_of_texts_share_a_digest() -> None:
    assert len({digest(parts) for parts in ([], [""], ["", ""], ["a", "b"], ["ab"], ["a:b"], ["1:a"], ["a\0b"])}) == 8


@pytest.mark.parametrize("kind", sorted(FIELDS))
def test_each_kind_notices_what_it_rests_on_and_nothing_else(kind: str) -> None:
    plain = content_hashes(events(), kind)[0]
    changed = {
        name for name in COLUMNS
        if content_hashes(events(**{name: "2026-05-01" if name.endswith("_date") else "worse"}), kind)[0] != plain
    }  # fmt: skip
    assert changed == set(FIELDS[kind]) - {"_grave"}


@pytest.mark.parametrize(
    ("outcome", "opens"), [("recovered", False), ("unknown", False), ("not_recovered", True), ("fatal", True)]
)
def test_only_a_grave_outcome_opens_a_closed_entry_again(outcome: str, opens: bool) -> None:
    assert (content_hashes(events(outcome=outcome), "entry")[0] != content_hashes(events(), "entry")[0]) is opens


@given(st.text())
def test_a_cell_is_no_formula_and_moves_no_cursor(text: str) -> None:
    cell = shown(text)
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert all(c.isprintable() or c == "\n" for c in cell)
    assert shown(cell) == cell or cell.startswith("'")


@pytest.mark.parametrize("missing", [None, float("nan"), pd.NA, pd.NaT])
def test_missing_is_an_empty_cell(missing: object) -> None:
    assert shown(missing) == ""
    assert marked(missing, []) == []


@given(st.text(min_size=1, max_size=5000), st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 5000)), max_size=4))
def test_evidence_is_marked_whole_and_no_other_word_is(text: str, spans: list[tuple[int, int]]) -> None:
    inside = [(a, b) for a, b in spans if 0 <= a < b <= len(text)]
    pieces = marked(text, spans)
    if not text.strip():
        assert pieces == []
        return
    covered = sorted({place for a, b in inside for place in range(a, b)})
    told = "".join(piece for piece, evidence in pieces if evidence)
    wanted = "".join(_runs(text, covered))
    assert told.lstrip("'") == wanted.lstrip("'") or told.lstrip("'") == wanted.lstrip("'").lstrip()
    if len(text) <= 800:
        assert (
            "".join(piece for piece, _ in pieces).lstrip("'").strip()
            == "".join(_runs(text, range(len(text)), covered)).lstrip("'").strip()
        )


def _runs(text: str, places: object, breaks: object = ()) -> list[str]:
    """Stretches of neighbouring places, made printable one by one as the cell does it."""
    inside = set(breaks)  # type: ignore[call-overload]
    out, last = [], None
    for place in places:  # type: ignore[attr-defined]
        if last is not None and place == last + 1 and (place in inside) == (last in inside):
            out[-1] += text[place]
        else:
            out.append(text[place])
        last = place
    return [printable(run) for run in out]


def test_a_long_text_is_cut_between_the_places_that_matter() -> None:
    text = "x " * 20_000 + "droopy lid" + " y" * 20_000
    pieces = marked(text, [(40_000, 40_010)])
    assert ("droopy lid", True) in pieces
    assert sum(len(piece) for piece, _ in pieces) < 2_000

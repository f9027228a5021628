import pandas as pd
import pytest
from sample_context import HOSTILE

from analysis.tables import Column, as_table, make_table, plain, slug, words

FRAME = pd.DataFrame(
    {"name": ["a", None, " "], "n": pd.array([0, 1234, None], dtype="Int64"), "yes": [True, False, True]}
)
COLUMNS = [Column("Name", "name"), Column("Sessions", "n", number=True), Column("Kept", "yes")]


def test_every_cell_says_something_and_headers_have_scope():
    html = make_table(FRAME, COLUMNS, caption="Sessions by name").html
    assert "<caption>Sessions by name</caption>" in html
    assert html.count('<th scope="col"') == 3
    assert html.count('<th scope="row"') == 3
    assert "<td></td>" not in html
    assert '<td class="num">0</td>' in html
    assert '<td class="num">1,234</td>' in html
    assert html.count("[x]</t") == 3
    assert "[x] not available." in html
    assert "nan" not in html.lower()
    assert "[z] not" not in html


def test_wide_tables_scroll_in_a_named_box_that_takes_focus():
    wide = make_table(FRAME, [*COLUMNS, Column("Again", "n")], caption="Wide <one>").html
    assert '<div class="scroll" role="region" aria-label="Wide &lt;one&gt;" tabindex="0">' in wide
    assert "scroll" not in make_table(FRAME, COLUMNS, caption="Narrow").html


def test_no_rows_is_a_sentence():
    table = make_table(FRAME.iloc[0:0], COLUMNS, caption="Rows set aside", empty="No row was set aside.")
    assert "<table" not in table.html
    assert "No row was set aside." in table.html


def test_ids_come_from_the_caption_or_the_caller():
    assert make_table(FRAME, COLUMNS, caption="Zoë’s rows").id == "table-zoes-rows"
    assert make_table(FRAME, COLUMNS, caption="x", id="mine").html.count('id="mine"') == 1
    assert make_table(FRAME, COLUMNS, caption="x").html == make_table(FRAME, COLUMNS, caption="x").html


def test_left_out_rows_are_counted():
    assert "2 more rows are left out here." in make_table(FRAME, COLUMNS, caption="x", most=1).html


def test_lines_of_a_cell_are_kept_apart():
    html = make_table(FRAME.head(1), [Column("A", "name"), Column("B", lambda _: "1 of 2\n3.0")], caption="x").html
    assert '<span class="line">1 of 2</span> <span class="line">3.0</span>' in html


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_inert_in_every_place(text):
    frame = pd.DataFrame({text: [text], "b": [text], "c": [text], "d": [text]})
    columns = [Column(text, text), Column(text, "b"), Column(text, lambda row: row["c"]), Column("d", "d")]
    html = make_table(frame, columns, caption=text, note=text).html
    assert "<script" not in html
    assert "<img" not in html
    assert "\x1b" not in html
    assert "\u202e" not in html
    assert "<a" not in html


def test_plain_and_words():
    assert plain("\x1b[31mred\x1b[0m\x1b]0;title\x07 a\n\tb\u200b") == "red a b"
    assert len(plain("x" * 1000)) == 300
    assert words(float("nan")) == "[x]"
    assert words(pd.NA) == "[x]"
    assert words(0) == "0"
    assert words(0.25) == "0.25"
    assert slug("<script>") == "script"
    assert slug("山田") == "untitled"


def test_a_frame_as_it_is():
    html = as_table(FRAME, caption="First rows").html
    assert ">name</th>" in html
    assert 'class="num">n</th>' in html
    assert "<td></td>" not in html
    assert "<th></th>" not in html

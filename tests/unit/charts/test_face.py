"""The drawn face: every number of it is in the table, every area has a way to be told without colour, hostile labels stay text."""

import re
from base64 import b64decode
from xml.etree import ElementTree

import pandas as pd
import pytest
import sample_context as contexts

from analysis import charts
from analysis.resources import read_rows, read_toml, resource

UNITS = pd.DataFrame(
    [
        {"area": "glabella", "product": "a", "product_label": "Botox", "sessions": 3, "units": 61.5, "median": 20.0},
        {"area": "glabella", "product": "b", "product_label": "Dysport", "sessions": 2, "units": 100.0, "median": 50.0},
    ]
)
SVG = "{http://www.w3.org/2000/svg}"


def drawn(frame=None, units=UNITS):
    return charts.events_by_area(contexts.sample().frames["rates_by_area"] if frame is None else frame, units)


def test_paths_are_of_areas_that_exist_and_bands_cover_every_rate():
    face = read_toml(resource("face.toml"))
    known = {row["area"] for row in read_rows(resource("intake/areas.csv"))}
    assert {shape["area"] for shape in face["area"]} <= known
    assert len({shape["area"] for shape in face["area"]}) == len(face["area"])
    below = [band["below"] for band in face["band"]]
    assert below == sorted(below)
    assert below[-1] > 1000
    assert len({band["pattern"] for band in face["band"]}) == len(below)
    left, top, wide, high = map(float, face["view"].split())
    for shape in face["area"]:
        x, y = shape["at"]
        assert left < x < left + wide
        assert top < y < top + high


def test_counts_of_the_drawing_are_those_of_the_frame():
    frame = contexts.sample().frames["rates_by_area"]
    own = frame[frame["measure"] == "any_reaction"].reset_index(drop=True)
    words = [text.text for text in ElementTree.fromstring(drawn().svg).iter(f"{SVG}text")]
    for n, row in enumerate(own.to_dict("records")):
        assert f"{chr(65 + n)} {row['numerator']}" in words
        assert f"{chr(65 + n)} {row['area_label']}: {row['numerator']} of {row['denominator']:,}" in drawn().alt
    assert "Botox 62" in drawn().data.html
    assert "162" not in drawn().data.html, "units of two products are never added up"


def test_patterns_differ_by_band_and_small_areas_have_a_broken_line():
    frame = contexts.sample().frames["rates_by_area"].copy()
    own = frame["measure"] == "any_reaction"
    frame.loc[own, "rate"] = [0.01, 0.07, 0.2, 0.5]
    frame.loc[own, ["linked_only", "if_unlinked_counted"]] = frame.loc[own, ["rate", "rate"]].to_numpy()
    frame.loc[own, "denominator"] = [300, 300, 300, 20]
    body = drawn(frame).svg.split("</defs>")[1].split("font-size")[0]
    assert set(re.findall(r"url\(#p-(\w+)\)", body)) == {"dots", "stripes", "cross"}
    assert "stroke-dasharray" in body


@pytest.mark.parametrize("frame", ["no rows", "no columns", "one row", "hostile"])
def test_every_frame_is_survived_and_the_picture_is_whole(frame):
    sample = contexts.sample().frames["rates_by_area"]
    given = {
        "no rows": sample.iloc[:0], "no columns": pd.DataFrame(), "one row": sample.iloc[:1],
        "hostile": contexts.hostile().frames["rates_by_area"].assign(area=sample["area"]),
    }[frame]  # fmt: skip
    for units in (UNITS, UNITS.iloc[:0], pd.DataFrame()):
        one = drawn(given, units)
        html = one.to_html()
        assert "<script" not in html
        assert "<img src=x" not in html
        assert ElementTree.fromstring(b64decode(re.search(r"svg\+xml;base64,([^\"]+)", html)[1])).tag == f"{SVG}svg"
        assert not re.search(r"\bnan\b|\bNone\b|<NA>", one.title + one.alt + one.caption + one.svg)
    assert drawn(given).to_html() == drawn(given).to_html()

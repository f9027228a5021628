"""A drawn face: sessions with a reaction by area treated, patterns by rate, and beside it the numbers with the units injected."""

from dataclasses import dataclass
from functools import cache
from html import escape
from typing import Any

import pandas as pd

from analysis.charts.drawing import Drawing
from analysis.charts.theme import INK, MARK, PALE, QUIET
from analysis.report.numbers import count, is_missing
from analysis.report.rates import Rate
from analysis.report.words import plural
from analysis.resources import read_toml, resource
from analysis.tables import Column, Row, make_table, plain

HOW_TO_READ = (
    "The number in an area is the count of sessions with a reaction in which it was treated; the pattern is their rate. A session of "
    "several areas counts under each, wherever the reaction was. Areas off the face stand in the table alone. Units of different "
    "products are never added up."
)
_PATTERNS = {
    "dots": f'<circle cx="3" cy="3" r="1.1" fill="{MARK}"/>',
    "stripes": f'<path d="M-1 7 L7 -1" stroke="{MARK}" stroke-width="1.1"/>',
    "cross": f'<path d="M-1 7 L7 -1 M-1 -1 L7 7" stroke="{MARK}" stroke-width="1.1"/>',
}
_WHITE, _FEW = "white", "few"


@dataclass(frozen=True)
class _Area:
    letter: str
    label: str
    rate: Rate
    look: str


def events_by_area(
    rates: pd.DataFrame, units: pd.DataFrame, *, measure: str = "any_reaction", period: str = ""
) -> Drawing:
    """`rates_by_area` of one measure on a face, with `units_by_area` in the table beside it."""
    own = rates[rates["measure"] == measure] if len(rates) else rates
    rows = own.to_dict("records")
    areas = {
        str(row["area"]): _Area(_letter(n), plain(str(row["area_label"])), Rate.of(row), _look(Rate.of(row)))
        for n, row in enumerate(rows)
    }
    injected: dict[str, list[Row]] = {}
    for row in units.to_dict("records"):
        injected.setdefault(str(row["area"]), []).append(row)
    name = plain(str(rows[0]["label"])) if rows else "Reactions"
    when = f", {plain(period)}" if period else ""
    columns = [
        Column("Area", lambda row: f"{areas[row['area']].letter} {areas[row['area']].label}"),
        Column("Sessions with one, of all", lambda row: areas[row["area"]].rate.count, number=True),
        Column("Per 1,000 (95 % interval)", lambda row: _per(areas[row["area"]].rate), number=True),
        Column("Units injected, by product", lambda row: _units(injected.get(row["area"], []))),
    ]
    view = [int(part) for part in _face()["view"].split()]
    return Drawing(
        svg=_svg(areas), title=_finding(areas, name), alt=_alt(areas, injected, f"{name} by area treated{when}"),
        data=make_table(own, columns, caption=f"{name} and units by area treated{when}", id="chart-face-data"),
        caption=f"{name} by area treated{when}. {HOW_TO_READ}", id="chart-face", width=view[2], height=view[3],
    )  # fmt: skip


@cache
def _face() -> dict[str, Any]:
    return read_toml(resource("face.toml"))


def _letter(number: int) -> str:
    return chr(ord("A") + number) if number < 26 else f"A{number - 25}"


def _look(rate: Rate) -> str:
    """Which pattern an area gets: none where nothing was reported, none and a broken line where there are too few sessions for a rate."""
    if not rate.drawn or rate.rate is None:
        return _FEW
    if rate.kind == "zero":
        return _WHITE
    return next(band["pattern"] for band in _face()["band"] if rate.rate * rate.per < band["below"])


def _per(rate: Rate) -> str:
    return f"{rate.value} ({rate.interval})" if rate.drawn else rate.value


def _units(rows: list[Row]) -> str:
    each = [
        f"{plain(str(row['product_label']), 40)} {row['units']:,.0f}" for row in rows if not is_missing(row["units"])
    ]
    return ",\n".join(each) or "none recorded"


def _finding(areas: dict[str, _Area], name: str) -> str:
    if not areas:
        return f"{name} by area: nothing to show"
    known = [area for area in areas.values() if area.rate.numerator is not None]
    most = max(known, key=lambda area: area.rate.numerator or 0, default=None)
    if most is None or not most.rate.numerator:
        return f"{name} by area: none reported in any of {plural(len(areas), 'area')}"
    return f"{name} by area: counted most often where {most.label.lower()} was treated, {most.rate.count} sessions"


def _alt(areas: dict[str, _Area], injected: dict[str, list[Row]], subject: str) -> str:
    if not areas:
        return f"Empty drawing of a face. {subject}: no areas."
    each = "; ".join(f"{area.letter} {area.label}: {area.rate.said}" for area in areas.values())
    units = f"Units are recorded for {plural(sum(1 for name in areas if injected.get(name)), 'area')}, in the table."
    return f"Drawing of a face with counts in its areas. {subject}. {each}. {units}"


def _svg(areas: dict[str, _Area]) -> str:
    face = _face()
    drawn = [shape for shape in face["area"] if shape["area"] in areas]
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{face["view"]}" font-family="sans-serif">',
        "<defs>", *(_pattern(name, mark) for name, mark in _PATTERNS.items()), "</defs>",
        '<rect x="0" y="0" width="400" height="600" fill="white"/>',
        *(_shape(shape, areas[shape["area"]], face["mirror_at"]) for shape in drawn),
        *(f'<path d="{path}" fill="none" stroke="{QUIET}" stroke-width="1.4"/>' for path in face["outline"]["paths"]),
        *(_count(shape["at"], areas[shape["area"]]) for shape in drawn),
        *_legend(face["band"]), "</svg>",
    ]  # fmt: skip
    return "\n".join(parts)


def _pattern(name: str, mark: str) -> str:
    ground = f'<rect width="6" height="6" fill="{PALE if name == "cross" else "white"}"/>'
    return f'<pattern id="p-{name}" width="6" height="6" patternUnits="userSpaceOnUse">{ground}{mark}</pattern>'


def _shape(shape: dict[str, Any], area: _Area, mirror_at: int) -> str:
    fill = f"url(#p-{area.look})" if area.look in _PATTERNS else "white"
    line = ' stroke-dasharray="4 3"' if area.look == _FEW else ""
    paths = "".join(f'<path d="{path}"/>' for path in shape["paths"])
    sides = [f"<g>{paths}</g>"]
    if shape.get("mirror"):
        sides.append(f'<g transform="matrix(-1 0 0 1 {2 * mirror_at} 0)">{paths}</g>')
    return f'<g fill="{fill}" stroke="{MARK}" stroke-width="1.2"{line}>{"".join(sides)}</g>'


def _count(at: list[int], area: _Area) -> str:
    said = f"{area.letter} {count(area.rate.numerator)}"
    wide = 7.2 * len(said) + 6
    x, y = at
    return (
        f'<rect x="{x - wide / 2:.1f}" y="{y - 9}" width="{wide:.1f}" height="17" rx="4" fill="white" stroke="{MARK}" stroke-width="0.8"/>'
        f'<text x="{x}" y="{y + 4}" text-anchor="middle" font-size="12.5" fill="{INK}">{escape(said)}</text>'
    )


def _legend(bands: list[dict[str, Any]]) -> list[str]:
    entries = [(f"url(#p-{band['pattern']})", "", band["label"]) for band in bands]
    entries += [("white", "", "none reported"), ("white", ' stroke-dasharray="4 3"', "under 100 sessions")]
    found = []
    for number, (fill, line, words) in enumerate(entries):
        x, y = 56 + 132 * (number % 2), 460 + 17 * (number // 2)
        found.append(
            f'<rect x="{x}" y="{y}" width="16" height="11" fill="{fill}" stroke="{MARK}" stroke-width="1"{line}/>'
            f'<text x="{x + 22}" y="{y + 10}" font-size="11" fill="{INK}">{escape(words)}</text>'
        )
    return found

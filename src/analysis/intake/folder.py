"""One clinic folder to typed rows: every file read, understood, typed and judged. One bad file never stops the others."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

import pandas as pd

from analysis.errors import InputRefused, Place, UsageError
from analysis.intake.aside import aside_rows, ignored_whole
from analysis.intake.dates import choose, read_written
from analysis.intake.dose_check import note_foreign_doses
from analysis.intake.find import RawFile, printable
from analysis.intake.judge import documented_follow_up, judge_events, judge_sessions, judge_totals
from analysis.intake.kept import Kept
from analysis.intake.notes import decimal_of, notes_of, remark
from analysis.intake.opening import Opened, guarded, open_files
from analysis.intake.part import Part, Trace
from analysis.intake.places import Places
from analysis.intake.process import as_process
from analysis.intake.table import Fault, Table
from analysis.intake.typed import Reading, type_cells
from analysis.intake.typed_dates import DATE_COLUMNS, column_orders, order_by_sequence, settle_orders
from analysis.intake.unread import refused_cells
from analysis.intake.values import month
from analysis.intake.verdicts import Verdicts
from analysis.intake.words import canonical_columns
from analysis.keys import Key
from analysis.schemas.config import ClinicConfig, load_clinic_config

__all__ = ["Part", "read_folder"]


def read_folder(
    folder: Path,
    files: list[RawFile],
    *,
    key: Key,
    today: date,
    kept: Callable[[ClinicConfig], Kept] | None = None,
    finish: Callable[[Part], None] = lambda part: None,
) -> list[Part]:
    """Read every file of one clinic folder. `today` only rejects later dates; `key` hashes patient references.

    `kept` gives what is kept of files read before (else all are read), `finish` is called once for each part read.
    Raises UsageError when `clinic.toml` cannot be understood; files that cannot be used come back with `refused`.
    """
    config = load_clinic_config(folder)
    _check_values(folder, config)
    own = kept(config) if kept else None
    before = own.find(files) if own else {}
    opened = {file.name: _opened(file, config, folder) for file in files if file.name not in before}
    known = _known_orders([*_traces(before), *_traces(opened)])
    for name in _outdated(before, opened, known):
        del before[name]
        opened[name] = _opened(next(file for file in files if file.name == name), config, folder)
    places = Places()
    fresh = [one for file in files for one in opened.get(file.name, [])]
    # sessions tell at which clinic an event belongs
    for one in sorted(fresh, key=lambda one: one.part.kind == "events"):
        _read(one, config, known.get(one.part.kind), places, key=key, today=today)
        finish(one.part)
    read = {file: before.get(file.name) or [one.part for one in opened[file.name]] for file in files}
    if own and fresh:
        own.keep(read)
    return [part for parts in read.values() for part in parts]


def _opened(file: RawFile, config: ClinicConfig, folder: Path) -> list[Opened]:
    found = open_files([file], config, printable(folder.name))
    for one in found:
        one.part.trace = _trace(one)
    return found


def _read(one: Opened, config: ClinicConfig, known_order: str | None, places: Places, *, key: Key, today: date) -> None:
    part = one.part
    part.trace = replace(part.trace, known_order=known_order)
    if one.table is None:
        return
    place = Place(part.file.name, part.sheet or None)
    fill = partial(_fill, one, place, one.config or config, known_order, places, key=key, today=today)
    try:
        guarded(place, fill)
    except InputRefused as error:
        part.refused, part.rows_read = str(error), 0
        part.remarks |= refused_cells(one.table.cells)


def _trace(one: Opened) -> Trace:
    if one.table is None or one.part.corrects:
        return Trace()
    cells, kind = one.table.cells, one.part.kind
    orders = {*column_orders(cells).values(), one.options.date_order, order_by_sequence(cells)}
    names = "clinic" in cells
    return Trace(
        proven=tuple(sorted(order for order in orders if order in ("dmy", "mdy"))),
        tells_places=names and kind in ("treatments", "combined"),
        asks_places=not names and kind == "events" and not one.options.clinic,
    )


def _traces(found: Mapping[str, Sequence[Opened | Part]]) -> list[tuple[str, Trace]]:
    parts = [one.part if isinstance(one, Opened) else one for own in found.values() for one in own]
    return [(part.kind, part.trace) for part in parts]


def _outdated(before: dict[str, list[Part]], opened: dict[str, list[Opened]], known: dict[str, str]) -> list[str]:
    """Files read before of which the folder would tell dates or clinics otherwise now."""
    traces = [trace for _, trace in (*_traces(before), *_traces(opened))]
    placed = any(trace.tells_places for trace in traces) and any(trace.asks_places for trace in traces)
    return [
        name
        for name, parts in before.items()
        if any(part.trace.known_order != known.get(part.kind) for part in parts)
        or (placed and any(part.trace.tells_places or part.trace.asks_places for part in parts))
    ]


def _check_values(folder: Path, config: ClinicConfig) -> None:
    for column in config.values:
        if column not in canonical_columns():
            raise UsageError(
                f"{folder / 'clinic.toml'}: [values.{column}] names no column. Use one of: {', '.join(sorted(canonical_columns()))}."
            )


def _known_orders(traces: list[tuple[str, Trace]]) -> dict[str, str]:
    """What the folder's files prove or declare about the date order of each kind of log."""
    proven: dict[str, set[str]] = {}
    for kind, trace in traces:
        proven.setdefault(kind, set()).update(trace.proven)
    return {kind: next(iter(orders)) for kind, orders in proven.items() if len(orders) == 1}


def _fill(
    one: Opened, place: Place, config: ClinicConfig, known_order: str | None, places: Places, *, key: Key, today: date
) -> None:
    part, table, options, verdicts = one.part, one.table, one.options, Verdicts()
    assert table is not None
    part.rows_read = table.rows_read
    remark(table, verdicts)
    if part.kind == "ignore":
        part.aside = ignored_whole(part, table)
        part.notes = notes_of(part, verdicts, table)
        return
    if part.corrects:  # rows of many dates, of which only the certain ones are read
        orders: dict[str, str | None] = dict.fromkeys(DATE_COLUMNS, "mixed")
    else:
        orders = settle_orders(
            table.cells, column_orders(table.cells), declared=options.date_order, known=known_order, place=place, notes=verdicts,
            theirs=table.layout.theirs,
        )  # fmt: skip
    reading = Reading(
        kind=part.kind, clinic=part.clinic, country=config.clinic.country, group_ids=config.clinic.patient_ids == "group",
        decimal=options.decimal or decimal_of(table, verdicts), orders=orders,
        words=config.values, today=today, key=key, weak=table.layout.weak,
        places=None if options.clinic else places, keyed=bool(part.corrects),
    )  # fmt: skip
    typed = type_cells(table.cells, reading, verdicts)
    if part.kind in ("treatments", "combined"):
        note_foreign_doses(typed, verdicts)
        judge_sessions(typed, table.cells, verdicts, kind=part.kind, weak=table.layout.weak)
        places.learn(typed, table.cells)
        if part.kind == "combined":
            typed["followup_kind"] = documented_follow_up(typed)
    elif part.kind == "totals":
        typed = judge_totals(typed, table.cells, verdicts, today=today)
    elif part.kind == "events":
        judge_events(typed, verdicts)
    elif part.kind == "process":
        typed = as_process(part, table, typed)
    part.trace = replace(part.trace, day_matters=verdicts.day_matters)
    _judge_faults(table.faults, part.kind, verdicts)
    part.nil_months = _nil_months(part, table, orders.get("reported_date") or known_order)
    aside = verdicts.set_aside()
    part.rows = typed.drop(index=aside["position"]).reset_index(drop=True) if len(aside) else typed
    part.aside = aside_rows(part, table, typed, aside)
    part.notes = notes_of(part, verdicts, table)


_NEEDED = {"patient_key", "event_id", "treatment_id", "text", "injector", "clinic", "month", "sessions"}
"""An error in one of these may hide whose row it is or what it says; elsewhere the cell alone is withheld."""


def _judge_faults(faults: list[Fault], kind: str, verdicts: Verdicts) -> None:
    needed = _NEEDED | ({"treatment_date"} if kind in ("treatments", "combined") else set())
    for fault in faults:
        if fault.column in needed:
            verdicts.hold(
                pd.Index([fault.position]), fault.column, f"cell {fault.address} holds {fault.what}",
                "Write the value itself into the cell, or calculate the sheet and save it again.",
            )  # fmt: skip
        else:
            verdicts.note(
                fault.position, "cell_error", f"Cell {fault.address} holds {fault.what} and was not read.", column=fault.column
            )  # fmt: skip


def _nil_months(part: Part, table: Table, order: str | None) -> tuple[tuple[str, str], ...]:
    """The month a nil return names or is dated in, else that of the file's as-of."""
    found = []
    for cells in table.lines["nil_return"]:
        if cells:
            days = [day for day in (choose(read_written(cell), order) for cell in cells) if day]
            named = next((name for name in map(month, cells) if name), None) or (f"{days[0]:%Y-%m}" if days else None)
            stated = named or (f"{part.as_of:%Y-%m}" if part.as_of else None)
            clinic = _clinic_named(cells, table) or part.clinic
            if stated:
                found.append((clinic, stated))
    return tuple(found)


def _clinic_named(cells: list[str], table: Table) -> str | None:
    """The clinic of a line in a log that has a clinic column."""
    if "clinic" not in table.cells:
        return None
    known = {" ".join(name.split()) for name in table.cells["clinic"].unique()}
    return next((cell for cell in cells if cell in known), None)

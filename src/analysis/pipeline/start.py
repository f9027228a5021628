"""The five-minute start: show how exports are read, ask at most two questions, put them in place, make a first page."""

import re
import shutil
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import typer

from analysis import durable
from analysis.errors import UsageError
from analysis.intake.explain import SheetRead, explain_folder, starting_toml
from analysis.intake.find import raw_file
from analysis.pipeline.plain import plain
from analysis.pipeline.screen import ignored_because
from analysis.scratch import scratch

_UNDECIDED = re.compile(r"may be (\d{4}-\d{2}-\d{2}) or (\d{4}-\d{2}-\d{2})")
Ask = Callable[[str, str | None], str]


def explain(file: Path) -> None:
    """Print how one file is read with its folder's `clinic.toml`, and write a `clinic.toml` beside it when there is none."""
    if not file.is_file():
        raise UsageError(f"There is no file {file}.")
    folder = file.parent
    neighbours = [raw_file(path, folder=folder.name) for path in sorted(folder.iterdir()) if _is_table(path)]
    sheets = [sheet for sheet in explain_folder(folder, neighbours, today=date.today()) if sheet.part.file.path == file]
    show(sheets)
    target = folder / "clinic.toml"
    if target.exists():
        typer.echo(f"\n{target} is there already and was left as it is. What was recognised:\n")
        typer.echo(plain_lines(starting_toml(folder.name, sheets)))
    else:
        target.write_text(starting_toml(folder.name, sheets), encoding="utf-8")
        typer.echo(f"\nWritten: {target}. Correct it where a column was understood wrongly.")


def start(
    files: list[Path],
    raw: Path,
    *,
    clinic: str | None,
    date_order: str | None,
    ask: Ask | None = None,
    quiet: bool = False,
) -> Path:
    """Show how the files are read, ask what cannot be known, and copy them into a folder of the clinic; returns the folder.

    Asks for the clinic's name and, where no date decides it, for the order of day and month; both may be given instead.
    Raises UsageError when something must be asked and nobody is there to answer.
    """
    for file in files:
        if not file.is_file():
            raise UsageError(f"There is no file {file}.")
    ask = ask or _ask
    name = clinic or ask("What is the clinic called?", files[0].stem.replace("_", " ").title())
    with scratch("start") as temporary:
        trial = temporary / "trial"
        trial.mkdir(mode=0o700)
        copies = [Path(shutil.copyfile(file, trial / file.name)) for file in files]
        sheets = _read(trial, copies)
        orders = _settle(sheets, date_order, ask)
        if orders:
            text = "".join(f'[[file]]\nmatch = "{file}"\ndate_order = "{order}"\n\n' for file, order in orders.items())
            (trial / "clinic.toml").write_text(text, encoding="utf-8")
            sheets = _read(trial, copies)
        if not quiet:
            show(sheets)
        if all(sheet.part.refused for sheet in sheets):
            raise UsageError("None of the files can be used as they are; nothing was put in place.")
        return _put(raw, name, files, sheets, orders)


def _read(folder: Path, copies: list[Path]) -> list[SheetRead]:
    return explain_folder(folder, [raw_file(path) for path in copies], today=date.today())


def _settle(sheets: list[SheetRead], declared: str | None, ask: Ask) -> dict[str, str]:
    """The order of day and month for each file in which nothing decides it; asked once for all of them."""
    open_files = [s for s in sheets if s.part.refused and _UNDECIDED.search(s.part.refused)]
    if not open_files:
        return {}
    if declared is None:
        match = _UNDECIDED.search(open_files[0].part.refused or "")
        first, second = match.groups() if match else ("", "")
        answer = ask(f"A date may be {first} (day first) or {second} (month first). Type day or month:", None)
        declared = {"d": "dmy", "m": "mdy"}.get(answer.strip().casefold()[:1])
        if declared is None:
            raise UsageError(f"{answer!r} is neither day nor month. Say --date-order dmy or --date-order mdy.")
    return {sheet.part.file.name: declared for sheet in open_files}


def _put(raw: Path, name: str, files: list[Path], sheets: list[SheetRead], orders: dict[str, str]) -> Path:
    """Each file whole or not at all: half a log among the raw files would be read as if it were all of it."""
    folder = raw / (re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-") or "clinic")
    for file in files:
        target = folder / file.name
        if target.exists() and target.read_bytes() != file.read_bytes():
            raise UsageError(f"{target} is there already with other content. Give the new file another name.")
    contents = {file.name: file.read_bytes() for file in files}
    contents["clinic.toml"] = starting_toml(name, sheets, date_orders=orders).encode()
    with durable.writing(raw), durable.staged(raw) as stage:
        for own, content in contents.items():
            if not (folder / own).exists():
                stage.write(f"{folder.name}/{own}", content)
        stage.publish_files()
    return folder


def show(sheets: list[SheetRead]) -> None:
    """Print each sheet: what it is, its columns and why, what came of its rows."""
    for sheet in sheets:
        typer.echo("\n" + plain(sheet.title))
        if sheet.part.refused:
            typer.echo("  " + plain(sheet.part.refused))
            continue
        held = int((sheet.part.aside["disposition"] == "quarantined").sum()) if len(sheet.part.aside) else 0
        typer.echo(
            f"  headers in row {sheet.header_row}; {sheet.part.rows_read} rows, {len(sheet.part.rows)} usable, {held} set aside"
        )
        if left := ignored_because(sheet.part.aside):
            typer.echo(f"  left out: {left}")
        width = max([len(column.header) for column in sheet.columns] + [6])
        for column in sheet.columns:
            read_as = column.read_as or "(not read)"
            filled = f"{column.filled} filled" if column.read_as else ""
            typer.echo(
                plain(f"  {column.header[:40]:<{min(width, 40)}}  {read_as:<18} {filled:<14} {column.why}").rstrip()
            )
        for remark in sheet.remarks:
            typer.echo(plain(f"  note: {remark}"))


def plain_lines(text: str) -> str:
    """Several lines, each safe to print."""
    return "\n".join(plain(line) for line in text.splitlines())


def _ask(question: str, default: str | None) -> str:
    if not sys.stdin.isatty():
        raise UsageError(
            f"{question} Nobody is there to answer: say --clinic NAME, and --date-order where it is asked for."
        )
    return str(typer.prompt(question, default=default))


def _is_table(path: Path) -> bool:
    from analysis.intake.find import TABLES

    return path.is_file() and path.name.lower().endswith(TABLES)

"""What the commands around the data do: simulated groups, JupyterLab, checks, the key, the ledger, the log of our own bugs."""

import signal
import subprocess
import sys
import traceback
from pathlib import Path

import typer

from analysis.errors import RefusedBeforeWork, Stopped, UsageError


def demo(out: Path, *, seed: int, sessions: int, scenario: str) -> None:
    """Write a simulated clinic group."""
    from analysis.simulation import write_demo

    if scenario not in ("base", "null", "planted"):
        raise UsageError(f"There is no scenario {scenario!r}. Scenarios: base, null, planted.")
    made = write_demo(out, seed=seed, sessions=sessions, scenario=scenario)
    typer.echo(
        f"Simulated: {made.sessions} sessions in {len(made.files)} files below {made.raw}; the truth is in {made.truth}."
    )


_OFFLINE = (
    "--LabApp.news_url=None", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    "--LabApp.extension_manager=readonly",
)  # fmt: skip
"""JupyterLab would look for news, updates and extensions on the network."""


def lab(processed: Path, *, month: str | None, browser: bool, port: int | None, notebooks: Path | None) -> int:
    """Open JupyterLab on the notebooks, on the loopback address, with the store (and month) passed by environment."""
    import os

    from analysis.periods import parse_month
    from analysis.pipeline.notebooks import notebooks_folder
    from analysis.resources import resource
    from analysis.scratch import scratch

    told = {"AE_PROCESSED": str(processed.resolve())} | ({"AE_MONTH": parse_month(month)} if month else {})
    if not (processed / "CURRENT").exists():
        typer.echo("There is no stored data yet; the notebooks will ask for it. Run: ae ingest", err=True)
    command = [
        sys.executable,
        "-m",
        "jupyter",
        "lab",
        "--ip=127.0.0.1",
        f"--notebook-dir={notebooks or notebooks_folder()}",
        *_OFFLINE,
    ]
    command += [f"--LabApp.app_settings_dir={resource('jupyterlab')}"]
    command += [] if browser else ["--no-browser"]
    command += [f"--port={port}"] if port else []
    if (
        getattr(os, "geteuid", lambda: 1)() == 0
    ):  # in a container there may be nobody but root, and JupyterLab wants it said
        command.append("--allow-root")
    # a checkpoint holds what the cells showed, which may be words of the logs, and nothing would ever strip or remove it
    with scratch("checkpoints") as checkpoints:
        command.append(f"--FileCheckpoints.checkpoint_dir={checkpoints}")
        return _waited_for(subprocess.Popen(command, env={**os.environ, **told}))


def _waited_for(server: "subprocess.Popen[bytes]") -> int:
    """Exit of the server. Ctrl-C reaches it too, and it asks; any other wish to end is passed on to it."""
    while True:
        try:
            return server.wait()
        except Stopped as stop:
            if stop.args[0] != signal.SIGINT:
                server.terminate()


def doctor(raw: Path, processed: Path) -> None:
    """Say what is installed, which key is used and whether the stored data is whole. CheckFailed when something is not."""
    import platform
    from importlib.metadata import version

    from analysis import __version__, ledger
    from analysis.intake.find import find_files
    from analysis.keys import key_path, load_key
    from analysis.store import open_store

    typer.echo(f"ae {__version__}, Python {platform.python_version()}")
    typer.echo(
        ", ".join(
            f"{name} {version(name)}" for name in ("pandas", "pandera", "pyarrow", "matplotlib", "seaborn", "nbconvert")
        )
    )
    count = sum(len(files) for files in find_files(raw).values()) if raw.is_dir() else 0
    typer.echo(f"Raw files: {count} below {raw}")
    typer.echo(f"Key: {key_path()}" + ("" if key_path().exists() else " (not made yet)"))
    if (processed / "CURRENT").exists():
        store = open_store(processed)
        load_key(expected_fingerprint=str(store.manifest["key_fingerprint"]))
        typer.echo(
            f"Store: snapshot {store.snapshot}, data cut {store.manifest['data_cut']}, every file as it was written"
        )
    else:
        typer.echo(f"Store: nothing in {processed} yet")
    typer.echo(f"Ledger: {ledger.audit(ledger.ledger_path(processed))} entries, the chain holds")
    typer.echo(f"Next: {_next_step(raw, processed, count)}")


def _next_step(raw: Path, processed: Path, files: int) -> str:
    """What somebody does now, by what is there."""
    from analysis.pipeline.raw_files import changed_since
    from analysis.store import open_store

    if not files:
        return f"put the logs into a folder per clinic below {raw}, or try: ae start FILE"
    if not (processed / "CURRENT").exists() or changed_since(open_store(processed), raw):
        return "ae ingest (there are files that the store does not hold as they are)"
    return "ae report, or ae lab"


def key_export(file: Path) -> None:
    """Write the key where the user says, for nobody else to read."""
    import os

    from analysis.keys import key_path

    if not key_path().exists():
        raise RefusedBeforeWork("There is no key yet; it is made by the first: ae ingest")
    if file.exists():
        raise UsageError(f"{file} is there already. Name a new file.")
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as target:
        target.write(key_path().read_text(encoding="ascii"))
    typer.echo(f"Key written to {file}. Keep it apart from the data.", err=True)


def key_import(file: Path) -> None:
    """Put an exported key in its place; a different key that is already there is not overwritten."""
    from analysis.keys import import_key, key_path

    if not file.is_file():
        raise UsageError(f"There is no file {file}.")
    text = file.read_text(encoding="ascii", errors="replace")
    if key_path().exists() and key_path().read_text(encoding="ascii", errors="replace").strip() != text.strip():
        raise RefusedBeforeWork(f"There is another key in {key_path()}. Move it to a safe place first.")
    try:
        typer.echo(f"Key put into {import_key(text)}.", err=True)
    except ValueError:
        raise UsageError(f"{file} is not an exported key (64 hexadecimal digits).") from None


def log_bug(error: Exception) -> Path:
    """Write type and place of an unexpected error, never its message: that could quote a patient's words."""
    from platformdirs import user_log_path

    path = user_log_path("clinic-adverse-events") / "errors.log"
    path.parent.mkdir(parents=True, exist_ok=True)
    frames = [f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in traceback.extract_tb(error.__traceback__)]
    with path.open("a", encoding="utf-8") as log:
        log.write(f"{type(error).__name__} at {' > '.join(frames[-12:])}\n")
    return path

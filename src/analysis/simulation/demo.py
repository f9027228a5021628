"""`write_demo`: a simulated clinic group on disk."""

from dataclasses import dataclass
from pathlib import Path

from analysis.errors import UsageError
from analysis.simulation import group, harbour, quayside
from analysis.simulation.dialect import World
from analysis.simulation.dirt import Spoiler
from analysis.simulation.draw import Draw
from analysis.simulation.happenings import Happening, make_happenings
from analysis.simulation.logbook import decide_logging, keep_logs
from analysis.simulation.parameters import load_parameters
from analysis.simulation.sessions import make_sessions
from analysis.simulation.sheets import Sheet, write_sheets
from analysis.simulation.truth import write_truth

SCENARIOS = ("base", "null", "planted")
FEWEST, MOST = 100, 200_000


@dataclass(frozen=True)
class DemoSummary:
    """What was written: how much, and where."""

    raw: Path
    truth: Path
    scenario: str
    seed: int
    clinics: int
    injectors: int
    sessions: int
    patients: int
    episodes: int
    logged: int
    log_entries: int
    files: tuple[str, ...]


def write_demo(
    out: Path, *, seed: int = 1, sessions: int = 9500, scenario: str = "base", dirt: bool = True
) -> DemoSummary:
    """Write `out/raw/sim-*/…` (what the clinics deliver) and `out/truth/*.csv` (never read by the pipeline).

    The same arguments give the same bytes on any machine. `scenario` is `base`, `null` (nobody differs) or `planted` (`null`
    with a droop, a silence and a spoilt lot); `dirt=False` leaves out everything that makes real exports hard to read.
    Raises UsageError for a scenario or number of sessions that does not exist.
    """
    if scenario not in SCENARIOS:
        raise UsageError(f"{scenario!r} is not a scenario. Choose one of: {', '.join(SCENARIOS)}.")
    if not FEWEST <= sessions <= MOST:
        raise UsageError(f"{sessions} sessions cannot be simulated. Choose a number from {FEWEST} to {MOST}.")
    if seed < 0:
        raise UsageError(f"{seed} is not a seed. Choose 0 or a positive whole number.")
    world, happenings = make_world(seed=seed, sessions=sessions, scenario=scenario, dirt=dirt)
    sheets = harbour.harbour_sheets(world) + group.group_sheets(world) + quayside.quayside_sheets(world)
    _clear(out / "raw")
    write_sheets(out / "raw", sheets)
    for dialect in (harbour, group, quayside):
        text = dialect.CLINIC_TOML.format(as_of=world.parameters.data_cut.isoformat())
        (out / "raw" / dialect.FOLDER / "clinic.toml").write_bytes(text.encode())
    write_truth(out / "truth", world, happenings, sheets)
    return _summary(out, world, happenings, sheets, scenario, seed)


def _clear(raw: Path) -> None:
    """Take away the monthly and quarterly files of an earlier run: left lying, they would mix with the new ones."""
    for pattern in ("treatments_*.csv", "events_*.csv"):
        for path in (raw / harbour.FOLDER).glob(pattern):
            path.unlink()


def make_world(*, seed: int, sessions: int, scenario: str, dirt: bool) -> tuple[World, list[Happening]]:
    """The clean world and the logs kept of it, before anything is written."""
    parameters = load_parameters(scenario)
    made = make_sessions(parameters, seed=seed, sessions=sessions)
    happenings = make_happenings(made, parameters, seed=seed)
    decide_logging(happenings, parameters, seed=seed)
    entries = keep_logs(made, happenings, parameters, seed=seed)
    spoiler = Spoiler(parameters, seed, on=dirt)
    spoiler.entries(entries)
    world = World(parameters, made, entries, spoiler)
    _hide_sessions(world, seed)
    return world, happenings


def _hide_sessions(world: World, seed: int) -> None:
    """Give a few sessions without any log entry a date that does not exist: their rows cannot be used."""
    if not world.spoiler.on:
        return
    draw = Draw(seed, "hidden sessions")
    written = {entry.session.key for entry in world.entries}
    rows = [s for s in world.sessions if s.clinic.name != "Quayside" and len(s.lines) == 1 and s.key not in written]
    share = world.spoiler.rates["impossible_date"] * len(world.sessions)
    for session in draw.sample(rows, max(round(share), 1)):
        session.hidden_by = "impossible treatment date"


def _summary(
    out: Path, world: World, happenings: list[Happening], sheets: list[Sheet], scenario: str, seed: int
) -> DemoSummary:
    return DemoSummary(
        raw=out / "raw",
        truth=out / "truth",
        scenario=scenario,
        seed=seed,
        clinics=len(world.parameters.clinics),
        injectors=len({session.injector.name for session in world.sessions}),
        sessions=len(world.sessions),
        patients=len({(session.clinic.name, session.patient.reference) for session in world.sessions}),
        episodes=len(happenings),
        logged=sum(happening.reported is not None for happening in happenings),
        log_entries=len(world.entries),
        files=tuple(dict.fromkeys(sheet.path for sheet in sheets)),
    )

"""Whether a column's cells can be what its header says. A look at some cells, so that no column is read wrongly in silence."""

from collections.abc import Callable

from analysis.intake import services, values
from analysis.intake.dates import read_written
from analysis.intake.onsets import relative_days
from analysis.intake.rows import SomeRows
from analysis.intake.words import fold, vocabulary

_ROWS_LOOKED_AT = 2_000
_CELLS_LOOKED_AT = 300
_MOST_WORDS = 9
_LONG = 60
_DATES = ("treatment_date", "onset_date", "reported_date", "resolved_date", "updated_at", "contact_date")
_IDS = ("event_id", "patient_key", "treatment_id")
_CODES = (
    "severity", "outcome", "laterality", "product", "injector", "injector_credential", "clinic", "lot", "service_status",
    "service_category", "treatment_type", "area", "event_category", "followed_up", "seriousness", "person_name",
)  # fmt: skip
_Test = Callable[[str], object]


def sample(rows: SomeRows, position: int) -> list[str]:
    """Filled cells of one column, from all over the sheet."""
    step = max(1, len(rows) // _ROWS_LOOKED_AT)
    return [cell.strip() for cell in rows[::step].column(position) if cell.strip()][:_CELLS_LOOKED_AT]


def misfit(canonical: str, cells: list[str], *, usual: bool) -> str | None:
    """Why the cells cannot be that column; nothing when they may be.

    A usual header is doubted only when nothing at all fits, a header understood from its words when less than half does.
    """
    cells = [cell for cell in cells if not values.is_blank(cell)]
    if not cells:
        return None
    if canonical in _DATES:
        return _unless(cells, _is_date(canonical), usual, "its cells are no dates")
    if canonical == "dose_units":
        return _unless(cells, _is_amount, usual, "its cells are no amounts")
    if canonical in _IDS and _share(cells, _is_long) > 0.5:
        return "its cells are long text"
    if canonical in _CODES and _share(cells, _is_long) > 0.5:
        return "its cells are long text"
    return None if usual else _doubt(canonical, cells)


def _doubt(canonical: str, cells: list[str]) -> str | None:
    """Further checks of a column whose header often means something else, or is understood from its words only."""
    if canonical == "person_name" and _share(cells, _has_digit) > 0.5:
        return "its cells are no names"
    if canonical in ("text", "action_taken") and _share(cells, _is_yes_date_or_number) > 0.5:
        return "its cells are no descriptions"
    if canonical == "injector" and (_share(cells, _has_digit) > 0.5 or _hardly_repeats(cells)):
        return "its cells are no names of staff"
    if canonical == "injector_credential" and _share(cells, _WORDED["severity"]) > 0.5:
        return "its cells say how severe something is"
    if canonical == "lot" and _share(cells, is_date) > 0.5:
        return "its cells are dates"
    if canonical == "clinic" and _share(cells, values.areas) > 0.5:
        return "its cells are parts of the body"
    if canonical in _WORDED and _share(cells, _WORDED[canonical]) < 0.3:
        return "its cells are no words known for it"
    return None


def looks_like_names(cells: list[str]) -> bool:
    """Most cells hold letters and no digit: people, not references."""
    return bool(cells) and _share(cells, lambda cell: len(cell) > 2 and not _has_digit(cell)) > 0.5


def mostly(cells: list[str], test: _Test) -> bool:
    """At least three filled cells, and most of them pass."""
    return len(cells) >= 3 and _share(cells, test) >= 0.6


def is_date(cell: str) -> bool:
    """The cell can be read as a date in some order."""
    return read_written(cell) is not None


def _unless(cells: list[str], test: _Test, usual: bool, why: str) -> str | None:
    if usual:
        return why if len(cells) >= 3 and not any(_has_digit(cell) or test(cell) for cell in cells) else None
    return why if _share(cells, test) < 0.5 else None


def _share(cells: list[str], test: _Test) -> float:
    return sum(1 for cell in cells if test(cell)) / len(cells) if cells else 0.0


def _is_date(canonical: str) -> _Test:
    def test(cell: str) -> bool:
        return is_date(cell) or (canonical == "onset_date" and relative_days(cell) is not None)

    return test


def _is_amount(cell: str) -> bool:
    return cell.lstrip("-\N{MINUS SIGN}~")[:1].isdigit() and len(cell) <= 25 and not is_date(cell)


def _has_digit(cell: str) -> bool:
    return any(c.isdigit() for c in cell)


def _is_long(cell: str) -> bool:
    return len(cell) > _LONG or len(cell.split()) > _MOST_WORDS


def _is_yes_date_or_number(cell: str) -> bool:
    plain = fold(cell)
    return vocabulary("yes_no").get(plain) == "true" or is_date(cell) or plain.replace(" ", "").isdigit()


def _hardly_repeats(cells: list[str]) -> bool:
    return len(cells) >= 8 and len({values.injector_key(cell) for cell in cells}) * 2 > len(cells)


def _word_of(*tables: str) -> _Test:
    return lambda cell: any(values.word(cell, table) is not None for table in tables)


_WORDED: dict[str, _Test] = {
    "severity": _word_of("severity"),
    "outcome": _word_of("outcome"),
    "laterality": _word_of("laterality"),
    "seriousness": values.seriousness,
    "followed_up": _word_of("followup_kind"),
    "prior_toxin": _word_of("yes_no"),
    "stopped_7d": _word_of("yes_no"),
    "blood_thinner": lambda cell: values.truth(cell, "blood_thinner") is not None,
    "service_status": lambda cell: services.status(cell) or values.word(cell, "yes_no"),
    "area": values.areas,
    "product": lambda cell: values.product(cell) or services.not_toxin(cell),
}

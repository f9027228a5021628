"""`reports/index.html`: which reports there are, and where to start."""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from analysis.report.fragment import fragment, paragraph
from analysis.report.numbers import month
from analysis.report.shell import make_page, plain_page
from analysis.report.words import audience
from analysis.tables import plain


@dataclass(frozen=True)
class IndexEntry:
    """One report: where it is (relative to the index), what it is of, and its state in a few words."""

    href: str
    month: str
    subject: str
    audience: str
    headline: str = ""
    state: str = ""
    simulated: bool = False


def index_page(entries: Iterable[IndexEntry], *, today_href: str | None = "today.html") -> str:
    """The list of reports: a table per clinic or group and audience, each with its newest month first."""
    listed = sorted(entries, key=lambda entry: entry.month, reverse=True)
    page = make_page("Adverse events: reports", simulated=bool(listed) and all(entry.simulated for entry in listed))
    today = (
        f'<p class="lead"><a href="{escape(_safe(today_href))}">Who needs a clinician today</a></p>'
        if today_href
        else ""
    )
    if not listed:
        return plain_page(page, fragment(today, paragraph("No report has been made yet.")).html)
    groups: dict[tuple[str, str], list[IndexEntry]] = {}
    for entry in sorted(listed, key=lambda entry: (_of_clinic(entry), entry.subject, entry.audience)):
        groups.setdefault((entry.subject, entry.audience), []).append(entry)
    parts = [_table(f"reports-{number}", own) for number, own in enumerate(groups.values(), start=1)]
    return plain_page(page, fragment(today, *parts).html)


def _of_clinic(entry: IndexEntry) -> bool:
    """Reports of the group come before those of single clinics."""
    return not entry.href.startswith("group/")


def _table(identity: str, own: list[IndexEntry]) -> str:
    name = f"{plain(own[0].subject)}: {audience(own[0].audience)}"
    head = "".join(f'<th scope="col">{name}</th>' for name in ("Month", "Headline", "State"))
    rows = "\n".join(_row(entry) for entry in own)
    return (
        f"<h2>{escape(name)}</h2>\n"
        f'<div class="scroll" role="region" aria-label="{escape(name)}" tabindex="0">\n<table id="{identity}">'
        f"<caption>{escape(name)}, newest month first</caption>\n<thead><tr>{head}</tr></thead>\n"
        f"<tbody>\n{rows}\n</tbody></table></div>"
    )


def _row(entry: IndexEntry) -> str:
    link = f'<a href="{escape(_safe(entry.href))}">{escape(month(entry.month))}</a>'
    simulated = "simulated" if entry.simulated else ""
    state = ", ".join(part for part in (plain(entry.state), simulated) if part) or "[x]"
    cells = (plain(entry.headline) or "[x]", state)
    return f'<tr><th scope="row">{link}</th>' + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>"


def _safe(href: str) -> str:
    """Only links to files beside the index: a scheme or a host in a link is turned into a plain file name."""
    return "./" + plain(href).replace(":", "%3A").lstrip("/\\").removeprefix("./")

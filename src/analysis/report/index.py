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
    """The list of reports, newest month first, one table per clinic or group."""
    listed = sorted(entries, key=lambda entry: (entry.subject, entry.audience))
    listed.sort(key=lambda entry: entry.month, reverse=True)
    page = make_page("Adverse events: reports", simulated=bool(listed) and all(entry.simulated for entry in listed))
    today = (
        f'<p class="lead"><a href="{escape(_safe(today_href))}">Who needs a clinician today</a></p>'
        if today_href
        else ""
    )
    if not listed:
        return plain_page(page, fragment(today, paragraph("No report has been made yet.")).html)
    head = "".join(f'<th scope="col">{name}</th>' for name in ("Month", "Of", "For", "Headline", "State"))
    rows = "\n".join(_row(entry) for entry in listed)
    table = (
        '<div class="scroll" role="region" aria-label="Monthly reports" tabindex="0">\n<table id="reports">'
        f"<caption>Monthly reports, newest first</caption>\n<thead><tr>{head}</tr></thead>\n"
        f"<tbody>\n{rows}\n</tbody></table></div>"
    )
    return plain_page(page, fragment(today, table).html)


def _row(entry: IndexEntry) -> str:
    link = f'<a href="{escape(_safe(entry.href))}">{escape(month(entry.month))}</a>'
    simulated = "simulated" if entry.simulated else ""
    state = ", ".join(part for part in (plain(entry.state), simulated) if part) or "[x]"
    cells = (plain(entry.subject), audience(entry.audience), plain(entry.headline) or "[x]", state)
    return f'<tr><th scope="row">{link}</th>' + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>"


def _safe(href: str) -> str:
    """Only links to files beside the index: a scheme or a host in a link is turned into a plain file name."""
    return "./" + plain(href).replace(":", "%3A").lstrip("/\\").removeprefix("./")

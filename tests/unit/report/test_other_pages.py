from base64 import b64encode
from hashlib import sha256

import pytest
import sample_context as contexts

from analysis.report.index import IndexEntry, index_page
from analysis.report.today import today_page

CSP = (
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; font-src data:; base-uri 'none'; form-action 'none'"
)


@pytest.mark.parametrize("make", [contexts.sample, contexts.empty, contexts.hostile])
@pytest.mark.parametrize("simulated", [True, False])
def test_todays_page(make, simulated):
    whole = today_page(make().frames["look_today"], data_cut="2026-11-09", simulated=simulated)
    html = contexts.without_own_script(whole)
    assert html.startswith('<!DOCTYPE html>\n<html lang="en">')
    digest = b64encode(sha256(whole.split("<script>")[1].split("</script>")[0].encode()).digest()).decode()
    assert f'content="{CSP.replace("; img", f"; script-src {chr(39)}sha256-{digest}{chr(39)}; img")}"' in html
    assert html.count("<h1>") == 1
    assert ("Simulated data" in html) is simulated
    assert "<script" not in html
    assert "Data to 9 November 2026" in html


def test_todays_page_counts_levels():
    html = today_page(contexts.sample().frames["look_today"], data_cut="2026-11-09", simulated=True)
    assert "15 entries need a clinician: 4 now, 11 today." in html
    assert "No entry that could be read needs" in today_page(
        contexts.empty().frames["look_today"], data_cut="x", simulated=False
    )


def test_index_lists_newest_month_first_and_links_stay_beside_it():
    entries = [
        IndexEntry("group/2026-09.director.html", "2026-09", "All clinics", "director", "0 now", "closed", True),
        IndexEntry(
            "javascript:alert(1)",
            "2026-10",
            contexts.HOSTILE[0],
            "injector:I01",
            contexts.HOSTILE[1],
            contexts.HOSTILE[3],
        ),
        IndexEntry("group/2026-08.director.html", "2026-08", "All clinics", "director", "2 now", "closed", True),
        IndexEntry("//example.invalid/x.html", "2026-07", "All clinics", "committee"),
    ]
    html = index_page(entries)
    assert html.index("September 2026") < html.index("August 2026") < html.index("July 2026")
    assert html.index("All clinics: Medical director’s copy") < html.index("October 2026"), "the group first"
    assert html.count("<caption>") == 3
    assert 'href="./javascript%3Aalert(1)"' in html
    assert 'href="./example.invalid/x.html"' in html
    assert "<script" not in html
    assert "<img" not in html
    assert "Simulated data" not in html, "a banner over a list that also holds real reports"
    assert "simulated" in html
    assert "Simulated data" in index_page(entries[:1])
    assert index_page(reversed(entries)) == html


def test_empty_index():
    assert "No report has been made yet." in index_page([])

"""The exported page in a real browser: no request, no error, nothing hidden, at every width."""

import os
import re
import shutil
import subprocess
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import axe_playwright_python
import pytest
import sample_context as contexts

pytestmark = [pytest.mark.browser, pytest.mark.thorough]


def chromium_path() -> str:
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        if os.environ.get("CI"):
            pytest.fail("CI must have chromium: apt-get install chromium")
        pytest.skip("no chromium on PATH; install it to run the browser tests")
    return found


@pytest.fixture(scope="module")
def browser():
    playwright = pytest.importorskip("playwright.sync_api")
    path = chromium_path()
    with playwright.sync_playwright() as running:
        started = running.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield started
        started.close()


NAMES = ["sample", "empty", "hostile", "today-sample", "today-empty", "today-hostile", "index"]


@pytest.fixture
def opened(browser, pages):
    """Opens a page and collects whatever it asks for, says or pops up."""
    contexts_open = []

    def open_page(name: str, width: int = 1280, **options):
        context = browser.new_context(viewport={"width": width, "height": 900}, **options)
        contexts_open.append(context)
        page = context.new_page()
        noise: list[str] = []
        page.on("console", lambda message: noise.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: noise.append(f"error: {error}"))
        page.on("dialog", lambda dialog: (noise.append("dialog"), dialog.dismiss()))
        page.on(
            "request", lambda request: None if request.url.startswith(("data:", "file:")) else noise.append(request.url)
        )
        page.goto(pages[name].as_uri())
        return page, noise

    yield open_page
    for context in contexts_open:
        context.close()


@pytest.mark.parametrize("name", NAMES)
def test_opens_in_silence(opened, name):
    page, noise = opened(name)
    page.wait_for_timeout(100)
    assert noise == []
    assert page.evaluate("document.scripts.length") == (0 if name == "index" else 1)
    assert page.evaluate("document.documentElement.lang") == "en"
    assert page.title().startswith("Adverse events")


@pytest.fixture(scope="module")
def axe():
    """axe-core as the development dependency ships it: read from disk, nothing is fetched."""
    return (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")


RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "resultTypes": ["violations", "incomplete"],
}


def violations(page, axe) -> list[str]:
    page.evaluate(axe)
    found = page.evaluate("options => axe.run(document, options)", RULES)
    assert len(found["passes"]) > 5, "axe looked at nothing"
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]} ({len(one['nodes'])})" for one in found["violations"]]


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (1280, "dark"), (320, "light")])
@pytest.mark.parametrize("name", NAMES)
def test_no_violation_of_wcag_22_aa(opened, axe, name, width, scheme):
    page, _ = opened(name, width, color_scheme=scheme, bypass_csp=True)
    assert violations(page, axe) == []


def test_axe_sees_a_fault(opened, axe):
    page, _ = opened("sample", bypass_csp=True)
    page.evaluate("document.querySelector('img').removeAttribute('alt')")
    assert any(found.startswith("image-alt") for found in violations(page, axe))


@pytest.mark.parametrize("name", NAMES)
def test_landmarks_and_headings(opened, name):
    page, _ = opened(name)
    counts = {tag: page.locator(tag).count() for tag in ("h1", "header", "main", "footer")}
    assert counts == {"h1": 1, "header": 1, "main": 1, "footer": 1}
    levels = page.eval_on_selector_all("h1, h2, h3, h4", "found => found.map(heading => Number(heading.tagName[1]))")
    assert all(after - before <= 1 for before, after in pairwise(levels))
    ids = page.eval_on_selector_all("[id]", "found => found.map(element => element.id)")
    assert len(ids) == len(set(ids))
    links = page.eval_on_selector_all('a[href^="#"]', "found => found.map(link => link.getAttribute('href').slice(1))")
    assert links
    assert set(links) <= set(ids)


@pytest.mark.parametrize("name", ["sample", "empty", "hostile"])
def test_every_picture_is_told_in_numbers(opened, name):
    page, _ = opened(name)
    pictures = page.eval_on_selector_all("img", "found => found.map(image => [image.alt, image.naturalWidth])")
    assert len(pictures) >= 4
    for alt, width in pictures:
        assert len(alt) > 20
        assert "No description has been provided" not in alt
        assert width > 0
        assert name != "sample" or re.search(r"\d", alt)


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
@pytest.mark.parametrize("name", NAMES)
def test_no_sideways_scroll(opened, name, width):
    page, _ = opened(name, width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_tables_have_captions_and_scopes_and_no_blank_cell(opened):
    page, _ = opened("sample")
    assert page.locator("table").count() == page.locator("table > caption").count() > 10
    assert page.locator("th:not([scope])").count() == 0
    cells = page.eval_on_selector_all("th, td", "found => found.map(cell => cell.textContent.trim())")
    assert all(cells)
    boxes = page.eval_on_selector_all(
        "*", "all => all.filter(e => e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).overflowX === 'auto')"
        ".map(e => e.tabIndex)"
    )  # fmt: skip
    assert all(index == 0 for index in boxes)


MILLIMETRE = 96 / 25.4
SHEETS = {"A4": (210, 297), "Letter": (215.9, 279.4)}
MARGINS = (26, 30)
"""Left and right, top and bottom, in millimetres: the @page rule of the style sheet."""


@pytest.mark.parametrize("sheet", SHEETS)
def test_page_one_fits_one_printed_side(opened, sheet):
    wide, high = (side - margin for side, margin in zip(SHEETS[sheet], MARGINS, strict=True))
    page, _ = opened("sample", round(wide * MILLIMETRE))
    page.emulate_media(media="print")
    box = page.locator(".page-one").bounding_box()
    assert box["y"] + box["height"] <= high * MILLIMETRE


@pytest.mark.parametrize("sheet", SHEETS)
def test_prints_without_cut_rows_and_with_heads_on_every_side(opened, sheet):
    page, _ = opened("sample", round((SHEETS[sheet][0] - MARGINS[0]) * MILLIMETRE))
    page.emulate_media(media="print")
    inside = page.eval_on_selector_all("tbody tr", "rows => rows.map(row => getComputedStyle(row).breakInside)")
    kept = page.eval_on_selector_all("figure", "found => found.map(one => getComputedStyle(one).breakInside)")
    assert set(kept) == {"avoid"}, "a title must not be left on the side before its picture"
    heads = page.eval_on_selector_all("thead", "found => found.map(head => getComputedStyle(head).display)")
    assert len(inside) > 100
    assert set(inside) == {"avoid"}
    assert set(heads) == {"table-header-group"}
    rows = page.eval_on_selector_all("tr, figure", "found => found.map(row => row.getBoundingClientRect().height)")
    assert max(rows) < (SHEETS[sheet][1] - MARGINS[1]) * MILLIMETRE, "a row or picture taller than a side must be cut"
    over = "found => found.filter(one => one.scrollWidth > one.clientWidth + 1).map(one => one.outerHTML.slice(0, 80))"
    assert page.eval_on_selector_all("main, .scroll, table", over) == [], "cut off at the right edge"
    sides = len(re.findall(rb"/Type\s*/Page\b", page.pdf(format=sheet)))
    assert 5 < sides < 60


def _sides(page, sheet: str, folder: Path) -> list[str]:
    """The words on each printed side."""
    if shutil.which("pdftotext") is None:
        if os.environ.get("CI"):
            pytest.fail("CI must have pdftotext: apt-get install poppler-utils")
        pytest.skip("no pdftotext on PATH; install poppler-utils to read the printed sides")
    page.pdf(path=folder / "printed.pdf", format=sheet)
    told = subprocess.run(
        ["pdftotext", "-layout", folder / "printed.pdf", "-"], capture_output=True, text=True, check=True
    )
    return told.stdout.split("\f")


@pytest.mark.parametrize("sheet", SHEETS)
@pytest.mark.parametrize("script", [True, False])
def test_a_long_table_has_its_heads_on_every_side_it_takes(opened, sheet, script, tmp_path):
    """Rows are made more, so that the table takes several sides; buttons that sort it must not keep the heads from being repeated."""
    page, _ = opened("sample", java_script_enabled=script)
    heads = page.evaluate(
        """() => {
            const table = document.querySelector("table[data-tools]"), body = table.tBodies[0];
            for (let more = 0; more < 120; more++) body.append(body.rows[0].cloneNode(true));
            [...body.rows].forEach((row, at) => { row.cells[row.cells.length - 1].textContent = `Row${at}x`; });
            return [...table.tHead.rows[0].cells].map((cell) => cell.textContent);
        }"""
    )
    taken = [side for side in _sides(page, sheet, tmp_path) if re.search(r"Row\d+x", side)]
    assert len(taken) > 2
    for side in taken:
        assert all(word in side for head in heads for word in head.split()), side[:200]
        assert len(re.findall(r"Row\d+x", side)) > 1, "one row alone on a side"


def test_pictures_say_the_figures_they_show(opened):
    page, _ = opened("sample")
    told = dict(page.eval_on_selector_all(".chart", "all => all.map(one => [one.id, one.querySelector('img').alt])"))
    assert "9 of" in page.locator("#one-closed-counts").inner_text()
    last = contexts.sample().frames["run_chart_by_measure"].query("measure == 'lid_droop'").iloc[-1]
    assert f"{1000 * last['rate']:.1f}" in told["chart-run-lid-droop"]
    assert "Feb 2026" in told["chart-run-lid-droop"], "a month without data is named"
    for identity, alt in told.items():
        cells = page.locator(f"#{identity} tbody td").all_inner_texts()
        figures = {number for cell in cells for number in re.findall(r"\d[\d,.]*", cell)}
        assert not cells or figures & set(re.findall(r"\d[\d,.]*\d|\d", alt)), identity


def test_drafts_are_marked_and_hold_no_free_text(opened):
    page, _ = opened("sample")
    page.eval_on_selector_all("details", "found => found.forEach(fold => fold.setAttribute('open', ''))")
    drafts = page.locator("pre.draft").all_inner_texts()
    assert len(drafts) == 2 * int(contexts.sample().frames["open_cases"]["draft"].sum()) > 0
    for draft in drafts:
        assert draft.startswith("DRAFT")
        assert draft.rstrip().endswith("DRAFT")


def test_first_screen_answers_four_questions(opened):
    page, _ = opened("sample")
    for heading in ("#one-look", "#one-waiting", "#one-trust", "#one-closed"):
        box = page.locator(heading).bounding_box()
        assert box
        assert box["y"] < 800, heading
    assert page.locator(".box.closed .lead-small").bounding_box()["y"] < 800


def test_contents_work_without_script(opened):
    page, _ = opened("sample", java_script_enabled=False)
    page.get_by_role("link", name="Data quality").click()
    assert page.url.endswith("#data-quality")


def test_skip_link_is_the_first_stop_and_shows(opened):
    page, _ = opened("sample")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.locator(".skip").bounding_box()["x"] >= 0


def test_closed_folds_print_open(opened):
    page, _ = opened("sample")
    page.eval_on_selector_all("details", "found => found.forEach(fold => fold.removeAttribute('open'))")
    table = page.locator("#table-row-account")
    assert not table.is_visible()
    page.emulate_media(media="print")
    assert table.is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_contrast_of_both_schemes(opened, scheme):
    page, _ = opened("sample", color_scheme=scheme)
    names = ["--paper", "--card", "--ink", "--quiet", "--accent", "--now", "--note", "--note-ink"]
    style = "names => names.map(name => getComputedStyle(document.documentElement).getPropertyValue(name).trim())"
    colour = dict(zip(names, page.evaluate(style, names), strict=True))
    for text in ("--ink", "--quiet", "--accent", "--now"):
        for ground in ("--paper", "--card"):
            assert ratio(colour[text], colour[ground]) >= 4.5, (scheme, text, ground)
    assert ratio(colour["--note-ink"], colour["--note"]) >= 4.5


def ratio(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


OPEN = "#entries"
HEADS = "found => found.map(head => head.textContent.trim())"
CELLS = "(rows, at) => rows.map(row => row.cells[at].textContent.trim())"


def column(page, name: str, table: str = OPEN) -> list[str]:
    heads = page.eval_on_selector_all(f"{table} thead th", HEADS)
    return page.eval_on_selector_all(f"{table} tbody tr", CELLS, heads.index(name))


def test_long_tables_sort_by_keyboard_and_say_so(opened):
    page, noise = opened("sample")
    printed = column(page, "Reported")
    button = page.locator(f"{OPEN} thead th button", has_text="Reported")
    button.focus()
    page.keyboard.press("Enter")
    head = page.locator(f"{OPEN} thead th", has_text="Reported")
    assert head.get_attribute("aria-sort") == "ascending"
    days = [datetime.strptime(text, "%d %B %Y") for text in column(page, "Reported")]
    assert days == sorted(days)
    page.keyboard.press("Space")
    assert head.get_attribute("aria-sort") == "descending"
    days = [datetime.strptime(text, "%d %B %Y") for text in column(page, "Reported")]
    assert days == sorted(days, reverse=True)
    page.locator(f"{OPEN} thead th button", has_text="Entry").click()
    assert page.locator(f"{OPEN} thead th[aria-sort]").count() == 1
    for _ in range(2):
        page.locator(f"{OPEN} thead th button", has_text="Entry").click()
    assert page.locator(f"{OPEN} thead th[aria-sort]").count() == 0
    assert column(page, "Reported") == printed
    assert noise == []


def test_numbers_sort_as_numbers_and_missing_ones_come_last(opened):
    page, _ = opened("sample")
    table = "#table-reported-by-month"
    page.locator(f"{table} thead th button").first.click()
    months = [datetime.strptime(text, "%B %Y") for text in column(page, "Reported in", table)]
    assert months == sorted(months)
    page.evaluate("""() => {
        const rows = document.querySelectorAll("#table-reported-by-month tbody tr");
        ["1,200", "35", "[x]", "4"].forEach((text, at) => { rows[at].cells[1].textContent = text; });
    }""")
    second = page.locator(f"{table} thead th button").nth(1)
    for first, last in (("3", "[x]"), ("1,200", "[x]")):
        second.click()
        values = column(page, "Facial weakness or drooping", table)
        assert (values[0], values[-1]) == (first, last)


def test_rows_filter_with_a_count_and_print_whole(opened):
    page, _ = opened("sample")
    line = page.locator(".tools", has=page.get_by_label("Filter “Open entries, newest first”"))
    every = page.locator(f"{OPEN} tbody tr").count()
    page.get_by_label("Filter “Open entries, newest first”").fill("harbour")
    shown = page.locator(f"{OPEN} tbody tr:visible").count()
    assert 0 < shown < every
    assert line.get_by_role("status").inner_text() == f"{shown} of {every} rows shown"
    page.emulate_media(media="print")
    assert page.locator(f"{OPEN} tbody tr:visible").count() == every
    assert not line.is_visible()


def test_tables_of_injectors_have_no_tools_and_keep_the_order_of_codes(opened):
    page, _ = opened("sample")
    tables = "#by-injector table"
    assert page.locator(tables).count() >= 2
    assert page.locator("#by-injector table[data-tools], #by-injector button, #by-injector input").count() == 0
    assert page.locator("#the-month-on-one-page button").count() == 0
    assert page.locator("table[data-tools]").count() >= 3


def test_without_script_the_tables_are_whole(opened):
    page, _ = opened("sample", java_script_enabled=False)
    assert page.locator("th button, .tools").count() == 0
    assert page.locator(f"{OPEN} tbody tr:visible").count() == len(contexts.sample().frames["look_today"])

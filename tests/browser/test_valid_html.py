"""Every kind of page is HTML without a parse error, for every audience; with vnu, where it can be had, without any error at all."""

import os
import shutil
import subprocess
from pathlib import Path

import html5lib
import pytest

from analysis.pipeline.context import build_month
from analysis.pipeline.publish import page_and_data
from analysis.store import open_store

pytestmark = [pytest.mark.browser, pytest.mark.thorough]


@pytest.fixture(scope="module")
def every_page(pages: dict[str, Path], demo_store: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The director's pages, today's and the list, and the copies for others, as files by name."""
    folder, store = tmp_path_factory.mktemp("copies"), open_store(demo_store)
    found = dict(pages)
    for audience in ("committee", "shared", f"injector:{store.injectors['code'].iloc[0]}"):
        name = audience.partition(":")[0]
        found[name] = folder / f"{name}.html"
        page, _ = page_and_data(build_month(store, month="2026-10", audience=audience), banner="A <banner> & more")
        found[name].write_text(page, encoding="utf-8")
    return found


def test_pages_have_no_parse_error(every_page: dict[str, Path]) -> None:
    assert {"sample", "hostile", "committee", "shared", "injector", "index"} <= set(every_page)
    for name, path in every_page.items():
        parser = html5lib.HTMLParser()
        parser.parse(path.read_text(encoding="utf-8"))
        assert parser.errors == [], name


def test_the_parser_sees_a_fault() -> None:
    parser = html5lib.HTMLParser()
    parser.parse("<!DOCTYPE html><title>x</title><p><table><p>lost</table></div>")
    assert parser.errors


def vnu() -> list[str]:
    """How vnu is called: a `vnu` on the path, or the jar that VNU_JAR names with a Java."""
    if found := shutil.which("vnu"):
        return [found]
    jar, java = os.environ.get("VNU_JAR"), shutil.which("java")
    if not jar or not java:
        pytest.skip(
            "needs vnu: put it on the path, or install a Java and let VNU_JAR name vnu.jar (npm package vnu-jar)"
        )
    return [java, "-jar", jar]


def test_vnu_finds_no_error(every_page: dict[str, Path], tmp_path: Path) -> None:
    faulty = tmp_path / "faulty.html"
    faulty.write_text(
        '<!DOCTYPE html><html lang="en"><title>x</title><figure><p>a<figcaption>b</figcaption><p>c</figure>'
    )
    command = [*vnu(), "--errors-only", "--format", "text"]
    assert subprocess.run([*command, str(faulty)], capture_output=True, check=False).returncode != 0
    said = subprocess.run([*command, *map(str, every_page.values())], capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stderr.splitlines()[:5]

"""The hostile council: all its packs are built, nothing in them is alive, and every broken file is told."""

from __future__ import annotations

import csv
import io
import re
import shutil
from contextlib import chdir
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hostile import OTHERS, PERIOD, TABLES, write_council
from typer.testing import CliRunner

from cwb.base.characters import printable
from cwb.cli import app
from cwb.packs.registry import all_packs
from report_texts import texts_in

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Built:
    """The report of the hostile council, and what the two commands wrote on the screen."""

    report: Path
    checked: str
    ran: str


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, place_tables: Path) -> Built:
    folder = tmp_path_factory.mktemp("hostile")
    write_council(folder)
    shutil.copytree(ROOT / "notebooks", folder / "notebooks")
    processed = folder / "data" / "processed"
    processed.mkdir(parents=True)
    for made in place_tables.glob("postcodes-????????.*"):
        shutil.copy(made, processed)
    with chdir(folder):
        ran = CliRunner().invoke(app, ["run", PERIOD])
        checked = CliRunner().invoke(app, ["check"])
    assert ran.exception is None or isinstance(ran.exception, SystemExit), ran.exception
    assert checked.exception is None or isinstance(checked.exception, SystemExit), checked.exception
    return Built(folder / "reports" / PERIOD, checked.output, ran.output)


@pytest.mark.fault(
    "I40",
    "Every text of every file, of sidecars and of the settings is an attack",
    "All packs are built, no exhibit fails",
)
def test_all_packs_are_built(built: Built) -> None:
    pages = {path.name for path in built.report.glob("*.html")}
    assert pages >= {pack.html_name for pack in all_packs()}, built.ran
    assert built.ran.count("Fault") == 0
    assert f"reports/{PERIOD}/index.html" in built.ran
    assert not [
        path for path in built.report.rglob("*.html") if "could not be drawn" in path.read_text(encoding="utf-8")
    ]


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, list[tuple[str, str | None]]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, attrs))


@pytest.mark.fault(
    "I41",
    "Markup, scripts and addresses that run stand in names, titles, notices and settings",
    "No page has a tag, an attribute or an address that runs or loads",
)
def test_no_page_has_foreign_markup(built: Built) -> None:
    for path in built.report.rglob("*.html"):
        parser = _Tags()
        text = path.read_text(encoding="utf-8")
        parser.feed(text)
        if path.name == "explore.html":
            # Its data and its one script, which the page's policy allows by its hash.
            scripts = [found for found in parser.found if found[0] == "script"]
            assert scripts == [
                ("script", [("type", "application/json"), ("id", "data")]),
                ("script", [("type", "module")]),
            ]
            parser.found = [found for found in parser.found if found not in scripts]
        for tag, attributes in parser.found:
            assert tag not in {
                "script",
                "iframe",
                "img",
                "object",
                "embed",
                "form",
                "input",
                "base",
                "u",
                "image",
            }, path
            for name, value in attributes:
                assert not name.startswith("on"), (path, tag, name)
                if name in ("href", "src", "xlink:href"):
                    assert re.match(r"(https://|#|[\w./-]+(#[\w-]+)?$)", value or ""), (path, tag, value)
    # The attacks are there, as texts.
    page = (built.report / "01_local_supplier_base.html").read_text(encoding="utf-8")
    assert "&lt;script&gt;alert(2)&lt;/script&gt;6 Works Ltd" in page
    assert "{{7*7}}" in page
    assert "A" * 900 in page
    assert "A" * 1_100 not in page


@pytest.mark.fault(
    "I42",
    "Names, ids and titles are formulas of a spreadsheet",
    "No cell of any CSV begins so that a spreadsheet runs it",
)
def test_no_csv_has_a_live_formula(built: Built) -> None:
    files = list(built.report.rglob("*.csv"))
    assert files
    for path in files:
        for row in csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"))):
            for cell in row:
                assert not cell.startswith(("=", "+", "@", "\t", "\r", "\n")), (path, cell)
                assert not cell.startswith("-") or re.fullmatch(r"-[\d.]+", cell), (path, cell)


@pytest.mark.fault(
    "I43",
    "Control characters, overrides of direction and invisible characters stand in every text",
    "No byte of the report is one",
)
def test_nothing_invisible_is_in_the_report(built: Built) -> None:
    for name, text in texts_in(built.report):
        shown = text.removeprefix("\ufeff")
        if name == "brief.docx/word/numbering.xml":
            # The bullet of the Symbol font, in the template of python-docx.
            shown = shown.replace('w:lvlText w:val="\uf0b7"', "")
        assert printable(shown) == shown, name


@pytest.mark.fault(
    "I44",
    "Names of files and texts in them are commands of a terminal",
    "The screen shows their codes and obeys none",
)
def test_the_screen_obeys_nothing(built: Built) -> None:
    for said in (built.ran, built.checked):
        assert printable(said) == said
    assert r"<b>\x1b[31mx\u202e" in built.checked


@pytest.mark.fault(
    "I45", "A broken file lies in every folder", "The account tells each by name, and all others are read"
)
def test_every_broken_file_is_told(built: Built) -> None:
    said = " ".join(built.checked.split())
    for source in TABLES:
        place = f"{source}/body-u-a-u" if source.startswith("anchor_") else source
        names = ["paper.pdf", "empty.csv", *(("corner.xlsx", "cut.xlsx", "wide.csv") if source in OTHERS else ())]
        for name in names:
            assert re.search(
                rf"Refused whole \S*{re.escape(f'{place}/{name}')}|Refused whole {re.escape(name)}", said
            ), (source, name)
    for name in ("deep.json", "cut.json", "page.json", "paper.pdf"):
        assert f"Refused whole notices/{name}" in said, name

"""The files of a report for other programs: the workbook, the data package, the report to the committee, and PDFs."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from docx import Document
from openpyxl import Workbook, load_workbook
from pypdf import PdfReader

from cwb.base.errors import CwbError
from cwb.charts.figure import ExhibitRecord
from cwb.charts.tables import Column
from cwb.cli.pdf import pdf
from cwb.council.committee import Committee
from cwb.council.config import Settings
from cwb.council.periods import Period
from cwb.evidence.record import read_records
from cwb.packs.registry import all_packs
from cwb.publish.brief.committee import committee_report
from cwb.publish.brief.model import Brief
from cwb.publish.printing import pages_of, print_pages
from cwb.publish.verify import remarks
from cwb.publish.workbook import evidence_sheets, evidence_workbook

PERIOD = Period.parse("2026-27-Q2")
EMPTY = Brief("Council", True, "Q2", "Nothing.", (), (), (), (), "No list.", (), (), (), (), (), ())


@pytest.fixture(scope="module")
def report(project: Path) -> Path:
    return project / "reports" / str(PERIOD)


@pytest.fixture(scope="module")
def book(report: Path) -> Iterator[Workbook]:
    opened = load_workbook(report / "evidence.xlsx")
    yield opened
    opened.close()


def rows_of(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))


def packed(report: Path, name: str) -> list[zipfile.ZipInfo]:
    with zipfile.ZipFile(report / name) as parts:
        return parts.infolist()


@pytest.mark.parametrize("name", ["evidence.xlsx", "brief.docx"])
def test_no_clock_and_no_compression_of_a_machine_in_an_office_file(name: str, report: Path) -> None:
    parts = packed(report, name)
    assert {part.date_time for part in parts} == {(1980, 1, 1, 0, 0, 0)}
    assert {(part.compress_type, part.create_system) for part in parts} == {(zipfile.ZIP_STORED, 0)}


def test_the_workbook_has_cover_contents_notes_and_one_table_a_sheet(book: Workbook) -> None:
    first, contents, notes, *tables = book.worksheets
    assert [sheet.title for sheet in (first, contents, notes, tables[0])] == [
        "Cover",
        "Contents",
        "Notes",
        "Findings",
    ]
    assert book.active is first
    assert "Q2 2026/27" in book.properties.title
    assert f"{book.properties.created:%Y-%m-%d}" == "2026-09-30"
    assert all(len(sheet.tables) == 1 for sheet in tables)
    names = [sheet.title.casefold() for sheet in book.worksheets]
    assert len(names) == len(set(names))
    links = {link.location for row in contents.iter_rows() for cell in row if (link := cell.hyperlink)}
    assert links == {f"'{sheet.title}'!A1" for sheet in tables}
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f"]


def test_every_finding_is_in_the_workbook_with_unit_and_reason(book: Workbook, report: Path) -> None:
    findings = json.loads((report / "findings.json").read_text(encoding="utf-8"))
    rows = {(row[10], row[9]): row for row in book["Findings"].iter_rows(min_row=6, values_only=True)}
    assert len(rows) == len(findings)
    for finding in findings:
        row = rows[finding["pack"], finding["id"]]
        hidden = {"fewer_than_5": "fewer than 5", "withheld": "withheld"}.get(finding["state"], "not known")
        assert row[1] == pytest.approx(finding["value"]) if "value" in finding else row[1] == f"[{hidden}]"
        assert all((row[2], row[6], row[8]))
        assert "value" in finding or finding["undefined"] in str(row[7])
        assert all(caveat in str(row[11]) for caveat in finding["caveats"])
    assert any(finding["caveats"] for finding in findings)


def test_every_table_is_in_the_workbook_and_described(book: Workbook, report: Path) -> None:
    package = json.loads((report / "tables" / "datapackage.json").read_text(encoding="utf-8"))
    files = {path.relative_to(report / "tables").as_posix() for path in (report / "tables").rglob("*.csv")}
    assert {resource["path"] for resource in package["resources"]} == files
    assert len({resource["name"] for resource in package["resources"]}) == len(files)
    titles = {sheet["A1"].value.partition(": ")[2] for sheet in book.worksheets[3:]}
    for resource in package["resources"]:
        headings, *rows = rows_of(report / "tables" / resource["path"])
        fields = resource["schema"]["fields"]
        assert [field["name"] for field in fields] == headings
        assert len({heading.casefold() for heading in headings}) == len(headings)
        assert resource["title"] in titles
        for at, field in enumerate(fields):
            if field["type"] in ("number", "integer"):
                assert all(
                    float(row[at]) == (int(row[at]) if field["type"] == "integer" else float(row[at]))
                    for row in rows
                    if row[at]
                )
    by_path = {resource["path"]: resource for resource in package["resources"]}
    trend = {field["name"]: field for field in by_path["local_supplier_base/trend.csv"]["schema"]["fields"]}
    assert (trend["Spend (£)"]["type"], trend["Spend (£)"]["unit"]) == ("number", "GBP")
    assert {"title", "sha256", "publisher", "licence"} <= set().union(*package["sources"])
    sheet = book["01 trend"]
    heading = next(row for row in sheet.iter_rows() if row[0].value == "Quarter")
    written = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=heading[0].row + 1)]
    expected = rows_of(report / "tables/local_supplier_base/trend.csv")[1:]
    assert [row[:2] for row in written] == [row[:2] for row in expected]
    assert [row[4] for row in written] == [float(row[4]) for row in expected]
    assert sheet.cell(heading[0].row + 1, 5).number_format.startswith("£")


HOSTILE = (
    "=1+1",
    "-Smith Ltd",
    "[name](https://x.example)",
    "—",
    "Ελλάς",
    "$$a$$",
    "http://x.example",
    "x" * 40_000,
    "",
)


def test_a_text_stays_the_text_that_it_is(settings: Settings, report: Path) -> None:
    columns = (Column("name", "Name"), Column("n", "Pounds (£)", "gbp"), Column("of", "Of", "share", missing=""))
    cells = "".join(f"{text if text[:1] not in ('=', '-') else chr(39) + text},,\r\n" for text in HOSTILE[:-1])
    table = f"Name,Pounds (£),Of\r\n{cells},1.50,0.25\r\n"
    exhibit = ExhibitRecord(
        "very-long-name-of-an-exhibit-indeed",
        "[t](u) $$",
        None,
        False,
        (),
        "a.csv",
        table,
        caption="c",
        columns=columns,
    )
    empty = ExhibitRecord(
        "none", "None", None, False, (), "b.csv", 'Name\r\n" "\r\n', caption="c", columns=columns[:1]
    )
    pack = all_packs()[0]
    findings = read_records(report / "findings.json")[:1]
    made, again = (
        evidence_workbook(settings, PERIOD, evidence_sheets(PERIOD, {pack: (exhibit, empty)}, findings))
        for _ in range(2)
    )
    assert made == again
    _, _, _, _, sheet, nothing = load_workbook(io.BytesIO(made)).worksheets
    assert len(sheet.title) <= 31
    rows = list(sheet.iter_rows(min_row=5, values_only=True))
    assert [row[0] or "" for row in rows[1:]] == [
        text if len(text) < 9_999 else f"{text[:32_766]}…" for text in HOSTILE
    ]
    assert rows[1][1:] == ("[not known]", None)
    assert rows[-1][1:] == (1.5, 0.25)
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f" or cell.hyperlink]
    assert nothing.cell(6, 1).value == "[nothing stated]"


def test_the_report_to_the_committee_can_be_found_one_s_way_in(report: Path) -> None:
    document = Document(str(report / "brief.docx"))
    assert (document.core_properties.language, document.core_properties.comments) == ("en-GB", "")
    assert "Q2 2026/27" in document.core_properties.title
    headings = [p.text for p in document.paragraphs if p.style.name.startswith("Heading")]
    assert headings[:3] == ["Purpose of the report", "Recommendations", "Background"]
    assert {"Implications", "Legal implications", "Equalities implications", "Background papers"} <= set(headings)
    assert document.tables
    for table in document.tables:
        first, *others = table._tbl.tr_lst
        assert first.xpath("./w:trPr/w:tblHeader")
        assert not [row for row in others if row.xpath("./w:trPr/w:tblHeader")]
        assert table._tbl.tblPr.xpath("./w:tblDescription")
    assert {lang.get(lang.keys()[0]) for lang in document.styles.element.xpath("//w:rPrDefault//w:lang")} == {
        "en-GB"
    }


def test_sections_are_named_and_ordered_by_the_settings(settings: Settings) -> None:
    own = Committee(
        sections=("legal", "purpose"), headings={"legal": "Legal advice"}, implications="What it implies"
    )
    made = committee_report(EMPTY, settings.model_copy(update={"committee": own}), PERIOD)
    document = Document(io.BytesIO(made))
    headings = [p.text for p in document.paragraphs if p.style.name.startswith("Heading")]
    assert headings == ["What it implies", "Legal advice", "Purpose of the report"]
    whole = Document(io.BytesIO(committee_report(EMPTY, settings, PERIOD)))
    said = [p.text for p in whole.paragraphs]
    assert "What the council's purchases emit is not known from the files that were supplied." in said
    assert sum(text.startswith("To be completed by the officer") for text in said) == 8
    with pytest.raises(ValueError, match="each section"):
        Committee(sections=("legal", "legal"))


def test_a_page_is_printed_with_tags_and_without_the_folder_it_lay_in(
    report: Path, chromium: str, tmp_path: Path
) -> None:
    copied = tmp_path / str(PERIOD)
    copied.mkdir()
    for name in ("manifest.json", "index.html"):
        shutil.copy(report / name, copied)
    (made,) = print_pages(copied, pages_of(copied, ["index"]), Path(chromium))
    assert made == copied / "print" / "index.pdf"
    read = PdfReader(str(made))
    root = read.trailer["/Root"]
    assert (root["/Lang"], bool(root["/MarkInfo"]["/Marked"])) == ("en-GB", True)
    assert "/StructTreeRoot" in root
    assert read.metadata is not None
    assert read.metadata.title
    assert len(read.outline) > 0
    assert not re.search(rb"file:|/tmp", made.read_bytes())
    assert "print/ was not looked at" in remarks(copied)[0]


def test_what_cannot_be_printed_is_said(report: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CwbError, match=r"no page.*'19'.*01_local_supplier_base"):
        pages_of(report, ["19"])
    with pytest.raises(CwbError, match="no manifest"):
        pages_of(tmp_path)
    shutil.copytree(report, tmp_path / "r")
    (tmp_path / "r" / "index.html").write_text("other", encoding="utf-8")
    with pytest.raises(CwbError, match=r"index.html: the page is not as it was built"):
        pages_of(tmp_path / "r", ["index"])
    with pytest.raises(CwbError, match=r"Ctrl.P"):
        print_pages(report, ["index.html"], tmp_path / "none")
    assert not (report / "print" / "index.pdf").exists()
    monkeypatch.setattr("cwb.publish.printing.find_browser", lambda: None)
    with pytest.raises(CwbError, match=r"no Chromium, Chrome or Edge.*Ctrl.P"):
        pdf(str(PERIOD), None, None, report.parents[1] / "cwb.toml")
    with pytest.raises(CwbError, match="no page"):
        pdf(None, ["none"], None, report.parents[1] / "cwb.toml")

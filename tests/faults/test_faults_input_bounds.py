"""Bad input: files that would take the machine, and files that are broken. Each is refused by name, and nothing else is lost."""

from __future__ import annotations

import json
import random
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from broken_files import BROKEN, ODD, corner, text_of, with_part, workbook, zipped
from old_workbook import xls

from cwb.base.errors import ConfigError, SourceError
from cwb.council.bounds import Bounds
from cwb.council.config import load_config
from cwb.sources.check import check_files
from cwb.sources.inputs import input_files, read_sidecar
from cwb.sources.report import FileReport, RawFile
from cwb.sources.workbooks import sheets_of

SPEND = [("Supplier name", "Payment date", "Net amount", "Purpose")] + [
    (f"Firm {n} Ltd", f"0{n}/04/2025", f"{n}.50", "Works") for n in range(1, 6)
]
CONTRACTS = [("Contract title", "Supplier name", "Start date", "End date", "Contract value")] + [
    (f"Roads {n}", "Acme", "01/04/2025", "31/03/2026", "90000") for n in range(1, 6)
]
RELEASE = {"ocid": "o1", "id": "1-2025", "date": "2025-04-03", "tag": ["tender"], "buyer": {"name": "B"}}
SETTINGS = '[council]\nname = "A Council"\nhome_district = "E07000243"\n[local]\nname = "Here"\ndistricts = ["E07000243"]\n'


def checked(path: Path, content: bytes, source: str = "spend", **bounds: int) -> FileReport:
    """The account of one file, read within bounds of its own."""
    path.write_bytes(content)
    file = RawFile.of(path)
    (report,) = check_files(
        {source: [RawFile(file.label, path, file.sha256, None, Bounds(**bounds))]}, ("E07000243",)
    )
    return report


def refused(report: FileReport, said: str, setting: str) -> bool:
    """Whether a file is refused with its name, what is wrong, and the setting that would let it through."""
    text = report.error or ""
    return (
        report.file in text
        and said in text
        and f"{setting} under [bounds] in cwb.toml" in text
        and report.rows == 0
    )


@pytest.mark.fault(
    "I12",
    "A sheet has one cell in its far corner (XFD1048576), which made the reader end the process",
    "Refused with the bound of cells",
)
def test_a_cell_in_the_far_corner(tmp_path: Path) -> None:
    assert refused(checked(tmp_path / "a.xlsx", corner(SPEND)), "more than 10,000,000 cells", "cells")


@pytest.mark.fault(
    "I81",
    "The same in an XLS, whose records say row and column 65,535",
    "Refused with the bound of cells; an ordinary XLS is read",
)
def test_a_cell_in_the_far_corner_of_an_old_workbook(tmp_path: Path) -> None:
    assert checked(tmp_path / "a.xls", xls(SPEND)).kept == 5
    assert refused(
        checked(tmp_path / "b.xls", xls(SPEND, (65_535, 65_535))), "more than 10,000,000 cells", "cells"
    )
    for bound in (0, 30, 80, 600, 4_200):
        assert checked(tmp_path / "c.xls", xls(SPEND)[:bound]).error


@pytest.mark.fault(
    "I13",
    "Cells in the far corner are empty and only styled, or do not say where they stand",
    "The sheet is read whole",
)
def test_styled_cells_and_cells_without_a_place(tmp_path: Path) -> None:
    styled = b'<row r="1048576"><c r="XFD1048576" s="0"/></row></sheetData>'
    book = with_part(workbook(SPEND), "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b"</sheetData>", styled))
    assert checked(tmp_path / "a.xlsx", book).kept == 5
    book = with_part(workbook(SPEND), "xl/worksheets/sheet1.xml", lambda xml: re.sub(rb' r="[A-Z]*\d+"', b"", xml))
    assert checked(tmp_path / "b.xlsx", book).kept == 5


@pytest.mark.fault(
    "I14",
    "One long shared text stands in many cells, so that a small workbook becomes gigabytes",
    "Refused with the bound of bytes",
)
def test_a_long_text_in_many_cells(tmp_path: Path) -> None:
    def many(xml: bytes) -> bytes:
        cells = b"".join(b'<row r="%d"><c r="A%d" t="s"><v>4</v></c></row>' % (n, n) for n in range(7, 150))
        return xml.replace(b"</sheetData>", cells + b"</sheetData>")

    long = with_part(
        workbook(SPEND), "xl/sharedStrings.xml", lambda xml: xml.replace(b"Firm 1 Ltd", b"A" * 90_000)
    )
    book = with_part(long, "xl/worksheets/sheet1.xml", many)
    report = checked(tmp_path / "a.xlsx", book, workbook_bytes=10_000_000)
    assert refused(report, "more than 10,000,000 characters together", "workbook_bytes")


@pytest.mark.fault(
    "I15",
    "A workbook is a bomb: its parts unpack to far more than the file has",
    "Refused by what its directory says, before unpacking",
)
def test_a_workbook_that_is_a_bomb(tmp_path: Path) -> None:
    book = with_part(workbook(SPEND), "xl/worksheets/sheet1.xml", lambda xml: xml + b" " * 120_000_000)
    assert refused(checked(tmp_path / "a.xlsx", book), "times as many as packed", "ratio")
    assert refused(
        checked(tmp_path / "b.xlsx", book, workbook_bytes=9_999), "at most 9,999 are read", "workbook_bytes"
    )


@pytest.mark.fault(
    "I16",
    "An OpenDocument sheet repeats one cell over all columns and rows, or one blank a billion times",
    "Refused with the bound",
)
@pytest.mark.parametrize(
    ("cell", "said", "setting"),
    [
        ('<table:table-cell table:number-columns-repeated="16384"><text:p>A</text:p></table:table-cell>', "cells", "cells"),
        ('<table:table-cell><text:p>A<text:s text:c="4000000000"/></text:p></table:table-cell>', "characters", "workbook_bytes"),
    ],
)  # fmt: skip
def test_an_open_document_that_repeats(cell: str, said: str, setting: str, tmp_path: Path) -> None:
    kinds = ("office", "table", "text")
    names = "".join(f' xmlns:{kind}="urn:oasis:names:tc:opendocument:xmlns:{kind}:1.0"' for kind in kinds)
    row = f'<table:table-row table:number-rows-repeated="1048570">{cell}</table:table-row>'
    sheet = f'<table:table table:name="x">{row}</table:table>'
    with zipfile.ZipFile(tmp_path / "made.ods", "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        body = f"<office:body><office:spreadsheet>{sheet}</office:spreadsheet></office:body>"
        archive.writestr("content.xml", f"<office:document-content{names}>{body}</office:document-content>")
    assert refused(checked(tmp_path / "a.ods", (tmp_path / "made.ods").read_bytes()), said, setting)


@pytest.mark.fault(
    "I17",
    "An archive of a register unpacks to a thousand times its size, or to more bytes than are read",
    "Refused before it is unpacked",
)
def test_an_archive_that_is_a_bomb(tmp_path: Path) -> None:
    bomb = zipped("companies.csv", b"a," * 60_000_000)
    assert refused(checked(tmp_path / "a.zip", bomb, "companies"), "times as many as packed", "ratio")
    said = checked(tmp_path / "b.zip", zipped("a.csv", b"a" * 5_000), "companies", unpacked_bytes=4_999)
    assert refused(said, "5,000 bytes", "unpacked_bytes")


@pytest.mark.fault("I18", "A CSV has 10,000 columns", "Refused with the bound of columns")
def test_ten_thousand_columns(tmp_path: Path) -> None:
    assert refused(checked(tmp_path / "a.csv", BROKEN["wide.csv"](SPEND)), "10,004 columns", "columns")


@pytest.mark.fault(
    "I19",
    "A cell has 300,000 characters, a line five million and no end",
    "Refused with the bound of characters, and the row",
)
def test_long_cells_and_lines(tmp_path: Path) -> None:
    report = checked(tmp_path / "a.csv", BROKEN["long-cell.csv"](SPEND))
    assert refused(report, "row 2: a cell has more than 100,000 characters", "cell_characters")
    report = checked(tmp_path / "b.csv", BROKEN["one-line.csv"](SPEND))
    assert refused(report, "row 1: a line has more than 1,048,576 characters", "cell_characters")


@pytest.mark.fault(
    "I20", "JSON nests 50,000 deep, has more values or bytes than are read", "Refused with the bound of each"
)
def test_json_beyond_its_bounds(tmp_path: Path) -> None:
    assert refused(checked(tmp_path / "a.json", b"[" * 50_000, "notices"), "more than 100 deep", "json_depth")
    deep = b'{"releases":[{"ocid":"a","x":' + b"[" * 200 + b"]" * 200 + b"}]}"
    assert refused(checked(tmp_path / "b.json", deep, "notices"), "more than 100 deep", "json_depth")
    many = json.dumps({"releases": [RELEASE] * 50}).encode()
    assert refused(
        checked(tmp_path / "c.json", many, "notices", json_values=100), "at most 100 are read", "json_values"
    )
    assert refused(
        checked(tmp_path / "d.json", many, "notices", json_bytes=100), "at most 100 are read", "json_bytes"
    )
    assert refused(checked(tmp_path / "e.json", many, "notices", rows=10), "more than 10 releases", "rows")
    lines = (json.dumps(RELEASE).encode() + b"\n") * 50
    assert refused(checked(tmp_path / "f.json", lines, "notices", rows=10), "more than 10 releases", "rows")


@pytest.mark.fault(
    "I21",
    "A list of contracts has more rows than are held",
    "Refused with the bound of rows; a ledger of as many is read",
)
def test_rows_beyond_the_bound(tmp_path: Path) -> None:
    content = text_of(CONTRACTS).encode()
    assert refused(checked(tmp_path / "a.csv", content, "contracts", rows=3), "more than 3 rows", "rows")
    assert checked(tmp_path / "b.csv", text_of(SPEND).encode(), rows=3).kept == 5


@pytest.mark.fault(
    "I22", "A folder has more files than are read", "The source is refused with its name and the bound"
)
def test_files_beyond_the_bound(tmp_path: Path) -> None:
    (tmp_path / "cwb.toml").write_text(SETTINGS + "[bounds]\nfiles = 3\n", encoding="utf-8")
    folder = tmp_path / "data" / "raw" / "spend"
    folder.mkdir(parents=True)
    for number in range(5):
        (folder / f"{number}.csv").write_text("a", encoding="utf-8")
    with pytest.raises(SourceError, match=r"raw/spend: more than 3 files .*raise files under \[bounds\]"):
        input_files(load_config(tmp_path / "cwb.toml"))


MEASURED = """
import re, sys, time
from pathlib import Path
from cwb.sources.check import check_files
from cwb.sources.report import RawFile
import cwb.sources.registry
cwb.sources.registry.sources()
for source, name in zip(sys.argv[1::2], sys.argv[2::2]):
    started = time.process_time()
    (report,) = check_files({source: [RawFile.of(Path(name))]})
    used = int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
    assert report.error, name
    print(f"{time.process_time() - started:.2f} {used // 1024}", flush=True)
"""


@pytest.mark.fault(
    "I23",
    "The worst of these files, each read as a build reads it",
    "Each is refused within 5 seconds of the processor's time and 1 GiB",
)
@pytest.mark.skipif(sys.platform != "linux", reason="memory is measured as Linux counts it")
def test_the_worst_are_refused_within_time_and_memory(tmp_path: Path) -> None:
    given: list[str] = []
    for source, name, content in (
        ("spend", "corner.xlsx", corner(SPEND)),
        ("spend", "line.csv", b"a," * 20_000_000),
        ("spend", "quote.csv", b'Supplier name,Payment date,Net amount\n"' + b"A,01/04/2025,5\n" * 3_000_000),
        ("notices", "lists.json", b"[" + b"[]," * 12_000_000 + b"[]]"),
        ("notices", "deep.json", b"[" * 1_000_000),
        ("companies", "bomb.zip", zipped("a.csv", b"a," * 60_000_000)),
    ):
        (tmp_path / name).write_bytes(content)
        given += [source, str(tmp_path / name)]
    ran = subprocess.run([sys.executable, "-c", MEASURED, *given], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr[-2000:]
    for line in ran.stdout.splitlines():
        seconds, megabytes = map(float, line.split())
        assert (seconds < 5, megabytes < 1024) == (True, True), ran.stdout


# --- broken files ------------------------------------------------------------------------------------------------

TOLD = {
    "cut.xlsx": "the workbook cannot be opened", "locked.xlsx": "locked with a password", "page.xlsx": "it is no workbook",
    "broken-list.xlsx": "the workbook cannot be opened", "broken-sheet.xlsx": "the workbook cannot be opened",
    "text.xls": "it is no workbook", "text.ods": "it is no workbook", "page.csv": "no row of headers",
    "parquet.csv": "", "picture.csv": "", "empty.csv": "holds no rows", "blank.csv": "holds no rows", "nothing.csv": "",
    "deep.json": "", "cut.zip": "", "paper.pdf": "files of type '.pdf' are not read",
}  # fmt: skip


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=pytest.mark.fault(f"I{number}", f"A ledger is {name}", "Refused by name, and another file is read"))
     for number, name in enumerate(TOLD, start=46)],
)  # fmt: skip
def test_a_broken_file_is_refused_and_nothing_else_lost(name: str, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.csv", tmp_path / name
    good.write_text(text_of(SPEND), encoding="utf-8")
    bad.write_bytes(BROKEN[name](SPEND))
    reports = check_files({"spend": [RawFile.of(bad), RawFile.of(good)]})
    assert (reports[0].kept, reports[1].kept) == (0, 5)
    assert name in str(reports[0].error)
    assert TOLD[name] in str(reports[0].error)


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=pytest.mark.fault(f"I{number}", f"A ledger is odd but whole: {name}", "All its rows are read"))
     for number, name in enumerate(ODD, start=70)],
)  # fmt: skip
def test_an_odd_file_is_read(name: str, tmp_path: Path) -> None:
    report = checked(tmp_path / name, ODD[name](SPEND))
    assert (report.error, report.kept, str(report.gbp_kept)) == (None, 5, "17.50")


@pytest.mark.fault("I76", "A ledger has headings and no rows", "The account says that it holds no rows")
def test_only_headings(tmp_path: Path) -> None:
    assert "it holds no rows" in checked(tmp_path / "a.csv", text_of(SPEND[:1]).encode()).notes


@pytest.mark.fault(
    "I77",
    "Every row of a ledger has a stray quotation mark",
    "All are mended, and the account counts them and does not list them",
)
def test_stray_marks_are_counted(tmp_path: Path) -> None:
    rows = "".join(f'Firm {n} "Ltd,01/04/2025,{n}.00,Works\n' for n in range(500))
    report = checked(tmp_path / "a.csv", f"{','.join(SPEND[0])}\n{rows}".encode())
    assert len(report.notes) < 10


@pytest.mark.fault(
    "I78",
    "JSON states a field twice, NaN, Infinity, 1e-400 or a number of 10,000 digits",
    "It costs that value, and is told",
)
def test_odd_json(tmp_path: Path) -> None:
    def release(number: int, amount: str) -> str:
        value = f'"value": {{"amount": {amount}, "currency": "GBP"}}'
        party = '"parties": [{"id": "s", "name": "Acme Ltd", "roles": ["supplier"]}]'
        award = f'{{"id": "a", "date": "2025-04-03", "suppliers": [{{"id": "s", "name": "Acme Ltd"}}], {value}}}'
        head = f'"ocid": "o{number}", "id": "{number}-2025", "date": "2025-04-03", "tag": ["award"], "buyer": {{"name": "B"}}'
        return f'{{{head}, {party}, "awards": [{award}], "awards": [{award}]}}'

    odd = ("NaN", "-Infinity", "1e-400", "1e400", "9" * 10_000, "1000")
    text = f'{{"releases": [{", ".join(release(n, amount) for n, amount in enumerate(odd))}]}}'
    report = checked(tmp_path / "a.json", text.encode(), "notices")
    assert (report.error, report.kept) == (None, 6)
    assert "6 objects state a field twice: the last counts" in report.notes
    (unread,) = report.unread
    assert (unread.column, unread.rows) == ("amount", 5)


@pytest.mark.fault(
    "I79", "An outline without a geometry, or a GeoJSON without features", "Refused with the district's code"
)
@pytest.mark.parametrize("name", ["null.geojson", "none.geojson"])
def test_an_outline_without_a_geometry(name: str, tmp_path: Path) -> None:
    content = (
        BROKEN["null.geojson"]([]) if name == "null.geojson" else b'{"type":"FeatureCollection","features":[]}'
    )
    report = checked(tmp_path / name, content, "boundaries")
    assert name in str(report.error)


@pytest.mark.fault(
    "I80",
    "Settings or a sidecar nest 5,000 deep, have a line or a number without end, are no UTF-8, or are a gigabyte",
    "Refused by name, within a second",
)
@pytest.mark.parametrize(
    "content",
    [b"a = " + b"[" * 5_000, b"a" + b".a" * 200_000 + b" = 1", b"a = " + b"9" * 10_000, b"a = '\xff\xfe'", b"\0\0\0", b"# " * 600_000],
    ids=["deep", "dotted", "number", "not-utf8", "nul", "large"],
)  # fmt: skip
def test_broken_toml(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "cwb.toml").write_bytes(content)
    (tmp_path / "a.csv.source.toml").write_bytes(content)
    with pytest.raises(ConfigError, match=r"cwb\.toml"):
        load_config(tmp_path / "cwb.toml")
    with pytest.raises(SourceError, match=r"a\.csv\.source\.toml"):
        read_sidecar(tmp_path / "a.csv")


@pytest.mark.fault(
    "I82",
    "Workbooks of both kinds with bytes changed at random",
    "Each is read or refused by name; none ends the process or writes on the screen",
)
def test_workbooks_with_changed_bytes(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    chance = random.Random(14)
    for name, content in (("a.xls", xls(SPEND)), ("a.xlsx", workbook(SPEND))):
        for _ in range(150):
            changed = bytearray(content)
            for _ in range(chance.choice([1, 2, 20])):
                changed[chance.randrange(len(changed))] = chance.choice([0, 255, chance.randrange(256)])
            (tmp_path / name).write_bytes(changed)
            refused = name  # one that is read is refused by nobody
            try:
                for sheet in sheets_of(tmp_path / name):
                    list(sheet.rows())
            except SourceError as error:
                refused = str(error)
            assert name in refused
    assert capfd.readouterr().err == ""


def test_every_bound_is_documented() -> None:
    page = (Path(__file__).parents[2] / "docs" / "bounds.md").read_text(encoding="utf-8")
    for name, field in Bounds.model_fields.items():
        assert f"| `{name}` | {field.default:,} | {field.description} |" in page

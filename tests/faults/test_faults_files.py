"""Files as councils have them: what a reader could take wrongly is read, or refused and told."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
import xlsxwriter
from broken_files import workbook

from cwb.base.errors import SourceError
from cwb.council.sections import FileMapping
from cwb.sources import spend, tabular
from cwb.sources.check import check_paths
from cwb.sources.misplaced import ABOVE, WIDE
from cwb.sources.report import FileReport, RawFile
from cwb.sources.tabular import open_grids
from cwb.sources.workbooks import _add_errors
from raw_files import read_table

HEAD = ["Supplier Name", "Payment Date", "Net Amount", "Transaction Number"]
ROWS = [
    ["Acme Ltd", "13/04/2025", "10.00", "T1"],
    ["Bolt CIC", "14/04/2025", "20.00", "T2"],
    ["Clay plc", "15/04/2025", "5.50", "T3"],
]
MAY = [[name, day.replace("/04/", "/05/"), *others] for name, day, *others in ROWS]
ORDERED = ["Payment Date", "Supplier Name", "Net Amount"]
Sheets = dict[str, list[list[str]]]


def dated(*texts: str) -> Sheets:
    return {"": [HEAD, *([f"Firm {n} Ltd", text, "10.00", f"T{n}"] for n, text in enumerate(texts))]}


def report_of(folder: Path, name: str, sheets: Sheets) -> FileReport:
    path = folder / "spend" / name
    path.parent.mkdir()
    if path.suffix == ".xlsx":
        with xlsxwriter.Workbook(str(path)) as book:
            for title, rows in sheets.items():
                sheet = book.add_worksheet(title or "Sheet1")
                for number, row in enumerate(rows):
                    sheet.write_row(number, 0, row)
    else:
        path.write_text("\n".join(",".join(row) for row in sheets[""]), encoding="utf-8")
    (report,) = check_paths([path.parent])
    assert report.reconciles()
    return report


def renumbered(rows: list[list[str]]) -> list[list[str]]:
    return [[*row[:-1], f"L{number}"] for number, row in enumerate(rows)]


@pytest.mark.parametrize(
    ("name", "sheets", "kept", "said"),
    [
        pytest.param("list.csv", dated("202504", "2025 April", "Apr-25", "P1 2025/26"), 4, "only the month",
                     marks=pytest.mark.fault("I88", "months are written in four ways", "each is the month, and it is told")),
        pytest.param("list.csv", dated("Q1 2025/26", "2025/26", "2025-26 M13"), 0, "cannot be read",
                     marks=pytest.mark.fault("I89", "quarters and years stand for dates", "each row is refused with its pounds")),
        pytest.param("list.csv", dated("04/05/2025", "04/06/2025", "04/07/2025"), None, "may be day first or month first",
                     marks=pytest.mark.fault("I90", "dates of one month, month first, that prove no order", "the file is refused whole, with the lines that say the order")),
        pytest.param("April 2025.csv", dated("04/05/2025", "04/06/2025", "04/07/2025"), 3, "the months that the name states",
                     marks=pytest.mark.fault("I91", "the same in a file named for its month", "they are read month first, and it is told")),
        pytest.param("May Gurney.csv", dated("05/06/2025", "05/07/2025"), None, "may be day first or month first",
                     marks=pytest.mark.fault("I92", "a firm's name that is a month's stands for the file's month", "it proves nothing")),
        pytest.param("year.xlsx", {"April": [HEAD, *ROWS], "All": [HEAD, *renumbered(ROWS)]}, 3, "count once",
                     marks=pytest.mark.fault("I93", "a sheet repeats another with other line numbers", "its rows count once")),
        pytest.param("year.xlsx", {"April": [HEAD, *ROWS, *(["", *row] for row in ROWS)]}, 6, "1 column to the right",
                     marks=pytest.mark.fault("I94", "rows stand one column beside their headings, with no blank row above", "they are read where all of them fit, and it is told")),
        pytest.param("list.csv", {"": [[*ORDERED, "DR/CR"], ["13/04/2025", "Acme Ltd", "100", "DR"], ["14/04/2025", "Acme Ltd", "100", "CR"]]}, None, 'columns = { "DR/CR" = "unused" }',
                     marks=pytest.mark.fault("I114", "a column tells debits from credits, and no amount has a sign", "the file is refused: which of them is a payment is not guessed, and the lines that add up all are told")),
        pytest.param("list.xlsx", {"": [[*ORDERED, "Debit/Credit Indicator"], ["13/04/2025", "Acme Ltd", "10", "S"], ["14/04/2025", "Acme Ltd", "10", "H"]]}, None, "'Debit/Credit Indicator' tells debits from credits",
                     marks=pytest.mark.fault("I115", "the same in the words of SAP", "the file is refused")),
        pytest.param("list.csv", {"": [[*ORDERED, "Debit or credit"], ["13/04/2025", "Acme Ltd", "100", "Debit"], ["14/04/2025", "Acme Ltd", "-100", "Credit"], ["15/04/2025", "Acme Ltd", "7", ""]]}, 3, "",
                     marks=pytest.mark.fault("I116", "the same where credits have a minus", "the amounts are read with their signs")),
        pytest.param("notes.txt", {"": [["The payments of April", " May and June 2025."], ["Over £250"]]}, None, "holds no rows of data",
                     marks=pytest.mark.fault("I95", "notes lie beside the data", "they are passed over and told")),
        pytest.param("fields.csv", {"": [["Field", "Meaning"], ["Supplier Name", "Who was paid"], ["Net Amount", "Without VAT"]]}, None, "holds no rows of data",
                     marks=pytest.mark.fault("I96", "a list of headings lies beside the data", "it is passed over and told")),
        pytest.param("list.csv", {"": [["Who", "When", "How much"], ["Acme", "13/04/2025", "10.00"]]}, None, "no row of headers",
                     marks=pytest.mark.fault("I97", "a file of payments has headings that nobody knows", "it is no note: it is refused and stops a build")),
        pytest.param("list.csv", {"": [HEAD, ['"Acme Ltd; Bolt CIC"', "13/04/2025", "10.00", "T1"]]}, 1, "to several suppliers at once",
                     marks=pytest.mark.fault("I98", "a payment names two suppliers", "it stays in totals as no supplier's, and is told")),
        pytest.param("list.csv", {"": [[f'"{heading}"'.replace(" ", "\n") for heading in HEAD], *ROWS]}, 3, "",
                     marks=pytest.mark.fault("I99", "every heading has a line break", "it is the same heading")),
        pytest.param("list.xlsx", {"": [["Spend over\r\n£250"], [heading.replace(" ", "\r\n") for heading in HEAD], *ROWS]}, 3, "",
                     marks=pytest.mark.fault("I100", "the same in a workbook, its title too", "they are the same headings")),
        pytest.param("list.csv", {"": [HEAD[:3], *(row[:3] for row in ROWS), HEAD, *renumbered(MAY)]}, 6, "another begins in row 5",
                     marks=pytest.mark.fault("I101", "two months are joined, and the later has one column more", "the rows of both are read, each by its own headings")),
        pytest.param("list.xlsx", {"": [HEAD[:3], *(row[:3] for row in ROWS), HEAD, *renumbered(MAY)]}, 6, "another begins in row 5",
                     marks=pytest.mark.fault("I102", "the same in a workbook", "the rows of both are read")),
        pytest.param("list.csv", {"": [["April"], *ROWS[:1], HEAD, *MAY]}, 3, "it stands above the headings",
                     marks=pytest.mark.fault("I103", "a payment stands above the headings", "it is no title: it is refused with its pounds")),
        pytest.param("list.csv", {"": [ORDERED, ["13/04/2025", "Acme Ltd", "1", "234.56"], ["14/04/2025", "Bolt CIC", "£12", "000.00", ""], ["15/04/2025", "Clay plc", "30.00"]]}, 1, "more cells than headings",
                     marks=pytest.mark.fault("I104", "amounts have a comma for their thousands and no quotation marks", "their rows are refused, and no pounds are read of them")),
        pytest.param("list.csv", {"": [["Payment Date", "Net Amount", "Supplier Name", ""], ["13/04/2025", "1", "234.56", "Acme Ltd"], ["14/04/2025", "1", "Bolt CIC", "a note"]]}, 1, "more cells than headings",
                     marks=pytest.mark.fault("I105", "the same where the last column has no heading", "a note there is no part of an amount: its row is kept")),
        pytest.param("list.csv", {"": [[*ORDERED, "Contract reference"], ["13/04/2025", "Acme Ltd", "1", "234.56", ""], ["14/04/2025", "Bolt CIC", "5.00", ""], ["15/04/2025", "Clay plc", "6.00", "", ""]]}, 2, "more cells than headings",
                     marks=pytest.mark.fault("I106", "the same where the last cell is blank, so that none stands right of the headings", "the row is refused; one that only ends in one comma more is kept")),
        pytest.param("list.xlsx", {"": [ORDERED, ["13/04/2025", "Acme Ltd", "1.00", "234"], ["14/04/2025", "Bolt CIC", "5.00", "", "see May"]]}, 2, "",
                     marks=pytest.mark.fault("I107", "notes stand beside the table of a workbook", "the rows are kept: no comma parts its cells")),
    ],
)  # fmt: skip
def test_a_file_is_read_as_it_is_meant_or_told(
    name: str, sheets: Sheets, kept: int | None, said: str, tmp_path: Path
) -> None:
    report = report_of(tmp_path, name, sheets)
    told = " ".join((*report.notes, *(refusal.reason for refusal in report.refusals), report.error or ""))
    assert said in told
    assert (report.error is None, report.kept) == (kept is not None, kept or 0)
    assert report.is_skipped == ("holds no rows" in said)
    assert kept != 0 or report.gbp_refused == Decimal("30.00")
    assert "more cells" not in said or report.gbp_refused == 0


def test_what_duckdb_gives_up_on_is_a_fault_of_its_file(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("Supplier Name,Net Amount\nAcme Ltd,5\n", encoding="utf-8")
    with pytest.raises(SourceError, match=r"list\.csv: its rows cannot be read \(odd\)\. Open it"):  # noqa: SIM117 - the inner one is tested
        with open_grids(path, tmp_path / "scratch"):
            raise duckdb.InvalidInputException("odd\nand more")


@pytest.mark.parametrize("direct_bytes", [0, tabular.DIRECT_BYTES])
def test_a_later_table_whose_columns_changed_places_is_read(
    direct_bytes: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A large file too, which DuckDB reads itself: a heading among its dates tells that it must not."""
    for module in (tabular, spend):
        monkeypatch.setattr(module, "DIRECT_BYTES", direct_bytes)
    changed = [[row[1], row[0], row[3], row[2]] for row in (HEAD, *MAY)]
    report = report_of(tmp_path, "list.csv", {"": [HEAD, *ROWS, *changed]})
    assert (report.kept, report.gbp_kept, report.refused) == (6, Decimal("71.00"), 0)


def test_a_row_above_the_headings_of_a_small_table_is_refused(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    head = "Contract title,Supplier name,Start date,End date,Contract value"
    rows = [f"Roads {n},Acme Ltd,01/04/2024,31/03/2027,50" for n in range(3)]
    path = sheet_of(tmp_path / "list.csv", [rows[0], head, rows[1], f"Contract reference,{head}", f"C2,{rows[2]}"])
    table, report = read_table(con, "contracts", path, tmp_path / "scratch")
    assert table["title"].tolist() == ["Roads 1", "Roads 2"]
    assert [(one.row, one.reason, one.gbp) for one in report.refusals] == [(1, ABOVE, Decimal("50.00"))]
    assert (report.rows, report.other_rows, report.reconciles()) == (3, 0, True)


WIDE_ROWS = {
    "contracts": ["Contract title,Supplier name,Start date,End date,Contract value", "Roads,Acme Ltd,01/04/2024,31/03/2027,1,234"],
    "mutuals": ["Society Number,Full Registration Number,Society Name,Society Address,Registered As,Registration Date,Society Status",
                "1,1R,Acme, Bolt Society,1 High Street SG1 1AA,Society,01/04/2024,Registered"],
}  # fmt: skip


@pytest.mark.parametrize("source", WIDE_ROWS)
def test_a_row_wider_than_the_headings_is_refused_in_every_source(source: str, tmp_path: Path) -> None:
    path = tmp_path / source / "list.csv"
    path.parent.mkdir()
    (report,) = check_paths([sheet_of(path, WIDE_ROWS[source])])
    assert (report.source, report.error, report.kept) == (source, None, 0)
    ((row, reason, gbp, value),) = [(one.row, one.reason, one.gbp, one.value) for one in report.refusals]
    cells, headings = (line.count(",") + 1 for line in reversed(WIDE_ROWS[source]))
    assert (row, reason, gbp, value) == (2, WIDE, Decimal("0.00"), f"{cells} cells, {headings} headings")
    assert report.reconciles()


def test_a_later_heading_of_one_column_more_tells_what_stands_there(tmp_path: Path) -> None:
    report = report_of(
        tmp_path, "list.csv", {"": [HEAD, *ROWS, [*HEAD, "Our code"], *([*row, "X"] for row in MAY)]}
    )
    assert (report.kept, report.refused) == (6, 0)


def sheet_of(path: Path, lines: list[str]) -> Path:
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        pytest.param("spend/list.csv", workbook([HEAD, *ROWS]), "it is a workbook, or another archive, under the name of a table",
                     marks=pytest.mark.fault("I108", "a workbook is called .csv", "it is refused, and no note that may be passed over")),
        pytest.param("spend/list.csv", b"\xd0\xcf\x11\xe0 a workbook of three rows", "under the name of a table. Give it its own ending",
                     marks=pytest.mark.fault("I109", "an old workbook is called .csv", "it is refused")),
        pytest.param("spend/list.csv", b"%PDF-1.7 of three rows", "it is a PDF",
                     marks=pytest.mark.fault("I110", "a PDF is called .csv", "it is refused")),
        pytest.param("pass_through/list.csv", b"Payee,Decision\nAlpha Ltd,pass-through\n", "missing kind",
                     marks=pytest.mark.fault("I111", "a form of decisions lacks most of its headings", "it is no note: it holds a decision, and is refused")),
        pytest.param("spend/list.csv", b"Supplier Name,Purpose\nAlpha Ltd,Repairs\n", "missing payment_date",
                     marks=pytest.mark.fault("I112", "a file of payments has neither their dates nor their amounts", "its headings say that it is no note: it is refused")),
    ],
)  # fmt: skip
def test_what_may_hold_rows_is_never_passed_over(name: str, content: bytes, said: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.parent.mkdir()
    path.write_bytes(content)
    (report,) = check_paths([path.parent])
    assert said in (report.error or "")
    assert not report.is_skipped


@pytest.mark.fault(
    "I113",
    "cells of a workbook hold an error in place of a name, a day, an amount and a department",
    "each error is told as it stands, and is no value",
)
def test_an_error_of_a_spreadsheet_is_told_as_it_stands(tmp_path: Path) -> None:
    path = tmp_path / "spend" / "list.xlsx"
    path.parent.mkdir()
    head, errors = [*HEAD[:3], "Department"], ("#REF!", "#VALUE!", "#N/A", "#NAME?")
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate([head, *([*row[:3], "Parks"] for row in (*ROWS, *MAY[:1]))]):
            sheet.write_row(number, 0, row)
        for at, error in enumerate(errors):
            sheet.write_formula(at + 1, at, "=NA()", None, error)
    (report,) = check_paths([path])
    assert report.reconciles()
    assert [(one.row, one.reason, one.value) for one in report.refusals] == [
        (3, "payment date cannot be read", "#VALUE!"),
        (4, "amount cannot be read", "#N/A"),
    ]
    assert [(one.column, one.row, one.examples) for one in report.unread] == [
        ("supplier_name", 2, ("#REF!",)),
        ("department", 5, ("#NAME?",)),
    ]
    assert (report.kept, report.unknown_supplier_rows) == (2, 1)


def test_an_error_is_no_text_of_a_large_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (tabular, spend):
        monkeypatch.setattr(module, "DIRECT_BYTES", 0)
    rows = [["Acme Ltd", "13/04/2025", "1.00", "#REF!"], ["#N/A", "14/04/2025", "2.00", "#1 High Street"]]
    report = report_of(tmp_path, "list.csv", {"": [[*HEAD[:3], "Department"], *rows]})
    assert (report.kept, report.unknown_supplier_rows) == (2, 1)
    assert {one.column: one.examples for one in report.unread} == {
        "department": ("#REF!",),
        "supplier_name": ("#N/A",),
    }


def test_an_error_is_no_text_of_a_small_table(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    head = "Contract title,Supplier name,Start date,End date,Contract value,Department"
    rows = ["Roads,#REF!,01/04/2024,31/03/2027,50,Parks", "Bins,Acme Ltd,01/04/2024,31/03/2027,50,#N/A"]
    table, report = read_table(
        con, "contracts", sheet_of(tmp_path / "list.csv", [head, *rows]), tmp_path / "scratch"
    )
    assert table["department"].tolist() == [None]
    assert [(one.row, one.value) for one in report.refusals] == [(2, "#REF!")]
    assert [(one.column, one.examples) for one in report.unread] == [("department", ("#N/A",))]


def test_an_error_that_is_cut_by_a_piece_of_xml_is_read() -> None:
    """The reader of XML takes pieces that end before a tag: the cell may stand in one, and its error in the next."""
    errors: dict[int, dict[int, str]] = {}
    cell = _add_errors(errors, b'<row r="2"><c r="AB2" t="e"><f>NA()</f>', b"")
    assert _add_errors(errors, b"<v>#N/A</v></c>", cell) == b""
    assert errors == {2: {27: "#N/A"}}


def test_debits_and_credits_are_added_up_where_the_settings_say_so(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = ["13/04/2025,Acme Ltd,100,DR", "14/04/2025,Acme Ltd,100,CR"]
    file = RawFile.of(sheet_of(tmp_path / "list.csv", [",".join((*ORDERED, "DR/CR")), *rows]))
    mapped = replace(file, mapping=FileMapping(files=("list.csv",), columns={"DR/CR": "unused"}))
    for direct_bytes in (0, tabular.DIRECT_BYTES):
        for module in (tabular, spend):
            monkeypatch.setattr(module, "DIRECT_BYTES", direct_bytes)
        told, read = (
            spend.read_spend(con, one, tmp_path / "out.parquet", tmp_path / "scratch") for one in (file, mapped)
        )
        assert "tells debits from credits" in (told.error or "")
        assert (read.error, read.gbp_kept) == (None, Decimal("200.00"))

"""Spending files as they are published: layouts, faults named by file, row and rule, and totals that reconcile."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pandas as pd
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cwb.sources import tabular
from cwb.sources.check import check_paths
from cwb.sources.database import connect
from cwb.sources.duplicates import find_duplicates
from cwb.sources.registry import recognise
from cwb.sources.report import FileReport, RawFile
from cwb.sources.source import Job
from cwb.sources.spend import read_files, read_spend
from cwb.sources.spend_sql import lines_of

HEADER = "Directorate,Supplier Name,Payment Date,Transaction No,Net Amount"
ROWS = "Place,Acme Ltd,04/04/2023,1001,100.00\nPeople,Bolt CIC,05/04/2023,1002,-25.50\n"


def read(con: duckdb.DuckDBPyConnection, path: Path) -> tuple[FileReport, pd.DataFrame]:
    target = path.parent / "out.parquet"
    report = read_spend(con, RawFile.of(path), target, path.parent / "scratch")
    rows = con.sql(f"SELECT * FROM {lines_of([target])}").df() if target.is_file() else pd.DataFrame()
    for column in ("payment_date",):
        if column in rows:
            rows[column] = pd.to_datetime(rows[column]).dt.date
    return report, rows


def write(folder: Path, data: str | bytes, name: str = "spend.csv") -> Path:
    path = folder / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


LAYOUTS = {
    "utf-8": f"{HEADER}\n{ROWS}".encode(),
    "one BOM": b"\xef\xbb\xbf" + f"{HEADER}\n{ROWS}".encode(),
    "two BOMs": "\ufeff".encode().decode("cp1252").encode() + f"{HEADER}\n{ROWS}".encode(),
    "cp1252 with £": f"{HEADER}(£)\n{ROWS}".encode("cp1252"),
    "cp437 with £": f"{HEADER}(£)\n{ROWS}".encode("cp437"),
    "utf-16": f"{HEADER}\n{ROWS}".encode("utf-16"),
    "utf-16-le without BOM": f"{HEADER}\n{ROWS}".encode("utf-16-le"),
    "utf-16-be without BOM": f"{HEADER}\n{ROWS}".encode("utf-16-be"),
    "bare CR": f"{HEADER}\n{ROWS}".replace("\n", "\r").encode(),
    "CRLF": f"{HEADER}\n{ROWS}".replace("\n", "\r\n").encode(),
    "title rows above": f"Payments April 2023\n\n{HEADER}\n{ROWS}".encode(),
    "blank rows between": f"{HEADER}\n\n{ROWS}\n,,,,\n".encode(),
    "spacer columns": f"{HEADER},,,\n{ROWS}".replace("\n", ",,\n").encode(),
    "semicolons": f"{HEADER}\n{ROWS}".replace(",", ";").encode(),
    "tabs": f"{HEADER}\n{ROWS}".replace(",", "\t").encode(),
    "header repeated below": f"{HEADER}\n{ROWS.splitlines()[0]}\n{HEADER}\n{ROWS.splitlines()[1]}\n".encode(),
    "a first header of +": f"{HEADER.replace('Directorate', '+')}\n{ROWS}".encode(),
    "asterisks": f"{HEADER}\n{ROWS}".replace("Supplier Name", "* SUPPLIER FINAL").encode(),
    "colon after name": f"{HEADER}\n{ROWS}".replace("Supplier Name", "Name:  ").encode(),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_gives_the_same_two_lines(
    layout: str, tmp_path: Path, con: duckdb.DuckDBPyConnection
) -> None:
    report, rows = read(con, write(tmp_path, LAYOUTS[layout]))
    assert report.error is None
    assert (report.rows, report.kept, report.refused) == (2, 2, 0)
    assert report.gbp_kept == Decimal("74.50")
    assert list(rows["supplier_name"]) == ["Acme Ltd", "Bolt CIC"]
    assert list(rows["payment_date"]) == [date(2023, 4, 4), date(2023, 4, 5)]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_marks_of_utf_16_without_a_byte_order_mark_are_read_in_large_files_too(
    encoding: str, tmp_path: Path, con: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = f"{HEADER}\nPlace,O’Neil – Sons Ltd,04/04/2023,1,1.00\n"
    for direct_bytes in (tabular.DIRECT_BYTES, 0):
        monkeypatch.setattr(tabular, "DIRECT_BYTES", direct_bytes)
        report, rows = read(con, write(tmp_path, text.encode(encoding)))
        assert list(rows["supplier_name"]) == ["O’Neil – Sons Ltd"]
        assert (report.notes, report.encoding) == ((), encoding)


def test_row_numbers_are_those_of_a_spreadsheet(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    text = f'Title\n\n{HEADER}\nPlace,"Acme\nLtd",04/04/2023,1,1.00\n\nPlace,Bolt,TBC,2,2.00\n'
    report, rows = read(con, write(tmp_path, text))
    # 1 title, 2 blank, 3 header, 4 a cell of two lines, 5 blank, 6 the row without a date.
    assert list(rows["source_row"]) == [4, 6]
    assert report.refusals[0].row == 6


@pytest.mark.parametrize(
    ("row", "reason", "column", "value"),
    [
        ("Place,Acme,TBC,1,5.00", "payment date cannot be read", "payment_date", "TBC"),
        ("Place,Acme,31/02/2023,1,5.00", "payment date cannot be read", "payment_date", "31/02/2023"),
        ("Place,Acme,,1,5.00", "no payment date", "payment_date", None),
        ("Place,Acme,04/04/2023,1,abc", "amount cannot be read", "net", "abc"),
        ("Place,Acme,04/04/2023,1,", "no amount", "net", None),
        ("Total,,,,105.00", "total row", None, None),
        (",,,,100.00", "total row", None, None),
        (",,,,105.00", "neither supplier nor date", None, None),
        ("a note,,,,", "neither supplier, date nor amount", "payment_date", None),
    ],
)
def test_a_refused_row_is_named_with_its_rule(
    row: str, reason: str, column: str | None, value: str | None, tmp_path: Path, con: duckdb.DuckDBPyConnection
) -> None:
    report, _ = read(con, write(tmp_path, f"{HEADER}\nPlace,Acme,03/04/2023,0,100.00\n{row}\n"))
    refusal = report.refusals[0]
    assert (refusal.row, refusal.reason) == (3, reason)
    if value:
        assert (refusal.column, refusal.value) == (column, value)
    assert refusal.remedy
    assert report.reconciles()


def test_all_faults_are_told_at_once(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    bad = "\n".join(
        ["Place,A,TBC,1,5.00", "Place,B,04/04/2023,2,x", "Place,C,,3,1.00", "Place,D,04/04/2023,4,1.00"]
    )
    report, _ = read(con, write(tmp_path, f"{HEADER}\n{bad}\n"))
    assert [r.row for r in report.refusals] == [2, 3, 4]
    assert report.kept == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a,b,c\n1,2,3\n", "no row of headers for spend"),
        ("Supplier Name,Net Amount\nAcme,1.00\n", "missing payment_date"),
        ("", "holds no rows"),
        (
            "Contract Title,Supplier Company Name,Start Date,End Date,Total Contract Value\nRoads,Acme,1/1/22,1/1/23,5\n",
            "this is not a file of spend: its columns are those of contracts",
        ),
    ],
)
def test_a_file_that_is_not_spend_is_refused_as_such(
    text: str, expected: str, tmp_path: Path, con: duckdb.DuckDBPyConnection
) -> None:
    report, rows = read(con, write(tmp_path, text))
    assert expected in (report.error or "")
    assert "spend.csv" in (report.error or "")
    assert rows.empty


@pytest.mark.parametrize("strays", [[], [5], [5, 15], [20], [5, 6], [3, 9, 14]])
def test_a_stray_quotation_mark_swallows_no_row(
    strays: list[int], tmp_path: Path, con: duckdb.DuckDBPyConnection
) -> None:
    rows = [
        f'Place,{chr(34) if n in strays else ""}Firm {n} Ltd,04/04/2023,{n},"{n},000.00"' for n in range(1, 21)
    ]
    report, frame = read(con, write(tmp_path, HEADER + "\n" + "\n".join(rows) + "\n"))
    assert (report.rows, report.kept, report.gbp_kept) == (20, 20, Decimal(210_000))
    assert list(frame["supplier_name"]) == [f"Firm {n} Ltd" for n in range(1, 21)]
    assert list(frame["source_row"]) == list(range(2, 22))
    assert any("stray quotation mark" in note for note in report.notes) is bool(strays)


def test_rows_that_run_together_and_cannot_be_told_apart_refuse_the_file(
    tmp_path: Path, con: duckdb.DuckDBPyConnection
) -> None:
    rows = [f"Place,Firm {n} Ltd,04/04/2023,{n},{n}.00" for n in range(1, 21)]
    rows[4], rows[8] = (
        'Place,"Firm 5 Ltd,04/04/2023,5,5.00,a stray cell',
        "Place,Firm 9 Ltd,04/04/2023,9,9.00,another",
    )
    report, _ = read(con, write(tmp_path, HEADER + "\n" + "\n".join(rows) + "\n"))
    assert "row 6: a quotation mark is opened and not closed" in (report.error or "")


def test_semicolons_around_cells_full_of_commas(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    text = 'Date;Supplier;Net Amount\n04/04/2023;"A, B, C, D, E, F Ltd";"1,000.00"\n05/04/2023;"G, H, I Ltd";"2,000.00"\n'
    report, _ = read(con, write(tmp_path, text))
    assert report.gbp_kept == Decimal(3000)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (",,,T77,500.00", "neither supplier nor date"),
        ("Place,Total Gas & Power Ltd,31/02/2023,8,500.00", "payment date cannot be read"),
        ("Place,Total Gas & Power Ltd,,,500.00", "no payment date"),
        ("Place,Acme,01/04/2203,8,5.00", "payment date cannot be read"),
        ("Place,Acme,04/04/2023,8,99999999999999999999", "amount cannot be read"),
    ],
)
def test_a_payment_is_not_taken_for_a_total(
    row: str, reason: str, tmp_path: Path, con: duckdb.DuckDBPyConnection
) -> None:
    report, _ = read(con, write(tmp_path, f"{HEADER}\n{row}\n{ROWS}"))
    assert (report.error, report.refused_by_reason(), report.kept) == (None, {reason: 1}, 2)


PLAIN = "Payment Date,Supplier Name,Amount"
TOTALS = {"total row": Decimal(350)}


@pytest.mark.parametrize(
    ("rows", "refused", "kept"),
    [
        # A total may have a date, and a name of more words than "total".
        (["13/04/2025,A Ltd,100", "14/04/2025,B Ltd,250", "30/04/2025,TOTAL,350"], TOTALS, 350),
        (["13/04/2025,A Ltd,100", "14/04/2025,B Ltd,250", "30/04/2025,Grand Total,350"], TOTALS, 350),
        (["13/04/2025,A Ltd,100", "14/04/2025,B Ltd,250", "30/04/2025,April 2025 Total:,350"], TOTALS, 350),
        (["13/04/2025,A Ltd,100", "14/04/2025,B Ltd,250", "30/04/2025,Housing total,350"], TOTALS, 350),
        (["13/04/2025,A Ltd,100", "14/04/2025,B Ltd,250", "Total,,350"], TOTALS, 350),
        (["13/04/2025,A Ltd,100", "14/04/2025,B Ltd,250", ",Total for April,350"], TOTALS, 350),
        # What is refused above it may be part of it.
        (["13/04/2025,A Ltd,100", "TBC,B Ltd,250", ",,350"], {"payment date cannot be read": Decimal(250), **TOTALS}, 100),
        # Of the rows since the last total, and of all.
        (
            ["13/04/2025,A Ltd,100", ",,100", "14/04/2025,B Ltd,20", "15/04/2025,C Ltd,30", ",,50", ",,150"],
            {"total row": Decimal(300)}, 150,
        ),
        # Named a total, and none by its sum.
        (
            ["13/04/2025,A Ltd,100", "30/04/2025,TOTAL,45.20"],
            {"named a total, but not the sum of the rows above": Decimal("45.20")}, 100,
        ),
        # Of what is kept, and not of a row above that is refused.
        (
            ["13/04/2025,A Ltd,100", "TBC,B Ltd,40", ",,100"],
            {"payment date cannot be read": Decimal(40), "total row": Decimal(100)}, 100,
        ),
        # Suppliers.
        (["13/04/2025,A Ltd,100", "14/04/2025,Total Gas & Power,100"], {}, 200),
        (["13/04/2025,A Ltd,100", ",Total Gas & Power,200.50"], {"no payment date": Decimal("200.50")}, 100),
        # A date and a supplier merged over three amounts.
        (
            ["13/04/2025,A Ltd,100", ",,200", ",,50", "14/04/2025,B Ltd,5"],
            {"neither supplier nor date": Decimal(250)}, 105,
        ),
        # Their sum is a total still.
        (
            ["13/04/2025,A Ltd,100", ",,200", ",,50", "14/04/2025,B Ltd,5", ",,355"],
            {"neither supplier nor date": Decimal(250), "total row": Decimal(355)}, 105,
        ),
    ],
)  # fmt: skip
def test_a_total_is_told_by_its_words_and_its_sum(
    rows: list[str], refused: dict[str, Decimal], kept: int, tmp_path: Path, con: duckdb.DuckDBPyConnection
) -> None:
    report, _ = read(con, write(tmp_path, "\n".join([PLAIN, *rows]) + "\n"))
    found: dict[str, Decimal] = {}
    for one in report.refusals:
        found[one.reason] = found.get(one.reason, Decimal(0)) + one.gbp
    assert (report.error, report.gbp_kept, found, report.reconciles()) == (None, kept, refused, True)
    assert all(one.remedy for one in report.refusals)


def test_a_payment_that_may_be_a_total_is_told(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    rows = ["13/04/2025,A Ltd,100", "14/04/2025,B Ltd,250", "30/04/2025,Housing total,340"]
    report, _ = read(con, write(tmp_path, "\n".join([PLAIN, *rows]) + "\n"))
    assert (report.kept, report.gbp_kept) == (3, Decimal(690))
    assert report.notes[-1] == (
        "1 row (£340.00) to a supplier whose name ends in total, and not the sum of the rows above: kept as payments (first: row 4)"
    )


def test_a_withheld_name_cannot_come_back_by_its_id(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    text = (
        "Supplier ID,Supplier Name,Payment Date,Net Amount,Company number,Charity number\n"
        "V9,REDACTED,04/04/2023,1.00,01234567,1089464\nV8,Acme,04/04/2023,1.00,01234568,1089465\n"
    )
    _, rows = read(con, write(tmp_path, text))
    told = rows[["supplier_id", "supplier_name", "company_number", "charity_number"]]
    assert told.iloc[0].isna().all()
    assert list(told.iloc[1]) == ["V8", "Acme", "01234568", "1089465"]


def test_a_sheet_of_payments_without_its_headers_refuses_the_workbook(
    tmp_path: Path, con: duckdb.DuckDBPyConnection
) -> None:
    path = tmp_path / "year.xlsx"
    book = xlsxwriter.Workbook(str(path))
    for name, header in (
        ("April", ["Date", "Supplier", "Net"]),
        ("May", ["Paid", "Supplier Name", "Nett", "Note"]),
    ):
        sheet = book.add_worksheet(name)
        sheet.write_row(0, 0, header)
        sheet.write_row(1, 0, ["04/04/2023", "Acme", 12.5, "more"][: len(header)])
    notes = book.add_worksheet("Notes")
    notes.write_row(0, 0, ["Prepared by Finance"])
    book.close()
    report, _ = read(con, path)
    assert "sheet 'May'" in (report.error or "")
    assert report.rows == 0


def test_a_ledger_with_postcodes_is_still_a_ledger(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    text = "Supplier ID,Supplier Name,Postcode,Payment Date,Net Amount\nV1,Acme,SG1 1AA,04/04/2023,1.00\n"
    report, _ = read(con, write(tmp_path, text))
    assert (report.error, report.kept) == (None, 1)


def test_a_gross_amount_in_a_net_file_is_told(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    text = "Supplier,Date,Net,Gross,VAT\nAcme,04/04/2023,100.00,120.00,20.00\nBolt,04/04/2023,,120.00,\n"
    report, rows = read(con, write(tmp_path, text))
    assert list(rows["vat_basis"]) == ["net", "gross"]
    assert report.vat_basis == "gross, net"


def test_net_gross_and_irrecoverable_vat_are_kept_apart(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    text = "Supplier,Date,Gross,VAT,Irrecoverable VAT\nAcme,04/04/2023,120.00,20.00,5.00\n"
    report, rows = read(con, write(tmp_path, text))
    line = rows.iloc[0]
    assert report.vat_basis == "net"
    assert (line["amount_gbp"], line["gross_gbp"], line["vat_gbp"]) == (Decimal(100), Decimal(120), Decimal(20))
    # Already inside the net amount under the Code: told, and never added.
    assert line["irrecoverable_vat_gbp"] == Decimal(5)


@pytest.mark.parametrize(
    ("heading", "basis"),
    [("Net Amount", "net"), ("Gross", "gross"), ("Amount", "not stated"), ("Total Invoice Amount", "gross")],
)
def test_the_vat_basis_is_what_the_heading_says(
    heading: str, basis: str, tmp_path: Path, con: duckdb.DuckDBPyConnection
) -> None:
    report, rows = read(con, write(tmp_path, f"Supplier,Date,{heading}\nAcme,04/04/2023,120.00\n"))
    assert report.vat_basis == basis
    assert set(rows["vat_basis"]) == {basis}


def test_redactions_stay_in_totals_without_a_name(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    text = f"{HEADER}\nPlace,REDCATED,04/04/2023,1,40.00\nPlace,Redactive Publishing Ltd,04/04/2023,2,60.00\n"
    report, rows = read(con, write(tmp_path, text))
    assert report.gbp_kept == Decimal(100)
    assert list(rows["supplier_name"].isna()) == [True, False]
    assert report.unknown_supplier_rows == 1
    assert "1 row with the supplier's name withheld stays in totals" in report.notes


def test_a_number_after_the_name_is_the_company_s(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    _, rows = read(con, write(tmp_path, f"{HEADER}\nPlace,Acme Ltd: 1234567,04/04/2023,1,1.00\n"))
    assert (rows.loc[0, "supplier_name"], rows.loc[0, "company_number"]) == ("Acme Ltd", "01234567")


def test_coded_columns_give_way_to_their_texts(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    text = "Payment date,Supplier Name,Supplier Name(T),Net Amount\n2022-01-05,214921,BC SOFTWEAR LTD,560.00\n"
    _, rows = read(con, write(tmp_path, text))
    assert (rows.loc[0, "supplier_name"], rows.loc[0, "supplier_id"]) == ("BC SOFTWEAR LTD", "214921")


def test_swapped_code_and_department_are_put_right(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    head = "Service / Division Code,Dept. where expenditure incurred,Supplier,Date,Net Amount"
    straight = f"{head}\n100 A1,Highways,Acme,04/04/2023,1.00\n"
    swapped = f"{head}\nHighways,100 A1,Acme,04/04/2023,1.00\n"
    for text in (straight, swapped):
        _, rows = read(con, write(tmp_path, text))
        assert (rows.loc[0, "department"], rows.loc[0, "service"]) == ("Highways", "100 A1")


def test_a_stated_total_is_compared_with_the_rows(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    good, _ = read(con, write(tmp_path, f"{HEADER}\n{ROWS}Total,,,,74.50\n"))
    assert any("agrees with its rows" in note for note in good.notes)
    bad, _ = read(con, write(tmp_path, f"{HEADER}\n{ROWS}Total,,,,80.00\n"))
    assert any("differs from the £74.50" in note for note in bad.notes)


def test_a_file_without_header_borrows_its_neighbour_s(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    first = write(tmp_path, ROWS.replace("/04/", "/03/"), "2023-03.csv")  # no header, and first in order
    second = write(tmp_path, f"{HEADER}\n{ROWS}", "2023-04.csv")
    files = [RawFile.of(path) for path in (first, second)]
    reports = read_files(Job(con, tmp_path, tmp_path / "scratch"), files, tmp_path)
    assert [r.error for r in reports] == [None, None]
    assert [r.kept for r in reports] == [2, 2]
    assert "no header row" in reports[0].notes[0]


@pytest.mark.parametrize("headings", ["Where,Paid to,Sent,Doc,Spent", "Where,Supplier Name,Sent,Doc,Spent"])
def test_a_file_with_headings_of_its_own_borrows_none(
    headings: str, tmp_path: Path, con: duckdb.DuckDBPyConnection
) -> None:
    rows = "".join(f"Place,Firm {n} Ltd,{n}/05/2023,{n},{n}.25\n" for n in range(1, 20))
    known = write(tmp_path, f"{HEADER}\n{ROWS}", "2023-04.csv")
    unknown = write(tmp_path, f"Payments of May\n\n{headings}\n{rows}", "2023-05.csv")
    files = [RawFile.of(path) for path in (known, unknown)]
    first, second = read_files(Job(con, tmp_path, tmp_path / "scratch"), files, tmp_path)
    assert (first.kept, second.rows) == (2, 0)
    assert "missing payment_date" in (second.error or "")


def test_a_workbook_of_months(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    path = tmp_path / "year.xlsx"
    book = xlsxwriter.Workbook(str(path))
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    for number, name in enumerate(("Apr 23", "May 23")):
        sheet = book.add_worksheet(name)
        sheet.write_row(number, 0, ["Expenditure Category", "Date", "TOTAL", "SUPPLIER FINAL", ""])
        sheet.write(number + 1, 0, "Fuel")
        sheet.write_datetime(number + 1, 1, pd.Timestamp(2023, 4 + number, 3), day)
        sheet.write_row(number + 1, 2, [10.5, "Acme"])
        sheet.write_row(number + 2, 0, ["Fuel", 45044, 2.25, "Bolt"])  # a serial without a date format
    book.close()
    report, rows = read(con, path)
    assert (report.kept, report.gbp_kept) == (4, Decimal("25.50"))
    assert list(rows["source_sheet"]) == ["Apr 23", "Apr 23", "May 23", "May 23"]
    assert list(rows["source_row"]) == [2, 3, 3, 4]
    assert rows.loc[1, "payment_date"] == date(2023, 4, 28)


def test_the_fast_way_and_the_forgiving_way_agree(
    tmp_path: Path, con: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [
        f'Dept {n % 7},"Supplier, {n % 50} & Co",{1 + n % 28:02d}/0{1 + n % 9}/2023,{n},"{n * 1.37:,.2f}"'
        for n in range(3_000)
    ]
    rows[100] = "Dept 1,Bad,TBC,1,5.00"
    path = write(tmp_path, HEADER + "\n" + "\n".join(rows) + "\n")
    slow_report, slow = read(con, path)
    monkeypatch.setattr(tabular, "DIRECT_BYTES", 0)
    fast_report, fast = read(con, path)
    pd.testing.assert_frame_equal(slow, fast)
    assert slow_report.as_dict() == fast_report.as_dict()


def test_an_untidy_large_file_falls_back_to_the_forgiving_way(
    tmp_path: Path, con: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tabular, "DIRECT_BYTES", 0)
    monkeypatch.setattr("cwb.sources.spend.DIRECT_BYTES", 0)
    tidy = "".join(f"Place,Acme,04/04/2023,{n},1.00\n" for n in range(400))
    report, _ = read(con, write(tmp_path, f"{HEADER}\n{tidy}Place,Acme,04/04/2023,9,1.00,stray,cells\n"))
    # The forgiving way numbers the rows, and refuses the one of which the headings do not tell what it holds.
    assert (report.rows, report.kept, [refusal.row for refusal in report.refusals]) == (401, 400, [402])


# --- the same month delivered twice -------------------------------------------------------------------------


# --- what a workbook hides ------------------------------------------------------------------------------------------


def workbook(path: Path, sheets: dict[str, list[list[object]]], hidden: str = "", **hide: list[int]) -> Path:
    """A workbook whose sheet `hidden` is hidden, and of whose other sheets the given `rows` and `columns` are."""
    book = xlsxwriter.Workbook(str(path))
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
        if name == hidden:
            sheet.hide()
            continue
        for number in hide.get("rows", []):
            sheet.set_row(number, None, None, {"hidden": True})
        for number in hide.get("columns", []):
            sheet.set_column(number, number, None, None, {"hidden": True})
    book.close()
    return path


HEADINGS: list[object] = ["Supplier Name", "Payment Date", "Net Amount", "Transaction No"]
JUNE: list[list[object]] = [
    HEADINGS,
    ["Quarry Lane Paving Ltd", "03/06/2025", 400, "P1"],
    ["REDACTED", "13/06/2025", 60, "P2"],
    ["Millrace Print Ltd", "20/06/2025", 7, "P3"],
]


def test_a_hidden_sheet_is_left_out_and_told(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    full = [HEADINGS, ["Ada Lovell", "13/06/2025", 60, "P2"], ["Quarry Lane Paving Ltd", "03/06/2025", 400, "P1"]]
    cover: list[list[object]] = [["Payments of June 2025"]]
    path = workbook(tmp_path / "june.xlsx", {"Cover": cover, "June": JUNE, "Names": full}, hidden="Names")
    report, rows = read(con, path)
    # 400 + 60 + 7; with the hidden sheet it would be 927, and the withheld name be known.
    assert (report.kept, report.gbp_kept) == (3, Decimal(467))
    assert "Ada Lovell" not in set(rows["supplier_name"])
    assert any(note.startswith("the hidden sheet 'Names' (3 rows) is left out") for note in report.notes)


def test_hidden_rows_and_columns_are_left_out_and_told(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    names = [[*row, name] for row, name in zip(JUNE, ["Vendor Name", "", "Ada Lovell", ""], strict=True)]
    path = workbook(tmp_path / "june.xlsx", {"June": names}, rows=[1, 9], columns=[4])
    report, rows = read(con, path)
    # Row 2 with its £400 is hidden, row 10 is too and holds nothing.
    assert (report.kept, report.gbp_kept) == (2, Decimal(67))
    assert list(rows["source_row"]) == [3, 4]
    assert report.unmatched_columns == ()
    assert report.notes[0].startswith("1 hidden row and 1 hidden column of sheet 'June' left out: ")


def test_a_workbook_that_shows_nothing_is_refused_with_a_remedy(
    tmp_path: Path, con: duckdb.DuckDBPyConnection
) -> None:
    path = workbook(tmp_path / "june.xlsx", {"Blank": [], "June": JUNE}, hidden="June")
    report, _ = read(con, path)
    assert "no sheet that is shown holds rows; the hidden sheet 'June' (4 rows) is left out" in (
        report.error or ""
    )
    # With a cover the cover is no spend, and the refusal tells where the payments are.
    path = workbook(tmp_path / "cover.xlsx", {"Cover": [["About these payments"]], "June": JUNE}, hidden="June")
    report, _ = read(con, path)
    assert "all its data stand in the hidden sheet 'June'. Unhide what is published." in (report.error or "")
    # Where a table is shown too, what it lacks may be hidden or not be there.
    path = workbook(tmp_path / "two.xlsx", {"Sums": [["Office", "Sum"]], "June": JUNE}, hidden="June")
    report, _ = read(con, path)
    assert "What is missing may be hidden: the hidden sheet 'June' (4 rows) is left out" in (report.error or "")


def test_a_sheet_without_headings_says_that_another_sheet_has_them(
    tmp_path: Path, con: duckdb.DuckDBPyConnection
) -> None:
    path = workbook(tmp_path / "two.xlsx", {"Headings": JUNE[:1], "June": JUNE[1:]})
    report, _ = read(con, path)
    assert report.notes[0] == "no header row: columns read as in another sheet of the same width"


def test_hidden_rows_of_an_open_document(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    def row(cells: list[object], attributes: str = "") -> str:
        texts = "".join(
            f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>'
            for cell in cells
        )
        return f"<table:table-row{attributes}>{texts}</table:table-row>"

    rows = row(HEADINGS) + '<table:table-row table:number-rows-repeated="2" table:visibility="collapse"/>'
    rows += row(JUNE[1]) + row(JUNE[2], ' table:visibility="filter"') + row(JUNE[3])
    names = "".join(
        f' xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"' for n in ("office", "table", "text")
    )
    table = f'<table:table table:name="June &amp; July">{rows}</table:table>'
    path = tmp_path / "june.ods"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        body = f"<office:body><office:spreadsheet>{table}</office:spreadsheet></office:body>"
        archive.writestr("content.xml", f"<office:document-content{names}>{body}</office:document-content>")
    report, read_rows = read(con, path)
    assert (report.error, report.kept, report.gbp_kept) == (None, 2, Decimal(407))
    assert list(read_rows["source_row"]) == [4, 6]
    assert report.notes[0].startswith("1 hidden row of sheet 'June & July' left out")


# --- headings -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "lines", "pounds", "basis"),
    [
        ("Vendor ID,Vendor Name,Cost Element,Amount,Clearing Date\n7,Acme,1,12.50,03/04/2025\n", 1, "12.50", "not stated"),
        ("Entity,Vendor Name,Document Number,Clearing Date,Amount\nX,Acme,9,03/04/2025,2.25\n", 1, "2.25", "not stated"),
        ("Supplier Name,Category Family,Invoice GL Date,Spend\nAcme,Fleet,24/01/2025,8.50\n", 1, "8.50", "not stated"),
        # Of a card payment abroad only what was billed is in pounds: 10 + 8.10 - 10, not 10 + 12 - 10.
        (
            "TRANS DATE,ORIGINAL GROSS AMT,ORIGINAL CUR,BILLING GROSS AMT,BILLING CUR CODE,MERCHANT NAME\n"
            "13/02/2025,10,GBP,10,GBP,Acme\n14/02/2025,12,EUR,8.10,GBP,Bolt\n15/02/2025,-10,GBP,-10,GBP,Acme\n",
            3, "8.10", "gross",
        ),
        # Leeds in years in which a machine made the headings, and in the years before.
        (
            "Body,BodyName,ServiceLabel,DetailedExpenditureType,DatePaid,TransactionNumber,NetAmount,CapitalOrRevenue,"
            "SupplierName\nu,A Council,Parks,Hire,20-Dec-13,1,5.25,R,Acme\n",
            1, "5.25", "net",
        ),
        (
            "Body,Body name,Service label,Service divison label,Date paid,Net amount,Capital or revenue,Supplier name \n"
            "u,A Council,Parks,Trees,06-Apr-2011,5.00,R,Acme\n",
            1, "5.00", "net",
        ),
        (
            "Organisation Label,Effective Date,Payment Date,Irrecoverable VAT Amount,Amount,Benificiary Name\n"
            "A Council,30/04/2015,13/04/2015,0,7.50,Acme\n",
            1, "7.50", "net",
        ),
        # The text of the coded id is the name (Gateshead).
        ("TransNo,Period,Supplier ID(T),Amount,Updated\n1,202501,Acme,5.00,03/04/2025\n", 1, "5.00", "not stated"),
    ],
    ids=["GLA", "TfL", "Network Rail", "Birmingham cards", "Leeds machine", "Leeds 2011", "Leeds", "Gateshead"],
)  # fmt: skip
def test_headings_of_publishers(
    text: str, lines: int, pounds: str, basis: str, tmp_path: Path, con: duckdb.DuckDBPyConnection
) -> None:
    report, rows = read(con, write(tmp_path, text))
    assert (report.error, report.kept, report.gbp_kept) == (None, lines, Decimal(pounds))
    assert report.vat_basis == basis
    assert rows["supplier_name"].iloc[0] == "Acme"


def test_a_refusal_names_only_what_is_missing(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    report, _ = read(
        con, write(tmp_path, "Vendor ID,Vendor Name,Amount,Day of clearing\n7,Acme,1.00,03/04/2025\n")
    )
    assert "or ask the publisher for headings, for example: Payment date." in (report.error or "")
    report, _ = read(con, write(tmp_path, "Supplier Name,When,Pounds out\nAcme,03/04/2025,1.00\n"))
    assert "missing payment_date, net or gross or amount." in (report.error or "")


def test_amounts_make_a_list_of_vendors_a_spending_file(tmp_path: Path) -> None:
    text = "Vendor ID,Vendor Name,Amount,Day of clearing\n7,Acme,1.00,03/04/2025\n"
    assert recognise(text.split("\n", maxsplit=1)[0].split(",")) == "spend"
    assert recognise(["Vendor ID", "Vendor Name"]) == "vendors"
    (tmp_path / "vendors").mkdir()
    (report,) = check_paths([write(tmp_path, text, "somewhere.csv")])
    assert (report.source, report.rows) == ("spend", 0)
    # A folder that is named for vendors says what its files are.
    (report,) = check_paths([write(tmp_path / "vendors", text, "list.csv")])
    assert (report.source, report.kept) == ("vendors", 1)


def deliver(con: duckdb.DuckDBPyConnection, folder: Path, **texts: str) -> list[FileReport]:
    files = [RawFile.of(write(folder, text, f"{name}.csv"), name) for name, text in sorted(texts.items())]
    reports = read_files(Job(con, folder, folder / "scratch"), files, folder)
    reports = find_duplicates(con, reports, folder)[1]
    assert all(report.reconciles() for report in reports)
    return reports


def deliver_workbook(con: duckdb.DuckDBPyConnection, path: Path) -> FileReport:
    target = path.parent / "0000.parquet"
    report = read_spend(con, RawFile.of(path), target, path.parent / "scratch")
    (counted,) = find_duplicates(con, [report], path.parent)[1]
    assert counted.reconciles()
    return counted


def test_a_sheet_of_all_months_counts_once(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    may = [["Quarry Lane Paving Ltd", f"{day:02}/05/2025", day, ""] for day in (6, 13, 14)]
    june = [["Millrace Print Ltd", f"{day:02}/06/2025", day, ""] for day in (17, 17)]
    # The sheet of all months has a column more than those of a month, and one payment that they lack.
    every = [[*row, "Homes"] for row in [*may, *june, ["Fell Hire", "30/06/2025", 9, ""]]]
    sheets = {"May": [HEADINGS, *may], "June": [HEADINGS, *june], "Year": [[*HEADINGS, "Department"], *every]}
    report = deliver_workbook(con, workbook(tmp_path / "year.xlsx", sheets))
    # 6 + 13 + 14 and 17 + 17 stand twice, 9 once: 67 + 76 = 143 in, 76 kept.
    assert (report.rows, report.kept, report.duplicates) == (11, 6, 5)
    assert (report.gbp_in, report.gbp_kept, report.gbp_duplicates) == (143, 76, 67)
    assert report.duplicate_of == ("year.xlsx",)
    assert [note for note in report.notes if "count once" in note] == [
        "2 rows stand in sheet 'June' and again in another: they count once",
        "3 rows stand in sheet 'May' and again in another: they count once",
    ]


@pytest.mark.parametrize(("rows", "twice"), [(3, 3), (2, 0)], ids=["a sheet", "too few to tell"])
def test_a_sheet_that_repeats_another_but_for_the_numbers_of_its_lines_counts_once(
    rows: int, twice: int, tmp_path: Path, con: duckdb.DuckDBPyConnection
) -> None:
    def sheet(first: int, number: int) -> list[list[object]]:
        return [HEADINGS, *([f"Firm {n} Ltd", "04/06/2025", 5 + n, f"L{first + n}"] for n in range(number))]

    report = deliver_workbook(
        con, workbook(tmp_path / "year.xlsx", {"June": sheet(1, rows), "Year": sheet(101, 6)})
    )
    assert (report.kept, report.duplicates) == (rows + 6 - twice, twice)
    # Of one amount five times nothing tells whether it is paid again.
    same = {name: [HEADINGS, *(["Acme Ltd", "04/06/2025", 9, f"{name}{n}"] for n in range(5))] for name in "AB"}
    assert deliver_workbook(con, workbook(tmp_path / "same.xlsx", same)).duplicates == 0


@pytest.mark.parametrize(("more", "twice"), [(0, 5), (1, 0)], ids=["a month of it", "one line is not there"])
def test_a_file_that_repeats_another_s_month_but_for_its_numbers_counts_once(
    more: int, twice: int, tmp_path: Path, con: duckdb.DuckDBPyConnection
) -> None:
    def file(first: int, number: int, extra: int = 0) -> str:
        rows = [f"Place,Acme {n},{'14' if n < 9 else '15'}/04/2023,{first + n},{n + 1}.00" for n in range(number)]
        return "\n".join([HEADER, *rows, *[f"Place,Bolt,16/04/2023,{first + 50},3.00"] * extra])

    first, second = deliver(con, tmp_path, a=file(1, 7), b=file(100, 5, more))
    assert (first.kept, second.duplicates) == (7, twice)


def test_an_invoice_shared_between_two_sheets_is_no_repetition(
    tmp_path: Path, con: duckdb.DuckDBPyConnection
) -> None:
    def sheet(first: int) -> list[list[object]]:
        own: list[list[object]] = [["Acme Ltd", "04/06/2025", n, f"T{n}"] for n in range(first, first + 3)]
        return [HEADINGS, *own, ["Electric Co", "04/06/2025", 50, "T9"]]

    report = deliver_workbook(con, workbook(tmp_path / "june.xlsx", {"Homes": sheet(10), "Streets": sheet(20)}))
    assert (report.kept, report.duplicates) == (8, 0)


def test_the_same_file_under_two_names_counts_once(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    first, second = deliver(con, tmp_path, a=f"{HEADER}\n{ROWS}", b=f"{HEADER}\n{ROWS}")
    assert (first.kept, second.kept, second.duplicates) == (2, 0, 2)
    assert second.duplicate_of == ("a",)
    assert second.gbp_duplicates == Decimal("74.50")


def test_repeated_lines_within_a_file_stay(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    line = "Place,Acme,04/04/2023,1,10.00\n"
    first, second = deliver(con, tmp_path, a=HEADER + "\n" + line * 3, b=HEADER + "\n" + line * 4)
    # Three of the four are the three of the first file; the fourth is new.
    assert (first.kept, second.kept, second.duplicates) == (3, 1, 3)


def test_without_transaction_numbers_one_equal_line_is_a_coincidence(
    tmp_path: Path, con: duckdb.DuckDBPyConnection
) -> None:
    header = "Supplier Name,Payment Date,Net Amount\n"
    many = "".join(f"Acme {n},04/04/2023,{n}.00\n" for n in range(10))
    other = "".join(f"Bolt {n},05/04/2023,{n}.00\n" for n in range(10)) + "Acme 3,04/04/2023,3.00\n"
    _, second = deliver(con, tmp_path, a=header + many, b=header + other)
    assert second.duplicates == 0
    _, again = deliver(con, tmp_path, a=header + many, b=header + many + "New,06/04/2023,1.00\n")
    assert (again.duplicates, again.kept) == (10, 1)


# --- what must hold whatever comes in -----------------------------------------------------------------------

_CELLS = st.sampled_from(
    ["Acme Ltd", "04/04/2023", "TBC", "", "100.00", "(5.00)", "x", "REDACTED", "Total", "Nil", "£1,000", "=1+1"]
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.lists(_CELLS, min_size=5, max_size=5), min_size=1, max_size=25), st.integers(0, 2**16))
def test_in_is_kept_and_refused_and_duplicated(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], seed: int
) -> None:
    folder = tmp_path_factory.mktemp("property")
    buffer = io.StringIO()
    csv.writer(buffer).writerows([HEADER.split(","), *rows])
    con = connect()
    reports = deliver(con, folder, a=buffer.getvalue(), b=buffer.getvalue())
    data_rows = sum(any(cell.strip() for cell in row) for row in rows)
    assert reports[0].error or reports[0].rows == data_rows
    # The order of rows changes neither counts nor pounds.
    shuffled = io.StringIO()
    order = sorted(range(len(rows)), key=lambda i: (i * 7919 + seed) % 104729)
    csv.writer(shuffled).writerows([HEADER.split(","), *(rows[i] for i in order)])
    other = deliver(con, tmp_path_factory.mktemp("shuffled"), a=shuffled.getvalue())[0]
    assert (other.kept, other.gbp_kept, other.refused_by_reason()) == (
        reports[0].kept,
        reports[0].gbp_kept,
        reports[0].refused_by_reason(),
    )
    con.close()

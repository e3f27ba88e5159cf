"""A user is told a column as her file heads it, and never a name that only the code knows."""

from __future__ import annotations

from pathlib import Path

import duckdb
import xlsxwriter
from typer.testing import CliRunner

from cwb.cli import app
from cwb.sources.report import FileReport
from raw_files import read_table

PAYMENTS = "Body Name,Beneficiary,Date Paid,Transaction Number,Net Amount\n"
CONTRACTS = "Contract Title,Supplier Name,Contract start date,Contract  end date,Contract Value\n"


def told(*arguments: str) -> str:
    """What the command prints, as one line."""
    return " ".join(CliRunner(env={"COLUMNS": "200"}).invoke(app, arguments).output.split())


def test_a_check_names_the_headings_of_the_file(tmp_path: Path) -> None:
    for source, text in (
        ("spend", f"{PAYMENTS}We,Acme Ltd,03/04/2023,1,5.00\nWe,Acme Ltd,TBC,2,6.00\nWe,Acme Ltd,04/04/2023,3,lots\n"),
        ("contracts", f"{CONTRACTS}Roads,Acme Ltd,TBC,01/04/2027,5\nBins,Acme Ltd,01/04/2024,rolling,50\n"
                      "Trees,Acme Ltd,04/2024,31/03/2027,50\n"),
    ):  # fmt: skip
        (tmp_path / source).mkdir()
        (tmp_path / source / "2023.csv").write_text(text, encoding="utf-8")
    output = told("check", str(tmp_path / "spend"))
    assert "row 3, column 'Date Paid': payment date cannot be read (found 'TBC')" in output
    assert "row 4, column 'Net Amount': amount cannot be read (found 'lots')" in output
    output = told("check", str(tmp_path / "contracts"))
    assert "row 2, column 'Contract start date': start date cannot be read (found 'TBC')" in output
    assert "1 value of Contract end date cannot be read and taken as not known (first: row 3, 'rolling')" in output
    assert "1 of Contract start date states only the month" in output
    assert not [name for name in ("payment_date", "start_date", "end_date") if name in output]


def test_sheets_that_head_a_column_differently_are_told_with_both(
    tmp_path: Path, con: duckdb.DuckDBPyConnection
) -> None:
    with xlsxwriter.Workbook(tmp_path / "register.xlsx") as book:
        for number, start in enumerate(("Start date", "Contract start date", "Start date")):
            sheet = book.add_worksheet(f"Page {number}")
            sheet.write_row(0, 0, ["Contract title", "Supplier name", start, "End date"])
            sheet.write_row(1, 0, [f"Roads {number}", "Acme Ltd", "01/04/2024", "31/03/2027"])
    _, report = read_table(con, "contracts", tmp_path / "register.xlsx", tmp_path)
    assert report.kept == 3
    assert report.heading_of("start_date") == "Start date / Contract start date"
    assert report.heading_of("end_date") == "End date"
    assert report.heading_of("value") == "value"


def test_a_heading_that_may_name_a_person_is_told_by_its_field() -> None:
    report = FileReport("a.csv", "spend", "", headings={"net": "Net amount", "supplier_name": "Mr John Smith"})
    assert (report.heading_of("net"), report.heading_of("supplier_name")) == ("Net amount", "supplier name")
    assert "Smith" not in str(report.as_dict())


def test_a_form_without_one_heading_is_told_which(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    """The columns of a review without its reference would do for the log of decisions; they are more of a review than of that."""
    path = tmp_path / "reviews.csv"
    path.write_text(
        "Service,In-house cost a year,Posts (FTE),Decision,Decided on,Start in house\nCleaning,5,2,Insource,30/06/2025,01/04/2026\n",
        encoding="utf-8",
    )
    _, report = read_table(con, "insourcing", path, tmp_path)
    assert "row 1: no row of headers" in (report.error or "")
    assert "missing contract_reference" in (report.error or "")
    path.write_text("Decision,Decided on,Role,Due\nBuy,30/06/2025,Head,01/01/2026\n", encoding="utf-8")
    _, report = read_table(con, "insourcing", path, tmp_path)
    assert "its columns are those of decisions" in (report.error or "")

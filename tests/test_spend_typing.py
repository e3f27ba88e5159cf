"""How one row of a spending file becomes a line, judged alone: what is withheld, what is a total, what looks like headings or payments.

Each case is a row or two, and a condition of the typing that none of the other tests needs.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from cwb.sources.headers import Header
from cwb.sources.report import FileReport, RawFile
from cwb.sources.spend import _fits, _holds_payments, _is_headings, read_spend
from cwb.sources.spend_sql import _text, lines_of
from cwb.sources.tabular import Grid

IDS = "Supplier Name,Payment Date,Net Amount,Supplier ID,Company number,Charity number,Supplier postcode"


def read(con: duckdb.DuckDBPyConnection, folder: Path, header: str, *rows: str) -> FileReport:
    path = folder / "spend.csv"
    path.write_text("\n".join((header, *rows)) + "\n", encoding="utf-8")
    return read_spend(con, RawFile.of(path), folder / "out.parquet", folder / "scratch")


def lines(con: duckdb.DuckDBPyConnection, folder: Path, columns: str) -> list[tuple[object, ...]]:
    found = con.sql(f"SELECT {columns} FROM {lines_of([folder / 'out.parquet'])} ORDER BY source_row").fetchall()
    return [tuple(row) for row in found]


# --- names that are withheld --------------------------------------------------------------------------------------


def test_whatever_would_give_back_a_withheld_name_goes_with_it(
    tmp_path: Path, con: duckdb.DuckDBPyConnection
) -> None:
    read(
        con, tmp_path, IDS,
        "Acme Ltd,04/04/2023,1.00,V1,01234567,1100000,SG1 1AA",
        "REDACTED,04/04/2023,2.00,V2,07654321,1100001,SG1 1AB",
        "Bolt Ltd (Company number: 00000123),04/04/2023,3.00,V3,,,",
    )  # fmt: skip
    assert lines(con, tmp_path, "supplier_name, supplier_id, charity_number, postcode, is_redacted")[:2] == [
        ("Acme Ltd", "V1", "1100000", "SG1 1AA", False), (None, None, None, None, True),
    ]  # fmt: skip
    assert [number for (number,) in lines(con, tmp_path, "company_number")][:2] == ["01234567", None]


@pytest.mark.parametrize("has_wide_blanks", [True, False])
@pytest.mark.parametrize(
    ("cell", "text"), [("a b", "a b"), (" a", "a"), ("a ", "a"), (" a ", "a"), (" ", None), (None, None)]
)
def test_blanks_at_either_end_are_no_part_of_a_text(
    cell: str | None, text: str | None, has_wide_blanks: bool, con: duckdb.DuckDBPyConnection
) -> None:
    found = con.execute(
        f"SELECT {_text('c', has_wide_blanks)} FROM (SELECT CAST(? AS VARCHAR) AS c)", [cell]
    ).fetchall()
    assert found == [(text,)]


# --- rows that are none -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("Total,,,100.00", "total row"),
        ("Grand total,,,100.00", "total row"),
        ("Sub-totals,,,100.00", "total row"),
        # A supplier of such a name, without a date.
        ("Total Care Ltd,,,5.00", "no payment date"),
        ("Total Gas plc,,,5.00", "no payment date"),
        ("Totally Local CIC,,,5.00", "no payment date"),
        # A number of the transaction, or a date that cannot be read, and it is a payment.
        ("Total Care,,T1,5.00", "no payment date"),
        ("Total Care,TBC,,5.00", "payment date cannot be read"),
        (",04/04/2023,T1,", "no amount"),
        (",04/04/2023,T1,abc", "amount cannot be read"),
        (",TBC,,abc", "payment date cannot be read"),
    ],
)
def test_why_a_row_is_refused(row: str, reason: str, tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    header = "Supplier Name,Payment Date,Transaction No,Net Amount"
    report = read(con, tmp_path, header, "Acme,03/04/2023,0,100.00", row)
    assert [(refusal.row, refusal.reason) for refusal in report.refusals] == [(3, reason)]


@pytest.mark.parametrize("label", ["Total", "April 2023 total:"])
@pytest.mark.parametrize("place", range(7))
def test_a_total_is_told_whichever_column_says_so(
    place: int, label: str, tmp_path: Path, con: duckdb.DuckDBPyConnection
) -> None:
    """Many exports put the word beside the amount, and amounts last."""
    names = ["Department", "Purpose", "Category", "Service", "CPV code", "Narrative", "Reviewed"]
    header = ",".join([*names, "Supplier Name", "Payment Date", "Transaction No", "Net Amount"])
    words = ",".join(label if at == place else "" for at in range(len(names)))
    rows = [",,,,,,,Acme,03/04/2023,1,100.00", ",,,,,,,Bolt,04/04/2023,2,20.00", f"{words},,,,120.00"]
    report = read(con, tmp_path, header, *rows)
    assert [(refusal.row, refusal.reason) for refusal in report.refusals] == [(4, "total row")]


@pytest.mark.parametrize(("day", "is_read"), [("31/12/2100", True), ("01/01/2101", False), ("31/12/1989", False)])
def test_a_ledger_has_dates_of_its_time(
    day: str, is_read: bool, tmp_path: Path, con: duckdb.DuckDBPyConnection
) -> None:
    report = read(con, tmp_path, "Supplier Name,Payment Date,Net Amount", f"Acme,{day},1.00")
    assert report.kept == is_read
    assert [r.reason for r in report.refusals] == ([] if is_read else ["payment date cannot be read"])


def test_three_digits_after_a_point_are_pence_in_a_workbook_and_may_be_a_thousand_in_text(
    tmp_path: Path, con: duckdb.DuckDBPyConnection
) -> None:
    header = ["Supplier Name", "Payment Date", "Net Amount"]
    report = read(con, tmp_path, ",".join(header), "Acme,03/06/2025,1.234")
    assert [r.reason for r in report.refusals] == ["amount cannot be read"]
    path = tmp_path / "spend.xlsx"
    pd.DataFrame([["Acme", date(2025, 6, 3), 1.234]], columns=header).to_excel(path, index=False)
    read_spend(con, RawFile.of(path), tmp_path / "out.parquet", tmp_path / "scratch")
    assert lines(con, tmp_path, "amount_gbp") == [(Decimal("1.23"),)]


def test_net_of_gross_and_vat_is_their_difference(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    header = "Supplier Name,Payment Date,Gross Amount,VAT Amount,Department"
    read(con, tmp_path, header, "Acme,04/04/2023,120.00,20.00,Place")
    assert lines(con, tmp_path, "amount_gbp, net_gbp, gross_gbp, vat_gbp, vat_basis") == [
        (100, 100, 120, 20, "net")
    ]


# --- the account speaks of rows kept ------------------------------------------------------------------------------


def test_values_that_refused_rows_state_are_not_told_as_unread(
    tmp_path: Path, con: duckdb.DuckDBPyConnection
) -> None:
    header = "Supplier Name,Payment Date,Net Amount,VAT Amount"
    report = read(con, tmp_path, header, "Acme,04/04/2023,1.00,see note", "Bolt,TBC,2.00,see note")
    assert (report.kept, report.refused) == (1, 1)
    assert [(one.column, one.rows, one.row) for one in report.unread] == [("vat", 1, 2)]


def test_several_suppliers_named_at_once_are_told_of_rows_kept(
    tmp_path: Path, con: duckdb.DuckDBPyConnection
) -> None:
    header = "Supplier Name,Payment Date,Net Amount"
    rows = ("Acme,04/04/2023,1.00", "Various suppliers,04/04/2023,2.00", "Various suppliers,TBC,4.00")
    report = read(con, tmp_path, header, *rows)
    assert "1 row (£2.00) to several suppliers at once: in totals, and no supplier's" in report.notes


def test_of_rows_far_from_the_middle_those_kept_are_told(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    header = "Supplier Name,Payment Date,Transaction No,Net Amount"
    near = [f"Acme,{day:02d}/04/2023,{day},1.00" for day in (13, 14, 15)]
    report = read(con, tmp_path, header, *near, "Acme,13/04/2020,8,1.00", "Bolt,14/04/2019,9,abc")
    assert "1 row dated over 250 days from the middle of the file: check the year" in report.notes


@pytest.mark.parametrize(
    ("total", "note"),
    [("30.00", "agrees with its rows"), ("29.00", "differs from the £30.00 of its rows"), ("31.00", "differs from the £30.00 of its rows")],
)  # fmt: skip
def test_a_total_less_or_more_than_the_rows_differs(
    total: str, note: str, tmp_path: Path, con: duckdb.DuckDBPyConnection
) -> None:
    header = "Supplier Name,Payment Date,Transaction No,Net Amount"
    report = read(con, tmp_path, header, "Acme,13/04/2023,1,10.00", "Bolt,14/04/2023,2,20.00", f"Total,,,{total}")
    assert report.notes[-1] == f"the file's own total in row 4, £{total}, {note}"


# --- what looks like headings, and like payments --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "are"),
    [
        (["Paid", "Supplier", "Net"], True),
        (["Paid", "", "Supplier", " "], False),  # two texts are a title and its date
        (["Paid", "Supplier", "04/04/2023"], False),
        (["Paid", "Supplier", "1.00"], False),
        (["Paid", "Supplier", "Net", "", "Note"], True),
        ([], False),
    ],
)
def test_headings_are_several_texts_without_a_date_or_a_number(row: list[str], are: bool) -> None:
    assert _is_headings(row) is are


def grid(*rows: list[str]) -> Grid:
    return Grid(Path("a.csv"), None, list(rows), 4, "", "utf-8")


@pytest.mark.parametrize(
    ("row", "holds"),
    [
        (["04/04/2023", "Acme", "1.00"], True),
        (["04/04/2023", "1.00"], False),
        (["04/04/2023", "", "1.00", " "], False),
        (["Acme", "Bolt", "1.00"], False),
        (["04/04/2023", "Acme", "Bolt"], False),
        # A date that is a number too is one of them, and a number beside it is money.
        (["20230404", "Acme", "Bolt"], False),
        (["20230404", "Acme", "1.00"], True),
    ],
)
def test_payments_have_a_date_and_an_amount(row: list[str], holds: bool) -> None:
    assert _holds_payments(grid(["Notes"], row)) is holds


FITTING = ["04/04/2023", "Acme", "1.00"]


@pytest.mark.parametrize(
    ("rows", "fits"),
    [
        ([FITTING], True),
        ([[], FITTING], True),
        ([["Payments of April"], FITTING, FITTING, FITTING, FITTING], True),
        # Headings of its own above the rows, which may mean something else.
        ([["Paid", "Payee", "Net"], FITTING, FITTING, FITTING, FITTING], False),
        ([FITTING, FITTING, FITTING, FITTING, ["Paid", "Payee", "Net"]], True),
        ([["Acme", "04/04/2023", "1.00"]], False),
        ([FITTING, ["TBC", "Acme", "1.00"]], False),
        ([], False),
    ],
)
def test_a_borrowed_layout_fits_where_dates_and_money_are(rows: list[list[str]], fits: bool) -> None:
    columns = {"payment_date": 0, "supplier_name": 1, "net": 2}
    assert _fits(grid(*rows), Header(0, columns, [])) is fits

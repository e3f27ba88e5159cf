"""The account of a spending file, number by number and word by word, and the dates and names that its cells may hold.

Each file is a few rows that a reader can add up by hand.
"""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
import xlsxwriter

from cwb.council.sections import FileMapping
from cwb.sources import spend as module
from cwb.sources import tabular
from cwb.sources.registry import sources
from cwb.sources.report import FileReport, RawFile
from cwb.sources.source import Job
from cwb.sources.spend import read_files, read_spend
from cwb.sources.spend_dates import Neighbours
from cwb.sources.spend_sql import lines_of

HEADER = "Directorate,Supplier Name,Payment Date,Transaction No,Net Amount"
CODED = "Directorate,Service Area,Supplier Name,Payment Date,Transaction No,Net Amount"


def read(
    con: duckdb.DuckDBPyConnection, folder: Path, *rows: str, header: str = HEADER, **known: Neighbours
) -> FileReport:
    path = folder / "spend.csv"
    path.write_text("\n".join((header, *rows) if header else rows) + "\n", encoding="utf-8")
    return read_spend(con, RawFile.of(path), folder / "out.parquet", folder / "scratch", **known)


def lines(con: duckdb.DuckDBPyConnection, folder: Path, columns: str) -> list[tuple[object, ...]]:
    found = con.sql(f"SELECT {columns} FROM {lines_of([folder / 'out.parquet'])} ORDER BY source_row").fetchall()
    return [tuple(row) for row in found]


def test_every_sum_of_an_account(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    report = read(
        con,
        tmp_path,
        "Place,Acme Ltd,03/04/2023,1,100.00",
        "Place,,04/04/2023,2,20.00",
        "Place,REDACTED,05/04/2023,3,4.00",
        "Place,Bolt Ltd,TBC,4,1000.00",
        "Place,,TBC,5,3000.00",
        "Place,Clay Ltd,06/04/2023,6,",
    )
    # In: 100 + 20 + 4 + 1,000 + 3,000; kept 124, refused 4,000. Nobody is named in 20 (blank) and 4 (withheld).
    assert (report.rows, report.kept, report.refused, report.other_rows) == (6, 3, 3, 0)
    assert (report.gbp_in, report.gbp_kept, report.gbp_refused) == (4124, 124, 4000)
    assert (report.unknown_supplier_rows, report.gbp_unknown) == (2, 24)
    assert report.vat_basis == "net"
    assert list(report.notes) == ["1 row with the supplier's name withheld stays in totals"]
    assert [(r.row, r.reason, r.sheet, r.column, r.value, r.gbp) for r in report.refusals] == [
        (5, "payment date cannot be read", None, "payment_date", "TBC", 1000),
        (6, "payment date cannot be read", None, "payment_date", "TBC", 3000),
        (7, "no amount", None, "net", None, 0),
    ]


def test_a_withheld_row_that_is_refused_is_not_said_to_stay(
    tmp_path: Path, con: duckdb.DuckDBPyConnection
) -> None:
    report = read(con, tmp_path, "Place,Acme,23/04/2023,1,1.00", "Place,REDACTED,TBC,2,2.00")
    assert (report.unknown_supplier_rows, report.gbp_unknown, list(report.notes)) == (0, 0, [])


def test_only_rows_kept_tell_the_vat_basis(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    header = "Supplier Name,Payment Date,Transaction No,Net Amount,Gross Amount"
    rows = ("A,03/04/2023,1,10.00,12.00", "B,03/04/2023,2,,6.00", "C,TBC,3,,7.00")
    report = read(con, tmp_path, *rows, header=header)
    assert (report.vat_basis, report.gbp_kept) == ("gross, net", 16)
    report = read(con, tmp_path, rows[0], rows[2], header=header)
    assert report.vat_basis == "net"
    report = read(con, tmp_path, rows[2], header=header)
    assert (report.vat_basis, report.kept) == (None, 0)


# --- years that look wrong ----------------------------------------------------------------------------------------

# Three payments of one day are the middle of the file.
MIDDLE = tuple(f"Place,Acme,01/01/2024,{n},1.00" for n in range(3))


@pytest.mark.parametrize(
    ("day", "is_stray"),
    [
        ("07/09/2024", False),  # 250 days after 1 January 2024
        ("08/09/2024", True),  # 251
        ("26/04/2023", False),  # 250 before
        ("25/04/2023", True),
    ],
)
def test_a_date_over_250_days_from_the_middle_is_told(
    day: str, is_stray: bool, tmp_path: Path, con: duckdb.DuckDBPyConnection
) -> None:
    report = read(con, tmp_path, *MIDDLE, f"Place,Acme,{day},9,1.00")
    told = ["1 row dated over 250 days from the middle of the file: check the year"] if is_stray else []
    assert [note for note in report.notes if "prove no order" not in note] == told


def test_refused_rows_neither_are_stray_nor_move_the_middle(
    tmp_path: Path, con: duckdb.DuckDBPyConnection
) -> None:
    # Ten refused rows of 2020 would be stray, and were they counted their year would be the middle.
    refused = [f"Place,Acme,01/01/2020,{n},abc" for n in range(10, 20)]
    report = read(con, tmp_path, *MIDDLE, *refused)
    assert (report.kept, report.refused, list(report.notes)) == (3, 10, [])


# --- totals that a file states ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "note"),
    [
        (["Total,,,,30.00"], "the file's own total in row 4, £30.00, agrees with its rows"),
        (["Total,,,,31.00"], "the file's own total in row 4, £31.00, differs from the £30.00 of its rows"),
        # The last total is looked at, with the rows above it and no refused ones.
        (["Total,,,,99.00", "Place,Acme,05/04/2023,3,5.00", "Place,Acme,TBC,4,7.00", "Total,,,,35.00", "Place,A,05/04/2023,5,1.00"],
         "the file's own total in row 7, £35.00, agrees with its rows"),
        (["Total,,,,1234.50"], "the file's own total in row 4, £1,234.50, differs from the £30.00 of its rows"),
    ],
)  # fmt: skip
def test_a_stated_total(rows: list[str], note: str, tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    report = read(con, tmp_path, "Place,Acme,03/04/2023,1,10.00", "Place,Bolt,04/04/2023,2,20.00", *rows)
    assert list(report.notes) == [note]


def test_a_total_of_nought_is_not_compared(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    report = read(con, tmp_path, "Place,Acme,23/04/2023,1,10.00", "Total,,,,0.00")
    assert list(report.notes) == []


# --- dates --------------------------------------------------------------------------------------------------------

DATES = {
    "03/04/2023": date(2023, 4, 3),
    "3/4/2023": date(2023, 4, 3),
    "03/04/23": date(2023, 4, 3),
    "2023-04-03": date(2023, 4, 3),
    "03-Apr-2023": date(2023, 4, 3),
    "29/02/2024": date(2024, 2, 29),
    "31/12/1999": date(1999, 12, 31),
    "01/01/1990": date(1990, 1, 1),
}


def test_dates_in_many_forms(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    report = read(con, tmp_path, *(f"Place,Acme,{text},{n},1.00" for n, text in enumerate(DATES)))
    assert report.refused == 0
    assert lines(con, tmp_path, "payment_date") == [(day,) for day in DATES.values()]


@pytest.mark.parametrize(
    "text",
    ["29/02/2023", "31/04/2023", "00/04/2023", "13/13/2023", "03/04/202", "03/04", "03/04/0202", "03/04/9023"],
)
def test_what_is_no_date(text: str, tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    report = read(con, tmp_path, f"Place,Acme,{text},1,1.00")
    assert [(r.reason, r.value) for r in report.refusals] == [("payment date cannot be read", text)]


def test_a_file_that_puts_the_month_first(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    report = read(con, tmp_path, "Place,Acme,04/03/2023,1,1.00", "Place,Acme,04/13/2023,2,1.00")
    assert lines(con, tmp_path, "payment_date") == [(date(2023, 4, 3),), (date(2023, 4, 13),)]
    assert report.refused == 0
    assert list(report.notes) == [
        "the date of payment is read month first (04/13/2025 is 13 April): 1 dates of the file can only be read so, and none only "
        "day first"
    ]


def test_a_file_of_both_orders_is_read_day_first(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    report = read(con, tmp_path, "Place,Acme,13/04/2023,1,1.00", "Place,Acme,04/13/2023,2,1.00")
    assert [(r.row, r.value) for r in report.refusals] == [(3, "04/13/2023")]
    assert [note.split(":")[0] for note in report.notes] == [
        "the date of payment holds 1 dates that can only be read day first and 1 that can only be read month first"
    ]


def test_months_are_read_as_months_and_told(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    texts = ("2025-06", "Jun-25", "June 2025", "06/2025", "25 June 2025", "06/06/2025", "Quarter 1")
    report = read(con, tmp_path, *(f"Place,Acme,{text},{n},1.00" for n, text in enumerate(texts)))
    months = [(date(2025, 6, 1),)] * 4
    assert lines(con, tmp_path, "payment_date") == [*months, (date(2025, 6, 25),), (date(2025, 6, 6),), (None,)]
    assert (report.kept, report.refused) == (6, 1)
    assert "4 rows state only the month of payment: stored as its first day" in report.notes


def test_cells_of_months_are_told(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    rows = [f"Place,Acme,2025-{month:02}-01,{month},1.00" for month in (4, 4, 5, 5, 6)]
    report = read(con, tmp_path, *rows)
    assert list(report.notes) == ["all 5 rows are dated the first of a month: their days may not be stated"]
    assert read(con, tmp_path, *rows, "Place,Acme,2025-05-02,9,1.00").notes == ()


def test_one_slip_does_not_turn_a_file_of_american_dates(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    american = [f"06/{day}/2025" for day in (*range(10, 31),)]
    report = dated(con, tmp_path, "june.csv", *american, "13/06/2025")
    # Eighteen dates after the 12th against one: 21 are of June, and the one that puts the day first is refused.
    assert {row[0] for row in lines(con, tmp_path, "month(payment_date)")} == {6, None}
    assert (report.kept, report.refused) == (21, 1)
    assert "all are read month first, and those that put the day first cannot be" in report.notes[0]


def dated(con: duckdb.DuckDBPyConnection, folder: Path, name: str, *texts: str) -> FileReport:
    path = folder / name
    rows = "".join(f"Place,Acme,{text},{n},1.00\n" for n, text in enumerate(texts))
    path.write_text(f"{HEADER}\n{rows}", encoding="utf-8")
    return read_spend(con, RawFile.of(path), folder / "out.parquet", folder / "scratch")


FIRST_WEEK = [f"06/{day:02}/2025" for day in (2, 3, 4, 5, 6)]
FIRST_OF_MONTHS = [f"01/{month:02}/2025" for month in (1, 2, 3, 4, 5)]


@pytest.mark.parametrize(
    ("name", "texts", "months", "said"),
    [
        # Nothing proves an order: five days of June, or one day of five months, on which a council pays. It is told.
        ("list.csv", FIRST_WEEK, {2, 3, 4, 5, 6}, "day first, though its dates prove no order: say it in cwb.toml"),
        ("2025-06.csv", FIRST_WEEK, {6}, "so all lie in the months that the name states, day first they do not"),
        # The name contradicts June, so that the file is read as ever and says so.
        ("March.csv", FIRST_WEEK, {2, 3, 4, 5, 6}, "day first, though its dates prove no order"),
        # As likely the first of each month as five days of January, but for the name.
        ("list.csv", FIRST_OF_MONTHS, {1, 2, 3, 4, 5}, ""),
        ("Jan 2025.csv", FIRST_OF_MONTHS, {1}, "so all lie in the months that the name states"),
        # A quarter of a financial year, a span of months, and the folder above.
        ("Q1 2025-26.csv", ["04/05/2025", "04/08/2025", "05/09/2025", "06/10/2025"], {4, 5, 6}, "that the name states"),
        ("2025-26-Q1.csv", ["05/04/2025", "08/04/2025", "09/05/2025", "10/06/2025"], {4, 5, 6}, ""),
        ("Apr-Jun 25.csv", ["05/04/2025", "08/04/2025", "09/05/2025", "10/06/2025"], {4, 5, 6}, ""),
        # "May" may be a firm's name; with its year it is a month.
        ("May Gurney.csv", ["05/06/2025", "05/07/2025"], {6, 7}, "day first, though its dates prove no order"),
        ("May 25.csv", ["05/06/2025", "05/07/2025"], {5}, "that the name states"),
        # As many months in both readings: day first, and told.
        ("list.csv", ["03/04/2025", "05/06/2025"], {4, 6}, "day first, though its dates prove no order"),
        # Day first these lie in one month: nothing is spread and nothing told.
        ("list.csv", ["02/06/2025", "03/06/2025", "04/06/2025", "05/06/2025"], {6}, ""),
        # One date after the 12th proves the order of all.
        ("list.csv", [*FIRST_WEEK, "13/06/2025"], {2, 3, 4, 5, 6}, ""),
    ],
    ids=["one month", "named", "contradicted", "first days", "January", "a quarter", "its own", "a span", "a firm", "with its year", "even", "day first", "proven"],
)  # fmt: skip
def test_dates_that_prove_no_order(
    name: str, texts: list[str], months: set[int], said: str, tmp_path: Path, con: duckdb.DuckDBPyConnection
) -> None:
    report = dated(con, tmp_path, name, *texts)
    assert {row[0] for row in lines(con, tmp_path, "month(payment_date)")} == months
    notes = [note for note in report.notes if "first of a month" not in note]
    assert [note for note in notes if said and said in note] == notes
    assert bool(notes) == bool(said)


@pytest.mark.parametrize(
    ("proof", "days"),
    [("01/31/2025", [date(2025, 1, n) for n in (1, 2, 3, 4, 5)]), ("31/01/2025", [date(2025, n, 1) for n in (1, 2, 3, 4, 5)])],
    ids=["month first", "day first"],
)  # fmt: skip
def test_dates_that_prove_no_order_go_with_their_folder(
    proof: str, days: list[date], tmp_path: Path, con: duckdb.DuckDBPyConnection
) -> None:
    files = []
    for name, texts in {"a.csv": FIRST_OF_MONTHS, "b.csv": [proof]}.items():
        (tmp_path / name).write_text(
            "\n".join([HEADER, *(f"Place,Acme,{t},,1.00" for t in texts)]), encoding="utf-8"
        )
        files.append(RawFile.of(tmp_path / name))
    reports = read_files(Job(con, tmp_path, tmp_path / "scratch"), files, tmp_path)
    found = con.sql(
        f"SELECT payment_date FROM {lines_of([tmp_path / '0000.parquet'])} ORDER BY source_row"
    ).fetchall()
    assert [day for (day,) in found] == days
    assert any("the other files of its folder are so" in note for note in reports[0].notes) == (
        proof == "01/31/2025"
    )
    assert [report.rows for report in reports] == [5, 1]


@pytest.mark.parametrize(
    "texts", [("06/13/2025", "06/24/2025"), ("13/06/2025", "24/06/2025")], ids=["American", "British"]
)
def test_cells_in_which_a_program_took_day_for_month(
    texts: tuple[str, ...], tmp_path: Path, con: duckdb.DuckDBPyConnection
) -> None:
    # Opened in the other order the 3rd, 4th and 5th of June became cells of 6 March, 6 April and 6 May.
    path = tmp_path / "june.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet, day = book.add_worksheet("Payments"), book.add_format({"num_format": "dd/mm/yyyy"})
    sheet.write_row(0, 0, HEADER.split(","))
    for number in range(1, 6):
        sheet.write_row(number, 0, ["Place", "Acme", "", f"T{number}", 1])
        if number < 4:
            sheet.write_datetime(number, 2, datetime(2025, number + 2, 6), day)
        else:
            sheet.write(number, 2, texts[number - 4])
    book.close()
    report = read_spend(con, RawFile.of(path), tmp_path / "out.parquet", tmp_path / "scratch")
    assert lines(con, tmp_path, "payment_date") == [(date(2025, 6, day),) for day in (3, 4, 5, 13, 24)]
    assert any("day and month of the cells that hold dates are turned round" in note for note in report.notes)


# --- pounds that are stated and not read --------------------------------------------------------------------------


def test_only_pounds_are_pounds(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    rows = ["Acme,03/06/2025,10,GBP", "Bolt,03/06/2025,30,USD", "Clay,03/06/2025,5,", "Dot,03/06/2025,1,£"]
    report = read(con, tmp_path, *rows, header="Supplier,Date,Amount,Currency")
    # 10 + 5 + 1; the 30 dollars are refused and are no pounds.
    assert (report.kept, report.gbp_kept, report.gbp_in) == (3, 16, 16)
    assert [(r.row, r.reason, r.value) for r in report.refusals] == [(3, "amount is not in pounds", "30 USD")]
    # The heading says that the amounts are pounds, whatever the invoice was written in.
    report = read(con, tmp_path, *rows, header="Supplier,Date,Amount GBP,Currency")
    assert (report.kept, report.gbp_kept) == (4, 46)
    # Amounts before billing are those of their own currency.
    report = read(con, tmp_path, *rows, header="Merchant Name,Trans Date,Original Gross Amt,Original Cur")
    assert (report.kept, report.gbp_kept) == (3, 16)


def test_amounts_in_words_are_read_or_told(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    rows = [
        "Acme,03/06/2025,£1.2m,,", "Bolt,03/06/2025,50 - 60,72,", "Clay,03/06/2025,5,6,one pound",
        "Dot,03/06/2025,9 per annum,,", "Elm,03/06/2025,(2.50),-3,-0.50",
    ]  # fmt: skip
    report = read(con, tmp_path, *rows, header="Supplier,Date,Net,Gross,VAT")
    # 1,200,000 + 72 (gross, for its net is a range) + 5 - 2.50.
    assert (report.kept, report.gbp_kept) == (4, Decimal("1200074.50"))
    assert [(r.row, r.reason, r.value) for r in report.refusals] == [(5, "amount cannot be read", "9 per annum")]
    assert [(one.column, one.rows, one.row, one.examples) for one in report.unread] == [
        ("net", 1, 3, ("50 - 60",)),
        ("vat", 1, 4, ("one pound",)),
    ]


def test_numbers_of_companies_that_are_none_are_told_and_those_of_withheld_names_never(
    tmp_path: Path, con: duckdb.DuckDBPyConnection
) -> None:
    rows = ["Acme,03/06/2025,1.00,see note", "Bolt,03/06/2025,2.00,N/A", "Clay,03/06/2025,3.00,01234567",
            "Redacted,03/06/2025,4.00,Jane Smith", "Dot,03/06/2025,5.00,see note", "Elm,03/06/2025,6.00,"]  # fmt: skip
    report = read(con, tmp_path, *rows, header="Supplier,Date,Amount,Company number")
    assert report.kept == 6
    assert [(one.column, one.rows, one.row, one.examples) for one in report.unread] == [
        ("company_number", 2, 2, ("see note",))
    ]


# --- names and texts ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("  Acme Ltd ", "Acme Ltd"),
        ("Bolt &amp; Sons", "Bolt & Sons"),
        ("Bolt & Sons", "Bolt & Sons"),
        ("Acme  Ltd", "Acme Ltd"),
        ("Acme\u00a0Ltd", "Acme Ltd"),
        ("   ", None),
    ],
)
def test_names_are_cleaned(cell: str, name: str | None, tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    read(con, tmp_path, f"Place,{cell},03/04/2023,1,1.00")
    assert lines(con, tmp_path, "supplier_name, department") == [(name, "Place")]


@pytest.mark.parametrize(
    ("cell", "pounds"),
    [
        ("1234.56", "1234.56"), ('"1,234.56"', "1234.56"), ("£12.50", "12.50"), ("(12.50)", "-12.50"), ("12.50-", "-12.50"),
        ("-0.01", "-0.01"), ("0", "0.00"),
    ],
)  # fmt: skip
def test_amounts_in_many_forms(cell: str, pounds: str, tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    report = read(con, tmp_path, f"Place,Acme,03/04/2023,1,{cell}")
    assert report.kept == 1
    assert lines(con, tmp_path, "amount_gbp") == [(Decimal(pounds),)]


@pytest.mark.parametrize(
    ("codes", "is_swapped"),
    [
        # Over four fifths of the one are codes, and under a fifth of the other.
        (["101 A", "102 B", "103 C", "104 D", "105 E"], True),
        (["101 A", "102 B", "103 C", "104 D", "Parks"], False),
        (["Roads", "Parks", "Care", "Homes", "Art"], False),
    ],
)
def test_code_and_department_that_are_swapped(
    codes: list[str], is_swapped: bool, tmp_path: Path, con: duckdb.DuckDBPyConnection
) -> None:
    rows = [f"{code},Street,Acme,03/04/2023,{n},1.00" for n, code in enumerate(codes)]
    read(con, tmp_path, *rows, header=CODED)
    found = lines(con, tmp_path, "department, service")
    assert found == [("Street", code) if is_swapped else (code, "Street") for code in codes]


def test_codes_on_both_sides_stay(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    rows = [f"10{n} A,{'200 X' if n == 0 else 'Street'},Acme,03/04/2023,{n},1.00" for n in range(5)]
    read(con, tmp_path, *rows, header=CODED)
    assert lines(con, tmp_path, "department")[1] == ("101 A",)


# --- a file without its header, and one that is not tidy ------------------------------------------------------------


@pytest.mark.parametrize(
    ("bad", "is_read"),
    [
        ([], True),
        (["Place,Acme,TBC,8,1.00"], True),  # four of five rows fit
        (["Place,Acme,TBC,8,1.00", "Place,Acme,03/04/2023,9,abc"], False),  # four of six
        (["Place,Acme,03/04/2023,8,abc", "Place,Acme,TBC,9,1.00"], False),
    ],
)
def test_a_borrowed_header_must_find_dates_and_money(
    bad: list[str], is_read: bool, tmp_path: Path, con: duckdb.DuckDBPyConnection
) -> None:
    known = Neighbours()
    read(con, tmp_path, "Place,Acme,03/04/2023,1,1.00", known=known)
    good = [f"Place,Acme,0{n}/04/2023,{n},1.00" for n in range(1, 5)]
    report = read(con, tmp_path, *good, *bad, header="", known=known)
    assert (report.error is None) is is_read
    if is_read:
        assert report.notes[0] == "no header row: columns read as in the neighbouring file of the same width"


@pytest.mark.parametrize(("size", "is_read_again"), [(0, True), (10**9, False)])
def test_a_large_file_that_duckdb_cannot_read_is_read_again(
    size: int, is_read_again: bool, tmp_path: Path, con: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    ways: list[bool] = []

    def fail(*args: object, direct: bool) -> FileReport:
        ways.append(direct)
        if direct:
            raise duckdb.InvalidInputException("a row of too many columns")
        return FileReport("spend.csv", "spend", "")

    monkeypatch.setattr(module, "_read", fail)
    monkeypatch.setattr(module, "DIRECT_BYTES", size)
    if is_read_again:
        assert read(con, tmp_path, "Place,Acme,03/04/2023,1,1.00").error is None
    else:
        with pytest.raises(duckdb.InvalidInputException):
            read(con, tmp_path, "Place,Acme,03/04/2023,1,1.00")
    assert ways == ([True, False] if is_read_again else [True])


def test_a_file_that_cannot_be_read_leaves_nothing(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    read(con, tmp_path, "Place,Acme,03/04/2023,1,1.00")
    assert (tmp_path / "out.parquet").is_file()
    report = read(con, tmp_path, "1,2,3", header="x,y,z")
    assert report.error
    assert (report.rows, report.kept) == (0, 0)
    assert not (tmp_path / "out.parquet").exists()


@pytest.mark.parametrize("is_large", [False, True])
@pytest.mark.parametrize(
    "texts", [FIRST_WEEK, ["04/02/2025", "04/03/2025"], ["02/03/2025", "02/04/2025", "03/05/2025"]]
)
def test_a_file_whose_dates_lie_in_fewer_months_month_first_is_refused_whole(
    texts: list[str],
    is_large: bool,
    tmp_path: Path,
    con: duckdb.DuckDBPyConnection,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if is_large:
        for one in (module, tabular):
            monkeypatch.setattr(one, "DIRECT_BYTES", 0)
    path = tmp_path / "list.csv"
    path.write_text("\n".join([HEADER, *(f"Place,Acme,{t},,1.00" for t in texts)]), encoding="utf-8")
    job = Job(con, tmp_path, tmp_path / "scratch")
    (report,) = sources()["spend"].store(job, [RawFile.of(path, "spend/list.csv")])
    assert report.error is not None
    assert "payment dates may be day first or month first" in report.error
    # The message holds the lines that say it.
    lines_to_add = report.error.partition("cwb.toml:\n")[2].partition("or ")[0]
    mapping = FileMapping(**tomllib.loads(lines_to_add)["mappings"][0])
    assert (mapping.files, mapping.dates) == (("spend/list.csv",), "day first")
    (told,) = sources()["spend"].store(job, [replace(RawFile.of(path), mapping=mapping)])
    assert (told.error, told.kept) == (None, len(texts))


@pytest.mark.parametrize(
    ("others", "body", "folder"),
    [("spend/2024/b.csv", "spend/2025", ""), ("spend/2025/b.csv", "spend/2025", ""), ("spend/b.csv", "spend/June 2025", "June")],
    ids=["another folder of the body", "its folder", "the name of its folder"],
)  # fmt: skip
def test_the_order_is_that_of_the_body_s_other_files_or_told_by_the_folder(
    others: str, body: str, folder: str, tmp_path: Path, con: duckdb.DuckDBPyConnection
) -> None:
    files = []
    for label, texts in {f"{body}/a.csv": FIRST_WEEK, others: [] if folder else ["06/30/2025"]}.items():
        path = tmp_path / label
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join([HEADER, *(f"Place,Acme,{t},,1.00" for t in texts)]), encoding="utf-8")
        files.append(RawFile.of(path, label))
    report, _ = read_files(Job(con, tmp_path, tmp_path / "scratch"), files, tmp_path)
    assert (report.error, report.kept) == (None, 5)
    assert [note for note in report.notes if "month first" in note]


@pytest.mark.parametrize(("here", "there", "is_read"), [("one/2024", "one/2025", True), ("one", "two", False)])
def test_a_body_s_other_folder_proves_its_order_and_another_body_s_does_not(
    here: str, there: str, is_read: bool, tmp_path: Path, con: duckdb.DuckDBPyConnection
) -> None:
    files = []
    for label, texts in {
        f"anchor_spend/{here}/a.csv": FIRST_WEEK,
        f"anchor_spend/{there}/b.csv": ["06/30/2025"],
    }.items():
        path = tmp_path / label
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join([HEADER, *(f"Place,Acme,{t},,1.00" for t in texts)]), encoding="utf-8")
        files.append(RawFile.of(path, label))
    report, _ = read_files(Job(con, tmp_path, tmp_path / "scratch"), files, tmp_path, "anchor_spend")
    assert (report.error is None, report.kept) == (is_read, 5 if is_read else 0)

"""Sheets of more than one table: the second is read by its own headings, wherever its columns stand, or refused and told."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
import xlsxwriter

from cwb.sources.check import check_paths
from cwb.sources.database import connect
from cwb.sources.report import RawFile
from cwb.sources.spend import read_spend
from cwb.sources.spend_sql import lines_of
from raw_files import read_table

FIRST = [
    ["Supplier Name", "Payment Date", "Net Amount"],
    ["Acme Ltd", "13/04/2025", "100.00"],
    ["Bolt CIC", "14/04/2025", "20.50"],
]
SHIFTED = [
    ["", "Capital"],
    ["", "Supplier Name", "Payment Date", "Net Amount"],
    ["", "Clay plc", "15/04/2025", "7.00"],
    ["", "Dale Ltd", "16/04/2025", "-2.00"],
]


def book(path: Path, rows: list[list[str]]) -> Path:
    with xlsxwriter.Workbook(str(path)) as workbook:
        sheet = workbook.add_worksheet("April")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return path


def sheet_of(path: Path, rows: list[list[str]]) -> Path:
    path.write_text("\n".join(",".join(row) for row in rows), encoding="utf-8")
    return path


@pytest.mark.parametrize("write", [book, sheet_of])
def test_a_second_table_shifted_by_a_column_is_read(write: object, tmp_path: Path) -> None:
    path = write(tmp_path / ("spend.xlsx" if write is book else "spend.csv"), [*FIRST, [], *SHIFTED, *FIRST])  # type: ignore[operator]
    with connect() as con:
        report = read_spend(con, RawFile.of(path), tmp_path / "out.parquet", tmp_path / "scratch")
        rows = con.execute(
            f"SELECT source_row, supplier_name, amount_gbp FROM {lines_of([tmp_path / 'out.parquet'])} WHERE reason IS NULL "
            "ORDER BY source_row"
        ).fetchall()
    assert report.gbp_kept == Decimal("246.00")
    assert rows == [
        (2, "Acme Ltd", Decimal("100.00")),
        (3, "Bolt CIC", Decimal("20.50")),
        (7, "Clay plc", Decimal("7.00")),
        (8, "Dale Ltd", Decimal("-2.00")),
        (10, "Acme Ltd", Decimal("100.00")),
        (11, "Bolt CIC", Decimal("20.50")),
    ]
    # The title of the second table stands in the first one's column of dates.
    assert report.refused_by_reason() == {"payment date cannot be read": 1}
    assert any("another begins in row 6, its" in note for note in report.notes)
    assert report.reconciles()


BESIDE = [["", *row] for row in (["Clay plc", "15/04/2025", "7.00"], ["Dale Ltd", "16/04/2025", "-2.00"])]


@pytest.mark.parametrize(
    ("below", "kept", "gbp", "said"),
    [
        ([[], [], *BESIDE], 4, "125.50", "2 rows from row 6 on stand 1 column to the right"),
        ([[], ["", "Capital"], *BESIDE, ["", "", "", ""], *FIRST[1:]], 6, "246.00", "2 rows from row 6 on stand"),
        ([[], *(["", *row] for row in BESIDE)], 4, "125.50", "row 5 on stand 2 columns to the right"),
        ([*BESIDE], 4, "125.50", "2 rows from row 4 on stand 1 column to the right"),  # nothing parts it
        ([["", *FIRST[1]], FIRST[2]], 4, "241.00", "row 4 stands 1 column to the right"),  # one row that slipped
        ([*BESIDE, ["", "Total", "", "5.00"]], 4, "125.50", "3 rows from row 4"),  # its total is no base row
        ([*BESIDE, ["Acme Ltd", "TBC", "7.00"]], 4, "125.50", "2 rows from row 4"),
        ([[], ["", "15/04/2025", "16/04/2025", "7.00"]], 2, "120.50", None),  # no supplier
        ([[], ["Acme Ltd", "TBC", "7.00"]], 2, "120.50", None),
    ],
)
def test_a_second_table_without_headings_is_read_where_its_columns_are_certain(
    below: list[list[str]], kept: int, gbp: str, said: str | None, tmp_path: Path
) -> None:
    (report,) = check_paths([book(tmp_path / "spend.xlsx", [*FIRST, *below])])
    assert (report.kept, report.gbp_kept) == (kept, Decimal(gbp))
    assert report.reconciles()
    assert report.rows == len([row for row in below if any(row)]) + 2
    assert any(said in note for note in report.notes) if said else not report.notes
    assert report.gbp_refused == sum(Decimal(row[-1]) for row in below if {"TBC", "Total"} & {*row})


def test_a_table_moved_to_the_left_and_a_register_are_read_so_too(tmp_path: Path) -> None:
    rows = [["", *row] for row in FIRST] + [[], ["Clay plc", "15/04/2025", "7.00"]]
    (left,) = check_paths([sheet_of(tmp_path / "spend.csv", rows)])
    assert (left.kept, left.gbp_kept) == (3, Decimal("127.50"))
    assert "1 column to the left" in left.notes[0]

    head = ["Contract Title", "Supplier Name", "Start Date", "End Date", "Contract Value"]
    job = ["Acme Ltd", "13/04/2025", "12/04/2026", "500"]
    (register,) = check_paths([book(tmp_path / "register.xlsx", [head, ["Roads", *job], [], ["", "Bins", *job]])])
    assert (register.source, register.kept, register.gbp_kept) == ("contracts", 2, Decimal(1000))


def test_the_same_headings_again_are_no_new_table(tmp_path: Path) -> None:
    (report,) = check_paths([sheet_of(tmp_path / "spend.csv", [*FIRST, *FIRST])])
    assert (report.kept, report.notes) == (4, ())


def test_tables_side_by_side_are_refused_and_told(tmp_path: Path) -> None:
    rows = [[*row, "", *row] for row in FIRST]
    (report,) = check_paths([book(tmp_path / "spend.xlsx", rows)])
    assert "two tables stand side by side: net amount, payment date, supplier name come twice" in (
        report.error or ""
    )
    assert "sheet 'April', row 1" in (report.error or "")


def test_a_small_table_has_them_too(tmp_path: Path) -> None:
    head = ["Contract Title", "Supplier Name", "Start Date", "End Date", "Contract Value"]
    rows = [head, ["Roads", "Acme Ltd", "13/04/2025", "12/04/2026", "500"],
            ["", *head], ["", "Bins", "Bolt CIC", "14/04/2025", "13/04/2026", "70"]]  # fmt: skip
    with connect() as con:
        frame, report = read_table(con, "contracts", book(tmp_path / "register.xlsx", rows), tmp_path)
    assert list(frame["title"]) == ["Roads", "Bins"]
    assert list(frame["source_row"]) == [2, 4]
    assert (report.kept, report.gbp_kept, report.refused) == (2, Decimal(570), 0)
    assert not pd.isna(frame["value_gbp"]).any()

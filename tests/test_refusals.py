"""A row is told every rule that it breaks, and counted under the first."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from cwb.cli.show import show_reports
from cwb.sources.datasets.awards import NO_MORE
from cwb.sources.refusal import Breach
from cwb.sources.report import FileReport, RawFile
from cwb.sources.spend import read_spend
from cwb.sources.store import _write_rejects
from raw_files import read_table

CONTRACTS = "Contract Title,Supplier Company Name,Start Date,End Date,Total Contract Value\n"
SPEND = "Supplier Name,Payment Date,Transaction No,Amount,Currency"


def contracts(con: duckdb.DuckDBPyConnection, folder: Path, *rows: str) -> FileReport:
    path = folder / "register.csv"
    path.write_text(CONTRACTS + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return read_table(con, "contracts", path, folder)[1]


def payments(con: duckdb.DuckDBPyConnection, folder: Path, *rows: str) -> FileReport:
    path = folder / "spend.csv"
    path.write_text("\n".join((SPEND, *rows)) + "\n", encoding="utf-8")
    return read_spend(con, RawFile.of(path), folder / "out.parquet", folder / "scratch")


def test_a_row_of_a_table_is_told_each_column_to_mend(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    report = contracts(
        con, tmp_path, "Roads,Acme,TBC,31/03/2024,-50", "Bins,Bolt,,31/03/2024,-7", "Parks,Cog,01/04/2024,,9"
    )
    first, second = report.refusals
    assert (report.kept, report.refused, report.gbp_refused) == (1, 2, Decimal(-57))
    assert report.refused_by_reason() == {"no start date": 1, "value is negative": 1}
    # "TBC" is no blank cell, and a blank cell is told of once, though it cannot be read either.
    assert [(one.reason, one.column, one.value) for one in first.breaches] == [
        ("value is negative", "value", "-50"), ("start date cannot be read", "start_date", "TBC"),
    ]  # fmt: skip
    assert [(one.reason, one.column, one.value) for one in second.breaches] == [
        ("no start date", "start_date", None), ("value is negative", "value", "-7"),
    ]  # fmt: skip
    assert all(one.remedy for row in report.refusals for one in row.breaches)


def test_a_payment_is_told_its_day_and_its_amount(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    report = payments(
        con, tmp_path, "Acme,01/04/2025,1,5,", "Bolt,TBC,2,n/k,", "Cog,,3,abc,", "Dun,X,4,30,USD", "Elm,,5,,", "Fig,TBC,6,8,",
    )  # fmt: skip
    assert (report.kept, report.refused, report.gbp_refused) == (1, 5, Decimal(8))
    told = {row.row: [(one.reason, one.column, one.value) for one in row.breaches] for row in report.refusals}
    unread, none = "payment date cannot be read", "no payment date"
    assert told == {
        3: [(unread, "payment_date", "TBC"), ("amount cannot be read", "amount", "n/k")],
        # What cannot be read as an amount is not shown as a date.
        4: [(none, "payment_date", None), ("amount cannot be read", "amount", "abc")],
        5: [(unread, "payment_date", "X"), ("amount is not in pounds", "amount", "30 USD")],
        6: [(none, "payment_date", None), ("no amount", "amount", None)],
        7: [(unread, "payment_date", "TBC")],
    }


def test_a_row_that_is_no_award_is_not_told_what_else_it_lacks(
    tmp_path: Path, con: duckdb.DuckDBPyConnection
) -> None:
    path = tmp_path / "awards.csv"
    path.write_text(
        "Notice Identifier,Award Identifier,Organisation Name,Status,Published Date,Awarded Date,Supplier [Name|Address|Ref type|Ref Number|Is SME|Is VCSE]\n",
        encoding="utf-8",
    )
    with path.open("a", encoding="utf-8") as file:
        file.write("N1,A1,Place,Withdrawn,01/04/2026,TBC,[Acme|||||]\nN2,,,Awarded,01/04/2026,TBC,[Acme|||||]\n")
    report = read_table(con, "awards", path, tmp_path)[1]
    assert report.error is None
    assert [[one.reason for one in row.breaches] for row in report.refusals] == [
        [NO_MORE],
        ["no buyer", "award date cannot be read"],
    ]


def test_the_check_and_the_list_of_refused_rows_name_every_rule(
    tmp_path: Path, con: duckdb.DuckDBPyConnection, capsys: pytest.CaptureFixture[str]
) -> None:
    report = contracts(con, tmp_path, "Roads,Acme,TBC,31/03/2024,-50", "Bins,Bolt,TBC,31/03/2024,7")
    show_reports([report])
    shown = " ".join(capsys.readouterr().out.split())
    assert "register.csv: 2 rows refused" in shown
    assert "row 2, column 'Total Contract Value': value is negative (found '-50')" in shown
    assert "column 'Start Date': 2 rows: start date cannot be read (found 'TBC' 2 times), rows 2, 3" in shown
    _write_rejects(tmp_path / "rejects", [report])
    with (tmp_path / "rejects" / "contracts.csv").open(encoding="utf-8-sig", newline="") as file:
        first, second = csv.DictReader(file)
    assert (first["column"], first["value"], first["pounds"]) == ("Total Contract Value", "-50", "-50.00")
    assert first["also"].startswith("Start Date: start date cannot be read. ")
    assert (second["column"], second["also"]) == ("Start Date", "")


def test_what_is_written_down_is_read_back(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    report = contracts(con, tmp_path, "Roads,Acme,TBC,31/03/2024,-50")
    again = FileReport.from_dict(report.as_dict())
    assert again.refusals == report.refusals
    assert again.refusals[0].also == (
        Breach("start date cannot be read", report.refusals[0].also[0].remedy, "start_date", "TBC"),
    )


def test_pounds_that_cannot_be_read_are_not_told_as_nought(
    tmp_path: Path, con: duckdb.DuckDBPyConnection, capsys: pytest.CaptureFixture[str]
) -> None:
    """10 kept; of two rows left out one states 5 pounds and no day, of the other nobody knows the pounds."""
    rows = ("Acme,01/04/2023,T1,10,", "Bolt,TBC,T2,5,", "Cog,01/04/2023,T3,see note,")
    report = payments(con, tmp_path, *rows)
    assert [one["gbp"] for one in report.as_dict()["refusals"]] == [5.0, None]  # type: ignore[attr-defined]
    assert FileReport.from_dict(report.as_dict()) == report
    assert (report.gbp_refused, report.refused_without_pounds) == (5, 1)
    show_reports([report])
    shown = " ".join(capsys.readouterr().out.split())
    assert "2 rows refused, £5.00, and the pounds of 1 not known" in shown
    assert "£5.00 refused or totals + £0.00 twice + 1 row whose pounds are not known" in shown


def test_pounds_of_a_row_of_a_table_that_cannot_be_read_are_not_nought(
    tmp_path: Path, con: duckdb.DuckDBPyConnection
) -> None:
    report = contracts(con, tmp_path, "Roads,Acme,TBC,31/03/2024,50", "Bins,Bolt,TBC,31/03/2024,many")
    assert [one.is_gbp_known for one in report.refusals] == [True, False]


@pytest.mark.parametrize(
    ("source", "text", "wanted"),
    [
        (
            "pipeline",
            "Title,Expected tender date\nTotal,\nFurniture,TBC\n",
            [
                (2, "tender_date", "no expected date", None),
                (3, "tender_date", "expected date cannot be read", "TBC"),
            ],
        ),
        (
            "employment",
            "Scheme,Kind,Measure,Delivered in period,Of whom residents,Basis,Period from,Period to\n"
            "Mill,s106,Local labour share,0.62,,persons,01/04/2022,31/03/2023\n"
            "Mill,s106,Local labour share,100,62,persons,01/04/2022,31/03/2023\n"
            "Mill,s106,Jobs: apprentices,4,,,01/04/2022,31/03/2023\n",
            [
                (2, "delivered", "a share of workers in place of their number", "0.62"),
                (4, "basis", "a job without a basis", None),
            ],
        ),
    ],
)
def test_a_row_is_told_once_of_the_cell_that_is_to_mend(
    source: str,
    text: str,
    wanted: list[tuple[int, str, str, str | None]],
    tmp_path: Path,
    con: duckdb.DuckDBPyConnection,
) -> None:
    path = tmp_path / "form.csv"
    path.write_text(text, encoding="utf-8")
    report = read_table(con, source, path, tmp_path)[1]
    breaches = [
        (refusal.row, one.column, one.reason, one.value) for refusal in report.refusals for one in refusal.breaches
    ]
    assert breaches == wanted

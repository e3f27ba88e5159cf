"""Of which days the oldest and the newest row of each raw file are, as its validated table holds them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import duckdb

from cwb.base.database import parquet_sql
from cwb.sources.report import FileReport

# By what a row is dated: when it was paid, told, awarded, begun, approved. An end is no age: it lies ahead.
_DAYS = (
    "payment_date", "notice_date", "award_date", "tender_date", "sign_off_date", "started", "start_date",
    "approved_date", "approved_on", "decided_on", "told_on",
)  # fmt: skip


def days_of_rows(
    con: duckdb.DuckDBPyConnection, folder: Path, reports: Iterable[FileReport]
) -> dict[str, tuple[date, date]]:
    """Raw file → the oldest and the newest day of its rows that were kept, in the tables of `folder`; of a register the day that it is of.

    A file whose rows bear no day, or of which no row was kept, is left out.
    """
    kept = [report for report in reports if report.kept]
    as_of = {report.file: date.fromisoformat(report.as_of) for report in kept if report.as_of}
    found = {file: (day, day) for file, day in as_of.items()}
    for source in sorted({report.source for report in kept if not report.as_of}):
        alone = folder / f"{source}.parquet"
        for table in [alone] if alone.is_file() else sorted((folder / source).glob("*.parquet")):
            found.update(_days_of(con, table))
    return found


def _days_of(con: duckdb.DuckDBPyConnection, table: Path) -> dict[str, tuple[date, date]]:
    relation = con.sql(f"SELECT * FROM {parquet_sql(table)}")
    column = next((name for name in _DAYS if name in relation.columns), None)
    if column is None or "source_file" not in relation.columns:
        return {}
    day = f"CAST({column} AS DATE)"
    days = f"SELECT source_file, min({day}) AS oldest, max({day}) AS newest FROM {parquet_sql(table)} GROUP BY source_file"
    rows = con.execute(f"SELECT source_file, oldest, newest FROM ({days}) WHERE newest IS NOT NULL").fetchall()
    return {file: (oldest, newest) for file, oldest, newest in rows}

"""Rows of spend that more than one file delivers: counted once, whichever file names them."""

from __future__ import annotations

from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from pathlib import Path

import duckdb
import pandas as pd

from cwb.sources.report import ZERO, Amount, FileReport
from cwb.sources.spend_sql import lines_of

# Rows without a transaction number are the same delivery only if half of a month's rows recur.
MONTH_OVERLAP, MONTH_ROWS = 0.5, 5


def find_duplicates(
    con: duckdb.DuckDBPyConnection, reports: list[FileReport], folder: Path
) -> tuple[pd.DataFrame, list[FileReport]]:
    """Rows that an earlier file has already delivered, and the reports that count them so.

    One row per duplicate: `source_file`, `source_sheet`, `source_row`. A whole file with the bytes of an earlier
    one is a duplicate. A line is one when an earlier file holds the same line in every field and it has a
    transaction number; without such a number, only when at least half of that month's lines recur. Lines that
    repeat within one file stay: the n-th repetition is a duplicate only of an n-th repetition elsewhere.
    """
    columns = ["source_file", "source_sheet", "source_row"]
    readable = [(n, r) for n, r in enumerate(reports) if not r.error]
    if len(readable) < 2:
        return pd.DataFrame(columns=columns).astype({"source_row": "int64"}), reports
    listing = pd.DataFrame(
        [(n, r.file, r.sha256) for n, r in readable], columns=["file_order", "source_file", "sha256"]
    )
    con.register("spend_files", listing)
    lines = lines_of([folder / f"{n:04d}.parquet" for n, _ in readable])
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE delivered AS
        WITH lines AS (
            SELECT file_order, sha256, source_file, source_sheet, source_row, amount_gbp,
                   hash(payment_date, amount_gbp, supplier_name, is_redacted, department, service, purpose,
                        category, transaction_number, organisation_name) AS row_key, supplier_name IS NULL AS is_unnamed,
                   transaction_number IS NOT NULL AS has_number, date_trunc('month', payment_date) AS month
            FROM {lines} JOIN spend_files USING (source_file) WHERE reason IS NULL
        ), shared AS (
            SELECT month FROM lines GROUP BY month HAVING count(DISTINCT file_order) > 1
        )
        SELECT *, row_number() OVER (
            PARTITION BY file_order, row_key ORDER BY source_sheet, source_row) AS repetition
        FROM lines SEMI JOIN shared USING (month)"""
    )
    found = con.sql(
        f"""
        WITH pairs AS (
            SELECT later.*, earlier.file_order AS earlier_order, earlier.source_file AS earlier_file,
                   later.sha256 = earlier.sha256 AS same_bytes
            FROM delivered later JOIN delivered earlier
            ON later.row_key = earlier.row_key AND later.repetition = earlier.repetition
               AND earlier.file_order < later.file_order
        ), sizes AS (
            SELECT file_order, month, count(*) AS lines FROM delivered GROUP BY ALL
        ), overlap AS (
            SELECT p.file_order, p.earlier_order, p.month,
                   count(*) >= {MONTH_ROWS} AND count(*) >= {MONTH_OVERLAP} * least(min(a.lines), min(b.lines)) AS is_overlap
            FROM pairs p
            JOIN sizes a ON a.file_order = p.file_order AND a.month = p.month
            JOIN sizes b ON b.file_order = p.earlier_order AND b.month = p.month
            GROUP BY ALL
        )
        SELECT source_file, source_sheet, source_row, any_value(amount_gbp) AS amount_gbp,
               any_value(is_unnamed) AS is_unnamed,
               min_by(earlier_file, p.earlier_order) AS earlier_file
        FROM pairs p JOIN overlap o
        ON o.file_order = p.file_order AND o.earlier_order = p.earlier_order AND o.month = p.month
        WHERE has_number OR is_overlap OR same_bytes
        GROUP BY source_file, source_sheet, source_row ORDER BY ALL"""
    ).fetchall()
    con.unregister("spend_files")
    by_file = {report.file: report for report in reports}
    for name, rows in groupby(found, key=itemgetter(0)):
        given = [(Decimal(amount), is_unnamed, earlier) for _, _, _, amount, is_unnamed, earlier in rows]
        unnamed = [amount for amount, is_unnamed, _ in given if is_unnamed]
        by_file[name] = by_file[name].delivered_before(
            Amount(len(given), sum((amount for amount, _, _ in given), start=ZERO)),
            {earlier for _, _, earlier in given},
            Amount(len(unnamed), sum(unnamed, start=ZERO)),
        )
    repeated = pd.DataFrame([row[:3] for row in found], columns=columns).astype({"source_row": "int64"})
    return repeated, list(by_file.values())

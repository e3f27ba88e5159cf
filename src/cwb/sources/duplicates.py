"""Rows of spend that more than one file, or more than one sheet of a workbook, delivers: counted once."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from pathlib import Path

import duckdb
import pandas as pd

from cwb.base.rows import PLACE
from cwb.sources.refusal import ZERO
from cwb.sources.report import Amount, FileReport
from cwb.sources.spend_sql import lines_of
from cwb.sources.workbooks import WORKBOOKS

# Rows without a transaction number are the same delivery only if half of a month's rows recur.
MONTH_OVERLAP, MONTH_ROWS = 0.5, 5
_PAIR = """later.file_order, later.sheet, later.source_file, later.source_sheet, later.source_row, later.amount_gbp,
    later.is_unnamed, later.has_number, later.unnumbered_key, earlier.file_order AS earlier_order, earlier.sheet AS earlier_sheet,
    earlier.source_file AS earlier_file"""
# A sheet all of whose rows stand in another one repeats it from this many rows on; from as many different ones where the
# numbers of its rows differ, as numbers of lines do.
SHEET_ROWS, UNNUMBERED_ROWS = 2, 3


def find_duplicates(
    con: duckdb.DuckDBPyConnection, reports: list[FileReport], folder: Path
) -> tuple[pd.DataFrame, list[FileReport]]:
    """Rows that an earlier file or sheet has already delivered, and the reports that count them so.

    One row per duplicate: `source_file`, `source_sheet`, `source_row`. A whole file with the bytes of an earlier
    one is a duplicate. A line is one when an earlier file holds the same line in every field and it has a
    transaction number; without such a number, only when at least half of that month's lines recur, and with other numbers only
    where all of them do. Lines that
    repeat within one file stay: the n-th repetition is a duplicate only of an n-th repetition elsewhere. Capitals of a name
    make no difference.

    Sheets of one workbook are compared as wholes: one repeats another where half of the smaller one's lines recur, for an
    invoice may well be shared between the sheets of two departments. There the day, the amount, the supplier and the
    number are enough, for a sheet of all months may have a column more than that of a month. A sheet all of whose lines recur
    but for their numbers is repeated too, for those may be numbers of lines.
    """
    columns = ["source_file", "source_sheet", "source_row"]
    readable = [(n, r) for n, r in enumerate(reports) if not r.error]
    has_sheets = any(Path(r.file).suffix.lower() in WORKBOOKS for _, r in readable)
    if len(readable) < 2 and not has_sheets:
        return pd.DataFrame(columns=columns).astype({"source_row": "int64"}), reports
    listing = pd.DataFrame(
        [(n, r.file, r.sha256) for n, r in readable], columns=["file_order", "source_file", "sha256"]
    )
    con.register("spend_files", listing)
    lines = lines_of([folder / f"{n:04d}.parquet" for n, _ in readable])
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE delivered AS
        WITH lines AS (
            SELECT file_order, coalesce(source_sheet, '') AS sheet, sha256, {PLACE}, amount_gbp,
                   hash(payment_date, amount_gbp, upper(supplier_name), is_redacted, department, service, purpose,
                        category, transaction_number, organisation_name) AS row_key,
                   hash(payment_date, amount_gbp, upper(supplier_name), is_redacted, department, service, purpose,
                        category, organisation_name) AS renumbered_key,
                   hash(payment_date, amount_gbp, upper(supplier_name), is_redacted, transaction_number) AS payment_key,
                   hash(payment_date, amount_gbp, upper(supplier_name), is_redacted) AS unnumbered_key,
                   supplier_name IS NULL AS is_unnamed,
                   transaction_number IS NOT NULL AS has_number, date_trunc('month', payment_date) AS month
            FROM {lines} JOIN spend_files USING (source_file) WHERE reason IS NULL
        ), shared AS (
            SELECT month FROM lines GROUP BY month
            HAVING min(file_order) < max(file_order) OR min(sheet) < max(sheet)
        )
        SELECT *, row_number() OVER (
            PARTITION BY file_order, sheet, row_key ORDER BY source_row) AS repetition, row_number() OVER (
            PARTITION BY file_order, sheet, renumbered_key ORDER BY source_row) AS renumbered_nth
        FROM lines SEMI JOIN shared USING (month)"""
    )
    found = con.execute(
        f"""
        WITH sheets AS (
            SELECT *, row_number() OVER (
                PARTITION BY file_order, sheet, payment_key ORDER BY source_row) AS nth, row_number() OVER (
                PARTITION BY file_order, sheet, unnumbered_key ORDER BY source_row) AS unnumbered_nth
            FROM delivered WHERE sheet <> ''
        ), pairs AS (
            SELECT {_PAIR}, earlier.sha256 = later.sha256 AS same_bytes, later.month AS compared, 'file' AS by
            FROM delivered later JOIN delivered earlier
            ON later.row_key = earlier.row_key AND later.repetition = earlier.repetition
               AND earlier.file_order < later.file_order
            UNION ALL
            SELECT {_PAIR}, false, later.month, 'renumbered'
            FROM delivered later JOIN delivered earlier
            ON later.renumbered_key = earlier.renumbered_key AND later.renumbered_nth = earlier.renumbered_nth
               AND earlier.file_order < later.file_order
            UNION ALL
            SELECT {_PAIR}, false, NULL, 'sheet'
            FROM sheets later JOIN sheets earlier
            ON later.file_order = earlier.file_order AND earlier.sheet < later.sheet
               AND later.payment_key = earlier.payment_key AND later.nth = earlier.nth
            UNION ALL
            SELECT {_PAIR}, false, NULL, 'unnumbered'
            FROM sheets later JOIN sheets earlier
            ON later.file_order = earlier.file_order AND earlier.sheet < later.sheet
               AND later.unnumbered_key = earlier.unnumbered_key AND later.unnumbered_nth = earlier.unnumbered_nth
        ), sizes AS (
            SELECT file_order, sheet, month AS compared, count(*) AS lines FROM delivered
            GROUP BY GROUPING SETS ((file_order, sheet, month), (file_order, sheet))
        ), overlap AS (
            SELECT p.file_order, p.sheet, p.earlier_order, p.earlier_sheet, p.compared, p.by,
                   count(DISTINCT p.unnumbered_key) AS different,
                   count(*) >= {MONTH_OVERLAP} * least(min(a.lines), min(b.lines)) AS is_half,
                   count(*) = least(min(a.lines), min(b.lines)) AND count(*) >= {SHEET_ROWS} AS is_whole,
                   count(*) >= {MONTH_ROWS} AS is_many
            FROM pairs p
            JOIN sizes a ON a.file_order = p.file_order AND a.sheet = p.sheet
                AND a.compared IS NOT DISTINCT FROM p.compared
            JOIN sizes b ON b.file_order = p.earlier_order AND b.sheet = p.earlier_sheet
                AND b.compared IS NOT DISTINCT FROM p.compared
            GROUP BY ALL
        )
        SELECT {PLACE}, any_value(amount_gbp) AS amount_gbp,
               any_value(is_unnamed) AS is_unnamed,
               min_by(earlier_file, p.earlier_order) AS earlier_file,
               min_by(p.earlier_sheet, (p.earlier_order, p.earlier_sheet)) FILTER (p.by IN ('sheet', 'unnumbered')) AS earlier_sheet
        FROM pairs p JOIN overlap o
        ON o.file_order = p.file_order AND o.sheet = p.sheet AND o.earlier_order = p.earlier_order
            AND o.earlier_sheet = p.earlier_sheet AND o.compared IS NOT DISTINCT FROM p.compared AND o.by = p.by
        WHERE CASE p.by WHEN 'file' THEN same_bytes OR is_half AND is_many OR has_number
            WHEN 'sheet' THEN is_half AND (is_many OR has_number) OR is_whole
            WHEN 'unnumbered' THEN is_whole AND different >= {UNNUMBERED_ROWS}
            ELSE is_whole AND different >= {MONTH_ROWS} END
        GROUP BY {PLACE} ORDER BY ALL"""
    ).fetchall()
    con.unregister("spend_files")
    by_file = {report.file: report for report in reports}
    for name, rows in groupby(found, key=itemgetter(0)):
        given = [(Decimal(amount), is_unnamed, *earlier) for _, _, _, amount, is_unnamed, *earlier in rows]
        unnamed = [amount for amount, is_unnamed, *_ in given if is_unnamed]
        report = by_file[name].delivered_before(
            Amount(len(given), sum((amount for amount, *_ in given), start=ZERO)),
            {earlier for _, _, earlier, _ in given},
            Amount(len(unnamed), sum(unnamed, start=ZERO)),
        )
        sheets = Counter(sheet for *_, sheet in given if sheet is not None)
        by_file[name] = replace(
            report,
            notes=report.notes
            + tuple(
                f"{number:,} rows stand in sheet '{sheet}' and again in another: they count once"
                for sheet, number in sorted(sheets.items())
            ),
        )
    repeated = pd.DataFrame([row[:3] for row in found], columns=columns).astype({"source_row": "int64"})
    return repeated, list(by_file.values())

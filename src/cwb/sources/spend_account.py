"""The account of one spending file: rows and pounds kept, refused with reason and remedy, and what to look at."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import duckdb

from cwb.sources.refusal import TOTAL_ROW, Breach, Refusal
from cwb.sources.report import Amount, FileReport, rows_of
from cwb.sources.spend_reasons import REMEDIES
from cwb.sources.spend_sql import AMOUNTS, lines_of
from cwb.sources.unread import unread_in

# Rows further from the middle of their file than this may have a wrong year.
_FAR = timedelta(days=250)
_ALL_FIRST_DAYS = 5


def account(con: duckdb.DuckDBPyConnection, part: Path, report: FileReport) -> FileReport:
    """The report with rows, pounds, refusals and notes of the lines that were read into `part`."""
    table = lines_of([part])
    rows, gbp, unnamed, unnamed_gbp, redacted, bases, middle, first, last = con.execute(
        f"""SELECT count(*), coalesce(sum(amount_gbp), 0), count(*) FILTER (supplier_name IS NULL),
                   coalesce(sum(amount_gbp) FILTER (supplier_name IS NULL), 0), count(*) FILTER (is_redacted),
                   string_agg(DISTINCT vat_basis, ', ' ORDER BY vat_basis), median(payment_date)::DATE,
                   min(payment_date), max(payment_date)
            FROM {table} WHERE reason IS NULL"""
    ).fetchall()[0]
    stay = "stays" if redacted == 1 else "stay"
    notes = [f"{rows_of(redacted)} with the supplier's name withheld {stay} in totals"] if redacted else []
    refused = con.execute(
        f"""SELECT source_row, source_sheet, amount_gbp, reason, offending_text, also, also_text
            FROM {lines_of([part], whole=True)}
            WHERE reason IS NOT NULL ORDER BY source_sheet NULLS FIRST, source_row"""
    ).fetchall()
    amount = next((name for name in AMOUNTS if name in report.headings), "amount")
    refusals = [
        Refusal.of(
            number,
            sheet,
            [_breach(one, text, amount) for one, text in ((reason, found), (also, other)) if one],
            gbp,
        )
        for number, sheet, gbp, reason, found, also, other in refused
    ]
    notes += [*_months_stated(con, part), *_several_named(con, part)]
    notes += _check_stated_totals(con, table, refusals)
    if rows and max(middle - first, last - middle) > _FAR:
        stray = con.execute(
            f"SELECT count(*) FROM {table} WHERE reason IS NULL AND abs(payment_date - ?) > ?", [middle, _FAR.days]
        ).fetchall()[0][0]
        notes.append(f"{rows_of(stray)} dated over {_FAR.days} days from the middle of the file: check the year")
    report = report.account(Amount(rows, Decimal(gbp)), refusals, unnamed=Amount(unnamed, Decimal(unnamed_gbp)))
    unread = unread_in(con, f"(FROM {lines_of([part], whole=True)} WHERE reason IS NULL)")
    return replace(report, vat_basis=bases, notes=(*report.notes, *notes), unread=unread)


def _breach(reason: str, text: str | None, amount: str) -> Breach:
    column = "payment_date" if "date" in reason else amount if "amount" in reason else None
    return Breach(reason, REMEDIES[reason], column, text)


def _months_stated(con: duckdb.DuckDBPyConnection, part: Path) -> list[str]:
    """Notes of rows kept that state only the month."""
    rows, first_days, months = con.execute(
        f"""SELECT count(*), count(*) FILTER (day(payment_date) = 1), count(*) FILTER (states_month)
            FROM {lines_of([part], whole=True)} WHERE reason IS NULL"""
    ).fetchall()[0]
    notes = []
    if months:
        notes.append(
            f"{rows_of(months)} {'states' if months == 1 else 'state'} only the month of payment: stored as its first day"
        )
    elif rows == first_days >= _ALL_FIRST_DAYS:
        # A workbook's cell that shows "Apr-25" holds the first of April, and nothing else tells of it.
        notes.append(f"all {rows:,} rows are dated the first of a month: their days may not be stated")
    return notes


def _several_named(con: duckdb.DuckDBPyConnection, part: Path) -> list[str]:
    """A note on rows kept whose cell names several suppliers: how much of a payment is whose is not stated."""
    rows, gbp = con.execute(
        f"SELECT count(*), sum(amount_gbp) FROM {lines_of([part], whole=True)} WHERE reason IS NULL AND names_several"
    ).fetchall()[0]
    return (
        [f"{rows_of(rows)} (£{gbp:,.2f}) to several suppliers at once: in totals, and no supplier's"]
        if rows
        else []
    )


def _check_stated_totals(con: duckdb.DuckDBPyConnection, table: str, refused: list[Refusal]) -> list[str]:
    """Compare a file's own last total with the rows above it; a difference is reported, not mended."""
    notes = []
    totals = [(one.sheet, one.row, one.gbp) for one in refused if one.reason == TOTAL_ROW and one.gbp]
    for sheet, number, total in totals[-1:]:
        before = max((row for other, row, _ in totals[:-1] if other == sheet), default=0)
        summed = con.execute(
            "SELECT coalesce(sum(amount_gbp), 0), coalesce(sum(amount_gbp) FILTER (source_row > ?), 0) "
            f"FROM {table} WHERE reason IS NULL AND source_sheet IS NOT DISTINCT FROM ? AND source_row < ?",
            [before, sheet, number],
        ).fetchall()[0]
        verdict = "agrees with" if total in summed else f"differs from the £{summed[0]:,.2f} of"
        notes.append(f"the file's own total in row {number}, £{total:,.2f}, {verdict} its rows")
    return notes

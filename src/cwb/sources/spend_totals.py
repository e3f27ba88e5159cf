"""Which rows of a spending file only add up the rows above them.

Some say so in words. What only a sum can tell is marked as the file is typed, with the reason that counts if the sum does not
agree, and settled when all its rows are known: for few files have such rows, and a sum down a long one takes its time.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from cwb.base.database import file_sql, parquet_sql
from cwb.sources.refusal import TOTAL_ROW, ZERO
from cwb.sources.report import rows_of
from cwb.sources.spend_reasons import NEITHER, NO_DATE, NO_SUM
from cwb.sources.tabular import sql_text

KEPT = ""
_MARK = f"{TOTAL_ROW}, or else: "
_OTHER_WORDS = (
    "grand|sub|overall|net|gross|amount|spend|spending|expenditure|payments?|invoices?|for|of|the|month|quarter|year|period|"
    "[0-9]+|jan|january|feb|february|mar|march|apr|april|may|june?|july?|aug|august|sept?|september|oct|october|nov|november|"
    "dec|december"
)
# A cell of nothing but words of a total: "Grand Total", "April 2025 Total:", "Sub-totals".
_GAP = r"[^a-z0-9\n]"
_ONLY_WORDS = rf"{_GAP}*((({_OTHER_WORDS}){_GAP}+)|sub|grand)*totals?({_GAP}+({_OTHER_WORDS}))*{_GAP}*"
_IN_A_CELL = rf"(^|\n){_ONLY_WORDS}(\n|$)"
_ENDS = r"\btotals?\W*$"
_BEGINS_OR_ENDS = rf"^\W*(grand |sub-?)?totals?\b|{_ENDS}"
# A file adds up fractions of a penny that its rows do not show: half a penny a row, and never more than a pound.
_ROUNDING, _MOST_ROUNDING = Decimal("0.005"), Decimal(1)


def sql_total_by_name(name: str, day: str, day_text: str, transaction: str, cells: list[str]) -> str:
    """SQL: the reason of a row that a cell calls a total, by the SQL of its parts; NULL for any other row.

    A supplier may be called "Total Gas & Power", or "Total": without its sum a row is a total only where it has no date and a
    cell says nothing else. What has a number of the transaction is a payment.
    """
    joined = " || chr(10) || ".join(f"lower(coalesce(trim({cell}), ''))" for cell in cells)
    first = "lower(coalesce(" + ", ".join(f"nullif(trim({cell}), '')" for cell in cells) + ", ''))"
    is_total = f"regexp_full_match(lower({name}), {sql_text(_ONLY_WORDS)})"
    has_total = f"regexp_matches({joined}, {sql_text(_IN_A_CELL)})"
    no_day = f"regexp_full_match(nullif(lower(trim({day_text})), ''), {sql_text(_ONLY_WORDS)})"
    begins = f"regexp_full_match({first}, {sql_text(_ONLY_WORDS)})"
    # CASE and not AND: DuckDB computes every part of an AND for every row.
    return f"""CASE WHEN {day} IS NOT NULL THEN
             CASE WHEN {name} IS NULL
                       THEN CASE WHEN {transaction} IS NULL AND {has_total} THEN {_marked(NO_SUM)} END
                  WHEN {name} ILIKE '%total%'
                       THEN CASE WHEN {transaction} IS NOT NULL THEN NULL
                                 WHEN {is_total} THEN {_marked(NO_SUM)}
                                 WHEN regexp_matches(lower({name}), {sql_text(_ENDS)}) THEN {_marked(KEPT)} END END
         WHEN {transaction} IS NOT NULL OR NOT coalesce({no_day}, true) THEN NULL
         WHEN coalesce({is_total}, {has_total}) OR {begins} THEN {sql_text(TOTAL_ROW)}
         WHEN regexp_matches(coalesce(lower({name}), {first}), {sql_text(_BEGINS_OR_ENDS)})
             THEN CASE WHEN {name} IS NULL THEN {_marked(NEITHER)} ELSE {_marked(NO_DATE)} END
         END"""


def sql_bare_amount() -> str:
    """SQL: the reason of a row that has an amount and nothing else. It may as well lie below a cell merged over several rows."""
    return _marked(NEITHER)


def settle_totals(con: duckdb.DuckDBPyConnection, part: Path) -> list[str]:
    """Give every marked row of a typed file its reason; a note of those that are kept as payments."""
    is_marked = f"coalesce(starts_with(reason, {sql_text(_MARK)}), false)"
    if not con.execute(f"SELECT count(*) FROM {parquet_sql(part)} WHERE {is_marked}").fetchall()[0][0]:
        return []
    raw = f"read_parquet({file_sql(part)}, file_row_number = true, hive_partitioning = false)"
    # Each line goes to the next row that may be a total: a window of sums takes DuckDB minutes of a million lines.
    rows = con.execute(
        f"""WITH typed AS (SELECT NULL::VARCHAR AS source_sheet, NULL::BIGINT AS source_row WHERE false
                           UNION ALL BY NAME FROM {raw}),
            lines AS (SELECT file_row_number AS place, coalesce(source_sheet, '') AS sheet, amount_gbp, reason,
                             coalesce(source_row, file_row_number + 1) AS number,
                             {is_marked} OR coalesce(reason = {sql_text(TOTAL_ROW)}, false) AS may_be_total
                      FROM typed WHERE is_data AND number > header_row),
            marked AS (FROM lines WHERE may_be_total),
            between AS (SELECT m.place AS end_place, sum(l.amount_gbp) FILTER (l.reason IS NULL) AS kept,
                               sum(l.amount_gbp) AS stated, count(*) AS rows_between
                        FROM lines l ASOF JOIN marked m ON l.sheet = m.sheet AND l.place < m.place
                        WHERE NOT l.may_be_total GROUP BY ALL)
            SELECT place, sheet, number, coalesce(amount_gbp, 0), reason, coalesce(kept, 0), coalesce(stated, 0),
                   coalesce(rows_between, 0)
            FROM marked LEFT JOIN between ON end_place = place ORDER BY sheet, place"""
    ).fetchall()
    totals = _totals_among(rows)
    target = part.with_suffix(".settled")
    # A list and no join: the order of the rows is that of the file.
    reason = f"""CASE WHEN {is_marked}
                      THEN CASE WHEN list_contains({sorted(totals)}::BIGINT[], file_row_number) THEN {sql_text(TOTAL_ROW)}
                                ELSE nullif(substr(reason, {len(_MARK) + 1}), '{KEPT}') END
                      ELSE reason END"""
    copy_typed(con, f"SELECT * EXCLUDE (file_row_number) REPLACE ({reason} AS reason) FROM {raw}", target)
    target.replace(part)
    kept = [row for row in rows if row[0] not in totals and row[4] == _MARK + KEPT]
    gbp = sum((row[3] for row in kept), start=ZERO)
    return (
        [
            f"{rows_of(len(kept))} (£{gbp:,.2f}) to a supplier whose name ends in total, and not the sum of the rows above: "
            f"kept as payments (first: row {kept[0][2]})"
        ]
        if kept
        else []
    )


def _totals_among(rows: Iterable[tuple[Any, ...]]) -> set[int]:
    """The places of the rows that are totals: of all rows above on their sheet, or of those since the last total.

    What is refused above may be in the sum or not, and what a marked row that is no total states is part of it.
    """
    totals: set[int] = set()
    of_sheet = None
    for place, sheet, _, gbp, reason, *between in rows:
        if sheet != of_sheet:
            of_sheet, above, since = sheet, _NOTHING_ABOVE, _NOTHING_ABOVE
        above, since = above.and_rows(*between), since.and_rows(*between)
        if reason == TOTAL_ROW or above.is_sum(gbp) or since.is_sum(gbp):
            totals.add(place)
            since = _NOTHING_ABOVE
        else:
            is_kept = reason == _MARK + KEPT
            above, since = (one.and_rows(gbp if is_kept else ZERO, gbp, 1) for one in (above, since))
    return totals


@dataclass(frozen=True)
class _Above:
    """The pounds of some rows: of those kept, and of all that state an amount."""

    kept: Decimal
    stated: Decimal
    rows: int

    def and_rows(self, kept: Decimal, stated: Decimal, rows: int) -> _Above:
        return _Above(self.kept + kept, self.stated + stated, self.rows + rows)

    def is_sum(self, gbp: Decimal) -> bool:
        """Whether the pounds are the sum of the rows, as far as it is rounded."""
        most = min(self.rows * _ROUNDING, _MOST_ROUNDING)
        return min(abs(self.kept - gbp), abs(self.stated - gbp)) <= most


_NOTHING_ABOVE = _Above(ZERO, ZERO, 0)


def copy_typed(con: duckdb.DuckDBPyConnection, select: str, target: Path) -> None:
    """Write typed lines as Parquet."""
    con.execute(
        f"COPY ({select}) TO {sql_text(target.as_posix())} "
        # Small row groups keep the writer within DuckDB's memory; larger ones would spill and be slower.
        "(FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE 61440, WRITE_BLOOM_FILTER false)"
    )


def _marked(reason: str) -> str:
    """The SQL text of a row that is a total if its sum agrees, and else refused for the reason, or kept."""
    return sql_text(_MARK + reason)

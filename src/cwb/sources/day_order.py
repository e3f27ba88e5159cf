"""Whether a file writes the day first or the month: read from the dates of the whole file, never from one of them.

"04/05/2025" can be either; "04/13/2025" is only a date where the month comes first, "13/04/2025" only where the day does.
A column in which some dates are of the one kind and none of the other is read in that order. One that holds no date of
either kind goes with the other date columns (or sheets) of its file, and day first where these do not tell. One that
holds both is read day first: what is then no date is not read, and the file's report says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import duckdb
import pandas as pd

from cwb.sources.headers import Header
from cwb.sources.tabular import Grid, sql_text

# Two short numbers and a year, with or without a time. DuckDB is given the same pattern.
_NUMERIC = r"^\s*(\d{1,2})[/.\-](\d{1,2})[/.\-](?:\d{4}|\d{2})(?:[T ,].*)?$"
_PATTERN = re.compile(_NUMERIC)
_DAY_ONLY = range(13, 32)
_MONTHS = range(1, 13)


@dataclass(frozen=True)
class DayOrder:
    """How many dates can only be read day first, and how many only month first."""

    day_first: int = 0
    month_first: int = 0

    def __add__(self, other: DayOrder) -> DayOrder:
        return DayOrder(self.day_first + other.day_first, self.month_first + other.month_first)

    def is_month_first(self, file: DayOrder) -> bool:
        """Whether to read a column month first; `file` is the evidence of all columns, for one that has none."""
        evidence = self if self.day_first or self.month_first else file
        return evidence.month_first > 0 and evidence.day_first == 0

    def note(self, column: str, file: DayOrder) -> str | None:
        """What a reader must know of how the column was read; None where it was read day first and in full."""
        if self.is_month_first(file):
            evidence = self if self.month_first else file
            return (
                f"{column} is read month first (04/13/2025 is 13 April): {evidence.month_first:,} dates of the file can only "
                "be read so, and none only day first"
            )
        if self.month_first:
            return (
                f"{column} holds {self.day_first:,} dates that can only be read day first and {self.month_first:,} that can "
                "only be read month first: all are read day first, and the latter cannot be; ask for the file in one order"
            )
        return None


def order_of(texts: Iterable[str | None]) -> DayOrder:
    """The evidence of a column's texts."""
    day_first = month_first = 0
    for text in texts:
        found = _PATTERN.match(text or "")
        if found:
            first, second = int(found[1]), int(found[2])
            day_first += first in _DAY_ONLY and second in _MONTHS
            month_first += first in _MONTHS and second in _DAY_ONLY
    return DayOrder(day_first, month_first)


def day_orders(texts: pd.DataFrame, columns: tuple[str, ...]) -> tuple[dict[str, bool], tuple[str, ...]]:
    """Column → whether its file writes it month first, and a note for every order but day first."""
    orders = {column: order_of(texts[column]) for column in columns}
    file = sum(orders.values(), start=DayOrder())
    notes = tuple(note for column, order in orders.items() if (note := order.note(column, file)))
    return {column: order.is_month_first(file) for column, order in orders.items()}, notes


def has_suspects(con: duckdb.DuckDBPyConnection, relation: str, text: str) -> bool:
    """Whether a text of a relation is a date that could only be read month first."""
    first, second = _numbers(text)
    return bool(
        con.execute(f"SELECT 1 FROM {relation} WHERE {_among(first, _MONTHS)} AND {_among(second, _DAY_ONLY)} LIMIT 1")
        .fetchall()
    )  # fmt: skip


def order_in(con: duckdb.DuckDBPyConnection, grid: Grid, header: Header, field: str) -> DayOrder:
    """The evidence of a grid's column, in one pass over it."""
    first, second = _numbers(f"c{header.columns[field]}")
    counted = con.execute(
        f"""SELECT count(*) FILTER ({_among("a", _DAY_ONLY)} AND {_among("b", _MONTHS)}),
                   count(*) FILTER ({_among("a", _MONTHS)} AND {_among("b", _DAY_ONLY)})
            FROM (SELECT {first} AS a, {second} AS b FROM ({grid.relation})
                  WHERE source_row IS NULL OR source_row > {header.row})"""
    ).fetchall()[0]
    return DayOrder(*counted)


def _numbers(text: str) -> tuple[str, str]:
    """SQL: the two numbers before the year; NULL where the text is no date of numbers."""
    pattern = sql_text(_NUMERIC)
    first, second = (f"try_cast(regexp_extract({text}, {pattern}, {place}) AS INTEGER)" for place in (1, 2))
    return first, second


def _among(number: str, values: range) -> str:
    return f"{number} BETWEEN {values.start} AND {values.stop - 1}"

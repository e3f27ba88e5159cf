"""What must hold of a validated table, checked by DuckDB in one pass, whatever its size.

A rule that is broken here is not the user's mistake but ours: readers refuse bad rows before this. The check guards the
contract between `sources` and everything after it.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from cwb.base.errors import Fault, SourceError
from cwb.sources.tabular import sql_text

COMPANY_NUMBER = "[0-9]{8}|[A-Z]{2}[0-9]{6}|[A-Z]{2}[0-9]{5}[A-Z]|R0[0-9]{6}|[A-Z]{2}[0-9]{4,6}[A-Z]?"


@dataclass(frozen=True)
class Check:
    """One rule of a column: `broken` is the SQL of an aggregate, the number of rows that break it."""

    column: str
    rule: str
    broken: str


def _rows(column: str, rule: str, condition: str) -> Check:
    return Check(column, rule, f"count(*) FILTER ({condition})")


def given(*columns: str) -> tuple[Check, ...]:
    return tuple(_rows(column, "is given in every row", f"{column} IS NULL") for column in columns)


def within(column: str, low: str, high: str) -> Check:
    """`low` and `high` are SQL literals."""
    return _rows(column, f"is from {low} to {high}", f"{column} NOT BETWEEN {low} AND {high}")


def dated(column: str) -> Check:
    """Days that a ledger or a register can have."""
    return within(column, "DATE '1990-01-01'", "DATE '2100-12-31'")


def at_least(column: str, low: int) -> Check:
    return _rows(column, f"is {low} or more", f"{column} < {low}")


def one_of(column: str, *values: str) -> Check:
    listed = ", ".join(sql_text(value) for value in values)
    return _rows(column, f"is one of {', '.join(values)}", f"{column} NOT IN ({listed})")


def matches(column: str, pattern: str) -> Check:
    return _rows(column, f"is written as {pattern}", f"NOT regexp_full_match({column}, {sql_text(pattern)})")


def unique(*columns: str) -> Check:
    """No two rows are the same in these columns."""
    names = ", ".join(columns)
    return Check(names, "is there once", f"count(*) - count(DISTINCT ({names}))")


def check(con: duckdb.DuckDBPyConnection, relation: str, name: str, checks: tuple[Check, ...]) -> None:
    """Raise `SourceError` with every rule that a row of the relation breaks, and how many rows do."""
    if not checks:
        return
    counts = con.execute(f"SELECT {', '.join(c.broken for c in checks)} FROM {relation}").fetchall()[0]
    faults = [
        Fault(
            rule=f"{name}: {count} rows break the rule that it {one.rule}",
            column=one.column,
            remedy="Please report this: the reader should have refused the rows.",
        )
        for one, count in zip(checks, counts, strict=True)
        if count
    ]
    if faults:
        raise SourceError(faults)

"""The value of a contract that the register lists in several rows, by one rule for SQL and for Python.

One for each supplier, each row has its value; lots have values of their own, which add up. Several values are those of lots, and one
value under one title is the contract's, listed for each of its suppliers. Equal values of rows that differ in title, or name a supplier
twice or none, may be either: the value is then at least that of one row, and at most their sum.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

CONTRACT_VALUE = "CASE WHEN count(DISTINCT value_gbp) > 1 THEN sum(value_gbp) ELSE max(value_gbp) END"
CONTRACT_MOST = (
    "CASE WHEN count(DISTINCT title) = 1 AND count(DISTINCT supplier_key) = count(*) AND count(DISTINCT value_gbp) = 1 "
    "THEN max(value_gbp) ELSE sum(value_gbp) END"
)


def value_of_rows(stated: Iterable[Decimal | None]) -> Decimal | None:
    """The least that a contract in several rows is worth, as `CONTRACT_VALUE` has it; None where no row states it."""
    pounds = [one for one in stated if one is not None]
    return sum(pounds, start=Decimal(0)) if len({*pounds}) > 1 else next(iter(pounds), None)

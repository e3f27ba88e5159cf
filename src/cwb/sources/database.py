"""DuckDB that can read what publishers write."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb

from cwb.base import database
from cwb.base.no_name import no_name
from cwb.base.values import clean_text, company_number, mutual_number, parse_date, parse_money, register_day


def _or_null(function: Callable[[str], str | None]) -> Callable[[str], str | None]:
    """The function, NULL for a text that it cannot read.

    DuckDB's own `return_null` would also take Ctrl+C for such a text, and a table would lack what was never unknown.
    """

    def call(text: str) -> str | None:
        try:
            return function(text)
        except Exception:
            return None

    return call


def connect(memory_limit: str = "700MB", scratch: Path | None = None) -> duckdb.DuckDBPyConnection:
    """DuckDB of `cwb.base.database` that also knows how to read published dates, money and names."""
    con = database.connect(memory_limit, scratch)
    functions: dict[str, Callable[[str], str | None]] = {
        "cwb_date": lambda text: str(found) if (found := parse_date(text)) else None,
        "cwb_date_month_first": lambda text: str(found) if (found := parse_date(text, True)) else None,
        "cwb_register_day": lambda text: str(found) if (found := register_day(text)) else None,
        "cwb_money": lambda text: str(found) if (found := parse_money(text)) is not None else None,
        "cwb_text": clean_text,
        "cwb_no_name": no_name,
        "cwb_company_number": company_number,
        "cwb_mutual_number": mutual_number,
        "cwb_number_in_name": lambda text: company_number(text.rpartition(":")[2]),
        "cwb_name_before_number": lambda text: clean_text(text.rpartition(":")[0]),
    }
    for name, function in functions.items():
        con.create_function(name, _or_null(function), ["VARCHAR"], "VARCHAR", null_handling="special")
    return con

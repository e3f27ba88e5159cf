"""DuckDB that can read what publishers write."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb

from cwb.base.values import clean_text, company_number, mutual_number, parse_date, parse_money
from cwb.sources.tabular import sql_text


def connect(memory_limit: str = "700MB", scratch: Path | None = None) -> duckdb.DuckDBPyConnection:
    """An in-memory DuckDB that knows how to read published dates, money and names."""
    con = duckdb.connect()
    con.execute(f"SET memory_limit = {sql_text(memory_limit)}")
    con.execute("SET preserve_insertion_order = true")
    # cwb shows its own progress; DuckDB would write its bar among the output.
    con.execute("SET enable_progress_bar = false")
    if scratch is not None:
        con.execute(f"SET temp_directory = {sql_text(scratch.as_posix())}")
    functions: dict[str, Callable[[str], str | None]] = {
        "cwb_date": lambda text: str(found) if (found := parse_date(text)) else None,
        "cwb_money": lambda text: str(found) if (found := parse_money(text)) is not None else None,
        "cwb_text": clean_text,
        "cwb_company_number": company_number,
        "cwb_mutual_number": mutual_number,
        "cwb_number_in_name": lambda text: company_number(text.rpartition(":")[2]),
        "cwb_name_before_number": lambda text: clean_text(text.rpartition(":")[0]),
    }
    for name, function in functions.items():
        con.create_function(
            name, function, ["VARCHAR"], "VARCHAR", null_handling="special", exception_handling="return_null"
        )
    return con

"""The one way to open DuckDB: quiet, within a limit of memory, with a folder of its own to spill into."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import duckdb

# DuckDB's own default: for matching, which holds the names of national registers in memory.
MOST_MEMORY = "80%"


def connect(memory_limit: str = "700MB", scratch: Path | None = None) -> duckdb.DuckDBPyConnection:
    """An in-memory DuckDB that shows no progress bar, in a terminal and in any kernel.

    `scratch` is where it may spill, by default DuckDB's own choice.
    """
    settings = {"memory_limit": memory_limit, "preserve_insertion_order": "true"}
    if scratch is not None:
        settings["temp_directory"] = scratch.as_posix()
    con = duckdb.connect(config=settings)
    # cwb shows its own progress; DuckDB would write its bar among the output. It is only turned off where it is on:
    # in a kernel without ipywidgets it never is, and there DuckDB refuses the very statement that turns it off.
    shown = con.execute("SELECT current_setting('enable_progress_bar')").fetchall()[0][0]
    if shown:
        con.execute("SET enable_progress_bar = false")
    return con


def file_sql(path: Path, pattern: str = "") -> str:
    """A file as an SQL literal for DuckDB to read, or files below a folder that fit a pattern.

    In a name that it reads, DuckDB takes `*`, `?` and `[` for patterns: a folder called so would be read with its neighbours.
    """
    plain = "".join(f"[{character}]" if character in "*?[" else character for character in path.as_posix())
    return "'" + (plain + pattern).replace("'", "''") + "'"


def parquet_sql(path: Path, pattern: str = "") -> str:
    """SQL that reads a Parquet file, or those below a folder that fit a pattern; a folder `year=2023` gives no column."""
    return f"read_parquet({file_sql(path, pattern)}, hive_partitioning = false)"


def rows_with(
    con: duckdb.DuckDBPyConnection, columns: str, relation: str, column: str, values: Iterable[object]
) -> list[tuple[Any, ...]]:
    """The `columns` of the rows of a relation whose `column` is one of the texts in `values`; other values are skipped."""
    texts = sorted({value for value in values if isinstance(value, str)})
    if not texts:
        return []
    query = f"SELECT {columns} FROM {relation} WHERE {column} IN (SELECT unnest(?))"
    rows: list[tuple[Any, ...]] = con.execute(query, [texts]).fetchall()
    return rows

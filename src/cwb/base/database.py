"""The one way to open DuckDB: quiet, within a limit of memory, with a folder of its own to spill into."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from cwb.base.errors import CwbError, Fault

# DuckDB's own default: for matching, which holds the names of national registers in memory.
MOST_MEMORY = "80%"


def connect(memory_limit: str = "700MB", scratch: Path | None = None) -> duckdb.DuckDBPyConnection:
    """An in-memory DuckDB that shows no progress bar, in a terminal and in any kernel.

    `scratch` is where it may spill, by default DuckDB's own choice.
    """
    settings = {"memory_limit": memory_limit, "preserve_insertion_order": "true"}
    if scratch is not None:
        settings["temp_directory"] = _as_text(scratch)
    con = duckdb.connect(config=settings)
    # cwb shows its own progress; DuckDB would write its bar among the output. It is only turned off where it is on:
    # in a kernel without ipywidgets it never is, and there DuckDB refuses the very statement that turns it off.
    shown = con.execute("SELECT current_setting('enable_progress_bar')").fetchall()[0][0]
    if shown:
        con.execute("SET enable_progress_bar = false")
    return con


def sandbox() -> duckdb.DuckDBPyConnection:
    """A connection that reaches no file, no setting and no variable of Python: only what is registered with it, which is its own.

    One DuckDB serves all of a process, for to open one takes longer than to ask what is asked here.
    """
    return _closed_off().cursor()


@cache
def _closed_off() -> duckdb.DuckDBPyConnection:
    con = connect()
    con.execute("SET threads = 1; SET python_enable_replacements = false; SET enable_external_access = false")
    con.execute("SET lock_configuration = true")
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


def _as_text(folder: Path) -> str:
    """The name of a folder as DuckDB takes it, which is UTF-8."""
    name = folder.as_posix()
    try:
        name.encode()
    except UnicodeEncodeError:
        remedy = "Set PYTHONUTF8=1 (or LANG=C.UTF-8) and start again, or work in a folder without accents."
        rule = "the language settings of this session cannot read the accents of the folder's name"
        raise CwbError(Fault(rule, remedy, ascii(name)[1:-1])) from None
    return name


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

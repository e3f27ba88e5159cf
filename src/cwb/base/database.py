"""The one way to open DuckDB: quiet, within a limit of memory, with a folder of its own to spill into."""

from __future__ import annotations

from pathlib import Path

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

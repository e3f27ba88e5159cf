"""Reading one raw file as one source, as a build does it."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import duckdb
import pandas as pd

from cwb.sources.register_files import read_register
from cwb.sources.registers import RegisterSource
from cwb.sources.registry import sources
from cwb.sources.report import FileReport, RawFile
from cwb.sources.source import Job
from cwb.sources.tables import TableSource


def read_table(
    con: duckdb.DuckDBPyConnection, source: str, path: Path, scratch: Path
) -> tuple[pd.DataFrame, FileReport]:
    """The kept rows of a small source's file and its account."""
    return cast("TableSource", sources()[source]).read_or_report(Job(con, scratch, scratch), RawFile.of(path))


def read_entries(
    con: duckdb.DuckDBPyConnection, source: str, path: Path, target: Path, scratch: Path
) -> FileReport:
    """Write the entries of a register's file to `target`; the file's account."""
    return read_register(con, cast("RegisterSource", sources()[source]), RawFile.of(path), target, scratch)

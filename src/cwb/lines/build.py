"""matched → resolved: write every line-level table, checked against its schema, in data/processed.

Rebuilt when anything they depend on changes: inputs, settings, the code's reference tables, versions.
"""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import duckdb
import pyarrow as pa

from cwb.base.progress import Progress, quiet, written
from cwb.base.stamp import stamp_of
from cwb.council.config import Settings
from cwb.entities.matched import matched_key, prepare
from cwb.lines import schema
from cwb.lines.engine import open_engine, table_files, tables_folder
from cwb.lines.select import selects
from cwb.lines.table import Table, checks
from cwb.lines.texts import add_functions, shown
from cwb.sources.constraints import check
from cwb.sources.store import Lineage
from cwb.sources.tabular import sql_text

LINES_VERSION = 14
_MARKER = "tables.json"


def prepare_lines(settings: Settings, progress: Progress = quiet) -> Lineage:
    """Bring validated, matched and line-level tables up to date; raise `CwbError` for files that cannot be read."""
    lineage = prepare(settings, progress)
    folder = tables_folder(settings)
    key = _key(settings, lineage)
    marker = folder / _MARKER
    if marker.is_file() and json.loads(marker.read_text(encoding="utf-8")).get("key") == key:
        return lineage
    # Two first builds at once must not write into one another.
    part = folder.with_name(f"{folder.name}.{os.getpid()}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    con = open_engine(settings)
    try:
        _add_reports(con, lineage)
        add_functions(con)
        result = selects(con, settings)
        for number, table in enumerate(schema.TABLES):
            progress(f"lines: {table.name}", number, len(schema.TABLES))
            _write(con, table, result.get(table.name), part)
        with written(part / _MARKER) as path:
            path.write_text(json.dumps({"key": key, "scheme": result.scheme}, indent=1), encoding="utf-8")
        shutil.rmtree(folder, ignore_errors=True)
        part.rename(folder)
    finally:
        con.close()
        shutil.rmtree(part, ignore_errors=True)
    return lineage


def category_scheme(settings: Settings) -> str:
    """The classification that the tables' `category` follows; "" where nothing was bought."""
    state = json.loads((tables_folder(settings) / _MARKER).read_text(encoding="utf-8"))
    return str(state["scheme"])


def _key(settings: Settings, lineage: Lineage) -> str:
    return stamp_of(
        LINES_VERSION,
        matched=matched_key(settings, lineage),
        settings=settings.model_dump(mode="json", include={"council", "local", "anchors", "report"}),
    )


def _add_reports(con: duckdb.DuckDBPyConnection, lineage: Lineage) -> None:
    """The account of every raw file as the view `file_reports`."""
    counts = ("rows", "kept", "refused", "duplicates")
    pounds = ("gbp_in", "gbp_kept", "gbp_refused", "gbp_duplicates")
    columns: dict[str, list[object]] = {
        "source_file": [report.file for report in lineage.reports],
        "source": [report.source for report in lineage.reports],
    }
    columns |= {name: [getattr(report, name) for report in lineage.reports] for name in counts}
    columns |= {name: [str(getattr(report, name)) for report in lineage.reports] for name in pounds}
    kinds = [(name, pa.int64() if name in counts else pa.string()) for name in columns]
    con.register("file_reports", pa.table(columns, schema=pa.schema(kinds)))


def _write(con: duckdb.DuckDBPyConnection, table: Table, select: str | None, folder: Path) -> None:
    """Write one table and check it; without a `select` it is written without rows."""
    typed = ", ".join(f"{shown(column)}::{column.type} AS {column.name}" for column in table.columns)
    nothing = ", ".join(f"NULL::{column.type} AS {column.name}" for column in table.columns)
    query = f"SELECT {typed} FROM ({select})" if select else f"SELECT {nothing} WHERE false"
    order = [
        name
        for name in ("source_file", "source_sheet", "source_row", "supplier_key", "org_id")
        if table.column(name)
    ]
    target = folder / table.name
    target.mkdir()
    query += f" ORDER BY {', '.join(order)}"
    is_parted = table.by_year and select is not None
    options = "PARTITION_BY (financial_year), WRITE_PARTITION_COLUMNS true" if is_parted else ""
    name = target if is_parted else target / "all.parquet"
    con.execute(
        f"COPY ({query}) TO {sql_text(name.as_posix())} "
        f"(FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1{', ' + options if options else ''})"
    )
    if is_parted and not list(target.rglob("*.parquet")):
        con.execute(
            f"COPY (SELECT {nothing} WHERE false) TO {sql_text((target / 'none.parquet').as_posix())} (FORMAT parquet)"
        )
    check(con, table_files(folder, table), table.name, checks(table))

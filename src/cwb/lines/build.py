"""matched → resolved: write every line-level table, checked against its schema, in data/processed.

Rebuilt when anything they depend on changes: inputs, settings, the code's reference tables, versions.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pyarrow as pa

from cwb.base.errors import CwbError, Fault
from cwb.base.folders import emptied, exchanged
from cwb.base.kept import State, current, read_record, state_of, write_record
from cwb.base.lock import writing
from cwb.base.progress import Progress, quiet
from cwb.base.rows import SOURCE_LINE
from cwb.base.stamp import stamp_of
from cwb.council.config import Settings
from cwb.entities.matched import make, matched_key, up_to_date
from cwb.lines import schema
from cwb.lines.engine import open_engine, table_files, tables_folder
from cwb.lines.select import selects
from cwb.lines.table import Table, checks
from cwb.lines.texts import add_functions, shown
from cwb.sources.constraints import check
from cwb.sources.inputs import Inputs, list_inputs
from cwb.sources.store import Lineage
from cwb.sources.tabular import sql_text

LINES_VERSION = 30
_MARKER = "tables.json"
# Lines that are sorted and written at once; a larger ledger is written part by part, within the memory of the settings.
_MOST_LINES = 500_000


def prepare_lines(settings: Settings, progress: Progress = quiet, inputs: Inputs | None = None) -> Lineage:
    """Bring validated, matched and line-level tables up to date; raise `CwbError` for files that cannot be read.

    `inputs` are the raw files as a run has listed them, by default as they are now. Of several processes that must make the
    tables (notebooks opened at once), one does and the others wait.
    """
    inputs = inputs or list_inputs(settings)
    if (lineage := _up_to_date(settings, inputs)) is not None:
        return lineage
    with writing(settings.shared_processed):
        return _make(settings, progress, inputs)


def _up_to_date(settings: Settings, inputs: Inputs) -> Lineage | None:
    """The lineage of all tables if they are of these inputs and undamaged; nothing is told."""
    lineage = up_to_date(settings, inputs, is_reported=False)
    if lineage is None:
        return None
    folder = tables_folder(settings)
    record = current(folder / _MARKER, _key(settings, lineage), folder.rglob("*.parquet"), is_reported=False)
    return lineage if record else None


def _make(settings: Settings, progress: Progress, inputs: Inputs) -> Lineage:
    lineage = make(settings, progress, inputs)
    folder = tables_folder(settings)
    key = _key(settings, lineage)
    if current(folder / _MARKER, key, folder.rglob("*.parquet")) is not None:
        return lineage
    part = folder.with_name(f"{folder.name}.part")
    emptied(part)
    con = open_engine(settings)
    try:
        _add_reports(con, lineage)
        add_functions(con)
        result = selects(con, settings)
        for number, table in enumerate(schema.TABLES):
            progress(f"lines: {table.name}", number, len(schema.TABLES))
            if select := result.get(table.name):
                _write(con, table, select, part, _parts(lineage) if table.by_year else ["TRUE"])
        write_record(part / _MARKER, key, part.rglob("*.parquet"), scheme=result.scheme)
        exchanged(part, folder)
    finally:
        con.close()
        shutil.rmtree(part, ignore_errors=True)
    return lineage


def require_tables(settings: Settings, lineage: Lineage) -> None:
    """Raise `CwbError` where the line-level tables are not there any more, or are not those of this lineage."""
    folder = tables_folder(settings)
    record = read_record(folder / _MARKER)
    missing = [name for name in record.files if not (folder / name).is_file()] if record else [_MARKER]
    rule = "the table is missing" if missing else "the tables were made of other files meanwhile"
    if missing or record is None or record.key != _key(settings, lineage):
        remedy = "Run again: it is made anew from the raw files."
        names = [f"{settings.processed.name}/{folder.name}/{name}" for name in missing or [_MARKER]]
        raise CwbError([Fault(file=name, rule=rule, remedy=remedy) for name in names])


def table_states(settings: Settings) -> dict[str, State]:
    """Every processed table of the council by name, as the drive has it now."""
    folder = settings.processed
    return {path.relative_to(folder.parent).as_posix(): state_of(path) for path in folder.rglob("*.parquet")}


def category_scheme(settings: Settings) -> str:
    """The classification that the tables' `category` follows; "" where nothing was bought."""
    record = read_record(tables_folder(settings) / _MARKER)
    return str(record.more["scheme"]) if record else ""


def _key(settings: Settings, lineage: Lineage) -> str:
    return stamp_of(
        LINES_VERSION,
        matched=matched_key(settings, lineage),
        settings=settings.model_dump(mode="json", include={"council", "local", "anchors", "report", "reviews"}),
        tables=schema.TABLES,
    )


def _add_reports(con: duckdb.DuckDBPyConnection, lineage: Lineage) -> None:
    """The account of every raw file as the view `file_reports`."""
    counts = ("rows", "kept", "duplicates")
    pounds = ("gbp_in", "gbp_kept", "gbp_duplicates")
    columns: dict[str, list[object]] = {
        "source_file": [report.file for report in lineage.reports],
        "source": [report.source for report in lineage.reports],
    }
    columns |= {name: [getattr(report, name) for report in lineage.reports] for name in counts}
    columns |= {name: [str(getattr(report, name)) for report in lineage.reports] for name in pounds}
    for ending, field_name in (("refused", "truly_refused"), ("totals", "totals")):
        amounts = [getattr(report, field_name) for report in lineage.reports]
        columns |= {ending: [one.rows for one in amounts], f"gbp_{ending}": [str(one.gbp) for one in amounts]}
    whole = (*counts, "refused", "totals")
    kinds = [(name, pa.int64() if name in whole else pa.string()) for name in columns]
    con.register("file_reports", pa.table(columns, schema=pa.schema(kinds)))


def _parts(lineage: Lineage) -> list[str]:
    """Conditions on lines that take those of all files together, each once, and few at a time: some files, or some rows of one."""
    found, few, lines = list[str](), list[str](), 0

    def end() -> None:
        nonlocal lines
        if few:
            found.append(f"source_file IN ({', '.join(map(sql_text, few))})")
        few.clear()
        lines = 0

    for report in sorted(lineage.reports, key=lambda one: one.file):
        if lines + report.kept > _MOST_LINES:
            end()
        if report.kept <= _MOST_LINES:
            few.append(report.file)
            lines += report.kept
            continue
        first, last = 0, report.rows + report.other_rows
        while first < last:
            until = f" AND source_row < {first + _MOST_LINES}" if first + _MOST_LINES < last else ""
            found.append(f"source_file = {sql_text(report.file)} AND source_row >= {first}{until}")
            first += _MOST_LINES
    end()
    return found if len(found) > 1 else ["TRUE"]


def _write(con: duckdb.DuckDBPyConnection, table: Table, select: str, folder: Path, parts: list[str]) -> None:
    """Write one table in parts and check it; one without rows is a file without rows, and one without a source is no file."""
    typed = ", ".join(f"{shown(column)}::{column.type} AS {column.name}" for column in table.columns)
    order = [name for name in (*SOURCE_LINE, "supplier_key", "org_id") if table.column(name)]
    target = folder / table.name
    target.mkdir()
    name = target if table.by_year else target / "all.parquet"
    for number, part in enumerate(parts):
        query = f"SELECT {typed} FROM ({select}) WHERE {part} ORDER BY {', '.join(order)}"
        options = "FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1"
        if table.by_year:
            options += f", PARTITION_BY (financial_year), WRITE_PARTITION_COLUMNS true, OVERWRITE_OR_IGNORE true, FILENAME_PATTERN 'lines_{number:04}_{{i}}'"
        con.execute(f"COPY ({query}) TO {sql_text(name.as_posix())} ({options})")
    if list(target.rglob("*.parquet")):
        check(con, table_files(folder, table), table.name, checks(table))

"""Public registers, small or of millions of rows, CSV, workbook, JSON or zip: read by DuckDB in one pass.

A register is told by a `Register`: its layout, the SQL of each typed column, the rules that refuse a row, and the
column that names an entry. Every file gives one Parquet; `combine` makes one table of all files of a register, the
newest snapshot first, so that an entry that has left the register is still known.
"""

from __future__ import annotations

import re
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pandera.pandas as pa

from cwb.base.characters import sql_printable
from cwb.base.errors import SourceError, fault
from cwb.sources import schemas
from cwb.sources.headers import find_header, unmatched_headers
from cwb.sources.json_text import plain_json
from cwb.sources.layout import Layout
from cwb.sources.report import Amount, FileReport, Refusal, sha256_of
from cwb.sources.tabular import DIRECT_BYTES, open_grids, sql_text

# What DuckDB says of a file that is not what it looked like; other errors are ours and must be seen.
_BROKEN = (duckdb.InvalidInputException, duckdb.IOException, duckdb.ConversionException)


@dataclass(frozen=True)
class Rule:
    """Why a row is refused: an SQL condition over fields and typed columns, the reason, the remedy, the field shown."""

    condition: str
    reason: str
    remedy: str
    field: str


@dataclass(frozen=True)
class Register:
    """One kind of register. `columns` maps a typed column to its SQL over the layout's fields (texts, or NULL).

    `passed_over` is a condition for rows that are no entries of their own (a charity's subsidiaries).
    """

    layout: Layout
    key: str
    columns: dict[str, str]
    rules: tuple[Rule, ...]
    schema: pa.DataFrameSchema
    passed_over: str = "false"

    @property
    def source(self) -> str:
        return self.layout.source


def read_register(
    con: duckdb.DuckDBPyConnection,
    register: Register,
    path: Path,
    target: Path,
    scratch: Path,
    label: str | None = None,
) -> FileReport:
    """Read one file of a register into `target` (Parquet) and return its account.

    A file that cannot be read as the register gives a report with `error` set and writes nothing.
    """
    report = FileReport(file=label or path.name, source=register.source, sha256=sha256_of(path))
    parts: list[Path] = []
    try:
        with _members(path, scratch) as members:
            for position, member in enumerate(members):
                part = target.with_name(f"{target.stem}-{position}.part")
                parts.append(part)
                _read_member(con, register, member, part, scratch, report)
        _finish(con, register, parts, target, report)
    except SourceError as error:
        target.unlink(missing_ok=True)
        return FileReport(file=report.file, source=register.source, sha256=report.sha256, error=str(error))
    except _BROKEN as error:
        target.unlink(missing_ok=True)
        said = str(error).splitlines()[0]
        told = fault(f"the file is broken ({said})", "Fetch it again from its publisher.", path)
        return FileReport(file=report.file, source=register.source, sha256=report.sha256, error=str(told))
    finally:
        for part in parts:
            part.unlink(missing_ok=True)
    return report


@contextmanager
def _members(path: Path, scratch: Path) -> Iterator[list[Path]]:
    """The file itself, or the data files of a zip, unpacked for as long as the context lives."""
    if path.suffix.lower() != ".zip":
        yield [path]
        return
    folder = scratch / f"{path.stem}-unpacked"
    folder.mkdir(parents=True, exist_ok=True)
    try:
        try:
            with zipfile.ZipFile(path) as archive:
                names = [n for n in archive.namelist() if n.lower().endswith((".csv", ".json", ".txt", ".xlsx"))]
                made = []
                for position, name in enumerate(sorted(names)):
                    # Names inside an archive are not trusted: only the ending is taken.
                    member = folder / f"{position:02d}{Path(name).suffix.lower()}"
                    with archive.open(name) as source, member.open("wb") as out:
                        shutil.copyfileobj(source, out, 1 << 22)
                    made.append(member)
        except (zipfile.BadZipFile, EOFError, OSError) as error:
            raise SourceError(
                fault(f"the archive cannot be unpacked ({error})", "Fetch it again from its publisher.", path)
            ) from None
        if not made:
            raise SourceError(fault("the archive holds no CSV or JSON file", "Fetch it again.", path))
        yield made
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _read_member(
    con: duckdb.DuckDBPyConnection, register: Register, path: Path, part: Path, scratch: Path, report: FileReport
) -> None:
    if path.suffix.lower() == ".json":
        _write(con, register, _json_relation(con, register, path, scratch), 0, part)
        report.encoding = "utf-8"
        return
    try:
        _read_table(con, register, path, part, scratch, report, direct=True)
    except _BROKEN:
        if path.stat().st_size < DIRECT_BYTES:
            raise
        # Not as tidy as it looked: the slow way forgives.
        _read_table(con, register, path, part, scratch, report, direct=False)


def _read_table(
    con: duckdb.DuckDBPyConnection,
    register: Register,
    path: Path,
    part: Path,
    scratch: Path,
    report: FileReport,
    direct: bool,
) -> None:
    with open_grids(path, scratch / "grids", direct) as grids:
        if not grids:
            raise SourceError(fault("the file holds no rows", "Fetch it again from its publisher.", path))
        grid = grids[0]
        header = find_header(grid, register.layout)
        report.other_rows += max(header.row - 1, 0)
        report.unmatched_columns = unmatched_headers(header)
        report.encoding = grid.encoding
        notes = grid.notes
        named = ", ".join(f"nullif(trim(c{index}), '') AS {name}" for name, index in header.columns.items())
        absent = [name for name in register.layout.fields if name not in header.columns]
        nothing = "".join(f", NULL::VARCHAR AS {name}" for name in absent)
        _write(con, register, f"SELECT source_row, {named}{nothing} FROM ({grid.relation})", header.row, part)
        if grid.is_direct:
            written = con.execute(f"SELECT count(*) FROM read_parquet({sql_text(part.as_posix())})").fetchall()
            if grid.lines != written[0][0]:
                raise duckdb.InvalidInputException("lines are not rows")
        # Told only now: a file that is not as tidy as it looked is read again.
        report.notes += notes


def _json_relation(con: duckdb.DuckDBPyConnection, register: Register, path: Path, scratch: Path) -> str:
    """SQL over a JSON array of objects."""
    readable = plain_json(path, scratch)
    source = (
        f"read_json({sql_text(readable.as_posix())}, format='auto', maximum_object_size=67108864, records=true"
    )
    try:
        keys = [row[0] for row in con.execute(f"DESCRIBE SELECT * FROM {source}, sample_size=200)").fetchall()]
    except duckdb.Error:
        raise SourceError(
            fault("not a JSON list of records", "Fetch it again from its publisher.", path)
        ) from None
    found = register.layout.match(keys)
    missing = register.layout.missing(found)
    if missing:
        raise SourceError(
            fault(f"records without {', '.join(missing)}", "Give the register's own extract, unchanged.", path)
        )
    typed = ", ".join(f"{sql_text(key)}: 'VARCHAR'" for key in keys)
    columns = ", ".join(
        f"nullif(trim({sql_printable(_quoted(keys[found[name]]))}), '') AS {name}"
        if name in found
        else f"NULL::VARCHAR AS {name}"
        for name in register.layout.fields
    )
    return f"SELECT NULL::BIGINT AS source_row, {columns} FROM {source}, columns={{{typed}}})"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _write(con: duckdb.DuckDBPyConnection, register: Register, relation: str, header_row: int, part: Path) -> None:
    """Type one member's rows. DuckDB computes each part of a CASE only for the rows that reach it."""
    fields = ", ".join(f"{name} AS field_{name}" for name in register.layout.fields)
    typed = ", ".join(f"{_over_fields(sql, register)} AS {name}" for name, sql in register.columns.items())
    reason = " ".join(
        f"WHEN {_over_fields(r.condition, register)} THEN {sql_text(r.reason)}" for r in register.rules
    )
    shown = " ".join(f"WHEN {sql_text(r.reason)} THEN field_{r.field}" for r in register.rules)
    filled = " OR ".join(f"field_{name} IS NOT NULL" for name in register.layout.fields)
    con.execute(
        f"""COPY (
            WITH raw AS (SELECT source_row, {fields} FROM ({relation})),
            typed AS (SELECT *, {typed} FROM raw),
            judged AS (SELECT *, CASE {reason} END AS reason FROM typed)
            SELECT source_row, {", ".join(register.columns)}, reason,
                CASE reason {shown} END AS offending_text,
                {header_row}::BIGINT AS header_row, ({filled}) AS is_data,
                coalesce({_over_fields(register.passed_over, register)}, false) AS is_passed_over
            FROM judged
        ) TO {sql_text(part.as_posix())} (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE 30720)"""
    )


def _over_fields(sql: str, register: Register) -> str:
    """The register's SQL names fields as $name; typed columns stand as they are."""
    known = register.layout.fields
    return re.sub(r"\$([a-z]\w*)", lambda m: f"field_{m[1]}" if m[1] in known else m[0], sql)


def _rows(parts: list[Path], passed_over: bool = False) -> str:
    """SQL of the entries in typed parts; of the rows that are no entries of their own with `passed_over`."""
    names = ", ".join(sql_text(path.as_posix()) for path in parts)
    place = "coalesce(source_row, file_row_number + 1)"
    return f"""(
        SELECT * EXCLUDE (file_row_number, header_row, is_data, is_passed_over) REPLACE ({place} AS source_row)
        FROM read_parquet([{names}], file_row_number = true)
        WHERE is_data AND is_passed_over = {passed_over} AND {place} > header_row)"""


def _finish(
    con: duckdb.DuckDBPyConnection, register: Register, parts: list[Path], target: Path, report: FileReport
) -> None:
    rows = _rows(parts)
    refused = con.execute(
        f"SELECT source_row, reason, offending_text FROM {rows} WHERE reason IS NOT NULL ORDER BY source_row"
    ).fetchall()
    by_reason = {rule.reason: rule for rule in register.rules}
    schemas.validate_stream(con, rows, register.schema)
    # An entry given twice in one file is one entry: its first row stands.
    con.execute(
        f"""COPY (
            SELECT {sql_text(report.file)} AS source_file, * EXCLUDE (reason, offending_text) FROM {rows}
            WHERE reason IS NULL
            QUALIFY row_number() OVER (PARTITION BY {register.key} ORDER BY source_row) = 1
        ) TO {sql_text(target.as_posix())} (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE 30720)"""
    )
    taken, kept, passed = con.execute(
        f"""SELECT (SELECT count(*) FROM {rows} WHERE reason IS NULL),
                   (SELECT count(*) FROM read_parquet({sql_text(target.as_posix())})),
                   (SELECT count(*) FROM {_rows(parts, passed_over=True)})"""
    ).fetchall()[0]
    report.other_rows += passed
    report.account(
        Amount(kept),
        [
            Refusal(row, reason, by_reason[reason].remedy, None, by_reason[reason].field, offending)
            for row, reason, offending in refused
        ],
        Amount(taken - kept),
        [report.file] if taken > kept else (),
    )

"""One file of a public register, CSV, workbook, JSON or zip, typed and judged by DuckDB in one pass.

Each member of an archive gives one part; the parts become one table of entries, each entry in it once.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from cwb.base.characters import cleaned_note, sql_is_unprintable, sql_printable
from cwb.base.database import file_sql, parquet_sql
from cwb.base.errors import SourceError, fault
from cwb.council.bounds import Bounds
from cwb.sources.bounded import opened_archive
from cwb.sources.constraints import check
from cwb.sources.headers import find_header, headings_of, unmapped, unmatched_headers
from cwb.sources.json_text import plain_json
from cwb.sources.layout import Layout
from cwb.sources.misplaced import ABOVE, CELLS, MISPLACED, MISPLACED_REMEDIES, misplaced_in
from cwb.sources.refusal import Refusal
from cwb.sources.register import Register
from cwb.sources.report import BY_COLUMN, BY_ENTRY, BY_NAME, Amount, FileReport, RawFile
from cwb.sources.tabular import DIRECT_BYTES, open_grids, sql_text
from cwb.sources.unread import sql_unread, unread_in

PARQUET = "(FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE 30720)"
_DAY_NAMED = re.compile(r"(20\d{2})[-_]?(0[1-9]|1[0-2])(?:[-_]?(0[1-9]|[12]\d|3[01]))?(?!\d)")
# What DuckDB says of a file that is not what it looked like; other errors are ours and must be seen.
_BROKEN = (duckdb.InvalidInputException, duckdb.IOException, duckdb.ConversionException)


def read_register(
    con: duckdb.DuckDBPyConnection, register: Register, file: RawFile, target: Path, scratch: Path
) -> FileReport:
    """Read one file of a register into `target` (Parquet) and return its account.

    A file that cannot be read as the register gives a report with `error` set and writes nothing.
    """
    report = FileReport(file.label, register.name, file.sha256)
    reader = _Reader(con, register, register.layout.with_columns(file.columns), scratch, file.bounds)
    parts: list[Path] = []
    read = report
    try:
        with _members(file.path, scratch, file.bounds) as members:
            for position, member in enumerate(members):
                part = target.with_name(f"{target.stem}-{position}.part")
                parts.append(part)
                read = reader.member(member, part, read)
        return reader.finish(parts, target, read)
    except SourceError as error:
        target.unlink(missing_ok=True)
        return replace(report, error=error.of_file(file.label))
    except _BROKEN as error:
        target.unlink(missing_ok=True)
        broken = f"the file is broken ({str(error).splitlines()[0]})"
        return replace(report, error=str(fault(broken, "Fetch it again from its publisher.", file.path)))
    finally:
        for part in parts:
            part.unlink(missing_ok=True)


def day_named(label: str) -> str | None:
    """The date in a file's name, as YYYY-MM-DD; a month is its first day."""
    found = _DAY_NAMED.findall(Path(label).name)
    return "-".join((found[-1][0], found[-1][1], found[-1][2] or "01")) if found else None


@contextmanager
def _members(path: Path, scratch: Path, bounds: Bounds) -> Iterator[list[Path]]:
    """The file itself, or the data files of a zip, unpacked for as long as the context lives."""
    if path.suffix.lower() != ".zip":
        yield [path]
        return
    folder = scratch / "unpacked"
    folder.mkdir(parents=True, exist_ok=True)
    try:
        members = []
        with opened_archive(path, bounds.unpacked_bytes, "unpacked_bytes", bounds) as archive:
            names = [n for n in archive.namelist() if n.lower().endswith((".csv", ".json", ".txt", ".xlsx"))]
            for position, name in enumerate(sorted(names)):
                # Names inside an archive are not trusted: only the ending is taken.
                member = folder / f"{position:02d}{Path(name).suffix.lower()}"
                with archive.open(name) as source, member.open("wb") as out:
                    shutil.copyfileobj(source, out, 1 << 22)
                members.append(member)
        if not members:
            raise SourceError(fault("the archive holds no CSV or JSON file", "Fetch it again.", path))
        yield members
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@dataclass(frozen=True)
class _Reader:
    """Reads the members of one file of a register."""

    con: duckdb.DuckDBPyConnection
    register: Register
    layout: Layout
    scratch: Path
    bounds: Bounds

    def member(self, path: Path, part: Path, report: FileReport) -> FileReport:
        if path.suffix.lower() == ".json":
            relation, notes = self._json(path)
            self._write(relation, 0, part)
            return replace(report, encoding="utf-8", notes=report.notes + notes)
        try:
            return self._table(path, part, report, direct=True)
        except _BROKEN:
            if path.stat().st_size < DIRECT_BYTES:
                raise
            # Not as tidy as it looked: the slow way forgives.
            return self._table(path, part, report, direct=False)

    def _table(self, path: Path, part: Path, report: FileReport, direct: bool) -> FileReport:
        with open_grids(path, self.scratch / "grids", direct, self.bounds) as grids:
            if not grids:
                raise SourceError(fault("the file holds no rows", "Fetch it again from its publisher.", path))
            grid = grids[0]
            header = find_header(grid, self.layout)
            named = ", ".join(f"nullif(trim(c{index}), '') AS {name}" for name, index in header.columns.items())
            absent = [name for name in self.register.fields if name not in header.columns]
            nothing = "".join(f", NULL::VARCHAR AS {name}" for name in absent)
            odd = misplaced_in(grid, header)
            named = f"{odd.reason} AS {MISPLACED}, {odd.cells} AS {CELLS}, {named}"
            self._write(f"SELECT source_row, {named}{nothing} FROM ({grid.relation})", header.row, part)
            if grid.is_direct:
                read = self.con.execute(f"SELECT count(*) FROM {parquet_sql(part)}").fetchall()
                if grid.lines != read[0][0] or header.above:
                    raise duckdb.InvalidInputException("lines are not rows")
            return replace(
                report,
                other_rows=report.other_rows + header.titles,
                unmatched_columns=unmatched_headers(header),
                headings=headings_of([header]),
                encoding=grid.encoding,
                notes=report.notes + grid.notes + unmapped(header, self.layout),
            )

    def _json(self, path: Path) -> tuple[str, tuple[str, ...]]:
        """SQL over a JSON array of objects, and notes on it."""
        readable, may_hide = plain_json(path, self.scratch)
        source = f"read_json({file_sql(readable)}, format='auto', maximum_object_size=67108864, records=true, hive_partitioning=false"
        try:
            keys = [
                row[0] for row in self.con.execute(f"DESCRIBE SELECT * FROM {source}, sample_size=200)").fetchall()
            ]
        except duckdb.Error:
            raise SourceError(
                fault("not a JSON list of records", "Fetch it again from its publisher.", path)
            ) from None
        found = self.layout.match(keys)
        missing = self.layout.missing(found)
        if missing:
            raise SourceError(
                fault(f"records without {', '.join(missing)}", "Give the register's own extract, unchanged.", path)
            )
        typed = ", ".join(f"{sql_text(key)}: 'VARCHAR'" for key in keys)
        read = {name: _quoted(keys[at]) for name, at in found.items()}
        columns = ", ".join(
            f"nullif(trim({sql_printable(read[name])}), '') AS {name}"
            if name in read
            else f"NULL::VARCHAR AS {name}"
            for name in self.register.fields
        )
        source = f"{source}, columns={{{typed}}})"
        cleaned = 0
        if may_hide:
            counts = " + ".join(f"count(*) FILTER ({sql_is_unprintable(column)})" for column in read.values())
            cleaned = self.con.execute(f"SELECT {counts} FROM {source}").fetchall()[0][0]
        notes = (cleaned_note(cleaned).replace("cell", "text"),) if cleaned else ()
        nothing = f"NULL::BIGINT AS source_row, NULL::VARCHAR AS {MISPLACED}, NULL::VARCHAR AS {CELLS}"
        return f"SELECT {nothing}, {columns} FROM {source}", notes

    def _write(self, relation: str, header_row: int, part: Path) -> None:
        """Type one member's rows. DuckDB computes each part of a CASE only for the rows that reach it."""
        fields = ", ".join(f"{name} AS field_{name}" for name in self.register.fields)
        typed = ", ".join(f"{self._over_fields(sql)} AS {name}" for name, sql in self.register.columns.items())
        reason = " ".join(
            f"WHEN {self._over_fields(r.condition)} THEN {sql_text(r.reason)}" for r in self.register.rules
        )
        shown = " ".join(f"WHEN {sql_text(r.reason)} THEN field_{r.field}" for r in self.register.rules)
        unread = {
            field: f"CASE WHEN {name} IS NULL THEN field_{field} END"
            for name, field in self.register.fields_of.items()
        }
        filled = " OR ".join(f"field_{name} IS NOT NULL" for name in self.register.fields)
        self.con.execute(
            f"""COPY (
                WITH raw AS (SELECT source_row, {MISPLACED}, {CELLS}, {fields} FROM ({relation})),
                typed AS (SELECT *, {typed} FROM raw),
                judged AS (SELECT *, coalesce({MISPLACED}, CASE {reason} END) AS reason FROM typed)
                SELECT source_row, {", ".join(self.register.columns)}, reason, {sql_unread(unread)} AS unread,
                    coalesce({CELLS}, CASE reason {shown} END) AS offending_text,
                    CASE WHEN {MISPLACED} = '{ABOVE}' THEN 0 ELSE {header_row} END::BIGINT AS header_row, ({filled}) AS is_data,
                    coalesce({self._over_fields(self.register.passed_over)}, false) AS is_passed_over
                FROM judged
            ) TO {sql_text(part.as_posix())} {PARQUET}"""
        )

    def _over_fields(self, sql: str) -> str:
        """The register's SQL names fields as $name; typed columns are left as they are."""
        known = self.register.fields
        return re.sub(r"\$([a-z]\w*)", lambda m: f"field_{m[1]}" if m[1] in known else m[0], sql)

    def finish(self, parts: list[Path], target: Path, report: FileReport) -> FileReport:
        rows = _rows(parts)
        refused = self.con.execute(
            f"SELECT source_row, reason, offending_text FROM {rows} WHERE reason IS NOT NULL ORDER BY source_row"
        ).fetchall()
        by_reason: dict[str, tuple[str, str | None]]
        by_reason = {reason: (remedy, None) for reason, remedy in MISPLACED_REMEDIES.items()}
        by_reason |= {rule.reason: (rule.remedy, rule.field) for rule in self.register.rules}
        check(self.con, f"(FROM {rows} WHERE reason IS NULL)", self.register.name, self.register.checks)
        # An entry given twice in one file is one entry: its first row is kept.
        self.con.execute(
            f"""COPY (
                SELECT {sql_text(report.file)} AS source_file, * EXCLUDE (reason, offending_text, unread) FROM {rows}
                WHERE reason IS NULL
                QUALIFY row_number() OVER (PARTITION BY {self.register.key} ORDER BY source_row) = 1
            ) TO {sql_text(target.as_posix())} {PARQUET}"""
        )
        taken, kept, passed = self.con.execute(
            f"""SELECT (SELECT count(*) FROM {rows} WHERE reason IS NULL),
                       (SELECT count(*) FROM {parquet_sql(target)}),
                       (SELECT count(*) FROM {_rows(parts, passed_over=True)})"""
        ).fetchall()[0]
        refusals = [
            Refusal(row, reason, remedy, None, field, offending)
            for row, reason, offending in refused
            for remedy, field in (by_reason[reason],)
        ]
        unread = unread_in(self.con, f"(FROM {rows} WHERE reason IS NULL)")
        as_of, by = self._as_of(target, report.file)
        report = replace(report, other_rows=report.other_rows + passed, unread=unread, as_of=as_of, as_of_by=by)
        return report.account(Amount(kept), refusals, Amount(taken - kept))

    def _as_of(self, table: Path, file: str) -> tuple[str | None, str]:
        """The day of which a file is and what tells it: its name, its own column, else its newest entry, before which it
        cannot have been made."""
        if named := day_named(file):
            return named, BY_NAME
        for column, by in ((self.register.extracted, BY_COLUMN), (self.register.registered, BY_ENTRY)):
            if column:
                newest = self.con.execute(
                    f"SELECT max({column}) FROM {parquet_sql(table)} WHERE {column} <= current_date"
                ).fetchall()[0][0]
                if newest is not None:
                    return str(newest), by
        return None, ""


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _rows(parts: list[Path], passed_over: bool = False) -> str:
    """SQL of the entries in typed parts; of the rows that are no entries of their own with `passed_over`."""
    names = ", ".join(file_sql(path) for path in parts)
    place = "coalesce(source_row, file_row_number + 1)"
    return f"""(
        SELECT * EXCLUDE (file_row_number, header_row, is_data, is_passed_over) REPLACE ({place} AS source_row)
        FROM read_parquet([{names}], file_row_number = true, hive_partitioning = false)
        WHERE is_data AND is_passed_over = {passed_over} AND {place} > header_row)"""

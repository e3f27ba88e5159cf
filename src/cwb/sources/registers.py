"""Public registers, small or of millions of rows, CSV, workbook, JSON or zip: read by DuckDB in one pass.

Every file gives one Parquet; they become one table, the newest snapshot first, so that an entry that has left the register
is still known. A national register takes minutes to read: its table is kept until its files change.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import duckdb

from cwb.base.database import parquet_sql
from cwb.base.kept import current, write_record
from cwb.base.progress import written
from cwb.base.stamp import stamp_of
from cwb.sources.register import Register
from cwb.sources.register_files import PARQUET, day_named, read_register
from cwb.sources.report import Amount, FileReport, RawFile
from cwb.sources.source import Job
from cwb.sources.tabular import sql_text

# Raised when a register's reader gives another result for the same file.
REGISTERS_VERSION = 7


@dataclass(frozen=True, kw_only=True)
class RegisterSource(Register):
    """A register that is read into one table of all its files."""

    def store(self, job: Job, files: Sequence[RawFile]) -> list[FileReport]:
        """Bring the register's table up to date; nothing is read when its files are the same."""
        target, marker = job.table(self.name), job.folder / f"{self.name}.json"
        # No reader of a register uses a reference table: a national register is not read again for one.
        key = stamp_of(
            REGISTERS_VERSION, reference=(), files=[(file.label, file.sha256, file.columns) for file in files]
        )
        kept = current(marker, key, [target] if target.is_file() else [])
        if kept is not None:
            accounts = cast("list[dict[str, object]]", kept.more["reports"])
            return [FileReport.from_dict(report) for report in accounts]
        target.unlink(missing_ok=True)
        marker.unlink(missing_ok=True)
        folder = job.scratch / self.name
        folder.mkdir(parents=True, exist_ok=True)
        pieces = []
        for number, file in enumerate(files):
            job.progress(file.label, number, len(files))
            piece = folder / f"{number:04d}.parquet"
            pieces.append((read_register(job.con, self, file, piece, job.scratch), piece))
        reports = combine(job.con, self, pieces, target)
        shutil.rmtree(folder, ignore_errors=True)
        if files and not any(report.error for report in reports):
            write_record(marker, key, [target], reports=[report.as_dict() for report in reports])
        return reports


def snapshot_of(label: str) -> str:
    """The date in a file's name, as YYYY-MM-DD; "9999" for a file without one, which counts as the newest."""
    return day_named(label) or "9999"


def combine(
    con: duckdb.DuckDBPyConnection, register: Register, pieces: list[tuple[FileReport, Path]], target: Path
) -> list[FileReport]:
    """Write one table of all files of a register, each entry from the newest snapshot that has it; none without files.

    Adds `snapshot` (date of the file, empty where its name has none) and `is_listed` (whether the newest snapshot has
    the entry). Entries of older files that a newer one has are counted as delivered twice.
    """
    whole = [(report, path) for report, path in pieces if report.error is None]
    if not whole:
        return [report for report, _ in pieces]
    selects = [
        f"SELECT *, {sql_text(snapshot_of(report.file))} AS snapshot FROM {parquet_sql(path)}"
        for report, path in whole
    ]
    newest = max(snapshot_of(report.file) for report, _ in whole)
    everything = " UNION ALL BY NAME ".join(selects)
    if len(whole) > 1:
        everything = (
            f"SELECT * FROM ({everything}) QUALIFY row_number() OVER "
            f"(PARTITION BY {register.key} ORDER BY snapshot DESC, source_file DESC) = 1"
        )
    with written(target) as part:
        con.execute(
            f"""COPY (
                SELECT * REPLACE (nullif(snapshot, '9999') AS snapshot), snapshot = {sql_text(newest)} AS is_listed
                FROM ({everything})
            ) TO {sql_text(part.as_posix())} {PARQUET}"""
        )
    table = parquet_sql(target)
    left = dict(con.execute(f"SELECT source_file, count(*) FROM {table} GROUP BY 1").fetchall())
    reports = []
    for report, _ in pieces:
        repeated = report.kept - left.get(report.file, 0)
        others = [other.file for other, _ in whole if other is not report]
        reports.append(report.delivered_before(Amount(repeated), others) if repeated else report)
    return reports

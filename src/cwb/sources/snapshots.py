"""Several files of one register as one table: each entry from the newest file that has it."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb

from cwb.sources.registers import Register
from cwb.sources.report import Amount, FileReport
from cwb.sources.tabular import sql_text

_SNAPSHOT = re.compile(r"(20\d{2})[-_]?(0[1-9]|1[0-2])(?:[-_]?(0[1-9]|[12]\d|3[01]))?(?!\d)")


def snapshot_of(label: str) -> str:
    """The date in a file's name, as YYYY-MM-DD; "9999" for a file without one, which counts as the newest."""
    found = _SNAPSHOT.findall(Path(label).name)
    return "-".join((found[-1][0], found[-1][1], found[-1][2] or "01")) if found else "9999"


def combine(
    con: duckdb.DuckDBPyConnection, register: Register, made: list[tuple[FileReport, Path]], target: Path
) -> None:
    """One table of all files of a register: each entry from the newest snapshot that has it.

    Adds `snapshot` (date of the file, empty where its name has none) and `is_listed` (whether the newest snapshot has
    the entry). Entries of older files that a newer one has are counted as delivered twice.
    """
    selects = [
        f"SELECT *, {sql_text(snapshot_of(report.file))} AS snapshot FROM read_parquet({sql_text(path.as_posix())})"
        for report, path in made
    ]
    newest = max(snapshot_of(report.file) for report, _ in made)
    everything = " UNION ALL BY NAME ".join(selects)
    if len(made) > 1:
        everything = (
            f"SELECT * FROM ({everything}) QUALIFY row_number() OVER "
            f"(PARTITION BY {register.key} ORDER BY snapshot DESC, source_file DESC) = 1"
        )
    con.execute(
        f"""COPY (
            SELECT * REPLACE (nullif(snapshot, '9999') AS snapshot), snapshot = {sql_text(newest)} AS is_listed
            FROM ({everything})
        ) TO {sql_text(target.as_posix())} (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE 30720)"""
    )
    if len(made) == 1:
        return
    left = dict(
        con.execute(
            f"SELECT source_file, count(*) FROM read_parquet({sql_text(target.as_posix())}) GROUP BY 1"
        ).fetchall()
    )
    for report, _ in made:
        repeated = report.kept - left.get(report.file, 0)
        if repeated:
            report.delivered_before(Amount(repeated), [r.file for r, _ in made if r is not report])

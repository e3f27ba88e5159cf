"""Registers → data/processed: read once for each change of their files, however often other files change.

A national register takes minutes to read; what was made of it is kept until its own files change. `registers.json`
says of what each table was made.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb

from cwb.base.stamp import stamp_of
from cwb.council.config import Settings
from cwb.sources import business_counts, charities, companies, coops, mutuals
from cwb.sources.registers import Register, read_register
from cwb.sources.report import FileReport
from cwb.sources.snapshots import combine

REGISTERS: dict[str, Register] = {
    module.REGISTER.source: module.REGISTER for module in (companies, mutuals, charities, coops, business_counts)
}
# Raised when a register's reader gives another result for the same file.
REGISTERS_VERSION = 2


def build_registers(
    con: duckdb.DuckDBPyConnection,
    settings: Settings,
    files: dict[str, list[tuple[str, Path]]],
    hashes: dict[str, str],
    scratch: Path,
    progress: Callable[[str, int, int], None],
) -> list[FileReport]:
    """Bring `<register>.parquet` up to date for every register that has files; one report per file.

    A register without files leaves no table. One whose file cannot be read is left out and its report says why.
    """
    marker = settings.processed / "registers.json"
    known: dict[str, Any] = json.loads(marker.read_text(encoding="utf-8")) if marker.is_file() else {}
    reports: list[FileReport] = []
    made: dict[str, Any] = {}
    for source, register in REGISTERS.items():
        target = settings.processed / f"{source}.parquet"
        own = files[source]
        # No reader of a register asks a reference table: a national register is not read again for one.
        key = stamp_of(
            REGISTERS_VERSION, reference=(), files={name: hashes[f"{source}:{name}"] for name, _ in own}
        )
        if own and target.is_file() and known.get(source, {}).get("key") == key:
            told = [FileReport.from_dict(report) for report in known[source]["reports"]]
        else:
            target.unlink(missing_ok=True)
            told = read_files(con, register, own, target, scratch, progress)
        reports += told
        if own and not any(report.error for report in told):
            made[source] = {"key": key, "reports": [report.as_dict() for report in told]}
    part = marker.with_suffix(".part")
    part.write_text(json.dumps(made, ensure_ascii=False), encoding="utf-8")
    part.replace(marker)
    return reports


def read_files(
    con: duckdb.DuckDBPyConnection,
    register: Register,
    files: list[tuple[str, Path]],
    target: Path,
    scratch: Path,
    progress: Callable[[str, int, int], None],
) -> list[FileReport]:
    """Read all files of a register into one table at `target`; none where no file can be read."""
    folder = scratch / register.source
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for number, (label, path) in enumerate(files):
        progress(label, number, len(files))
        piece = folder / f"{number:04d}.parquet"
        made.append((read_register(con, register, path, piece, scratch, label), piece))
    whole = [(report, piece) for report, piece in made if report.error is None]
    if whole:
        part = target.with_suffix(".part")
        combine(con, register, whole, part)
        part.replace(target)
    shutil.rmtree(folder, ignore_errors=True)
    return [report for report, _ in made]

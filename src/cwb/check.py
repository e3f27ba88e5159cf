"""`cwb check`: the whole account of raw files, without building anything."""

from __future__ import annotations

import glob
import re
import tempfile
from collections import Counter
from pathlib import Path

import duckdb

from cwb.base.errors import CwbError, Fault, SourceError
from cwb.base.progress import Progress, quiet
from cwb.council.config import Settings
from cwb.council.raw_files import find_files
from cwb.council.sections import SOURCES
from cwb.inputs import input_files
from cwb.register_store import REGISTERS, read_files
from cwb.sources import boundaries, postcodes
from cwb.sources.database import connect
from cwb.sources.duplicates import find_duplicates
from cwb.sources.layouts import recognise
from cwb.sources.report import Amount, FileReport, sha256_of
from cwb.sources.tabular import WORKBOOKS, open_grids
from cwb.store import read_spend_files, read_tables

_SPEND_WORDS = re.compile(r"spend|payment|expenditure", re.IGNORECASE)
_PAYMENTS = ("spend", "anchor_spend")
# Sources whose files no row of headings tells apart from others': their folder does.
_OWN_FORM = ("anchor_contracts", "factors", "deflators")
_TEXT = {".csv", ".txt", ".tsv", *WORKBOOKS}


def check_settings(settings: Settings, progress: Progress = quiet) -> list[FileReport]:
    """Check every file that the settings name, each as the source whose folder it stands in."""
    files = [(source, label, path) for source, found in input_files(settings).items() for label, path in found]
    return _check(files, settings.local.districts, progress)


def check_paths(paths: list[Path], progress: Progress = quiet) -> list[FileReport]:
    """Check files or folders. A file is read as the source whose folder it is in, else as its columns say.

    Raises `CwbError` for a path that is not there, and for whatever below it cannot be read.
    """
    missing = [path for path in paths if not path.exists()]
    if missing:
        raise CwbError(
            [Fault(file=str(path), rule="no such file or folder", remedy="Check the path.") for path in missing]
        )
    found: dict[Path, str] = {}
    faults: list[Fault] = []
    for given in paths:
        # A file that is named is looked for in its own folder.
        top, pattern = (given, "**/*") if given.is_dir() else (given.parent, glob.escape(given.name))
        shown = top.name if top.is_absolute() else top.as_posix()
        standing, unreadable = find_files(top, shown, (pattern,))
        faults += unreadable
        for path in standing:
            found.setdefault(path.resolve(), path.relative_to(top).as_posix())
    if faults:
        raise CwbError(faults)
    # Two files of one name are told apart by their whole paths.
    several = {label for label, count in Counter(found.values()).items() if count > 1}
    files = [
        (_source_of(path), path.as_posix() if label in several else label, path) for path, label in found.items()
    ]
    return _check(files, (), progress)


def _source_of(path: Path) -> str:
    """What a path that was named on the command line is.

    A path that calls itself spend is held to it, so that another file under a spending name is refused; else the
    columns decide, then the folder's name; spend when nothing tells.
    """
    folder = next((part.lower() for part in reversed(path.parts[:-1]) if part.lower() in SOURCES), None)
    calls_itself_spend = _SPEND_WORDS.search(path.stem) or _SPEND_WORDS.search(path.parent.name)
    if folder in _PAYMENTS or (folder is None and calls_itself_spend):
        return folder or "spend"
    if folder in REGISTERS or folder in _OWN_FORM:
        return folder
    if path.suffix.lower() in (".json", ".zip"):
        return _archive_or_json(path)
    if folder in ("postcodes", "boundaries") or path.suffix.lower() not in _TEXT:
        return folder or "spend"
    with tempfile.TemporaryDirectory() as scratch:
        try:
            with open_grids(path, Path(scratch), direct=False) as grids:
                kinds = [kind for grid in grids for row in grid.preview[:60] if (kind := recognise(row))]
        except SourceError:
            kinds = []
    return kinds[0] if kinds else folder or "spend"


def _archive_or_json(path: Path) -> str:
    """An archive is told by its name; a JSON file by the first keys in it."""
    if path.suffix.lower() == ".zip":
        return "companies" if "company" in path.name.lower() else "charities"
    with path.open("rb") as handle:
        return "charities" if b"registered_charity_number" in handle.read(4096) else "notices"


def _check(files: list[tuple[str, str, Path]], districts: tuple[str, ...], progress: Progress) -> list[FileReport]:
    """Read all files as a build does, into a folder that is thrown away."""
    by_source: dict[str, list[tuple[str, Path]]] = {source: [] for source in SOURCES}
    for source, label, path in files:
        by_source[source].append((label, path))
    reports: list[FileReport] = []
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder) / "scratch"
        con = connect(scratch=scratch)
        try:
            for payments in _PAYMENTS:
                target = Path(folder) / payments
                target.mkdir()
                made = read_spend_files(con, by_source[payments], target, scratch, progress, payments)
                find_duplicates(con, made, target)
                reports += made
            reports += read_tables(con, by_source, scratch, progress)[1]
            for source, register in REGISTERS.items():
                target = Path(folder) / f"{source}.parquet"
                reports += read_files(con, register, by_source[source], target, scratch, progress)
            reports += _check_places(con, by_source, districts)
        finally:
            con.close()
    return reports


def _check_places(
    con: duckdb.DuckDBPyConnection, files: dict[str, list[tuple[str, Path]]], districts: tuple[str, ...]
) -> list[FileReport]:
    reports = postcodes.from_files(con, files["postcodes"])[1]
    for label, path in files["boundaries"]:
        report = FileReport(label, "boundaries", sha256_of(path))
        try:
            if districts:
                report.account(Amount(len(boundaries.from_file(path, districts))))
        except SourceError as error:
            report.error = str(error)
        reports.append(report)
    return reports

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
from cwb.register_store import REGISTERS
from cwb.sources import boundaries, notices, postcodes
from cwb.sources.database import connect
from cwb.sources.duplicates import find_duplicates
from cwb.sources.layouts import recognise
from cwb.sources.registers import read_register
from cwb.sources.report import FileReport, sha256_of
from cwb.sources.tabular import WORKBOOKS, open_grids
from cwb.store import READERS, read_one, read_spend_files

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
    reports: list[FileReport] = []
    seen: dict[tuple[str, str], str] = {}
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder) / "scratch"
        con = connect(scratch=scratch)
        try:
            for payments in _PAYMENTS:
                target = Path(folder) / payments
                target.mkdir()
                own = [(label, path) for source, label, path in files if source == payments]
                made = read_spend_files(con, own, target, scratch, progress, payments)
                find_duplicates(con, made, target)
                reports += made
            others = [entry for entry in files if entry[0] not in _PAYMENTS]
            for number, (source, label, path) in enumerate(others):
                progress(label, number, len(others))
                if source in READERS:
                    reports.append(read_one(con, source, path, scratch, label)[1])
                elif source in REGISTERS:
                    target = Path(folder) / "register.parquet"
                    reports.append(read_register(con, REGISTERS[source], path, target, scratch, label))
                elif source == "notices":
                    reports.append(notices.read_notices(path, seen, label)[2])
                else:
                    reports.append(_check_place(con, source, label, path, districts))
        finally:
            con.close()
    return reports


def _check_place(
    con: duckdb.DuckDBPyConnection, source: str, label: str, path: Path, districts: tuple[str, ...]
) -> FileReport:
    report = FileReport(file=label, source=source, sha256=sha256_of(path))
    try:
        if source == "postcodes":
            report.rows = report.kept = len(postcodes.from_files(con, [path]))
        elif districts:
            report.rows = report.kept = len(boundaries.from_file(path, districts))
    except SourceError as error:
        report.error = str(error)
    return report

"""`cwb check`: the whole account of raw files, without building anything."""

from __future__ import annotations

import glob
import re
import tempfile
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

from cwb.base.characters import visible
from cwb.base.errors import CwbError, Fault, SourceError
from cwb.base.progress import Progress, quiet
from cwb.council.config import Settings
from cwb.council.raw_files import find_files
from cwb.sources.database import connect
from cwb.sources.explanations import without_explanations
from cwb.sources.mapping import faults_of, mapping_of
from cwb.sources.newest import days_of_rows
from cwb.sources.registry import recognise, sources
from cwb.sources.report import FileReport, RawFile
from cwb.sources.source import Job
from cwb.sources.tabular import open_grids
from cwb.sources.workbooks import WORKBOOKS

_SPEND_WORDS = re.compile(r"spend|payment|expenditure", re.IGNORECASE)
_TEXT = {".csv", ".txt", ".tsv", *WORKBOOKS}


Files = dict[str, list[RawFile]]


def check_paths(paths: list[Path], progress: Progress = quiet) -> list[FileReport]:
    """Check files or folders, whatever the settings say of them."""
    return check_files(files_of_paths(paths), (), progress)


def files_of_paths(paths: list[Path], settings: Settings | None = None) -> Files:
    """Source → its files at these paths. A file is of the source whose folder it is in, else of that which its columns say.

    Files below the raw folder of the settings are read as their mappings say. Raises `CwbError` for a path that is not
    there, for whatever below it cannot be read, and for a mapping that its source cannot follow.
    """
    missing = [path for path in paths if not path.exists()]
    if missing:
        raise CwbError(
            [Fault(file=str(path), rule="no such file or folder", remedy="Check the path.") for path in missing]
        )
    found: dict[Path, str] = {}
    faults: list[Fault] = []
    for given in paths:
        # A named file is looked up in its folder.
        top, pattern = (given, "**/*") if given.is_dir() else (given.parent, glob.escape(given.name))
        shown = top.name if top.is_absolute() else top.as_posix()
        present, unreadable = find_files(top, shown, (pattern,))
        faults += unreadable
        for path in present:
            found.setdefault(path.resolve(), visible(path.relative_to(top).as_posix()))
    if faults:
        raise CwbError(faults)
    # Two files of one name are shown by their whole paths.
    several = {label for label, count in Counter(found.values()).items() if count > 1}
    files: Files = {}
    for path, label in found.items():
        file, source = RawFile.of(path, visible(path.as_posix()) if label in several else label), _source_of(path)
        if settings is not None and path.is_relative_to(settings.raw):
            mapping = mapping_of(settings.mappings, settings.label_of(path))
            faults += faults_of(mapping, sources()[source]) if mapping else ()
            file = replace(file, mapping=mapping)
        files.setdefault(source, []).append(file)
    if faults:
        raise CwbError(faults)
    return files


def _source_of(path: Path) -> str:
    """What a path that was named on the command line is.

    A path that calls itself spend is held to it, so that another file under a spending name is refused; else the
    columns decide, then the folder's name; spend when nothing tells.
    """
    folder = next((part.lower() for part in reversed(path.parts[:-1]) if part.lower() in sources()), None)
    calls_itself_spend = _SPEND_WORDS.search(path.stem) or _SPEND_WORDS.search(path.parent.name)
    if folder is None and calls_itself_spend:
        return "spend"
    if folder and sources()[folder].by_folder:
        return folder
    if path.suffix.lower() in (".json", ".jsonl", ".ndjson", ".zip"):
        return _archive_or_json(path)
    if path.suffix.lower() not in _TEXT:
        return folder or "spend"
    with tempfile.TemporaryDirectory() as scratch:
        try:
            with open_grids(path, Path(scratch)) as grids:
                rows = [row for grid in grids for row in grid.preview[:60]]
        except SourceError:
            rows = []
    # What names the folder's source is that source, though another would fit too (a vendor list that states amounts).
    layout = None if folder is None else sources()[folder].layout
    fits = layout is not None and any(not layout.missing(layout.match(row)) for row in rows)
    kind = folder if fits else next((kind for row in rows if (kind := recognise(row))), folder)
    return kind or "spend"


def _archive_or_json(path: Path) -> str:
    """An archive is known by its name, a JSON file by the first keys in it."""
    if path.suffix.lower() == ".zip":
        return "companies" if "company" in path.name.lower() else "charities"
    with path.open("rb") as handle:
        return "charities" if b"registered_charity_number" in handle.read(4096) else "notices"


def _dated(report: FileReport, oldest: date, newest: date) -> FileReport:
    return replace(report, oldest=f"{oldest}", newest=f"{newest}")


def check_files(files: Files, districts: tuple[str, ...] = (), progress: Progress = quiet) -> list[FileReport]:
    """Read all files as a build does, into a folder that is thrown away; each report tells its oldest and its newest day."""
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder) / "scratch"
        con = connect(scratch=scratch)
        job = Job(con, Path(folder), scratch, progress, districts)
        try:
            found = []
            for name, source in sources().items():
                if given := files.get(name):
                    found += without_explanations(
                        source, source.store(job, given), {file.label: file.path for file in given}
                    )
            days = days_of_rows(con, job.folder, found)
            return [_dated(one, *days[one.file]) if one.file in days else one for one in found]
        finally:
            con.close()

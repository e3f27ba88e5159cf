"""data/processed: validated tables as Parquet, what was refused as CSV, and the lineage of all of it.

Everything here can be deleted; it is rebuilt from data/raw. `lineage.json` is written last, so that a build
that was broken off is seen as no build; it has the hash of each table, so that a damaged one is made again.
"""

from __future__ import annotations

import codecs
import csv
import shutil
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import cast

from cwb.base.errors import CwbError, Fault, SourceError
from cwb.base.folders import emptied
from cwb.base.kept import Record, current, read_record, write_record
from cwb.base.progress import Progress, quiet, written
from cwb.base.rows import Row
from cwb.base.stamp import stamp_of
from cwb.council.config import Settings
from cwb.sources.database import connect
from cwb.sources.datasets.postcodes import default_postcodes, package_source
from cwb.sources.explanations import without_explanations
from cwb.sources.inputs import Inputs, list_inputs, read_sidecar
from cwb.sources.ocds_contracts import TABLES as OF_NOTICES
from cwb.sources.registry import sources
from cwb.sources.report import FileReport, RawFile
from cwb.sources.source import Job, Source
from cwb.sources.workbooks import WORKBOOKS

# Raised when a reader's result changes for the same file, so that old processed files are not reused.
READERS_VERSION = 30
_MARKER = "lineage.json"
# The bytes of blank lines in any encoding, with the marks before them.
_BLANK = b"\0 \t\r\n" + codecs.BOM_UTF8 + codecs.BOM_UTF16
# Types of files that a reader takes.
_READ_TYPES = {"", ".csv", ".txt", ".tsv", ".json", ".jsonl", ".ndjson", ".geojson", ".zip", *WORKBOOKS}


@dataclass(frozen=True)
class Lineage:
    """The origin of the processed tables: a key over all inputs, one report per raw file, where places are from, and
    the hash of every raw file and sidecar by source and name."""

    key: str
    reports: tuple[FileReport, ...]
    sources: dict[str, str]
    inputs: dict[str, str] = field(default_factory=dict)

    def of(self, source: str) -> list[FileReport]:
        return [report for report in self.reports if report.source == source]


def input_key(settings: Settings, hashes: dict[str, str]) -> str:
    """A hash over everything that the validated tables depend on."""
    return stamp_of(
        READERS_VERSION,
        files=hashes,
        settings=settings.model_dump(mode="json", include={"council", "local", "mappings", "bounds"}),
        postcodes=package_source(),
    )


def _lineage_of(record: Record) -> Lineage:
    reports, origins, hashes = (record.more[name] for name in ("reports", "sources", "inputs"))
    accounts = tuple(map(FileReport.from_dict, cast("list[Row]", reports)))
    return Lineage(record.key, accounts, cast("dict[str, str]", origins), cast("dict[str, str]", hashes))


def up_to_date(settings: Settings, inputs: Inputs, is_reported: bool = True) -> Lineage | None:
    """The lineage of the validated tables if they are of these inputs and undamaged; what was damaged is reported."""
    key = input_key(settings, inputs.hashes)
    record = current(settings.processed / _MARKER, key, _tables(settings), is_reported)
    return _lineage_of(record) if record else None


def last_reports(settings: Settings) -> tuple[FileReport, ...]:
    """The accounts of raw files as the last build left them, whatever has changed since; a file that changed has another hash."""
    record = read_record(settings.processed / _MARKER)
    return _lineage_of(record).reports if record else ()


def build(settings: Settings, progress: Progress = quiet, inputs: Inputs | None = None) -> Lineage:
    """Bring data/processed up to date with data/raw and return its lineage; nothing is done when it is.

    `inputs` are the raw files as a run has listed them, by default as they are now. The caller holds the lock of the folder.
    Raises `CwbError` with every fault of every file that cannot be read as its source at all, and for files that change
    meanwhile. Rows that are refused do not stop a build: they are kept in `rejects/` with their reasons.
    """
    inputs = inputs or list_inputs(settings)
    if (lineage := up_to_date(settings, inputs)) is not None:
        return lineage
    folder = settings.processed
    marker = folder / _MARKER
    folder.mkdir(parents=True, exist_ok=True)
    marker.unlink(missing_ok=True)
    scratch = folder / "scratch"
    con = connect(scratch=scratch)
    job = Job(con, folder, scratch, progress, settings.local.districts, settings.shared_processed)
    try:
        reports = store_all(job, inputs.files)
        sidecars = {file.label: read_sidecar(file.path) for files in inputs.files.values() for file in files}
    except Exception:
        # A file that went or changed under its reader is why, whatever the reader made of it.
        if changes := inputs.changes(settings):
            raise SourceError(changes) from None
        raise
    finally:
        con.close()
        shutil.rmtree(scratch, ignore_errors=True)
    if changes := inputs.changes(settings):
        raise SourceError(changes)
    _write_rejects(folder / "rejects", reports)
    accounts = tuple(replace(report, sidecar=sidecars[report.file]) for report in reports)
    key = input_key(settings, inputs.hashes)
    stated = [one.as_dict() for one in accounts]
    write_record(marker, key, _tables(settings), sources=job.origins, inputs=inputs.hashes, reports=stated)
    return Lineage(key, accounts, job.origins, inputs.hashes)


def _tables(settings: Settings) -> list[Path]:
    """The validated tables that are there: one a source, payments one a raw file, outlines, the postcodes of all councils."""
    folder, names = settings.processed, [*sources(), "outlines", *OF_NOTICES]
    found = [folder / f"{name}{end}.parquet" for name in names for end in ("", "_duplicates")]
    found = [path for path in (*found, default_postcodes(settings.shared_processed)) if path.is_file()]
    return found + [path for name in names for path in sorted((folder / name).glob("*.parquet"))]


def store_all(job: Job, files: dict[str, list[RawFile]]) -> list[FileReport]:
    """Store every source; raise `CwbError` with every file that cannot be read at all and may not be passed over."""
    reports: dict[str, list[FileReport]] = {}
    for turn in sorted({source.turn for source in sources().values()}):
        batch = {name: source for name, source in sources().items() if source.turn == turn}
        for name, source in batch.items():
            paths = {file.label: file.path for file in files[name]}
            reports[name] = [
                replace(one, is_skipped=True)
                if one.error and _may_be_skipped(source, one, paths[one.file])
                else one
                for one in without_explanations(source, source.store(job, files[name]), paths)
            ]
        errors = [one.error for of in reports.values() for one in of if one.error and not one.is_skipped]
        if errors:
            raise CwbError([Fault(rule=error, remedy="Run cwb check for the whole account.") for error in errors])
    return [report for name in sources() for report in reports[name]]


def _may_be_skipped(source: Source, report: FileReport, path: Path) -> bool:
    """Whether a build may go on without a file: not the council's own, of a type that holds no rows (a PDF), or empty."""
    return (
        report.is_skipped
        or source.may_lack_a_file
        or Path(report.file).suffix.lower() not in _READ_TYPES
        or _is_empty(path)
    )


def _is_empty(path: Path) -> bool:
    """Whether a file has no bytes but blanks and line ends."""
    with path.open("rb") as handle:
        return not any(chunk.strip(_BLANK) for chunk in iter(lambda: handle.read(1 << 20), b""))


def _write_rejects(folder: Path, reports: list[FileReport]) -> None:
    emptied(folder)
    for source in sorted({report.source for report in reports}):
        with (
            written(folder / f"{source}.csv") as part,
            part.open("w", encoding="utf-8-sig", newline="") as handle,
        ):
            writer = csv.writer(handle)
            writer.writerow(["file", "sheet", "row", "reason", "column", "value", "pounds", "remedy", "also"])
            for report in (one for one in reports if one.source == source):
                for r in report.refusals:
                    first, *others = map(report.headed, report.faults_of(r))
                    also = "; ".join(f"{one.column}: {one.rule}. {one.remedy}" for one in others)
                    writer.writerow(
                        [report.file, r.sheet, r.row, r.reason, first.column, r.value, r.gbp, r.remedy, also]
                    )

"""data/processed: validated tables as Parquet, what was refused as CSV, and the lineage of all of it.

Everything here can be deleted; it is rebuilt from data/raw. `lineage.json` is written last, so that a build
that was broken off is seen as no build.
"""

from __future__ import annotations

import codecs
import csv
import json
import shutil
from dataclasses import dataclass, field, replace
from pathlib import Path

from cwb.base.errors import CwbError, Fault
from cwb.base.progress import Progress, quiet, written
from cwb.base.stamp import stamp_of
from cwb.council.config import Settings
from cwb.sources.database import connect
from cwb.sources.datasets.postcodes import package_source
from cwb.sources.inputs import hash_inputs, input_files, read_sidecar
from cwb.sources.registry import sources
from cwb.sources.report import FileReport, RawFile
from cwb.sources.source import Job, Source
from cwb.sources.workbooks import WORKBOOKS

# Raised when a reader's result changes for the same file, so that old processed files are not reused.
READERS_VERSION = 18
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


def read_lineage(settings: Settings) -> Lineage | None:
    path = settings.processed / "lineage.json"
    if not path.is_file():
        return None
    stored = json.loads(path.read_text(encoding="utf-8"))
    reports = tuple(FileReport.from_dict(report) for report in stored["reports"])
    return Lineage(stored["key"], reports, stored["sources"], stored.get("inputs", {}))


def build(settings: Settings, progress: Progress = quiet) -> Lineage:
    """Bring data/processed up to date with data/raw and return its lineage; nothing is done when it is.

    Raises `CwbError` with every fault of every file that cannot be read as its source at all. Rows that are
    refused do not stop a build: they are kept in `rejects/` with their reasons.
    """
    files = input_files(settings)
    hashes = hash_inputs(settings, files)
    key = input_key(settings, hashes)
    current = read_lineage(settings)
    if current is not None and current.key == key:
        return current
    folder = settings.processed
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "lineage.json").unlink(missing_ok=True)
    scratch = folder / "scratch"
    con = connect(scratch=scratch)
    job = Job(con, folder, scratch, progress, settings.local.districts, settings.shared_processed)
    try:
        reports = store_all(job, files)
    finally:
        con.close()
        shutil.rmtree(scratch, ignore_errors=True)
    _write_rejects(folder / "rejects", reports)
    sidecars = {file.label: read_sidecar(file.path) for source_files in files.values() for file in source_files}
    accounts = tuple(replace(report, sidecar=sidecars[report.file]) for report in reports)
    lineage = Lineage(key, accounts, job.origins, hashes)
    state = {"key": key, "sources": job.origins, "inputs": hashes, "reports": [one.as_dict() for one in accounts]}
    with written(folder / "lineage.json") as part:
        part.write_text(json.dumps(state, indent=1, ensure_ascii=False), encoding="utf-8")
    return lineage


def store_all(job: Job, files: dict[str, list[RawFile]]) -> list[FileReport]:
    """Store every source; raise `CwbError` with every file that cannot be read at all and may not be passed over."""
    reports: dict[str, list[FileReport]] = {}
    for turn in sorted({source.turn for source in sources().values()}):
        batch = {name: source for name, source in sources().items() if source.turn == turn}
        for name, source in batch.items():
            paths = {file.label: file.path for file in files[name]}
            reports[name] = [
                replace(
                    report, is_skipped=bool(report.error) and _may_be_skipped(source, report, paths[report.file])
                )
                for report in source.store(job, files[name])
            ]
        errors = [one.error for of in reports.values() for one in of if one.error and not one.is_skipped]
        if errors:
            raise CwbError([Fault(rule=error, remedy="Run cwb check for the whole account.") for error in errors])
    return [report for name in sources() for report in reports[name]]


def _may_be_skipped(source: Source, report: FileReport, path: Path) -> bool:
    """Whether a build may go on without a file: not the council's own, of a type that holds no rows (a PDF), or empty."""
    return source.may_lack_a_file or Path(report.file).suffix.lower() not in _READ_TYPES or _is_empty(path)


def _is_empty(path: Path) -> bool:
    """Whether a file has no bytes but blanks and line ends."""
    with path.open("rb") as handle:
        return not any(chunk.strip(_BLANK) for chunk in iter(lambda: handle.read(1 << 20), b""))


def _write_rejects(folder: Path, reports: list[FileReport]) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for source in sorted({report.source for report in reports}):
        with (
            written(folder / f"{source}.csv") as part,
            part.open("w", encoding="utf-8-sig", newline="") as handle,
        ):
            writer = csv.writer(handle)
            writer.writerow(["file", "sheet", "row", "reason", "column", "value", "pounds", "remedy"])
            for report in (one for one in reports if one.source == source):
                for r in report.refusals:
                    writer.writerow([report.file, r.sheet, r.row, r.reason, r.column, r.value, r.gbp, r.remedy])

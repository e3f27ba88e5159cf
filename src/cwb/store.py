"""data/processed: validated tables as Parquet, what was refused as CSV, and the lineage of all of it.

Everything here can be deleted; it is made again from data/raw. `lineage.json` is written last, so that a build
that was broken off is seen as no build.
"""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from cwb.base.errors import CwbError, Fault, SourceError
from cwb.base.progress import Progress, quiet, written
from cwb.base.stamp import stamp_of
from cwb.council.config import Settings
from cwb.inputs import hash_inputs, input_files, read_sidecar
from cwb.place_store import build_places
from cwb.register_store import build_registers
from cwb.sources import (
    awards,
    carbon_plans,
    checklists,
    contracts,
    crosswalk,
    deflators,
    factors,
    initiatives,
    notices,
    one_offs,
    pipeline,
    postcodes,
    review,
    supplier_emissions,
    vendors,
)
from cwb.sources.database import connect
from cwb.sources.duplicates import find_duplicates
from cwb.sources.frames import drop_repeats
from cwb.sources.headers import Header
from cwb.sources.report import FileReport, sha256_of
from cwb.sources.spend import read_spend

# Raised when a reader's result changes for the same file, so that old processed files are not reused.
READERS_VERSION = 6
TABLES = (
    "vendors", "contracts", "awards", "notices", "one_offs", "pipeline", "review", "crosswalk", "anchor_contracts",
    "initiatives", "factors", "deflators", "supplier_emissions", "carbon_plans", "checklists",
)  # fmt: skip


@dataclass(frozen=True)
class Lineage:
    """What the processed tables were made of: a key over all inputs, and one report per raw file."""

    key: str
    reports: tuple[dict[str, Any], ...]
    sources: dict[str, str]

    def of(self, source: str) -> list[dict[str, Any]]:
        return [report for report in self.reports if report["source"] == source]


def input_key(settings: Settings, hashes: dict[str, str]) -> str:
    """A hash over everything that the validated tables depend on."""
    return stamp_of(
        READERS_VERSION,
        files=hashes,
        settings=settings.model_dump(mode="json", include={"council", "local"}),
        postcodes=postcodes.package_source(),
    )


def read_lineage(settings: Settings) -> Lineage | None:
    path = settings.processed / "lineage.json"
    if not path.is_file():
        return None
    stored = json.loads(path.read_text(encoding="utf-8"))
    return Lineage(stored["key"], tuple(stored["reports"]), stored["sources"])


def build(settings: Settings, progress: Progress = quiet) -> Lineage:
    """Bring data/processed up to date with data/raw and return its lineage; nothing is done when it is.

    Raises `CwbError` with every fault of every file that cannot be read as its source at all. Rows that are
    refused do not stop a build: they are kept in `rejects/` with their reasons.
    """
    hashes = hash_inputs(settings)
    key = input_key(settings, hashes)
    current = read_lineage(settings)
    if current is not None and current.key == key:
        return current
    folder = settings.processed
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "lineage.json").unlink(missing_ok=True)
    scratch = folder / "scratch"
    con = connect(scratch=scratch)
    try:
        files = input_files(settings)
        reports = _build_spend(con, settings, "spend", files["spend"], scratch, progress)
        reports += _build_spend(con, settings, "anchor_spend", files["anchor_spend"], scratch, progress)
        reports += _build_tables(con, settings, files, scratch, progress)
        reports += build_registers(con, settings, files, hashes, scratch, progress)
        _raise_unreadable(reports)
        sources, place_reports = build_places(con, settings, files, progress)
        reports += place_reports
        _raise_unreadable(place_reports)
    finally:
        con.close()
        shutil.rmtree(scratch, ignore_errors=True)
    _write_rejects(folder / "rejects", reports)
    sidecars = {label: read_sidecar(path) for found in files.values() for label, path in found}
    told = tuple({**report.as_dict(), "sidecar": sidecars.get(report.file, {})} for report in reports)
    lineage = Lineage(key, told, sources)
    with written(folder / "lineage.json") as part:
        part.write_text(
            json.dumps({"key": key, "reports": lineage.reports, "sources": sources}, indent=1, ensure_ascii=False),
            encoding="utf-8",
        )
    return lineage


def _raise_unreadable(reports: list[FileReport]) -> None:
    errors = [report.error for report in reports if report.error]
    if errors:
        raise CwbError([Fault(rule=error, remedy="Run cwb check for the whole account.") for error in errors])


def _build_spend(
    con: duckdb.DuckDBPyConnection,
    settings: Settings,
    source: str,
    files: list[tuple[str, Path]],
    scratch: Path,
    progress: Progress,
) -> list[FileReport]:
    """The council's own ledger, or the payments of other bodies: the same reader, each with tables of its own."""
    folder = settings.processed / source
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    reports = read_spend_files(con, files, folder, scratch, progress, source)
    duplicates = find_duplicates(con, reports, folder)
    with written(settings.processed / f"{source}_duplicates.parquet") as part:
        duplicates.to_parquet(part, index=False)
    return reports


def read_spend_files(
    con: duckdb.DuckDBPyConnection,
    files: list[tuple[str, Path]],
    folder: Path,
    scratch: Path,
    progress: Progress = quiet,
    source: str = "spend",
) -> list[FileReport]:
    """Read spending files in order into `folder`, one Parquet each, named 0000.parquet onwards; they are told as `source`."""
    reports: list[FileReport] = []
    known: dict[Path, dict[int, Header]] = {}
    # Files with a header first, so that header-less neighbours can borrow it whatever their names.
    for number, (label, path) in enumerate(files):
        progress(label, number, len(files))
        target = folder / f"{number:04d}.parquet"
        reports.append(read_spend(con, path, target, scratch, known.setdefault(path.parent, {}), label))
    for number, (label, path) in enumerate(files):
        if reports[number].error and known[path.parent]:
            target = folder / f"{number:04d}.parquet"
            reports[number] = read_spend(con, path, target, scratch, known[path.parent], label)
    for report in reports:
        report.source = source
    return reports


READERS: dict[str, Callable[..., tuple[pd.DataFrame, FileReport]]] = {
    "vendors": vendors.read_vendors,
    "contracts": contracts.read_contracts,
    "awards": awards.read_awards,
    "one_offs": one_offs.read_one_offs,
    "pipeline": pipeline.read_pipeline,
    "review": review.read_review,
    "crosswalk": crosswalk.read_crosswalk,
    "anchor_contracts": contracts.read_contracts,
    "initiatives": initiatives.read_initiatives,
    "factors": factors.read_factors,
    "deflators": deflators.read_deflators,
    "supplier_emissions": supplier_emissions.read_supplier_emissions,
    "carbon_plans": carbon_plans.read_carbon_plans,
    "checklists": checklists.read_checklists,
}
# What makes two rows of different files the same row. A cumulative register repeats its contracts every quarter.
_SAME = {
    "vendors": ["supplier_id"],
    "contracts": ["contract_reference", "title", "supplier_name", "start_date"],
    "awards": ["award_key", "supplier_name"],
    "one_offs": ["project", "period", "match_on", "match_value"],
    "pipeline": ["pipeline_reference", "title", "tender_date"],
    "review": ["supplier_key"],
    "crosswalk": ["cpv_prefix", "category"],
    "anchor_contracts": ["folder", "contract_reference", "title", "supplier_name", "start_date"],
    "initiatives": ["period", "title"],
    "factors": ["release", "code", "year"],
    "deflators": ["kind", "year"],
    "supplier_emissions": ["contract_reference", "supplier_name", "period"],
    "carbon_plans": ["supplier_name", "company_number", "sign_off_date"],
    "checklists": ["reference"],
}
# The column of pounds of the sources that state any.
_MONEY = {
    "contracts": "value_gbp",
    "anchor_contracts": "value_gbp",
    "awards": "value_gbp",
    "pipeline": "value_gbp",
    "one_offs": "expected_gbp",
}


def read_one(
    con: duckdb.DuckDBPyConnection, source: str, path: Path, scratch: Path, label: str
) -> tuple[pd.DataFrame, FileReport]:
    """Read one file of a small source; a file that fails as a whole gives an empty frame and the report's `error`."""
    try:
        frame, report = READERS[source](con, path, scratch, label)
        report.source = source
        if source == "anchor_contracts" and len(frame):
            # Two bodies may hold the same contract: whose folder a row is from is part of what it is.
            frame["folder"] = label.split("/")[1] if label.count("/") > 1 else ""
        return frame, report
    except SourceError as error:
        report = FileReport(file=label, source=source, sha256=sha256_of(path), error=f"{label}: {error}")
        return pd.DataFrame(), report


def read_tables(
    con: duckdb.DuckDBPyConnection, files: dict[str, list[tuple[str, Path]]], scratch: Path, progress: Progress
) -> tuple[dict[str, pd.DataFrame], list[FileReport]]:
    """Every small source as one table of all of its files, each row in it once, and the account of each file."""
    reports: list[FileReport] = []
    frames: dict[str, list[pd.DataFrame]] = {name: [] for name in TABLES}
    for source in READERS:
        for number, (label, path) in enumerate(files[source]):
            progress(label, number, len(files[source]))
            frame, report = read_one(con, source, path, scratch, label)
            frames[source].append(frame)
            reports.append(report)
    seen: dict[tuple[str, str], str] = {}
    for number, (label, path) in enumerate(files["notices"]):
        progress(label, number, len(files["notices"]))
        told, awarded, report = notices.read_notices(path, seen, label)
        frames["notices"].append(told)
        frames["awards"].append(awarded)
        reports.append(report)
    tables = {
        name: _one_table(name, given, [report for report in reports if report.source == name])
        for name in TABLES
        if (given := [frame for frame in frames[name] if len(frame)])
    }
    return tables, reports


def _build_tables(
    con: duckdb.DuckDBPyConnection,
    settings: Settings,
    files: dict[str, list[tuple[str, Path]]],
    scratch: Path,
    progress: Progress,
) -> list[FileReport]:
    tables, reports = read_tables(con, files, scratch, progress)
    for name in TABLES:
        target = settings.processed / f"{name}.parquet"
        target.unlink(missing_ok=True)
        if name in tables:
            with written(target) as part:
                tables[name].to_parquet(part, index=False)
    return reports


def _one_table(name: str, frames: list[pd.DataFrame], reports: list[FileReport]) -> pd.DataFrame:
    """All files of a source as one table, nothing in it twice."""
    if name == "notices":
        return pd.concat(frames, ignore_index=True)
    if name != "awards":
        return drop_repeats(frames, reports, _SAME[name], _MONEY.get(name))
    own = {report.file for report in reports}
    from_tables = [f for f in frames if f["source_file"].iloc[0] in own]
    from_notices = [f for f in frames if f["source_file"].iloc[0] not in own]
    parts = [drop_repeats(from_tables, reports, _SAME[name], _MONEY[name])] if from_tables else []
    table = pd.concat([f.astype(object) for f in [*parts, *from_notices]], ignore_index=True)
    table = table.where(table.notna(), None)
    table["value_gbp"] = table["value_gbp"].astype("float64")
    return notices.once(table)


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
            for report in reports:
                if report.source != source:
                    continue
                for r in report.refusals:
                    writer.writerow([report.file, r.sheet, r.row, r.reason, r.column, r.value, r.gbp, r.remedy])

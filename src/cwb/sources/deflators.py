"""HM Treasury's GDP deflators: how prices moved from year to year.

One row per kind of year and year. Columns: `kind` ("financial", "calendar"), `year` ("2023-24", "2023"), `index_value` (100 in
the release's own base year), `is_forecast` (None where the file does not say up to which year it is outturn), `release` (the file's name without its ending), and the source columns. The table is found by
its headings: the base year and the number of title rows change with every release, and a second block to the right holds
calendar years. Source: formats.md 11.1.
"""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pandas as pd

from cwb.base.errors import SourceError, fault
from cwb.base.values import parse_number
from cwb.sources import schemas
from cwb.sources.frames import RAW_ROW
from cwb.sources.report import Amount, FileReport, sha256_of
from cwb.sources.tabular import open_grids

_FINANCIAL = re.compile(r"((?:19|20)\d\d)\s*[-/]\s*(\d\d)\b")
_CALENDAR = re.compile(r"((?:19|20)\d\d)(?:\.0)?\b(?!\s*[-/])")


def read_deflators(
    con: duckdb.DuckDBPyConnection, path: Path, scratch: Path, label: str | None = None
) -> tuple[pd.DataFrame, FileReport]:
    """Read one release; a file without a column of years beside an index gives a report with `error` set."""
    report = FileReport(file=label or path.name, source="deflators", sha256=sha256_of(path))
    made: list[dict[str, object]] = []
    try:
        with open_grids(path, scratch, direct=False) as grids:
            for grid in grids:
                names = [
                    n for n in con.sql(f"SELECT * FROM ({grid.relation}) LIMIT 0").columns if n != "source_row"
                ]
                table = con.sql(
                    f"SELECT source_row, {', '.join(names)} FROM ({grid.relation}) ORDER BY source_row"
                ).fetchall()
                made += _blocks(table, path.stem, report.file, grid.sheet)
        if not made:
            raise SourceError(
                fault(
                    "no column headed Financial year with an index beside it", "Give HM Treasury's workbook.", path
                )
            )
    except SourceError as error:
        report.error = str(error)
        return pd.DataFrame(), report
    frame = pd.DataFrame(made).drop_duplicates(["kind", "year"]).astype({"is_forecast": object})
    rows, kept = (len(rows.drop_duplicates(list(RAW_ROW))) for rows in (pd.DataFrame(made), frame))
    report.account(Amount(kept), repeated=Amount(rows - kept), of=[report.file] if rows > kept else ())
    return schemas.validate(frame, schemas.DEFLATORS), report


def _blocks(
    table: list[tuple[object, ...]], release: str, label: str, sheet: str | None
) -> list[dict[str, object]]:
    made = []
    outturn = _last_outturn(table)
    for start, row in enumerate(table):
        for at, cell in enumerate(row[1:], start=1):
            heading = str(cell or "").strip().lower()
            kind = (
                "financial"
                if heading.startswith("financial year")
                else "calendar"
                if heading.startswith("calendar year")
                else None
            )
            if kind is None:
                continue
            for below in table[start + 1 :]:
                if str(below[at] or "").lower().startswith("sources"):
                    break
                year, value = (
                    _year(str(below[at] or ""), kind),
                    parse_number(str(below[at + 1]) if at + 1 < len(below) else None, 1, 1000),
                )
                if year and value:
                    made.append(
                        {"kind": kind, "year": year, "index_value": value, "release": release,
                         "is_forecast": None if outturn is None else int(year[:4]) > outturn, "source_file": label,
                         "source_sheet": sheet, "source_row": int(str(below[0]))}
                    )  # fmt: skip
    return made


def _last_outturn(table: list[tuple[object, ...]]) -> int | None:
    """The year in which the last financial year of outturn begins, as the notes say: "outturn to 2024-25", "forecast from
    2025-26"; None where no note says."""
    for cell in (str(cell) for row in table for cell in row[1:] if cell):
        words = cell.lower()
        years = [int(found[1]) for found in _FINANCIAL.finditer(cell)]
        if years and "outturn" in words:
            return years[0]
        if years and "forecast" in words:
            return years[0] - 1
    return None


def _year(text: str, kind: str) -> str | None:
    found = (_FINANCIAL if kind == "financial" else _CALENDAR).match(text.strip())
    if not found:
        return None
    return f"{found[1]}-{found[2]}" if kind == "financial" else found[1]

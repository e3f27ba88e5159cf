"""Defra / University of Leeds conversion factors by product group, in both layouts that have been published.

One row per release, product group and year. Columns: `release` (the file's name without its ending), `code` (the
publisher's product group, without leading noughts: "1", "42.1-2", "23OTHER"; not SIC), `product`, `year` (calendar),
`kgco2e_per_gbp` (basic prices of that year, excluding VAT), and the source columns. The release of 2026 has years as columns;
the edition of 2022 has one year, named by the file. Source: formats.md 7.1.
"""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pandas as pd

from cwb.base.errors import SourceError, fault
from cwb.base.values import parse_number
from cwb.sources import schemas
from cwb.sources.report import Amount, FileReport, Refusal, sha256_of
from cwb.sources.tabular import Grid, open_grids

_CODE = re.compile(r"\d{1,2}(\.\d{1,2})?( ?-\d{1,2})?(IMP|OTHER|[A-C])?")
# More is no factor of a pound but a note or an index.
_MOST_KG_PER_POUND = 999
_YEAR = re.compile(r"(19|20)\d\d(\.0)?")


def product_code(text: str) -> str | None:
    """The publisher's code in one spelling: "01" and "12.0" are "1" and "12"; None where it is none."""
    code = text.strip().upper().removesuffix(".0")
    if code.isdigit():
        code = str(int(code))
    return code if _CODE.fullmatch(code) else None


def _columns(grid: Grid, path: Path) -> tuple[int, dict[int, int], int]:
    """The header's row, the column of each year, and the column of codes."""
    for number, row in enumerate(grid.preview, start=1):
        years = {i: int(float(cell)) for i, cell in enumerate(row) if _YEAR.fullmatch(cell.strip())}
        if len(years) >= 3:
            return number, years, 0
        ghg = [i for i, cell in enumerate(row) if cell.strip().lower().startswith("ghg (kgco2e per")]
        if ghg:
            year = re.search(r"(20\d\d)", path.stem)
            if not year:
                raise SourceError(
                    fault("the year is not known", "Keep the publisher's file name, which has it.", path)
                )
            return number, {ghg[0]: int(year[1])}, 0
    raise SourceError(
        fault("neither years nor GHG (kgCO2e per £) stand as headings", "Give the publisher's workbook.", path)
    )


def read_factors(
    con: duckdb.DuckDBPyConnection, path: Path, scratch: Path, label: str | None = None
) -> tuple[pd.DataFrame, FileReport]:
    """Read one release. Refused: a code that is no product group, a factor that is no number."""
    report = FileReport(file=label or path.name, source="factors", sha256=sha256_of(path))
    rows = []
    try:
        with open_grids(path, scratch, direct=False) as grids:
            if not grids:
                raise SourceError(fault("the file holds no rows", "Fetch it again from its publisher.", path))
            grid = next((g for g in grids if (g.sheet or "").upper().startswith("GHG")), grids[0])
            header, years, code_at = _columns(grid, path)
            table = con.sql(
                f"SELECT * FROM ({grid.relation}) WHERE source_row > {header} ORDER BY source_row"
            ).fetchall()
            names = con.sql(f"SELECT * FROM ({grid.relation}) LIMIT 0").columns
    except SourceError as error:
        report.error = str(error)
        return pd.DataFrame(), report
    place = names.index("source_row")
    repeated = 0
    seen: set[str] = set()
    refusals: list[Refusal] = []
    for row in table:
        cells = [("" if cell is None else str(cell)) for n, cell in enumerate(row) if n != place]
        if not any(cell.strip() for cell in cells):
            continue
        code = product_code(cells[code_at])
        values = {year: parse_number(cells[i], 0, _MOST_KG_PER_POUND) for i, year in years.items()}
        if code is None or all(value is None for value in values.values()):
            reason = "not a product group" if code is None else "no factor is a number"
            refusals.append(
                Refusal(
                    int(row[place]),
                    reason,
                    "Nothing to do if it is a note below the table.",
                    grid.sheet,
                    None,
                    cells[code_at],
                )
            )
            continue
        if code in seen:
            repeated += 1
            continue
        seen.add(code)
        rows += [
            {
                "release": path.stem, "code": code, "product": " ".join(cells[code_at + 1].split()), "year": year,
                "kgco2e_per_gbp": value, "source_file": report.file, "source_sheet": grid.sheet, "source_row": int(row[place]),
            }
            for year, value in values.items()
            if value is not None
        ]  # fmt: skip
    report.account(Amount(len(seen)), refusals, Amount(repeated), [report.file] if repeated else ())
    if not rows:
        report.error = f"{path.name}: no factor was found. Give the publisher's workbook."
        return pd.DataFrame(), report
    return schemas.validate(pd.DataFrame(rows), schemas.FACTORS), report

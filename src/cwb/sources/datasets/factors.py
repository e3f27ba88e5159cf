"""Defra / University of Leeds conversion factors by product group, where a release is newer than the one that comes with cwb.

One row per release, product group and year. Columns: `release` (the file's name without its ending), `code` (the
publisher's product group, without leading noughts: "1", "42.1-2", "23OTHER"; not SIC), `product`, `year` (calendar),
`kgco2e_per_gbp` (basic prices of that year, excluding VAT), and the source columns. The release of 2026 has years as columns;
the edition of 2022 has one year, named by the file. Refused: a code that is no product group, a factor that is no number.
Source: formats.md 7.1.
"""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd

from cwb.base.errors import SourceError, fault
from cwb.base.values import parse_number
from cwb.sources.constraints import given, unique, within
from cwb.sources.fields import NUMBER, RAW, WHOLE, computed
from cwb.sources.refusal import Refusal
from cwb.sources.report import Amount, FileReport, RawFile
from cwb.sources.source import Job
from cwb.sources.table_texts import Read
from cwb.sources.tables import TableSource
from cwb.sources.tabular import Grid, open_grids

_CODE = re.compile(r"\d{1,2}(\.\d{1,2})?( ?-\d{1,2})?(IMP|OTHER|[A-C])?")
# More is no factor of a pound but a note or an index.
_MOST_KG_PER_POUND = 999
_YEAR = re.compile(r"(19|20)\d\d(\.0)?")


def product_code(text: str) -> str | None:
    """The publisher's code in one form: "01" and "12.0" are "1" and "12"; None where it is none."""
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


class _Factors(TableSource):
    def read(self, job: Job, file: RawFile, given: Read | None = None) -> Read:
        with open_grids(file.path, job.scratch, direct=False, bounds=file.bounds) as grids:
            if not grids:
                raise SourceError(fault("the file holds no rows", "Fetch it again from its publisher.", file.path))
            grid = next((g for g in grids if (g.sheet or "").upper().startswith("GHG")), grids[0])
            header, years, code_at = _columns(grid, file.path)
            cells = ", ".join(f"coalesce(c{at}, '')" for at in range(grid.width))
            rows = job.con.execute(
                f"SELECT source_row, [{cells}] FROM ({grid.relation}) WHERE source_row > {header} ORDER BY source_row"
            ).fetchall()
        kept: dict[str, list[dict[str, object]]] = {}
        refusals: list[Refusal] = []
        repeated = 0
        for number, row in rows:
            code = product_code(row[code_at])
            values = {year: parse_number(row[at], 0, _MOST_KG_PER_POUND) for at, year in years.items()}
            if code is None or all(value is None for value in values.values()):
                reason = "not a product group" if code is None else "no factor is a number"
                remedy = "Nothing to do if it is a note below the table."
                refusals.append(Refusal(number, reason, remedy, grid.sheet, None, row[code_at]))
            elif code in kept:
                repeated += 1
            else:
                product = " ".join(row[code_at + 1].split())
                kept[code] = [
                    dict(
                        zip(
                            self.types,
                            (file.label, grid.sheet, number, file.path.stem, code, product, year, value),
                            strict=True,
                        )
                    )
                    for year, value in values.items()
                    if value is not None
                ]
        if not kept:
            raise SourceError(fault("no factor was found", "Give the publisher's workbook.", file.path))
        report = FileReport(file.label, self.name, file.sha256)
        table = pd.DataFrame([one for years in kept.values() for one in years], dtype=object)
        return table, report.account(Amount(len(kept)), refusals, Amount(repeated))


SOURCE = _Factors(
    name="factors",
    absent="no release of emission factors was supplied",
    by_folder=True,
    key=("release", "code", "year"),
    checks=(
        *given("release", "code", "year", "kgco2e_per_gbp"), within("year", "1990", "2100"),
        within("kgco2e_per_gbp", "0", "1000"), unique("release", "code", "year"),
    ),
    fields={
        "release": computed(RAW), "code": computed(RAW), "product": computed(RAW), "year": computed(WHOLE),
        "kgco2e_per_gbp": computed(NUMBER),
    },
)  # fmt: skip

"""HM Treasury's GDP deflators: how prices moved from year to year.

One row per kind of year and year. Columns: `kind` ("financial", "calendar"), `year` ("2023-24", "2023"), `index_value` (100 in
the release's own base year), `is_forecast` (None where the file does not say up to which year it is outturn), `release` (the file's name without its ending), and the source columns. The table is found by
its headings: the base year and the number of title rows change with every release, and a second block to the right holds
calendar years. Source: formats.md 11.1.
"""

from __future__ import annotations

import re

import pandas as pd

from cwb.base.errors import SourceError, fault
from cwb.base.values import parse_number
from cwb.sources.constraints import given, one_of, within
from cwb.sources.fields import FLAG, NUMBER, RAW, computed
from cwb.sources.refusal import Refusal
from cwb.sources.report import Amount, FileReport, RawFile
from cwb.sources.source import Job
from cwb.sources.table_texts import Read
from cwb.sources.tables import TableSource
from cwb.sources.tabular import open_grids
from cwb.sources.unread import Tally, states_nothing

_YEARS = {
    "financial": re.compile(r"((?:19|20)\d\d)\s*[-/]\s*(\d\d)\b"),
    "calendar": re.compile(r"((?:19|20)\d\d)(?:\.0)?\b(?!\s*[-/])"),
}

_UNREAD = "the index of a year cannot be read"
_REMEDY = "Give HM Treasury's workbook as it is: an index is a number from 1 to 1,000."


class _Deflators(TableSource):
    def read(self, job: Job, file: RawFile, given: Read | None = None) -> Read:
        found: list[dict[str, object]] = []
        refusals: list[Refusal] = []
        with open_grids(file.path, job.scratch, direct=False, bounds=file.bounds) as grids:
            for grid in grids:
                cells = ", ".join(f"coalesce(c{at}, '')" for at in range(grid.width))
                rows = job.con.execute(
                    f"SELECT source_row, [{cells}] FROM ({grid.relation}) ORDER BY source_row"
                ).fetchall()
                place = {"release": file.path.stem, "source_file": file.label, "source_sheet": grid.sheet}
                here, unread = _blocks(rows)
                found += [{**one, **place} for one in here]
                refusals += [
                    Refusal(number, _UNREAD, _REMEDY, grid.sheet, "index_value", text)
                    for number, text in unread.items()
                ]
        if not found:
            raise SourceError(
                fault(
                    "no column headed Financial year with an index beside it",
                    "Give HM Treasury's workbook.",
                    file.path,
                )
            )
        published = pd.DataFrame(found, dtype=object)
        table = published.drop_duplicates(["kind", "year"])
        taken = {(row.source_sheet, row.source_row) for row in published.itertuples()}
        tally = Tally()
        for one in refusals:
            if (one.sheet, one.row) in taken:
                tally.add("index_value", one.value or "", one.row)
        refusals = [one for one in refusals if (one.sheet, one.row) not in taken]
        rows_in, kept = (len(rows.drop_duplicates(["source_sheet", "source_row"])) for rows in (published, table))
        report = FileReport(file.label, self.name, file.sha256, unread=tally.account())
        return table, report.account(Amount(kept), refusals, repeated=Amount(rows_in - kept))


def _blocks(rows: list[tuple[int, list[str]]]) -> tuple[list[dict[str, object]], dict[int, str]]:
    """The years and indices below every heading of years in a sheet's rows; and by its row what cannot be read as the index of a year."""
    found: list[dict[str, object]] = []
    unread: dict[int, str] = {}
    outturn = _last_outturn([cell for _, row in rows for cell in row])
    for start, (_, row) in enumerate(rows):
        for at, cell in enumerate(row):
            heading = cell.strip().lower()
            kind = next((kind for kind in _YEARS if heading.startswith(f"{kind} year")), None)
            for number, below in rows[start + 1 :] if kind else ():
                if below[at].lower().startswith("sources"):
                    break
                year = _year(below[at], kind or "")
                stated = below[at + 1] if at + 1 < len(below) else ""
                value = parse_number(stated, 1, 1000)
                if year and value is None and not states_nothing(stated):
                    unread.setdefault(number, stated)
                if year and value:
                    is_forecast = None if outturn is None else int(year[:4]) > outturn
                    found.append(
                        {
                            "kind": kind,
                            "year": year,
                            "index_value": value,
                            "is_forecast": is_forecast,
                            "source_row": number,
                        }
                    )
    return found, unread


def _last_outturn(cells: list[str]) -> int | None:
    """The year in which the last financial year of outturn begins, as the notes say: "outturn to 2024-25", "forecast from
    2025-26"; None where no note says."""
    for cell in cells:
        years = [int(found[1]) for found in _YEARS["financial"].finditer(cell)]
        if years and "outturn" in cell.lower():
            return years[0]
        if years and "forecast" in cell.lower():
            return years[0] - 1
    return None


def _year(text: str, kind: str) -> str | None:
    found = _YEARS[kind].match(text.strip())
    return "-".join(found.groups()) if found else None


SOURCE = _Deflators(
    name="deflators",
    absent="no table of deflators was supplied",
    by_folder=True,
    key=("kind", "year"),
    checks=(*given("kind", "year", "index_value"), one_of("kind", *_YEARS), within("index_value", "1", "1000")),
    fields={
        "kind": computed(RAW), "year": computed(RAW), "index_value": computed(NUMBER), "is_forecast": computed(FLAG),
        "release": computed(RAW),
    },
)  # fmt: skip

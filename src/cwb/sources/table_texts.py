"""The rows of a small dataset's file as texts: its headings found, one column a field."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import duckdb
import pandas as pd

from cwb.base.errors import SourceError, fault
from cwb.base.rows import SOURCE_LINE
from cwb.sources.headers import Header, find_header, headings_of, unmapped, unmatched_headers
from cwb.sources.layout import Layout
from cwb.sources.misplaced import CELLS, MISPLACED, misplaced_in
from cwb.sources.person_columns import person_column, person_fault
from cwb.sources.register_sql import number_cell
from cwb.sources.report import FileReport, RawFile
from cwb.sources.sides import refuse_unsigned
from cwb.sources.source import Holds
from cwb.sources.tables_of_sheet import tables_of_sheet
from cwb.sources.tabular import WORKBOOK, Grid, open_grids, sql_text

# What stands between the heading and the text of a further column.
BETWEEN = "\t"
FURTHER = "further_columns"
Read = tuple[pd.DataFrame, FileReport]


def text_rows(
    con: duckdb.DuckDBPyConnection,
    file: RawFile,
    layout: Layout,
    holds: Mapping[str, Holds],
    scratch: Path,
    roles_only: bool = False,
    further: re.Pattern[str] | None = None,
) -> Read:
    """All rows of a file with one text column per field of the layout (None where absent or blank), in `MISPLACED` and `CELLS` why a row is
    refused whatever it holds, and for `further` headings one that has them all: a line for each that is filled, the heading before the
    text.

    Raises `SourceError` for a file that does not fit the layout.
    """
    frames: list[pd.DataFrame] = []
    report = FileReport(file.label, layout.source, file.sha256)
    with open_grids(file.path, scratch, direct=False, bounds=file.bounds, is_held=True) as grids:
        if not grids:
            raise SourceError(fault("the file holds no rows", "Fill it, or remove it.", file.path))
        layout = layout.with_columns(file.columns)
        headers, strange = _headers(grids, layout)
        persons = [
            person_fault(file.path, grid.sheet, header.row, found[1])
            for grid, header in headers
            if roles_only and (found := person_column(header.cells))
        ]
        if persons:
            raise SourceError(persons)
        notes = [*grids[0].left_out, *(f"sheet not read: {name}" for name in strange)]
        for whole, header in headers:
            notes += [*unmapped(header, layout)]
            report = replace(
                report,
                other_rows=report.other_rows + header.titles,
                unmatched_columns=tuple(
                    cell for cell in unmatched_headers(header) if not (further and further.fullmatch(cell))
                ),
                encoding=whole.encoding,
            )
        for grid, header in [cut for one in headers for cut in tables_of_sheet(con, *one, layout, holds)]:
            refuse_unsigned(con, [(grid, header)], layout, holds, file)
            is_typed = grid.encoding == WORKBOOK
            odd = misplaced_in(grid, header)
            cells = {name: f"c{at}" for name, at in header.columns.items()}
            for name in (name for name in cells if holds.get(name) is Holds.POUNDS):
                pounds = number_cell(cells[name]) if is_typed else cells[name]
                # What an amount is of which a part stands in the next cell cannot be told.
                cells[name] = f"CASE WHEN NOT {odd.is_wide} THEN {pounds} END"
            selected = ", ".join(f"nullif(trim({cell}), '') AS {name}" for name, cell in cells.items())
            selected += f", {odd.reason} AS {MISPLACED}, {odd.cells} AS {CELLS}"
            if further:
                selected += f", {_lines_of(header, further)} AS {FURTHER}"
            frame = con.execute(
                f"SELECT source_row, {selected} FROM ({grid.relation}) WHERE source_row > {header.row} OR {odd.is_above} "
                "ORDER BY source_row"
            ).df()
            frame["source_file"], frame["source_sheet"] = file.label, grid.sheet
            frames.append(frame.dropna(how="all", subset=[*header.columns, MISPLACED]))
            notes += grid.notes
    columns = [*SOURCE_LINE, *layout.fields, MISPLACED, CELLS, *([FURTHER] if further else [])]
    frame = pd.concat(frames, ignore_index=True).reindex(columns=columns).astype(object)
    headings = headings_of(header for _, header in headers)
    return frame.where(frame.notna(), None), replace(report, notes=tuple(notes), headings=headings)


def _lines_of(header: Header, further: re.Pattern[str]) -> str:
    """SQL: the further columns of a row as lines of heading and text; NULL where none of them is filled."""
    used = set(header.columns.values())
    lines = [
        f"{sql_text(' '.join(cell.split()) + BETWEEN)} || nullif(trim(replace(c{at}, chr(10), ' ')), '')"
        for at, cell in enumerate(header.cells)
        if at not in used and further.fullmatch(cell or "")
    ]
    return f"nullif(concat_ws(chr(10), {', '.join(lines)}), '')" if lines else "NULL::VARCHAR"


def _headers(grids: list[Grid], layout: Layout) -> tuple[list[tuple[Grid, Header]], list[str]]:
    """The sheets that have the layout's heading, and the names of those that have not; raise where none has."""
    found: list[tuple[Grid, Header]] = []
    strange: list[str] = []
    fault_of_first: SourceError | None = None
    for grid in grids:
        try:
            found.append((grid, find_header(grid, layout)))
        except SourceError as error:
            fault_of_first = fault_of_first or error
            strange.append(str(grid.sheet))
    if not found and fault_of_first:
        raise fault_of_first
    return found, strange

"""The tables of one sheet: below the first there may be others, whose columns stand elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import chain

import duckdb

from cwb.base.errors import SourceError, fault
from cwb.sources.headers import Header
from cwb.sources.layout import Layout, normalise_header
from cwb.sources.shifted_tables import moved, shifted_rows
from cwb.sources.source import Holds
from cwb.sources.tabular import Grid, sql_text


def tables_of_sheet(
    con: duckdb.DuckDBPyConnection, grid: Grid, header: Header, layout: Layout, holds: Mapping[str, Holds]
) -> list[tuple[Grid, Header]]:
    """The grid cut where a further table has the fields in other columns; whole where none does.

    A further table has a row of headings, or none and stands beside the columns of the first (`shifted_rows`), which what the
    fields hold tells. A row of the same headings in the same columns is no new table. Raises `SourceError` for two tables side
    by side: their rows would have one number.
    """
    _refuse_neighbours(grid, header, layout)
    headed = [header, *_later_headers(con, grid, header, layout)]
    found: list[tuple[Header, str]] = []
    notes = []
    for here, after in zip(headed, [*headed[1:], None], strict=True):
        if found:
            notes.append(
                f"below the first table another begins in row {here.row}, its columns elsewhere: it is read by its own headings"
            )
        beside = shifted_rows(con, grid, here, after.row if after else None, layout, holds)
        bounds = [f"source_row >= {here.row}"] if found else []
        rows = " AND ".join([*bounds, f"source_row < {after.row}"] if after else bounds) or "true"
        others = ", ".join(str(number) for numbers in beside.values() for number in numbers)
        found.append((here, f"{rows} AND source_row NOT IN ({others})" if others else rows))
        for shift, numbers in beside.items():
            found.append((moved(here, shift, grid.width), f"source_row IN ({', '.join(map(str, numbers))})"))
            notes.append(_note_of_shift(numbers, shift))
    if len(found) == 1:
        return [(grid, header)]
    cut = [
        (replace(grid, relation=f"SELECT * FROM ({grid.relation}) WHERE {rows}", notes=()), here)
        for here, rows in found
    ]
    cut[0] = (replace(cut[0][0], notes=(*grid.notes, *notes)), header)
    return cut


def _note_of_shift(numbers: list[int], shift: int) -> str:
    columns = "1 column" if abs(shift) == 1 else f"{abs(shift)} columns"
    side = "right" if shift > 0 else "left"
    rows = (
        f"{len(numbers):,} rows from row {numbers[0]} on stand" if len(numbers) > 1 else f"row {numbers[0]} stands"
    )
    return f"{rows} {columns} to the {side} without headings: read by the headings above"


def _later_headers(con: duckdb.DuckDBPyConnection, grid: Grid, header: Header, layout: Layout) -> Iterator[Header]:
    # A file that DuckDB reads itself has rows of one width, and their numbers are not known yet.
    if grid.is_direct or not header.row:
        return
    # Rows that hold two headings as they are usually written: few, and only these are looked at.
    headings = {text.replace(" ", "") for text in chain(layout.mapped, *layout.fields.values())}
    usual = ", ".join(map(sql_text, sorted(headings)))
    cells = ", ".join(f"c{at}" for at in range(grid.width))
    # Cells below one another: the same list of words in each of the columns takes longer to plan than to look up.
    rows = con.execute(
        f"""WITH hits AS (
                SELECT source_row FROM (
                    SELECT source_row, unnest([{cells}]) AS cell FROM ({grid.relation}) WHERE source_row > {header.row})
                WHERE replace(lower(cell), ' ', '') IN ({usual}) GROUP BY source_row HAVING count(*) >= 2)
            SELECT * FROM ({grid.relation}) SEMI JOIN hits USING (source_row) ORDER BY source_row"""
    ).fetchall()
    columns, width = header.columns, len(header.cells)
    for number, *cells in rows:
        texts = [cell or "" for cell in cells]
        here = layout.match(texts)
        while not texts[-1].strip():
            texts.pop()
        if len(here) >= 2 and not layout.missing(here) and (here != columns or len(texts) > width):
            columns, width = here, len(texts)
            yield Header(number, here, texts)


def _refuse_neighbours(grid: Grid, header: Header, layout: Layout) -> None:
    """Refuse a row of headings that has every heading that is needed twice."""
    headings = [normalise_header(cell) for cell in header.cells]
    needed = {headings[at] for name, at in header.columns.items() if _is_needed(name, layout)}
    if header.row and len(needed) > 1 and all(headings.count(heading) > 1 for heading in needed):
        raise SourceError(
            fault(
                f"two tables stand side by side: {', '.join(sorted(needed))} come twice in the row of headings",
                "Ask the publisher for a sheet or file of its own for each table.",
                grid.path,
                sheet=grid.sheet,
                row=header.row,
            )
        )


def _is_needed(name: str, layout: Layout) -> bool:
    return any(name == need or (isinstance(need, tuple) and name in need) for need in layout.required)

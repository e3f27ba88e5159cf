"""Find the row of column names in a grid, or say what the file is instead."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cwb.base.errors import Fault, SourceError, fault
from cwb.sources.layout import Layout, normalise_header
from cwb.sources.registry import recognise, sources
from cwb.sources.tabular import Grid

SEARCHED_ROWS = 60


@dataclass(frozen=True)
class Header:
    """Where a grid's data begins (the header's row, 0 for none) and which column holds which field."""

    row: int
    columns: dict[str, int]
    cells: list[str]


def find_header(
    grid: Grid,
    layout: Layout,
    known: dict[int, Header] | None = None,
    fits: Callable[[Grid, Header], bool] | None = None,
) -> Header:
    """The header of a grid; for a grid without one, that of its neighbour of the same width where it `fits`.

    Raises `SourceError` that says which other dataset the file looks like, or which columns are missing.
    """
    called = layout.words or layout.source
    best: tuple[int, list[str], dict[str, int]] | None = None
    for number, row in enumerate(grid.preview[:SEARCHED_ROWS], start=1):
        columns = layout.match(row)
        if len(columns) >= 2 and (best is None or len(columns) > len(best[2])):
            best = (number, layout.missing(columns), columns)
        kind = recognise(row)
        if kind is not None and kind != layout.source and layout.missing(columns):
            raise SourceError(
                fault(
                    f"this is not a file of {called}: its columns are those of {sources()[kind].words}",
                    f"Move it to the folder of {sources()[kind].words}; if it was published as {called}, "
                    "ask the publisher for the right file.",
                    grid.path,
                    sheet=grid.sheet,
                    row=number,
                )
            )
    if best and not best[1]:
        return Header(best[0], best[2], grid.preview[best[0] - 1])
    neighbour = (known or {}).get(grid.width)
    if neighbour is not None and best is None and fits is not None and fits(grid, neighbour):
        return Header(0, neighbour.columns, neighbour.cells)
    missing = best[1] if best else layout.missing({})
    names = {field: aliases[0] for field, aliases in layout.fields.items()}
    raise SourceError(
        Fault(
            file=grid.path.name,
            sheet=grid.sheet,
            row=best[0] if best else None,
            rule=f"no row of headers for {called} in the first {SEARCHED_ROWS} rows: missing {', '.join(missing)}",
            remedy="Name the columns, for example: "
            + ", ".join(names[need if isinstance(need, str) else need[0]].capitalize() for need in layout.required)
            + ".",
        )
    )


def unmatched_headers(header: Header) -> tuple[str, ...]:
    """Column names that no field uses; they are reported so that a new alias can be noticed."""
    used = set(header.columns.values())
    return tuple(
        cell.strip() for index, cell in enumerate(header.cells) if index not in used and normalise_header(cell)
    )

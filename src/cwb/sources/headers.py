"""Find the row of column names in a grid, or say what the file is instead."""

from __future__ import annotations

from collections.abc import Callable, Iterable
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
    best: tuple[int, dict[str, int]] | None = None
    for number, row in enumerate(grid.preview[:SEARCHED_ROWS], start=1):
        columns = layout.match(row)
        if columns and (best is None or len(columns) > len(best[1])):
            best = (number, columns)
        kind = recognise(row) if layout.missing(columns) else None
        other = sources()[kind].layout if kind is not None and kind != layout.source else None
        # One that only lacks a heading of its own kind is told which, though what it has would do for another.
        if kind is not None and other is not None and layout.fit(row) <= other.fit(row):
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
    # One heading alone may be a word in a row of data: it tells what is missing, and makes no header.
    is_header = best is not None and len(best[1]) >= 2
    if best and is_header and not layout.missing(best[1]):
        return Header(best[0], best[1], grid.preview[best[0] - 1])
    neighbour = (known or {}).get(grid.width)
    if neighbour is not None and not is_header and fits is not None and fits(grid, neighbour):
        return Header(0, neighbour.columns, neighbour.cells)
    raise SourceError(_no_header(grid, layout, called, best))


def _no_header(grid: Grid, layout: Layout, called: str, best: tuple[int, dict[str, int]] | None) -> Fault:
    """What is missing of a header, beside what is there: no column that was found is asked for again."""
    columns = best[1] if best else {}
    needs = [need if isinstance(need, tuple) else (need,) for need in layout.required]
    examples = [layout.fields[need[0]][0].capitalize() for need in needs if not columns.keys() & set(need)]
    hidden = f" What is missing may be hidden: {'; '.join(grid.left_out)}." if grid.left_out else ""
    return Fault(
        file=grid.path.name,
        sheet=grid.sheet,
        row=best[0] if best else None,
        rule=f"no row of headers for {called} in the first {SEARCHED_ROWS} rows: missing {', '.join(layout.missing(columns))}",
        remedy="Say under [[mappings]] in cwb.toml which columns hold them, or ask the publisher for headings, for example: "
        f"{', '.join(examples)}.{hidden}",
    )


def headings_of(headers: Iterable[Header]) -> dict[str, str]:
    """Field → its heading in a file; of sheets that head it differently, all their headings."""
    found: dict[str, dict[str, None]] = {}
    for header in headers:
        for name, at in header.columns.items():
            if at < len(header.cells) and (heading := " ".join(header.cells[at].split())):
                found.setdefault(name, {})[heading] = None
    return {name: " / ".join(headings) for name, headings in found.items()}


def unmapped(header: Header, layout: Layout) -> tuple[str, ...]:
    """Notes on headings that the settings map and the file has not: they may be misspelt."""
    there = {normalise_header(cell).replace(" ", "") for cell in header.cells}
    return tuple(
        f"the settings map a column '{heading}', which this file has not"
        for heading in layout.mapped
        if heading.replace(" ", "") not in there
    )


def unmatched_headers(header: Header) -> tuple[str, ...]:
    """Column names that no field uses; they are reported so that a new alias can be noticed."""
    used = set(header.columns.values())
    return tuple(
        cell.strip() for index, cell in enumerate(header.cells) if index not in used and normalise_header(cell)
    )

"""Find the row of column names in a grid, or say what the file is instead."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from cwb.base.errors import Fault, SourceError, fault
from cwb.sources.column_guesses import is_amount, is_day
from cwb.sources.layout import Layout, normalise_header
from cwb.sources.registry import recognise, sources
from cwb.sources.tabular import Grid

SEARCHED_ROWS = 60


@dataclass(frozen=True)
class Header:
    """Where a grid's data begins (the header's row, 0 for none) and which column holds which field.

    `above` are the rows above it that hold a date and an amount: they are no titles.
    """

    row: int
    columns: dict[str, int]
    cells: list[str]
    above: tuple[int, ...] = ()

    @property
    def titles(self) -> int:
        """How many rows above it hold no data."""
        return max(self.row - 1 - len(self.above), 0)


def find_header(
    grid: Grid,
    layout: Layout,
    known: dict[int, Header] | None = None,
    fits: Callable[[Grid, Header], bool] | None = None,
) -> Header:
    """The header of a grid: its first row that lacks no heading that is needed, or one right below that has more of them. For a
    grid without one, that of its neighbour of the same width where it `fits`.

    Raises `SourceError` that says which other dataset the file looks like, or which columns are missing.
    """
    called = layout.words or layout.source
    best: tuple[int, dict[str, int]] | None = None
    found: tuple[int, dict[str, int]] | None = None
    for number, row in enumerate(grid.preview[:SEARCHED_ROWS], start=1):
        columns = layout.match(row)
        if columns and (best is None or len(columns) > len(best[1])):
            best = (number, columns)
        # One heading alone may be a word in a row of data: it makes no header.
        if (
            len(columns) >= 2
            and not layout.missing(columns)
            and (found is None or _is_more(grid, found, number, columns))
        ):
            found = (number, columns)
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
    if found:
        return Header(*found, grid.preview[found[0] - 1], _rows_above(grid, found[0]))
    is_header = best is not None and len(best[1]) >= 2
    neighbour = (known or {}).get(grid.width)
    if neighbour is not None and not is_header and fits is not None and fits(grid, neighbour):
        return Header(0, neighbour.columns, neighbour.cells)
    raise SourceError(_no_header(grid, layout, called, best))


def _is_more(grid: Grid, found: tuple[int, dict[str, int]], number: int, columns: dict[str, int]) -> bool:
    """Whether a row of headings stands right below one that has fewer."""
    between = grid.preview[found[0] : number - 1]
    return len(columns) > len(found[1]) and not any(cell.strip() for row in between for cell in row)


def _rows_above(grid: Grid, header_row: int) -> tuple[int, ...]:
    """The rows above a header that hold three cells or more, a date and an amount among them."""
    above = [[cell for cell in row if cell.strip()] for row in grid.preview[: header_row - 1]]
    return tuple(
        number
        for number, cells in enumerate(above, start=1)
        if len(cells) > 2 and any(map(is_day, cells)) and any(map(is_amount, cells))
    )


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

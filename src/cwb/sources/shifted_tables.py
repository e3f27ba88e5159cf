"""A further table of a sheet that has no headings of its own and stands some columns beside the first.

It is read by the headings above it where that is certain: blank rows part it from them, no row of it fits as it stands, and
moved by one number of columns, and by no other, its dates, amounts and names stand where they should.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import duckdb

from cwb.sources.column_guesses import is_amount, is_day
from cwb.sources.headers import Header
from cwb.sources.layout import Layout
from cwb.sources.source import Holds
from cwb.sources.tabular import Grid

# Rows of a block that are looked at for the first payment: a title may stand above it.
_LOOKED_AT = 3
# So many rows of a block must fit: a title and a total do not.
_MOST = 0.5

_Row = Sequence[str | None]
_Signs = Sequence[tuple[int, Holds | None]]


def shifted_tables(
    con: duckdb.DuckDBPyConnection,
    grid: Grid,
    header: Header,
    end: int | None,
    layout: Layout,
    holds: Mapping[str, Holds],
) -> Iterator[tuple[int, int, Header]]:
    """Where below a header (and above row `end`) a table begins whose columns stand elsewhere: row, shift, its header.

    A shift of 0 is the way back to the header's own columns.
    """
    signs = _signs(header, layout, holds)
    places = [place for place, _ in signs]
    shifts = range(-min(places), grid.width - max(places))
    if grid.is_direct or len(shifts) < 2 or Holds.DATES not in dict(signs).values():
        return
    below = f"FROM ({grid.relation}) WHERE source_row > {header.row}" + (f" AND source_row < {end}" if end else "")
    gaps = con.execute(
        f"SELECT source_row {below} QUALIFY source_row > 1 + lag(source_row) OVER (ORDER BY source_row) ORDER BY 1"
    ).fetchall()
    starts: list[int] = [start for (start,) in gaps]
    now = 0
    for start, after in zip(starts, [*starts[1:], end], strict=False):
        block = f"SELECT * EXCLUDE (source_row) {below} AND source_row >= {start}"
        block += (f" AND source_row < {after}" if after else "") + " ORDER BY source_row"
        first = con.execute(f"{block} LIMIT {_LOOKED_AT}").fetchall()
        shift = next((fitting[0] for row in first if len(fitting := _fitting(row, signs, shifts)) == 1), now)
        if shift == now:
            continue
        found = [_fitting(row, signs, shifts) for row in con.execute(block).fetchall()]
        if found.count([shift]) >= _MOST * len(found) and not any(now in fitting for fitting in found):
            now = shift
            yield start, shift, _moved(header, start - 1, shift, grid.width)


def _signs(header: Header, layout: Layout, holds: Mapping[str, Holds]) -> list[tuple[int, Holds | None]]:
    """The columns that a row must fill, and what with."""
    needs = [need if isinstance(need, tuple) else (need,) for need in layout.required]
    names = [next(name for name in need if name in header.columns) for need in needs]
    return [(header.columns[name], holds.get(name)) for name in names]


def _fitting(row: _Row, signs: _Signs, shifts: Sequence[int]) -> list[int]:
    return [shift for shift in shifts if all(_is(row[place + shift] or "", kind) for place, kind in signs)]


def _is(text: str, kind: Holds | None) -> bool:
    if kind is Holds.DATES:
        return is_day(text)
    if kind is Holds.POUNDS:
        return is_amount(text)
    return bool(text.strip()) and not is_day(text) and not is_amount(text)


def _moved(header: Header, row: int, shift: int, width: int) -> Header:
    """The header above `row`, its columns moved; a column that would lie outside the sheet holds nothing there."""
    columns = {name: at + shift for name, at in header.columns.items() if 0 <= at + shift < width}
    cells = [""] * shift + header.cells if shift > 0 else header.cells[-shift:]
    return replace(header, row=row, columns=columns, cells=cells)

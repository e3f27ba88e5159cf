"""Rows of a sheet that stand some columns beside its headings: a further table without headings of its own, or rows that slipped.

They are read by the headings above where that is certain: such a row does not fit as it stands, and moved by one number of
columns, and by no other, its dates, amounts and names stand where they should.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import duckdb

from cwb.sources.column_guesses import is_amount, is_day
from cwb.sources.headers import Header
from cwb.sources.layout import Layout
from cwb.sources.source import Holds
from cwb.sources.tabular import Grid

_Row = Sequence[str | None]
_Signs = Sequence[tuple[int, Holds | None]]


def shifted_rows(
    con: duckdb.DuckDBPyConnection,
    grid: Grid,
    header: Header,
    end: int | None,
    layout: Layout,
    holds: Mapping[str, Holds],
) -> dict[int, list[int]]:
    """By how many columns to the right (negative: to the left) → the numbers of the rows below a header (and above row `end`)
    that stand so. A row that fits nowhere, as a total, goes with the moved rows above it where it leaves their gap blank."""
    signs = _signs(header, layout, holds)
    places = [place for place, _ in signs]
    shifts = range(-min(places), grid.width - max(places))
    if grid.is_direct or len(shifts) < 2 or Holds.DATES not in dict(signs).values():
        return {}
    below = f"FROM ({grid.relation}) WHERE source_row > {header.row}" + (f" AND source_row < {end}" if end else "")
    # Few rows are looked at one by one: those that at a glance do not fit as they stand. `above` tells whether others lie between.
    fits = " AND ".join(f"coalesce({_at_a_glance(place, kind)}, false)" for place, kind in signs)
    misfits = con.execute(
        f"""SELECT * EXCLUDE (fits) FROM (SELECT *, {fits} AS fits,
                count(*) FILTER ({fits}) OVER (ORDER BY source_row) AS above {below})
            WHERE NOT fits ORDER BY source_row"""
    ).fetchall()
    moved: dict[int, list[int]] = {}
    now, before = 0, 0
    for number, *cells, above in misfits:
        now, before = now if above == before else 0, above
        fitting = _fitting(cells, signs, shifts)
        if len(fitting) == 1:
            (now,) = fitting
        elif fitting or not _leaves_gap(cells, header, now):
            now = 0
        if now:
            moved.setdefault(now, []).append(number)
    return moved


def moved(header: Header, shift: int, width: int) -> Header:
    """The header with its columns moved; a column that would lie outside the sheet holds nothing there."""
    columns = {name: at + shift for name, at in header.columns.items() if 0 <= at + shift < width}
    cells = [""] * shift + header.cells if shift > 0 else header.cells[-shift:]
    return replace(header, columns=columns, cells=cells)


def _signs(header: Header, layout: Layout, holds: Mapping[str, Holds]) -> list[tuple[int, Holds | None]]:
    """The columns that a row must fill, and what with."""
    needs = [need if isinstance(need, tuple) else (need,) for need in layout.required]
    names = [next(name for name in need if name in header.columns) for need in needs]
    return [(header.columns[name], holds.get(name)) for name in names]


def _at_a_glance(place: int, kind: Holds | None) -> str:
    return f"regexp_matches(c{place}, '{'[0-9]' if kind in (Holds.DATES, Holds.POUNDS) else '[^0-9 .,/£()-]'}')"


def _fitting(row: _Row, signs: _Signs, shifts: Sequence[int]) -> list[int]:
    return [shift for shift in shifts if all(_is(row[place + shift] or "", kind) for place, kind in signs)]


def _is(text: str, kind: Holds | None) -> bool:
    if kind is Holds.DATES:
        return is_day(text)
    if kind is Holds.POUNDS:
        return is_amount(text)
    return bool(text.strip()) and not is_day(text) and not is_amount(text)


def _leaves_gap(row: _Row, header: Header, shift: int) -> bool:
    """Whether a row is blank in the columns of the header that moved rows leave."""
    first, last = min(header.columns.values()), max(header.columns.values())
    gap = row[first : first + shift] if shift > 0 else row[last + 1 + shift : last + 1]
    return not any((cell or "").strip() for cell in gap)

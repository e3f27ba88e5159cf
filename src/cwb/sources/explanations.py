"""Files beside the data that hold no rows: a readme, notes, a list of headings. They are passed over and told.

A file that may hold data and cannot be read is another thing: without it a number may be wrong.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from cwb.base.errors import SourceError, fault
from cwb.sources.column_guesses import is_amount, is_day
from cwb.sources.report import FileReport
from cwb.sources.source import Holds, Source
from cwb.sources.tabular import Grid, open_grids
from cwb.sources.workbooks import WORKBOOKS

_CALLED = re.compile(r"read[ _-]?me(?![a-z])", re.IGNORECASE)
_TEXT = {"", ".csv", ".txt", ".tsv", *WORKBOOKS}
_WORD = re.compile(r"[^\W\d_]{3,}")
# What only explains says so in words: a cell or two are a file of data that was cut.
_FEWEST_WORDS = 3
# A column of dates or amounts holds them in so many of its cells.
_MOST = 0.5


def without_explanations(
    source: Source, reports: Sequence[FileReport], paths: Mapping[str, Path]
) -> list[FileReport]:
    """The reports of a source, its files that only explain skipped; `paths` by the name that a report has."""
    remedy = "Nothing to do if it only explains the others; else ask its publisher for the rows."
    return [
        replace(one, error=str(fault("it holds no rows of data", remedy, paths[one.file])), is_skipped=True)
        if one.error and only_explains(source, paths[one.file])
        else one
        for one in reports
    ]


def only_explains(source: Source, path: Path) -> bool:
    """Whether a file that its source could not read holds no rows: it is called a readme, or has in no row more than one cell, or,
    where its source needs dates or amounts and is no form, no column of these and no row of its headings above others. A page of the
    web or bytes of another kind under the name of a table explain nothing: they stand in place of the rows."""
    if _CALLED.match(path.stem) or path.suffix.lower() == ".md":
        return True
    if path.suffix.lower() not in _TEXT:
        return False
    with tempfile.TemporaryDirectory() as scratch:
        try:
            with open_grids(path, Path(scratch), direct=False) as grids:
                if sum(map(_words_of, grids)) < _FEWEST_WORDS or any(map(_is_markup, grids)):
                    return False
                return not any(_holds_data(grid, source) for grid in grids)
        except SourceError:
            return False


def _needs_values(source: Source) -> bool:
    layout = source.layout
    needed = {
        name
        for need in (layout.required if layout else ())
        for name in ((need,) if isinstance(need, str) else need)
    }
    return any(kind is not Holds.NAMES for name, kind in source.holds.items() if name in needed)


def _words_of(grid: Grid) -> int:
    return sum(len(_WORD.findall(cell)) for row in grid.preview for cell in row)


def _is_markup(grid: Grid) -> bool:
    first = next((cell.strip() for row in grid.preview for cell in row if cell.strip()), "")
    return first.startswith(("<", "{", "["))


def _holds_data(grid: Grid, source: Source) -> bool:
    rows = [row for row in grid.preview if sum(bool(cell.strip()) for cell in row) > 1]
    if source.is_form or not _needs_values(source):
        return bool(rows)
    if source.layout and any(len(source.layout.match(row)) > 1 for row in rows[:-1]):
        return True
    columns = [[row[at].strip() for row in rows if at < len(row) and row[at].strip()] for at in range(grid.width)]
    values = [[is_day(cell) or is_amount(cell) for cell in cells] for cells in columns]
    # The first row may be one of headings.
    return any(any(found) and sum(found) >= _MOST * (len(found) - 1) for found in values)

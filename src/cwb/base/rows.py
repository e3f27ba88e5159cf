"""Frames as plain rows: what is missing is None, whatever the column's type."""

from __future__ import annotations

from typing import Any

import pandas as pd

# One row of a table by column. The types of its values are those of the table, which SQL and pandas do not tell mypy.
Row = dict[str, Any]
# Where a row of a table is from, as columns, and as SQL.
SOURCE_LINE = ("source_file", "source_sheet", "source_row")
PLACE = ", ".join(SOURCE_LINE)


def place_of(row: Row) -> Row:
    """The file, the sheet and the number that a row is from."""
    return {name: row[name] for name in SOURCE_LINE}


def plain(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with Python's own objects and None for missing cells, so that `is None` holds of texts and numbers alike."""
    objects = frame.astype(object)
    return objects.where(objects.notna(), None)


def records(frame: pd.DataFrame) -> list[Row]:
    """One dictionary per row; none of an empty frame."""
    rows: list[Row] = plain(frame).to_dict("records")
    return rows

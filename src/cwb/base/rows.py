"""Frames as plain rows: what is missing is None, whatever the column's type."""

from __future__ import annotations

from typing import Any

import pandas as pd


def plain(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with Python's own objects and None for missing cells, so that `is None` holds of texts and numbers alike."""
    objects = frame.astype(object)
    return objects.where(objects.notna(), None)


def as_keys(texts: pd.Series) -> pd.Series:
    """References as they are compared: without blanks around them, in capitals; what is missing stays missing."""
    return texts.astype("str").str.strip().str.upper()


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """One dictionary per row; none of an empty frame."""
    rows: list[dict[str, Any]] = plain(frame).to_dict("records")
    return rows

"""How a day of the tracker is written."""

from __future__ import annotations

from datetime import date

from cwb.council.periods import long_date


def said(day: date | None) -> str:
    """The day in words, "" where there is none."""
    return "" if day is None else long_date(day)

"""Days so many months from another, and how long a term is."""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from decimal import Decimal

import pandas as pd

_DAYS_A_YEAR = Decimal("365.25")


def years_of_term(first: date, last: date) -> Decimal:
    """The years from a first to a last day, whole months in twelfths: 1 April to 31 March four years on are four."""
    after = last + timedelta(days=1)
    if after.day == first.day:
        return Decimal((after.year - first.year) * 12 + after.month - first.month) / 12
    return Decimal((after - first).days) / _DAYS_A_YEAR


def month_end_after(day: date, months: int) -> date:
    """The last day of the month so many months after a day's."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, calendar.monthrange(year, month + 1)[1])


def months_after(day: date, months: int) -> date:
    """The same day so many months later (before, for a negative number), or the last of a month that has no such day."""
    moved: date = (pd.Timestamp(day) + pd.DateOffset(months=months)).date()
    return moved


def in_year_to(day: date, column: str) -> str:
    """SQL: a day within the twelve months that end on another."""
    return f"({column} > DATE '{months_after(day, -12)}' AND {column} <= DATE '{day}')"

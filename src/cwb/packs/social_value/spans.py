"""Periods of returns: which add up, how much of a term has passed, and how many years people worked."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby

from cwb.base.rows import Row
from cwb.packs.questions import exactly


def add_up_once(rows: Iterable[Row]) -> tuple[list[Row], int]:
    """The rows of one thing that may be added, and how many lie in the period of another and may not.

    Rows of one period are parts of it. April to June and April to March: the year is taken, and the quarter in it is not added.
    """

    def period(row: Row) -> tuple[date, int]:
        return row["period_from"], -row["period_to"].toordinal()

    kept: list[Row] = []
    left_out, last = 0, date.min
    for _, same in groupby(sorted(rows, key=period), key=period):
        batch = list(same)
        if batch[0]["period_from"] > last:
            kept += batch
            last = batch[0]["period_to"]
        else:
            left_out += len(batch)
    return kept, left_out


def newest(rows: Iterable[Row]) -> Row:
    """The row whose period ends last; of several the one that stands last in the files."""
    return max(
        rows, key=lambda row: (row["period_to"], row["source_file"], row["source_sheet"] or "", row["source_row"])
    )


@exactly
def passed(first: date, last: date, day: date) -> Decimal:
    """The part of a term that has passed at the end of a day: day 250 of 1,000 is a quarter."""
    days = (last - first).days + 1
    return Decimal(min(max((day - first).days + 1, 0), days)) / Decimal(days)


@exactly
def years(first: date, last: date) -> Decimal:
    """The years of a period: whole months in twelfths, else its days of 365. April to September is a half."""
    after = last + timedelta(days=1)
    if first.day == 1 and after.day == 1:
        return Decimal((after.year - first.year) * 12 + after.month - first.month) / 12
    return Decimal((after - first).days) / 365

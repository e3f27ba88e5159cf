"""Periods of returns: which add up, how much of a term has passed, and how many years people worked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby

from cwb.base.rows import Row
from cwb.packs.questions import ZERO, exactly


def add_up_once(rows: Iterable[Row]) -> tuple[list[Row], int]:
    """The rows of one thing whose period lies in no other's, and how many lie in one and are not added.

    Rows of one period are parts of it. April to June and April to March: the year is taken, and the quarter in it is not added.
    January to June and April to September are both kept: `apart` says which of them add up.
    """
    kept: list[Row] = []
    left_out, last = 0, date.min
    for batch in _by_period(rows):
        if batch[0]["period_to"] > last:
            kept += batch
            last = batch[0]["period_to"]
        else:
            left_out += len(batch)
    return kept, left_out


def _by_period(rows: Iterable[Row], within: str = "") -> list[list[Row]]:
    """Rows of the same period, and of one text in `within`, together, the first period first, of those that begin on one day the
    longest first."""

    def period(row: Row) -> tuple[date, int, str]:
        return row["period_from"], -row["period_to"].toordinal(), row[within] if within else ""

    return [list(same) for _, same in groupby(sorted(rows, key=period), key=period)]


@exactly
def apart(rows: Iterable[Row], name: str, within: str = "") -> tuple[list[Row], list[Row]]:
    """Of the rows that `add_up_once` keeps, those that add up for certain, and the others, whose periods overlap one of theirs.

    How much of the others is told twice is not known. £20,000 from January to June and £30,000 from April to September: no less than
    £30,000, and no more than £50,000. Of several ways that is taken by which most of `name` adds up. Rows of one period are parts
    of it, but not those that differ in the column `within`: these too may tell the same.
    """
    sure: list[Row] = []
    others: list[Row] = []
    for chain in _chains(_by_period(rows, within)):
        taken = _most(chain, name) if len(chain) > 1 else {0}
        for at, batch in enumerate(chain):
            (sure if at in taken else others).extend(batch)
    return sure, others


def _chains(batches: Iterable[list[Row]]) -> list[list[list[Row]]]:
    """Periods of which each overlaps one before, the first to end first."""
    chains: list[list[list[Row]]] = []
    last = date.min
    for batch in batches:
        if batch[0]["period_from"] > last:
            chains.append([])
        chains[-1].append(batch)
        last = max(last, batch[0]["period_to"])
    return [sorted(chain, key=lambda batch: batch[0]["period_to"]) for chain in chains]


def _most(chain: Sequence[list[Row]], name: str) -> set[int]:
    """The places of those periods that do not overlap one another and together state most."""
    best: list[tuple[Decimal, tuple[int, ...]]] = [(ZERO, ())]
    for at, batch in enumerate(chain):
        before = sum(other[0]["period_to"] < batch[0]["period_from"] for other in chain[:at])
        stated = sum((row[name] for row in batch if row[name] is not None), ZERO)
        with_it = best[before][0] + stated, (*best[before][1], at)
        best.append(max(with_it, best[-1], key=lambda way: way[0]))
    return set(best[-1][1])


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

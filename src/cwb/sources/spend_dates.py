"""The dates of a spending file, judged as a whole: how each of its sheets is to be read, and what must be said of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from glob import escape
from pathlib import Path, PurePosixPath
from typing import NamedTuple

import duckdb

from cwb.base.errors import SourceError, fault
from cwb.base.months import is_period
from cwb.council.sections import FileMapping
from cwb.sources.day_order import DayOrder, order_in
from cwb.sources.headers import Header
from cwb.sources.mapping import as_toml
from cwb.sources.report import RawFile
from cwb.sources.spend_sql import lines_of
from cwb.sources.tabular import Grid

# Of dates spread over whole months three in five lie after the 12th. Where fewer do than this, the dates of a large file
# are worth another pass; where more do, its order is proven or does not matter.
_LATE = 0.3


@dataclass
class Neighbours:
    """What the files of one folder tell of each other: headers by width, and the order of day and month.

    `undecided` are the files whose own dates and name tell no order; once all files are read (`is_complete`) they go with
    the folder, or with `body`, the order of all files of the body whose folder it is.
    """

    headers: dict[int, Header] = field(default_factory=dict)
    order: DayOrder = field(default_factory=DayOrder)
    body: DayOrder = field(default_factory=DayOrder)
    undecided: set[str] = field(default_factory=set)
    is_complete: bool = False


class Reading(NamedTuple):
    """How the dates of a sheet are read: the month first, and cells in which a program took day for month turned round."""

    month_first: bool = False
    turned: bool = False


def readings(
    con: duckdb.DuckDBPyConnection,
    read: Sequence[tuple[Grid, Header]],
    raw_file: RawFile,
    part: Path,
    neighbours: Neighbours,
) -> tuple[list[Reading], list[str]]:
    """The reading of each sheet, and the notes; `part` is the file as it reads day first. What the settings say wins.

    Raises `SourceError` where all files are read and nothing tells in which order dates are that make a difference.
    """
    if raw_file.month_first is not None:
        return [Reading(raw_file.month_first)] * len(read), []
    plain = [Reading()] * len(read)
    if read[0][0].is_direct and not _may_be_another_order(con, part):
        return plain, []
    orders = [order_in(con, grid, header, "payment_date") for grid, header in read]
    file = sum(orders, start=DayOrder())
    neighbours.order += DayOrder(file.day_first, file.month_first)
    found, notes = [], []
    for (grid, _), order in zip(read, orders, strict=True):
        month_first, note = order.is_month_first(file), order.note(_CALLED, file)
        if not file.is_proven:
            month_first, note = _unproven(order, raw_file, grid, neighbours)
        turned = order.has_turned_cells()
        for text in (note, _TURNED if turned else None):
            if text:
                notes.append(f"sheet '{grid.sheet}': {text}" if grid.sheet else text)
        found.append(Reading(month_first, turned))
    return found, notes


_TURNED = (
    "day and month of the cells that hold dates are turned round: so they lie in the months of the dates that stand as "
    "texts, as they are they do not; the file was opened in a program of the other order"
)


def _unproven(order: DayOrder, file: RawFile, grid: Grid, neighbours: Neighbours) -> tuple[bool, str | None]:
    if not order.is_open:
        return False, None
    # What is nearest to the rows tells first: a workbook's sheet may be named for its month, else the file, else its folder.
    above, *folders = reversed(PurePosixPath(file.label).parts)
    names = filter(None, (grid.sheet, PurePosixPath(above).stem, *filter(is_period, folders[:-1])))
    is_month_first = next(
        (is_month_first for name in names if (is_month_first := order.stated_by(name)) is not None), None
    )
    as_days, as_months = order.months
    if is_month_first is not None:
        return (
            is_month_first,
            f"{_MONTH_FIRST}: so all lie in the months that the name states, day first they do not"
            if is_month_first
            else None,
        )
    neighbours.undecided.add(file.label)
    if not neighbours.is_complete:
        return False, order.unproven(_CALLED)
    for others, of in ((neighbours.order, "its folder"), (neighbours.body, "this body")):
        if others.is_proven and not others.is_both:
            is_month_first = others.month_first > 0
            return is_month_first, f"{_MONTH_FIRST} and the other files of {of} are so" if is_month_first else None
    if order.is_doubtful:
        raise SourceError(
            fault(
                f"payment dates may be day first or month first: day first they lie in {as_days} months, month first in "
                f"{as_months}, and nothing proves which",
                f"Say it in cwb.toml:\n{as_toml(FileMapping(files=(escape(file.label),), dates='day first'))}"
                'or "month first".',
                file.path,
            )
        )
    return False, order.unproven(_CALLED)


_CALLED = "the date of payment"
_MONTH_FIRST = f"{_CALLED} is read month first, for its own dates prove no order"


def _may_be_another_order(con: duckdb.DuckDBPyConnection, part: Path) -> bool:
    """Whether the dates of a large file, read day first, leave it open that the month comes first."""
    unread, rows, late = con.execute(
        f"""SELECT count(*) FILTER (reason = 'payment date cannot be read' AND regexp_matches(offending_text, '^ *[0-9]+[-/.]')),
                   count(payment_date), count(*) FILTER (day(payment_date) > 12)
            FROM {lines_of([part])}"""
    ).fetchall()[0]
    return bool(unread or late < _LATE * rows)

"""Whether a file writes the day first or the month: read from the dates of the whole file, never from one of them.

"04/05/2025" can be either; "04/13/2025" is only a date where the month comes first, "13/04/2025" only where the day does.
A column in which some dates are of the one kind and none of the other is read in that order. One that holds no date of
either kind goes with the other date columns (or sheets) of its file, then with the other files of its folder. One that
holds both is read day first unless nine in ten put the month first: what is then no date is not read, and the report says so.

Where nothing proves an order, payments are read so that they lie in the months that the name of the file, its sheet or a folder
states, else as the others of the folder, else as those of the whole body. Else a file whose payments lie in more months day first
than month first is refused whole, for either may be right: the settings say which (`[[mappings]]`, `dates`). Any other is read
day first, as British publishers write, and the report says so where neither reading is likelier. Dates that are all the first
of a month, day first, are months.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import duckdb
import pandas as pd

from cwb.base.months import months_in
from cwb.sources.headers import Header
from cwb.sources.tabular import Grid

# Two short numbers and a year, with or without a time.
_NUMERIC = r"^\s*(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4}|\d{2})(?:[T ,].*)?$"
_PATTERN = re.compile(_NUMERIC)
_CELL = re.compile(r"^(\d{4})-(\d\d)-(\d\d)")
_DAY_ONLY = range(13, 32)
_MONTHS = range(1, 13)
# So many times as many months: what is one month, or a few, in the other reading.
_MANY_MONTHS = 3
# A column of both kinds is read month first where there are this many times as many of that kind: the others are slips.
_FEW = 9


Month = tuple[int, int]


@dataclass(frozen=True)
class DayOrder:
    """How many dates can only be read day first, how many only month first, and of the others the months of each reading.

    A month is year and number. `either` holds the months of a date day first and month first, `proven` those of dates that
    can be read in one way only. `cells` are the dates that a spreadsheet program knows as dates, whatever its texts are.
    """

    day_first: int = 0
    month_first: int = 0
    either: frozenset[tuple[Month, Month]] = frozenset()
    proven: frozenset[Month] = frozenset()
    cells: frozenset[tuple[int, int, int]] = frozenset()

    def __add__(self, other: DayOrder) -> DayOrder:
        return DayOrder(
            self.day_first + other.day_first,
            self.month_first + other.month_first,
            self.either | other.either,
            self.proven | other.proven,
            self.cells | other.cells,
        )

    @property
    def is_proven(self) -> bool:
        return bool(self.day_first or self.month_first)

    @property
    def is_both(self) -> bool:
        return bool(self.day_first and self.month_first)

    def is_month_first(self, file: DayOrder) -> bool:
        """Whether to read a column month first; `file` is the evidence of all columns, for one that has none."""
        evidence = self if self.is_proven else file
        return evidence.month_first > _FEW * evidence.day_first

    def note(self, column: str, file: DayOrder) -> str | None:
        """What a reader must know of how the column was read; None where it was read day first and in full."""
        if self.is_both:
            read, other = ("month", "day") if self.is_month_first(file) else ("day", "month")
            return (
                f"{column} holds {self.day_first:,} dates that can only be read day first and {self.month_first:,} that can "
                f"only be read month first: all are read {read} first, and those that put the {other} first cannot be; ask for "
                "the file in one order"
            )
        if self.is_month_first(file) and (self.either or self.proven):
            evidence = self if self.month_first else file
            return (
                f"{column} is read month first (04/13/2025 is 13 April): {evidence.month_first:,} dates of the file can only "
                "be read so, and none only day first"
            )
        if self.month_first:
            return f"{column} holds {self.month_first:,} dates that can only be read month first, and is read day first"
        return None

    def has_turned_cells(self) -> bool:
        """Whether a program took day and month for one another in the dates that it knew, and left the others as texts.

        So it goes where a file in the one order is opened in the other: "04/13/2025" stays a text and "04/01/2025"
        becomes the cell of 4 January. Turned round, the cells lie in the months of the texts; as they are, they do not.
        """
        if self.is_both or not self.proven or not self.cells:
            return False
        as_they_are = {(year % 100, month) for year, month, _ in self.cells}
        turned = {(year % 100, day) for year, _, day in self.cells}
        return turned <= self.proven and not as_they_are <= self.proven

    @property
    def months(self) -> tuple[int, int]:
        """In how many months the dates of either reading lie: day first, month first."""
        return len({months[0] for months in self.either}), len({months[1] for months in self.either})

    @property
    def is_doubtful(self) -> bool:
        """Whether month first the dates lie in fewer months: payments of one month, or of one day in each of many."""
        as_days, as_months = self.months
        return 0 < as_months < as_days and not self._are_firsts

    @property
    def is_open(self) -> bool:
        """Whether the two readings differ."""
        return any(day_first != month_first for day_first, month_first in self.either)

    @property
    def _are_firsts(self) -> bool:
        return {number for _, (_, number) in self.either} == {1}

    def stated_by(self, name: str) -> bool | None:
        """Whether the months that a name states tell that the month comes first (True) or the day (False); None where they tell
        neither, for all dates lie in them in both readings or in none.

        "March" and "May" are names too: without a number beside it a month tells only of dates spread over many months that it
        comes first.
        """
        stated = months_in(name)
        day_first, month_first = ({pair[n][1] for pair in self.either} <= stated for n in (0, 1))
        as_days, as_months = self.months
        is_sure = any(map(str.isdigit, name)) or _MANY_MONTHS * as_months <= as_days
        return month_first if day_first != month_first and (day_first or is_sure) else None

    def unproven(self, column: str) -> str | None:
        """The note on dates that prove no order and are read day first; None where that is the likelier reading, or the only one."""
        as_days, as_months = self.months
        if not self.is_open or as_days < as_months or self._are_firsts:
            return None
        return f"{column} is read day first, though its dates prove no order: say it in cwb.toml ([[mappings]], dates)"


def order_of(texts: Iterable[str | None]) -> DayOrder:
    """The evidence of a column's texts."""
    return _order(Counter(text for text in texts if text))


def _order(counted: Mapping[str, int]) -> DayOrder:
    day_first = month_first = 0
    either, proven, cells = set(), set(), set()
    for text, number in counted.items():
        if found := _CELL.match(text):
            cells.add((int(found[1]), int(found[2]), int(found[3])))
        elif found := _PATTERN.match(text):
            first, second, year = int(found[1]), int(found[2]), int(found[3]) % 100
            if first in _DAY_ONLY and second in _MONTHS:
                day_first += number
                proven.add((year, second))
            elif first in _MONTHS and second in _DAY_ONLY:
                month_first += number
                proven.add((year, first))
            elif first in _MONTHS and second in _MONTHS:
                either.add(((year, second), (year, first)))
    return DayOrder(day_first, month_first, frozenset(either), frozenset(proven), frozenset(cells))


def day_orders(
    texts: pd.DataFrame, columns: Mapping[str, str], declared: bool | None = None
) -> tuple[dict[str, bool], tuple[str, ...]]:
    """Column → whether its file writes it month first (as `declared`, where the settings say it), and a note for every order but
    day first, which names a column as `columns` does."""
    if declared is not None:
        return dict.fromkeys(columns, declared), ()
    orders = {column: order_of(texts[column]) for column in columns}
    file = sum(orders.values(), start=DayOrder())
    notes = tuple(
        note
        for column, order in orders.items()
        if (
            note := order.note(columns[column], file)
            or (None if file.is_proven else order.unproven(columns[column]))
        )
    )
    return {column: order.is_month_first(file) for column, order in orders.items()}, notes


def order_in(con: duckdb.DuckDBPyConnection, grid: Grid, header: Header, field: str) -> DayOrder:
    """The evidence of a grid's column, in one pass over it."""
    column = f"c{header.columns[field]}"
    # Without its time a date is one of a few hundred texts, however many rows state it.
    day = rf"regexp_extract({column}, '^\s*(\d{{1,2}}[/.\-]\d{{1,2}}[/.\-]\d{{2,4}}|\d{{4}}-\d\d-\d\d)', 1)"
    counted = con.execute(
        f"""SELECT {day} AS day, count(*) FROM ({grid.relation})
            WHERE (source_row IS NULL OR source_row > {header.row}) AND {day} <> '' GROUP BY ALL"""
    ).fetchall()
    order = _order(dict(counted))
    # In a text file "2025-01-04" was written by the publisher; only a workbook's cell was read by a program before.
    return order if grid.sheet is not None else replace(order, cells=frozenset())

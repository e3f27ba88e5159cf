"""Relations over line-level tables: SQL text and its sources, composed first and run only when a result is needed.

A relation is SQL in DuckDB's dialect within the portable subset that `tests/portable.py` holds: it sums and counts, and
does not divide, round or write text. Its conditions are on columns that the tables hold resolved.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from cwb.base.rows import PLACE, SOURCE_LINE
from cwb.council.periods import Period


@dataclass(frozen=True)
class Relation:
    """Some lines: `source` is a table, or a SELECT in brackets; `conditions` must all hold of a line.

    `tables` are the sources whose files it comes from, for the source line. `period` is that of its lines; None for
    lines that have none, or of all periods. `is_of_period` says that `source` itself selects that period, so that it
    has no lines of another.
    """

    source: str
    tables: tuple[str, ...]
    conditions: tuple[str, ...] = ()
    period: Period | None = None
    is_of_period: bool = False

    def where(self, *conditions: str) -> Relation:
        """The lines of which these conditions hold too."""
        return replace(self, conditions=(*self.conditions, *conditions))

    def at(self, period: Period) -> Relation:
        """The same lines of another period; raise `ValueError` where there are none."""
        if self.is_of_period and period != self.period:
            raise ValueError(f"these lines are made for {self.period} alone")
        return replace(self, period=period)

    def with_sources(self, *tables: str) -> Relation:
        """The same lines, attributed to other sources."""
        return replace(self, tables=tables)

    @property
    def condition(self) -> str:
        """All conditions as one; "TRUE" for none."""
        of_period = in_period(self.period) if self.period else ()
        return " AND ".join(f"({condition})" for condition in (*of_period, *self.conditions)) or "TRUE"

    @property
    def sql(self) -> str:
        return f"SELECT * FROM {self.source} WHERE {self.condition}"


@dataclass(frozen=True)
class Fact:
    """What may be true, false or not known of a thing, as SQL over its lines.

    `known` says in plain words what must be known for it ("suppliers' places are known"), `settles` what would settle it. Where that
    asks for public registers, `registers` are these, `rest` is what else is asked for as a clause, and `listed`, where that is no one
    clause, the sentences where all of these registers are at hand.
    """

    sql: str
    known: str = "what it rests on is known"
    settles: str = ""
    registers: tuple[str, ...] = ()
    rest: str = ""
    listed: str = ""


@dataclass(frozen=True)
class Thing:
    """What a fact belongs to and what is counted: its key and its name in a line, and its name in the plural.

    A key of "" says that every line is a thing of its own.
    """

    key: str
    label: str
    plural: str


SUPPLIER = Thing("payee_key", "display_name", "suppliers")
LINE = Thing("", "display_name", "payments")
AWARD = Thing("award_key", "title", "awards")
CONTRACT = Thing("contract_key", "title", "contracts")
ORGANISATION = Thing("org_id", "name", "organisations")
FILE = Thing("source_file", "source_file", "files")

POUNDS = "amount_gbp"
# Of lines that `numbered` counts and a query adds up: where the first of them stands. The least file, sheet and row, each by
# itself, may be those of three lines.
FIRST_LINE = ", ".join(f"min(CASE WHEN nth = 1 THEN {name} END) AS {name}" for name in SOURCE_LINE)


def numbered(source: str, key: str, first: str = "") -> str:
    """SQL in brackets: the lines of a source, with `nth` of those of the same key: by `first` where it is given, then as they stand
    in files."""
    order = f"{first}, {PLACE}" if first else PLACE
    return f"(SELECT *, row_number() OVER (PARTITION BY {key} ORDER BY {order}) AS nth FROM {source} lines_of_key)"


def in_period(period: Period) -> tuple[str, ...]:
    """The conditions of a financial year or a quarter."""
    year = f"financial_year = {period.start_year}"
    return (year, f"quarter_number = {period.quarter}") if period.quarter else (year,)


@dataclass(frozen=True)
class Factor:
    """Columns of a factor and its range, the same in every line of what shares it; NULL where no factor is known."""

    value: str
    low: str
    high: str


@dataclass(frozen=True)
class Assumption:
    """An assumed number with its range and its source."""

    value: Decimal
    low: Decimal
    high: Decimal
    source: str

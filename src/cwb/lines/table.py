"""What a line-level table is: one row in words, its columns with types and units, and what must hold of them; and lists beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import duckdb
import pyarrow as pa

from cwb.sources.constraints import Check, given, one_of, within
from cwb.sources.fields import ShownBy

POUNDS = "DECIMAL(18,2)"
# Where a row is from, of a file that may have no sheets: then DuckDB knows no type of that column.
TYPED_PLACE = "source_file, source_sheet::VARCHAR AS source_sheet, source_row"


class PlaceEvidence(StrEnum):
    """What gave a supplier's place, nearest to the money first."""

    VENDOR_LIST = "vendor list"
    FORM = "form of places"
    SPENDING_FILE = "spending file"
    CONTRACTS_REGISTER = "contracts register"
    AWARD_NOTICE = "award notice"
    REGISTERED_OFFICE = "registered office"
    PUBLIC_BODY = "known public body"
    ABROAD = "address outside the United Kingdom"
    NOT_IN_DIRECTORY = "postcode not in the directory"
    NONE = "none"


@dataclass(frozen=True)
class Column:
    """One column: `meaning` in a few words; `one_of` closes the list of its values; `needed` forbids NULL;
    `shown_by` says what becomes of a value that may name a person, in a column that people write."""

    name: str
    type: str
    meaning: str
    unit: str = ""
    one_of: tuple[str, ...] = ()
    needed: bool = False
    shown_by: ShownBy | None = None


@dataclass(frozen=True)
class Table:
    """A line-level table. `by_year` says that it is stored by financial year."""

    name: str
    row: str
    columns: tuple[Column, ...]
    by_year: bool = False

    def column(self, name: str) -> Column | None:
        return next((column for column in self.columns if column.name == name), None)


def add_list(
    con: duckdb.DuckDBPyConnection,
    name: str,
    columns: Sequence[str],
    rows: Sequence[tuple[object, ...]],
    **types: pa.DataType,
) -> None:
    """Make a list that was found in Python a table of the connection: texts, but for columns of which `types` says another type."""
    schema = pa.schema([(column, types.get(column, pa.string())) for column in columns])
    con.register(name, pa.table({c: [row[n] for row in rows] for n, c in enumerate(columns)}, schema=schema))


def checks(table: Table) -> tuple[Check, ...]:
    """What must hold of a table: its needed columns are given, closed lists hold, quarters are 1 to 4."""
    columns = table.columns
    return (
        *given(*(column.name for column in columns if column.needed)),
        *(one_of(column.name, *column.one_of) for column in columns if column.one_of),
        *(within(column.name, "1", "4") for column in columns if column.name == "quarter_number"),
    )

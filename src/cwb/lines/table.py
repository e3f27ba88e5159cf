"""What a line-level table is: one row in words, its columns with types and units, and what must hold of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

POUNDS = "DECIMAL(18,2)"


class PlaceEvidence(StrEnum):
    """What gave a supplier's place, nearest to the money first."""

    VENDOR_LIST = "vendor list"
    CONTRACTS_REGISTER = "contracts register"
    AWARD_NOTICE = "award notice"
    REGISTERED_OFFICE = "registered office"
    ABROAD = "address outside the United Kingdom"
    NOT_IN_DIRECTORY = "postcode not in the directory"
    NONE = "none"


@dataclass(frozen=True)
class Column:
    """One column: `meaning` in a few words; `one_of` closes the list of its values; `needed` forbids NULL."""

    name: str
    type: str
    meaning: str
    unit: str = ""
    one_of: tuple[str, ...] = ()
    needed: bool = False


@dataclass(frozen=True)
class Table:
    """A line-level table. `by_year` says that it is stored by financial year."""

    name: str
    row: str
    columns: tuple[Column, ...]
    by_year: bool = False

    def column(self, name: str) -> Column | None:
        return next((column for column in self.columns if column.name == name), None)


def checks(table: Table) -> list[tuple[str, str, str]]:
    """What must hold of a table: (column, rule, condition of a row that breaks it)."""
    found = []
    for column in table.columns:
        if column.needed:
            found.append((column.name, "is given in every row", f"{column.name} IS NULL"))
        if column.one_of:
            values = ", ".join("'" + value.replace("'", "''") + "'" for value in column.one_of)
            found.append(
                (column.name, f"is one of {', '.join(column.one_of)}", f"{column.name} NOT IN ({values})")
            )
        if column.name == "quarter_number":
            found.append((column.name, "is 1 to 4", "quarter_number NOT BETWEEN 1 AND 4"))
    return found

"""Which columns of a line the explorer shows, how they are headed, and how their values are worded.

Nothing by which a person could be found is among them: no purpose, no postcode, no key.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from cwb.council.config import Settings
from cwb.council.periods import long_date
from cwb.evidence.rows import HIDDEN
from cwb.sources.places import district_names, ring_labels


class Kind(StrEnum):
    """What a column holds: words and days are chosen from a list, numbers are added up or only shown."""

    TEXT = "text"
    DAY = "day"
    POUNDS = "gbp"
    NUMBER = "number"


@dataclass(frozen=True)
class ShownColumn:
    """A column of a table as the explorer shows it. `is_group`: rows can be grouped by it. `where_filled`: a table of which no line
    fills it has no such column."""

    name: str
    label: str
    kind: Kind = Kind.TEXT
    is_group: bool = False
    where_filled: bool = False


_GROUP = True
COLUMNS = (
    ShownColumn("display_name", "Supplier", is_group=_GROUP),
    ShownColumn("title", "Title"),
    ShownColumn("name", "Organisation"),
    ShownColumn("figure", "Figure"),
    ShownColumn("reference", "Reference"),
    ShownColumn("product", "Product group"),
    ShownColumn("body", "Body", is_group=_GROUP),
    ShownColumn("buyer_name", "Buyer", is_group=_GROUP),
    ShownColumn("department", "Department", is_group=_GROUP),
    ShownColumn("category", "Category", is_group=_GROUP),
    ShownColumn("section", "Industry", is_group=_GROUP),
    ShownColumn("size_band", "Size", is_group=_GROUP),
    ShownColumn("lad_code", "Place", is_group=_GROUP),
    ShownColumn("ring", "How near", is_group=_GROUP),
    ShownColumn("legal_form", "Legal form", is_group=_GROUP),
    ShownColumn("rule", "Rule", is_group=_GROUP),
    ShownColumn("status", "Status", is_group=_GROUP),
    ShownColumn("project", "Project", is_group=_GROUP),
    ShownColumn("payment_date", "Paid on", Kind.DAY),
    ShownColumn("payment_month", "Month", is_group=_GROUP),
    ShownColumn("award_date", "Awarded on", Kind.DAY),
    ShownColumn("tender_date", "Bids invited", Kind.DAY),
    ShownColumn("start_date", "Starts", Kind.DAY),
    ShownColumn("end_date", "Ends", Kind.DAY),
    ShownColumn("last_day", "Last day", Kind.DAY),
    ShownColumn("sign_off_date", "Signed off", Kind.DAY),
    ShownColumn("amount_gbp", "Amount", Kind.POUNDS),
    ShownColumn("value_gbp", "Value", Kind.POUNDS),
    ShownColumn("annual_gbp", "Value of a year", Kind.POUNDS),
    ShownColumn("lines", "Lines", Kind.NUMBER),
    ShownColumn("units", "Enterprises", Kind.NUMBER),
    ShownColumn("source_file", "File", is_group=_GROUP),
    # Of a workbook a row alone says nothing.
    ShownColumn("source_sheet", "Sheet", is_group=_GROUP, where_filled=True),
    ShownColumn("source_row", "Row", Kind.NUMBER),
)
assert not HIDDEN & {column.name for column in COLUMNS}
# The key by which a name or a title is one thing: two firms of one name stay two.
KEYS = {
    "display_name": ("payee_key", "number"),
    "title": ("award_key", "contract_key", "purchase", "number"),
    "name": ("org_id",),
}


def shown_columns(names: tuple[str, ...]) -> tuple[ShownColumn, ...]:
    """Those of a table with these columns. Of payments a day needs no month beside it, and what they are multiplied by is no
    fact of theirs."""
    left_out = {"payment_month"} if "payment_date" in names else set()
    left_out |= {"product"} if "amount_gbp" in names else set()
    return tuple(column for column in COLUMNS if column.name in names and column.name not in left_out)


def key_of(column: str, names: tuple[str, ...]) -> str:
    """The column that tells the things of a name or title apart: its key where the table has one, else itself."""
    return next((key for key in KEYS.get(column, ()) if key in names), column)


def wordings(settings: Settings) -> Mapping[str, Callable[[object], str]]:
    """Name of a column → how its values are worded; values of other columns are shown as they are."""
    districts, rings = district_names(), ring_labels(settings)
    return {
        "lad_code": lambda code: districts.get(str(code), "Outside the United Kingdom"),
        "ring": lambda ring: rings.get(str(ring), str(ring)),
        "payment_month": lambda month: f"{date(int(str(month)[:4]), int(str(month)[4:]), 1):%B %Y}",
        **{column.name: _day for column in COLUMNS if column.kind is Kind.DAY},
    }


def _day(value: object) -> str:
    return long_date(value) if isinstance(value, date) else str(value)

"""What `cwb match` and every pack tell of ids, decisions and places that need a look, with their pounds, most first."""

from __future__ import annotations

from decimal import Decimal

from cwb.base.database import connect, rows_with
from cwb.base.rows import Row, records
from cwb.council.config import Settings
from cwb.entities.matched import read_parquet, spent_with, table_sql
from cwb.entities.matching.remarks import (
    DECISION_OF_NOBODY,
    ID_RENAMED,
    ID_SET_ASIDE,
    PLACE_NOT_IN_DIRECTORY,
    PLACE_OF_INDIVIDUAL,
    PLACE_OF_NOBODY,
    PLACE_OVERRIDDEN,
)

_NOT_USED = {
    DECISION_OF_NOBODY: "this decision is not used, since no one supplier has its key; take the key from a new queue.",
    PLACE_OF_NOBODY: "this place is not used, since no one supplier has its key; take the key from a new form of places.",
    PLACE_OF_INDIVIDUAL: "this place is not used, since the supplier may be an individual; take the row out.",
    PLACE_OVERRIDDEN: "this place is not used, since the vendor list has another address of the supplier; correct one of the two.",
    PLACE_NOT_IN_DIRECTORY: "this postcode is not in the directory of postcodes, so the place is not known; look at it again.",
}


def match_remarks(settings: Settings) -> list[str]:
    """One sentence per remark. Pounds are of all periods. A supplier that may be an individual is called by no name."""
    rows = records(read_parquet(settings.processed / "match_remarks.parquet"))
    if not rows:
        return []
    by_id = _spent_under(settings, [row["supplier_id"] for row in rows])
    by_key = spent_with(settings)
    suppliers = read_parquet(settings.processed / "suppliers.parquet")
    names = dict(zip(suppliers["supplier_key"], suppliers["display_name"], strict=True))
    ranked = []
    for row in rows:
        if row["kind"] == ID_SET_ASIDE:
            pounds = by_id.get(row["supplier_id"], Decimal(0))
            text = (
                f"The id {row['supplier_id']} of the vendor list is no supplier's: payments of £{pounds:,.0f} bear {row['names']} "
                "different names under it, so they are counted by name."
            )
        elif row["kind"] == ID_RENAMED:
            pounds = by_id.get(row["supplier_id"], Decimal(0))
            text = (
                f"The id {row['supplier_id']} of the vendor list, {names.get(row['supplier_key'], 'a supplier')}, is also paid as "
                f"{row['other_name']} (£{pounds:,.0f} in all): counted as one supplier that changed its name; look whether they are two."
            )
        elif row["kind"] in _NOT_USED:
            pounds = Decimal(0)
            text = f"{row['source_file']}, row {row['source_row']}: {_NOT_USED[row['kind']]}"
        else:
            pounds = by_key.get(row["supplier_key"], Decimal(0))
            text = _contradicted(row, names.get(row["supplier_key"], "a supplier"), pounds)
        ranked.append((-pounds, text))
    return [text for _, text in sorted(ranked)]


def _contradicted(row: Row, name: str, pounds: Decimal) -> str:
    decided = f"it is {row['decided']}" if row["decided"] else "it is on no register"
    return (
        f"A decision on {name} (£{pounds:,.0f}) says that {decided}, and a file gives it the number {row['stated']}: the "
        "decision stands; look at it again."
    )


def _spent_under(settings: Settings, ids: list[str | None]) -> dict[str, Decimal]:
    """Pounds of the council's payments of all periods by the supplier id that they state."""
    lines = table_sql(settings.processed, "lines")
    if lines is None:
        return {}
    spent: dict[str, Decimal] = {}
    with connect() as con:
        for supplier_id, pounds in rows_with(con, "supplier_id, amount_gbp", lines, "supplier_id", ids):
            spent[supplier_id] = spent.get(supplier_id, Decimal(0)) + Decimal(pounds)
    return spent

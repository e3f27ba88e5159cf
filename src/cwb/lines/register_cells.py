"""The cells of the contracts register that the Transparency Code asks for, one row a contract's row and item.

Items are those of `reference/register_items.csv`. A column that no row of a file fills is not in that file.
"""

from __future__ import annotations

from cwb.base.rows import PLACE
from cwb.lines.columns import SOURCE, compared_reference, flag, text, written
from cwb.lines.resolve import one_spelling
from cwb.lines.table import TYPED_PLACE, Column, Table
from cwb.reference import table
from cwb.sources.fields import ShownBy
from cwb.sources.tabular import sql_text

FILLED, BLANK = "filled", "blank"
REGISTER_CELLS = Table(
    "register_cells",
    "one cell of the contracts register that the Transparency Code asks for: a row of the register and an item",
    (
        *SOURCE,
        text("item", "what the Code asks for", needed=True),
        text("state", "whether the cell is filled", (FILLED, BLANK), needed=True),
        flag("is_present", "some row of the file fills this item", needed=True),
        written("department", "department"),
        compared_reference("contract_reference", "reference of the contract"),
        written("title", "title of the contract", shown_by=ShownBy.TITLE),
        Column("cells", "INTEGER", "1, to be added up", "cells", needed=True),
    ),
)


def register_cells(published: str | None, matched: str | None) -> dict[str, str]:
    """The table's SQL by its name: `published` has the register's cells as they were read, `matched` its rows with their titles as
    they are shown. Nothing without a register."""
    if not (published and matched):
        return {}
    rows = " UNION ALL ".join(
        f"""SELECT {TYPED_PLACE}, {sql_text(row.item)} AS item,
            {row.column} IS NOT NULL AS is_filled, department, contract_reference FROM {published}"""
        for row in table("register_items").itertuples()
        if not row.valid_to
    )
    cells = f"""SELECT c.* EXCLUDE (is_filled) REPLACE ({one_spelling("c.department")} AS department), CASE WHEN is_filled THEN '{FILLED}' ELSE '{BLANK}' END AS state,
            bool_or(is_filled) OVER (PARTITION BY c.source_file, c.item) AS is_present, m.title, 1 AS cells
        FROM ({rows}) c LEFT JOIN (SELECT {PLACE}, min(title) AS title FROM ({matched}) GROUP BY ALL) m
            ON m.source_file = c.source_file AND m.source_sheet IS NOT DISTINCT FROM c.source_sheet AND m.source_row = c.source_row"""
    return {REGISTER_CELLS.name: cells}

"""The cells of the contracts register: each has the title of its own row, in its own sheet of a workbook."""

from __future__ import annotations

import duckdb

from cwb.lines.register_cells import register_cells
from cwb.reference import table


def test_a_cell_has_the_title_of_its_row_in_its_sheet() -> None:
    """Row 2 of two sheets, and of a CSV, are three contracts; a title by file and row alone would be the least of both sheets."""
    rows = [("a.xlsx", "North", 2, "Roads"), ("a.xlsx", "South", 2, "Bins"), ("b.csv", None, 2, "Parks")]
    con = duckdb.connect()
    con.execute(
        "CREATE TABLE matched (source_file VARCHAR, source_sheet VARCHAR, source_row BIGINT, title VARCHAR)"
    )
    con.executemany("INSERT INTO matched VALUES (?, ?, ?, ?)", rows)
    filled = dict.fromkeys([row.column for row in table("register_items").itertuples()] + ["contract_reference"])
    filled.pop("department", None)
    columns = ", ".join(f"'x' AS {name}" for name in filled if name != "title")
    con.execute(f"CREATE TABLE published AS SELECT m.*, 'Housing' AS department, {columns} FROM matched m")
    (sql,) = register_cells("published", "matched").values()
    found = con.sql(f"SELECT DISTINCT source_file, source_sheet, source_row, title FROM ({sql})").fetchall()
    assert sorted(found, key=str) == sorted(rows, key=str)

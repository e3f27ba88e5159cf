"""Cells of awards and registers of contracts that name several firms: one supplier each, where a register lists them all.

"Alder House Care Ltd; Birkside Care Ltd" is two suppliers if both are on a register by just these names; if one is not, the cell
stays "several suppliers". The pounds of an award are shared between its suppliers. A payment has no such division and is never split.
"""

from __future__ import annotations

import duckdb
import pandas as pd
import pyarrow as pa

from cwb.base.no_name import firms_in, lists_firms
from cwb.entities.matching.names import normalised

# Apart, the numbers and the postcode of a cell are nobody's.
_OF_ONE = ("company_number", "charity_number", "postcode", "supplier_postcode")


def firms_apart(con: duckdb.DuckDBPyConnection, cells: set[str]) -> dict[str, tuple[str, ...]]:
    """Cell → its firms, for those of which the names in `con` (`cwb.entities.matching.candidates.load_names`) have every one."""
    ways = [(cell, way) for cell in sorted(cells) if lists_firms(cell) for way in firms_in(cell)]
    names = sorted({name for _, way in ways for name in way})
    con.register("firms_of_cells", pa.table({"firm": pa.array(names, pa.string())}))
    listed = {
        name
        for (name,) in con.execute(
            f"""SELECT DISTINCT firm FROM {normalised("firms_of_cells", "firm")} f
            JOIN known_names k ON k.core = f.core AND f.form IN ('', k.form)"""
        ).fetchall()
    }
    con.unregister("firms_of_cells")
    found: dict[str, tuple[str, ...]] = {}
    for cell, way in ways:
        if cell not in found and listed.issuperset(way):
            found[cell] = way
    return found


def rows_apart(frame: pd.DataFrame, apart: dict[str, tuple[str, ...]]) -> pd.DataFrame:
    """The rows of awards or contracts, one for each firm of such a cell."""
    if not apart or "supplier_name" not in frame or not frame["supplier_name"].isin(apart.keys()).any():
        return frame
    several = frame["supplier_name"].isin(apart.keys())
    frame = frame.assign(supplier_name=[apart.get(name, (name,)) for name in frame["supplier_name"]])
    frame = frame.astype({name: object for name in _OF_ONE if name in frame})
    for name in set(_OF_ONE) & set(frame.columns):
        frame.loc[several, name] = None
    return frame.explode("supplier_name", ignore_index=True)


def sql_apart(con: duckdb.DuckDBPyConnection, relation: str, apart: dict[str, tuple[str, ...]]) -> str:
    """SQL of the same rows; an award has as many suppliers as rows then."""
    if not apart:
        return relation
    pairs = [(cell, firm) for cell, firms in apart.items() for firm in firms]
    cells, firms = ([pair[n] for pair in pairs] for n in (0, 1))
    con.register(
        "cells_apart", pa.table({"cell": pa.array(cells, pa.string()), "firm": pa.array(firms, pa.string())})
    )
    columns = con.sql(f"SELECT * FROM {relation} LIMIT 0").columns
    changed = ["coalesce(a.firm, l.supplier_name) AS supplier_name"]
    changed += [f"CASE WHEN a.firm IS NULL THEN l.{name} END AS {name}" for name in _OF_ONE if name in columns]
    if "supplier_count" in columns:
        changed.append("count(*) OVER (PARTITION BY l.award_key) AS supplier_count")
    return f"(SELECT l.* REPLACE ({', '.join(changed)}) FROM {relation} l LEFT JOIN cells_apart a ON a.cell = l.supplier_name)"

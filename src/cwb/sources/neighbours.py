"""Which districts lie beside a district, seen from the postcodes that come with cwb.

Two districts are neighbours where a postcode of one is next to a postcode of the other (an edge of the Delaunay triangulation)
and at most 5 km away. Water between them is not seen: Thurrock and Gravesham are neighbours across the Thames.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import numpy as np
import shapely

from cwb.base.database import parquet_sql

_MOST_METRES = 5_000
# Postcodes in one square of this side are one point: a street is enough.
_GRID_METRES = 100


def neighbours(con: duckdb.DuckDBPyConnection, postcodes: Path, district: str) -> tuple[str, ...]:
    """Codes of the districts beside one, sorted; none where `postcodes` (the table of the source) holds none of it."""
    # Grid references of Northern Ireland are of another grid.
    grid = "=" if district.startswith("N") else "<>"
    rows = con.execute(
        f"""WITH placed AS (SELECT * FROM {parquet_sql(postcodes)} WHERE northing IS NOT NULL AND left(lad_code, 1) {grid} 'N'),
        around AS (SELECT min(easting) - $far AS west, max(easting) + $far AS east, min(northing) - $far AS south,
            max(northing) + $far AS north FROM placed WHERE lad_code = $district)
        SELECT x, y, min(lad_code) FROM (
            SELECT easting // $side * $side AS x, northing // $side * $side AS y, lad_code FROM placed, around
            WHERE easting BETWEEN west AND east AND northing BETWEEN south AND north
        ) GROUP BY x, y ORDER BY x, y""",
        {"far": _MOST_METRES, "district": district, "side": _GRID_METRES},
    ).fetchall()
    codes = {(x, y): code for x, y, code in rows}
    edges = shapely.delaunay_triangles(shapely.MultiPoint(list(codes)), only_edges=True) if codes else None
    found = set()
    for one, other in shapely.get_coordinates(edges.geoms).reshape(-1, 2, 2) if edges is not None else ():
        pair = {codes[tuple(one)], codes[tuple(other)]}
        if len(pair) == 2 and district in pair and np.hypot(*(one - other)) <= _MOST_METRES:
            found |= pair - {district}
    return tuple(sorted(found))

"""Whose rows they are: which body of the settings a file, a name in a row or the buyer of a notice stands for."""

from __future__ import annotations

import duckdb
import pyarrow as pa

from cwb.council.config import Settings
from cwb.entities.matching.names import normalise_name


def give_bodies(con: duckdb.DuckDBPyConnection, settings: Settings, relation: str, column: str, name: str) -> None:
    """Table `name` (source_file, stated, body): the anchor in whose folder a file stands, else the one that `column` of
    a row names, else that name as it is."""
    slugs = {anchor.slug: anchor.name for anchor in settings.anchors}
    known = {normalise_name(s): a.name for a in settings.anchors for s in a.names}
    pairs = con.execute(f"SELECT DISTINCT source_file, {column} FROM {relation} ORDER BY ALL").fetchall()

    def body(file: str, stated: str | None) -> str:
        own = slugs.get(file.split("/")[1]) if "/" in file else None
        return own or (known.get(normalise_name(stated), stated) if stated else None) or "Body not stated"

    columns = {
        "source_file": [file for file, _ in pairs],
        "stated": [stated for _, stated in pairs],
        "body": [body(file, stated) for file, stated in pairs],
    }
    con.register(name, pa.table(columns, schema=pa.schema([(c, pa.string()) for c in columns])))


BUYERS = "LEFT JOIN buyers b ON b.buyer_name IS NOT DISTINCT FROM n.buyer_name AND b.buyer_id IS NOT DISTINCT FROM n.buyer_id"


def give_buyers(con: duckdb.DuckDBPyConnection, settings: Settings, relations: list[str]) -> None:
    """Table `buyers` (buyer_name, buyer_id, is_own, body): who of the settings a buyer of a notice is, by name or by id."""
    council = settings.council
    own = {normalise_name(name) for name in council.buyer_names}
    bodies = dict.fromkeys({*own, normalise_name(council.name)}, council.name)
    bodies |= {normalise_name(s): anchor.name for anchor in settings.anchors for s in anchor.names}
    by_id = dict.fromkeys(council.buyer_ids, council.name)
    by_id |= {identity: anchor.name for anchor in settings.anchors for identity in anchor.buyer_ids}
    found = sorted(
        {
            row
            for r in relations
            for row in con.execute(f"SELECT DISTINCT buyer_name, buyer_id FROM {r}").fetchall()
        },
        key=str,
    )
    columns: dict[str, list[object]] = {"buyer_name": [], "buyer_id": [], "is_own": [], "body": []}
    for name, buyer_id in found:
        body = bodies.get(normalise_name(name)) or by_id.get(buyer_id)
        is_own = normalise_name(name) in own or buyer_id in council.buyer_ids
        for column, value in zip(columns, (name, buyer_id, is_own, body), strict=True):
            columns[column].append(value)
    kinds = pa.schema([(c, pa.bool_() if c == "is_own" else pa.string()) for c in columns])
    con.register("buyers", pa.table(columns, schema=kinds))

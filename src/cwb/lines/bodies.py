"""Whose rows they are: the body of the settings that a file, a name in a row or the buyer of a notice belongs to."""

from __future__ import annotations

import duckdb
import pyarrow as pa

from cwb.base.privacy import shown_text
from cwb.council.config import Settings
from cwb.entities.matching.names import normalise_name
from cwb.lines.resolve import period_columns
from cwb.lines.table import add_list


def add_bodies(con: duckdb.DuckDBPyConnection, settings: Settings, relation: str, column: str, table: str) -> None:
    """Table `table` (source_file, published_name, body): the anchor in whose folder a file is, else the one that `column` of
    a row names, else that name as it is."""
    known = {normalise_name(s): a.name for a in settings.anchors for s in a.names}
    pairs = con.execute(f"SELECT DISTINCT source_file, {column} FROM {relation} ORDER BY ALL").fetchall()

    def body(file: str, name: str | None) -> str:
        if anchor := settings.anchor_of(file):
            return anchor.name
        return (known.get(normalise_name(name), shown_text(name)) if name else None) or "Body not stated"

    rows = [(file, name, body(file, name)) for file, name in pairs]
    add_list(con, table, ("source_file", "published_name", "body"), rows)


def own_payments(lines: str) -> str:
    """SQL of the council's payments with their financial year and quarter; `body` is NULL."""
    return f"(SELECT *, NULL::VARCHAR AS body, {period_columns('payment_date')} FROM {lines})"


def anchor_payments(con: duckdb.DuckDBPyConnection, settings: Settings, lines: str) -> str:
    """SQL of the payments of other bodies with their financial year and quarter, and `body`."""
    add_bodies(con, settings, lines, "organisation_name", "anchor_bodies")
    return f"""(SELECT l.*, b.body, {period_columns("payment_date")} FROM {lines} l JOIN anchor_bodies b
        ON b.source_file = l.source_file AND b.published_name IS NOT DISTINCT FROM l.organisation_name)"""


# The buyers beside the first in a joint procurement, as the readers of notices write them.
_OTHERS = """unnest(from_json(other_buyers, '[{"name": "VARCHAR", "id": "VARCHAR"}]'), recursive := true)"""


def with_buyers(rows: str, each: bool = False) -> str:
    """SQL of the rows of notices or awards with `is_own` and `body`, by table `buyers`: every buyer of a joint one counts.

    `each` gives a joint row once for each body of the settings that buys, with its name in `buyer_name`; else a row stands
    once, of the council where it buys, then of the first body that does. A row of no body stands once with NULL.
    """
    kept = "f.rank = 1 OR f.body IS NOT NULL" if each else "f.rank = 1"
    return f"""
        WITH notice AS (SELECT *, row_number() OVER () AS row_id FROM {rows}),
        named AS (
            SELECT row_id, 1 AS nth, buyer_name AS name, buyer_id AS id FROM notice
            UNION ALL SELECT row_id, 2, name, id FROM
                (SELECT row_id, {_OTHERS} FROM notice WHERE other_buyers IS NOT NULL)),
        found AS (
            SELECT row_id, body, min_by(name, (nth, name)) AS name, coalesce(bool_or(is_own), FALSE) AS is_own,
                min(nth) AS nth
            FROM named n LEFT JOIN buyers b
                ON b.buyer_name IS NOT DISTINCT FROM n.name AND b.buyer_id IS NOT DISTINCT FROM n.id
            GROUP BY row_id, body),
        ranked AS (SELECT *, row_number() OVER (
            PARTITION BY row_id ORDER BY is_own DESC, body IS NULL, nth, body) AS rank FROM found)
        SELECT n.* EXCLUDE (row_id) REPLACE (coalesce(f.name, n.buyer_name) AS buyer_name), f.body, f.is_own
        FROM notice n JOIN ranked f USING (row_id) WHERE {kept}"""


def add_buyers(con: duckdb.DuckDBPyConnection, settings: Settings, relations: list[str]) -> None:
    """Table `buyers` (buyer_name, buyer_id, is_own, body): who of the settings a buyer of a notice is, by name or by id."""
    council = settings.council
    own_names = {normalise_name(name) for name in council.buyer_names}
    bodies = dict.fromkeys({*own_names, normalise_name(council.name)}, council.name)
    bodies |= {normalise_name(s): anchor.name for anchor in settings.anchors for s in anchor.names}
    by_id = dict.fromkeys(council.buyer_ids, council.name)
    by_id |= {identity: anchor.name for anchor in settings.anchors for identity in anchor.buyer_ids}
    found = sorted(
        {
            row
            for r in relations
            for row in con.execute(
                f"""SELECT DISTINCT buyer_name, buyer_id FROM {r} UNION SELECT name, id FROM
                (SELECT {_OTHERS} FROM {r} WHERE other_buyers IS NOT NULL)"""
            ).fetchall()
        },
        key=str,
    )
    rows = []
    for name, buyer_id in found:
        body = bodies.get(normalise_name(name)) or by_id.get(buyer_id)
        rows.append((name, buyer_id, normalise_name(name) in own_names or buyer_id in council.buyer_ids, body))
    add_list(con, "buyers", ("buyer_name", "buyer_id", "is_own", "body"), rows, is_own=pa.bool_())

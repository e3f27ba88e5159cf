"""Payments whose purpose, service or category means people: to foster carers, claimants, tenants owed a refund."""

from __future__ import annotations

import duckdb
import pandas as pd

from cwb.base.privacy import means_people

_PURPOSES = ("purpose", "service", "category")


def means_people_sql(con: duckdb.DuckDBPyConnection, lines: str) -> str:
    """SQL of whether a payment `l` is one to or for persons; the texts that say so are a table of `con`."""
    con.execute("CREATE TEMP TABLE IF NOT EXISTS people_texts (text VARCHAR)")
    # All columns at once: the lines are read, and what reads them planned, one time.
    columns = ", ".join(f"list(DISTINCT {name}) FILTER ({name} IS NOT NULL)" for name in _PURPOSES)
    texts = con.execute(f"SELECT {columns} FROM {lines}").fetchall()[0]
    found = sorted({text for of_column in texts for text in of_column or () if means_people(text)})
    con.execute("INSERT INTO people_texts SELECT unnest(?::VARCHAR[])", [found])
    conditions = (f"coalesce(l.{name} IN (SELECT text FROM people_texts), FALSE)" for name in _PURPOSES)
    return f"({' OR '.join(conditions)})"


def paid_for_people(
    con: duckdb.DuckDBPyConnection, spent: list[str], keyed: pd.DataFrame, identity: tuple[str, ...]
) -> frozenset[str]:
    """The keys of suppliers who are paid for nothing but what means people; `keyed` has the key of each identity."""
    always: dict[str, bool] = {}
    keys = dict(zip(keyed[list(identity)].itertuples(index=False, name=None), keyed["supplier_key"], strict=True))
    for lines in spent:
        is_one = means_people_sql(con, lines)
        asked = f"SELECT {', '.join(identity)}, bool_and({is_one}) FROM {lines} l GROUP BY ALL"
        for *stated, is_always in con.execute(asked).fetchall():
            key = keys.get(tuple(stated))
            if key:
                always[key] = is_always and always.get(key, True)
    return frozenset(key for key, is_always in always.items() if is_always)

"""Every line with its supplier: who it is, by what name it may be shown, and no nearer place than may be kept."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import duckdb
import pandas as pd

from cwb.base.no_name import NoName, sql_may_be_none
from cwb.base.privacy import BY_LOOKS, WITHHELD
from cwb.base.progress import written
from cwb.entities.paid_for_people import means_people_sql
from cwb.sources.tabular import sql_text

# A notice's postcode is part of who its supplier is: two firms may bear one name.
IDENTITY = ("supplier_id", "supplier_name", "company_number", "charity_number", "postcode")
# What a register of contracts calls it.
REGISTER_POSTCODE = "supplier_postcode"
_FROM_SUPPLIER = (
    "display_name", "ring", "registered_ring", "lad_code", "is_sme", "is_vcse", "size", "place_source",
    "is_registered", "match_status", "match_evidence", "supplier_kind", "org_id", "grade", "candidate_grade",
    "candidate_ring", "name_evidence",
)  # fmt: skip
# Lines of money paid: those alone have a purpose.
_PAID = ("lines", "anchor_lines")


def write_supplier_lines(
    con: duckdb.DuckDBPyConnection,
    folder: Path,
    relations: Mapping[str, str | None],
    suppliers: pd.DataFrame,
    keyed: pd.DataFrame,
) -> None:
    """Write the table of each relation with its suppliers; `keyed` has the key of each identity. One without a relation goes."""
    con.register("keys", keyed.astype("str").where(keyed.notna(), None))
    con.register("found", _texts(suppliers))
    for name, relation in relations.items():
        target = folder / f"{name}.parquet"
        target.unlink(missing_ok=True)
        if relation:
            for_people = means_people_sql(con, relation) if name in _PAID else "FALSE"
            with written(target) as part:
                con.execute(_join(con, relation, part, for_people))


def _texts(suppliers: pd.DataFrame) -> pd.DataFrame:
    typed = suppliers[["supplier_key", *_FROM_SUPPLIER]].copy()
    for flag in ("is_sme", "is_vcse", "is_registered"):
        typed[flag] = typed[flag].astype("boolean")
    for column in typed.columns.difference(["is_sme", "is_vcse", "is_registered"]):
        typed[column] = typed[column].astype("str").where(typed[column].notna(), None)
    return typed


def _join(con: duckdb.DuckDBPyConnection, relation: str, part: Path, for_people: str) -> str:
    have = set(con.sql(f"SELECT * FROM {relation} LIMIT 0").columns)
    at = {name: name for name in have} | ({"postcode": REGISTER_POSTCODE} if REGISTER_POSTCODE in have else {})
    on = " AND ".join(
        f"k.{name} IS NOT DISTINCT FROM {f'l.{at[name]}' if name in at else 'NULL'}" for name in IDENTITY
    )
    shared = have & set(_FROM_SUPPLIER)
    exclude = f"EXCLUDE ({', '.join(sorted(shared | {'is_name_withheld', 'is_for_people'}))})"
    chosen = ", ".join(
        f"coalesce(l.{name}, f.{name}) AS {name}" if name in shared else f"f.{name}" for name in _FROM_SUPPLIER
    ).replace("f.ring", "coalesce(f.ring, 'unknown') AS ring")
    # A name that the publisher withheld, or a list that may be of people, may stand in the title too: whoever shows it must
    # know. Where people are paid, a name's looks show nothing.
    by_looks = ", ".join(sql_text(kind.value) for kind in BY_LOOKS)
    is_name_withheld = (
        f"{sql_may_be_none('l.supplier_name')} AND (cwb_no_name(l.supplier_name) = '{NoName.WITHHELD}' "
        "OR regexp_matches(l.supplier_name, '[;|\\r\\n]'))"
    )
    withheld = f"l.is_name_withheld OR (l.is_for_people AND f.name_evidence IN ({by_looks}))"
    chosen = chosen.replace(
        "f.display_name", f"CASE WHEN {withheld} THEN {sql_text(WITHHELD)} ELSE f.display_name END AS display_name"
    )
    own = at.get("postcode")
    is_hidden = f"({withheld}) OR f.display_name = {sql_text(WITHHELD)}"
    kept = (
        f"REPLACE (CASE WHEN {is_hidden} THEN split_part(l.{own}, ' ', 1) ELSE l.{own} END AS {own})"
        if own
        else ""
    )
    return f"""COPY (
        SELECT l.* {exclude} {kept}, k.supplier_key, {chosen}
        FROM (SELECT l.*, {is_name_withheld} AS is_name_withheld, {for_people} AS is_for_people FROM {relation} l) l
        LEFT JOIN keys k ON {on} LEFT JOIN found f ON f.supplier_key = k.supplier_key
    ) TO {sql_text(part.as_posix())} (FORMAT parquet, COMPRESSION zstd)"""

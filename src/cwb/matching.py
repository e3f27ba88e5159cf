"""supplier → organisation and place, by exact evidence: ids and numbers given, then names that are the same.

One row per supplier of the ledger, the awards and the register. Columns: `supplier_key`, `supplier_name`,
`supplier_id`, `company_number`, `is_sme`, `is_vcse`, `size`, `postcode`, `place_source` (which file gave the
place), `lad_code`, `ring`, `registered_postcode`, `registered_ring`, `is_registered`, `display_name`.

A name never decides between two organisations: when those that bear it differ in place, the place is not known.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import duckdb
import pandas as pd

from cwb.config import Settings
from cwb.places import ELSEWHERE, place_postcodes, ring_of
from cwb.privacy import display_name, looks_individual

_SUFFIXES = re.compile(r"\b(limited|ltd|plc|llp|lp|cic|inc|incorporated|company|co|cio|uk|the)\b", re.IGNORECASE)
_TRADING_AS = re.compile(r"\b(t/a|t/as|trading as)\b.*$", re.IGNORECASE)
VENDOR, REGISTER, AWARD, COMPANIES = (
    "vendor list", "contracts register", "award notice", "Companies House",
)  # fmt: skip
_HOME_CODES = {"GB", "UK"}
# A vendor's paying address tells where the money goes; a registered office tells least.
PLACE_ORDER = (VENDOR, REGISTER, AWARD, COMPANIES)


@lru_cache(maxsize=200_000)
def normalise_name(name: str | None) -> str:
    """A name for exact comparison: no trading name, punctuation, legal form or "the"; "&" is "and"."""
    text = _TRADING_AS.sub("", name or "") or (name or "")
    text = text.replace("&", " and ").lower()
    text = re.sub(r"[^\w\s]", " ", text.replace("'", "").replace("’", ""))
    short = " ".join(_SUFFIXES.sub(" ", text).split())
    return short or " ".join(text.split())


@dataclass
class _Directory:
    """What each file says of organisations, indexed three ways. Values are rows of evidence."""

    by_id: dict[str, dict[str, Any]] = field(default_factory=dict)
    by_number: dict[tuple[str, str], list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    by_name: dict[tuple[str, str], list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))

    def add(self, source: str, rows: list[dict[str, Any]]) -> None:
        for row in rows:
            if source == VENDOR and row.get("supplier_id"):
                self.by_id[row["supplier_id"]] = row
            if row.get("company_number"):
                self.by_number[source, row["company_number"]].append(row)
            name = normalise_name(row.get("supplier_name"))
            if name:
                self.by_name[source, name].append(row)

    def find(self, source: str, number: str | None, name: str) -> list[dict[str, Any]]:
        by_number = self.by_number.get((source, number), []) if number else []
        return by_number or self.by_name.get((source, name), [])


def _agreed(rows: list[dict[str, Any]], key: str) -> Any:
    """The one value that all rows with a value agree on; None when there is none or they differ."""
    values = {row.get(key) for row in rows} - {None, ""}
    return values.pop() if len(values) == 1 else None


def _records(frame: pd.DataFrame, columns: dict[str, str]) -> list[dict[str, Any]]:
    if frame.empty:
        return []
    chosen = frame[list(columns)].rename(columns=columns).astype(object)
    records: list[dict[str, Any]] = chosen.where(chosen.notna(), None).to_dict("records")
    return records


def supplier_key(supplier_id: str | None, name: str | None, vendors: dict[str, dict[str, Any]]) -> str | None:
    """The key under which payments to one supplier are counted; None when the supplier is not stated."""
    if supplier_id and supplier_id in vendors:
        return f"id:{supplier_id}"
    return f"name:{normalise_name(name)}" if name else None


def resolve_suppliers(
    con: duckdb.DuckDBPyConnection,
    settings: Settings,
    stated: pd.DataFrame,
    vendors: pd.DataFrame,
    contracts: pd.DataFrame,
    awards: pd.DataFrame,
    companies: pd.DataFrame,
) -> tuple[pd.DataFrame, pd.Series]:
    """Find who each supplier is and where.

    `stated` has one row per distinct `supplier_id`, `supplier_name`, `company_number` and `charity_number` of the
    ledger, the awards and the register. Returns the suppliers, and the `supplier_key` of each row of `stated`.
    """
    common = {"supplier_name": "supplier_name", "company_number": "company_number"}
    flags = {"is_sme": "is_sme", "is_vcse": "is_vcse"}
    directory = _Directory()
    directory.add(
        VENDOR,
        _records(
            vendors,
            {
                **common,
                **flags,
                "supplier_id": "supplier_id",
                "postcode": "postcode",
                "size": "size",
                "charity_number": "charity_number",
            },
        ),
    )
    directory.add(REGISTER, _records(contracts, {**common, **flags, "supplier_postcode": "postcode"}))
    directory.add(AWARD, _records(awards, {**common, **flags, "postcode": "postcode", "country": "country"}))
    directory.add(
        COMPANIES,
        _records(
            companies,
            {"company_name": "supplier_name", "company_number": "company_number", "postcode": "postcode"},
        ),
    )
    keys = []
    found: dict[str, dict[str, Any]] = {}
    for row in stated.astype(object).where(stated.notna(), None).to_dict("records"):
        key = _key(row, directory)
        keys.append(key)
        if key is not None and key not in found:
            found[key] = {"supplier_key": key, **_resolve(row, directory)}
    suppliers = pd.DataFrame(list(found.values()), columns=list(_COLUMNS)).astype(object)
    return _place(con, settings, suppliers), pd.Series(keys, index=stated.index, dtype=object)


_COLUMNS = (
    "supplier_key", "supplier_name", "supplier_id", "company_number", "charity_number", "is_sme", "is_vcse",
    "size", "postcode", "place_source", "country", "registered_postcode", "is_registered",
)  # fmt: skip


def _key(row: dict[str, Any], directory: _Directory) -> str | None:
    key = supplier_key(row["supplier_id"], row["supplier_name"], directory.by_id)
    if key is None or key.startswith("id:"):
        return key
    # A line without id belongs to the vendor of the same number or name, when there is just one.
    vendors = directory.find(VENDOR, row["company_number"], normalise_name(row["supplier_name"]))
    supplier_id = _agreed(vendors, "supplier_id")
    return f"id:{supplier_id}" if supplier_id else key


def _resolve(row: dict[str, Any], directory: _Directory) -> dict[str, Any]:
    name = normalise_name(row["supplier_name"])
    stated_number = number = row["company_number"]
    # A person is never matched by name: the company John Smith Ltd says nothing of the payee John Smith.
    by_name = "" if looks_individual(row["supplier_name"]) else name
    vendor = directory.by_id.get(row["supplier_id"] or "")
    evidence = {VENDOR: [vendor] if vendor else directory.find(VENDOR, number, name)}
    number = stated_number = number or _agreed(evidence[VENDOR], "company_number")
    for source in (REGISTER, AWARD):
        evidence[source] = directory.find(source, number, by_name)
        number = number or _agreed(evidence[source], "company_number")
    evidence[COMPANIES] = directory.find(COMPANIES, number, by_name)
    everyone = [item for source in PLACE_ORDER for item in evidence[source]]
    postcode, place_source = None, None
    for source in PLACE_ORDER:
        postcode = _agreed(evidence[source], "postcode")
        if postcode:
            place_source = source
            break
    return {
        "supplier_name": (vendor or row)["supplier_name"] or row["supplier_name"],
        "supplier_id": row["supplier_id"] if vendor else _agreed(evidence[VENDOR], "supplier_id"),
        "company_number": number or _agreed(evidence[COMPANIES], "company_number"),
        "charity_number": row.get("charity_number") or _agreed(evidence[VENDOR], "charity_number"),
        "is_registered": bool(
            stated_number
            or row.get("charity_number")
            or _agreed(evidence[VENDOR], "charity_number")
            or _agreed(evidence[VENDOR], "is_vcse")
        ),
        "is_sme": _agreed(evidence[VENDOR] or everyone, "is_sme"),
        "is_vcse": _agreed(evidence[VENDOR] or everyone, "is_vcse"),
        "size": _agreed(evidence[VENDOR], "size"),
        "postcode": postcode,
        "place_source": place_source,
        "country": _agreed(evidence[AWARD], "country"),
        "registered_postcode": _agreed(evidence[COMPANIES], "postcode"),
    }


def _place(con: duckdb.DuckDBPyConnection, settings: Settings, suppliers: pd.DataFrame) -> pd.DataFrame:
    lads = place_postcodes(con, pd.concat([suppliers["postcode"], suppliers["registered_postcode"]]))
    suppliers["lad_code"] = [lads.get(p) if isinstance(p, str) else None for p in suppliers["postcode"]]
    suppliers["ring"] = [ring_of(code, settings) for code in suppliers["lad_code"]]
    # Only a foreign country's code moves a supplier from "not known" to "elsewhere"; a spelling of ours does not.
    abroad = [
        isinstance(c, str) and re.fullmatch("[A-Z]{2}", c) is not None and c not in _HOME_CODES
        for c in suppliers["country"]
    ]
    suppliers.loc[suppliers["lad_code"].isna() & pd.Series(abroad, index=suppliers.index, dtype=bool), "ring"] = (
        ELSEWHERE
    )
    suppliers["registered_ring"] = [
        ring_of(lads.get(p) if isinstance(p, str) else None, settings) for p in suppliers["registered_postcode"]
    ]
    suppliers["is_registered"] = suppliers["is_registered"].astype(bool)
    suppliers["display_name"] = [
        display_name(name, registered)
        for name, registered in zip(suppliers["supplier_name"], suppliers["is_registered"], strict=True)
    ]
    return suppliers.sort_values("supplier_key", ignore_index=True)

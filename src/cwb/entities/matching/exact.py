"""What a council's own files and the notices say of a supplier: by id and number, then by the very same name.

A name never decides between two organisations: when those that bear it differ in place, the place is not known.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from cwb.base.privacy import looks_individual
from cwb.base.rows import Row
from cwb.entities.matching.names import normalise_name

VENDOR, REGISTER, AWARD = "vendor list", "contracts register", "award notice"
# A vendor's paying address shows where the money goes.
PLACE_ORDER = (VENDOR, REGISTER, AWARD)


@dataclass
class Directory:
    """What each file says of organisations, indexed three ways. Values are rows of evidence."""

    by_id: dict[str, Row] = field(default_factory=dict)
    by_number: dict[tuple[str, str], list[Row]] = field(default_factory=lambda: defaultdict(list))
    by_name: dict[tuple[str, str], list[Row]] = field(default_factory=lambda: defaultdict(list))

    def add(self, source: str, rows: list[Row]) -> None:
        for row in rows:
            if source == VENDOR and row.get("supplier_id"):
                self.by_id[row["supplier_id"]] = row
            if row.get("company_number"):
                self.by_number[source, row["company_number"]].append(row)
            name = normalise_name(row.get("supplier_name"))
            if name:
                self.by_name[source, name].append(row)

    def find(self, source: str, number: str | None, name: str) -> list[Row]:
        by_number = self.by_number.get((source, number), []) if number else []
        return by_number or self.by_name.get((source, name), [])


def _agreed(rows: list[Row], key: str) -> Any:
    """The one value that all rows with a value agree on; None when there is none or they differ."""
    values = {row.get(key) for row in rows} - {None, ""}
    return values.pop() if len(values) == 1 else None


def supplier_key(supplier_id: str | None, name: str | None, vendors: dict[str, Row]) -> str | None:
    """The key under which payments to one supplier are counted; None when the supplier is not stated."""
    if supplier_id and supplier_id in vendors:
        return f"id:{supplier_id}"
    return f"name:{normalise_name(name)}" if name else None


def key_of(row: Row, directory: Directory) -> str | None:
    key = supplier_key(row["supplier_id"], row["supplier_name"], directory.by_id)
    if key is None or key.startswith("id:"):
        return key
    # A line without id belongs to the vendor of the same number or name, when there is just one.
    vendors = directory.find(VENDOR, row["company_number"], normalise_name(row["supplier_name"]))
    supplier_id = _agreed(vendors, "supplier_id")
    return f"id:{supplier_id}" if supplier_id else key


def resolve(row: Row, directory: Directory) -> Row:
    """What the council's own files and the notices say of a supplier: numbers, flags, and the place nearest the money."""
    name = normalise_name(row["supplier_name"])
    number = row["company_number"]
    # A person is never matched by name: the company John Smith Ltd says nothing of the payee John Smith.
    by_name = "" if looks_individual(row["supplier_name"]) else name
    vendor = directory.by_id.get(row["supplier_id"] or "")
    evidence = {VENDOR: [vendor] if vendor else directory.find(VENDOR, number, name)}
    stated_number = number = number or _agreed(evidence[VENDOR], "company_number")
    for source in (REGISTER, AWARD):
        evidence[source] = directory.find(source, number, by_name)
        number = number or _agreed(evidence[source], "company_number")
    everyone = [item for source in PLACE_ORDER for item in evidence[source]]
    postcode, place_source = None, None
    for source in PLACE_ORDER:
        postcode = _agreed(evidence[source], "postcode")
        if postcode:
            place_source = source
            break
    charity = row.get("charity_number") or _agreed(evidence[VENDOR], "charity_number")
    return {
        "supplier_name": (vendor or row)["supplier_name"] or row["supplier_name"],
        "supplier_id": row["supplier_id"] if vendor else _agreed(evidence[VENDOR], "supplier_id"),
        "company_number": number,
        "charity_number": charity,
        "is_registered": bool(stated_number or charity or _agreed(evidence[VENDOR], "is_vcse")),
        "is_sme": _agreed(evidence[VENDOR] or everyone, "is_sme"),
        "is_vcse": _agreed(evidence[VENDOR] or everyone, "is_vcse"),
        "size": _agreed(evidence[VENDOR], "size"),
        "postcode": postcode,
        "place_source": place_source,
        "country": _agreed(evidence[AWARD], "country"),
    }

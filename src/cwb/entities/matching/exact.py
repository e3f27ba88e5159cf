"""What a council's own files and the notices say of a supplier: by id and number, then by the very same name.

A number that a file gives is never overridden by a name. A name never decides between two organisations: where those that
bear it differ in place or number, a supplier is its name with the number and the postcode that its own row gives.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from rapidfuzz import fuzz

from cwb.base.no_name import no_name
from cwb.base.privacy import looks_individual
from cwb.base.rows import Row
from cwb.entities.matching.names import normalise_name

VENDOR, REGISTER, AWARD, LEDGER = "vendor list", "contracts register", "award notice", "ledger"
# Of spending files that state an address.
SPENDING = "spending file"
# A vendor's paying address shows where the money goes.
PLACE_ORDER = (VENDOR, SPENDING, REGISTER, AWARD)
# A firm may change its name once: an id of more unlike names than this is nobody's.
_MOST_NAMES = 2
_LIKE = 60


@dataclass
class Directory:
    """What each file says of organisations, indexed three ways. Values are rows of evidence."""

    by_id: dict[str, Row] = field(default_factory=dict)
    by_number: dict[tuple[str, str], list[Row]] = field(default_factory=lambda: defaultdict(list))
    by_name: dict[tuple[str, str], list[Row]] = field(default_factory=lambda: defaultdict(list))

    def add(self, source: str, rows: list[Row]) -> None:
        for row in rows:
            if no_name(row.get("supplier_name")):
                continue
            if source == VENDOR and row.get("supplier_id"):
                self.by_id[row["supplier_id"]] = row
            if row.get("company_number"):
                self.by_number[source, row["company_number"]].append(row)
            name = normalise_name(row.get("supplier_name"))
            if name:
                self.by_name[source, name].append(row)

    def find(self, source: str, number: str | None, name: str) -> list[Row]:
        """Rows of a source with this number, else with this name and no other number."""
        by_number = self.by_number.get((source, number), []) if number else []
        return by_number or [
            row
            for row in self.by_name.get((source, name), [])
            if not number or row.get("company_number") in (None, "", number)
        ]

    def is_shared(self, name: str) -> bool:
        """Whether those that bear a name differ: vendors in place, or rows of one source in number."""
        rows = {source: self.by_name.get((source, name), []) for source in (*PLACE_ORDER, LEDGER)}
        places = {row.get("postcode") for row in rows[VENDOR]} - {None, ""}
        numbers = ({row.get("company_number") for row in found} - {None, ""} for found in rows.values())
        return len(places) > 1 or any(len(found) > 1 for found in numbers)

    def set_aside_ids(self, rows: Iterable[Row]) -> dict[str, int]:
        """Take no id for an identity under which the payments of `rows` bear several unlike names, none like the vendor's:
        an account for payees who are paid once. Returns such ids, each with how many names it bears."""
        names: dict[str, set[str]] = defaultdict(set)
        for row in rows:
            if row["supplier_id"] in self.by_id and row["supplier_name"]:
                names[row["supplier_id"]].add(normalise_name(row["supplier_name"]))
        aside = {}
        for supplier_id, borne in names.items():
            listed = normalise_name(self.by_id[supplier_id]["supplier_name"])
            if len(_unlike([listed, *sorted(borne)])) > _MOST_NAMES:
                del self.by_id[supplier_id]
                aside[supplier_id] = len(borne)
        return aside


def _unlike(names: list[str]) -> list[str]:
    """Those of the names that are like none before them: a cut, a part or another order of words is like."""
    found: list[str] = []
    for name in names:
        if not any(max(fuzz.partial_ratio(name, one), fuzz.token_set_ratio(name, one)) >= _LIKE for one in found):
            found.append(name)
    return found


def _agreed(rows: list[Row], key: str) -> Any:
    """The one value that all rows with a value agree on; None when there is none or they differ."""
    values = {row.get(key) for row in rows} - {None, ""}
    return values.pop() if len(values) == 1 else None


def supplier_key(supplier_id: str | None, name: str | None, vendors: dict[str, Row]) -> str | None:
    """The key under which payments to one supplier are counted; None when the supplier is not stated."""
    if supplier_id and supplier_id in vendors:
        return f"id:{supplier_id}"
    return f"name:{normalise_name(name)}" if name and not no_name(name) else None


def key_of(row: Row, directory: Directory) -> str | None:
    key = supplier_key(row["supplier_id"], row["supplier_name"], directory.by_id)
    if key is None or key.startswith("id:"):
        return key
    # A line without id belongs to the vendor of the same number or name, when there is just one.
    name = normalise_name(row["supplier_name"])
    supplier_id = _agreed(directory.find(VENDOR, row["company_number"], name), "supplier_id")
    if supplier_id in directory.by_id:
        return f"id:{supplier_id}"
    if directory.is_shared(name):
        return ":".join((key, row["company_number"] or "", row.get("postcode") or ""))
    return key


def resolve(row: Row, directory: Directory) -> Row:
    """What the council's own files and the notices say of a supplier: numbers, flags, and the place nearest the money."""
    name = normalise_name(row["supplier_name"])
    number = row["company_number"]
    # A person is never matched by name: the company John Smith Ltd says nothing of the payee John Smith.
    by_name = "" if looks_individual(row["supplier_name"]) else name
    vendor = directory.by_id.get(row["supplier_id"] or "")
    own = [vendor] if vendor else directory.find(VENDOR, number, name)
    supplier_id = row["supplier_id"] if vendor else _agreed(own, "supplier_id")
    is_shared = directory.is_shared(normalise_name(vendor["supplier_name"]) if vendor else name)
    if is_shared and not number and supplier_id is None:
        own = []
    # The payee's own address in the very file: of a person too.
    paid = directory.find(SPENDING, number, name)
    evidence: dict[str, list[Row]] = {VENDOR: own, SPENDING: paid, REGISTER: [], AWARD: []}
    stated_number = number = number or _agreed(own, "company_number")
    if number or not is_shared:
        for source in (REGISTER, AWARD):
            evidence[source] = directory.find(source, number, by_name)
            number = number or _agreed(evidence[source], "company_number")
    everyone = [item for source in PLACE_ORDER for item in evidence[source]]
    postcode, place_source = None, None
    for source in PLACE_ORDER:
        # Of a name that several bear, its own notice or payment says where this one is, and no other does.
        is_own = source == AWARD or any(item["postcode"] == row.get("postcode") for item in paid)
        here = row.get("postcode") if is_shared and source in (SPENDING, AWARD) and is_own else None
        postcode = here or _agreed(evidence[source], "postcode")
        if postcode:
            place_source = source
            break
    charity = row.get("charity_number") or _agreed(evidence[VENDOR], "charity_number")
    return {
        "supplier_name": (vendor or row)["supplier_name"] or row["supplier_name"],
        "supplier_id": supplier_id,
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

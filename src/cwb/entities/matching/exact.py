"""What a council's own files and the notices say of a supplier: by id and number, then by the very same name.

A number that a file gives is never overridden by a name. A name never decides between two organisations: where those that
bear it differ in place or number, a supplier is its name with the number and the postcode that its own row gives. So is a
row that itself states another place than the supplier of its name, unless a number ties the two.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from rapidfuzz import fuzz

from cwb.base.no_name import no_name
from cwb.base.person_names import names_person
from cwb.base.privacy import NameEvidence, evidenced_name, looks_individual
from cwb.base.rows import Row
from cwb.entities.matching.names import normalise_name

VENDOR, REGISTER, AWARD, LEDGER = "vendor list", "contracts register", "award notice", "ledger"
# Of spending files that state an address.
SPENDING = "spending file"
# A vendor's paying address shows where the money goes.
PLACE_ORDER = (VENDOR, SPENDING, AWARD, REGISTER)
# A firm may change its name once: an id of more unlike names than this is nobody's.
_MOST_NAMES = 2
_LIKE = 60
T = TypeVar("T")


@dataclass
class Directory:
    """What each file says of organisations, indexed three ways. Values are rows of evidence. Two postcodes are one place where
    `districts` (district by postcode) says so."""

    districts: dict[str, str] = field(default_factory=dict)
    by_id: dict[str, Row] = field(default_factory=dict)
    by_number: dict[tuple[str, str], list[Row]] = field(default_factory=lambda: defaultdict(list))
    by_name: dict[tuple[str, str], list[Row]] = field(default_factory=lambda: defaultdict(list))
    # Names, as they are compared, that some row has with a legal form: "jane doe" where there is a Jane Doe Ltd.
    formed: set[str] = field(default_factory=set)

    def add(self, source: str, rows: list[Row]) -> None:
        for row in rows:
            if no_name(row.get("supplier_name")):
                continue
            self.note_forms([row.get("supplier_name")])
            if source == VENDOR and row.get("supplier_id"):
                self.by_id[row["supplier_id"]] = row
            if row.get("company_number"):
                self.by_number[source, row["company_number"]].append(row)
            name = normalise_name(row.get("supplier_name"))
            if name:
                self.by_name[source, name].append(row)

    def note_forms(self, names: Iterable[str | None]) -> None:
        """Remember the names that rows have with a legal form."""
        self.formed |= {normalise_name(name) for name in names if _has_form(name)}

    def find(self, source: str, number: str | None, name: str, place: str | None = None) -> list[Row]:
        """Rows of a source with this number, else with this name and neither another number nor another place."""
        by_number = self.by_number.get((source, number), []) if number else []
        return by_number or [
            row
            for row in self.by_name.get((source, name), [])
            if (not number or row.get("company_number") in (None, "", number))
            and (not place or self.place_of(row) in (None, place))
        ]

    def place_of(self, row: Row) -> str | None:
        """The district, else the postcode, that a row states, or that all rows of its number state; None where none is known."""
        number = row.get("company_number")
        rows = [row] if row.get("postcode") or not number else self._numbered(number)
        places = self._places(rows)
        return places.pop() if len(places) == 1 else None

    def postcode_of(self, rows: list[Row]) -> str | None:
        """A postcode of rows that all lie in one place."""
        return (
            min(row["postcode"] for row in rows if row.get("postcode")) if len(self._places(rows)) == 1 else None
        )

    def first_placed(self, name: str) -> list[Row]:
        """The rows of the first source besides the vendor list that has one place for a name."""
        found = (self.by_name.get((source, name), []) for source in PLACE_ORDER[1:])
        return next((rows for rows in found if len(self._places(rows)) == 1), [])

    def is_borne_twice(self, name: str) -> bool:
        """Whether rows of one source give a name several company numbers."""
        rows = (self.by_name.get((source, name), []) for source in (*PLACE_ORDER, LEDGER))
        return any(len(_texts(found, "company_number")) > 1 for found in rows)

    def is_shared(self, name: str) -> bool:
        """Whether those that bear a name differ: rows of one source in number, or in place with no number to tie them."""
        return self.is_borne_twice(name) or any(
            len(self._places(rows)) > 1 and (source == VENDOR or not _have_one_number(rows))
            for source in PLACE_ORDER
            if (rows := self.by_name.get((source, name), []))
        )

    def is_apart(self, row: Row, name: str) -> bool:
        """Whether a row that is no vendor's lies in another place than the one of its name, and no number ties them."""
        there, here = self.first_placed(name), self.place_of(row)
        tied = row["company_number"] and row["company_number"] in _texts(there, "company_number")
        return bool(there and here and not tied and here not in self._places(there))

    def _numbered(self, number: str) -> list[Row]:
        return [row for source in PLACE_ORDER for row in self.by_number.get((source, number), [])]

    def _places(self, rows: Iterable[Row]) -> set[str]:
        return {self.districts.get(postcode, postcode) for postcode in _texts(rows, "postcode")}

    def set_aside_ids(self, rows: Iterable[Row]) -> tuple[dict[str, int], dict[str, str]]:
        """Take no id for an identity under which the payments of `rows` bear several unlike names, none like the vendor's:
        an account for payees who are paid once. Returns such ids, each with how many names it bears, and those that bear one
        unlike name, each with that name: renamed, or two suppliers."""
        names: dict[str, dict[str, str]] = defaultdict(dict)
        for row in rows:
            if row["supplier_id"] in self.by_id and row["supplier_name"] and not no_name(row["supplier_name"]):
                names[row["supplier_id"]].setdefault(normalise_name(row["supplier_name"]), row["supplier_name"])
        aside, renamed = {}, {}
        for supplier_id, borne in names.items():
            unlike = _unlike([normalise_name(self.by_id[supplier_id]["supplier_name"]), *sorted(borne)])
            if len(unlike) > _MOST_NAMES:
                del self.by_id[supplier_id]
                aside[supplier_id] = len(borne)
            elif len(unlike) == _MOST_NAMES:
                renamed[supplier_id] = borne[unlike[-1]]
        return aside, renamed


def _unlike(names: list[str]) -> list[str]:
    """Those of the names that are like none before them: a cut, a part or another order of words is like."""
    found: list[str] = []
    for name in names:
        if not any(max(fuzz.partial_ratio(name, one), fuzz.token_set_ratio(name, one)) >= _LIKE for one in found):
            found.append(name)
    return found


def _texts(rows: Iterable[Row], key: str) -> set[str]:
    found: set[str] = {row[key] for row in rows if row.get(key)}
    return found


def _flags(rows: Iterable[Row], key: str) -> set[bool]:
    found: set[bool] = {row[key] for row in rows if row.get(key) is not None}
    return found


def _have_one_number(rows: list[Row]) -> bool:
    placed = [row.get("company_number") for row in rows if row.get("postcode")]
    return bool(placed[0]) and len(set(placed)) == 1


def _agreed(values: set[T]) -> T | None:
    """The one value of rows that agree; None when there is none or they differ."""
    return next(iter(values)) if len(values) == 1 else None


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
    supplier_id = _agreed(_texts(_vendors(row, name, directory), "supplier_id"))
    if supplier_id in directory.by_id:
        return f"id:{supplier_id}"
    if (
        directory.is_shared(name)
        or directory.is_apart(row, name)
        or _is_of_a_firm(row["supplier_name"], directory)
    ):
        return ":".join((key, row["company_number"] or "", row.get("postcode") or ""))
    return key


def _vendors(row: Row, name: str, directory: Directory) -> list[Row]:
    """The vendors that a row without id may be: of its number, else of its name and not in another place. The council's vendor
    list knows better than its payments where a payee is."""
    number, postcode = row["company_number"], row.get("postcode")
    is_paid = not number and any(
        paid.get("postcode") == postcode for paid in directory.by_name.get((SPENDING, name), [])
    )
    found = directory.find(VENDOR, number, name, None if is_paid else directory.place_of(row))
    if not number and _is_of_a_firm(row["supplier_name"], directory):
        return [vendor for vendor in found if not _has_form(vendor["supplier_name"])]
    return found


def _has_form(name: str | None) -> bool:
    return bool(name) and evidenced_name(name or "")[1] is NameEvidence.LEGAL_FORM


def _is_of_a_firm(name: str | None, directory: Directory) -> bool:
    """Whether a name that may be a person's is also that of a firm: Jane Doe, where there is a Jane Doe Ltd. It is another's."""
    if not name or normalise_name(name) not in directory.formed or evidenced_name(name)[0]:
        return False
    return looks_individual(name) or names_person(name)


def resolve(row: Row, directory: Directory) -> Row:
    """What the council's own files and the notices say of a supplier: numbers, flags, and the place nearest the money."""
    name = normalise_name(row["supplier_name"])
    number = row["company_number"]
    # A person is never matched by name: the company John Smith Ltd says nothing of the payee John Smith.
    by_name = "" if looks_individual(row["supplier_name"]) else name
    vendor = directory.by_id.get(row["supplier_id"] or "")
    own = [vendor] if vendor else _vendors(row, name, directory)
    supplier_id = row["supplier_id"] if vendor else _agreed(_texts(own, "supplier_id"))
    borne = normalise_name(vendor["supplier_name"]) if vendor else name
    is_shared = directory.is_shared(borne)
    if is_shared and not number and supplier_id is None:
        own = []
    stated_number = number = number or _agreed(_texts(own, "company_number"))
    place = (directory.place_of(own[0]) if supplier_id and own else None) or directory.place_of(row)
    if place is None and not is_shared:
        place = next(filter(None, map(directory.place_of, directory.first_placed(borne))), None)
    # A payee's own address in the very file places a person too.
    asked = {SPENDING: name, AWARD: by_name, REGISTER: by_name}
    evidence: dict[str, list[Row]] = {
        source: directory.find(source, number, asked[source], place) for source in asked
    }
    if is_shared and not number:
        # Of a name that several bear, what is said of this very place is said of this one.
        evidence = {
            source: [
                one
                for one in directory.by_name.get((source, name), [])
                if place and directory.place_of(one) == place and (supplier_id or not one.get("company_number"))
            ]
            for source in asked
        }
    if not number and (
        number := _agreed(_texts([one for rows in evidence.values() for one in rows], "company_number"))
    ):
        evidence = {source: directory.find(source, number, asked[source], place) for source in asked}
    evidence = {VENDOR: own, **evidence}
    everyone = [item for source in PLACE_ORDER for item in evidence[source]]
    # A numbered row of a shared name too is where it says.
    here = [row] if is_shared and supplier_id is None and row.get("postcode") else None
    placed = ((source, directory.postcode_of(here or rows)) for source, rows in evidence.items() if rows)
    place_source, postcode = next(((source, found) for source, found in placed if found), (None, None))
    charity = row.get("charity_number") or _agreed(_texts(evidence[VENDOR], "charity_number"))
    return {
        "supplier_name": (vendor or row)["supplier_name"] or row["supplier_name"],
        "supplier_id": supplier_id,
        "company_number": number,
        "charity_number": charity,
        "is_registered": bool(stated_number or charity or _flags(evidence[VENDOR], "is_vcse") == {True}),
        "is_sme": _agreed(_flags(evidence[VENDOR] or everyone, "is_sme")),
        "is_vcse": _agreed(_flags(evidence[VENDOR] or everyone, "is_vcse")),
        "size": _agreed(_texts(evidence[VENDOR], "size")),
        "postcode": postcode,
        "place_source": place_source,
        "country": _agreed(_texts(own, "country")) or _agreed(_texts(evidence[AWARD], "country")),
    }

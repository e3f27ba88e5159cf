"""Who each supplier is and where: the council's own evidence, then the registers.

One row per supplier of the ledger, the awards and the register. Columns: `supplier_key`, `supplier_name`, `supplier_id`,
`company_number`, `charity_number`, `mutual_number`, `is_sme`, `is_vcse`, `size`, `postcode`, `place_source` (what gave the
place), `lad_code`, `ring`, `registered_postcode`, `registered_ring`, `is_registered`, and of the match
`supplier_kind`, `org_id`, `organisation_name`, `match_status`, `match_evidence`, `match_detail`, `match_probability`, `grade`, `rule`,
`legal_form`, `sic_codes`. `candidate_grade`, `candidate_ring` and `candidate_sic_codes` are those of the best
candidate under review: nothing is taken from them but a range.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import duckdb
import pandas as pd

from cwb.base.database import rows_with
from cwb.base.privacy import is_person, looks_individual
from cwb.base.rows import Row, plain, records
from cwb.council.config import Settings
from cwb.entities.known_bodies import KnownBodies, council_district
from cwb.entities.matching.exact import AWARD, LEDGER, REGISTER, SPENDING, VENDOR, Directory, key_of, resolve
from cwb.entities.matching.kinds import MatchEvidence
from cwb.entities.matching.match import CANDIDATES, MATCHED, REVIEW, match_suppliers
from cwb.entities.matching.names import normalise_name
from cwb.entities.matching.remarks import (
    DECISION_OF_NOBODY,
    PLACE_NOT_IN_DIRECTORY,
    PLACE_OF_INDIVIDUAL,
    PLACE_OF_NOBODY,
    PLACE_OVERRIDDEN,
    bearers_of,
    carried,
    remarks_of,
    stated_numbers,
)
from cwb.sources.places import ELSEWHERE, NO_DISTRICT, is_abroad, place_postcodes, ring_of

REGISTERED_OFFICE, FORM, PUBLIC_BODY = "registered office", "form of places", "known public body"
# A country's code that no country has: it is not ours.
_ABROAD = "XX"
_COLUMNS = (
    "supplier_key", "supplier_name", "supplier_id", "company_number", "charity_number", "is_sme", "is_vcse", "size",
    "postcode", "place_source", "country", "is_registered",
)  # fmt: skip
_NOTHING_KNOWN = KnownBodies()
_ORGANISATION = ("postcode", "country", "grade", "rule", "legal_form", "sic_codes")


@dataclass(frozen=True)
class Resolved:
    """The suppliers, the supplier of each row of `identities`, the candidates of those to be reviewed, and what a person
    should know of ids and decisions."""

    suppliers: pd.DataFrame
    keys: pd.Series
    candidates: pd.DataFrame
    remarks: pd.DataFrame


def resolve_suppliers(
    con: duckdb.DuckDBPyConnection,
    settings: Settings,
    identities: pd.DataFrame,
    vendors: pd.DataFrame,
    contracts: pd.DataFrame,
    awards: pd.DataFrame,
    decisions: pd.DataFrame,
    places: pd.DataFrame,
    has_register: bool,
    paid: pd.DataFrame | None = None,
    known: KnownBodies = _NOTHING_KNOWN,
) -> Resolved:
    """Find who each supplier is and where.

    `identities` has one row per distinct `supplier_id`, `supplier_name`, `company_number`, `charity_number` and (where stated)
    `postcode` of the ledger, the awards and the register. `places` is the form of places, filled in, `paid` the names,
    numbers and postcodes that spending files state, `known` what lists of public bodies and employers know. `con` has the
    view `postcodes` and, where `has_register`, the view `organisations` and the tables of `cwb.entities.matching.candidates.load_names`.
    """
    stated = records(identities)
    directory = _directory(con, vendors, contracts, awards, stated)
    aside, renamed = directory.set_aside_ids(stated)
    if paid is not None:
        directory.add(SPENDING, _rows(paid, "supplier_name", "company_number", "postcode"))
    directory.add(LEDGER, [row for row in stated if row["company_number"]])
    directory.note_forms(row["supplier_name"] for row in stated)
    keys = [key_of(row, directory) for row in stated]
    bearers = bearers_of(zip(keys, stated, strict=True))
    decided, nobody_decided = carried(records(decisions), bearers)
    placed_by_hand, nobody_placed = carried(records(places), bearers)
    by_hand = {row["supplier_key"]: row for row in placed_by_hand}
    in_directory = place_postcodes(con, pd.Series([row["postcode"] for row in placed_by_hand], dtype=object))
    found: dict[str, Row] = {}
    for key, row in zip(keys, stated, strict=True):
        if key is not None and key not in found:
            found[key] = {"supplier_key": key, **_with_place(resolve(row, directory), by_hand.get(key))}
        elif key is not None and _shows_an_organisation(found[key]["supplier_name"], row["supplier_name"]):
            found[key]["supplier_name"] = row["supplier_name"]
    unused = {
        DECISION_OF_NOBODY: nobody_decided,
        PLACE_OF_NOBODY: nobody_placed,
        PLACE_OVERRIDDEN: [row for key, row in by_hand.items() if _is_overridden(found[key], row)],
        PLACE_OF_INDIVIDUAL: [row for key, row in by_hand.items() if _may_live_there(found[key])],
        PLACE_NOT_IN_DIRECTORY: [
            row
            for row in placed_by_hand
            if row["postcode"] not in in_directory and not re.match(NO_DISTRICT, row["postcode"] or "JE1")
        ],
    }
    suppliers = pd.DataFrame(list(found.values()), columns=list(_COLUMNS)).astype(object)
    suppliers = suppliers.where(suppliers.notna(), None)
    named = suppliers.assign(
        is_individual=[
            not registered and is_person(name)
            for name, registered in zip(suppliers["supplier_name"], suppliers["is_registered"], strict=True)
        ],
        is_borne_twice=[
            number is None and bool(name) and directory.is_borne_twice(normalise_name(name))
            for name, number in zip(suppliers["supplier_name"], suppliers["company_number"], strict=True)
        ],
    )
    limits = settings.matching
    is_whole = has_register and _companies(con) >= limits.whole_register
    kept = pd.DataFrame(decided, columns=decisions.columns)
    matches, candidates = match_suppliers(con, named, kept, limits, has_register, is_whole)
    suppliers = _with_known_bodies(_with_matches(con, suppliers, matches, has_register), known)
    placed = _place(con, settings, suppliers)
    numbers = stated_numbers([*zip(keys, stated, strict=True), *found.items()])
    return Resolved(
        placed,
        pd.Series(keys, index=identities.index, dtype=object),
        candidates.reindex(columns=list(CANDIDATES)),
        remarks_of(aside, decided, numbers, renamed, unused),
    )


def _shows_an_organisation(name: str | None, other: str | None) -> bool:
    """Whether another spelling shows to be an organisation's what this one leaves open: "Water Plus Ltd", "Water Plus". Of what
    is plainly a person's name ("John Smith Ltd", "John Smith") it shows nothing."""
    return bool(other) and looks_individual(name) and not looks_individual(other) and not is_person(name)


def _is_foreign(country: str | None) -> bool:
    return isinstance(country, str) and (country == _ABROAD or is_abroad(country))


def _may_live_there(supplier: Row) -> bool:
    return not supplier["is_registered"] and is_person(supplier["supplier_name"])


def _is_overridden(supplier: Row, form: Row) -> bool:
    """Whether the vendor list has another place than the form."""
    return supplier["place_source"] == VENDOR and bool(
        form["is_abroad"] or form["postcode"] != supplier["postcode"]
    )


def _with_place(supplier: Row, form: Row | None) -> Row:
    """The supplier with the place that a person gave it, unless the vendor list has a paying address or it may be an individual."""
    if form is None or supplier["place_source"] == VENDOR or _may_live_there(supplier):
        return supplier
    if form["is_abroad"]:
        return supplier | {"postcode": None, "place_source": FORM, "country": _ABROAD}
    return supplier | {"postcode": form["postcode"], "place_source": FORM} if form["postcode"] else supplier


def _directory(
    con: duckdb.DuckDBPyConnection,
    vendors: pd.DataFrame,
    contracts: pd.DataFrame,
    awards: pd.DataFrame,
    stated: list[Row],
) -> Directory:
    common = ("supplier_name", "company_number", "is_sme", "is_vcse")
    contracts = contracts.rename(columns={"supplier_postcode": "postcode"})
    postcodes = [vendors.get("postcode"), contracts.get("postcode"), awards.get("postcode")]
    by_hand_postcodes = pd.Series([row["postcode"] for row in stated if row.get("postcode")], dtype=object)
    directory = Directory(
        place_postcodes(con, pd.concat([p for p in (*postcodes, by_hand_postcodes) if p is not None]))
    )
    directory.add(VENDOR, _rows(vendors, *common, "supplier_id", "postcode", "size", "charity_number", "country"))
    directory.add(REGISTER, _rows(contracts, *common, "postcode"))
    directory.add(AWARD, _rows(awards, *common, "postcode", "country"))
    return directory


def _rows(frame: pd.DataFrame, *columns: str) -> list[Row]:
    return [] if frame.empty else records(frame.reindex(columns=list(columns)))


def _with_matches(
    con: duckdb.DuckDBPyConnection, suppliers: pd.DataFrame, matches: pd.DataFrame, has_register: bool
) -> pd.DataFrame:
    """Suppliers with their match. What a match under review would give is not taken; a number given by a file stays."""
    numbers = ["company_number", "charity_number", "mutual_number"]
    taken = plain(matches)
    taken.loc[taken["match_status"] != MATCHED, numbers] = None
    resolved = suppliers.merge(
        taken.rename(columns={n: f"found_{n}" for n in numbers}), on="supplier_key", how="left"
    )
    resolved = plain(resolved)
    decided_none = resolved["match_evidence"] == MatchEvidence.DECIDED_NONE
    for name in numbers:
        given = resolved[name] if name in resolved else pd.Series(None, index=resolved.index, dtype=object)
        resolved[name] = resolved.pop(f"found_{name}").where(lambda s: s.notna(), given.where(~decided_none, None))
    facts = _organisations(con, resolved["org_id"]) if has_register else {}

    def of(column: str, status: str) -> pd.Series:
        values = [
            facts.get(org, {}).get(column) if found == status else None
            for org, found in zip(resolved["org_id"], resolved["match_status"], strict=True)
        ]
        return pd.Series(values, dtype=object)

    for column in ("grade", "postcode", "sic_codes"):
        resolved[f"candidate_{column}"] = of(column, REVIEW)
    for column in _ORGANISATION:
        resolved[f"registered_{column}" if column in ("postcode", "country") else column] = of(column, MATCHED)
    no_place = (
        resolved["postcode"].isna() & resolved["place_source"].isna() & ~resolved["country"].map(_is_foreign)
    )
    office = no_place & resolved["registered_postcode"].notna()
    resolved.loc[office, "postcode"] = resolved.loc[office, "registered_postcode"]
    # An office abroad has no postcode of ours.
    office |= no_place & resolved["registered_country"].map(_is_foreign)
    resolved.loc[office, "country"] = resolved.pop("registered_country")[office]
    resolved.loc[office, "place_source"] = REGISTERED_OFFICE
    return resolved


def _with_known_bodies(suppliers: pd.DataFrame, known: KnownBodies) -> pd.DataFrame:
    """Suppliers with the place of a public body where nothing nearer the money gives one, and with "large" for those of 250 staff
    whose size no file states."""
    names, numbers = suppliers["supplier_name"], suppliers["company_number"]
    waits = (
        suppliers["postcode"].isna() & suppliers["place_source"].isna() & ~suppliers["country"].map(_is_foreign)
    )
    places = [
        (council_district(n), known.place_of(n)) if n and w else (None, None)
        for n, w in zip(names, waits, strict=True)
    ]
    suppliers["body_lad"] = pd.Series([lad for lad, _ in places], index=suppliers.index, dtype=object)
    found = pd.Series(
        [lad is not None or postcode is not None for lad, postcode in places], index=suppliers.index, dtype=bool
    )
    suppliers.loc[found, "postcode"] = [None if lad else postcode for lad, postcode in places if lad or postcode]
    suppliers.loc[found, "place_source"] = PUBLIC_BODY
    large = pd.Series(
        [known.is_large(n, c) for n, c in zip(names, numbers, strict=True)], index=suppliers.index, dtype=bool
    )
    suppliers.loc[large & suppliers["size"].isna() & (suppliers["is_sme"] != True), "size"] = "large"  # noqa: E712 - NULL too
    suppliers.loc[large & suppliers["is_sme"].isna() & (suppliers["size"] == "large"), "is_sme"] = False
    return suppliers


def _companies(con: duckdb.DuckDBPyConnection) -> int:
    """How many companies the registers at hand list."""
    found = con.execute("SELECT count(*) FROM organisations WHERE company_number IS NOT NULL").fetchall()
    return int(found[0][0])


def _organisations(con: duckdb.DuckDBPyConnection, org_ids: pd.Series) -> dict[str, Row]:
    columns = ("org_id", *_ORGANISATION)
    rows = rows_with(con, ", ".join(columns), "organisations", "org_id", org_ids)
    return {row[0]: dict(zip(columns, row, strict=True)) for row in rows}


def _place(con: duckdb.DuckDBPyConnection, settings: Settings, suppliers: pd.DataFrame) -> pd.DataFrame:
    places = [suppliers[name] for name in ("postcode", "registered_postcode", "candidate_postcode")]
    lads = place_postcodes(con, pd.concat(places))
    suppliers["lad_code"] = [
        lad or (lads.get(p) if isinstance(p, str) else None)
        for lad, p in zip(suppliers.pop("body_lad"), suppliers["postcode"], strict=True)
    ]
    suppliers["ring"] = [ring_of(code, settings) for code in suppliers["lad_code"]]
    # Only a foreign country moves a supplier from "not known" to "elsewhere"; a variant of our own does not.
    abroad = [_is_foreign(country) for country in suppliers["country"]]
    abroad = [
        is_there or (isinstance(postcode, str) and re.match(NO_DISTRICT, postcode) is not None)
        for is_there, postcode in zip(abroad, suppliers["postcode"], strict=True)
    ]
    suppliers.loc[suppliers["lad_code"].isna() & pd.Series(abroad, index=suppliers.index, dtype=bool), "ring"] = (
        ELSEWHERE
    )
    suppliers["registered_ring"] = [
        ring_of(lads.get(p) if isinstance(p, str) else None, settings) for p in suppliers["registered_postcode"]
    ]
    suppliers["candidate_ring"] = [
        ring_of(lads[p], settings) if isinstance(p, str) and p in lads else None
        for p in suppliers.pop("candidate_postcode")
    ]
    suppliers["is_registered"] = suppliers["is_registered"].astype(bool)
    suppliers["match_probability"] = suppliers["match_probability"].astype("float64")
    return suppliers.sort_values("supplier_key", ignore_index=True)

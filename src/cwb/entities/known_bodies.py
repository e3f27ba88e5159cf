"""Where public bodies are and who is a large employer, from lists that know them by name or number.

A council of a district is in that district. Other public bodies are where the buyers of notices and the employers of the
gender pay gap service's list say; a name that stands there for several districts gives none, nor does one that any such body
bears ("College"). Of each employer the newest year counts. A company is large by its number alone, a public body by its very
name: companies share names, public bodies do not.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TypeVar

import duckdb

from cwb.base.councils import called_place, council_of_letters, plain_place
from cwb.base.database import parquet_sql, rows_with
from cwb.base.no_name import unpointed
from cwb.entities.matching.names import normalise_name
from cwb.entities.matching.supplier_kinds import COUNCIL, INDIVIDUAL, NOT_STATED, ORGANISATION, kind_of
from cwb.reference import districts

_BEFORE = ("london", "royal", "metropolitan", "county", "city", "borough", "district", "council", "of")
_AFTER = ("council", "borough", "district", "city", "county", "metropolitan", "royal", "unitary", "corporation")
_T = TypeVar("_T")
# A name of nothing but these is no one body's.
_GENERIC = frozenset((
    "a", "academy", "ambulance", "and", "authority", "board", "body", "borough", "care", "chief", "city", "college", "combined",
    "commissioner", "community", "constable", "constabulary", "council", "county", "crime", "district", "fire", "for", "force",
    "form", "foundation", "further", "governing", "health", "higher", "hospital", "integrated", "joint", "local", "nhs", "of",
    "office", "parish", "police", "public", "rescue", "school", "service", "services", "sixth", "the", "town", "trust", "unitary",
    "university",
))  # fmt: skip
# A school of one name is in many towns.
_NOT_PUBLIC = (ORGANISATION, INDIVIDUAL, NOT_STATED, "school")


def body_key(name: str) -> str:
    """A public body's name to compare: a council's letters spelt out ("Ribble Valley B.C." → "ribble valley borough council")."""
    letters = council_of_letters(name)
    return " ".join(letters) if letters else normalise_name(unpointed(name))


def council_district(name: str) -> str | None:
    """The district of which a name is the council: "Ribble Valley B.C.", "London Borough of Brent"; None for other names."""
    return _by_name().get(_place_words(body_key(name))) if kind_of(name, False) == COUNCIL else None


def _place_words(key: str) -> str:
    words = key.split()
    while len(words) > 1 and words[-1] in _AFTER:
        words = words[:-1]
    while len(words) > 1 and words[0] in _BEFORE:
        words = words[1:]
    return called_place(" ".join(words))


@cache
def _by_name() -> dict[str, str]:
    table = districts()
    return {
        _place_words(plain_place(n)): code for code, n in zip(table["lad_code"], table["lad_name"], strict=True)
    }


@dataclass(frozen=True)
class KnownBodies:
    """`postcodes` by the name of a public body, `large_numbers` of companies and `large_names` of public bodies with 250 staff
    or more, `names` of all public bodies that a list has."""

    postcodes: dict[str, str] = field(default_factory=dict)
    large_numbers: frozenset[str] = frozenset()
    large_names: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()

    def lists(self, name: str) -> bool:
        """Whether a list has a public body of this very name."""
        return is_public(name) and body_key(name) in self.names

    def place_of(self, name: str) -> str | None:
        """The postcode of a public body of this name; None for others."""
        return self.postcodes.get(body_key(name)) if is_public(name) else None

    def is_large(self, name: str | None, number: str | None) -> bool:
        """Whether a supplier is known to have 250 staff or more."""
        return number in self.large_numbers or bool(
            name and is_public(name) and body_key(name) in self.large_names
        )


def is_public(name: str) -> bool:
    return kind_of(name, False) not in _NOT_PUBLIC


def known_bodies(con: duckdb.DuckDBPyConnection, folder: Path) -> KnownBodies:
    """What the stored lists of employers and notices know; `con` has the view `postcodes`. Without them nothing is known."""
    employers = _rows(
        con,
        folder / "employers.parquet",
        "employer_name, current_name, company_number, postcode, is_large, reported_in",
    )
    buyers = _rows(con, folder / "notices.parquet", "buyer_name, buyer_postcode")
    public = [
        (body_key(n), postcode, large, year or "")
        for old, new, number, postcode, large, year in employers
        for n in {old, new}
        if n and not number and _is_one_body(n)
    ]
    placed = list(_newest((key, postcode, year) for key, postcode, _, year in public if postcode))
    placed += [(body_key(n), postcode) for n, postcode in buyers if n and postcode and _is_one_body(n)]
    by_number = ((number, large, year or "") for _, _, number, _, large, year in employers if number)
    by_name = ((key, large, year) for key, _, large, year in public)
    return KnownBodies(
        _agreed(con, placed),
        frozenset(number for number, large in _newest(by_number) if large),
        frozenset(key for key, large in _newest(by_name) if large),
        frozenset(key for key, *_ in public) | {body_key(n) for n, _ in buyers if n and _is_one_body(n)},
    )


def _is_one_body(name: str) -> bool:
    return is_public(name) and not _GENERIC.issuperset(body_key(name).split())


def _newest(rows: Iterable[tuple[str, _T, str]]) -> list[tuple[str, _T]]:
    """What the newest year that states anything of an employer states, of rows of employer, value and year."""
    stated = [row for row in rows if row[1] is not None]
    newest: dict[str, str] = {}
    for key, _, year in stated:
        newest[key] = max(year, newest.get(key, ""))
    return [(key, value) for key, value, year in stated if year == newest[key]]


def _rows(con: duckdb.DuckDBPyConnection, path: Path, columns: str) -> list[tuple[str | None, ...]]:
    if not path.is_file():
        return []
    found = con.execute(f"SELECT DISTINCT {columns} FROM {parquet_sql(path)} ORDER BY ALL")
    return [tuple(row) for row in found.fetchall()]


def _agreed(con: duckdb.DuckDBPyConnection, placed: Iterable[tuple[str, str]]) -> dict[str, str]:
    """One postcode of each name whose postcodes all lie in one district."""
    by_key: dict[str, set[str]] = defaultdict(set)
    for key, postcode in placed:
        by_key[key].add(postcode)
    wanted = {postcode for found in by_key.values() for postcode in found}
    lads = dict(rows_with(con, "postcode, lad_code", "postcodes", "postcode", wanted))
    return {
        key: min(known)
        for key, found in by_key.items()
        if (known := {p for p in found if p in lads}) and len({lads[p] for p in known}) == 1
    }

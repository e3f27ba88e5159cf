"""postcode → district → ring: how near a supplier is, as the council's settings define it."""

from __future__ import annotations

import functools

import duckdb
import pandas as pd

from cwb.base.database import rows_with
from cwb.council.config import Settings
from cwb.reference import districts, table

HOME, LOCAL, REGION, ELSEWHERE, UNKNOWN = "home", "local", "region", "elsewhere", "unknown"
RINGS = (HOME, LOCAL, REGION, ELSEWHERE, UNKNOWN)
# Rings that count as local: the home district is part of the local area.
LOCAL_RINGS = (HOME, LOCAL)
# The Channel Islands, the Isle of Man and addresses of the forces have postcodes and no district.
NO_DISTRICT = r"(?:GY|JE|IM|BF)\d|BFPO"
_HERE = "GB"


def ring_labels(settings: Settings) -> dict[str, str]:
    """Ring → the words members read."""
    return {
        HOME: f"Within {settings.home_name}",
        LOCAL: "Rest of the local area",
        REGION: f"Rest of {settings.region_name}",
        ELSEWHERE: "Elsewhere",
        UNKNOWN: "Not known",
    }


def ring_of(lad_code: str | None, settings: Settings) -> str:
    """The ring of a district; a place outside the UK is `ELSEWHERE` and is coded "abroad"."""
    if not isinstance(lad_code, str) or not lad_code:
        return UNKNOWN
    if lad_code == settings.council.home_district:
        return HOME
    if lad_code in settings.local.districts:
        return LOCAL
    return REGION if lad_code in _region(settings.region_code) else ELSEWHERE


@functools.cache
def _region(region_code: str) -> frozenset[str]:
    table = districts()
    return frozenset(table.loc[table["region_code"] == region_code, "lad_code"])


def district_names() -> dict[str, str]:
    """District code → name, for every UK district in force."""
    table = districts()
    return dict(zip(table["lad_code"], table["lad_name"], strict=True))


def place_postcodes(con: duckdb.DuckDBPyConnection, postcodes: pd.Series) -> dict[str, str]:
    """District of each postcode that is in the view `postcodes` of `con`; others are left out."""
    return dict(rows_with(con, "postcode, lad_code", "postcodes", "postcode", postcodes))


@functools.cache
def _countries() -> dict[str, str]:
    rows = table("countries")
    names = dict(zip(rows["country"].str.casefold(), rows["code"], strict=True))
    return names | {code.casefold(): code for code in rows["code"]}


def is_abroad(country: str | None) -> bool:
    """Whether a text is the name or the two letters of another country. Of a text that is neither nothing is known."""
    return _country_of(country) not in (None, _HERE)


def is_here(country: str | None) -> bool:
    """Whether a text is the name or the letters of the United Kingdom or of one of its countries."""
    return _country_of(country) == _HERE


def _country_of(country: str | None) -> str | None:
    return _countries().get((country or "").strip().casefold().removeprefix("the "))

"""The council's own corrections to the crosswalk from what is bought to industries.

One row per CPV prefix (of several that fit a code the longest wins, and one given here over the reference table's), or per category of
the council's own.
"""

from __future__ import annotations

import re
from dataclasses import replace

import pandas as pd

from cwb.sources.constraints import matches
from cwb.sources.fields import TEXT, Field, Kind, Rule, choice, coded, given_twice
from cwb.sources.tables import TableSource


def _prefix(text: str | None) -> str | None:
    match = re.match(r"\d{2,8}", text or "")
    return match[0] if match else None


def _codes(text: str | None) -> str | None:
    return " ".join(re.findall(r"\b\d{2,5}\b", text or "")) or None


_LISTED = choice("high", "medium", "low")
_CONFIDENCE: Kind = replace(_LISTED, parse=lambda text: _LISTED.parse(text) or "medium", is_always_given=True)


def _no_prefix(texts: pd.DataFrame, values: pd.DataFrame) -> pd.Series:
    return values["cpv_prefix"].isna() & (values["category"].isna() | texts["cpv_prefix"].notna())


SOURCE = TableSource(
    name="crosswalk",
    row="one correction of the council's to the bridge from what is bought to industries",
    absent="no correction of the bridge to industries was supplied",
    fields={
        "cpv_prefix": Field(("cpv prefix", "cpv"), coded(_prefix), "first digits of a CPV code"),
        "category": Field(("category",), TEXT, "category of the council's own"),
        "sic_codes": Field(
            ("sic codes", "sic divisions", "sic prefixes"), coded(_codes), "industries that supply it"
        ).needed("no SIC code", "Give codes such as 43 or 812."),
        "confidence": Field(("confidence",), _CONFIDENCE, "how sure it is"),
        "note": Field(("note",), stored=None),
    },
    required=(("cpv_prefix", "category"),),
    marks=frozenset({"sic_codes"}),
    key=("cpv_prefix", "category"),
    rules=(
        Rule(
            _no_prefix,
            "not the beginning of a CPV code",
            "Give 2 to 8 digits, or the name of a category.",
            "cpv_prefix",
        ),
        given_twice(("cpv_prefix", "category"), "given twice", "Keep one row for each."),
    ),
    checks=(matches("cpv_prefix", "[0-9]{2,8}"),),
)

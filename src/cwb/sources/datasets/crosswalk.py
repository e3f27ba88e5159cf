"""The council's own corrections to the crosswalk from what is bought to industries.

One row per CPV prefix, or per category of the council's own. Columns: `cpv_prefix` (2 to 8 digits; the longest that fits
a code wins, and one given here wins over the reference table's), `category`, `sic_codes` (SIC codes or beginnings of
them, blank-separated), `confidence` ("high", "medium", "low"), `note`, and the source columns. Refused: neither CPV
prefix nor category, no SIC code, a key given twice.
"""

from __future__ import annotations

import re

import pandas as pd

from cwb.sources.constraints import given, matches, one_of
from cwb.sources.fields import TEXT, Field, Rule, coded, given_twice, missing
from cwb.sources.tables import TableSource


def _prefix(text: str | None) -> str | None:
    match = re.match(r"\d{2,8}", text or "")
    return match[0] if match else None


def _codes(text: str | None) -> str | None:
    return " ".join(re.findall(r"\b\d{2,5}\b", text or "")) or None


def _confidence(text: str | None) -> str:
    return word if (word := (text or "").lower()) in ("high", "low") else "medium"


def _no_prefix(texts: pd.DataFrame, values: pd.DataFrame) -> pd.Series:
    return values["cpv_prefix"].isna() & (values["category"].isna() | texts["cpv_prefix"].notna())


SOURCE = TableSource(
    name="crosswalk",
    absent="no correction of the bridge to industries was supplied",
    fields={
        "cpv_prefix": Field(("cpv prefix", "cpv"), coded(_prefix)),
        "category": Field(("category",), TEXT),
        "sic_codes": Field(("sic codes", "sic divisions", "sic prefixes"), coded(_codes)),
        "confidence": Field(("confidence",), coded(_confidence)),
        "note": Field(("note",)),
    },
    required=(("cpv_prefix", "category"), "sic_codes"),
    marks=frozenset({"sic_codes"}),
    key=("cpv_prefix", "category"),
    rules=(
        Rule(
            _no_prefix,
            "not the beginning of a CPV code",
            "Give 2 to 8 digits, or the name of a category.",
            "cpv_prefix",
        ),
        missing("sic_codes", "no SIC code", "Give codes such as 43 or 812.", "sic_codes"),
        given_twice(("cpv_prefix", "category"), "given twice", "Keep one row for each."),
    ),
    checks=(
        *given("sic_codes", "confidence"),
        matches("cpv_prefix", "[0-9]{2,8}"),
        one_of("confidence", "high", "medium", "low"),
    ),
)

"""The council's own corrections to the bridge from what is bought to industries.

One row per CPV prefix, or per category of the council's own. Columns: `cpv_prefix` (2 to 8 digits; the longest that fits
a code wins, and one given here wins over the reference table's), `category`, `sic_codes` (SIC codes or beginnings of
them, blank-separated), `confidence` ("high", "medium", "low"), `note`, and the source columns.
"""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pandas as pd

from cwb.base.values import clean_text
from cwb.sources import schemas
from cwb.sources.frames import Sieve, parse, text_frame
from cwb.sources.register_layouts import CROSSWALK
from cwb.sources.report import FileReport


def _prefix(text: str | None) -> str | None:
    match = re.match(r"\d{2,8}", text or "")
    return match[0] if match else None


def _codes(text: str | None) -> str | None:
    found = re.findall(r"\b\d{2,5}\b", text or "")
    return " ".join(found) or None


def _confidence(text: str | None) -> str:
    return word if (word := (text or "").lower()) in ("high", "low") else "medium"


def read_crosswalk(
    con: duckdb.DuckDBPyConnection, path: Path, scratch: Path, label: str | None = None
) -> tuple[pd.DataFrame, FileReport]:
    """Read one file of corrections. Refused: neither CPV prefix nor category, no SIC code, a key given twice."""
    frame, report = text_frame(con, path, CROSSWALK, scratch, label)
    stated = frame[["cpv_prefix", "sic_codes"]].add_suffix("_stated")
    frame["cpv_prefix"] = parse(frame, "cpv_prefix", _prefix)
    frame["sic_codes"] = parse(frame, "sic_codes", _codes)
    frame["category"] = parse(frame, "category", clean_text)
    sieve = Sieve(frame.join(stated), report)
    sieve.refuse(
        frame["cpv_prefix"].isna() & (frame["category"].isna() | stated["cpv_prefix_stated"].notna()),
        "not the beginning of a CPV code",
        "Give 2 to 8 digits, or the name of a category.",
        "cpv_prefix_stated",
    )
    sieve.refuse(frame["sic_codes"].isna(), "no SIC code", "Give codes such as 43 or 812.", "sic_codes_stated")
    sieve.refuse(
        frame.duplicated(["cpv_prefix", "category"]), "given twice", "Keep one row for each.", "cpv_prefix_stated"
    )
    kept = sieve.kept().drop(columns=list(stated))
    kept["confidence"] = parse(kept, "confidence", _confidence)
    return schemas.validate(kept, schemas.CROSSWALK), report

"""Companies House "Free company data product": the registered office of companies that the council pays.

One row per company. Columns: `company_number`, `company_name`, `postcode` (registered office, often an
accountant's), `category`, `status`, `incorporation_date`, `sic_code`. Live companies only, as published.
"""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pandas as pd

from cwb.sources import schemas
from cwb.sources.frames import Sieve, parse, text_frame
from cwb.sources.layouts import COMPANIES
from cwb.sources.report import FileReport
from cwb.values import clean_text, company_number, parse_date, parse_postcode


def _sic_code(text: str | None) -> str | None:
    match = re.match(r"(\d{4,5})\s*-", text or "")
    return match[1].zfill(5) if match and int(match[1]) else None


def read_companies(
    con: duckdb.DuckDBPyConnection, path: Path, scratch: Path, label: str | None = None
) -> tuple[pd.DataFrame, FileReport]:
    """Read an extract of the product (CSV, 55 columns, header names with leading blanks)."""
    frame, report = text_frame(con, path, COMPANIES, scratch, label)
    frame["company_number"] = parse(frame, "company_number", company_number)
    sieve = Sieve(frame, report)
    sieve.refuse(frame["company_number"].isna(), "no company number", "Fetch the file again.", "company_name")
    sieve.refuse(frame["company_name"].isna(), "no company name", "Fetch the file again.", "company_number")
    sieve.refuse(
        frame.duplicated("company_number"), "company given twice", "Fetch the file again.", "company_number"
    )
    kept = sieve.kept()
    kept["company_name"] = parse(kept, "company_name", clean_text)
    kept["postcode"] = parse(kept, "postcode", parse_postcode)
    kept["incorporation_date"] = parse(kept, "incorporation_date", parse_date)
    kept["sic_code"] = parse(kept, "sic_text", _sic_code)
    return schemas.validate(kept.drop(columns=["sic_text"]), schemas.COMPANIES), report

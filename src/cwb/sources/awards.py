"""Contract awards from Contracts Finder, in the flat CSV of the OCDS extracts.

One row per award and supplier. Columns: `award_key`, `ocid`, `notice_type`, `notice_source`, `notice_id`,
`buyer_name`, `buyer_id`, `title`, `award_date`, `start_date`, `end_date`, `value_gbp` (the whole award's value,
repeated on each of its suppliers), `value_basis` ("excluding VAT", "including VAT" or "not stated"),
`supplier_name`, `supplier_count`, `company_number`, `postcode`, `country`, `is_sme`, `is_vcse`, `cpv_code`,
`procedure`, and the source columns. A zero value is not stated, never nothing.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import duckdb
import pandas as pd

from cwb.base.values import clean_text, company_number, find_postcode, parse_flag, parse_money
from cwb.sources import schemas
from cwb.sources.day_order import date_parsers
from cwb.sources.frames import Sieve, decimals_to_float, parse, text_frame
from cwb.sources.layouts import AWARDS
from cwb.sources.report import FileReport

COLUMNS = (
    "award_key", "ocid", "notice_type", "notice_source", "notice_id", "buyer_name", "buyer_id", "title",
    "award_date", "start_date", "end_date", "value_gbp", "value_basis", "supplier_name", "supplier_count",
    "company_number", "postcode", "country", "is_sme", "is_vcse", "cpv_code", "procedure",
    "source_file", "source_sheet", "source_row",
)  # fmt: skip
# An award cannot be made long after its notice was published; dates as far off as 2044 have been published.
LATEST_AFTER_PUBLICATION = timedelta(days=366)
NOT_AWARDED = "NOT AWARDED TO SUPPLIER"


def is_implausible(award_date: date | None, published: date | None) -> bool:
    """True for an award dated over a year after its own notice, or before 2000."""
    if award_date is None:
        return False
    too_late = published is not None and award_date > published + LATEST_AFTER_PUBLICATION
    return too_late or award_date.year < 2000


def read_awards(
    con: duckdb.DuckDBPyConnection, path: Path, scratch: Path, label: str | None = None
) -> tuple[pd.DataFrame, FileReport]:
    """Read one Contracts Finder extract. Duplicated rows (same award, same supplier) are counted once."""
    frame, report = text_frame(con, path, AWARDS, scratch, label)
    frame["supplier_name"] = parse(frame, "supplier_name", clean_text)
    frame["buyer_name"] = parse(frame, "buyer_name", clean_text)
    day = date_parsers(frame, report, "award_date", "published_date", "start_date", "end_date")
    dates, published = (parse(frame, name, day[name]) for name in ("award_date", "published_date"))
    frame["value_pounds"] = parse(frame, "value", lambda text: parse_money(text) or None)
    negative = pd.Series([v is not None and v < 0 for v in frame["value_pounds"]], index=frame.index, dtype=bool)
    sieve = Sieve(frame, report, money="value_pounds")
    sieve.refuse(frame["award_id"].isna(), "no award id", "Fetch the file again.", "supplier_name")
    sieve.refuse(frame["buyer_name"].isna(), "no buyer", "Fetch the file again.", "award_id")
    sieve.refuse(
        frame["supplier_name"].isna()
        | frame["supplier_name"].map(lambda name: (name or "").upper() == NOT_AWARDED),
        "no supplier was awarded",
        "Nothing to do: the notice closes a procurement without an award.",
        "supplier_name",
    )
    sieve.refuse(dates.isna(), "award date cannot be read", "Correct the date, or leave it refused.", "award_date")
    implausible = pd.Series(
        [is_implausible(d, p) for d, p in zip(dates, published, strict=True)], index=frame.index, dtype=bool
    )
    sieve.refuse(
        implausible,
        "award dated over a year after its notice, or before 2000",
        "Correct the date in the notice, or leave it refused.",
        "award_date",
    )
    sieve.refuse(negative, "value is negative", "Correct the value in the notice.", "value")
    sieve.repeated(frame.duplicated(["award_id", "supplier_name"]) & frame["award_id"].notna())
    frame["award_date"] = dates
    kept = sieve.kept()
    kept["award_key"] = kept["award_id"]
    kept["supplier_count"] = (
        kept.groupby("award_id")["supplier_name"].transform("size").astype("int64")
        if len(kept)
        else pd.Series(dtype="int64")
    )
    kept["value_gbp"] = decimals_to_float(kept["value_pounds"])
    kept["value_basis"] = "not stated"
    kept["notice_source"], kept["notice_type"] = "Contracts Finder", "award"
    kept["notice_id"] = kept["award_id"]
    kept["start_date"], kept["end_date"] = (parse(kept, name, day[name]) for name in ("start_date", "end_date"))
    kept["company_number"] = [
        company_number(number) if scheme == "GB-COH" else None
        for scheme, number in zip(kept["identifier_scheme"], kept["identifier_id"], strict=True)
    ]
    kept["postcode"] = [
        find_postcode(code) or find_postcode(street)
        for code, street in zip(kept["postcode"], kept["street"], strict=True)
    ]
    for column in ("is_sme", "is_vcse"):
        kept[column] = parse(kept, column, parse_flag)
    return schemas.validate(kept.reindex(columns=list(COLUMNS)), schemas.AWARDS), report

"""The contracts register, in the LGA/ESD schema, the Code's template, or a council's own layout.

One row per line of the register. Columns: `contract_reference`, `title`, `description`, `department`,
`buyer_name`, `supplier_name`, `supplier_postcode`, `company_number`, `charity_number`, `start_date`, `end_date`,
`extension_date`, `value_gbp` (whole term, as published), `annual_value_gbp`, `is_sme`, `is_vcse`, `process`,
`cpv_code`, `proclass_code`, `category`, and the source columns. Contact points are dropped on load.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import duckdb
import pandas as pd

from cwb.base.values import (
    clean_text,
    company_number,
    cpv_code,
    parse_flag,
    parse_money,
    parse_postcode,
)
from cwb.sources import schemas
from cwb.sources.day_order import date_parsers
from cwb.sources.frames import Sieve, decimals_to_float, parse, text_frame
from cwb.sources.layouts import CONTRACTS
from cwb.sources.report import FileReport


def _value(text: str | None) -> Decimal | None:
    """A contract's value. A dash or a zero means "no value stated" in a register, not a free contract."""
    amount = parse_money(text)
    return amount if amount else None


def read_contracts(
    con: duckdb.DuckDBPyConnection, path: Path, scratch: Path, label: str | None = None
) -> tuple[pd.DataFrame, FileReport]:
    """Read one register. Refused: no title, no supplier, or a start date that is not a date ("TBC").

    An end date that is not a date is noted and left empty: the contract still started in its period.
    """
    frame, report = text_frame(con, path, CONTRACTS, scratch, label)
    day = date_parsers(frame, report, "start_date", "end_date", "extension_date")
    starts, ends = (parse(frame, name, day[name]) for name in ("start_date", "end_date"))
    frame["value_pounds"] = parse(frame, "value", _value)
    negative = pd.Series([v is not None and v < 0 for v in frame["value_pounds"]], index=frame.index, dtype=bool)
    sieve = Sieve(frame, report, money="value_pounds")
    sieve.refuse(frame["title"].isna(), "no title", "Add the title of the agreement.")
    sieve.refuse(frame["supplier_name"].isna(), "no supplier", "Add the supplier's name.", "title")
    sieve.refuse(frame["start_date"].isna(), "no start date", "Add the contract's start date.", "start_date")
    sieve.refuse(starts.isna(), "start date cannot be read", "Write the date as dd/mm/yyyy.", "start_date")
    sieve.refuse(negative, "value is negative", "Give the contract's value; changes are not contracts.", "value")
    unread_ends = ends.isna() & frame["end_date"].notna() & starts.notna()
    frame["start_date"], frame["end_date"] = starts, ends
    kept = sieve.kept()
    for index in frame.index[unread_ends]:
        report.notes.append(f"row {frame.loc[index, 'source_row']}: the end date cannot be read and is left empty")
    kept["extension_date"] = parse(kept, "extension_date", day["extension_date"])
    kept["value_gbp"] = decimals_to_float(kept.pop("value_pounds"))
    kept["annual_value_gbp"] = decimals_to_float(parse(kept, "annual_value", _value))
    kept["company_number"] = parse(kept, "company_number", company_number)
    kept["supplier_postcode"] = parse(kept, "supplier_postcode", parse_postcode)
    kept["cpv_code"] = parse(kept, "cpv_code", cpv_code)
    for column in ("title", "supplier_name", "buyer_name", "category"):
        kept[column] = parse(kept, column, clean_text)
    for column in ("is_sme", "is_vcse"):
        kept[column] = parse(kept, column, parse_flag)
    kept = kept.drop(columns=["value", "annual_value", "irrecoverable_vat"])
    return schemas.validate(kept, schemas.CONTRACTS), report

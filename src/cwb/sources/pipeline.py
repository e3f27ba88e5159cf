"""The council's own procurement pipeline: what it means to buy, when, and for how much.

One row per planned purchase. Columns: `pipeline_reference`, `title`, `description`, `department`, `kind` ("goods",
"services", "works"), `cpv_code`, `category`, `value_gbp` (whole term), `value_basis` ("including VAT", "excluding
VAT", "not stated"), `tender_date` (a month or quarter stands for its first day), `start_date`, `end_date`,
`is_light_touch`, `is_committed` (bought already through a framework or contract in force), `contract_reference` (of the
contract it replaces), and the source columns. Named contacts are dropped on load.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pandas as pd

from cwb.base.values import clean_text, cpv_code, parse_date, parse_flag, parse_money
from cwb.council.periods import Period
from cwb.sources import schemas
from cwb.sources.day_order import date_parsers
from cwb.sources.frames import Sieve, decimals_to_float, parse, text_frame
from cwb.sources.register_layouts import PIPELINE
from cwb.sources.report import FileReport

_KINDS = {"goods": "goods", "supplies": "goods", "services": "services", "works": "works"}
_QUARTER = re.compile(r"Q([1-4])\D{0,3}(20\d\d)\s*[/-]\s*(?:20)?\d\d|(20\d\d)\s*[/-]\s*(?:20)?\d\d\D{0,3}Q([1-4])")


def planned_day(text: str | None, month_first: bool = False) -> date | None:
    """The day, or the first day of the month ("September 2026") or financial quarter ("Q3 2026/27") that is meant."""
    found = parse_date(text, month_first) or parse_date(f"1 {(text or '').strip()}")
    if found:
        return found
    quarter = _QUARTER.search((text or "").upper())
    if not quarter:
        return None
    year, number = (quarter[2], quarter[1]) if quarter[1] else (quarter[3], quarter[4])
    return Period(int(year), int(number)).start


def _kind(text: str | None) -> str | None:
    return next((kind for word, kind in _KINDS.items() if word in (text or "").lower()), None)


def _basis(text: str | None) -> str:
    said = (text or "").lower()
    return "including VAT" if "inc" in said else "excluding VAT" if "ex" in said else "not stated"


def _value(text: str | None) -> Decimal | None:
    """A planned value; a dash or a nought means that none is stated."""
    return parse_money(text) or None


def read_pipeline(
    con: duckdb.DuckDBPyConnection, path: Path, scratch: Path, label: str | None = None
) -> tuple[pd.DataFrame, FileReport]:
    """Read one pipeline. Refused: no title, no expected date, a date that cannot be read, a value below nought."""
    frame, report = text_frame(con, path, PIPELINE, scratch, label)
    day = date_parsers(frame, report, "tender_date", "start_date", "end_date", parser=planned_day)
    days = parse(frame, "tender_date", day["tender_date"])
    frame["value_pounds"] = parse(frame, "value", _value)
    negative = pd.Series([v is not None and v < 0 for v in frame["value_pounds"]], index=frame.index, dtype=bool)
    unread = frame["value"].notna() & frame["value_pounds"].isna()
    sieve = Sieve(frame, report, money="value_pounds")
    sieve.refuse(frame["title"].isna(), "no title", "Say what is to be bought.")
    sieve.refuse(
        frame["tender_date"].isna(), "no expected date", "Give the expected date, month or quarter.", "title"
    )
    sieve.refuse(
        days.isna(),
        "expected date cannot be read",
        "Write 01/09/2026, September 2026 or Q3 2026/27.",
        "tender_date",
    )
    sieve.refuse(negative, "value is below nought", "Give the estimated value.", "value")
    frame["tender_date"] = days
    kept = sieve.kept()
    for index in frame.index[unread & days.notna()]:
        text = frame.loc[index, "value"]
        if parse_money(text) is None:
            report.notes.append(
                f"row {frame.loc[index, 'source_row']}: the value {text!r} cannot be read; not known"
            )
    kept["value_gbp"] = decimals_to_float(kept.pop("value_pounds"))
    kept["value_basis"] = parse(kept, "value_basis", _basis)
    kept["kind"] = parse(kept, "kind", _kind)
    kept["cpv_code"] = parse(kept, "cpv_code", cpv_code)
    for column in ("title", "description", "department", "category", "pipeline_reference"):
        kept[column] = parse(kept, column, clean_text)
    for column in ("start_date", "end_date"):
        kept[column] = parse(kept, column, day[column])
    for column in ("is_light_touch", "is_committed"):
        kept[column] = parse(kept, column, parse_flag)
    return schemas.validate(kept.drop(columns=["value", "contact"]), schemas.PIPELINE), report

"""What was tried to keep money local, year by year: the evidence journey of the council and its partners.

One row per initiative. Columns: `period` (financial year), `title`, `bodies`, `status`, `outcome`, and the source columns.
"""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pandas as pd

from cwb.base.values import clean_text
from cwb.council.periods import Period
from cwb.sources import schemas
from cwb.sources.frames import Sieve, parse, text_frame
from cwb.sources.report import FileReport
from cwb.sources.strategy_layouts import INITIATIVES

_YEAR = re.compile(r"(20\d\d)(?:\s*[-/]\s*(?:20)?(\d\d))?")


def financial_year(text: str | None) -> str | None:
    """ "2024/25", "2024-25" or "2024" (the year in which it begins) as "2024-25"; None for anything else."""
    found = _YEAR.fullmatch((text or "").strip())
    if not found:
        return None
    start = int(found[1])
    if found[2] and int(found[2]) != (start + 1) % 100:
        return None
    return str(Period(start))


def read_initiatives(
    con: duckdb.DuckDBPyConnection, path: Path, scratch: Path, label: str | None = None
) -> tuple[pd.DataFrame, FileReport]:
    """Read one list of initiatives. Refused: no title, a year that cannot be read."""
    frame, report = text_frame(con, path, INITIATIVES, scratch, label)
    frame["period"] = parse(frame, "year", financial_year)
    sieve = Sieve(frame, report)
    sieve.refuse(frame["title"].isna(), "no title", "Say what was tried.", "year")
    sieve.refuse(frame["period"].isna(), "not a financial year", "Write it as 2024-25.", "year")
    kept = sieve.kept().drop(columns="year")
    for column in ("title", "bodies", "status", "outcome"):
        kept[column] = parse(kept, column, clean_text)
    return schemas.validate(kept, schemas.INITIATIVES), report

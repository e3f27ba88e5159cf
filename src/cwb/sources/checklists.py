"""The sustainability checklist of each procurement: whether it was completed, and which commitments it touched.

One row per procurement. Columns: `reference`, `title`, `started`, `is_completed` (None where it is not stated),
`commitments` (separated by semicolons), and the source columns.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import pandas as pd

from cwb.base.values import clean_text, parse_flag
from cwb.sources import schemas
from cwb.sources.day_order import date_parsers
from cwb.sources.frames import Sieve, parse, text_frame
from cwb.sources.report import FileReport
from cwb.sources.strategy_layouts import CHECKLISTS


def read_checklists(
    con: duckdb.DuckDBPyConnection, path: Path, scratch: Path, label: str | None = None
) -> tuple[pd.DataFrame, FileReport]:
    """Read one file of checklists. Refused: no reference, a reference given twice."""
    frame, report = text_frame(con, path, CHECKLISTS, scratch, label)
    sieve = Sieve(frame, report)
    sieve.refuse(frame["reference"].isna(), "no procurement reference", "Give the reference.", "title")
    again = frame["reference"].notna() & frame.duplicated("reference")
    sieve.refuse(again, "reference given twice", "Keep one row for each procurement.", "reference")
    kept = sieve.kept()
    kept["started"] = parse(kept, "started", date_parsers(frame, report, "started")["started"])
    kept["is_completed"] = parse(kept, "is_completed", parse_flag)
    for column in ("title", "commitments"):
        kept[column] = parse(kept, column, clean_text)
    return schemas.validate(kept, schemas.CHECKLISTS), report

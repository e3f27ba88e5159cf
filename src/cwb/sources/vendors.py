"""The council's own vendor list: who a supplier id is, and where.

One row per supplier id. Columns: `supplier_id`, `supplier_name`, `postcode` (paying address), `company_number`,
`charity_number`, `is_sme`, `is_vcse` (True, False or None for not stated), `size`, and the source columns.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import pandas as pd

from cwb.base.values import clean_text, company_number, parse_flag, parse_postcode
from cwb.sources import schemas
from cwb.sources.frames import Sieve, parse, text_frame
from cwb.sources.layouts import VENDORS
from cwb.sources.report import FileReport

SIZES = {"micro": "micro", "small": "small", "medium": "medium", "large": "large"}


def read_vendors(
    con: duckdb.DuckDBPyConnection, path: Path, scratch: Path, label: str | None = None
) -> tuple[pd.DataFrame, FileReport]:
    """Read one vendor list. Refused: rows without id or name, and later rows with an id already given.

    A postcode or company number that cannot be read does not refuse the row: it is noted, and the place or
    the company stays not known.
    """
    frame, report = text_frame(con, path, VENDORS, scratch, label)
    sieve = Sieve(frame, report)
    sieve.refuse(
        frame["supplier_id"].isna(),
        "no supplier id",
        "Add the id that the ledger uses for this supplier.",
        "supplier_name",
    )
    sieve.refuse(frame["supplier_name"].isna(), "no supplier name", "Add the supplier's name.", "supplier_id")
    sieve.refuse(
        frame["supplier_id"].notna() & frame.duplicated("supplier_id"),
        "supplier id given twice",
        "Keep one row per supplier id.",
        "supplier_id",
    )
    kept = sieve.kept()
    for column, parser in (("postcode", parse_postcode), ("company_number", company_number)):
        parsed = parse(kept, column, parser)
        unread = kept.loc[parsed.isna() & kept[column].notna(), ["source_row", column]]
        if len(unread):
            first = unread.iloc[0]
            report.notes.append(
                f"{len(unread)} values of {column} cannot be read and are taken as not known "
                f"(first: row {first['source_row']}, {first[column]!r})"
            )
        kept[column] = parsed
    kept["supplier_name"] = parse(kept, "supplier_name", clean_text)
    for column in ("is_sme", "is_vcse"):
        kept[column] = parse(kept, column, parse_flag)
    kept["size"] = kept["size"].map(lambda text: SIZES.get((text or "").split(" ")[0].lower()), na_action=None)
    return schemas.validate(kept, schemas.VENDORS), report

"""The analysts' decisions about which organisation a supplier is: they survive every run, and they win.

One row per supplier. Columns: `supplier_key` (as the review queue gives it), `supplier_name`, `decision` ("match" or
"no match"), `company_number`, `charity_number`, `mutual_number` (of the organisation that it is), `decided_by` (a
role), `decided_on`, `note`, and the source columns. Rows of the queue without a decision are passed over.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import pandas as pd

from cwb.base.values import clean_text, company_number, mutual_number
from cwb.sources import schemas
from cwb.sources.day_order import date_parsers
from cwb.sources.frames import Sieve, parse, text_frame
from cwb.sources.register_layouts import REVIEW
from cwb.sources.report import FileReport

DECISIONS = {
    "match": "match", "matched": "match", "yes": "match", "y": "match", "no match": "no match", "none": "no match",
    "no": "no match", "n": "no match",
}  # fmt: skip
_NUMBERS = ("company_number", "charity_number", "mutual_number")


def _charity(text: str | None) -> str | None:
    digits = "".join(c for c in text or "" if c.isdigit())
    return digits if 5 <= len(digits) <= 7 else None


def read_review(
    con: duckdb.DuckDBPyConnection, path: Path, scratch: Path, label: str | None = None
) -> tuple[pd.DataFrame, FileReport]:
    """Read one file of decisions. Refused: an unknown word, a match without a number, a supplier decided twice."""
    frame, report = text_frame(con, path, REVIEW, scratch, label)
    # A spreadsheet keeps the apostrophe that stands before a text which might be a formula.
    frame["supplier_key"] = parse(frame, "supplier_key", lambda text: (text or "").lstrip("'") or None)
    undecided = frame["decision"].isna()
    if len(frame) and undecided.any():
        report.notes.append(f"{int(undecided.sum())} rows of the queue have no decision yet")
    frame = frame[~undecided].reset_index(drop=True)
    stated = frame["decision"].copy()
    frame["decision"] = parse(frame, "decision", lambda text: DECISIONS.get((text or "").strip().lower()))
    parsers = {"company_number": company_number, "charity_number": _charity, "mutual_number": mutual_number}
    for name, parser in parsers.items():
        bare = parse(frame, name, lambda text: (text or "").lstrip("'"))
        frame[name] = parse(frame.assign(**{name: bare}), name, parser)
    sieve = Sieve(frame.assign(stated=stated), report)
    sieve.refuse(
        frame["supplier_key"].isna(), "no supplier key", "Keep the key that the queue gives.", "supplier_name"
    )
    sieve.refuse(
        frame["decision"].isna(),
        "the decision is neither match nor no match",
        "Write match or no match.",
        "stated",
    )
    without = (frame["decision"] == "match") & frame[list(_NUMBERS)].isna().all(axis=1)
    sieve.refuse(
        without, "a match without a number", "Give the company, charity or mutual number.", "supplier_key"
    )
    sieve.refuse(
        frame["supplier_key"].notna() & frame.duplicated("supplier_key", keep="last"),
        "decided again in a later row",
        "Nothing to do: the later decision stands.",
        "supplier_key",
    )
    kept = sieve.kept().drop(columns=["stated"])
    kept["decided_on"] = parse(kept, "decided_on", date_parsers(frame, report, "decided_on")["decided_on"])
    for name in ("supplier_name", "note", "decided_by"):
        kept[name] = parse(kept, name, clean_text)
    return schemas.validate(kept, schemas.REVIEW), report

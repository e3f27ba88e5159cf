"""The approved list of capital and one-off projects that leads from Chart A to Chart B.

One row per project and rule that finds its spend lines. Columns: `project`, `kind` ("capital" or "one-off"),
`reason`, `approving_role`, `approved_date`, `period` (financial year), `match_on` ("contract_reference",
"transaction_number" or "supplier_id"), `match_value`, `expected_gbp` (what the approver expected the rule to
find: a difference is shown in the pack, so that a changed ledger cannot pass unseen).
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import pandas as pd

from cwb.base.errors import ConfigError
from cwb.base.values import clean_text, parse_money
from cwb.council.periods import Period
from cwb.sources import schemas
from cwb.sources.day_order import date_parsers
from cwb.sources.frames import Sieve, decimals_to_float, parse, text_frame
from cwb.sources.layouts import ONE_OFFS
from cwb.sources.report import FileReport

KINDS = {"capital": "capital", "capital project": "capital", "one-off": "one-off", "one off": "one-off"}
MATCHES = {
    "contract reference": "contract_reference",
    "transaction number": "transaction_number",
    "supplier id": "supplier_id",
}


def _year(text: str | None) -> str | None:
    try:
        period = Period.parse((text or "").replace("/", "-"))
    except ConfigError:
        return None
    return None if period.quarter else str(period)


def read_one_offs(
    con: duckdb.DuckDBPyConnection, path: Path, scratch: Path, label: str | None = None
) -> tuple[pd.DataFrame, FileReport]:
    """Read one list. A row without reason or approving role is refused: nothing leaves the figures unapproved."""
    frame, report = text_frame(con, path, ONE_OFFS, scratch, label)
    texts = frame.copy()
    for column in ("project", "reason", "approving_role", "match_value"):
        frame[column] = parse(frame, column, clean_text)
    frame["kind"] = parse(frame, "kind", lambda text: KINDS.get((text or "").lower().strip()))
    frame["match_on"] = parse(
        frame, "match_on", lambda text: MATCHES.get((text or "").lower().replace("_", " ").strip())
    )
    frame["period"] = parse(frame, "period", _year)
    frame["expected_pounds"] = parse(frame, "expected", parse_money)
    sieve = Sieve(frame, report, money="expected_pounds")
    rules = {
        "project": ("no project", "Name the project."),
        "reason": ("no reason", "Say why the project is left out of Chart B."),
        "approving_role": (
            "no approving role",
            "Name the role (not the person) that approved leaving it out.",
        ),
        "kind": ("kind is neither capital nor one-off", "Write capital or one-off."),
        "period": ("not a financial year", "Write the year as 2023-24."),
        "match_on": (
            "match on is not a known field",
            "Write contract reference, transaction number or supplier id.",
        ),
        "match_value": ("nothing to match", "Give the value that the spend lines carry."),
        "expected_pounds": (
            "no expected amount",
            "Give the amount in pounds that the project is expected to take out.",
        ),
    }
    for column, (reason, remedy) in rules.items():
        shown = {"expected_pounds": "expected"}.get(column, column)
        sieve.frame = frame.assign(**{shown: texts[shown]})
        sieve.refuse(frame[column].isna(), reason, remedy, shown)
    sieve.frame = frame
    kept = sieve.kept()
    kept["approved_date"] = parse(
        kept, "approved_date", date_parsers(frame, report, "approved_date")["approved_date"]
    )
    kept["expected_gbp"] = decimals_to_float(kept.pop("expected_pounds"))
    return schemas.validate(kept.drop(columns=["expected"]), schemas.ONE_OFFS), report

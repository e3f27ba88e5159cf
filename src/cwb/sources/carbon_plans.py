"""Suppliers' carbon reduction plans: what each commits to, from when, and when it was signed off.

One row per plan. Columns: `supplier_name`, `company_number`, `plan_url`, `retrieved`, `commitment_year`, `baseline_year`,
`baseline_tco2e`, `current_year`, `current_tco2e`, `target_year`, `target_share` (0 to 1), `sign_off_role` (never a name),
`sign_off_date`, `is_parent_plan`, `scope_1_tco2e` to `scope_3_tco2e`, `scope_3_categories`, `target_text`, `checks_passed`, and the source columns. A plan covers the supplier's whole organisation and is evidence of
a strategy, not of a contract's emissions (formats.md 7.5).
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import pandas as pd

from cwb.base.values import clean_text, company_number, parse_flag, parse_number
from cwb.sources import schemas
from cwb.sources.day_order import date_parsers
from cwb.sources.frames import Sieve, parse, text_frame
from cwb.sources.report import FileReport
from cwb.sources.strategy_layouts import CARBON_PLANS
from cwb.sources.supplier_emissions import share


def _year(text: str | None) -> float | None:
    return parse_number(text, 1990, 2100)


def read_carbon_plans(
    con: duckdb.DuckDBPyConnection, path: Path, scratch: Path, label: str | None = None
) -> tuple[pd.DataFrame, FileReport]:
    """Read one register of plans. Refused: no supplier, a year of commitment that cannot be read. A plan without a year is kept:
    that it names none is what is known of it."""
    frame, report = text_frame(con, path, CARBON_PLANS, scratch, label)
    stated = frame["commitment_year"].copy()
    frame["commitment_year"] = parse(frame, "commitment_year", _year)
    sieve = Sieve(frame.assign(stated=stated), report)
    sieve.refuse(frame["supplier_name"].isna(), "no supplier", "Name the supplier.", "stated")
    sieve.refuse(
        frame["commitment_year"].isna() & stated.notna() & (stated.astype("str").str.strip() != ""),
        "the year of commitment cannot be read",
        "Give the year, such as 2045, or leave it empty where the plan names none.",
        "stated",
    )
    kept = sieve.kept().drop(columns="stated")
    for column in ("baseline_year", "current_year", "target_year"):
        kept[column] = parse(kept, column, _year)
    tonnes = ("baseline_tco2e", "current_tco2e", "scope_1_tco2e", "scope_2_tco2e", "scope_3_tco2e")
    for column in tonnes:
        kept[column] = parse(kept, column, parse_number)
    kept["target_share"] = parse(kept, "target_share", share)
    for column in ("commitment_year", "baseline_year", "current_year", "target_year", "target_share", *tonnes):
        kept[column] = kept[column].astype("float64")
    kept["company_number"] = parse(kept, "company_number", company_number)
    for column, day in date_parsers(frame, report, "retrieved", "sign_off_date").items():
        kept[column] = parse(kept, column, day)
    kept["is_parent_plan"] = parse(kept, "is_parent_plan", parse_flag)
    for column in (
        "supplier_name",
        "plan_url",
        "sign_off_role",
        "scope_3_categories",
        "target_text",
        "checks_passed",
    ):
        kept[column] = parse(kept, column, clean_text)
    return schemas.validate(kept, schemas.CARBON_PLANS), report

"""Businesses that may be owned by their employees: companies with a corporate owner, and whether somebody confirmed it.

One row per company and owner, from the register of people with significant control (its corporate kinds alone) or written by hand.
Columns: `company_number`, `is_signal` (the owner holds over half, under a name that employees' trusts bear: a sign, never a proof;
the patterns are in `reference/employee_ownership.csv`), `is_confirmed` (by the business, its accounts or its trust; None: not asked yet),
`notified_date`, `ceased_date`, `checked_role`, `checked_date`, and the source columns. The owner's name is read for the sign and not kept.
Refused: no company number that can be read, an owner that is a person; a file with a column of persons whole. Source: formats.md 4.6.
"""

from __future__ import annotations

import re
from functools import cache

import pandas as pd
import pyarrow as pa

from cwb.base.values import company_number
from cwb.reference import table
from cwb.sources.constraints import given
from cwb.sources.fields import DAY, FLAG, TEXT, Field, Rule, coded, missing
from cwb.sources.tables import TableSource


@cache
def _pattern(sign: str) -> re.Pattern[str]:
    rows = table("employee_ownership")
    return re.compile(rows.loc[rows["sign"].eq(sign) & rows["valid_to"].eq(""), "pattern"].item(), re.IGNORECASE)


def is_sign(owner: str | None, control: str | None) -> bool:
    """Whether an owner's name and control are a sign of employee ownership."""
    return bool(_pattern("name").search(owner or "") and _pattern("control").search(control or ""))


def _last(kept: pd.DataFrame, _: pd.DataFrame) -> pd.DataFrame:
    signs = [is_sign(owner, control) for owner, control in zip(kept["owner"], kept["control"], strict=True)]
    return kept.assign(is_signal=pd.Series(signs, kept.index, dtype=object))


SOURCE = TableSource(
    name="employee_owned",
    title="employee-owned businesses",
    absent="no list of businesses that may be employee-owned was supplied",
    has_form=True,
    roles_only=True,
    fields={
        "company_number": Field(("company number",), coded(company_number)),
        "owner": Field(("corporate owner", "owner (company or trust)"), TEXT, stored=None),
        "control": Field(("natures of control", "control"), TEXT, stored=None),
        "kind": Field(("kind of owner",), TEXT, stored=None),
        "notified": Field(("notified on",), DAY, stored="notified_date"),
        "ceased": Field(("ceased on",), DAY, stored="ceased_date"),
        "is_confirmed": Field(("confirmed (yes or no)", "confirmed"), FLAG),
        "checked_role": Field(("checked by (role)",), TEXT),
        "checked": Field(("checked on",), DAY, stored="checked_date"),
    },
    required=("company_number", "owner"),
    marks=frozenset({"owner", "control", "is_confirmed"}),
    key=("company_number", "notified_date", "is_signal"),
    doubled=("company_number", "owner", "notified", "is_confirmed"),
    rules=(
        missing("company_number", "no company number", "Give the number of the business, not of its owner.", "company_number"),
        Rule(
            lambda texts, _: texts["kind"].fillna("").str.lower().str.startswith(("individual", "super-secure")),
            "the owner is a person", "Take it out: corporate owners alone are a sign.", "kind",
        ),
    ),
    checks=given("company_number", "is_signal"),
    added={"is_signal": pa.bool_()},
    last=_last,
)  # fmt: skip

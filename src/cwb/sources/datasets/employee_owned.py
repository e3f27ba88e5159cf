"""Businesses that may be owned by their employees: companies with a corporate owner, and whether somebody confirmed it.

One row per company and owner, from the register of people with significant control (its corporate kinds alone) or written by hand.
`is_signal` is a sign, never a proof: the owner holds over half, under a name that employees' trusts bear (the patterns are in
`reference/employee_ownership.csv`). The owner's name is read for it and not kept. Source: formats.md 4.6.
"""

from __future__ import annotations

import re
from functools import cache

import pandas as pd

from cwb.base.values import company_number
from cwb.reference import table
from cwb.sources.fields import DAY, FLAG, TEXT, Field, Rule, coded, computed
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
    row="one corporate owner of one company that may be employee-owned",
    title="employee-owned businesses",
    absent="no list of businesses that may be employee-owned was supplied",
    has_form=True,
    roles_only=True,
    fields={
        "company_number": Field(("company number",), coded(company_number), "number of the business").needed(
            "no company number", "Give the number of the business, not of its owner."
        ),
        "is_signal": computed(FLAG, "its owner's name and control are a sign", is_always_given=True),
        "owner": Field(("corporate owner", "owner (company or trust)"), TEXT, stored=None),
        "control": Field(("natures of control", "control"), TEXT, stored=None),
        "kind": Field(("kind of owner",), TEXT, stored=None),
        "notified": Field(("notified on",), DAY, "day from which the owner is on the register", "notified_date"),
        "ceased": Field(("ceased on",), DAY, "day on which the owner ceased to be one", "ceased_date"),
        "is_confirmed": Field(
            ("confirmed (yes or no)", "confirmed"),
            FLAG,
            "somebody confirmed that employees own it; NULL: not asked yet",
        ),
        "checked_role": Field(("checked by (role)",), TEXT, "role that confirmed it or not"),
        "checked": Field(("checked on",), DAY, "day on which it was looked at", "checked_date"),
    },
    required=("owner",),
    marks=frozenset({"owner", "control", "is_confirmed"}),
    key=("company_number", "notified_date", "is_signal"),
    doubled=("company_number", "owner", "notified", "is_confirmed"),
    rules=(
        Rule(
            lambda texts, _: texts["kind"].fillna("").str.lower().str.startswith(("individual", "super-secure")),
            "the owner is a person",
            "Take it out: corporate owners alone are a sign.",
            "kind",
        ),
    ),
    last=_last,
)

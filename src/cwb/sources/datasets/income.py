"""Income by contract or unit and financial year, as the form of income asks for it: no published spending file has it.

One row per contract or unit, kind and financial year. Columns: `unit` (a contract's reference, or the unit that earns), `kind`,
`financial_year` (calendar year in which it begins), `income_gbp`, `direct_cost_gbp`, `signed_role`, `signed_date`, and the source
columns. Refused: no contract or unit, an unknown kind, no financial year, no income, an amount below nought. A file with a column of
persons is refused whole.
"""

from __future__ import annotations

import pandas as pd
import pyarrow as pa

from cwb.sources.constraints import at_least, given, one_of
from cwb.sources.fields import (
    DAY,
    FINANCIAL_YEAR,
    POUNDS,
    TEXT,
    Field,
    below_nought,
    choice,
    missing,
    not_listed,
)
from cwb.sources.tables import TableSource

TRADING, CONCESSION = "external trading", "concession"
KINDS = (CONCESSION, "profit share", "rebate", "sponsorship", TRADING, "lease")


def _with_year(kept: pd.DataFrame, _: pd.DataFrame) -> pd.DataFrame:
    return kept.assign(financial_year=[int(text[:4]) for text in kept["year"]])


SOURCE = TableSource(
    name="income",
    absent="no list of income by contract or unit was supplied",
    has_form=True,
    roles_only=True,
    fields={
        "unit": Field(("contract reference or unit",), TEXT),
        "kind": Field(("kind",), choice(*KINDS)),
        "year": Field(("financial year",), FINANCIAL_YEAR, stored=None),
        "income": Field(("income",), POUNDS, stored="income_gbp"),
        "direct_cost": Field(("direct cost",), POUNDS, stored="direct_cost_gbp"),
        "signed_role": Field(("signed off by finance (role)", "signed off by (role)"), TEXT),
        "signed": Field(("signed off on",), DAY, stored="signed_date"),
    },
    required=("unit", "kind", "year", "income"),
    marks=frozenset({"unit", "direct_cost"}),
    key=("unit", "kind", "financial_year"),
    money="income_gbp",
    rules=(
        missing("unit", "no contract or unit", "Give the contract's reference, or the unit that earns.", "kind"),
        not_listed("kind", "the kind of income", KINDS),
        missing("year", "not a financial year", "Write it as 2026-27.", "year"),
        missing("income", "no income", "Give the income in pounds.", "income"),
        *below_nought("income", "direct_cost"),
    ),
    checks=(
        *given("unit", "kind", "financial_year", "income_gbp"),
        one_of("kind", *KINDS),
        at_least("income_gbp", 0),
    ),
    added={"financial_year": pa.int32()},
    last=_with_year,
)

"""Income by contract or unit and financial year, as the form of income asks for it: no published spending file has it.

One row per contract or unit, kind and financial year.
"""

from __future__ import annotations

from cwb.sources.fields import DAY, POUNDS, TEXT, Field, choice, given_twice, start_year
from cwb.sources.tables import TableSource

TRADING, CONCESSION = "external trading", "concession"
KINDS = (CONCESSION, "profit share", "rebate", "sponsorship", TRADING, "lease")

SOURCE = TableSource(
    name="income",
    absent="no list of income by contract or unit was supplied",
    has_form=True,
    roles_only=True,
    fields={
        "unit": Field(
            ("contract reference or unit",), TEXT, "reference of the contract, or the unit that earns"
        ).needed("no contract or unit", "Give the contract's reference, or the unit that earns."),
        "kind": Field(("kind",), choice(*KINDS), "kind").listed("the kind of income"),
        "year": start_year("financial year"),
        "income": Field(("income",), POUNDS, "income", "income_gbp", from_nought=True).needed(
            "no income", "Give the income in pounds."
        ),
        "direct_cost": Field(
            ("direct cost",), POUNDS, "direct cost; NULL: not stated", "direct_cost_gbp", from_nought=True
        ),
        "signed_role": Field(
            ("signed off by finance (role)", "signed off by (role)"), TEXT, "role that signed it off"
        ),
        "signed": Field(("signed off on",), DAY, "day on which it was signed off", "signed_date"),
    },
    marks=frozenset({"unit", "direct_cost"}),
    key=("unit", "kind", "financial_year"),
    money="income_gbp",
    rules=(
        given_twice(
            ("unit", "kind", "year"),
            "income given twice for one kind and year",
            "Keep one row for each contract or unit, kind and year, with all of its income.",
        ),
    ),
)

"""Savings and income by project and financial year, as the form of savings asks for them.

One row per project and financial year.
"""

from __future__ import annotations

from cwb.sources.fields import (
    COMPARED_REFERENCE,
    DAY,
    FLAG,
    POUNDS,
    REFERENCE,
    TEXT,
    Field,
    Rule,
    choice,
    given_twice,
    start_year,
)
from cwb.sources.tables import TableSource

KINDS = ("price", "volume", "specification", "insourcing", "income", "avoided", "one-off")
BASELINES = ("last price paid", "indexed last price", "budget", "quote", "mean bid")


def _below_zero(field: str) -> Rule:
    """Income is a cost below zero; of any other saving that is a mistake of typing."""
    return Rule(
        lambda _, values: (values[field].astype("float64") < 0) & (values["kind"] != "income"),
        "a cost below zero, and no income",
        "Give the cost as a positive number.",
        field,
    )


SOURCE = TableSource(
    name="savings",
    row="one saving or income of one project and financial year",
    absent="no list of savings was supplied",
    has_form=True,
    roles_only=True,
    fields={
        "saving_reference": Field(("reference", "saving reference"), REFERENCE, "reference").needed(
            "no reference", "Give the saving a reference."
        ),
        "title": Field(("title", "saving"), TEXT, "what is saved").needed("no title", "Say what is saved."),
        "kind": Field(("kind",), choice(*KINDS), "kind").listed("the kind"),
        "is_cash": Field(("cash released",), FLAG, "cash is released").needed(
            "whether cash is released is not stated", "Write yes or no."
        ),
        "baseline": Field(
            ("baseline cost",), POUNDS, "cost that it is compared with", "baseline_gbp", from_nought=True
        ).needed("a saving without a baseline", "Give the cost that it is compared with."),
        "baseline_kind": Field(("baseline is",), choice(*BASELINES), "what that cost is").listed(
            "what the baseline is"
        ),
        "new": Field(("new cost",), POUNDS, "cost now", "new_gbp").needed("no new cost", "Give the cost now."),
        "cost_to_achieve": Field(
            ("cost to achieve",),
            POUNDS,
            "cost to achieve it; NULL: not stated",
            "cost_to_achieve_gbp",
            from_nought=True,
        ),
        "year": start_year("financial year"),
        "is_realised": Field(("realised",), FLAG, "realised, and no forecast").needed(
            "whether it is realised is not stated", "Write yes or no."
        ),
        "signed_role": Field(
            ("signed off by finance (role)", "signed off by (role)"), TEXT, "role of finance that signed it"
        ),
        "signed": Field(("signed off on",), DAY, "day on which it was signed", "signed_date"),
        "contract_reference": Field(("contract reference",), COMPARED_REFERENCE, "reference of the contract"),
    },
    marks=frozenset({"baseline_kind", "cost_to_achieve", "is_cash"}),
    rules=(
        *map(_below_zero, ("baseline", "new")),
        given_twice(
            ("saving_reference", "title", "kind", "year"),
            "saving given twice for one year",
            "Keep one row for each saving, kind and year.",
        ),
    ),
    key=("saving_reference", "title", "kind", "financial_year"),
)

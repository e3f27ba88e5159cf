"""The approved list of capital and one-off projects that leads from Chart A to Chart B.

One row per project and rule that finds its spend lines. What the approver expected a rule to find is stated: a difference is shown in
the pack, so that a changed ledger cannot pass unseen. A row without reason, approving role or day of approval is refused: nothing
leaves the figures unapproved, or before it was approved.
"""

from __future__ import annotations

from dataclasses import replace

from cwb.sources.fields import DAY, FULL_START_YEAR, LABEL, POUNDS, TEXT, Field, choice, start_year
from cwb.sources.tables import TableSource

SOURCE = TableSource(
    name="one_offs",
    row="one rule of the approved list of capital and one-off projects",
    title="one-off projects",
    absent="no approved list of capital and one-off projects was supplied",
    fields={
        "project": Field(("project", "project name", "scheme"), TEXT, "project").needed(
            "no project", "Name the project."
        ),
        "kind": Field(
            ("kind", "type", "capital or one-off"),
            choice("capital", "one-off", also={"capital project": "capital"}),
            "capital or one-off",
        ).needed("kind is neither capital nor one-off", "Write capital or one-off."),
        "reason": Field(("reason", "reason for exclusion"), TEXT, "why it is left out of Chart B").needed(
            "no reason", "Say why the project is left out of Chart B."
        ),
        "approving_role": Field(
            ("approved by (role)", "approving role", "approved by role"), TEXT, "role that approved it"
        ).needed("no approving role", "Name the role (not the person) that approved leaving it out."),
        "approved_date": Field(
            ("approved on", "approved date", "date approved"), DAY, "day on which it was approved"
        ).needed(
            "no day of approval",
            "Give the day on which it was approved: a report takes out only what was approved by its own day.",
        ),
        "period": replace(start_year("financial year", "year", "period"), kind=FULL_START_YEAR),
        "match_on": Field(
            ("match on", "matched on"),
            choice("contract_reference", "transaction_number", "supplier_id"),
            "field of the ledger that finds it",
        ).needed("match on is not a known field", "Write contract reference, transaction number or supplier id."),
        "match_value": Field(
            ("match value", "value to match", "matched value"), LABEL, "value of that field"
        ).needed("nothing to match", "Give the value that the spend lines carry."),
        "expected": Field(
            ("expected amount", "expected amount (net)", "amount", "approved amount"),
            POUNDS,
            "pounds approved for the year",
            "approved_gbp",
        ).needed("no expected amount", "Give the amount in pounds that the project is expected to take out."),
    },
    marks=frozenset({"approving_role", "match_on"}),
    key=("project", "financial_year", "match_on", "match_value"),
    money="approved_gbp",
)

"""The approved list of capital and one-off projects that leads from Chart A to Chart B.

One row per project and rule that finds its spend lines. Columns: `project`, `kind` ("capital" or "one-off"),
`reason`, `approving_role`, `approved_date`, `period` (financial year), `match_on` ("contract_reference",
"transaction_number" or "supplier_id"), `match_value`, `expected_gbp` (what the approver expected the rule to
find: a difference is shown in the pack, so that a changed ledger cannot pass unseen). A row without reason, approving
role or day of approval is refused: nothing leaves the figures unapproved, or before it was approved.
"""

from __future__ import annotations

from cwb.sources.constraints import given, one_of
from cwb.sources.fields import DAY, POUNDS, TEXT, Field, coded, financial_year, missing
from cwb.sources.tables import TableSource

KINDS = {"capital": "capital", "capital project": "capital", "one-off": "one-off", "one off": "one-off"}
MATCHES = {
    "contract reference": "contract_reference",
    "transaction number": "transaction_number",
    "supplier id": "supplier_id",
}
# A year alone does not say which financial year is meant, and nothing leaves the figures by a guess.
_YEAR = coded(lambda text: None if (text or "").strip().isdigit() else financial_year(text))
_KIND = coded(lambda text: KINDS.get((text or "").lower().strip()))
_MATCH_ON = coded(lambda text: MATCHES.get((text or "").lower().replace("_", " ").strip()))

SOURCE = TableSource(
    name="one_offs",
    title="one-off projects",
    absent="no approved list of capital and one-off projects was supplied",
    fields={
        "project": Field(("project", "project name", "scheme"), TEXT),
        "kind": Field(("kind", "type", "capital or one-off"), _KIND),
        "reason": Field(("reason", "reason for exclusion"), TEXT),
        "approving_role": Field(("approved by (role)", "approving role", "approved by role"), TEXT),
        "approved_date": Field(("approved on", "approved date", "date approved"), DAY),
        "period": Field(("financial year", "year", "period"), _YEAR),
        "match_on": Field(("match on", "matched on"), _MATCH_ON),
        "match_value": Field(("match value", "value to match", "matched value"), TEXT),
        "expected": Field(
            (
                "expected amount",
                "expected amount (net)",
                "amount",
                "approved amount",
            ),
            POUNDS,
            stored="expected_gbp",
        ),
    },
    required=(
        "project",
        "kind",
        "reason",
        "approving_role",
        "approved_date",
        "period",
        "match_on",
        "match_value",
        "expected",
    ),
    marks=frozenset({"approving_role", "match_on"}),
    key=("project", "period", "match_on", "match_value"),
    money="expected_gbp",
    rules=(
        missing("project", "no project", "Name the project.", "project"),
        missing("reason", "no reason", "Say why the project is left out of Chart B.", "reason"),
        missing(
            "approving_role",
            "no approving role",
            "Name the role (not the person) that approved leaving it out.",
            "approving_role",
        ),
        missing(
            "approved_date",
            "no day of approval",
            "Give the day on which it was approved: a report takes out only what was approved by its own day.",
            "approved_date",
        ),
        missing("kind", "kind is neither capital nor one-off", "Write capital or one-off.", "kind"),
        missing("period", "not a financial year", "Write the year as 2023-24.", "period"),
        missing(
            "match_on",
            "match on is not a known field",
            "Write contract reference, transaction number or supplier id.",
            "match_on",
        ),
        missing("match_value", "nothing to match", "Give the value that the spend lines carry.", "match_value"),
        missing(
            "expected",
            "no expected amount",
            "Give the amount in pounds that the project is expected to take out.",
            "expected",
        ),
    ),
    checks=(
        *given(
            "project",
            "reason",
            "approving_role",
            "approved_date",
            "match_value",
            "expected_gbp",
            "kind",
            "match_on",
        ),
        one_of("kind", "capital", "one-off"),
        one_of("match_on", *MATCHES.values()),
    ),
)

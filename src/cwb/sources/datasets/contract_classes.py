"""Classes of spend that need no row on the register of contracts: the council's own list, approved by a role.

One row per way of recognising a class. Columns: `class_name`, `recognised_by`, `value` (kinds or whole words, separated by
semicolons), `unless` (words that take a payment out again), `under_gbp` (only payments below it), `approving_role`,
`approved_date`, `valid_from` and `valid_to` (days of payment), and the source columns. Where one row is kept, the list stands in place
of ours (`reference/contract_classes.csv`). Refused: no class, an unknown way, no words to look for, no role, no day of approval.
"""

from __future__ import annotations

import pandas as pd

from cwb.sources.fields import DAY, LAST_DAY, POUNDS, TEXT, Field, Rule, choice
from cwb.sources.tables import TableSource

CARD, FILE, PASSED_ON, WITHHELD, KIND, NAME, WORDS = (
    "card", "file", "money passed on", "name withheld", "supplier kind", "supplier name", "words",
)  # fmt: skip
WAYS = (CARD, FILE, PASSED_ON, WITHHELD, KIND, NAME, WORDS)


def _fits_everything(_: pd.DataFrame, values: pd.DataFrame) -> pd.Series:
    return values["recognised_by"].notna() & (values["recognised_by"] != WITHHELD) & values["value"].isna()


SOURCE = TableSource(
    name="contract_classes",
    title="classes of spend that need no contract",
    absent="no approved list of classes of spend that need no contract was supplied",
    has_form=True,
    roles_only=True,
    fields={
        "class_name": Field(("class",), TEXT).needed("no class", "Name the class of spend."),
        "recognised_by": Field(("recognised by",), choice(*WAYS)).listed("the way of recognising it"),
        "value": Field(("value", "values"), TEXT),
        "unless": Field(("unless",), TEXT),
        "under": Field(("under",), POUNDS, stored="under_gbp"),
        "approving_role": Field(("approved by (role)", "approving role"), TEXT).needed(
            "no approving role", "Name the role (not the person) that approved it."
        ),
        "approved_date": Field(("approved on",), DAY).needed(
            "no day of approval", "Give the day on which it was approved."
        ),
        "valid_from": Field(("valid from",), DAY),
        "valid_to": Field(("valid to",), LAST_DAY),
    },
    required=("value",),
    marks=frozenset({"class_name", "recognised_by"}),
    key=("class_name", "recognised_by", "value"),
    rules=(
        Rule(_fits_everything, "would fit every payment", "Say which kinds or words are looked for.", "value"),
    ),
)

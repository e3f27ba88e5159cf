"""Which payments only pass through: the form that `cwb template pass-through` writes, decided by a person.

A precept, a share of business rates, pay deductions or a treasury deposit is in the ledger and buys nothing. One row per
decision. Columns: `body` (whose ledger, as the settings name it; blank for the council), `supplier_id`, `supplier_name` and `words` (whole words of the purpose, service or category) say which
payments are meant: those of the supplier (its id, where one is given, else its name) whose text has the words; `kind`; `decision` ("pass-through" or "purchase", which ends a
suggestion); `reason`, `approving_role`, `approved_date`; `first_year` and `last_year` (financial years, both of them
counted). A decision that states neither holds for payments of financial years that had not ended when it was approved: the figures of
earlier ones change only where a year says that they shall. With `[report] as_of`, the report's day, those approved by that day hold for
all years, and later ones for none. Rows without a decision are passed over. Refused: a decision without reason, role, day or kind, one
that fits every payment, one that a later row decides again, and one whose years cannot be read.
"""

from __future__ import annotations

import pandas as pd

from cwb.base.privacy import NOT_STATED, WITHHELD
from cwb.sources.fields import DAY, FULL_YEAR, TEXT, Field, Rule, choice, given_twice
from cwb.sources.tables import TableSource

PASS_THROUGH, PURCHASE = "pass-through", "purchase"


def _first(texts: pd.DataFrame) -> tuple[pd.DataFrame, tuple[str, ...]]:
    yearless = int(texts[["first_year", "last_year"]].isna().all(axis=1).sum())
    note = (
        f"{yearless} decisions state no financial year: they hold for years that had not ended when they were approved, or for "
        "all where [report] as_of is set"
    )
    return texts, (note,) if yearless else ()


def _unreadable_year(name: str, heading: str) -> Rule:
    return Rule(
        lambda texts, values: texts[name].notna() & values[name].isna(),
        f"{heading} is not a financial year",
        f"Write {heading} as 2023-24, or leave it blank for all years.",
        name,
    )


_SAME = ("body", "supplier_id", "supplier_name", "words", "first_year", "last_year")
SOURCE = TableSource(
    name="pass_through",
    title="decisions on money passed on",
    absent="no list of decisions on money passed on was supplied",
    roles_only=True,
    fields={
        "body": Field(("body",), TEXT),
        "supplier_id": Field(("supplier id",)),
        "supplier_name": Field(("supplier name",)),
        "words": Field(("words of the purpose", "words")),
        "kind": Field(("kind",), TEXT).needed("no kind", "Say what is passed on, as precept or grant."),
        "decision": Field(
            ("pass-through or purchase", "decision"),
            choice(PASS_THROUGH, PURCHASE, also={"passed on": PASS_THROUGH}),
        ).needed("neither pass-through nor purchase", "Write pass-through or purchase."),
        "reason": Field(("reason",), TEXT).needed("no reason", "Say why it is a purchase or none."),
        "approving_role": Field(("approved by (role)", "approving role", "approved by role"), TEXT).needed(
            "no approving role", "Name the role (not the person) that decided."
        ),
        "approved_date": Field(("approved on", "approved date", "date approved"), DAY).needed(
            "no day of approval", "Give the day on which it was decided."
        ),
        "first_year": Field(("first financial year", "first year"), FULL_YEAR),
        "last_year": Field(("last financial year", "last year"), FULL_YEAR),
    },
    marks=frozenset({"words", "decision"}),
    key=_SAME,
    rules=(
        Rule(
            lambda _, values: values[["supplier_id", "supplier_name", "words"]].isna().all(axis=1),
            "would fit every payment",
            "Fill in a supplier's id or name, or words of the purpose.",
            "kind",
        ),
        Rule(
            lambda _, values: values["supplier_name"].isin((WITHHELD, NOT_STATED)) & values[["supplier_id", "words"]].isna().all(axis=1),
            "would fit every payee that is not shown",
            "Fill in words of the purpose, or approve the payee's name first (cwb template approved-names).",
            "supplier_name",
        ),
        _unreadable_year("first_year", "first financial year"),
        _unreadable_year("last_year", "last financial year"),
        given_twice(_SAME, "decided again in a later row", "Nothing to do: the later row stands.", keep="last"),
    ),
    awaits=("decision",),
    awaiting="rows of the form are not decided yet",
    unescaped=("supplier_id", "supplier_name", "words"),
    first=_first,
)  # fmt: skip

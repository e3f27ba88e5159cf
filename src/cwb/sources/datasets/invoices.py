"""Invoices from accounts payable: when each was received, fell due and was paid. No bank details and no persons.

One row per invoice. Columns: `supplier_id`, `invoice_number`, `received_date`, `invoice_date`, `due_date`, `paid_date`, `gross_gbp` (with
VAT; a credit note is negative), `contract_reference`, `is_public` (under a public contract), `is_disputed`, `dispute_date`, `is_sme` (flags
are None where nothing is stated), and the source columns. Refused: no supplier, no amount, neither the day of receipt nor that of the
invoice, a day of payment that cannot be read or lies over a year before the invoice came. A file with a column of persons is refused whole.
Source of the columns: regulation 38, SI 2024/692.
"""

from __future__ import annotations

import pandas as pd

from cwb.sources.fields import DAY, FLAG, POUNDS, Field, Rule, given_twice
from cwb.sources.tables import TableSource
from cwb.sources.unread import is_unread

_LONGEST_IN_ADVANCE = 366


def _paid_long_before(_: pd.DataFrame, values: pd.DataFrame) -> pd.Series:
    """What is paid in advance counts as paid on day 0, and so would a year that is typed wrong."""
    came = values["received"].where(values["received"].notna(), values["invoice"])
    days = [
        (came - paid).days if pd.notna(came) and pd.notna(paid) else 0
        for came, paid in zip(came, values["paid"], strict=True)
    ]
    return pd.Series(days, values.index, dtype="int64") > _LONGEST_IN_ADVANCE


SOURCE = TableSource(
    name="invoices",
    absent="no list of invoices with the days of receipt and payment was supplied",
    has_form=True,
    roles_only=True,
    fields={
        "supplier_id": Field(("supplier id", "vendor id", "supplier number")).needed(
            "no supplier", "Give the supplier's id, never a person's name."
        ),
        "invoice_number": Field(("invoice number", "invoice no", "invoice reference")),
        "received": Field(("received on", "date received", "invoice received"), DAY, stored="received_date"),
        "invoice": Field(("invoice date", "invoiced on", "date of invoice"), DAY, stored="invoice_date"),
        "due": Field(("due on", "due date", "payment due"), DAY, stored="due_date"),
        "paid": Field(("paid on", "date paid", "payment date"), DAY, stored="paid_date"),
        "gross": Field(("amount gross", "gross amount", "gross"), POUNDS, stored="gross_gbp").needed(
            "no amount", "Give the amount with VAT, in pounds."
        ),
        "contract_reference": Field(("contract reference", "contract ref")),
        "is_public": Field(("public contract",), FLAG),
        "is_disputed": Field(("in dispute", "disputed"), FLAG),
        "dispute": Field(("dispute told on",), DAY, stored="dispute_date"),
        "is_sme": Field(("sme",), FLAG),
    },
    required=(("received", "invoice"), "paid"),
    marks=frozenset({"received", "is_public", "is_disputed"}),
    key=("supplier_id", "invoice_number", "received_date", "invoice_date", "gross_gbp"),
    money="gross_gbp",
    rules=(
        Rule(
            lambda _, values: values["received"].isna() & values["invoice"].isna(),
            "neither day of receipt nor day of invoice",
            "Give the day on which the invoice was received.",
            "received",
        ),
        Rule(
            # A text that is no day must not read as an invoice that nobody paid.
            lambda texts, values: is_unread(texts, values, "paid"),
            "the day of payment cannot be read",
            "Give the day, or nothing where it is not paid yet.",
            "paid",
        ),
        Rule(
            _paid_long_before,
            "paid over a year before it was received",
            "Look at both days: one of them is of another year.",
            "paid",
        ),
        given_twice(
            ("supplier_id", "invoice_number", "received", "invoice", "gross"),
            "invoice given twice",
            "Keep one row for each invoice; where it was paid in parts, with the day of the last.",
            distinguished_by="invoice_number",
        ),
    ),
    # A supplier may well send several of one day and amount.
    distinguished_by="invoice_number",
)

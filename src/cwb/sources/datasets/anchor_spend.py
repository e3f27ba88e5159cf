"""Payments of other anchors, each in a folder of the body's name, with columns as in spend."""

from __future__ import annotations

from dataclasses import replace

from cwb.sources.datasets import spend

SOURCE = replace(
    spend.SOURCE,
    name="anchor_spend",
    may_lack_a_file=True,
    absent="no spending file of another anchor was supplied",
    # The titles of the LGA/ESD Spend schema (2019).
    headings=(
        "Organisation name", "Directorate / service where expenditure occurred", "Supplier (beneficiary) name",
        "Supplier registered company number", "Supplier registered charity number", "Date", "Transaction number",
        "Net Amount", "Irrecoverable VAT", "Purpose of spend (summary)", "Procurement classification: CPV code",
        "Contract reference",
    ),
)  # fmt: skip

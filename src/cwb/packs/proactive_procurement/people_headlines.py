"""What invoices and savings may tell on the first page."""

from __future__ import annotations

from cwb.packs.headline import Headline

HEADLINES = (
    Headline(
        finding="paid_30_share",
        exhibit="days_to_pay",
        subject="How many invoices we pay by day 30",
        says=lambda _, find: f"We paid {find('paid_30_share')} of invoices by day 30.",
        grew="we pay more invoices in time",
        fell="we pay fewer invoices in time",
    ),
)

"""The first exhibit of the pack."""

from __future__ import annotations

from typing import Any

from cwb.evidence.finding import number
from cwb.figures.apparatus import scorecard_of
from cwb.figures.figure import Figure
from cwb.measures import local_supplier_base as measures


def scorecard(data: Any) -> Figure:
    """The pack's first exhibit: the numbers that members ask for, each with its base or its reason."""
    chosen = [
        (measures.total_spend, "total_spend"),
        (measures.charts_a_and_b, "local_share"),
        (measures.charts_a_and_b, "local_share_without_one_offs"),
        (measures.trend, "local_share_without_one_offs_change"),
        (measures.home_suppliers, "home_supplier_count"),
        (measures.awards, "award_local_count"),
        (measures.business_size, "sme_share"),
        (measures.business_size, "vcse_share"),
    ]
    findings = [function(data)[name] for function, name in chosen]
    spend, share, awarded = findings[0], findings[1], findings[5]
    if share.value is not None:
        title = f"{share} of {spend} spent in {data.period.short_label} is local"
    elif awarded.value is not None:
        title = f"{awarded} of {number(awarded.of or 0, 'count')} contracts awarded in {data.period.short_label} went to local suppliers"
    else:
        title = f"What is known of {data.period.short_label}"
    return scorecard_of(data, findings, title)

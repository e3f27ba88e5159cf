"""The first exhibit of the pack: the numbers that members ask for."""

from __future__ import annotations

from cwb.evidence.data import PackData
from cwb.figures.apparatus import scorecard_of
from cwb.figures.figure import Figure
from cwb.packs.local_supplier_base.awards import awards, titled
from cwb.packs.local_supplier_base.business_size import business_size
from cwb.packs.local_supplier_base.charts_a_and_b import charts_a_and_b
from cwb.packs.local_supplier_base.home_suppliers import home_suppliers
from cwb.packs.local_supplier_base.total_spend import total_spend
from cwb.packs.local_supplier_base.trend import trend

CHOSEN = (
    (total_spend, "total_spend"),
    (charts_a_and_b, "local_share"),
    (charts_a_and_b, "local_share_without_one_offs"),
    (trend, "local_share_without_one_offs_change"),
    (home_suppliers, "home_supplier_count"),
    (awards, "award_local_count"),
    (business_size, "sme_share"),
    (business_size, "vcse_share"),
)


def scorecard(data: PackData) -> Figure:
    """The numbers that members ask for, each with its range or the reason why it is not known."""
    findings = [function(data)[name] for function, name in CHOSEN]
    spend, share, awarded = findings[0], findings[1], findings[5]
    period = data.period.short_label
    if share.value is not None:
        title = f"{share} of {spend} spent in {period} is local"
    elif spend.value is not None:
        title = f"{spend} was spent in {period}; how much of it is local is not known"
    elif awarded.value is not None:
        everything = awards(data)["award_count"]
        title = f"{titled(awarded, everything)} in {period}"
    else:
        title = f"What is known of {period}"
    return scorecard_of(data, findings, title)

"""Pack 01: how much of the council's spend stays local, with whom, and how that is changing."""

from cwb.evidence.data import PackData
from cwb.evidence.finding import Finding
from cwb.packs.local_supplier_base.awards import awards, titled
from cwb.packs.local_supplier_base.awards_by_body import awards_by_body
from cwb.packs.local_supplier_base.bridge import bridge
from cwb.packs.local_supplier_base.business_size import business_size
from cwb.packs.local_supplier_base.charts_a_and_b import charts_a_and_b
from cwb.packs.local_supplier_base.churn import churn
from cwb.packs.local_supplier_base.concentration import concentration
from cwb.packs.local_supplier_base.headlines import HEADLINES
from cwb.packs.local_supplier_base.home_suppliers import home_suppliers
from cwb.packs.local_supplier_base.leakage import leakage
from cwb.packs.local_supplier_base.register import register
from cwb.packs.local_supplier_base.sensitivity import sensitivity
from cwb.packs.local_supplier_base.spend_by_district import spend_by_district
from cwb.packs.local_supplier_base.spend_by_ring import spend_by_ring
from cwb.packs.local_supplier_base.total_spend import total_spend
from cwb.packs.local_supplier_base.trend import trend
from cwb.packs.pack import Pack


def title(data: PackData, found: dict[str, Finding]) -> str:
    """What the first exhibit says of its numbers, or of those that are known."""
    spend, share, awarded = found["total_spend"], found["local_share"], found["award_local_count"]
    period = data.period.short_label
    if share.value is not None:
        return f"{share} of {spend} spent in {period} is local"
    if spend.value is not None:
        return f"{spend} was spent in {period}; how much of it is local is not known"
    if awarded.value is not None:
        return f"{titled(awarded, awards(data)['award_count'])} in {period}"
    return f"What was spent in {period}, and how much locally, is not known"


PACK = Pack(
    id="local_supplier_base",
    notebook="01_local_supplier_base.ipynb",
    question="How much of our spend stays local, and with whom?",
    measures=(
        total_spend,
        charts_a_and_b,
        bridge,
        spend_by_ring,
        spend_by_district,
        home_suppliers,
        awards,
        register,
        awards_by_body,
        business_size,
        leakage,
        concentration,
        churn,
        trend,
        sensitivity,
    ),
    headline="local_share_without_one_offs",
    first=(
        "total_spend",
        "local_share",
        "local_share_without_one_offs",
        "local_share_without_one_offs_change",
        "home_supplier_count",
        "award_local_count",
        "sme_share",
        "vcse_share",
    ),
    title=title,
    headlines=HEADLINES,
    chosen=(("local_share", "local_share"), ("local_share_without_one_offs", "without_one_offs")),
)

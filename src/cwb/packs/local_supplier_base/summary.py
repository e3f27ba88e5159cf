"""The first exhibit of the pack: the numbers that members ask for."""

from __future__ import annotations

from cwb.evidence.data import PackData
from cwb.evidence.finding import Finding
from cwb.packs.local_supplier_base.awards import awards, titled


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
    return f"What is known of {period}"

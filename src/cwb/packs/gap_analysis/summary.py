"""The first exhibit of the pack: demand, how much of it a local market could serve, and what could stay."""

from __future__ import annotations

from cwb.evidence.data import PackData
from cwb.evidence.finding import Finding


def title(data: PackData, found: dict[str, Finding]) -> str:
    """What the first exhibit says of its numbers, or of those that are known."""
    planned, served, free = found["demand_count"], found["lines_served_share"], found["influenceable_spend"]
    if served.value is not None:
        return f"{served} of {planned} planned purchases find a workable local market"
    if free.value is not None:
        return f"{free} of what leaves the area could be influenced"
    return f"What is known of demand and supply in {data.period.short_label}"

"""The first exhibit of the pack."""

from __future__ import annotations

from typing import Any

from cwb.figures.apparatus import scorecard_of
from cwb.figures.figure import Figure
from cwb.measures import gap_analysis as measures


def scorecard(data: Any) -> Figure:
    """Demand, how much of it a local market could serve, and what could stay."""
    chosen = [
        (measures.demand, "demand_count"),
        (measures.demand, "demand_value"),
        (measures.grades, "lines_served_share"),
        (measures.grades, "lines_none"),
        (measures.gap, "reservable_count"),
        (measures.gap, "social_line_count"),
        (measures.shifts, "influenceable_spend"),
        (measures.shifts, "realistic_shift"),
    ]
    findings = [function(data)[name] for function, name in chosen]
    served, influenceable = findings[2], findings[6]
    if served.value is not None:
        title = f"{served} of {findings[0]} planned purchases find a workable local market"
    elif influenceable.value is not None:
        title = f"{influenceable} of what leaves the area could be influenced"
    else:
        title = f"What is known of demand and supply in {data.period.short_label}"
    return scorecard_of(data, findings, title)

"""The first exhibit of the pack: demand, how much of it a local market could serve, and what could stay."""

from __future__ import annotations

from cwb.evidence.data import PackData
from cwb.figures.apparatus import scorecard_of
from cwb.figures.figure import Figure
from cwb.packs.gap_analysis.demand import demand
from cwb.packs.gap_analysis.gap import gap
from cwb.packs.gap_analysis.grades import grades
from cwb.packs.gap_analysis.shifts import shifts

CHOSEN = (
    (demand, "demand_count"),
    (demand, "demand_value"),
    (grades, "lines_served_share"),
    (grades, "lines_none"),
    (gap, "reservable_count"),
    (gap, "social_line_count"),
    (shifts, "influenceable_spend"),
    (shifts, "realistic_shift"),
)


def scorecard(data: PackData) -> Figure:
    """The numbers that members ask for, each with its range or the reason why it is not known."""
    findings = [function(data)[name] for function, name in CHOSEN]
    planned, served, free = findings[0], findings[2], findings[6]
    if served.value is not None:
        title = f"{served} of {planned} planned purchases find a workable local market"
    elif free.value is not None:
        title = f"{free} of what leaves the area could be influenced"
    else:
        title = f"What is known of demand and supply in {data.period.short_label}"
    return scorecard_of(data, findings, title)

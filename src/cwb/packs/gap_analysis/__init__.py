"""Pack 02: what the council is about to buy, against the local organisations that could supply it."""

from cwb.charts.wording import counted, sentence_case
from cwb.evidence.data import PackData
from cwb.evidence.finding import Finding
from cwb.packs.gap_analysis.demand import demand
from cwb.packs.gap_analysis.gap import gap
from cwb.packs.gap_analysis.grades import grades
from cwb.packs.gap_analysis.headlines import HEADLINES
from cwb.packs.gap_analysis.opportunities import opportunities
from cwb.packs.gap_analysis.sensitivity import sensitivity
from cwb.packs.gap_analysis.shifts import shifts
from cwb.packs.gap_analysis.supply import supply
from cwb.packs.pack import Pack


def title(data: PackData, found: dict[str, Finding]) -> str:
    """What the first exhibit says of its numbers, or of those that are known."""
    planned, served, free = found["demand_count"], found["lines_served_share"], found["influenceable_spend"]
    if served.value is not None:
        return f"{served} of {planned} planned purchases find a workable local market"
    if free.value is not None:
        return f"{free} of what leaves the area could be influenced"
    if planned.value is not None:
        return sentence_case(
            counted(planned, "purchase is planned or falls due", "purchases are planned or fall due")
        )
    return "What is about to be bought, and who local could supply it, is not known"


PACK = Pack(
    id="gap_analysis",
    notebook="02_gap_analysis.ipynb",
    question="What are we about to buy, and who local could supply it?",
    measures=(demand, grades, gap, supply, shifts, opportunities, sensitivity),
    headline="lines_served_share",
    first=(
        "demand_count",
        "demand_value",
        "lines_served_share",
        "lines_none",
        "reservable_count",
        "social_line_count",
        "influenceable_spend",
        "realistic_shift",
    ),
    title=title,
    headlines=HEADLINES,
    chosen=(("lines_served_share", "share"),),
)

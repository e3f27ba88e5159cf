"""Pack 02: what the council is about to buy, against the local organisations that could supply it."""

from cwb.packs.account import coverage, matches
from cwb.packs.gap_analysis.demand import demand
from cwb.packs.gap_analysis.gap import gap
from cwb.packs.gap_analysis.grades import grades
from cwb.packs.gap_analysis.opportunities import opportunities
from cwb.packs.gap_analysis.sensitivity import sensitivity
from cwb.packs.gap_analysis.shifts import shifts
from cwb.packs.gap_analysis.summary import title
from cwb.packs.gap_analysis.supply import supply
from cwb.packs.pack import Pack

PACK = Pack(
    id="gap_analysis",
    notebook="02_gap_analysis.ipynb",
    question="What are we about to buy, and who local could supply it?",
    measures=(
        demand,
        grades,
        gap,
        supply,
        shifts,
        opportunities,
        sensitivity,
        matches,
        coverage,
    ),
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
)

"""Pack 02: what the council is about to buy, against the local organisations that could supply it."""

from cwb.measures.account import coverage, matches
from cwb.measures.gap_analysis.lines import demand, gap, grades
from cwb.measures.gap_analysis.opportunities import opportunities
from cwb.measures.gap_analysis.sensitivity import sensitivity
from cwb.measures.gap_analysis.shifts import shifts
from cwb.measures.gap_analysis.supply_side import supply

PACK = "gap_analysis"
MEASURES = (demand, grades, gap, supply, shifts, opportunities, sensitivity, matches, coverage)

__all__ = [
    "MEASURES",
    "PACK",
    "coverage",
    "demand",
    "gap",
    "grades",
    "matches",
    "opportunities",
    "sensitivity",
    "shifts",
    "supply",
]

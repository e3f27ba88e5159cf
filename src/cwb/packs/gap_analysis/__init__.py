"""Pack 02: what the council is about to buy, against the local organisations that could supply it.

Each measure takes a `cwb.evidence.data.PackData` and shows itself as its exhibit; `.findings`, `.table` and `.explain()` are
for analysts.
"""

from cwb.figures.apparatus import assumptions, definitions, sources
from cwb.packs.account import coverage, matches
from cwb.packs.gap_analysis.demand import demand
from cwb.packs.gap_analysis.gap import gap
from cwb.packs.gap_analysis.grades import grades
from cwb.packs.gap_analysis.opportunities import opportunities
from cwb.packs.gap_analysis.sensitivity import sensitivity
from cwb.packs.gap_analysis.shifts import shifts
from cwb.packs.gap_analysis.summary import scorecard
from cwb.packs.gap_analysis.supply import supply

PACK = "gap_analysis"
MEASURES = (demand, grades, gap, supply, shifts, opportunities, sensitivity, matches, coverage)

__all__ = [
    "MEASURES",
    "PACK",
    "assumptions",
    "coverage",
    "definitions",
    "demand",
    "gap",
    "grades",
    "matches",
    "opportunities",
    "scorecard",
    "sensitivity",
    "shifts",
    "sources",
    "supply",
]

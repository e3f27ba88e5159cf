"""The exhibits of pack 02: one function a measure, measure in, figure out."""

from cwb.figures.apparatus import assumptions, coverage, definitions, matches, sources
from cwb.figures.gap_analysis.choices import opportunities, sensitivity
from cwb.figures.gap_analysis.lines import demand, gap, grades
from cwb.figures.gap_analysis.market import shifts, supply
from cwb.figures.gap_analysis.summary import scorecard

__all__ = [
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

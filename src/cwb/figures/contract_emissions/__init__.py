"""The exhibits of pack 05: one function a measure, measure in, figure out."""

from cwb.figures.apparatus import assumptions, coverage, definitions, matches, sources
from cwb.figures.contract_emissions.change import change, factor_trap, sensitivity
from cwb.figures.contract_emissions.contracts import ask_next, checklist, contracts, pathway, plans
from cwb.figures.contract_emissions.summary import scorecard
from cwb.figures.contract_emissions.totals import emissions, hot_spots, methods, supplier_hot_spots

__all__ = [
    "ask_next",
    "assumptions",
    "change",
    "checklist",
    "contracts",
    "coverage",
    "definitions",
    "emissions",
    "factor_trap",
    "hot_spots",
    "matches",
    "methods",
    "pathway",
    "plans",
    "scorecard",
    "sensitivity",
    "sources",
    "supplier_hot_spots",
]

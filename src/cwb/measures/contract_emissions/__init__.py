"""Pack 05: greenhouse gas of what the council buys, by method and quality; what changed and why; suppliers' plans."""

from cwb.measures.account import coverage, matches
from cwb.measures.contract_emissions.change import change, factor_trap
from cwb.measures.contract_emissions.contracts import contracts, pathway
from cwb.measures.contract_emissions.plans import checklist, plans
from cwb.measures.contract_emissions.sensitivity import sensitivity
from cwb.measures.contract_emissions.spots import ask_next, hot_spots, supplier_hot_spots
from cwb.measures.contract_emissions.totals import emissions, methods

PACK = "contract_emissions"
MEASURES = (
    emissions,
    methods,
    hot_spots,
    supplier_hot_spots,
    change,
    factor_trap,
    contracts,
    pathway,
    plans,
    ask_next,
    checklist,
    sensitivity,
    matches,
    coverage,
)

__all__ = [
    "MEASURES",
    "PACK",
    "ask_next",
    "change",
    "checklist",
    "contracts",
    "coverage",
    "emissions",
    "factor_trap",
    "hot_spots",
    "matches",
    "methods",
    "pathway",
    "plans",
    "sensitivity",
    "supplier_hot_spots",
]

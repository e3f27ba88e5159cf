"""Pack 05: greenhouse gas of what the council buys, by method and quality; what changed and why; suppliers' plans.

Each measure takes a `cwb.evidence.data.PackData` and shows itself as its exhibit; `.findings`, `.table` and `.explain()` are
for analysts.
"""

from cwb.figures.apparatus import assumptions, definitions, sources
from cwb.packs.account import coverage, matches
from cwb.packs.contract_emissions.ask_next import ask_next
from cwb.packs.contract_emissions.change import change
from cwb.packs.contract_emissions.checklist import checklist
from cwb.packs.contract_emissions.contracts import contracts
from cwb.packs.contract_emissions.emissions import emissions
from cwb.packs.contract_emissions.factor_trap import factor_trap
from cwb.packs.contract_emissions.hot_spots import hot_spots
from cwb.packs.contract_emissions.methods import methods
from cwb.packs.contract_emissions.pathway import pathway
from cwb.packs.contract_emissions.plans import plans
from cwb.packs.contract_emissions.sensitivity import sensitivity
from cwb.packs.contract_emissions.summary import scorecard
from cwb.packs.contract_emissions.supplier_hot_spots import supplier_hot_spots

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
